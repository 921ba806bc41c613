"""Relative reaction lags: how far raters run behind each other, with intervals over clips and a least material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.agreement.jackknife import MIN_UNITS
from app.agreement.lag_sums import PairSums, pair_sums
from app.agreement.pooled import expanded_interval
from app.agreement.traces import RaterLag
from app.domain.words import figure

Float = NDArray[np.float64]
Lags = NDArray[np.int64]

MIN_PEAK: Final = 0.3
MIN_RISE: Final = 0.02
MAX_LAG_S: Final = 6.0
LEAST_S: Final = 60.0
"""Seconds that a rater must have traced in common with another one: below, errors of a second are usual
(benchmarks/lags.py)."""
LAG_RESAMPLES: Final = 500
"""Bootstrap resamples of a lag's interval at most: more change its ends by less than a sample."""
ROUNDS: Final = 3
MOST_AT_ONCE: Final = 4_000_000
NO_OTHER: Final = "no other rater agrees enough to compare with"
REFERENCE: Final = "the fastest rater, from whom lags are counted"


def relative_lags(
    clips: Sequence[Float],
    rate_hz: float,
    *,
    max_lag_s: float = MAX_LAG_S,
    units: Sequence[str] | None = None,
    replicates: int = 0,
    seed: int = 0,
    level: float = 0.95,
) -> tuple[RaterLag, ...]:
    """Estimate one lag for each rater from traces on an even grid; see `lags_of_sums`.

    Args:
        clips: per clip (raters, n) float64 on an even grid, NaN for missing.
        rate_hz: sampling rate of the grid.
        max_lag_s: largest lag looked for, in either direction.
        units: per clip the unit that is resampled with it; each clip is its own if None.
        replicates: bootstrap resamples of units for the intervals, 0 for none.
        seed: seed of the resampling.
        level: confidence level.

    Example:
        >>> from app.agreement.example import series
        >>> [round(lag.lag_s, 1) for lag in relative_lags(series(), rate_hz=10)]
        [0.0, 0.4, 0.8]
    """
    sums = pair_sums(clips, round(max_lag_s * rate_hz), units)
    found = lags_of_sums(sums, rate_hz, replicates=replicates, seed=seed, level=level)
    return tuple(replace(one, n=len(clips)) for one in found)


def lags_of_sums(
    sums: PairSums,
    rate_hz: float,
    *,
    leave_out: Sequence[int] = (),
    replicates: int = 0,
    seed: int = 0,
    level: float = 0.95,
) -> tuple[RaterLag, ...]:
    """Estimate one lag for each rater from how raters run behind each other.

    Lags are those at which the correlations of all pairs are highest together: each rater in turn is moved to where the
    correlation with the standardised mean of the others is highest, beginning with the pairs that agree best.  Raters
    whose lag cannot be told are taken out, so that they do not move the others.  Only differences of lags can be known
    from raters alone: the fastest accepted rater is set to 0.

    A lag is the whole delay of a trace.  A hand that smooths what it follows is late by its smoothing, too.

    Args:
        sums: correlations of all pairs, with the units that are resampled.
        rate_hz: sampling rate of the grid.
        leave_out: raters who are set aside: they get no lag and do not enter that of others.
        replicates: bootstrap resamples of units for the intervals, 0 for none.
        seed: seed of the resampling.
        level: confidence level.

    Returns:
        One record per rater.  A rater with less than `LEAST_S` in common with any other, a flat or low peak, or a peak
        at the edge of the search is rejected, with the reason.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> steps = np.convolve(rng.normal(size=1800), np.hanning(61), mode="valid")
        >>> clip = np.stack([steps[20:1720], steps[:1700]])
        >>> [one.lag_s for one in lags_of_sums(pair_sums([clip], 150), 25.0)]
        [0.0, 0.8]
    """
    count, units = sums.raters, sums.sums.shape[0]
    found = [RaterLag(NAN, NAN, False, "fewer than two raters")] * count
    if count < 2:
        return tuple(found)
    material = _material(sums, rate_hz)
    every = sums.correlations(np.ones((1, units)))
    members = [k for k in range(count) if k not in leave_out and material[k] >= LEAST_S]
    for k in range(count):
        reason = NO_OTHER if k in members else "set aside" if k in leave_out else _too_little(material[k])
        found[k] = RaterLag(NAN, NAN, False, reason, units, material_s=material[k])
    lags = _settled(every, members, sums, found)
    if len(members) < 2:
        return tuple(found)
    first = min(members, key=lambda k: lags[0, k])
    ends = _intervals(sums, lags[0], members, first, rate_hz, (replicates, seed, level))
    for k in members:
        low, high, why = ends[k]
        found[k] = replace(
            found[k], lag_s=float(lags[0, k] - lags[0, first]) / rate_hz, accepted=True, low=low, high=high,
            interval_reason=why,
        )  # fmt: skip
    return tuple(found)


def _settled(every: Float, members: list[int], sums: PairSums, found: list[RaterLag]) -> Lags:
    """(1, raters) lags of the raters who can be told; the others leave `members` one by one, the worst first.

    Args:
        every: (1, pairs, lags) correlations of all units.
        members: raters with enough material; those whose lag cannot be told are taken out.
        sums: where the correlations come from.
        found: record of each rater, gets the peak, and the reason where there is no lag.
    """
    lags = np.zeros((1, sums.raters), dtype=np.int64)
    while len(members) > 1:
        lags = _ascended(every, _started(every[0], members, sums), members, sums)
        failed = []
        for k in members:
            known, profile = _profile(every, k, members, lags, sums)
            peak, reason = _judge(profile[0] / _weight(every[0], k, members, lags[0], sums), known)
            found[k] = replace(found[k], peak=peak, reason=reason)
            if reason:
                failed.append(k)
        if not failed:
            break
        members.remove(min(failed, key=lambda k: np.nan_to_num(found[k].peak, nan=-2.0)))
        if len(members) == 1 and not found[members[0]].reason:
            found[members[0]] = replace(found[members[0]], reason=NO_OTHER)
    return lags


def _material(sums: PairSums, rate_hz: float) -> list[float]:
    """Return seconds that each rater has in common with the one with whom that is most."""
    together = sums.common.sum(axis=0) / rate_hz / sums.series
    out = [0.0] * sums.raters
    for (a, b), seconds in zip(sums.pairs, together.tolist(), strict=True):
        out[a], out[b] = max(out[a], seconds), max(out[b], seconds)
    return out


def _too_little(seconds: float) -> str:
    return f"only {seconds:.0f} s traced in common with another rater, {LEAST_S:.0f} s are needed"


def _oriented(r: Float, k: int, j: int, sums: PairSums) -> Float:
    """(rows, lags) correlations of rater k with rater j; a positive lag means that k runs behind."""
    place = _place(min(k, j), max(k, j), sums.raters)
    return r[:, place] if k < j else r[:, place, ::-1]


def _place(a: int, b: int, count: int) -> int:
    """Return where pair (a, b), a before b, is in the order of `itertools.combinations`."""
    return a * count - a * (a + 1) // 2 + b - a - 1


def _started(r: Float, members: Sequence[int], sums: PairSums) -> Lags:
    """(1, raters) lags from the pairs that agree best: each rater is hung on to the one it agrees with most."""
    count = sums.raters
    peak, at = np.full((count, count), -2.0), np.zeros((count, count), dtype=np.int64)
    for a, b in combinations(members, 2):
        row = r[_place(a, b, count)]
        if not np.isnan(row).all():
            top = int(np.nanargmax(row))
            peak[a, b] = peak[b, a] = row[top]
            at[a, b], at[b, a] = top - sums.max_lag, sums.max_lag - top
    lags = np.zeros((1, count), dtype=np.int64)
    inside = [int(np.unravel_index(int(np.argmax(peak)), peak.shape)[0])]
    while len(inside) < len(members):
        outside = [k for k in members if k not in inside]
        k, j = max(((k, j) for k in outside for j in inside), key=lambda pair: peak[pair])
        lags[0, k] = lags[0, j] + at[k, j]
        inside.append(k)
    return lags


def _profile(r: Float, k: int, members: Sequence[int], lags: Lags, sums: PairSums) -> tuple[Lags, Float]:
    """Return the lags at which rater k is tried, and (rows, lags) sums of the correlations with the others there."""
    width, far = 2 * sums.max_lag + 1, sums.max_lag
    base = lags[:, list(members)].min(axis=1, keepdims=True)
    grid = np.arange(-far, 2 * far + 1)
    total, met = np.zeros((r.shape[0], grid.size)), False
    for j in members:
        row = _oriented(r, k, j, sums) if j != k else None
        if row is None or np.isnan(row).all():
            continue
        met = True
        place = grid[None, :] + base - lags[:, j : j + 1] + far
        ok = (place >= 0) & (place < width)
        total += np.where(ok, np.take_along_axis(row, np.clip(place, 0, width - 1), axis=1), NAN)
    return grid, total if met else np.full_like(total, NAN)


def _weight(r: Float, k: int, members: Sequence[int], lags: Lags, sums: PairSums) -> float:
    """Standard deviation of the sum of the standardised others, which makes a sum of correlations a correlation."""
    others = [j for j in members if j != k and not np.isnan(r[_place(min(j, k), max(j, k), sums.raters)]).all()]
    known = []
    for a, b in combinations(others, 2):
        at = int(lags[a] - lags[b]) + sums.max_lag
        row = r[_place(a, b, sums.raters)]
        known.append(row[at] if 0 <= at < row.size else NAN)
    mean = float(np.nanmean(known)) if known and not np.isnan(known).all() else 0.0
    return float(np.sqrt(max(len(others) * (1.0 + (len(others) - 1) * mean), 1.0)))


def _ascended(r: Float, start: Lags, members: Sequence[int], sums: PairSums) -> Lags:
    """(rows, raters) lags, each rater in turn moved to the highest sum of correlations with the others."""
    lags = start.copy()
    for _ in range(ROUNDS):
        before = lags.copy()
        for k in members:
            grid, profile = _profile(r, k, members, lags, sums)
            some = np.isfinite(profile).any(axis=1)
            base = lags[:, list(members)].min(axis=1)
            top = np.argmax(np.where(np.isnan(profile), -np.inf, profile), axis=1)
            best = grid[top] + base
            lags[some, k] = best[some]
        if bool((lags == before).all()):
            break
    return lags


def _judge(profile: Float, grid: Lags) -> tuple[float, str]:
    """Return the highest correlation, and why it gives no lag; an empty reason where it does."""
    known = ~np.isnan(profile)
    if not known.any():
        return NAN, "no lag leaves enough common samples that vary"
    place = int(np.nanargmax(profile))
    peak = float(min(profile[place], 1.0))
    inside = np.flatnonzero(known)
    if peak < MIN_PEAK:
        return peak, f"highest correlation {figure(peak)} is below {MIN_PEAK}"
    if peak - float(np.median(profile[known])) < MIN_RISE:
        return peak, "the correlation is flat over all lags"
    if place in (inside[0], inside[-1]):
        return peak, "the peak lies at the edge of the search"
    return peak, ""


def _intervals(
    sums: PairSums, lags: Lags, members: Sequence[int], first: int, rate_hz: float, how: tuple[int, int, float]
) -> dict[int, tuple[float, float, str]]:
    """Rater → ends in seconds and why there are none: expanded percentiles of lags of resampled units."""
    replicates, seed, level = how
    units = sums.sums.shape[0]
    if not replicates or units < MIN_UNITS:
        why = f"only {units} units to resample, {MIN_UNITS} are needed for an interval" if replicates else ""
        return {k: (NAN, NAN, REFERENCE if k == first else why) for k in members}
    weights = np.random.default_rng(seed).multinomial(units, np.full(units, 1.0 / units), replicates)
    at_once = max(MOST_AT_ONCE // (len(sums.pairs) * (2 * sums.max_lag + 1)), 1)
    drawn = []
    for begin in range(0, replicates, at_once):
        part = weights[begin : begin + at_once].astype(np.float64)
        start = np.repeat(lags[None, :], part.shape[0], axis=0)
        drawn.append(_ascended(sums.correlations(part), start, members, sums))
    every = np.concatenate(drawn)
    out = {}
    for k in members:
        if k == first:
            out[k] = (NAN, NAN, REFERENCE)
            continue
        low, high = expanded_interval((every[:, k] - every[:, first]) / rate_hz, units, level)
        out[k] = (low, high, "" if not np.isnan(low) else "too few resamples have a lag")
    return out
