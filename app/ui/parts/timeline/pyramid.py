"""A min/max pyramid, by which a curve of any length is drawn with two points per pixel without losing a peak."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FACTOR: Final = 4
SMALLEST: Final = 256


@dataclass(frozen=True, eq=False)
class _Level:
    times_s: NDArray[np.float64]
    low: NDArray[np.float32]
    high: NDArray[np.float32]


class Pyramid:
    """One curve at several resolutions.

    Args:
        times_s: float64 N, ascending.
        values: float N; NaN breaks the curve.
    """

    def __init__(self, times_s: NDArray[np.float64], values: NDArray[np.floating]) -> None:
        if times_s.shape != values.shape:
            raise ValueError("one value a time")
        flat = values.astype(np.float32)
        self.times_s = times_s
        self.values = flat
        self._levels: list[_Level] = []
        level = _Level(times_s, flat, flat)
        while len(level.times_s) > SMALLEST * FACTOR:
            level = _coarser(level)
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self.times_s)

    def window(self, start_s: float, end_s: float, buckets: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return points that look like the whole curve in a window.

        Args:
            start_s: Left end of the window.
            end_s: Right end.
            buckets: Approximate width of the window in pixels.

        Returns:
            Times (float64) and values (float32) of at most about 2 × `FACTOR` × `buckets` points, one beyond each end
            so that the line reaches the edges. Values may be NaN, where the curve has a gap.
        """
        first, last = self._span(self.times_s, start_s, end_s)
        chosen: _Level | None = None
        for number, level in enumerate(self._levels):
            if (last - first) / FACTOR ** (number + 1) >= buckets:
                chosen = level
        if chosen is None:
            return self.times_s[first:last], self.values[first:last]
        first, last = self._span(chosen.times_s, start_s, end_s)
        times = np.repeat(chosen.times_s[first:last], 2)
        values = np.empty(2 * (last - first), np.float32)
        values[0::2], values[1::2] = chosen.low[first:last], chosen.high[first:last]
        return times, values

    @staticmethod
    def _span(times_s: NDArray[np.float64], start_s: float, end_s: float) -> tuple[int, int]:
        first = max(int(np.searchsorted(times_s, start_s, side="left")) - 1, 0)
        last = min(int(np.searchsorted(times_s, end_s, side="right")) + 1, len(times_s))
        return first, max(last, first)


def _coarser(level: _Level) -> _Level:
    n = len(level.times_s)
    whole = -(-n // FACTOR)
    pad = whole * FACTOR - n

    def grouped(values: NDArray[np.float32]) -> NDArray[np.float32]:
        padded = np.concatenate([values, np.full(pad, np.nan, np.float32)]) if pad else values
        return padded.reshape(whole, FACTOR)

    # fmin and fmax leave NaN out, and stay NaN only where a whole group is a gap.
    return _Level(
        level.times_s[::FACTOR], np.fmin.reduce(grouped(level.low), axis=1), np.fmax.reduce(grouped(level.high), axis=1)
    )
