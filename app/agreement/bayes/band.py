"""Posterior means with their standard deviations and intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

LEVEL: Final = 0.9
"""Probability within an interval."""


@dataclass(frozen=True, eq=False)
class Band:
    """Quantities with their intervals; arrays of one shape.

    Attributes:
        mean: float64 posterior means.
        sd: float64 posterior standard deviations.
        low: float64 lower ends.
        high: float64 upper ends.
    """

    mean: Float
    sd: Float
    low: Float
    high: Float

    @property
    def width(self) -> Float:
        """Widths of the intervals."""
        return self.high - self.low

    def holds(self, value: Float) -> NDArray[np.bool_]:
        """Whether each interval holds a value."""
        return (self.low <= value) & (value <= self.high)


def normal_band(mean: Float, variance: Float, level: float = LEVEL, skew: Float | float = 0.0) -> Band:
    """Return intervals of nearly normal quantities.

    Args:
        mean: Posterior means.
        variance: Posterior variances.
        level: Probability within.
        skew: Skewness, by which the ends are moved (Cornish & Fisher 1938, first term).

    Example:
        >>> found = normal_band(np.zeros(1), np.ones(1))
        >>> found.low.round(3), found.high.round(3)
        (array([-1.645]), array([1.645]))
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + level / 2.0))
    sd = np.sqrt(np.maximum(variance, 0.0))
    move = np.clip(skew, -1.0, 1.0) * (z**2 - 1.0) / 6.0
    return Band(np.asarray(mean), sd, mean + sd * (move - z), mean + sd * (move + z))


def log_normal_band(log_mean: Float, variance: Float, level: float = LEVEL) -> Band:
    """Return intervals of positive quantities whose logarithm is nearly normal; the mean is the median.

    Example:
        >>> log_normal_band(np.zeros(1), np.zeros(1)).high
        array([1.])
    """
    band = normal_band(log_mean, variance, level)
    median = np.exp(band.mean)
    return Band(median, median * band.sd, np.exp(band.low), np.exp(band.high))
