"""Answers that judge what was never shown, which queries find, count and leave out of analyses.

A trigger refuses new ones (migration 0004). Those that an older version stored stay but do not count. The rule is in
`app.domain.shown`; `shown_row` and `not_shown` apply it to rows.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.shown import was_shown
from db.presentations import record
from db.project import Source, reading
from db.schema import Answer, Intensity, Presentation

_FRAMES_LOST = func.coalesce(Presentation.detail["frames_face_lost"].as_integer(), 0)
_NOT_SHOWN = and_(
    Presentation.item_id.is_not(None),
    or_(
        Presentation.judgeable.is_(False),
        and_(
            Presentation.judgeable.is_(None),
            or_(Presentation.plays <= 0, Presentation.frames_shown <= _FRAMES_LOST),
        ),
    ),
)
_FROM_NOWHERE = select(Presentation.id).where(_NOT_SHOWN)


def shown_row(row: Presentation) -> bool:
    """Return whether a presentation was enough to judge what it showed."""
    return was_shown(record(row))


def not_shown() -> ColumnElement[bool]:
    """Return the condition under which an answer was given without a presentation that was enough.

    A correction inherits the presentation of the corrected answer.  Imported and simulated answers need none.
    """
    return or_(
        and_(Answer.source == "screen", Answer.presentation_id.is_(None)),
        and_(Answer.source.in_(("screen", "review")), Answer.presentation_id.in_(_FROM_NOWHERE)),
    )


def unseen() -> ColumnElement[bool]:
    """Return the condition under which an answer judges what was never shown.

    An answer in which everything is missing does not.
    """
    scored = select(Intensity.answer_id).where(Intensity.answer_id == Answer.id, Intensity.score.is_not(None)).exists()
    return and_(not_shown(), or_(Answer.category_id.is_not(None), scored))


def count(source: Source, study_id: int | None = None) -> int:
    """Return how many current answers that would be analysed judge what was never shown.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all.
    """
    query = select(func.count()).where(Answer.current, Answer.purpose == "main", unseen())
    if study_id is not None:
        query = query.where(Answer.study_id == study_id)
    with reading(source) as session:
        return session.scalar(query) or 0


def numbers(source: Source, study_id: int, *, main_only: bool = False) -> list[int]:
    """Return the numbers of the study's current answers that judge what was never shown, ascending.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study.
        main_only: Whether to leave practice and attention checks out.
    """
    query = select(Answer.id).where(Answer.study_id == study_id, Answer.current, unseen()).order_by(Answer.id)
    if main_only:
        query = query.where(Answer.purpose == "main")
    with reading(source) as session:
        return list(session.scalars(query))


def sources(source: Source, study_id: int | None = None) -> dict[str, int]:
    """Return how many current answers to the study's items each source gave, without those on what was never shown.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all.
    """
    came = select(Answer.source, func.count()).where(Answer.current, Answer.purpose == "main", ~unseen())
    if study_id is not None:
        came = came.where(Answer.study_id == study_id)
    with reading(source) as session:
        return dict(session.execute(came.group_by(Answer.source)).all())
