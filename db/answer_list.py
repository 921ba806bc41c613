"""Answers and traces of a study as a reviewer's list shows them, one row each. The queries bypass the ORM for speed."""

from math import nan
from typing import Any

import numpy as np
from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.corrections import VOIDED, ListedAnswer
from db.answer_columns import AnswerColumns
from db.project import Source, reading
from db.schema import Answer, Intensity, Item, Presentation, Rater, ReviewNote, Term, Trace
from db.unseen import unseen


def answers(source: Source, study_id: int) -> list[ListedAnswer]:
    """List the current answers of a study, oldest first, with those to practice and attention checks."""
    with reading(source) as session:
        voided = session.scalar(select(Term.id).where(Term.text == VOIDED)) or -1
        gone = func.sum(case((Intensity.missing_id == voided, 1), else_=0))
        parts = (
            select(
                Intensity.answer_id.label("answer_id"),
                func.count().label("n"),
                func.sum(case((Intensity.score.is_(None), 1), else_=0)).label("missing"),
                gone.label("gone"),
            )
            .join(Answer, and_(Answer.id == Intensity.answer_id, Answer.study_id == study_id, Answer.current))
            .group_by(Intensity.answer_id)
            .subquery()
        )
        condition = Term.__table__.alias("condition")
        first = aliased(Answer)
        # When the rater gave it: a correction does not move it in the list. Only few answers have revisions.
        given_at = (
            select(first.answered_at)
            .where(
                first.study_id == Answer.study_id,
                first.rater_id == Answer.rater_id,
                first.item_id.is_not_distinct_from(Answer.item_id),
                first.condition_id.is_not_distinct_from(Answer.condition_id),
                first.pass_no == Answer.pass_no,
                first.purpose == Answer.purpose,
                first.check_name == Answer.check_name,
                first.revision == 1,
            )
            .limit(1)
            .correlate(Answer)
            .scalar_subquery()
        )
        query = (
            select(
                Answer.id,
                Rater.code,
                func.coalesce(Item.name, Answer.check_name),
                func.coalesce(condition.c.text, ""),
                Answer.pass_no,
                Answer.purpose,
                Answer.revision,
                Answer.source,
                func.coalesce(parts.c.n, 0),
                func.coalesce(parts.c.missing, 0),
                func.coalesce(parts.c.gone, 0),
                Answer.category_missing_id,
                case((Answer.revision > 1, given_at), else_=Answer.answered_at),
                Answer.simulated,
                Answer.blinded,
                Answer.passed,
                Answer.comment != "",
                unseen(),
            )
            .join(Rater, Answer.rater_id == Rater.id)
            .outerjoin(Item, Answer.item_id == Item.id)
            .outerjoin(condition, Answer.condition_id == condition.c.id)
            .outerjoin(parts, parts.c.answer_id == Answer.id)
            .where(Answer.study_id == study_id, Answer.current)
            .order_by(Answer.id)
        )
        return [_answer(found, voided) for found in session.execute(query)]


def _answer(found: Any, voided_term: int) -> ListedAnswer:
    (number, rater, item, condition, pass_no, purpose, revision, source,
     n, missing, gone, category_missing, at, simulated, blinded, passed, comment, never) = found  # fmt: skip
    state = "given" if revision == 1 else "reviewed" if source == "review" else "corrected"
    if (n or category_missing is not None) and gone == n and category_missing in (None, voided_term):
        state = "voided"
    return ListedAnswer(
        "rating", number, rater, item, condition, pass_no, purpose, revision, source, state, missing,
        nan if at is None else at, bool(simulated), bool(blinded), None if passed is None else bool(passed),
        bool(comment), bool(never),
    )  # fmt: skip


def details(source: Source, of: AnswerColumns) -> dict[int, tuple[int | None, str]]:
    """Return the (confidence, comment) of answers by their row in the columns; answers without either are left out."""
    if not of.answer.size:
        return {}
    query = select(Answer.id, Answer.confidence, Answer.comment).where(
        Answer.id.between(int(of.answer[0]), int(of.answer[-1])),
        or_(Answer.confidence.is_not(None), Answer.comment != ""),
    )
    with reading(source) as session:
        found = {number: (sure, comment) for number, sure, comment in session.execute(query)}
    wanted = np.flatnonzero(np.isin(of.answer, np.array(list(found), np.int64))).tolist()
    return {row: found[int(of.answer[row])] for row in wanted}


def traces(source: Source, study_id: int) -> list[ListedAnswer]:
    """List the study's traces, oldest first, with abandoned ones and practice but without those being recorded."""
    # Raters abandon traces too, by giving them again; reviewers reject only what counted.
    rejected = exists().where(ReviewNote.trace_id == Trace.id, ReviewNote.action == "reject")
    query = (
        select(
            Trace.dimensions,
            Trace.id,
            Rater.code,
            Item.name,
            Trace.condition,
            Trace.pass_no,
            func.coalesce(Presentation.purpose, "main"),
            Trace.revision,
            Trace.device,
            Trace.status,
            rejected,
            Trace.quality,
            func.coalesce(Trace.finished_at, Trace.started_at),
            Rater.simulated,
            Trace.blinded,
            Trace.note != "",
        )
        .join(Rater, Trace.rater_id == Rater.id)
        .join(Item, Trace.item_id == Item.id)
        .outerjoin(Presentation, Presentation.trace_id == Trace.id)
        .where(Trace.study_id == study_id, ~Trace.calibration, Trace.status != "recording")
        .order_by(Trace.id)
    )
    with reading(source) as session:
        return [_trace(found) for found in session.execute(query)]


def _trace(found: Any) -> ListedAnswer:
    (dimensions, number, rater, item, condition, pass_no, purpose, revision, device, status, rejected,
     quality, at, simulated, blinded, note) = found  # fmt: skip
    state = "rejected" if status == "abandoned" and rejected else status
    return ListedAnswer(
        dimensions, number, rater, item, condition, pass_no, purpose, revision, device, state,
        len(quality.get("flags", ())), at, bool(simulated), bool(blinded), None, bool(note),
    )  # fmt: skip
