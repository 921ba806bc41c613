"""Records of what was really shown to raters.

A presentation is stored before its first frame, so that none is missed.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal, cast

from sqlalchemy import Table, bindparam, select, update

from app.domain.answers import AnswerKey, PresentationLog, PresentationStart, StoredPresentation
from app.domain.study import Purpose, TaskKind
from db import assignments
from db.prepared import Prepared
from db.project import Source, reading, writing
from db.schema import Presentation, new_uid, now

_TABLE: Final = cast(Table, Presentation.__table__)
# The columns are those of the values it is run with.
_FINISH: Final = Prepared(update(_TABLE).where(_TABLE.c.id == bindparam("presentation")))

Outcome = Literal["answered", "interrupted", "redone"]


def begin(source: Source, start: PresentationStart, *, started_at: float | None = None) -> int:
    """Note that something is about to be shown; its place in the assignment then counts as started.

    Returns:
        The presentation's number.
    """
    key = start.key
    with writing(source) as session:
        row = Presentation(
            uid=start.uid or new_uid(),
            slot_id=start.slot_id,
            study_id=key.study_id,
            rater_id=key.rater_id,
            item_id=key.item_id,
            condition=key.condition,
            pass_no=key.pass_no,
            purpose=key.purpose,
            check_name=key.check,
            kind=start.kind,
            study_version=start.study_version,
            view=start.view,
            audio=start.audio,
            media_sha256=start.media_sha256,
            track_sha256=start.track_sha256,
            geometry=dict(start.geometry),
            started_at=now() if started_at is None else started_at,
        )
        session.add(row)
        session.flush()
        if start.slot_id is not None:
            assignments.set_state(session, start.slot_id, "started")
        return row.id


def finish(
    source: Source,
    presentation_id: int,
    outcome: Outcome,
    log: PresentationLog,
    *,
    trace_id: int | None = None,
    ended_at: float | None = None,
    judgeable: bool | None = None,
) -> None:
    """Store what was shown.

    Args:
        source: The project, or a session of it, to write to.
        presentation_id: Number of the presentation.
        outcome: "answered"; "interrupted" if it will be shown again; "redone" if the rater discarded a trace.
        log: The counts of the player.
        trace_id: Number of the trace that was given on it.
        ended_at: Time of its end, seconds since the epoch; now by default.
        judgeable: Whether what was shown was enough to judge it, by `app.domain.shown`; None if this was not examined.
    """
    values = {
        "presentation": presentation_id,
        "outcome": outcome,
        "ended_at": now() if ended_at is None else ended_at,
        "frames_shown": log.frames_shown,
        "frames_dropped": log.frames_dropped,
        "plays": log.plays,
        "window_width": log.window_width,
        "window_height": log.window_height,
        "audio_played": log.audio_played,
        "first_frame_s": log.first_frame_s,
        "last_frame_s": log.last_frame_s,
        "detail": dict(log.detail),
        "judgeable": judgeable,
        "trace_id": trace_id,
    }
    with writing(source) as session:
        _FINISH.run(session, values)


def record(row: Presentation) -> StoredPresentation:
    """Return the record of a row."""
    key = AnswerKey(
        row.study_id,
        row.rater_id,
        row.item_id,
        row.condition,
        row.pass_no,
        cast(Purpose, row.purpose),
        row.check_name,
    )
    return StoredPresentation(
        id=row.id,
        uid=row.uid,
        start=PresentationStart(
            key=key,
            kind=cast(TaskKind, row.kind),
            slot_id=row.slot_id,
            study_version=row.study_version,
            view=row.view,
            audio=row.audio,
            media_sha256=row.media_sha256,
            track_sha256=row.track_sha256,
            geometry=dict(row.geometry),
            uid=row.uid,
        ),
        log=PresentationLog(
            frames_shown=row.frames_shown,
            frames_dropped=row.frames_dropped,
            plays=row.plays,
            window_width=row.window_width,
            window_height=row.window_height,
            audio_played=row.audio_played,
            first_frame_s=row.first_frame_s,
            last_frame_s=row.last_frame_s,
            detail=dict(row.detail),
        ),
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=cast(Any, row.outcome),
        trace_id=row.trace_id,
        judgeable=row.judgeable,
    )


def every(
    source: Source, study_id: int, *, rater_id: int | None = None, item_id: int | None = None
) -> list[StoredPresentation]:
    """Return presentations in the order in which they happened.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study.
        rater_id: Number of the rater to keep to; None for all.
        item_id: Number of the item to keep to; None for all.
    """
    query = select(Presentation).where(Presentation.study_id == study_id).order_by(Presentation.id)
    if rater_id is not None:
        query = query.where(Presentation.rater_id == rater_id)
    if item_id is not None:
        query = query.where(Presentation.item_id == item_id)
    with reading(source) as session:
        return [record(row) for row in session.scalars(query)]


def get(source: Source, presentation_id: int) -> StoredPresentation:
    """Return one presentation by number.

    Raises:
        KeyError: The presentation does not exist.
    """
    with reading(source) as session:
        row = session.get(Presentation, presentation_id)
        if row is None:
            raise KeyError(f"no presentation {presentation_id}")
        return record(row)


def known(source: Source, wanted: Sequence[str]) -> set[str]:
    """Return the uids, among those given, whose presentations the project has with an answer."""
    query = select(Presentation.uid).where(Presentation.uid.in_(wanted), Presentation.outcome == "answered")
    with reading(source) as session:
        return set(session.scalars(query))


def number_of(source: Source, uid: str) -> int | None:
    """Return the number of the presentation with this uid; None where there is none."""
    with reading(source) as session:
        return session.scalar(select(Presentation.id).where(Presentation.uid == uid))


def uids(source: Source, study_id: int) -> dict[str, int]:
    """Return the numbers of the study's presentations by uid."""
    query = select(Presentation.uid, Presentation.id).where(Presentation.study_id == study_id)
    with reading(source) as session:
        return dict(session.execute(query).all())
