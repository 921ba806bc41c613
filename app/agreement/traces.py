"""Reaction lags of continuous traces, relative and absolute.

Nothing here changes raw samples: a lag is a number that is stored, and a trace is read `lag` seconds later where it is
to be compensated, so leaving the lag out again gives back the trace as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.domain.holding import zero_order_hold

Float = NDArray[np.float64]


@dataclass(frozen=True)
class RaterLag:
    """Lag of one rater.

    Attributes:
        lag_s: seconds behind the fastest accepted rater (relative) or behind the onset (absolute); NaN if rejected.
        peak: correlation with the others at the lag (relative), or share of onsets answered (absolute).
        accepted: whether the estimate may be used.
        reason: why not.
        n: clips (relative) or onsets (absolute) behind it.
        low: lower end of its interval in seconds, NaN if there is none.
        high: upper end.
        interval_reason: why there is no interval; empty otherwise.
        material_s: seconds traced in common with another rater.
    """

    lag_s: float
    peak: float
    accepted: bool
    reason: str = ""
    n: int = 0
    low: float = NAN
    high: float = NAN
    interval_reason: str = ""
    material_s: float = NAN

    @property
    def interval(self) -> tuple[float, float] | None:
        """(low, high) in seconds, or None if there is no interval."""
        return None if np.isnan(self.low) or np.isnan(self.high) else (self.low, self.high)


def shift_samples(series: Float, lags: NDArray[np.integer]) -> Float:
    """Read each row `lag` samples later: (raters, n), NaN where a row has ended or not begun.

    Args:
        series: (raters, n) float64.
        lags: (raters,) samples, positive for a row that runs behind.

    Example:
        >>> shift_samples(np.array([[1.0, 2, 3, 4], [1, 2, 3, 4]]), np.array([0, 1]))
        array([[ 1.,  2.,  3.,  4.],
               [ 2.,  3.,  4., nan]])
    """
    out = np.full(series.shape, NAN)
    n = series.shape[1]
    for k, lag in enumerate(np.asarray(lags, dtype=np.int64)):
        if abs(int(lag)) >= n:
            continue
        if lag >= 0:
            out[k, : n - lag] = series[k, lag:]
        else:
            out[k, -lag:] = series[k, : n + lag]
    return out


def reaction_lag(
    times_s: Float, values: Float, onsets_s: Float, *, max_lag_s: float = 4.0, share: float = 0.25, min_answers: int = 3
) -> RaterLag:
    """Measure the absolute reaction lag on a calibration clip whose changes have known times.

    An onset is answered when the trace has moved from where it was at the onset by more than `share` of the trace's
    whole range; the lag is the median over answered onsets.

    Args:
        times_s: (n,) float64 event times.
        values: (n,) float64, one dimension of the trace.
        onsets_s: (k,) times at which the calibration clip changes.
        max_lag_s: how long an answer is waited for (at most until the next onset).
        share: movement that counts as an answer, of the trace's range.
        min_answers: answered onsets needed, and at least half of all must be answered.

    Example:
        >>> times_s = np.arange(0, 40, 0.1)
        >>> steps = (np.floor((times_s - 0.75) / 10) % 2 == 0).astype(np.float64)
        >>> round(reaction_lag(times_s, steps, np.array([10.0, 20, 30])).lag_s, 1)
        0.8
    """
    known = ~np.isnan(values)
    onsets = np.sort(np.asarray(onsets_s, dtype=np.float64))
    span = float(np.ptp(values[known])) if known.any() else 0.0
    if span == 0 or onsets.size == 0:
        return RaterLag(NAN, 0.0, False, "the trace does not move", int(onsets.size))
    start = zero_order_hold(times_s, values, onsets)
    waits = []
    for i, onset in enumerate(onsets):
        until = min(onset + max_lag_s, onsets[i + 1] if i + 1 < onsets.size else np.inf)
        base = start[i]
        inside = known & (times_s > onset) & (times_s <= until)
        if np.isnan(base):
            continue
        moved = np.flatnonzero(inside & (np.abs(values - base) > share * span))
        if moved.size:
            waits.append(float(times_s[moved[0]] - onset))
    answered = len(waits) / onsets.size
    if len(waits) < min_answers or answered < 0.5:
        return RaterLag(NAN, answered, False, f"only {len(waits)} of {onsets.size} onsets were answered", onsets.size)
    return RaterLag(float(np.median(waits)), answered, True, "", int(onsets.size))


def absolute_lags(relative: Sequence[RaterLag], calibrated: Sequence[RaterLag | None]) -> tuple[RaterLag, ...]:
    """Combine lags to absolute ones: calibrated where measured, else relative on the scale of the calibrated raters.

    Args:
        relative: lags relative to the fastest rater.
        calibrated: absolute lags from calibration, None where a rater has none.

    Example:
        >>> relative = (RaterLag(0.0, 0.9, True), RaterLag(0.4, 0.9, True))
        >>> [lag.lag_s for lag in absolute_lags(relative, (RaterLag(0.3, 1.0, True), None))]
        [0.3, 0.7]
    """
    offsets = [
        c.lag_s - r.lag_s
        for r, c in zip(relative, calibrated, strict=True)
        if c is not None and c.accepted and r.accepted
    ]
    out = []
    for r, c in zip(relative, calibrated, strict=True):
        if c is not None and c.accepted:
            out.append(c)
        elif r.accepted and offsets:
            by = float(np.median(offsets))
            out.append(replace(r, lag_s=r.lag_s + by, low=r.low + by, high=r.high + by))
        else:
            out.append(RaterLag(NAN, r.peak, False, r.reason or "no rater was calibrated", r.n))
    return tuple(out)
