"""What came while a clip was recorded, by the Lab Streaming Layer or from the eyes, stored on the clip's own clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

import db.foreign_measures
import db.imports
from app.domain.foreign_measures import ForeignMeasures
from app.domain.project import ClipRecord
from app.domain.words import figure, many
from app.jobs import Context
from app.services.exchange.plan import PlannedNote
from app.services.exchange.store import store_events
from app.services.predict.lsl_in import ReceivedStream
from db.blobs import MAX_BYTES
from db.project import Project

LONGEST_NAME: Final = 100
"""Characters of the name of a program in a project."""


def store_streams(
    project: Project, clip: ClipRecord, streams: Sequence[ReceivedStream], first_s: float, ctx: Context | None = None
) -> str:
    """Store streams with the clip that was recorded meanwhile, in one act that can be taken back like an import.

    Channels of numbers become measurements, which are drawn under the timeline; markers become notes.

    Args:
        project: The project, open for writing.
        clip: The clip.
        streams: What was received.
        first_s: When the clip's first frame came, on the clock of `time.monotonic`.
        ctx: Receives the progress, and can cancel; then nothing is stored.

    Returns:
        What was stored, in a few words; empty where nothing was.

    Raises:
        Cancelled: The user cancelled.
    """
    notes = [note for one in streams for note in _notes(clip, one, first_s)]
    measures = [part for one in streams for part in _measures(clip, one, first_s)]
    if not notes and not measures:
        return ""
    with project.write() as session:
        then = db.imports.before(session)
        markers = store_events(session, notes, ctx or Context())
        for part in measures:
            db.foreign_measures.add(session, clip.id, part)
        db.imports.note_added(session, then, [f"Streams recorded with {clip.name}"])
    programs = dict.fromkeys(part.program for part in measures)
    told = [f"the channels of {', '.join(programs)}"] if programs else []
    return " and ".join(told + ([many(markers, "marker")] if markers else []))


def _notes(clip: ClipRecord, stream: ReceivedStream, first_s: float) -> Iterator[PlannedNote]:
    for time_s, text in zip((stream.monotonic_s - first_s).tolist(), stream.texts, strict=False):
        if 0 <= time_s <= clip.duration_s:
            yield PlannedNote(clip, "point", time_s, None, stream.name, text, "")


def _measures(clip: ClipRecord, stream: ReceivedStream, first_s: float) -> Iterator[ForeignMeasures]:
    """Yield the numbers within the clip, in parts that a project can hold."""
    if stream.values is None:
        return
    times_s = stream.monotonic_s - first_s
    inside = (times_s >= 0) & (times_s <= clip.duration_s)
    times_s, values = times_s[inside], stream.values[inside]
    program = program_of(stream)
    yield from in_parts(ForeignMeasures(program, "", origin_of(stream), stream.channels, times_s, values))


def in_parts(whole: ForeignMeasures) -> Iterator[ForeignMeasures]:
    """Yield measures in parts that a project can hold."""
    rows = MAX_BYTES // max(whole.values.itemsize * whole.values.shape[1], whole.times_s.itemsize)
    for part in range(0, len(whole.times_s), rows):
        values = np.ascontiguousarray(whole.values[part : part + rows])
        yield replace(whole, times_s=whole.times_s[part : part + rows], values=values)


def program_of(stream: ReceivedStream) -> str:
    """Return the name under which a stream's numbers are kept, cut to what a project can hold."""
    return (stream.program or f"LSL {stream.name}")[:LONGEST_NAME]


def origin_of(stream: ReceivedStream) -> str:
    """Return where a stream came from, and how its clock was brought to ours."""
    if stream.origin:
        return stream.origin
    place = f" of {stream.host}" if stream.host else ""
    if stream.correction_s is None:
        return f"{stream.name}{place}, clocks not compared"
    return f"{stream.name}{place}, clock corrected by {figure(stream.correction_s, 6, sign=True)} s"
