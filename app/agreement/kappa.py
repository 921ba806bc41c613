"""Fleiss' and Cohen's kappa."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
from app.agreement.jackknife import jackknife_interval
from app.agreement.variance import vote_disagreement

Float = NDArray[np.float64]
Weights = Literal["none", "linear", "quadratic"]

ONE_CATEGORY = "only one category occurs, chance agreement is certain"


def fleiss_kappa(votes: Float) -> Estimate:
    """Fleiss' kappa; with unequal numbers of votes, Gwet's generalisation of it.

    Observed agreement is the mean over items with two votes or more of sum n_c (n_c - 1) / (n (n - 1)).  Chance
    agreement is sum p_c^2 with p_c the mean over all items with a vote of n_c / n.  With equal numbers of votes
    both are Fleiss' (1971).

    Args:
        votes: (items, categories) float64 counts.

    Returns:
        The coefficient; NaN with a reason if only one category occurs or nothing can be paired.

    Example:
        >>> round(fleiss_kappa(np.array([[3.0, 0.0], [0.0, 3.0], [2.0, 1.0]])).value, 4)
        0.55
    """
    n = votes.sum(axis=1)
    voted, two = n >= 1, n >= 2
    equal = bool(two.any()) and bool((n[voted] == n[voted][0]).all())
    value, reason = NAN, ""
    if not two.any():
        reason = "no item has two votes"
    else:
        share = (votes[voted] / n[voted][:, None]).mean(axis=0)
        chance = float((share**2).sum())
        if (share > 0).sum() < 2:
            reason = ONE_CATEGORY
        else:
            observed = 1.0 - float(vote_disagreement(votes)[two].mean())
            value = (observed - chance) / (1.0 - chance)
    return Estimate(
        value=value,
        estimator="Fleiss' kappa" if equal else "Fleiss' kappa, generalised to unequal numbers of votes (Gwet)",
        reference="Fleiss 1971, Psychological Bulletin 76:378"
        if equal
        else "Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 5; Fleiss 1971",
        n_items=int(two.sum()),
        n_ratings=int(n[two].sum()),
        missing="observed agreement over items with two votes or more, chance over all items with a vote",
        reason=reason,
        plain=plain.FLEISS,
    )


def cohen_table(first: Float, second: Float, labels: Float) -> Float:
    """(k, k) joint counts of two raters over a set of labels; pairs with NaN dropped.

    Args:
        first: (n,) float64 answers, NaN for missing.
        second: (n,) float64 answers of the other.
        labels: (k,) values that an answer can take.

    Raises:
        ValueError: a rating is not among the labels.

    Example:
        >>> cohen_table(np.array([0.0, 1, 1]), np.array([0.0, 1, np.nan]), np.array([0.0, 1]))
        array([[1., 0.],
               [0., 1.]])

    Example:
        >>> cohen_table(np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0]), np.array([0.0, 1.0]))
        array([[1., 0.],
               [1., 1.]])
    """
    both = ~(np.isnan(first) | np.isnan(second))
    order = np.sort(np.asarray(labels, dtype=np.float64))
    place = [np.searchsorted(order, v[both]) for v in (first, second)]
    for rows, values in zip(place, (first[both], second[both]), strict=True):
        if not bool((order[np.minimum(rows, order.size - 1)] == values).all()):
            raise ValueError("a rating is not among the labels")
    k = order.size
    return np.bincount(place[0] * k + place[1], minlength=k * k).reshape(k, k).astype(np.float64)


def _agreement_weights(k: int, weights: Weights, labels: Float | None) -> Float:
    """(k, k) 1 for the same answer; less with the distance of the labels' values in units of their range."""
    if weights == "none":
        return np.eye(k)
    values = np.arange(k, dtype=np.float64) if labels is None else np.sort(np.asarray(labels, dtype=np.float64))
    if values.size != k:
        raise ValueError("one label for each row of the table is needed")
    distance = np.abs(np.subtract.outer(values, values)) / (float(np.ptp(values)) or 1.0)
    close: Float = 1.0 - (distance if weights == "linear" else distance**2)
    return close


def cohen_kappa(
    table: Float, weights: Weights = "none", *, labels: Float | None = None, level: float = 0.95
) -> Estimate:
    """Cohen's kappa of two raters, with the t interval of the jackknife over items.

    Weights follow the values of the labels, never their place in the list: scores 0, 1 and 5 lie one and four points
    apart.

    Args:
        table: (k, k) joint counts.
        weights: none, or agreement weights 1 - d and 1 - d^2 of the distance d in units of the labels' range.
        labels: (k,) values of the rows and columns in ascending order; 0, 1, 2 … if None.
        level: confidence level.

    Returns:
        The coefficient; NaN with a reason where only one category occurs.  The interval does not pass 1, and there is
        none where no item changes the value.

    Raises:
        ValueError: the number of labels is not that of the table's rows.

    Example:
        >>> round(cohen_kappa(np.array([[0.0, 4, 1], [0, 8, 0], [0, 1, 5]])).value, 4)
        0.4842
    """
    n = float(table.sum())
    w = _agreement_weights(table.shape[0], weights, labels)
    name = "Cohen's kappa" if weights == "none" else f"Cohen's weighted kappa ({weights} weights)"
    estimate = Estimate(
        value=float(_weighted(table[None], w)[0]) if n > 0 else NAN,
        estimator=name,
        reference="Cohen 1960, 1968",
        level=level,
        n_items=int(n),
        n_raters=2,
        n_ratings=int(2 * n),
        missing="items that either rater left out are dropped",
        plain=plain.COHEN,
        unit="item",
        n_units=int(n),
    )
    if not estimate.defined:
        return replace(estimate, reason=ONE_CATEGORY if n > 0 else "no item was rated by both raters")
    used = np.flatnonzero(table.ravel() > 0)
    one = np.zeros((used.size, table.size))
    one[np.arange(used.size), used] = 1.0
    without = _weighted(table[None] - one.reshape(-1, *table.shape), w)
    every = np.repeat(without, table.ravel()[used].astype(np.int64))
    found = jackknife_interval(estimate.value, every, level=level, scale="root_below_one")
    how = "" if found.reason else "t interval of the jackknife over items"
    return replace(estimate, low=found.low, high=found.high, method=how, reason=found.reason)


def _weighted(tables: Float, w: Float) -> Float:
    """(n,) kappa of (n, k, k) tables under agreement weights; NaN where chance agreement is certain."""
    p = tables / np.maximum(tables.sum(axis=(1, 2), keepdims=True), 1.0)
    rows, cols = p.sum(axis=2), p.sum(axis=1)
    observed = (p * w).sum(axis=(1, 2))
    chance = np.einsum("ni,ij,nj->n", rows, w, cols)
    ok = chance < 1.0 - 1e-12
    return np.where(ok, (observed - chance) / np.where(ok, 1.0 - chance, 1.0), NAN)


def cohen_ase(table: Float, weights: Weights = "none", *, labels: Float | None = None) -> float:
    """Large-sample standard error of Cohen's kappa (Fleiss, Cohen & Everitt 1969); NaN where kappa is undefined.

    Args:
        table: (k, k) joint counts.
        weights: see `cohen_kappa`.
        labels: see `cohen_kappa`.

    Example:
        >>> round(cohen_ase(np.array([[0.0, 4, 1], [0, 8, 0], [0, 1, 5]])), 4)
        0.138
    """
    n = float(table.sum())
    w = _agreement_weights(table.shape[0], weights, labels)
    if n <= 0:
        return NAN
    p = table / n
    rows, cols = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float((w * p).sum()), float((w * np.outer(rows, cols)).sum())
    if chance >= 1.0:
        return NAN
    mean_w = (w @ cols)[:, None] + (rows @ w)[None, :]
    spread = float((p * (w * (1.0 - chance) - mean_w * (1.0 - observed)) ** 2).sum())
    variance = (spread - (observed * chance - 2.0 * chance + observed) ** 2) / (n * (1.0 - chance) ** 4)
    return float(np.sqrt(max(variance, 0.0)))
