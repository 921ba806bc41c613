"""The tasks that a rater has in a study: which study, the next tasks, the progress and the answers so far."""

from __future__ import annotations

from dataclasses import dataclass

import db.answers
import db.assignments
import db.studies
from app.domain.answers import StoredAnswer
from app.domain.project import RaterRecord
from app.domain.study import TaskKind
from app.domain.study_records import RaterProgress, StoredSlot, StudyRecord, Waiting
from app.domain.words import study_called
from app.errors import UserError
from app.services.study.tasks import Task, make_task
from db.project import Project
from db.scope import RaterView


def study_of(view: RaterView, rater: RaterRecord, name: str | None) -> StudyRecord:
    """Return the study in which a rater takes part.

    Args:
        view: The part of the project that the rater may read.
        rater: The rater.
        name: Name of the study; None if the rater takes part in only one.

    Raises:
        UserError: The rater takes part in no such study, or in several of which none is named.
    """
    with view.read() as session:
        mine = db.studies.of_rater(session, rater.id)
    if name is not None:
        mine = [record for record in mine if record.name == name]
    if not mine:
        what = f"in {study_called(name)}" if name is not None else "in any study"
        raise UserError(f"{rater.code} does not take part {what}.", "Ask the study's owner to assign you.")
    if len(mine) > 1:
        names = ", ".join(record.name for record in mine)
        raise UserError(f"{rater.code} takes part in several studies.", f"Choose one of {names}.")
    return mine[0]


@dataclass
class OpenTasks:
    """The tasks of one rater in one study, read through the rater's own view.

    Attributes:
        project: The project, from which the clips of the tasks are read.
        view: The part of the project that the rater may read.
        record: The study.
        rater: The rater.
        language: Language of instructions and labels.
        since_break: Number of tasks answered since the last break.
    """

    project: Project
    view: RaterView
    record: StudyRecord
    rater: RaterRecord
    language: str
    since_break: int = 0

    def current(self) -> Task | None:
        """Return the first open task; None if all is done."""
        with self.view.read() as session:
            slot = db.assignments.current(session, self.record.id, self.rater.id)
        return None if slot is None else self._task(slot)

    def batch(self) -> list[Task]:
        """Return the open tasks for one screen: at most the study's `batch_size`, rated and shown in the same way."""
        first: list[StoredSlot] = []
        with self.view.read() as session:
            while len(first) < self.record.study.batch_size:
                after = first[-1].slot.position if first else 0
                found = db.assignments.current(session, self.record.id, self.rater.id, after=after)
                if found is None or not _alike(first, found):
                    break
                first.append(found)
        return [self._task(slot) for slot in first]

    def progress(self) -> RaterProgress:
        """Return the rater's progress."""
        with self.view.read() as session:
            found = db.assignments.progress(session, self.record.id, rater_id=self.rater.id)
        return found.get(self.rater.id, RaterProgress(0, 0, 0, 0))

    def waiting(self) -> dict[TaskKind, Waiting]:
        """Return the tasks that are left, by kind."""
        with self.view.read() as session:
            return db.assignments.waiting(session, self.record.id, self.rater.id)

    def history(self) -> list[StoredAnswer]:
        """Return the rater's own answers, oldest first."""
        with self.view.read() as session:
            return db.answers.every(session, self.record.id, rater_id=self.rater.id)

    def _task(self, stored: StoredSlot) -> Task:
        study = self.record.study
        due = bool(study.break_every) and self.since_break >= study.break_every
        return make_task(self.project, self.view, self.record, stored, self.language, due)


def _alike(first: list[StoredSlot], found: StoredSlot) -> bool:
    """Return whether a place may share a screen with others."""
    if not first:
        return True
    a, b = first[0].slot, found.slot
    return (a.kind, a.purpose, a.condition) == (b.kind, b.purpose, b.condition) and a.kind == "rating"
