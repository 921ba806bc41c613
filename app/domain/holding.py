"""The values of a trace between its samples. This is the one rule for its start, gaps and end."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

HOLD_S: Final = 0.04
"""Seconds for which the last sample holds: one frame at 25 frames per second, the step at which traces are compared."""
SAME_S: Final = 1e-6
"""Times that differ by less count as equal, because sums of floating-point numbers are not exact."""


def held_until(times_s: Float) -> float:
    """Return the time until which a trace's last sample holds; minus infinity for a trace without samples.

    Args:
        times_s: (n,) float64 sample times in seconds, not decreasing.
    """
    return float(times_s[-1]) + HOLD_S if len(times_s) else -np.inf


def zero_order_hold(
    times_s: Float,
    values: NDArray[np.floating],
    at_s: Float,
    *,
    lag_s: float = 0.0,
    end_s: float | None = None,
) -> Float:
    """Look up the value that was held at each time; nothing is ever interpolated.

    Start: before the first sample the value is missing.
    Gaps: each sample holds until the next one, however far away that is, because a hand that rests gives no new value.
    A pause is a sample of NaN, and NaN holds like any value.
    End: the last sample holds until `end_s`; from then on the value is missing, because nobody was judging any more.

    Args:
        times_s: (n,) float64 sample times in seconds, not decreasing.
        values: (n,) or (n, d) values of the samples; NaN where the value is missing.
        at_s: (m,) float64 times that are asked for, in any order.
        lag_s: Reaction lag in seconds to remove: the value at t is what was given at t + lag, so that the start and
            the end move with the samples.
        end_s: Time on the axis of the samples until which the last sample holds; `held_until(times_s)` by default.

    Returns:
        (m,) or (m, d) float64.
    """
    values = np.asarray(values)
    wanted = np.asarray(at_s, dtype=np.float64) + lag_s + SAME_S
    until = held_until(times_s) if end_s is None else end_s
    row = np.searchsorted(times_s, wanted, side="right") - 1
    inside = (row >= 0) & (wanted < until)
    out = np.full((*wanted.shape, *values.shape[1:]), np.nan)
    out[inside] = values[row[inside]]
    return out
