"""Fleiss' and Cohen's kappa."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
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
    """(k, k) joint counts of two raters over the full label set; pairs with NaN dropped.

    Raises:
        ValueError: a rating is not among the labels.
    """
    both = ~(np.isnan(first) | np.isnan(second))
    order = np.sort(np.asarray(labels, dtype=np.float64))
    place = [np.searchsorted(order, v[both]) for v in (first, second)]
    for rows, values in zip(place, (first[both], second[both]), strict=True):
        if not bool((order[np.minimum(rows, order.size - 1)] == values).all()):
            raise ValueError("a rating is not among the labels")
    k = order.size
    return np.bincount(place[0] * k + place[1], minlength=k * k).reshape(k, k).astype(np.float64)


def cohen_kappa(table: Float, weights: Weights = "none", *, level: float = 0.95) -> Estimate:
    """Cohen's kappa of two raters with its large-sample standard error.

    Pass the table over the whole scale, unused levels included: dropping one moves the weighted coefficients.

    Args:
        table: (k, k) joint counts.
        weights: none, or agreement weights 1 - d and 1 - d^2 of the distance d in units of the scale's range.
        level: confidence level.
    """
    from scipy.special import ndtri

    k, n = table.shape[0], float(table.sum())
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    w = {"none": np.eye(k), "linear": 1.0 - distance, "quadratic": 1.0 - distance**2}[weights]
    name = "Cohen's kappa" if weights == "none" else f"Cohen's weighted kappa ({weights} weights)"
    value, half, reason = NAN, NAN, "no item was rated by both raters"
    if n > 0:
        p = table / n
        rows, cols = p.sum(axis=1), p.sum(axis=0)
        observed, chance = float((w * p).sum()), float((w * np.outer(rows, cols)).sum())
        if chance >= 1.0:
            reason = ONE_CATEGORY
        else:
            value, reason = (observed - chance) / (1.0 - chance), ""
            mean_w = (w @ cols)[:, None] + (rows @ w)[None, :]
            spread = float((p * (w * (1.0 - chance) - mean_w * (1.0 - observed)) ** 2).sum())
            variance = (spread - (observed * chance - 2.0 * chance + observed) ** 2) / (n * (1.0 - chance) ** 4)
            half = float(ndtri(0.5 + level / 2.0)) * float(np.sqrt(max(variance, 0.0)))
    return Estimate(
        value=value,
        estimator=name,
        reference="Cohen 1960, 1968; standard error Fleiss, Cohen & Everitt 1969",
        low=value - half,
        high=value + half,
        level=level,
        n_items=int(n),
        n_raters=2,
        n_ratings=int(2 * n),
        method="normal approximation with the asymptotic standard error",
        missing="items that either rater left out are dropped; the full label set is kept",
        reason=reason,
        plain=plain.COHEN,
    )


def cohen_ase(estimate: Estimate) -> float:
    """Asymptotic standard error behind a `cohen_kappa` estimate."""
    from scipy.special import ndtri

    return (estimate.high - estimate.value) / float(ndtri(0.5 + estimate.level / 2.0))


def pairwise_kappa(matrix: Float, labels: Float, weights: Weights = "quadratic") -> Float:
    """(raters, raters) Cohen's kappa of every pair, NaN where undefined, 1 on the diagonal.

    Args:
        matrix: (items, raters) float64 with NaN for missing.
        labels: (k,) the full scale.
        weights: see `cohen_kappa`.
    """
    k = matrix.shape[1]
    out = np.eye(k)
    for a in range(k):
        for b in range(a + 1, k):
            table = cohen_table(matrix[:, a], matrix[:, b], labels)
            out[a, b] = out[b, a] = cohen_kappa(table, weights).value
    return out
