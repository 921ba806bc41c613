"""Reaction lags of continuous traces, relative and absolute.

Nothing here changes raw samples: a lag is a number that is stored, and a trace is read `lag` seconds later where it is
to be compensated, so leaving the lag out again gives back the trace as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import mean_of_others
from app.agreement.estimate import NAN
from app.domain.holding import zero_order_hold

Float = NDArray[np.float64]

MIN_PEAK = 0.3
MIN_RISE = 0.02


def lag_profile(
    series: Sequence[Float], reference: Sequence[Float], max_lag: int, *, min_overlap: float = 0.5
) -> Float:
    """(2 max_lag + 1,) overlap-normalised cross-correlation, lags -max_lag..max_lag in samples.

    Each lag's Pearson correlation uses only the samples both series have at that lag, so the peak is not drawn
    towards zero as with zero padding.  Several clips are pooled after centring each on its overlap.

    Args:
        series: per clip (n,) float64; a positive lag means that it runs behind the reference.
        reference: per clip (n,) float64.
        max_lag: largest lag in samples.
        min_overlap: share of all samples that must remain at a lag, else NaN.
    """
    full = sum(int((~(np.isnan(x) | np.isnan(y))).sum()) for x, y in zip(series, reference, strict=True))
    out = np.full(2 * max_lag + 1, NAN)
    for place, lag in enumerate(range(-max_lag, max_lag + 1)):
        sums = np.zeros(4)
        for x, y in zip(series, reference, strict=True):
            n = x.size - abs(lag)
            if n < 2:
                continue
            late, base = (x[lag:], y[:n]) if lag >= 0 else (x[:n], y[-lag:])
            both = ~(np.isnan(late) | np.isnan(base))
            if both.sum() < 2 or np.ptp(late[both]) == 0 or np.ptp(base[both]) == 0:
                continue
            a, b = late[both] - late[both].mean(), base[both] - base[both].mean()
            sums += [(a * b).sum(), (a * a).sum(), (b * b).sum(), both.sum()]
        if sums[1] > 0 and sums[2] > 0 and sums[3] >= min_overlap * full:
            out[place] = sums[0] / np.sqrt(sums[1] * sums[2])
    return out


@dataclass(frozen=True)
class RaterLag:
    """Lag of one rater.

    Attributes:
        lag_s: seconds behind the fastest accepted rater (relative) or behind the onset (absolute); NaN if rejected.
        peak: correlation at the lag (relative), or share of onsets answered (absolute).
        accepted: whether the estimate may be used.
        reason: why not.
        n: clips (relative) or onsets (absolute) behind it.
    """

    lag_s: float
    peak: float
    accepted: bool
    reason: str = ""
    n: int = 0


def relative_lags(
    clips: Sequence[Float], rate_hz: float, *, max_lag_s: float = 6.0, iterations: int = 3
) -> tuple[RaterLag, ...]:
    """One lag per rater from how raters run behind each other.

    Every rater is compared with the mean of the others, who are aligned by their current lags, two or three times over.
    Only differences of lags can be known from raters alone: the fastest accepted rater is set to 0.

    Args:
        clips: per clip (raters, n) float64 on an even grid, NaN for missing.
        rate_hz: sampling rate of the grid.
        max_lag_s: largest lag looked for, in either direction.
        iterations: rounds of estimation.

    Returns:
        One record per rater; a flat peak, or a peak at the edge of the search, is rejected.
    """
    raters = clips[0].shape[0] if clips else 0
    max_lag = round(max_lag_s * rate_hz)
    lags = np.zeros(raters, dtype=np.int64)
    found = [RaterLag(NAN, NAN, False, "fewer than two raters")] * raters
    for _ in range(iterations if raters > 1 else 0):
        before = lags.copy()
        for k in range(raters):
            aligned = [shift_samples(clip, lags) for clip in clips]
            profile = lag_profile([c[k] for c in clips], [mean_of_others(c, k) for c in aligned], max_lag)
            found[k] = _judge(profile, max_lag, rate_hz, len(clips))
            lags[k] = round(found[k].lag_s * rate_hz) if found[k].accepted else 0
        accepted = [k for k in range(raters) if found[k].accepted]
        if accepted:
            # A common shift cannot be known; without a fixed origin it would drift from round to round.
            lags[accepted] -= lags[accepted].min()
        if bool((lags == before).all()):
            break
    return tuple(
        RaterLag(float(lags[k]) / rate_hz, f.peak, True, "", f.n) if f.accepted else f for k, f in enumerate(found)
    )


def _judge(profile: Float, max_lag: int, rate_hz: float, n: int) -> RaterLag:
    known = ~np.isnan(profile)
    if not known.any():
        return RaterLag(NAN, NAN, False, "no lag leaves enough common samples that vary", n)
    place = int(np.nanargmax(profile))
    peak = float(profile[place])
    inside = np.flatnonzero(known)
    if peak < MIN_PEAK:
        return RaterLag(NAN, peak, False, f"highest correlation {peak:.2f} is below {MIN_PEAK}", n)
    if peak - float(np.median(profile[known])) < MIN_RISE:
        return RaterLag(NAN, peak, False, "the correlation is flat over all lags", n)
    if place in (inside[0], inside[-1]):
        return RaterLag(NAN, peak, False, "the peak lies at the edge of the search", n)
    return RaterLag((place - max_lag) / rate_hz, peak, True, "", n)


def shift_samples(series: Float, lags: NDArray[np.integer]) -> Float:
    """(raters, n) rows read `lag` samples later; NaN where a row has ended or not begun.

    Args:
        series: (raters, n) float64.
        lags: (raters,) samples, positive for a row that runs behind.
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
    """Absolute reaction lag from a calibration clip whose changes have known times.

    An onset is answered when the trace has moved from where it was at the onset by more than `share` of the trace's
    whole range; the lag is the median over answered onsets.

    Args:
        times_s: (n,) float64 event times.
        values: (n,) float64, one dimension of the trace.
        onsets_s: (k,) times at which the calibration clip changes.
        max_lag_s: how long an answer is waited for (at most until the next onset).
        share: movement that counts as an answer, of the trace's range.
        min_answers: answered onsets needed, and at least half of all must be answered.
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
    """Absolute lags: calibrated where measured, else the relative lag on the scale the calibrated raters give.

    Args:
        relative: lags relative to the fastest rater.
        calibrated: absolute lags from calibration, None where a rater has none.
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
            out.append(RaterLag(r.lag_s + float(np.median(offsets)), r.peak, True, "", r.n))
        else:
            out.append(RaterLag(NAN, r.peak, False, r.reason or "no rater was calibrated", r.n))
    return tuple(out)
