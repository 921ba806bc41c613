"""Chooses the frames of an item or of the last seconds that a model reads, in training, for verdicts and live."""

from typing import TYPE_CHECKING

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
