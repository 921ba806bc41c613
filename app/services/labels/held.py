"""Traces of one item on common times: held values, lags between raters, the clip's own frame times."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.raters
from app.agreement.traces import RaterLag, absolute_lags, relative_lags
from app.domain.holding import SAME_S
from app.domain.project import ItemRecord
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side, span_s
from app.errors import UserError
from app.media.index import build_index
from db.project import Project

Float = NDArray[np.float64]
Align = Literal["none", "relative", "absolute"]


def check_calibrated(project: Project, raters: list[str]) -> None:
    """Absolute lags begin with one that was measured; without any, the gold standard's name would be false."""
    known = {rater.code for rater in db.raters.every(project) if rater.lag_s is not None}
    if not known & set(raters):
        raise UserError(
            "No rater's reaction lag was measured, so absolute lags cannot be removed.",
            "Let a rater follow the calibration clip first, or remove relative lags.",
        )


def trace_lags(
    project: Project, groups: dict[tuple[str, str], list[TraceLabel]], raters: list[str], align: Align
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
        if len({trace.rater for trace in group}) > 1:
            block = side_by_side(group, raters, even_times(group))
            clips += [block[:, :, axis] for axis in (0, 1) if not np.isnan(block[:, :, axis]).all()]
    nothing = RaterLag(np.nan, np.nan, False, "no trace shared with another rater")
    found = relative_lags(clips, RATE_HZ) if clips else (nothing,) * len(raters)
    if align == "absolute":
        known = {r.code: r.lag_s for r in db.raters.every(project)}
        calibrated = [RaterLag(lag, 1.0, True) if (lag := known.get(r)) is not None else None for r in raters]
        found = absolute_lags(found, calibrated)
    return {r: f.lag_s if f.accepted else 0.0 for r, f in zip(raters, found, strict=True)}


def frame_times(project: Project, item: ItemRecord, group: list[TraceLabel], lags: dict[str, float]) -> Float:
    """List the item's frames from the first to the last sample of its traces; even times where the clip is unreadable.

    Args:
        project: Where the clip is.
        item: What was traced; nothing outside it is listed.
        group: Its traces, at least one.
        lags: Rater code → lag in seconds to take out, which moves a rater's start and end.

    Returns:
        (n,) float64 seconds on the clip's PTS axis, ascending.
    """
    start_s, stop_s = span_s(group, lags)
    begin_s = -np.inf if item.start_s is None else item.start_s
    end_s = np.inf if item.end_s is None else item.end_s
    for times_s in (_frames(db.clips.get(project, item.clip_id).path), even_times(group, lags)):
        # A lag that is taken out does not meet a frame exactly.
        inside = times_s[(times_s >= max(start_s, begin_s) - SAME_S) & (times_s <= min(stop_s, end_s) + SAME_S)]
        if inside.size:
            return inside
    return even_times(group, lags)


def _frames(path: Path) -> Float:
    """The clip's frame times; none of a clip that is gone or broken, which must not keep its labels from being used."""
    with suppress(OSError, UserError):
        facts = path.stat()
        return _frames_of(path, facts.st_size, facts.st_mtime_ns)
    return np.empty(0)


@lru_cache(maxsize=256)
def _frames_of(path: Path, _size: int, _changed_ns: int) -> Float:
    """Frame times of a file as it is now: drawing an item again does not read its clip again."""
    return np.asarray(build_index(path).times_s, dtype=np.float64)
