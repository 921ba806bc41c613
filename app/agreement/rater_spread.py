"""How far a comparison of two conditions would vary with the choice of raters.

The difference is formed without each rater.  How far these values lie apart holds two kinds of chance: raters who are
unlike each other in all they judge, and the noise of each single rating.  The second is in the values without each
item, too.  Where both variances are added it is taken away once, as in two-way clustering (Owen 2007; Cameron, Gelbach
& Miller 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.alpha import alpha_from_sums, alpha_long, level_codes, pair_mass, paired_counts
from app.agreement.cells import COUNTED_LEVELS
from app.agreement.estimate import NAN
from app.agreement.jackknife import of_coefficient, spread
from app.agreement.rater_effect import Panel

Float = NDArray[np.float64]

MOST_LEFT_OUT: Final = 30
"""Raters are left out in so many groups at most."""
LEAST_SHARE: Final = 1e-6
"""What stays of the variance of raters where single ratings account for all of it: its degrees of freedom count."""
ROWS_AT_ONCE: Final = 4_096


@dataclass(frozen=True)
class RaterSpread:
    """How far a result varies with the choice of raters.

    Attributes:
        variance: variance that the choice of raters adds; NaN where it cannot be told.
        freedom: its degrees of freedom.
    """

    variance: float
    freedom: float


TOO_FEW_RATERS: Final = "too few raters to tell how far the result varies with their choice"
UNTOLD: Final = RaterSpread(NAN, NAN)


def rater_spread(panel: Panel, what: str, both: NDArray[np.bool_]) -> RaterSpread:
    """Estimate the variance of a difference between conditions by leaving out raters.

    Raters of the first condition, of the second and of both are left out one (or one group) at a time, each kind for
    itself, and the variances added up; the part of single ratings, which the variance of items holds too, is taken
    away.

    Args:
        panel: ratings of one emotion.
        what: disagreement or alpha (ordinal).
        both: (items,) items with two ratings in both conditions.

    Returns:
        Variance and degrees of freedom; NaN where a kind has one rater, or a value is undefined without some rater.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> first, second = np.full((20, 10), np.nan), np.full((20, 10), np.nan)
        >>> first[:, :5], second[:, 5:] = rng.normal(0, 2, (20, 5)), rng.normal(0, 1, (20, 5))
        >>> found = rater_spread(Panel(first, second), "disagreement", np.full(20, True))
        >>> found.variance > 0
        True
    """
    first, second = panel.first[both], panel.second[both]
    gap = _AlphaGap(first, second) if what == "alpha" else _VarianceGap(first, second)
    variance, below = 0.0, 0.0
    for group in panel.groups:
        if not group.size:
            continue
        folds = np.arange(group.size) % MOST_LEFT_OUT
        n = int(folds.max()) + 1
        if n < 2:
            return UNTOLD
        left = np.array([gap.without(group[folds == f]) for f in range(n)])
        if np.isnan(left).any():
            return UNTOLD
        own, freedom = spread(left)
        if what == "alpha":
            freedom = of_coefficient(freedom, n)
        variance += own
        below += own**2 / freedom
    # The variance of single ratings is in that of items and in that of raters; it is counted once.
    alone = max(variance - gap.of_single_ratings(), LEAST_SHARE * variance)
    return RaterSpread(alone, alone**2 / below if below > 0 else np.inf)


class _VarianceGap:
    """Mean difference of within-item variances; totals of the items, from which raters are taken away."""

    def __init__(self, first: Float, second: Float) -> None:
        known = np.concatenate([first[~np.isnan(first)], second[~np.isnan(second)]])
        centre = float(known.mean()) if known.size else 0.0
        self.parts = []
        for table in (first, second):
            there = ~np.isnan(table)
            y = np.where(there, table - centre, 0.0)
            self.parts.append((there.astype(np.float64), y, y * y))
        self.totals = [tuple(column.sum(axis=1) for column in part) for part in self.parts]

    def without(self, gone: NDArray[np.intp]) -> float:
        """Return the difference without some raters; NaN where no item has two ratings in both conditions then."""
        ends = []
        for total, part in zip(self.totals, self.parts, strict=True):
            n, s, q = (t - column[:, gone].sum(axis=1) for t, column in zip(total, part, strict=True))
            ends.append(np.where(n >= 2, (q - s * s / np.maximum(n, 1.0)) / np.maximum(n - 1.0, 1.0), NAN))
        gap = ends[0] - ends[1]
        known = ~np.isnan(gap)
        return float(gap[known].mean()) if known.any() else NAN

    def of_single_ratings(self) -> float:
        """Variance of the difference from leaving out one rating of an item at a time, added over items.

        Of an item with m ratings it is m / ((m - 1) (m - 2)^2) times the sum of squared deviations of the squared
        distances from its mean; two ratings do not tell.
        """
        n_items = self.parts[0][0].shape[0]
        total = 0.0
        for (n, s, _), (there, y, _) in zip(self.totals, self.parts, strict=True):
            mean = s / np.maximum(n, 1.0)
            square = np.where(there > 0, (y - mean[:, None]) ** 2, 0.0)
            apart = np.where(there > 0, square - (square.sum(axis=1) / np.maximum(n, 1.0))[:, None], 0.0)
            several = n >= 3
            factor = n[several] / ((n[several] - 1.0) * (n[several] - 2.0) ** 2)
            total += float(factor @ (apart[several] ** 2).sum(axis=1))
        return float(total / max(n_items, 1) / max(n_items, 1))


class _AlphaGap:
    """Difference of ordinal alpha."""

    def __init__(self, first: Float, second: Float) -> None:
        self.tables = (first, second)

    def without(self, gone: NDArray[np.intp]) -> float:
        """Return the difference without some raters."""
        ends = []
        for table in self.tables:
            less = np.delete(table, gone, axis=1)
            item, _ = np.nonzero(~np.isnan(less))
            ends.append(alpha_long(less[~np.isnan(less)], item, less.shape[0], "ordinal"))
        return ends[0] - ends[1]

    def of_single_ratings(self) -> float:
        """Variance of the difference from leaving out one rating of an item at a time, added over items.

        Items with the same answers are looked at once; 0 on scales with too many levels to count them.
        """
        return sum(_of_ratings_of_alpha(table) for table in self.tables)


def _of_ratings_of_alpha(table: Float) -> float:
    known = ~np.isnan(table)
    levels, code = level_codes(table[known])
    if levels.size > COUNTED_LEVELS or levels.size < 2:
        return 0.0
    item, _ = np.nonzero(known)
    counts = np.bincount(item * levels.size + code, minlength=table.shape[0] * levels.size)
    rows, repeat = np.unique(counts.reshape(-1, levels.size).astype(np.float64), axis=0, return_counts=True)
    which, level = np.nonzero(rows)
    mass, marginals = pair_mass(rows), paired_counts(rows)
    total_mass, total_marginals = repeat @ mass, repeat @ marginals
    without = np.empty(which.size)
    for start in range(0, which.size, ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        less = rows[which[part]].copy()
        less[np.arange(less.shape[0]), level[part]] -= 1.0
        without[part] = alpha_from_sums(
            total_mass - mass[which[part]] + pair_mass(less),
            total_marginals - marginals[which[part]] + paired_counts(less), levels, "ordinal",
        )  # fmt: skip
    without = np.where(np.isnan(without), 0.0, without)
    times = rows[which, level]
    n = rows.sum(axis=1)
    mean = np.bincount(which, weights=times * without, minlength=n.size) / np.maximum(n, 1.0)
    square = np.bincount(which, weights=times * (without - mean[which]) ** 2, minlength=n.size)
    return float(repeat @ (square * (n - 1.0) / np.maximum(n, 1.0) * (n >= 2)))
