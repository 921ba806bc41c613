"""The rule that decides which traces count, for gold standards, training, agreement, playback and export."""

from collections.abc import Iterable
from typing import Final, Literal

from app.domain.project import TraceRecord
from app.domain.trace_quality import TraceQuality

Reason = Literal["calibration", "practice", "recording", "interrupted", "abandoned", "declined", "empty"]

_OF_STATUS: Final[dict[str, Reason]] = {
    "recording": "recording",
    "interrupted": "interrupted",
    "abandoned": "abandoned",
}


LEAST_COVERED: Final = 0.5
"""Smallest share of an item's time that a trace must cover; less says too little about the rest."""


def keepable(quality: TraceQuality | None) -> bool:
    """Decide whether a trace may be kept. One that is empty, or mostly empty, must be given again.

    Args:
        quality: Measures of the trace; None where not one sample was saved.
    """
    return quality is not None and "empty" not in quality.flags and quality.covered_share >= LEAST_COVERED


def why_not(trace: TraceRecord) -> Reason | None:
    """Give the reason why a trace does not count.

    Args:
        trace: A stored trace of any status.

    Returns:
        The first reason that applies, or None where the trace counts.  "abandoned" stands for traces that the rater
        gave again and for those that a reviewer rejected; "declined" for a rater who said afterwards that the item
        cannot be judged; "empty" for less than `LEAST_COVERED` of the item's time, where that was measured.
    """
    if trace.calibration:
        return "calibration"
    if trace.practice:
        return "practice"
    if trace.status in _OF_STATUS:
        return _OF_STATUS[trace.status]
    if trace.declined:
        return "declined"
    covered = float(trace.quality.get("covered_share", 1.0))
    empty = not trace.n_samples or "empty" in trace.quality.get("flags", ()) or covered < LEAST_COVERED
    return "empty" if empty else None


def counting(traces: Iterable[TraceRecord]) -> list[TraceRecord]:
    """Choose the traces that count: the newest revision of each study, item, rater, condition, pass and dimension.

    Args:
        traces: Stored traces of any status, in any order.

    Returns:
        Those that count, oldest first.
    """
    newest: dict[tuple[object, ...], TraceRecord] = {}
    for trace in traces:
        if why_not(trace) is not None:
            continue
        key = (trace.study_id, trace.item_id, trace.rater_id, trace.condition, trace.pass_no, trace.dimensions)
        if key not in newest or newest[key].revision < trace.revision:
            newest[key] = trace
    return sorted(newest.values(), key=lambda trace: trace.id)
