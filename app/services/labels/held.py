"""Traces of one item on common times: held values, lags between raters, the clip's own frame times."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.raters
from app.agreement.traces import RaterLag, absolute_lags, relative_lags, uniform_times, zero_order_hold
from app.domain.project import ItemRecord
from app.domain.ratings import TraceRecord
from app.errors import UserError
from app.media.index import build_index
from db.project import Project

Float = NDArray[np.float64]
Align = Literal["none", "relative", "absolute"]

RATE_HZ = 25.0
"""Grid on which traces are compared."""


def check_calibrated(project: Project, raters: list[str]) -> None:
    """Absolute lags begin with one that was measured; without any, the gold standard's name would be false."""
    known = {rater.code for rater in db.raters.every(project) if rater.lag_s is not None}
    if not known & set(raters):
        raise UserError(
            "No rater's reaction lag was measured, so absolute lags cannot be removed.",
            "Let a rater follow the calibration clip first, or remove relative lags.",
        )


def held(group: list[TraceRecord], axis: int, at: Float, lags: dict[str, float]) -> tuple[list[str], Float]:
    """Raters and their (raters, n) held values of one dimension; two traces of one rater fill each other's gaps."""
    raters = sorted({t.rater for t in group})
    series = np.full((len(raters), at.size), np.nan)
    for trace in group:
        s = trace.samples
        values = zero_order_hold(s.times_s, s.values[:, axis].astype(np.float64), at, lag_s=lags.get(trace.rater, 0.0))
        row = series[raters.index(trace.rater)]
        row[np.isnan(row)] = values[np.isnan(row)]
    return raters, series


def grid(group: list[TraceRecord]) -> Float:
    """Times at `RATE_HZ` from the first to the last sample of some traces, in seconds on the clip's axis."""
    start = min(float(t.samples.times_s[0]) for t in group)
    stop = max(float(t.samples.times_s[-1]) for t in group)
    return uniform_times(start, stop, RATE_HZ)


def trace_lags(
    project: Project, groups: dict[tuple[str, str], list[TraceRecord]], raters: list[str], align: Align
) -> dict[str, float]:
    """Seconds to remove from each rater's traces: one lag per rater over all traces, 0 where none can be known.

    Args:
        project: Where calibrated lags are kept.
        groups: (condition, item) → traces.
        raters: Codes, sorted.
        align: none, relative or absolute.
    """
    if align == "none" or not raters:
        return dict.fromkeys(raters, 0.0)
    clips = []
    for group in groups.values():
        for axis in (0, 1):
            names, series = held(group, axis, grid(group), {})
            if len(names) > 1 and not np.isnan(series).all():
                block = np.full((len(raters), series.shape[1]), np.nan)
                block[[raters.index(r) for r in names]] = series
                clips.append(block)
    nothing = RaterLag(np.nan, np.nan, False, "no trace shared with another rater")
    found = relative_lags(clips, RATE_HZ) if clips else (nothing,) * len(raters)
    if align == "absolute":
        known = {r.code: r.lag_s for r in db.raters.every(project)}
        calibrated = [RaterLag(lag, 1.0, True) if (lag := known.get(r)) is not None else None for r in raters]
        found = absolute_lags(found, calibrated)
    return {r: f.lag_s if f.accepted else 0.0 for r, f in zip(raters, found, strict=True)}


def frame_times(project: Project, item: ItemRecord, group: list[TraceRecord], known: dict[int, Float | None]) -> Float:
    """The clip's frame times within the traces' span; an even grid where the clip cannot be read."""
    if item.clip_id not in known:
        known[item.clip_id] = None
        path = db.clips.get(project, item.clip_id).path
        # A clip that is gone or broken must not keep its labels from being used.
        if path.is_file():
            with suppress(UserError):
                known[item.clip_id] = np.asarray(build_index(path).times_s, dtype=np.float64)
    span = grid(group)
    frames = known[item.clip_id]
    if frames is None:
        return span
    stop = max(float(span[-1]), float(frames[-1]) if item.end_s is None else item.end_s)
    inside = frames[(frames >= span[0]) & (frames <= stop)]
    return inside if inside.size else span
