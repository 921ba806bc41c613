"""Intraclass correlations: closed forms, a mixed model for incomplete tables, intervals by leaving out units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
from app.agreement.icc_f import MCGRAW, UNBALANCED, agreement_ends, consistency_ends, one_way_ends
from app.agreement.icc_sums import OneWay, TwoWay, one_way_sums, step_up, two_way_sums
from app.agreement.jackknife import groups_of, jackknife_interval, too_few_telling
from app.agreement.reml import REFERENCE as REML
from app.agreement.reml import components
from app.agreement.resample import Unit
from app.domain.words import many

Float = NDArray[np.float64]
IccInterval = Literal["jackknife", "F"]

COMPLETE: Final = "items with any missing rating left out (complete cases)"
ALL: Final = "all ratings of the table, missing ones allowed"
MOST_GROUPS: Final = 20
"""A mixed model is fitted again without each of so many groups of units."""
MOST_REFITTED: Final = 100_000
"""With more ratings fitting again takes minutes, and intervals would be narrower than a third digit."""
_NAMES: Final = {
    "one_way": "ICC(1,1), one-way random effects, single rating",
    "one_way_mean": "ICC(1,k), one-way random effects, mean rating",
    "agreement": "ICC(A,1), two-way, absolute agreement, single rating",
    "agreement_mean": "ICC(A,k), two-way, absolute agreement, mean rating",
    "consistency": "ICC(C,1), two-way, consistency, single rating",
    "consistency_mean": "ICC(C,k), two-way, consistency, mean rating",
    "mixed_agreement": "ICC(A,1), mixed model with crossed items and raters, REML",
    "mixed_consistency": "ICC(C,1), mixed model with crossed items and raters, REML",
}


@dataclass(frozen=True)
class IccSet:
    """The coefficients of one items x raters table, named after McGraw & Wong.

    Attributes:
        one_way: ICC(1,1), each item may have its own raters; unequal numbers allowed.
        one_way_mean: ICC(1,k) of the mean of the (harmonic mean number of) ratings.
        agreement: ICC(A,1), the same raters judge all items, offsets count as error.
        agreement_mean: ICC(A,k).
        consistency: ICC(C,1), rater offsets do not count.
        consistency_mean: ICC(C,k), identical to Cronbach's alpha with raters as items.
        mean_ratings: the k that one_way_mean stands for.
        mixed_agreement: ICC(A,1) from all ratings of an incomplete table; None where no rating is missing.
        mixed_consistency: ICC(C,1) likewise.
    """

    one_way: Estimate
    one_way_mean: Estimate
    agreement: Estimate
    agreement_mean: Estimate
    consistency: Estimate
    consistency_mean: Estimate
    mean_ratings: float
    mixed_agreement: Estimate | None = None
    mixed_consistency: Estimate | None = None

    def all(self) -> tuple[Estimate, ...]:
        """Return the estimates in order; those of the mixed model at the end where the table is incomplete."""
        closed = (
            self.one_way,
            self.one_way_mean,
            self.agreement,
            self.agreement_mean,
            self.consistency,
            self.consistency_mean,
        )
        mixed = (self.mixed_agreement, self.mixed_consistency)
        return closed + tuple(one for one in mixed if one is not None)


def icc(
    matrix: Float, *, level: float = 0.95, interval: IccInterval = "jackknife",
    unit: NDArray[np.integer] | None = None, unit_name: Unit = "item", about: str = "",
) -> IccSet:  # fmt: skip
    """Return all intraclass correlations of one table.

    Args:
        matrix: (items, raters) float64 with NaN for missing.
        level: confidence level of the intervals.
        interval: t interval of the jackknife over units, which asks for no distribution; or F, which holds its level
            for normal scores only (on 0-5 scores of a rare emotion it covers half of what it promises).
        unit: (items,) what is left out together, such as the clip of each item; each item its own if None.
        unit_name: what that is.
        about: what was judged, for sentences.

    Returns:
        One-way coefficients use every item with two ratings or more, two-way ones complete items, and those of the
        mixed model every rating.  A value outside -1...1 is not a correlation and undefined with its reason.

    Example:
        >>> table = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> [round(e.value, 2) for e in icc(table).all()]
        [0.17, 0.44, 0.29, 0.62, 0.71, 0.91]
    """
    cluster = np.arange(matrix.shape[0]) if unit is None else np.asarray(unit)
    how = _How(level, interval, cluster, unit_name, about, _telling(matrix, cluster))
    single, mean, k_mean = _one_way(matrix, how)
    full = ~np.isnan(matrix).any(axis=1)
    two_way = _two_way(matrix[full], replace(how, cluster=cluster[full]))
    mixed = _mixed(matrix, how) if not full.all() else (None, None)
    return IccSet(single, mean, *two_way, k_mean, *mixed)


def _telling(matrix: Float, cluster: NDArray[np.integer]) -> int:
    """Units that hold a rating other than the most frequent one."""
    known = matrix[~np.isnan(matrix)]
    if not known.size:
        return 0
    values, count = np.unique(known, return_counts=True)
    other = ~np.isnan(matrix) & (matrix != values[count.argmax()])
    return int(np.unique(cluster[other.any(axis=1)]).size)


@dataclass(frozen=True, eq=False)
class _How:
    """How intervals are made, and of what."""

    level: float
    interval: IccInterval
    cluster: NDArray[np.integer]
    unit: Unit
    about: str
    telling: int

    def base(self, reference: str, n: tuple[int, int, int], missing: str) -> Estimate:
        """Return an estimate without a value."""
        return Estimate(
            NAN, "", reference, level=self.level, n_items=n[0], n_raters=n[1], n_ratings=n[2], missing=missing,
            about=self.about, plain=plain.ICC, unit=self.unit if self.interval == "jackknife" else "",
            n_units=int(np.unique(self.cluster).size) if self.interval == "jackknife" else 0,
        )  # fmt: skip


def _finished(
    base: Estimate, name: str, value: float, left_out: Float, ends: tuple[float, float], how: _How, f_method: str
) -> Estimate:
    """Return the estimate with its interval, undefined where the value is impossible."""
    made = replace(base, estimator=_NAMES[name])
    if np.isnan(value):
        return replace(made, reason="no variance between items or raters is left to compare")
    if abs(value) > 1.0:
        return replace(
            made,
            reason=f"the formula gives {value:.4g}, which is not a correlation: ratings of one item differ more than "
            "those of different items, so that there is no reliability to estimate",
        )
    made = replace(made, value=value)
    if how.interval == "F":
        low, high = ends
        if not -np.inf < low <= value <= high <= 1.0:
            return replace(made, reason="the F interval is reversed or passes 1 on these data")
        return replace(made, low=low, high=high, method=f_method)
    few = too_few_telling(how.telling, int(np.unique(how.cluster).size), how.unit)
    if few:
        return replace(made, reason=few)
    if bool((np.abs(left_out) > 1.0).any()):
        # Spearman and Brown's formula has a pole at -1/(k - 1): near it, values without one unit jump to any number.
        worst = float(left_out[np.nanargmax(np.abs(left_out))])
        return replace(
            made,
            reason=f"without one {how.unit} the formula gives {worst:.4g}, which is not a correlation: the value lies "
            "too near to where the formula has none for an interval",
        )
    found = jackknife_interval(value, left_out, level=how.level, scale="root_below_one")
    method = f"t interval of the jackknife over {how.unit}s" if not found.reason else ""
    return replace(made, low=found.low, high=found.high, reason=found.reason, method=method)


def _one_way(matrix: Float, how: _How) -> tuple[Estimate, Estimate, float]:
    two = (~np.isnan(matrix)).sum(axis=1) >= 2
    rows, cluster = matrix[two], how.cluster[two]
    m = (~np.isnan(rows)).sum(axis=1)
    balanced = rows.shape[0] > 0 and bool((m == m[0]).all())
    raters = int((~np.isnan(rows)).any(axis=0).sum())
    base = replace(how, cluster=cluster).base(
        MCGRAW if balanced else UNBALANCED, (rows.shape[0], raters, int(m.sum())),
        "items with fewer than two ratings left out, unequal numbers allowed",
    )  # fmt: skip
    reason = "fewer than two items with two ratings" if rows.shape[0] < 2 else ""
    if not reason and np.nanmax(rows) == np.nanmin(rows):
        reason = "all ratings are equal"
    if reason:
        one, several = (replace(base, estimator=_NAMES[n], reason=reason) for n in ("one_way", "one_way_mean"))
        return one, several, NAN
    sums = one_way_sums(rows, cluster)
    total, without = OneWay(sums.sum(axis=0)), OneWay(sums.sum(axis=0) - sums)
    value, k = float(total.single), float(total.harmonic)
    low, high = one_way_ends(rows, k, how.level) if how.interval == "F" else (NAN, NAN)
    said = "F distribution" + ("" if balanced else ", harmonic mean number of ratings")
    single = _finished(base, "one_way", value, without.single, (low, high), how, said)
    ends = float(step_up(low, k)), float(step_up(high, k))
    mean = _finished(base, "one_way_mean", float(step_up(value, k)), without.mean, ends, how, said)
    return single, mean, k


def _two_way(full: Float, how: _How) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    n, k = full.shape
    names = ("agreement", "agreement_mean", "consistency", "consistency_mean")
    base = how.base(MCGRAW, (n, k, n * k), COMPLETE)
    reason = ""
    if n < 2 or k < 2:
        reason = f"{many(n, 'complete item')} of {many(k, 'rater')}, two of each are needed"
    elif np.ptp(full) == 0:
        reason = "all ratings are equal"
    if reason:
        a, b, c, d = (replace(base, estimator=_NAMES[name], reason=reason) for name in names)
        return a, b, c, d
    sums = two_way_sums(full, how.cluster)
    total, without = TwoWay(sums.sum(axis=0), k), TwoWay(sums.sum(axis=0) - sums, k)
    squares = float(total.msr), float(total.msc), float(total.mse)
    asked = how.interval == "F"
    ends_a = agreement_ends(*squares, n, k, float(total.agreement), how.level) if asked else (NAN, NAN)
    ends_c = consistency_ends(squares[0], squares[2], n, k, how.level) if asked else (NAN, NAN)
    out = []
    for name, ends in (("agreement", ends_a), ("consistency", ends_c)):
        value, left = float(getattr(total, name)), getattr(without, name)
        out.append(_finished(base, name, value, left, ends, how, "F distribution"))
        up = float(step_up(ends[0], k)), float(step_up(ends[1], k))
        mean = float(step_up(value, k))
        out.append(_finished(base, f"{name}_mean", mean, step_up(left, k), up, how, "F distribution"))
    return out[0], out[1], out[2], out[3]


def _mixed(matrix: Float, how: _How) -> tuple[Estimate, Estimate]:
    there = ~np.isnan(matrix)
    rows = there.any(axis=1)
    matrix, cluster = matrix[rows][:, there.any(axis=0)], how.cluster[rows]
    n = int(there.sum())
    base = replace(how, cluster=cluster).base(REML, (*matrix.shape, n), ALL)
    fitted = components(matrix) if min(matrix.shape) else None
    if fitted is None:
        reason = "too few ratings, or none that vary, for variances of items, raters and error"
        names = ("mixed_agreement", "mixed_consistency")
        one, other = (replace(base, estimator=_NAMES[name], reason=reason) for name in names)
        return one, other
    left = np.empty((0, 2))
    if how.interval == "jackknife" and n <= MOST_REFITTED:
        units, place = np.unique(cluster, return_inverse=True)
        group = groups_of(units.size, MOST_GROUPS)[place]
        fits = [components(matrix[group != g], start=fitted.ratios) for g in range(min(units.size, MOST_GROUPS))]
        left = np.array([(NAN, NAN) if f is None else (f.agreement, f.consistency) for f in fits])
    out = []
    for i, name in enumerate(("agreement", "consistency")):
        value = float(getattr(fitted, name))
        if how.interval == "F" or n > MOST_REFITTED:
            why = f"a mixed model has no {'F interval' if how.interval == 'F' else 'interval from so many ratings'}"
            made = replace(base, estimator=_NAMES[f"mixed_{name}"], value=value, reason=why)
        else:
            made = _finished(base, f"mixed_{name}", value, left[:, i], (NAN, NAN), how, "")
        out.append(made)
    return out[0], out[1]
