"""Continuous traces: appended while they are given, never changed afterwards."""

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
from sqlalchemy import case, delete, exists, func, select
from sqlalchemy.orm import Session

from app.domain.project import TraceRecord, TraceStart, TraceStatus
from app.domain.slots import TRACES
from app.domain.traces import Dimensions, TraceSamples
from db import owners, sights
from db.blobs import pack, unpack
from db.project import Project, Source, reading, writing
from db.schema import Clip, FaceTrack, Item, Presentation, Rater, Trace, TraceChunk, now

_PRACTICE = exists().where(Presentation.trace_id == Trace.id, Presentation.purpose != "main")
_KIND = case(dict(TRACES), value=Trace.dimensions)
# Who says "cannot judge" gives no trace, so that the word stands with the presentation alone.
_DECLINED = exists().where(
    Presentation.study_id == Trace.study_id,
    Presentation.rater_id == Trace.rater_id,
    Presentation.item_id == Trace.item_id,
    Presentation.condition == Trace.condition,
    Presentation.pass_no == Trace.pass_no,
    Presentation.purpose == "main",
    Presentation.kind == _KIND,
    Presentation.started_at >= Trace.started_at,
    Presentation.detail["missing_reason"].as_string().is_not(None),
)
_RECORDING: Final = "SELECT id, uid, owner, started_at FROM trace WHERE status = 'recording'"
"""This is plain text because it runs at every opening, and building a statement would take longer than all the rest."""
FAR_S: Final = 86_400.0
"""Seconds after which a trace that another machine records on a server counts as broken off."""
_ENDED: Final = "The program ended while this was recorded."
_SELECT = select(Trace, Rater.code, Rater.simulated, _PRACTICE, _DECLINED).join(Rater, Trace.rater_id == Rater.id)


def _record(row: Trace, rater: str, simulated: bool, practice: bool, declined: bool) -> TraceRecord:
    return TraceRecord(
        id=row.id,
        uid=row.uid,
        study_id=row.study_id,
        study_version=row.study_version,
        item_id=row.item_id,
        rater_id=row.rater_id,
        rater=rater,
        simulated=simulated,
        condition=row.condition,
        pass_no=row.pass_no,
        revision=row.revision,
        dimensions=cast(Dimensions, row.dimensions),
        blinded=row.blinded,
        calibration=row.calibration,
        device=row.device,
        status=cast(TraceStatus, row.status),
        media_sha256=row.media_sha256,
        track_sha256=row.track_sha256,
        quality=dict(row.quality),
        note=row.note,
        n_samples=row.n_samples,
        started_at=row.started_at,
        finished_at=row.finished_at,
        practice=practice,
        declined=declined,
    )


def begin(source: Source, start: TraceStart, *, here: bool = True) -> int:
    """Open a trace for recording; earlier ones of the same key stay, and this is the next revision.

    Until it is finished, the trace and its samples survive the end of the program but not a power failure.

    Args:
        source: The project, or a session of it, to write to.
        start: What is judged, by whom and how.
        here: Whether it is given now on this machine. Then it is blind only if nothing of its clip was shown before.

    Returns:
        The number of the trace.

    Raises:
        KeyError: The item does not exist.
    """
    with writing(source, durable=False) as session:
        found = session.execute(
            select(Clip.sha256, FaceTrack.sha256)
            .select_from(Item)
            .join(Clip, Item.clip_id == Clip.id)
            .outerjoin(FaceTrack, Item.track_id == FaceTrack.id)
            .where(Item.id == start.item_id)
        ).first()
        if found is None:
            raise KeyError(f"no item {start.item_id}")
        row = Trace(
            blinded=_blinded(session, start) if here else start.blinded,
            study_id=start.study_id,
            study_version=start.study_version,
            item_id=start.item_id,
            rater_id=start.rater_id,
            condition=start.condition,
            pass_no=start.pass_no,
            revision=_next_revision(session, start),
            dimensions=start.dimensions,
            calibration=start.calibration,
            device=start.device,
            status="recording",
            media_sha256=found[0],
            track_sha256=start.track_sha256 or found[1],
            owner=session.info["owner"],
        )
        if start.uid is not None:
            row.uid = start.uid
        session.add(row)
        session.flush()
        return row.id


def _blinded(session: Session, start: TraceStart) -> bool:
    """Return whether a trace is given blind: nothing is in sight, and nothing of its clip had been shown before."""
    if not start.blinded or start.calibration or session.get_one(Rater, start.rater_id).simulated:
        return start.blinded
    return not sights.led(session, start.rater_id, start.item_id, now(), here=True)


def _next_revision(session: Session, start: TraceStart) -> int:
    same_study = Trace.study_id.is_(None) if start.study_id is None else Trace.study_id == start.study_id
    newest = session.scalar(
        select(func.max(Trace.revision)).where(
            same_study,
            Trace.rater_id == start.rater_id,
            Trace.item_id == start.item_id,
            Trace.condition == start.condition,
            Trace.pass_no == start.pass_no,
            Trace.dimensions == start.dimensions,
        )
    )
    return (newest or 0) + 1


def append(source: Source, trace_id: int, samples: TraceSamples) -> None:
    """Add samples to a running trace. When this returns, they survive the end of the program.

    They survive a power failure once the trace is finished.

    Raises:
        ValueError: The trace is finished or abandoned.
    """
    if len(samples) == 0:
        return
    chunk = _chunk(samples)
    with writing(source, durable=False) as session:
        _add_chunk(session, trace_id, chunk)


def _chunk(samples: TraceSamples) -> TraceChunk:
    return TraceChunk(
        n_samples=len(samples),
        times_s=pack(samples.times_s.astype(np.float64, copy=False)),
        values=pack(samples.values.astype(np.float32, copy=False)),
        monotonic_s=pack(samples.monotonic_s.astype(np.float64, copy=False)),
    )


def _add_chunk(session: Session, trace_id: int, chunk: TraceChunk) -> None:
    newest = select(func.max(TraceChunk.seq)).where(TraceChunk.trace_id == trace_id).scalar_subquery()
    status, seq = session.execute(select(Trace.status, newest).where(Trace.id == trace_id)).one()
    if status == "interrupted":
        # Another machine took us for dead (it cannot see our processes). We are not: go on, nothing is lost.
        resume(session, trace_id)
    elif status != "recording":
        raise ValueError(f"trace {trace_id} is {status}: nothing can be added")
    chunk.trace_id, chunk.seq = trace_id, 0 if seq is None else seq + 1
    session.add(chunk)
    session.flush()


def resume(source: Source, trace_id: int) -> None:
    """Continue a trace that was broken off; any other stays as it is."""
    with writing(source) as session:
        row = session.get_one(Trace, trace_id)
        if row.status == "interrupted":
            row.status, row.finished_at, row.owner, row.note = "recording", None, session.info["owner"], ""


def finish(
    source: Source,
    trace_id: int,
    status: TraceStatus = "finished",
    *,
    quality: dict[str, Any] | None = None,
    note: str = "",
) -> TraceRecord:
    """Close a trace, whose chunks become one with the same samples.

    Args:
        source: The project, or a session of it, to write to.
        trace_id: Number of the trace.
        status: "finished", "abandoned" (kept, but not used) or "interrupted".
        quality: Flags such as late start, gaps, idle, saturation, which are added to the present ones.
        note: Free text.
    """
    with writing(source) as session:
        row = session.get_one(Trace, trace_id)
        if row.status == "recording":
            samples = _samples(session, row)
            if len(samples):
                session.execute(delete(TraceChunk).where(TraceChunk.trace_id == trace_id))
                whole = _chunk(samples)
                whole.trace_id, whole.seq = trace_id, 0
                session.add(whole)
            row.status, row.finished_at, row.n_samples, row.owner = status, now(), len(samples), ""
        if quality is not None:
            row.quality = {**row.quality, **quality}
        if note:
            row.note = note
        session.flush()
        return _record(*session.execute(_SELECT.where(Trace.id == trace_id)).one())


def abandon(source: Source, trace_id: int) -> TraceRecord:
    """Mark a finished trace as not counting, such as one that is given again; its samples stay."""
    with writing(source) as session:
        row = session.get_one(Trace, trace_id)
        if row.status == "recording":
            return finish(session, trace_id, "abandoned")
        row.status = "abandoned"
        session.flush()
        return _record(*session.execute(_SELECT.where(Trace.id == trace_id)).one())


def add(
    source: Source,
    start: TraceStart,
    samples: TraceSamples,
    *,
    quality: dict[str, Any] | None = None,
    note: str = "",
) -> TraceRecord:
    """Store a whole trace at once, which is imported, merged or simulated; see `finish` for quality and note."""
    with writing(source) as session:
        trace_id = begin(session, start, here=False)
        append(session, trace_id, samples)
        return finish(session, trace_id, quality=quality, note=note)


def get(source: Source, trace_id: int) -> TraceRecord:
    """Return one trace by number.

    Raises:
        KeyError: The trace does not exist.
    """
    with reading(source) as session:
        found = session.execute(_SELECT.where(Trace.id == trace_id)).first()
    if found is None:
        raise KeyError(f"no trace {trace_id}")
    return _record(*found)


def by_uid(source: Source, uid: str) -> TraceRecord | None:
    """Return the trace with this uid, wherever it was recorded; None where there is none."""
    with reading(source) as session:
        found = session.execute(_SELECT.where(Trace.uid == uid)).first()
    return None if found is None else _record(*found)


def samples(source: Source, trace_id: int) -> TraceSamples:
    """Return the raw samples of a trace, even of a running one.

    Raises:
        KeyError: The trace does not exist.
        BlobError: The trace's bytes are damaged.
    """
    with reading(source) as session:
        row = session.get(Trace, trace_id)
        if row is None:
            raise KeyError(f"no trace {trace_id}")
        return _samples(session, row)


def stored(source: Source, trace_id: int) -> int:
    """Return the number of samples that the project has of a trace, even of a running one."""
    with reading(source) as session:
        return session.scalar(select(func.sum(TraceChunk.n_samples)).where(TraceChunk.trace_id == trace_id)) or 0


def _samples(session: Session, row: Trace) -> TraceSamples:
    columns = select(TraceChunk.times_s, TraceChunk.values, TraceChunk.monotonic_s)
    chunks = session.execute(columns.where(TraceChunk.trace_id == row.id).order_by(TraceChunk.seq)).all()
    return TraceSamples(
        times_s=np.concatenate([np.zeros(0), *(unpack(times) for times, _, _ in chunks)]),
        values=np.concatenate([np.zeros((0, 2), np.float32), *(unpack(values) for _, values, _ in chunks)]),
        monotonic_s=np.concatenate([np.zeros(0), *(unpack(clock) for _, _, clock in chunks)]),
        device=row.device,
    )


def for_item(
    source: Source, item_id: int, *, usable_only: bool = True, rater_id: int | None = None
) -> list[tuple[TraceRecord, TraceSamples]]:
    """Return the traces of an item with their samples, oldest first.

    Args:
        source: The project, or a session of it, to read from.
        item_id: Number of the item.
        usable_only: Whether to leave out abandoned and running traces and those without samples.
            `app.domain.trace_rules` decides which of the others count.
        rater_id: Number of the rater to keep to, which a rater's own screens must pass; None for all.
    """
    query = _SELECT.where(Trace.item_id == item_id).order_by(Trace.id)
    if rater_id is not None:
        query = query.where(Trace.rater_id == rater_id)
    if usable_only:
        query = query.where(Trace.status.in_(("finished", "interrupted")), Trace.n_samples > 0)
    with reading(source) as session:
        return [(_record(*found), _samples(session, found[0])) for found in session.execute(query).all()]


def every(source: Source, *, study_id: int | None = None, usable_only: bool = True) -> list[TraceRecord]:
    """Return traces without their samples, oldest first.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all.
        usable_only: Whether to leave out abandoned and running traces and those without samples.
            `app.domain.trace_rules` decides which of the others count.
    """
    query = _SELECT.order_by(Trace.id)
    if study_id is not None:
        query = query.where(Trace.study_id == study_id)
    if usable_only:
        query = query.where(Trace.status.in_(("finished", "interrupted")), Trace.n_samples > 0)
    with reading(source) as session:
        return [_record(*found) for found in session.execute(query)]


def recover(project: Project, given: Mapping[str, TraceSamples] | None = None) -> list[str]:
    """Close traces that a dead process or a closed project left open, as interrupted and with the flushed samples.

    Args:
        project: The project, open for writing.
        given: All samples that were given, by uid, where they are known; those that were not flushed are added.

    Returns:
        The uids of the closed traces.
    """
    with project.read() as session:
        found = session.connection().exec_driver_sql(_RECORDING)
        left = [(number, uid) for number, uid, owner, at in found if not _lasts(project, owner, at)]
    for number, uid in left:
        with project.write() as session:
            row = session.get_one(Trace, number)
            if row.status != "recording":
                continue  # another program was here first
            everything = (given or {}).get(uid)
            if everything is not None:
                _add_rest(session, row, everything)
            finish(session, number, "interrupted", note=_ENDED)
    return [uid for _, uid in left]


def _lasts(project: Project, owner: str, started_at: float) -> bool:
    """Return whether a trace may still be recorded; nobody sees from here whether another machine's program runs."""
    elsewhere = project.path is None and not owners.is_here(owner)
    return now() - started_at < FAR_S if elsewhere else owners.alive(owner)


def _add_rest(session: Session, row: Trace, given: TraceSamples) -> None:
    stored = len(_samples(session, row))
    if len(given) > stored:
        rest = TraceSamples(given.times_s[stored:], given.values[stored:], given.monotonic_s[stored:], given.device)
        _add_chunk(session, row.id, _chunk(rest))


def add_interrupted(project: Project, start: TraceStart, samples: TraceSamples) -> None:
    """Store a trace whose program ended before the trace was begun in the project.

    If its item was deleted since, nothing is stored.

    Args:
        project: The project, open for writing.
        start: The trace's beginning, with its uid.
        samples: All samples that were given.
    """
    with project.write() as session:
        known = (session.get(Item, start.item_id), session.get(Rater, start.rater_id))
        if None in known or by_uid(session, start.uid or "") is not None:
            return
        trace_id = begin(session, start)
        append(session, trace_id, samples)
        finish(session, trace_id, "interrupted", note=_ENDED)
