"""Puts the traces of one item on common times: held values, lags between raters, the clip's own frame times."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.raters
from app.agreement.lags import lags_of_sums
from app.agreement.trace_sums import trace_sums
from app.agreement.traces import RaterLag, absolute_lags
from app.domain.holding import SAME_S
from app.domain.project import ItemRecord
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, span_s
from app.errors import UserError
from app.media.index import build_index
from db.project import Project

Float = NDArray[np.float64]
Align = Literal["none", "relative", "absolute"]


def check_calibrated(project: Project, raters: list[str]) -> None:
    """Refuse absolute lags if none was measured, because the gold standard's name would then be false."""
    known = {rater.code for rater in db.raters.every(project) if rater.lag_s is not None}
    if not known & set(raters):
        raise UserError(
            "No rater's reaction lag was measured, so absolute lags cannot be removed.",
            "Let a rater follow the calibration clip first, or remove relative lags.",
        )


@dataclass(frozen=True)
class TraceLags:
    """The lags that are removed from traces, those that are not and why, and the raters who are set aside.

    Attributes:
        lags_s: Seconds to remove by the rater's code; 0 if the lag cannot be known.
        not_removed: For each rater whose lag is not removed although lags were asked for, the code and the reason.
        aside: For each rater who is set aside for lags and gold standards, the code and the reason.
    """

    lags_s: dict[str, float]
    not_removed: dict[str, str]
    aside: dict[str, str]

    @property
    def notes(self) -> list[str]:
        """Sentences for the reader of any result."""
        return [set_aside_note(rater, why) for rater, why in self.aside.items()] + [
            f"No lag is removed from the traces of {rater}: {why}." for rater, why in self.not_removed.items()
        ]


def set_aside_note(rater: str, why: str) -> str:
    """Say who is set aside, why, and that the rater can be taken back."""
    return (
        f"Rater {rater} {why} and is set aside for lags and gold standards of traces; --take-back {rater}, or a press "
        "on the Traces page, counts the rater."
    )


def trace_lags(
    project: Project, traces: Sequence[TraceLabel], align: Align, take_back: Sequence[str] = ()
) -> TraceLags:
    """Find one lag for each rater over all traces, and the raters who are set aside.

    Args:
        project: The project that holds calibrated lags.
        traces: The traces of one pass.
        align: "none", "relative" or "absolute".
        take_back: Codes of raters who are not set aside.
    """
    sums = trace_sums(traces)
    raters = sums.raters
    aside = {rater: why for rater, why in sums.aside.items() if rater not in take_back}
    if align == "none" or not raters:
        return TraceLags(dict.fromkeys(raters, 0.0), {}, aside)
    nothing = RaterLag(np.nan, np.nan, False, "no trace is shared with another rater")
    found = (
        lags_of_sums(sums.both, RATE_HZ, leave_out=sums.rows(list(aside))) if sums.items else (nothing,) * len(raters)
    )
    if align == "absolute":
        known = {r.code: r.lag_s for r in db.raters.every(project)}
        calibrated = [RaterLag(lag, 1.0, True) if (lag := known.get(r)) is not None else None for r in raters]
        found = absolute_lags(found, calibrated)
    why = {r: f.reason for r, f in zip(raters, found, strict=True) if not f.accepted and r not in aside}
    return TraceLags({r: f.lag_s if f.accepted else 0.0 for r, f in zip(raters, found, strict=True)}, why, aside)


def frame_times(project: Project, item: ItemRecord, group: list[TraceLabel], lags: dict[str, float]) -> Float:
    """Return the times of an item's frames from the first to the last sample of its traces.

    If the clip cannot be read, the times are evenly spaced.

    Args:
        project: The project that holds the clip.
        item: The item that was traced; times outside it are left out.
        group: The traces of the item, at least one.
        lags: The lag in seconds to remove by the rater's code; it moves a rater's start and end.

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
