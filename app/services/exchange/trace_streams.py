"""Streams of LSL beside a rater's trace: whether a trace may be sent, and what is kept of what came meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.trace_streams
from app.domain.foreign_measures import ForeignMeasures
from app.domain.trace_streams import clip_times
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.consent.covered import Uncovered, allowed
from app.services.consent.gate import covered_clips
from app.services.exchange.streams import in_parts, origin_of, program_of
from app.services.predict.lsl_in import ReceivedStream
from db.project import Project

MOST_TEXTS: Final = 100
"""So many different texts of a stream of markers have a column of their own."""
OTHER_TEXTS: Final = "other markers"


def trace_may_leave(project: Project, clip_id: int, rater: str) -> None:
    """Refuse to send a trace where consent does not cover that the rater's answers leave, or the clip's people.

    Args:
        project: The project.
        clip_id: Number of the clip.
        rater: Code of the rater.

    Raises:
        UserError: It does not. The message names nobody, because a rater reads it.
    """
    try:
        covered_clips(project, [db.clips.get(project, clip_id)])
        allowed(project, "export").require(raters=[rater])
    except Uncovered as error:
        raise UserError(
            "This trace is not sent by LSL, because consent does not cover that it leaves the project.",
            "Go on; the study's owner finds whose consent is missing under File → People and consent….",
        ) from error


def keep_streams(
    project: Project, trace_id: int, samples: TraceSamples, streams: Sequence[ReceivedStream]
) -> tuple[str, ...]:
    """Keep what came during a trace with it, on the clip's clock. What came in a pause, before or after it is left out.

    Args:
        project: The project, open for writing.
        trace_id: Number of the trace.
        samples: The trace as it was given.
        streams: What was received.

    Returns:
        The names of the streams of which something was kept.

    Raises:
        UserError: They cannot be saved.
    """
    made = [part for one in streams for part in _parts(one, samples)]
    if made:
        db.trace_streams.add(project, trace_id, made)
    return tuple(dict.fromkeys(part.program for part in made))


def kept_beside(
    project: Project, trace_id: int, samples: TraceSamples, streams: Sequence[ReceivedStream]
) -> UserError | None:
    """Keep what came during a trace that is saved already; return the error that prevented it, which undoes nothing."""
    try:
        keep_streams(project, trace_id, samples, streams)
    except UserError as error:
        return error
    return None


def _parts(stream: ReceivedStream, samples: TraceSamples) -> Iterator[ForeignMeasures]:
    times_s = clip_times(samples, stream.monotonic_s)
    inside = np.isfinite(times_s)
    if not inside.any():
        return
    if stream.values is not None:
        names, values = stream.channels, stream.values[inside]
    else:
        names, values = _as_columns([stream.texts[row] for row in np.flatnonzero(inside)])
    program = program_of(stream)
    yield from in_parts(ForeignMeasures(program, "", origin_of(stream), names, times_s[inside], values))


def _as_columns(texts: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return markers as columns, one for each of the most frequent texts, that are 1 where it came.

    Texts beyond `MOST_TEXTS` share a last column, because a column for each of thousands would not fit into memory.
    """
    counts = Counter(text or "marker" for text in texts)
    names = tuple(counts)
    if len(names) > MOST_TEXTS:
        often = {name for name, _ in counts.most_common(MOST_TEXTS)}
        names = (*(name for name in names if name in often), OTHER_TEXTS)
    column = {name: at for at, name in enumerate(names)}
    values = np.full((len(texts), len(names)), np.nan, np.float32)
    for row, text in enumerate(texts):
        values[row, column.get(text or "marker", len(names) - 1)] = 1
    return names, values
