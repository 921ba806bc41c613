"""Corrections of answers as edits that can be undone: each way adds a revision, nothing is overwritten."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.answers import Answer, Circumstances, Intensity
from app.errors import UserError
from db import answers
from db.edit_rows import OTHER_KINDS, Edit, RowChange
from db.project import Project
from db.schema import Answer as AnswerRow


def correct_answer(project: Project, answer_id: int, answer: Answer, title: str = "Correct answer") -> Edit:
    """An edit that puts another answer in the place of one; apply it with `db.edits.apply`.

    Args:
        project: Where.
        answer_id: The current answer.
        answer: What it shall say; the caller has checked it against the study.
        title: For menus.

    Raises:
        KeyError: There is no such answer.
    """
    with project.read() as session:
        stored = answers.get(session, answer_id)
        # The key never changes, the row does: the first revision's uid names them all.
        first = answers.revisions(session, stored.key)[0]
    change = RowChange("answer", first.uid, to_values(stored.answer), to_values(answer))
    return Edit(title, (change,) if change.before != change.after else ())


def apply_answer(session: Session, change: RowChange) -> tuple[str, int]:
    """Add the revision that a change asks for.

    Raises:
        UserError: The answer is no longer what the edit expects, so somebody's later change would be lost.
    """
    if change.before is None or change.after is None:
        raise ValueError("answers are neither made nor removed by edits")
    first = session.scalar(select(AnswerRow.id).where(AnswerRow.uid == change.key))
    history = answers.revisions(session, answers.get(session, first).key) if first is not None else []
    current = next((one for one in history if one.current), None)
    if current is None or to_values(current.answer) != change.before:
        raise UserError("The answer was changed meanwhile.", "Look at it again and repeat your change.")
    around = Circumstances(**{**asdict(current.circumstances), "source": "review", "blinded": False})
    new = answers.NewAnswer(current.key, to_answer(change.after), around, answers.moment(), current.simulated)
    return "answer", answers.add(session, new)


def to_values(answer: Answer) -> dict[str, Any]:
    """Plain values, in the same order whatever the order of the sliders."""
    values = asdict(answer)
    values["intensities"] = {name: values["intensities"][name] for name in sorted(values["intensities"])}
    return values


def to_answer(values: dict[str, Any]) -> Answer:
    """The way back."""
    parts = {name: Intensity(**part) for name, part in values["intensities"].items()}
    return Answer(**{**values, "intensities": parts})


OTHER_KINDS["answer"] = apply_answer
