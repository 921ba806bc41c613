"""Streams of LSL beside a rater's trace: whether a trace may be sent, and what is kept of what came meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from app.services.exchange.streams import in_parts, origin_of
from app.services.predict.lsl_in import ReceivedStream
from db.project import Project


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


def _parts(stream: ReceivedStream, samples: TraceSamples) -> Iterator[ForeignMeasures]:
    times_s = clip_times(samples, stream.monotonic_s)
    inside = np.isfinite(times_s)
    if not inside.any():
        return
    if stream.values is not None:
        names, values = stream.channels, stream.values[inside]
    else:
        names, values = _as_columns([stream.texts[row] for row in np.flatnonzero(inside)])
    program = stream.program or f"LSL {stream.name}"
    yield from in_parts(ForeignMeasures(program, "", origin_of(stream), names, times_s[inside], values))


def _as_columns(texts: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return markers as columns, one for each text, that are 1 where it came."""
    names = tuple(dict.fromkeys(text or "marker" for text in texts))
    values = np.full((len(texts), len(names)), np.nan, np.float32)
    for row, text in enumerate(texts):
        values[row, names.index(text or "marker")] = 1
    return names, values
