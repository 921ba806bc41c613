"""Corrections of answers and verdicts on traces as edits that can be undone.

Each edit of an answer, and each undo, adds a revision; nothing is overwritten. Of a trace only two things may change,
whether it counts and the note on it; its samples never do. Who did it and why is stored with each change
(`db.corrections`). Raters cannot do it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.answers import Answer, Circumstances, Intensity
from app.domain.changes import Edit, Kind, RowChange
from app.domain.corrections import CorrectionAction, is_voided
from app.domain.project import TraceStatus
from app.errors import UserError
from db import answers, corrections, raters
from db.edit_rows import OTHER_KINDS
from db.project import Project
from db.schema import Answer as AnswerRow
from db.schema import Trace

_JUDGED: Final = frozenset({"finished", "interrupted", "abandoned"})
"""The states of a trace that nobody is recording."""


def correct_answer(
    project: Project,
    answer_id: int,
    answer: Answer,
    title: str = "Correct answer",
    *,
    reason: str = "",
    actor: str = "",
) -> Edit:
    """Make an edit that replaces an answer by another one; apply it with `db.edits.apply`.

    Args:
        project: The open project.
        answer_id: The current answer.
        answer: The new answer, which the caller has checked against the study.
        title: Title for menus.
        reason: Why it is done, in words.
        actor: Code of the reviewer or owner who does it.

    Raises:
        KeyError: The answer does not exist.
    """
    with project.read() as session:
        stored = answers.get(session, answer_id)
        # The key never changes, the row does: the first revision's uid names them all.
        first = answers.revisions(session, stored.key)[0]
    change = RowChange("answer", first.uid, to_values(stored.answer), to_values(answer))
    return Edit(title, (change,) if change.before != change.after else (), reason, actor)


def judge_trace(
    project: Project,
    trace_id: int,
    title: str,
    *,
    status: TraceStatus | None = None,
    note: str | None = None,
    reason: str = "",
    actor: str = "",
) -> Edit:
    """Make an edit that decides whether a trace counts, or that changes the note on it; None leaves either as it is.

    Args:
        project: The open project.
        trace_id: Number of the trace.
        title: Title for menus.
        status: "abandoned" for a trace that does not count, "finished" for one that does.
        note: Free text.
        reason: Why it is done, in words.
        actor: Code of the reviewer or owner who does it.

    Raises:
        KeyError: The trace does not exist.
    """
    with project.read() as session:
        row = session.get(Trace, trace_id)
        if row is None:
            raise KeyError(f"no trace {trace_id}")
        before = {"status": row.status, "note": row.note}
        uid = row.uid
    wanted = {"status": status, "note": note}
    after = {name: before[name] if value is None else value for name, value in wanted.items()}
    change = RowChange("trace", uid, before, after)
    return Edit(title, (change,) if before != after else (), reason, actor)


def apply_answer(session: Session, change: RowChange, edit: Edit) -> tuple[Kind, int]:
    """Add the revision that a change asks for.

    Raises:
        UserError: A rater asks for it, or the answer is no longer what the edit expects, so somebody's later change
            would be lost.
    """
    _refuse_raters(session, edit.actor)
    if change.before is None or change.after is None:
        raise ValueError("edits neither make nor remove answers")
    first = session.scalar(select(AnswerRow.id).where(AnswerRow.uid == change.key))
    history = answers.revisions(session, answers.get(session, first).key) if first is not None else []
    current = next((one for one in history if one.current), None)
    if current is None or to_values(current.answer) != change.before:
        raise UserError("This answer was changed meanwhile.", "Look at it again, then repeat your change.")
    around = Circumstances(**{**asdict(current.circumstances), "source": "review", "blinded": False})
    answer = to_answer(change.after)
    new = answers.NewAnswer(current.key, answer, around, answers.moment(), current.simulated)
    number = answers.add(session, new)
    action: CorrectionAction = "correct"
    if is_voided(answer) != is_voided(current.answer):
        action = "void" if is_voided(answer) else "restore"
    corrections.add(session, "undo" if edit.undoes else action, edit.reason, edit.actor, answer_id=number)
    return "answer", number


def apply_trace(session: Session, change: RowChange, edit: Edit) -> tuple[Kind, int]:
    """Set whether a trace counts, and its note.

    Raises:
        UserError: A rater asks for it, the trace is being recorded, or it is no longer what the edit expects.
    """
    _refuse_raters(session, edit.actor)
    if change.before is None or change.after is None or change.after.keys() != {"status", "note"}:
        raise ValueError("of traces only the state and the note can be edited")
    row = session.scalar(select(Trace).where(Trace.uid == change.key))
    if row is None or {"status": row.status, "note": row.note} != change.before:
        raise UserError("This trace was changed meanwhile.", "Look at it again, then repeat your change.")
    if not {row.status, change.after["status"]} <= _JUDGED:
        raise UserError("This trace is still being recorded.", "Wait until it is finished, then judge it.")
    action: CorrectionAction = "note"
    if row.status != change.after["status"]:
        action = "reject" if change.after["status"] == "abandoned" else "accept"
    row.status, row.note = change.after["status"], change.after["note"]
    session.flush()
    corrections.add(session, "undo" if edit.undoes else action, edit.reason, edit.actor, trace_id=row.id)
    return "trace", row.id


def _refuse_raters(session: Session, actor: str) -> None:
    """Refuse raters: only reviewers and owners change answers. An empty actor is whoever runs the program."""
    who = raters.by_code(session, actor) if actor else None
    if who is not None and who.role == "rater":
        raise UserError("A rater cannot change what was answered.", "Ask the study's owner or a reviewer.")


def to_values(answer: Answer) -> dict[str, Any]:
    """Turn an answer into plain values, whose order does not depend on that of the sliders."""
    values = asdict(answer)
    values["intensities"] = {name: values["intensities"][name] for name in sorted(values["intensities"])}
    return values


def to_answer(values: dict[str, Any]) -> Answer:
    """Turn plain values into an answer again."""
    parts = {name: Intensity(**part) for name, part in values["intensities"].items()}
    return Answer(**{**values, "intensities": parts})


OTHER_KINDS["answer"] = apply_answer
OTHER_KINDS["trace"] = apply_trace
