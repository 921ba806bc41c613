"""A min/max pyramid, by which curves of any length are drawn at the screen's resolution without losing a peak."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FACTOR: Final = 4
SMALLEST: Final = 256
_PER_COLUMN: Final = 2
"""Least number of groups in a column of the screen, so that a group reaches at most half a column too far."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Level:
    """Curves at one resolution: the lowest and highest values of groups of neighbours.

    Attributes:
        times_s: float64 M, the first time of each group.
        low: float32 M or M×K.
        high: float32 M or M×K.
    """

    times_s: NDArray[np.float64]
    low: Floats
    high: Floats


class Pyramid:
    """Curves on one time axis at several resolutions.

    The values are not copied: when the caller has changed some of them in place, `update` brings the levels up to date
    at a cost that depends on the changed part only.

    Args:
        times_s: float64 N, ascending.
        values: float32 N for one curve or N×K for several; NaN breaks a curve.

    Raises:
        ValueError: There is not one row of values for each time.
    """

    def __init__(self, times_s: NDArray[np.float64], values: NDArray[np.floating]) -> None:
        if len(times_s) != len(values):
            raise ValueError("there must be one row of values for each time")
        self.times_s = times_s
        self.values: Floats = np.asarray(values, np.float32)
        self._levels = [Level(times_s, self.values, self.values)]
        while len(self._levels[-1].times_s) > SMALLEST * FACTOR:
            below = self._levels[-1]
            low, high = _coarser(below.low, below.high)
            self._levels.append(Level(below.times_s[::FACTOR], low, high))

    def __len__(self) -> int:
        return len(self.times_s)

    def update(self, first: int, last: int) -> None:
        """Take over values that were changed in place, from row `first` up to but without row `last`."""
        for below, level in zip(self._levels, self._levels[1:], strict=False):
            first, last = first // FACTOR, -(-last // FACTOR)
            rows = slice(first * FACTOR, last * FACTOR)
            level.low[first:last], level.high[first:last] = _coarser(below.low[rows], below.high[rows])

    def points(self, start_s: float, end_s: float) -> tuple[NDArray[np.float64], Floats]:
        """Return times and values in a window, and one point beyond each end so that a line reaches the edges."""
        rows = _span(self.times_s, start_s, end_s)
        return self.times_s[rows], self.values[rows]

    def count(self, start_s: float, end_s: float) -> int:
        """Return the number of values in a window."""
        rows = _span(self.times_s, start_s, end_s)
        return int(rows.stop - rows.start)

    def level(self, start_s: float, end_s: float, width: int) -> Level:
        """Return the coarsest resolution that is still finer than a picture of the window with `width` columns."""
        fine = (each for each in self._levels[:0:-1] if _count(each, start_s, end_s) >= _PER_COLUMN * width)
        return next(fine, self._levels[0])

    def columns(self, start_s: float, end_s: float, width: int) -> tuple[Floats, Floats]:
        """Return how far the curves reach in each column of a picture of the window.

        Between two values a curve is a straight line, so neighbouring columns touch. A column that lies in a gap has
        NaN.

        Args:
            start_s: Left end of the window.
            end_s: Right end, greater than `start_s`.
            width: Number of columns.

        Returns:
            The lowest and the highest value, float32 width or width×K each.
        """
        level = self.level(start_s, end_s, width)
        edges_s = np.linspace(start_s, end_s, width + 1)
        rows = _span(level.times_s, start_s, end_s)
        times_s, low, high = level.times_s[rows], level.low[rows], level.high[rows]
        if not len(times_s):
            nothing = np.full((width, *self.values.shape[1:]), np.nan, np.float32)
            return nothing, nothing
        cut = np.searchsorted(times_s, edges_s)
        cut[-1] = np.searchsorted(times_s, end_s, side="right")  # the last column holds a value at its right edge
        at_low, at_high = _at_edges(edges_s, times_s, (low, high), cut)
        lowest = np.fmin(np.fmin(at_low[:-1], at_low[1:]), _within(np.fmin, low, cut))
        highest = np.fmax(np.fmax(at_high[:-1], at_high[1:]), _within(np.fmax, high, cut))
        return lowest, highest


def _span(times_s: NDArray[np.float64], start_s: float, end_s: float) -> slice:
    first = max(int(np.searchsorted(times_s, start_s, side="left")) - 1, 0)
    last = min(int(np.searchsorted(times_s, end_s, side="right")) + 1, len(times_s))
    return slice(first, max(last, first))


def _count(level: Level, start_s: float, end_s: float) -> int:
    first, last = np.searchsorted(level.times_s, (start_s, end_s))
    return int(last - first)


def _at_edges(
    edges_s: NDArray[np.float64], times_s: NDArray[np.float64], curves: tuple[Floats, ...], cut: NDArray[np.intp]
) -> list[Floats]:
    """Return the values of curves at the edges of columns; NaN in gaps, before the first and after the last."""
    after = np.clip(cut, 0, len(times_s) - 1)
    before = np.clip(after - 1, 0, None)
    step_s = times_s[after] - times_s[before]
    share = np.where(step_s > 0, (edges_s - times_s[before]) / np.where(step_s > 0, step_s, 1.0), 1.0)
    share[(edges_s < times_s[0]) | (edges_s > times_s[-1])] = np.nan
    share = share.astype(np.float32).reshape(-1, *([1] * (curves[0].ndim - 1)))
    return [values[before] + share * (values[after] - values[before]) for values in curves]


def _within(reduce: Any, values: Floats, cut: NDArray[np.intp]) -> Floats:
    """Return the extreme of the values between neighbouring cuts; NaN where there are none."""
    padded = np.concatenate([values, np.full((1, *values.shape[1:]), np.nan, np.float32)])
    found = reduce.reduceat(padded, cut, axis=0)[:-1]
    found[cut[1:] <= cut[:-1]] = np.nan
    return np.asarray(found, np.float32)


def _coarser(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Put each `FACTOR` neighbours together, the last ones too if they are fewer.

    fmin and fmax leave NaN out, and stay NaN only where a whole group is a gap.
    """
    pad = -len(low) % FACTOR
    if pad:
        gap = np.full((pad, *low.shape[1:]), np.nan, np.float32)
        low, high = np.concatenate([low, gap]), np.concatenate([high, gap])
    # Slices with a step are several times as fast as a reduction over an axis of four.
    lowest, highest = low[::FACTOR], high[::FACTOR]
    for part in range(1, FACTOR):
        lowest, highest = np.fmin(lowest, low[part::FACTOR]), np.fmax(highest, high[part::FACTOR])
    return lowest, highest
