"""Chooses the frames of an item or of the last seconds that a model reads, in training, for verdicts and live."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from app.domain.analysis import ClipAnalysis
    from app.domain.project import ItemRecord


def thinned(count: int, most: int) -> NDArray[np.int64]:
    """Return which of `count` frames are read where at most `most` are: evenly spaced, with the first and the last.

    Args:
        count: Frames of the item, at least one.
        most: The largest number to read, at least two; 0 reads all.
    """
    if most == 0 or count <= most:
        return np.arange(count)
    return np.round(np.linspace(0, count - 1, most)).astype(np.int64)


def slot(times_s: NDArray[np.float64] | np.float64, first_s: float, rate_hz: float) -> NDArray[np.int64]:
    """Return which of the equal parts of time each time is in, counted from the first.

    Args:
        times_s: In seconds, not before the first.
        first_s: Time of the first frame.
        rate_hz: Parts in a second.
    """
    # Half a millisecond of slack: time stamps are rounded.
    return np.floor((times_s - first_s + 5e-4) * rate_hz).astype(np.int64)


def due(times_s: NDArray[np.float64], rate_hz: float) -> NDArray[np.int64]:
    """Return the numbers of the frames that remain at a rate: at most `rate_hz` per second, and always the first one.

    Args:
        times_s: float64 N, ascending.
        rate_hz: Largest number of frames per second; 0 takes all.

    Example:
        >>> due(np.array([0.0, 0.1, 0.2, 0.3, 0.41]), 5.0).tolist()
        [0, 2, 4]
    """
    if rate_hz <= 0 or not len(times_s):
        return np.arange(len(times_s))
    return np.flatnonzero(np.r_[True, np.diff(slot(times_s, float(times_s[0]), rate_hz)) > 0])


@dataclass(frozen=True)
class FrameRule:
    """Which frames of an item a network reads, in prediction and export; training may draw others.

    Attributes:
        most: Largest number of frames; a longer item is thinned out evenly. 0 reads all.
        rate_hz: Largest number of frames per second, counted from the first frame of the item; 0 takes every frame.
    """

    most: int = 0
    rate_hz: float = 0.0

    @staticmethod
    def of(values: Mapping[str, Any]) -> "FrameRule":
        """Return the rule of a recipe's values: `frames` and `frame_rate`, where it has them."""
        return FrameRule(int(values.get("frames", 0)), float(values.get("frame_rate", 0.0)))

    def rows(self, times_s: NDArray[np.float64], start: int = 0) -> NDArray[np.int64]:
        """Return the numbers of the frames that are read, in order.

        Args:
            times_s: Times of the item's frames, rising, at least one.
            start: Number of the frame that counts as the first.
        """
        kept = start + due(times_s[start:], self.rate_hz)
        return kept[thinned(len(kept), self.most)]

    def first_frames(self, times_s: NDArray[np.float64]) -> int:
        """Return how many frames lie before the second one that is read, among which a training draws its first."""
        kept = due(times_s, self.rate_hz)
        return int(kept[1]) if len(kept) > 1 else 1


def at_rate(times_s: NDArray[np.float64], rate_hz: float) -> NDArray[np.int64]:
    """Return the rows nearest to frames at a fixed rate, so that slow or fast video resembles the training data.

    Args:
        times_s: Times of the rows, rising, at least one.
        rate_hz: Frames per second that are wanted.

    Returns:
        Row numbers in order of time; the last row is always the last of them, and a row may come several times.
    """
    span_s = float(times_s[-1] - times_s[0])
    steps = int(np.floor(span_s * rate_hz + 1e-6))
    wanted = times_s[-1] - np.arange(steps, -1, -1) / rate_hz
    after = np.clip(np.searchsorted(times_s, wanted), 1, max(len(times_s) - 1, 1))
    if len(times_s) == 1:
        return np.zeros(1, np.int64)
    nearer = wanted - times_s[after - 1] < times_s[after] - wanted - 1e-6
    return np.asarray(np.where(nearer, after - 1, after), np.int64)


def last_seconds(times_s: NDArray[np.float64], end_s: float, seconds: float, rate_hz: float) -> NDArray[np.int64]:
    """Return which rows a verdict on the last seconds reads, at the rate of the training data.

    Args:
        times_s: Times of the rows, rising.
        end_s: The present.
        seconds: Length of the time before it.
        rate_hz: Frames per second that are wanted.

    Returns:
        Row numbers in order of time; empty if no row lies in these seconds.
    """
    first, last = np.searchsorted(times_s, [end_s - seconds + 1e-6, end_s + 1e-6])
    if first >= last:
        return np.zeros(0, np.int64)
    return np.asarray(first + at_rate(times_s[first:last], rate_hz), np.int64)


def item_range(item: "ItemRecord | None", analysis: "ClipAnalysis") -> tuple[float, float]:
    """Return beginning and end of an item in seconds; those of the clip if the item has none, or without an item."""
    start_s = None if item is None else item.start_s
    end_s = None if item is None else item.end_s
    whole = analysis.times_s
    return float(whole[0]) if start_s is None else start_s, float(whole[-1]) if end_s is None else end_s
