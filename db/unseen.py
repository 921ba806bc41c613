"""Answers that judge what was never shown, which queries find, count and leave out of analyses.

A trigger refuses new ones (migration 0004). Those that an older version stored stay but do not count. The rule is in
`app.domain.shown`; `shown_row` and `not_shown` apply it to rows.
"""

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

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
    return and_(not_shown(), _judges())


def _judges() -> ColumnElement[bool]:
    """Return the condition under which an answer has a score or a category."""
    scored = select(Intensity.answer_id).where(Intensity.answer_id == Answer.id, Intensity.score.is_not(None)).exists()
    return or_(Answer.category_id.is_not(None), scored)


def _given_by() -> ColumnElement[str]:
    """Return the source of an answer; that of a correction is the source of the answer it corrects."""
    first = aliased(Answer)
    given = (
        select(first.source)
        .where(
            first.study_id == Answer.study_id,
            first.rater_id == Answer.rater_id,
            first.item_id.is_not_distinct_from(Answer.item_id),
            first.condition_id.is_not_distinct_from(Answer.condition_id),
            first.pass_no == Answer.pass_no,
            first.purpose == Answer.purpose,
            first.check_name == Answer.check_name,
        )
        .order_by(first.revision)
        .limit(1)
        .correlate(Answer)
        .scalar_subquery()
    )
    return case((Answer.source == "review", given), else_=Answer.source)


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
    """Return how many current answers to the study's items each source gave.

    Answers on what was never shown do not count, nor do those in which everything is missing, such as voided ones.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all.
    """
    by = _given_by().label("given_by")
    came = select(by, func.count()).where(Answer.current, Answer.purpose == "main", _judges(), ~not_shown())
    if study_id is not None:
        came = came.where(Answer.study_id == study_id)
    with reading(source) as session:
        return dict(session.execute(came.group_by(by)).all())
