"""What reviewers did to answers and traces, and why. Rows are only added, each together with the change it reports."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from sqlalchemy import select

from app.domain.corrections import CorrectionAction, CorrectionNote
from db.project import Source, reading, writing
from db.schema import ReviewNote as Row


def add(
    source: Source,
    action: CorrectionAction,
    reason: str,
    actor: str,
    *,
    answer_id: int | None = None,
    trace_id: int | None = None,
) -> None:
    """Write one line.

    Args:
        source: The project, or the session of the change itself.
        action: What was done.
        reason: Why it is done, in words.
        actor: Code of the person who did it.
        answer_id: Number of the revision that it made, for answers.
        trace_id: Number of the trace, for traces.
    """
    with writing(source) as session:
        session.add(Row(action=action, reason=reason, actor=actor, answer_id=answer_id, trace_id=trace_id))
        session.flush()


def of_answers(source: Source, answer_ids: Sequence[int]) -> dict[int, CorrectionNote]:
    """Return the note on each correction by the number of the revision that it made.

    Revisions that a rater gave are left out.
    """
    with reading(source) as session:
        rows = session.scalars(select(Row).where(Row.answer_id.in_(answer_ids)).order_by(Row.id))
        return {row.answer_id: _record(row) for row in rows if row.answer_id is not None}


def of_traces(source: Source, trace_ids: Sequence[int]) -> dict[int, list[CorrectionNote]]:
    """Return what reviewers did to traces by the trace's number, oldest first."""
    found: dict[int, list[CorrectionNote]] = defaultdict(list)
    with reading(source) as session:
        for row in session.scalars(select(Row).where(Row.trace_id.in_(trace_ids)).order_by(Row.id)):
            if row.trace_id is not None:
                found[row.trace_id].append(_record(row))
    return dict(found)


def _record(row: Row) -> CorrectionNote:
    return CorrectionNote(cast(CorrectionAction, row.action), row.reason, row.actor, row.at)
