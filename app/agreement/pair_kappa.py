"""Quadratic-weighted kappa of two sets of scores within each emotion, averaged over emotions.

Emotions are never pooled before kappa is computed: that one emotion is rated higher than another would count as
agreement on the items.  With quadratic weights kappa is a function of moments, so the scale's unused points make no
difference and no table of levels is needed; leaving out an item leaves out all its answers at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
from app.agreement.jackknife import jackknife_interval
from app.agreement.resample import Unit
from app.domain.words import many

Float = NDArray[np.float64]
Int = NDArray[np.int64]

REFERENCE: Final = "Cohen 1968, Psychological Bulletin 70:213; from moments, Fleiss & Cohen 1973"
ESTIMATOR: Final = "Cohen's weighted kappa (quadratic weights)"
MOST_INTERVALS: Final = 200
"""With more pairs of raters than this only the values are computed, of all pairs at once."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where each row of scores belongs.

    Attributes:
        cell: (n,) int64 emotion (within a condition) of each row.
        item: (n,) int64 item.
        unit: (n,) int64 what is left out together.
        unit_name: item, clip or subject.
        over: what the average is over, such as "9 emotions"; empty where there is one cell.
    """

    cell: Int
    item: Int
    unit: Int
    unit_name: Unit
    over: str = ""

    def where(self, keep: NDArray[np.bool_]) -> Places:
        """Return the rows under a mask."""
        return Places(self.cell[keep], self.item[keep], self.unit[keep], self.unit_name, self.over)


def kappa_of_moments(sums: Float) -> Float:
    """Quadratic-weighted kappa from sums.

    1 - sum (x - y)^2 / (sum x^2 + sum y^2 - 2 sum x sum y / n): observed over expected squared distance.

    Args:
        sums: (..., 6) float64 sums of 1, x, y, x^2, y^2, x y.

    Returns:
        (...) float64 in -1...1, NaN where both always give one and the same score.

    Example:
        >>> x, y = np.array([0.0, 1, 2, 2]), np.array([0.0, 1, 1, 2])
        >>> sums = np.array([4, x.sum(), y.sum(), x @ x, y @ y, x @ y])
        >>> round(float(kappa_of_moments(sums)), 4)
        0.8
    """
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    some = np.maximum(n, 1.0)
    expected = xx + yy - 2.0 * x * y / some
    ok = (n > 0) & (expected > 1e-12 * (xx + yy))
    return np.where(ok, 1.0 - (xx + yy - 2.0 * xy) / np.where(ok, expected, 1.0), NAN)


def mean_kappa(
    first: Float, second: Float, places: Places, *, level: float = 0.95, about: str = "", n_raters: int = 2,
    with_interval: bool = True,
) -> Estimate:  # fmt: skip
    """Quadratic-weighted kappa of two sets of scores, within each cell and averaged over cells.

    Args:
        first: (n,) float64 scores, NaN for missing; pairs with NaN are dropped.
        second: (n,) float64 scores of the same rows.
        places: cell, item and unit of each row.
        level: confidence level.
        about: whose scores these are.
        n_raters: 2, or 1 where both are of the same rater.
        with_interval: whether the jackknife over units is wanted.

    Returns:
        The unweighted mean over the cells that have a value; NaN with a reason where none has.

    Example:
        >>> here = Places(np.zeros(4, int), np.arange(4), np.arange(4), "item")
        >>> round(mean_kappa(np.array([0.0, 1, 2, 2]), np.array([0.0, 1, 1, 2]), here).value, 4)
        0.8
    """
    both = ~(np.isnan(first) | np.isnan(second))
    n_places = int(np.unique(places.cell).size)
    places, x, y = places.where(both), first[both], second[both]
    centre = float(x.mean()) if x.size else 0.0
    x, y = x - centre, y - centre
    n_cells = int(places.cell.max(initial=-1)) + 1
    units, unit = np.unique(places.unit, return_inverse=True)
    key = unit * n_cells + places.cell
    terms = (np.ones_like(x), x, y, x * x, y * y, x * y)
    flat = [np.bincount(key, weights=t, minlength=units.size * n_cells) for t in terms]
    sums = np.stack(flat, axis=-1).reshape(units.size, n_cells, 6)
    total = sums.sum(axis=0)
    each = kappa_of_moments(total)
    known = ~np.isnan(each)
    value = float(each[known].mean()) if known.any() else NAN
    silent = int(((total[:, 0] > 0) & ~known).sum())
    items = int(np.unique(places.item).size)
    found = _Counted(value, items, int(units.size), int(x.size), silent, int(known.sum()), n_places)
    estimate = _estimate(found, places, level, about, n_raters)
    if not known.any() or not with_interval:
        return estimate
    without = kappa_of_moments((total - sums)[:, known]).mean(axis=1)
    ends = jackknife_interval(value, without, level=level, scale="root_below_one")
    how = f"t interval of the jackknife over {places.unit_name}s" if not ends.reason else ""
    return replace(estimate, low=ends.low, high=ends.high, method=how, reason=ends.reason)


@dataclass(frozen=True)
class _Counted:
    """Kappa of two sets of scores and what it was computed from.

    Attributes:
        value: NaN where it is undefined.
        n_items: Items with a score of both.
        n_units: What is left out together, likewise.
        n_rows: Pairs of scores.
        silent: Cells with scores of both that have no value.
        known: Cells that have a value.
        n_cells: Cells with scores of anybody.
    """

    value: float
    n_items: int
    n_units: int
    n_rows: int
    silent: int
    known: int
    n_cells: int

    def left_out(self, one: str, several: str) -> str:
        """What the mean is really over, and why not over all; empty where it is over all cells, or there is no mean."""
        if not 0 < self.known < self.n_cells:
            return ""
        alone = self.n_cells - self.known - self.silent
        why = [f"in {self.silent} all answers are the same"] if self.silent else []
        why += [f"in {alone} no item was judged by both"] if alone else []
        return f"the mean is over {self.known} of {many(self.n_cells, one, several)}: {', '.join(why)}"


def _estimate(found: _Counted, places: Places, level: float, about: str, n_raters: int = 2) -> Estimate:
    """The estimate without an interval."""
    missing = "answers that either side left out are dropped"
    in_conditions = "condition" in places.over
    cells = ("emotion in a condition", "emotions in conditions") if in_conditions else ("emotion", "emotions")
    left_out = found.left_out(*cells)
    if left_out:
        missing += f"; {left_out}"
    undefined = "all answers are the same" if found.n_rows else "no item was judged by both"
    return Estimate(
        value=found.value,
        estimator=ESTIMATOR + (f", mean over {places.over}" if places.over else ""),
        reference=REFERENCE,
        level=level,
        n_items=found.n_items,
        n_raters=n_raters,
        n_ratings=2 * found.n_rows,
        missing=missing,
        reason="" if found.value == found.value else undefined,
        about=about,
        unit=places.unit_name,
        n_units=found.n_units,
        plain=plain.COHEN,
    )


def pair_kappas(
    matrix: Float, places: Places, raters: Sequence[str], *, level: float = 0.95, about: str = ""
) -> dict[tuple[int, int], Estimate]:
    """Compute `mean_kappa` of every pair of raters.

    Args:
        matrix: (n, raters) float64 scores, NaN for missing.
        places: cell, item and unit of each row.
        raters: their codes.
        level: confidence level.
        about: what was judged.

    Returns:
        (first, second) → estimate, first < second; intervals only up to `MOST_INTERVALS` pairs.

    Example:
        >>> scores = np.array([[0.0, 1, 0], [2, 3, 1], [5, 4, 4], [1, 0, 2], [3, 3, 4], [0, 0, 0], [4, 5, 3]])
        >>> places = Places(np.zeros(7, np.int64), np.arange(7), np.arange(7), "item")
        >>> found = pair_kappas(scores, places, ("R1", "R2", "R3"))
        >>> {pair: round(one.value, 2) for pair, one in found.items()}
        {(0, 1): 0.89, (0, 2): 0.88, (1, 2): 0.67}
    """
    k = matrix.shape[1]
    pairs = {
        (a, b): f"raters {raters[a]} and {raters[b]}{', ' + about if about else ''}"
        for a in range(k)
        for b in range(a + 1, k)
    }
    if len(pairs) <= MOST_INTERVALS:
        return {
            (a, b): mean_kappa(matrix[:, a], matrix[:, b], places, level=level, about=who)
            for (a, b), who in pairs.items()
        }
    found = pair_values(matrix, places)
    return {pair: _estimate(found.of(*pair), places, level, who) for pair, who in pairs.items()}


@dataclass(frozen=True, eq=False)
class PairValues:
    """Kappa of every pair of raters without intervals; all arrays are (raters, raters) and symmetric.

    Attributes:
        values: float64, NaN where undefined.
        n_items: int64 items with a score of both.
        n_units: int64 what is left out together, likewise.
        n_rows: int64 pairs of scores.
        silent: int64 cells with scores of both that have no value.
        known: int64 cells that have a value.
        n_cells: Cells with scores of anybody.
    """

    values: Float
    n_items: Int
    n_units: Int
    n_rows: Int
    silent: Int
    known: Int
    n_cells: int

    def of(self, a: int, b: int) -> _Counted:
        """The values of one pair."""
        counts = (self.n_items, self.n_units, self.n_rows, self.silent, self.known)
        items, units, rows, silent, known = (int(one[a, b]) for one in counts)
        return _Counted(float(self.values[a, b]), items, units, rows, silent, known, self.n_cells)


def pair_values(matrix: Float, places: Places) -> PairValues:
    """Compute the values of `pair_kappas` for all pairs at once, by products of matrices.

    Args:
        matrix: (n, raters) float64 scores, NaN for missing.
        places: cell, item and unit of each row.

    Example:
        >>> scores = np.array([[0.0, 1, 0], [2, 3, 1], [5, 4, 4], [1, 0, 2], [3, 3, 4], [0, 0, 0], [4, 5, 3]])
        >>> places = Places(np.zeros(7, np.int64), np.arange(7), np.arange(7), "item")
        >>> pair_values(scores, places).values.round(2)[0].tolist()
        [1.0, 0.89, 0.88]
    """
    there = ~np.isnan(matrix)
    present = there.astype(np.float64)
    centre = float(matrix[there].mean()) if there.any() else 0.0
    scores = np.where(there, matrix - centre, 0.0)
    k = matrix.shape[1]
    total, known, silent = np.zeros((k, k)), np.zeros((k, k), np.int64), np.zeros((k, k), np.int64)
    cells = np.unique(places.cell)
    for cell in cells:
        here, x = present[places.cell == cell], scores[places.cell == cell]
        n, sums, squares = here.T @ here, x.T @ here, (x * x).T @ here
        each = kappa_of_moments(np.stack([n, sums, sums.T, squares, squares.T, x.T @ x], axis=-1))
        ok = ~np.isnan(each)
        total += np.where(ok, each, 0.0)
        known += ok
        silent += (n > 0) & ~ok
    return PairValues(
        np.where(known > 0, total / np.maximum(known, 1), NAN), _shared(present, places.item),
        _shared(present, places.unit), (present.T @ present).astype(np.int64), silent, known, int(cells.size),
    )  # fmt: skip


def _shared(present: Float, group: Int) -> Int:
    """(raters, raters) in how many groups of rows a pair has a row of both."""
    count = np.zeros((present.shape[1], present.shape[1]), np.int64)
    order = np.argsort(group, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        count += present[rows].T @ present[rows] > 0
    return count
