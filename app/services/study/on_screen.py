"""The presentation of the task that is on screen: its beginning, its end, and what is kept if the project is lost."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import db.assignments
import db.presentations
from app.domain.answers import Answer, PresentationLog, PresentationStart
from app.domain.project import RaterRecord
from app.domain.rescue import Kind, Rescued
from app.domain.shown import suffices
from app.domain.sitting import SittingCheck
from app.domain.study import FULL_CONTEXT
from app.domain.study_records import StoredSlot, StudyRecord
from app.services.projects.keeping import surely
from app.services.study.rescue import of_task
from app.services.study.tasks import Task
from app.services.study.trace_recorder import TraceRecorder
from db.project import Project, Source
from db.schema import new_uid


def enough(task: Task, log: PresentationLog | None) -> bool:
    """Return whether a task can be shown and, by the record of what was shown, was shown."""
    return task.obstacle is None and suffices(log or PresentationLog(), has_clip=task.item is not None)


class OnScreen:
    """The presentation on screen in a rater's session; there is at most one at a time.

    Args:
        project: The project, open for writing.
        record: The study.
        rater: The rater who judges.
        blinded: Whether the rater has seen no predictions and no labels.

    Attributes:
        sitting: The findings of the check of sound and screen, which every record of a presentation contains; None
            before the check.
    """

    def __init__(self, project: Project, record: StudyRecord, rater: RaterRecord, *, blinded: bool) -> None:
        self._project, self._record, self._rater, self._blinded = project, record, rater, blinded
        self.sitting: SittingCheck | None = None
        self._number: int | None = None
        self._slot: StoredSlot | None = None
        self._begun: tuple[PresentationStart, float] | None = None
        self._kept: set[str] = set()

    @property
    def number(self) -> int | None:
        """The number of the presentation; None if nothing is on screen."""
        return self._number

    def answered(self, source: Source) -> bool:
        """Return whether the project has the presentation on screen with an answer."""
        uid = self._begun[0].uid if self._begun is not None else None
        return uid is not None and uid in db.presentations.known(source, [uid])

    def shows(self, task: Task) -> bool:
        """Return whether this task is on screen."""
        return self._slot is not None and self._slot.id == task.slot.id

    def begin(self, task: Task) -> int:
        """Note before the first frame that a task is about to be shown, and return the presentation's number."""
        view = task.condition.view if task.condition is not None else ""
        start = PresentationStart(
            key=task.slot.key,
            kind=task.kind,
            slot_id=task.slot.id,
            study_version=self._record.study.version,
            view=view,
            audio=task.condition.audio if task.condition is not None else False,
            media_sha256=task.item.clip_sha256 if task.item is not None else "",
            track_sha256=task.track.track.sha256 if task.track is not None else "",
            geometry=task.geometry.to_dict() if view and view != FULL_CONTEXT else {},
            uid=(uid := new_uid()),
        )
        started_at = time.time()
        self._number = surely(
            self._project,
            lambda: db.presentations.begin(self._project, start, started_at=started_at),
            lambda now: db.presentations.number_of(now, uid),
        )
        self._slot, self._begun = task.slot, (start, started_at)
        return self._number

    def interrupt(self, log: PresentationLog | None) -> None:
        """End the presentation without a judgement, so that the task is shown again. A lost project notes nothing."""
        if self._number is not None and self._project.lost is None:
            db.presentations.finish(self._project, self._number, "interrupted", self._complete(log))
        self.clear()

    def redo(self, log: PresentationLog | None, trace_id: int) -> None:
        """End the presentation of a trace that the rater gives again."""
        if self._number is not None:
            db.presentations.finish(self._project, self._number, "redone", self._complete(log), trace_id=trace_id)
        self.clear()

    def close(self, session: Any, task: Task, log: PresentationLog | None, trace_id: int | None = None) -> None:
        """Note as a part of a transaction that the task was answered; `clear` follows once it went through.

        Args:
            session: The session of the transaction.
            task: The task that was answered.
            log: The record of what was shown.
            trace_id: The number of the trace that was given.
        """
        if self._number is not None:
            db.presentations.finish(
                session, self._number, "answered", self._complete(log), trace_id=trace_id, judgeable=enough(task, log)
            )
        db.assignments.set_state(session, task.slot.id, "answered")

    def clear(self) -> None:
        """Forget the presentation, after which nothing is on screen."""
        self._number, self._slot, self._begun = None, None, None

    def kept(self, task: Task) -> bool:
        """Return whether `entry` has made an entry of this presentation of the task already."""
        begun = self._begin_of(task)
        return begun is not None and begun[0].uid in self._kept

    def entry(
        self,
        what: Kind,
        task: Task,
        log: PresentationLog | None,
        *,
        uid: str | None = None,
        answer: Answer | None = None,
        recorder: TraceRecorder | None = None,
        confirmed: bool = True,
    ) -> Rescued:
        """Return what was given to a task as an entry that can be kept outside the project.

        Args:
            what: The kind of entry.
            task: The task that was judged.
            log: The record of what was shown so far.
            uid: The uid of the answer; None makes a new one.
            answer: The answer so far, which may be incomplete.
            recorder: The recorder of a trace, which is ended.
            confirmed: Whether the rater had pressed the key that saves.
        """
        begun = self._begin_of(task)
        if begun is not None and begun[0].uid is not None:
            self._kept.add(begun[0].uid)
        return of_task(
            what, self._record, self._rater, task, begun, self._complete(log), judgeable=enough(task, log),
            blinded=self._blinded, confirmed=confirmed, answer=answer,
            uid=recorder.start.uid if recorder is not None else uid,
            samples=recorder.let_go() if recorder is not None else None,
        )  # fmt: skip

    def _begin_of(self, task: Task) -> tuple[PresentationStart, float] | None:
        return self._begun if self.shows(task) else None

    def _complete(self, log: PresentationLog | None) -> PresentationLog:
        """Return the record of what was shown, with the findings of this sitting's check."""
        log = log or PresentationLog()
        if self.sitting is None:
            return log
        return replace(log, detail={**log.detail, "sitting": self.sitting.to_dict()})
