"""Krippendorff's alpha from count patterns and from continuous columns."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
from app.agreement.variance import PAIRABLE, matrix_columns

Float = NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval"]

REFERENCE = "Krippendorff 2011, Computing Krippendorff's alpha-reliability"
NO_PAIRS = "no item has two ratings"
ONE_VALUE = "only one value occurs, chance agreement cannot be told from agreement"


DENSE_SPAN = 4096
MANY_LEVELS = 40
"""Above so many levels no table of levels x levels is made."""


def level_codes(values: Float) -> tuple[Float, NDArray[np.intp]]:
    """((k,) sorted distinct values, (n,) place of each value among them).

    Whole numbers of a short scale are looked up instead of sorted: an order of magnitude faster.

    Args:
        values: (n,) float64 without NaN.

    Example:
        >>> level_codes(np.array([3.0, 1.0, 3.0]))
        (array([1., 3.]), array([1, 0, 1]))
    """
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if high - low <= DENSE_SPAN and low == np.rint(low):
        place = (values - low).astype(np.intp)
        if bool((place == values - low).all()):
            seen = np.bincount(place, minlength=1) > 0
            found: Float = np.flatnonzero(seen).astype(np.float64) + low
            number = (np.cumsum(seen) - 1).astype(np.intp)
            return found, place if seen.all() else number[place]
    levels, code = np.unique(values, return_inverse=True)
    return levels, code


def level_counts(values: Float, item: NDArray[np.integer], n_items: int, levels: Float) -> Float:
    """(n_items, levels) how often each item received each level.

    Args:
        values: (n,) float64 without NaN, every one of them in `levels`.
        item: (n,) item index.
        n_items: number of items.
        levels: (k,) sorted distinct values.

    Example:
        >>> level_counts(np.array([3.0, 1.0, 3.0]), np.array([0, 0, 1]), 2, np.array([1.0, 3.0]))
        array([[1., 1.],
               [0., 1.]])
    """
    k = levels.size
    cell = item.astype(np.int64) * k + np.searchsorted(levels, values)
    return np.bincount(cell, minlength=n_items * k).reshape(n_items, k).astype(np.float64)


def pair_mass(counts: Float) -> Float:
    """(items, k(k-1)/2) value pairs c < k of each item, n_c n_k / (m - 1), the coincidences off the diagonal.

    Items with fewer than two ratings contribute nothing.  Everything alpha needs of the observed
    disagreement is a weighted sum of these columns, so resampling items is one matrix product.

    Example:
        >>> pair_mass(np.array([[2.0, 1.0], [1.0, 0.0]]))
        array([[1.],
               [0.]])
    """
    m = counts.sum(axis=1, keepdims=True)
    first, second = np.triu_indices(counts.shape[1], 1)
    product = counts[:, first] * counts[:, second]
    return np.where(m >= 2, product / np.where(m >= 2, m - 1.0, 1.0), 0.0)


def paired_counts(counts: Float) -> Float:
    """Counts with the rows of fewer than two ratings emptied: the pairable values.

    Example:
        >>> paired_counts(np.array([[2.0, 1.0], [1.0, 0.0]]))
        array([[2., 1.],
               [0., 0.]])
    """
    return np.where(counts.sum(axis=1, keepdims=True) >= 2, counts, 0.0)


def ranks_of(marginals: Float) -> Float:
    """(..., k) mid-rank of each level; ordinal alpha is interval alpha on these.

    Krippendorff's ordinal metric, sum of n_g for g = c..k minus (n_c + n_k) / 2, is the difference of mid-ranks.

    Example:
        >>> ranks_of(np.array([4.0, 2.0]))
        array([2., 5.])
    """
    return np.cumsum(marginals, axis=-1) - marginals / 2.0


def alpha_from_sums(mass: Float, marginals: Float, levels: Float, metric: Metric) -> Float:
    """Compute alpha of one or many (re)samples from their summed coincidences.

    Args:
        mass: (..., k(k-1)/2) summed `pair_mass`.
        marginals: (..., k) summed `paired_counts`.
        levels: (k,) values of the levels; used by the interval metric.
        metric: how the difference of two levels is measured.

    Returns:
        (...) float64, NaN where only one value occurs or nothing can be paired.

    Example:
        >>> from app.agreement.alpha import paired_counts
        >>> counts = np.array([[2.0, 0], [0, 2], [1, 1], [0, 2]])
        >>> mass, marginals = pair_mass(counts).sum(axis=0), paired_counts(counts).sum(axis=0)
        >>> round(float(alpha_from_sums(mass, marginals, np.array([1.0, 2]), "nominal")), 3)
        0.533
    """
    first, second = np.triu_indices(marginals.shape[-1], 1)
    if metric == "nominal":
        delta: Float = np.ones(first.size)
    else:
        # Levels in units of their range: squares of raw values such as 1e200 would overflow.
        span = float(np.ptp(levels)) if levels.size > 1 else 1.0
        place = ranks_of(marginals) if metric == "ordinal" else (levels - levels.min(initial=0.0)) / (span or 1.0)
        delta = (place[..., second] - place[..., first]) ** 2
    observed = (mass * delta).sum(axis=-1)
    expected = (marginals[..., first] * marginals[..., second] * delta).sum(axis=-1)
    n = marginals.sum(axis=-1)
    defined = (expected > 0) & (n > 1)
    return np.where(defined, 1.0 - (n - 1.0) * observed / np.where(defined, expected, 1.0), np.nan)


def alpha_counts(counts: Float, levels: Float, metric: Metric) -> float:
    """Alpha of an items x levels table of counts; NaN where undefined.

    Example:
        >>> round(alpha_counts(np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([0.0, 1.0]), "nominal"), 4)
        0.4444
    """
    mass = pair_mass(counts).sum(axis=0)
    return float(alpha_from_sums(mass, paired_counts(counts).sum(axis=0), levels, metric))


def alpha_continuous(values: Float, item: NDArray[np.integer], n_items: int) -> float:
    """Interval alpha in closed form for values without repeated levels (traces).

    1 - [sum_u m_u s_u^2 / N] / S^2 with sample variances over the pairable values: linear in time and memory,
    where a coincidence matrix of distinct values would grow with their square.

    Args:
        values: (n,) float64 without NaN.
        item: (n,) index of the unit (item or time step).
        n_items: number of units.

    Example:
        >>> round(alpha_continuous(np.array([0.0, 0.1, 1.0, 0.9]), np.array([0, 0, 1, 1]), 2), 4)
        0.9817
    """
    m = np.bincount(item, minlength=n_items)
    keep = m[item] >= 2
    values, item = values[keep], item[keep]
    if values.size < 2 or np.ptp(values) == 0:
        return NAN
    scaled = (values - values.mean()) / float(np.ptp(values))
    total = np.bincount(item, weights=scaled, minlength=n_items)
    safe = np.maximum(m, 1)
    within = np.bincount(item, weights=(scaled - (total / safe)[item]) ** 2, minlength=n_items)
    observed = float((within * m / np.maximum(m - 1, 1)).sum()) / values.size
    return 1.0 - observed / float(scaled.var(ddof=1))


def krippendorff_alpha(matrix: Float, metric: Metric) -> Estimate:
    """Krippendorff's alpha of an items x raters matrix.

    Args:
        matrix: (items, raters) float64 with NaN for missing; categories as numbers for the nominal metric.
        metric: nominal, ordinal or interval.

    Returns:
        The coefficient; NaN with a reason when only one value occurs (never 1) or nothing can be paired.

    Example:
        >>> round(krippendorff_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 2.0]]), "nominal").value, 4)
        0.4444
    """
    values, item = matrix_columns(matrix)
    n_items = matrix.shape[0]
    m = np.bincount(item, minlength=n_items)
    value = alpha_long(values, item, n_items, metric)
    paired = m[item] >= 2
    return Estimate(
        value=value,
        estimator=f"Krippendorff's alpha ({metric})",
        reference=REFERENCE,
        n_items=int((m >= 2).sum()),
        n_raters=int((~np.isnan(matrix)).any(axis=0).sum()),
        n_ratings=int(paired.sum()),
        missing=PAIRABLE,
        reason="" if not np.isnan(value) else (ONE_VALUE if paired.any() else NO_PAIRS),
        plain=plain.ALPHA,
    )


def alpha_long(values: Float, item: NDArray[np.integer], n_items: int, metric: Metric) -> float:
    """Alpha of long columns, in the way that suits the number of levels; NaN where undefined.

    Args:
        values: (n,) float64 without NaN.
        item: (n,) index of the item.
        n_items: number of items.
        metric: nominal, ordinal or interval.

    Example:
        >>> round(alpha_long(np.array([1.0, 1, 2, 2, 1, 2]), np.array([0, 0, 1, 1, 2, 2]), 3, "nominal"), 4)
        0.4444
    """
    if metric == "interval":
        return alpha_continuous(values, item, n_items)
    levels = np.unique(values)
    if levels.size <= MANY_LEVELS:
        return alpha_counts(level_counts(values, item, n_items, levels), levels, metric)
    return alpha_sparse(values, item, n_items, metric)


def alpha_sparse(values: Float, item: NDArray[np.integer], n_items: int, metric: Metric) -> float:
    """Compute ordinal or nominal alpha of many levels without a table of levels by levels.

    Example:
        >>> values, item = np.array([1.0, 1, 2, 2, 1, 2, 2, 2]), np.array([0, 0, 1, 1, 2, 2, 3, 3])
        >>> round(alpha_sparse(values, item, 4, "nominal"), 3)
        0.533
    """
    m = np.bincount(item, minlength=n_items)
    keep = m[item] >= 2
    values, item = values[keep], item[keep]
    if values.size < 2:
        return NAN
    levels, code, n_level = np.unique(values, return_inverse=True, return_counts=True)
    if levels.size == 1:
        return NAN
    if metric == "ordinal":
        return alpha_continuous(ranks_of(n_level.astype(np.float64))[code], item, n_items)
    _, pattern_item, repeat = _item_level_runs(item, code, levels.size)
    agree = float((repeat * (repeat - 1.0) / (m[pattern_item] - 1.0)).sum())
    n = float(values.size)
    return 1.0 - (n - 1.0) * (n - agree) / (n * n - float((n_level.astype(np.float64) ** 2).sum()))


def _item_level_runs(
    item: NDArray[np.integer], code: NDArray[np.integer], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
    """Distinct (item, level) cells: their keys, items and counts."""
    key, repeat = np.unique(item.astype(np.int64) * k + code, return_counts=True)
    return key, key // k, repeat.astype(np.float64)


def alpha_without_each(matrix: Float, metric: Metric) -> Float:
    """Compute alpha of the panel without each rater in turn: (raters,) float64, NaN where it is undefined.

    Example:
        >>> alpha_without_each(np.array([[1.0, 1, 2], [2, 2, 1], [1, 1, 2], [2, 2, 2]]), "nominal").round(2)
        array([-0.4, -0.4,  1. ])
    """
    keep = ~np.eye(matrix.shape[1], dtype=bool)
    return np.array([krippendorff_alpha(matrix[:, k], metric).value for k in keep])
