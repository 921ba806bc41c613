"""How far a model is from people, in people's own spreads: for items, and for moments of a series over time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

STRENGTH = 4.0
"""How many people the spread of all items stands for where an item's own is drawn towards it."""
SMOOTH_S = 1.0
"""Seconds over which distances are averaged before a moment is looked for."""
REACH_S = 3.0
"""A moment reaches at most this far to either side of its largest distance."""


class Moment(NamedTuple):
    """A part of a series on which a model and people part.

    Attributes:
        first: Number of its first frame.
        last: Number of its last frame.
        people: Mean of people.
        model: Mean of the model.
        spread: Standard deviation of single people.
        size: Distance of the two means in spreads.
    """

    first: int
    last: int
    people: float
    model: float
    spread: float
    size: float


def drawn_spread(variance: Float, n: Float, typical: float, least: float) -> Float:
    """Return standard deviations that are drawn towards a typical one, because few people may agree by chance.

    Args:
        variance: (...) float64 sample variances of people; NaN where fewer than two judged.
        n: (...) float64 numbers of people.
        typical: Mean variance over all items, which counts like `STRENGTH` further people.
        least: Smallest standard deviation.

    Returns:
        (...) float64, NaN where fewer than two people judged.

    Example:
        >>> drawn_spread(np.array([0.0, 2.0]), np.array([3.0, 3.0]), typical=1.0, least=0.1).round(2)
        array([0.82, 1.15])
    """
    weight = np.where(n >= 2, n - 1.0, np.nan)
    return np.maximum(np.sqrt((weight * variance + STRENGTH * typical) / (weight + STRENGTH)), least)


def moments(times_s: Float, people: Float, model: Float, spread: Float, *, least: float, most: int) -> list[Moment]:
    """Find the moments on which a model and people part most; they do not overlap, the largest comes first.

    A moment is where the distance, averaged over `SMOOTH_S`, has one sign and at least half of its largest value, at
    most `REACH_S` to either side of it.

    Args:
        times_s: (n,) float64 seconds, ascending.
        people: (n,) float64 means of people; NaN where there are none.
        model: (n,) float64, in the same unit.
        spread: (n,) float64 standard deviations of people, above 0.
        least: Smallest size of a moment, in spreads.
        most: Largest number of moments.

    Example:
        >>> times = np.arange(0, 20, 0.1)
        >>> model = np.where((times > 8) & (times < 10), 0.8, 0.0)
        >>> (one,) = moments(times, 0 * times, model, 0 * times + 0.2, least=1.0, most=3)
        >>> round(times[one.first]), round(times[one.last]), round(one.model, 1), round(one.size)
        (8, 10, 0.8, 4)
    """
    distance = (model - people) / spread
    smooth = _smoothed(times_s, distance)
    free = ~np.isnan(smooth)
    found: list[Moment] = []
    while len(found) < most and free.any():
        top = int(np.argmax(np.where(free, np.abs(smooth), -1.0)))
        if abs(smooth[top]) < least:
            break
        inside = free & (smooth * np.sign(smooth[top]) >= abs(smooth[top]) / 2)
        inside &= np.abs(times_s - times_s[top]) <= REACH_S
        first, last = _run_around(inside, top)
        part = slice(first, last + 1)
        mean_people, mean_model = float(np.nanmean(people[part])), float(np.nanmean(model[part]))
        mean_spread = float(np.sqrt(np.nanmean(spread[part] ** 2)))
        size = abs(mean_model - mean_people) / mean_spread
        if size >= least:
            found.append(Moment(first, last, mean_people, mean_model, mean_spread, size))
        free &= (times_s < times_s[first] - SMOOTH_S) | (times_s > times_s[last] + SMOOTH_S)
    return sorted(found, key=lambda one: -one.size)


def _smoothed(times_s: Float, values: Float) -> Float:
    """Return the mean of the values within half of `SMOOTH_S` on either side; NaN where the value itself is missing."""
    known = ~np.isnan(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    begin = np.searchsorted(times_s, times_s - SMOOTH_S / 2, "left")
    end = np.searchsorted(times_s, times_s + SMOOTH_S / 2, "right")
    n = counts[end] - counts[begin]
    return np.where(known, (sums[end] - sums[begin]) / np.maximum(n, 1), np.nan)


def _run_around(inside: NDArray[np.bool_], at: int) -> tuple[int, int]:
    before = np.flatnonzero(~inside[:at])
    after = np.flatnonzero(~inside[at:])
    first = int(before[-1]) + 1 if before.size else 0
    return first, at + int(after[0]) - 1 if after.size else inside.size - 1


def as_points(shares: Float, points: Float) -> Float | None:
    """Put a model's shares on the scale of people by a straight line over items.

    A probability is not an intensity: only what the line does not explain is a gap.

    Args:
        shares: (items,) float64 probabilities; NaN without predictions.
        points: (items,) float64 means of people; NaN where nobody judged.

    Returns:
        (items,) float64 points, NaN without predictions; None with fewer than five common items, or where the model
        does not rise with people, so that a line would say nothing.

    Example:
        >>> as_points(np.array([0.0, 0.25, 0.5, 0.75, 1.0]), np.array([1.0, 2.0, 3.0, 4.0, 5.0])).tolist()
        [1.0, 2.0, 3.0, 4.0, 5.0]
    """
    both = ~np.isnan(shares) & ~np.isnan(points)
    x, y = shares[both], points[both]
    if x.size < 5 or np.ptp(x) < 1e-6:
        return None
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    if slope <= 0:
        return None
    out: Float = y.mean() + slope * (shares - x.mean())
    return out
