"""Traces of several raters side by side on the same times."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.holding import zero_order_hold
from app.domain.ratings import TraceLabel

Float = NDArray[np.float64]

RATE_HZ: Final = 25.0
"""Rate of the even grid on which traces are compared and lags are estimated."""


def uniform_times(start_s: float, stop_s: float, rate_hz: float) -> Float:
    """Return evenly spaced times from `start_s` up to and including `stop_s`, which may fall between two of them."""
    return start_s + np.arange(int(np.floor((stop_s - start_s) * rate_hz + 1e-6)) + 1) / rate_hz


def span_s(traces: Sequence[TraceLabel], lags_s: Mapping[str, float] | None = None) -> tuple[float, float]:
    """Return the times of the first and the last sample of some traces, in seconds.

    Args:
        traces: At least one, each with samples.
        lags_s: Rater code → lag in seconds to take out, which moves a rater's start and end; 0 for raters not named.
    """
    lags = lags_s or {}
    starts = [float(t.samples.times_s[0]) - lags.get(t.rater, 0.0) for t in traces]
    stops = [float(t.samples.times_s[-1]) - lags.get(t.rater, 0.0) for t in traces]
    return min(starts), max(stops)


def even_times(traces: Sequence[TraceLabel], lags_s: Mapping[str, float] | None = None) -> Float:
    """Return the even grid at `RATE_HZ` over the span of some traces; see `span_s` for the arguments."""
    return uniform_times(*span_s(traces, lags_s), RATE_HZ)


def side_by_side(
    traces: Sequence[TraceLabel], raters: Sequence[str], at_s: Float, lags_s: Mapping[str, float] | None = None
) -> Float:
    """Put the traces of one item on common times, one row a rater.

    Args:
        traces: The traces of one item in one condition. Several traces of one rater fill each other's gaps, as two
            traces of one dimension each do.
        raters: Codes in the order of the rows; traces of others are left out.
        at_s: (m,) float64 times in seconds on the clip's PTS axis.
        lags_s: Rater code → lag in seconds to take out; 0 for raters not named.

    Returns:
        (raters, m, 2) float64 valence and arousal by `zero_order_hold`, NaN where a rater gave no value.
    """
    row_of = {rater: row for row, rater in enumerate(raters)}
    out = np.full((len(raters), len(at_s), 2), np.nan)
    for trace in traces:
        if trace.rater in row_of:
            lag_s = (lags_s or {}).get(trace.rater, 0.0)
            held = zero_order_hold(trace.samples.times_s, trace.samples.values, at_s, lag_s=lag_s)
            row = out[row_of[trace.rater]]
            np.copyto(row, held, where=np.isnan(row))
    return out
