"""Disagreement as within-item variance (Sun et al. 2018, III-A) and raw agreement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate

Float = NDArray[np.float64]

PAPER = "Sun et al. 2018, section III-A"
PAIRABLE = "items with fewer than two ratings left out, otherwise all available ratings"


@dataclass(frozen=True, eq=False)
class ItemMoments:
    """Per-item moments of one cell (one emotion in one condition).

    Attributes:
        n: (items,) float64, number of ratings of each item.
        mean: (items,) float64, NaN where nobody rated.
        sample: (items,) float64 variance with divisor n-1, NaN below two ratings.
        population: (items,) float64 variance with divisor n, NaN below two ratings.
    """

    n: Float
    mean: Float
    sample: Float
    population: Float

    @property
    def pairable(self) -> NDArray[np.bool_]:
        """(items,) which items have at least two ratings."""
        return self.n >= 2


def item_moments(values: Float, item: NDArray[np.integer], n_items: int) -> ItemMoments:
    """Compute the moments of every item from long columns.

    Args:
        values: (n,) float64 ratings, NaN ignored.
        item: (n,) item index in 0..n_items-1.
        n_items: number of items.

    Example:
        >>> moments = item_moments(np.array([1.0, 3, 2, 2, 5]), np.array([0, 0, 1, 1, 2]), 3)
        >>> moments.n, moments.mean
        (array([2., 2., 1.]), array([2., 2., 5.]))
    """
    keep = ~np.isnan(values)
    if not keep.all():
        values, item = values[keep], item[keep]
    # Sums about a common centre: subtracting two nearly equal sums of squares would lose digits.
    centre = float(values.mean()) if values.size else 0.0
    dev = values - centre
    n = np.bincount(item, minlength=n_items).astype(np.float64)
    total = np.bincount(item, weights=dev, minlength=n_items).astype(np.float64)
    square = np.bincount(item, weights=dev * dev, minlength=n_items).astype(np.float64)
    return _from_sums(n, total, square, centre)


def _from_sums(n: Float, total: Float, square: Float, centre: float) -> ItemMoments:
    safe = np.maximum(n, 1.0)
    within = np.maximum(square - total * total / safe, 0.0)
    # A rounding residue of equal ratings is a zero, not a small disagreement.
    within[within <= 1e-13 * (square + 1e-300)] = 0.0
    two = n >= 2
    sample = np.where(two, within / np.maximum(n - 1.0, 1.0), np.nan)
    population = np.where(two, within / safe, np.nan)
    return ItemMoments(n, np.where(n > 0, centre + total / safe, np.nan), sample, population)


def matrix_columns(matrix: Float) -> tuple[Float, NDArray[np.int64]]:
    """(values, item index) of an items x raters matrix with NaN for missing.

    Example:
        >>> matrix_columns(np.array([[1.0, np.nan], [2.0, 3.0]]))
        (array([1., 2., 3.]), array([0, 1, 1]))
    """
    rows = np.repeat(np.arange(matrix.shape[0]), matrix.shape[1])
    flat = np.asarray(matrix, dtype=np.float64).ravel()
    keep = ~np.isnan(flat)
    return flat[keep], rows[keep]


def disagreement(matrix: Float, *, population: bool = False) -> Estimate:
    """Return the mean over items of the variance of the ratings of each item.

    Args:
        matrix: (items, raters) float64 with NaN for missing.
        population: divisor n instead of n-1.

    Returns:
        The mean over items with two ratings or more; NaN with a reason if there are none.

    Example:
        >>> disagreement(np.array([[0.0, 2.0], [1.0, 1.0]])).value
        1.0
    """
    values, item = matrix_columns(matrix)
    moments = item_moments(values, item, matrix.shape[0])
    raters = int((~np.isnan(matrix)).any(axis=0).sum())
    return mean_variance(moments, population=population, n_raters=raters)


def mean_variance(moments: ItemMoments, *, population: bool = False, n_raters: int = 0) -> Estimate:
    """Compute `disagreement` from moments that are at hand.

    Example:
        >>> moments = item_moments(np.array([1.0, 3, 2, 2, 5]), np.array([0, 0, 1, 1, 2]), 3)
        >>> mean_variance(moments).value, mean_variance(moments, population=True).value
        (1.0000000000000002, 0.5000000000000001)
    """
    use = moments.pairable
    n_items = int(use.sum())
    kind = "population variance, divisor n" if population else "sample variance, divisor n-1"
    return Estimate(
        value=float((moments.population if population else moments.sample)[use].mean()) if n_items else NAN,
        estimator=f"disagreement (mean within-item {kind})",
        reference=PAPER,
        n_items=n_items,
        n_raters=n_raters,
        n_ratings=int(moments.n[use].sum()),
        missing=PAIRABLE,
        reason="" if n_items else "no item has two ratings",
        plain=plain.DISAGREEMENT,
    )


def vote_disagreement(votes: Float) -> Float:
    """(items,) unbiased Gini disagreement of category votes, NaN below two votes.

    1 - sum n_c (n_c - 1) / (n (n - 1)): the chance that two different raters of the item disagree, which equals
    the sum over categories of the sample variance of the 0/1 indicators.

    Args:
        votes: (items, categories) float64 counts.

    Example:
        >>> vote_disagreement(np.array([[2.0, 2.0], [4.0, 0.0]]))
        array([0.66666667, 0.        ])
    """
    n = votes.sum(axis=1)
    pairs = n * (n - 1.0)
    agree = (votes * (votes - 1.0)).sum(axis=1)
    two = n >= 2
    return np.where(two, 1.0 - agree / np.where(two, pairs, 1.0), np.nan)
