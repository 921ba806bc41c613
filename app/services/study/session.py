"""A rater's session: it gives the next task and stores answers, which are on disk when `submit` returns.

Everything is read through the rater's own view of the project (`db.scope`), which holds neither predictions nor other
raters' labels, so that no mistake in a screen can show one.
"""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import db.answers
import db.items
import db.presentations
import db.studies
import db.traces
from app.domain.answers import (
    Answer,
    AnswerSource,
    Circumstances,
    PresentationLog,
    StoredAnswer,
    check_answer,
    passes,
)
from app.domain.bands import verdict_of
from app.domain.project import TraceRecord
from app.domain.rescue import Kind
from app.domain.shown import check_seen, unseen, was_shown
from app.domain.sitting import SittingCheck
from app.domain.slots import TRACED, part_of
from app.domain.study import TaskKind
from app.domain.study_records import RaterProgress, Waiting
from app.domain.trace_quality import TraceQuality, trace_quality
from app.domain.trace_rules import keepable
from app.domain.words import study_called
from app.errors import ProjectLost, UserError
from app.services.projects import confirmed
from app.services.projects.keeping import keep, kept_already, read_again, rescuing, surely
from app.services.study.feedback import Feedback, declined, told_feedback, told_of_trace, verdict_on
from app.services.study.on_screen import OnScreen, enough
from app.services.study.open_tasks import OpenTasks, study_of
from app.services.study.rescue import of_correction
from app.services.study.roles import sign_in
from app.services.study.tasks import Task, span_to_trace
from app.services.study.trace_recorder import TraceRecorder
from db.project import Project
from db.schema import new_uid
from db.scope import RaterView

__all__ = ["AnnotateSession", "Feedback", "Task"]


class AnnotateSession:
    """The session of a rater in one study. Threads must not share it.

    Attributes:
        view: The part of the project that this rater may read; everything that is shown is read through it.
    """

    def __init__(
        self, project: Project, rater: str, study: str | None = None, *, pin: str = "", language: str | None = None
    ) -> None:
        """Sign in.

        Args:
            project: Open for writing; it stays open when the session is closed.
            rater: Code of the rater.
            study: Which study; may be left out where the rater takes part in one only.
            pin: The PIN of that person, where one is asked for.
            language: Language of instructions and labels; the study's by default.

        Raises:
            UserError: Unknown code, wrong PIN, or no such study for this rater.
        """
        self.project = project
        self.rater = sign_in(project, rater, pin)
        self.view = RaterView(project, self.rater.id)
        try:
            self.record = study_of(self.view, self.rater, study)
            with self.view.read() as session:
                self._blind = all(m.unblinded_at is None for m in db.studies.members(session, self.record.id))
        except BaseException:
            self.view.close()
            raise
        self.study = self.record.study
        if self.study.pin_required and not (self.rater.has_pin or self.rater.simulated):
            self.view.close()
            raise UserError(
                f"A PIN is asked for in {study_called(self.record.name)}, and {self.rater.code} has no PIN.",
                "Ask the study's owner, who sets one under Study, Raters.",
                "Ask the study's owner: `affectograph study rater P CODE --pin`, or Study, Raters.",
            )
        self.language = language or self.study.language
        self._screen = OnScreen(project, self.record, self.rater, blinded=self._blind)
        self._tasks = OpenTasks(project, self.view, self.record, self.rater, self.language)

    @property
    def sitting(self) -> SittingCheck | None:
        """The findings of the check of sound and screen (`app.services.study.sitting`); None before it."""
        return self._screen.sitting

    @sitting.setter
    def sitting(self, found: SittingCheck | None) -> None:
        self._screen.sitting = found

    def close(self) -> None:
        """End the session. A presentation that was not answered is marked as interrupted and is shown again later."""
        self.pause()
        self.view.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what comes next ------------------------------------------------------------------------------------------

    def current(self) -> Task | None:
        """Return the present task, which is the first open place even after a restart; None if all is done."""
        return read_again(self._tasks.current)

    def batch(self) -> list[Task]:
        """Return the open tasks for one screen: at most the study's `batch_size`, rated and shown in the same way."""
        return read_again(self._tasks.batch)

    def progress(self) -> RaterProgress:
        """Return the rater's progress."""
        return read_again(self._tasks.progress)

    def waiting(self) -> dict[TaskKind, Waiting]:
        """Return the tasks that are left, by kind."""
        return read_again(self._tasks.waiting)

    def history(self) -> list[StoredAnswer]:
        """Return the rater's own answers, oldest first."""
        return read_again(self._tasks.history)

    # -- showing and answering ------------------------------------------------------------------------------------

    def begin(self, task: Task) -> int:
        """Note before the first frame that a task is about to be shown, and return the presentation's number.

        Raises:
            UserError: The study requires a check of sound and screen first.
        """
        if self.study.setup_check == "required" and self.sitting is None and not self.rater.simulated:
            raise UserError(
                "This study requires a check of sound and screen first.",
                "Sign in again on the Annotate screen, and pass the check.",
            )
        if self._screen.number is not None:
            self.pause()
        return self._screen.begin(task)

    def submit(
        self, answer: Answer, log: PresentationLog | None = None, *, task: Task | None = None
    ) -> Feedback | None:
        """Store an answer to the task on screen. It is on disk when this returns.

        Args:
            answer: The complete answer, in which every emotion and the category are judged or missing for a reason.
            log: The record of what was really shown.
            task: The task, if there are several on the screen; the current one by default.

        Returns:
            The feedback after a practice clip or attention check; None if there is none.

        Raises:
            UserError: Something is still open, the judged item was never shown, or the answer cannot be saved. Nothing
                is lost; call this again.
        """
        task = task or self._current_or_refuse()
        if task.is_trace:
            raise ValueError("a trace is accepted, not submitted")
        part = part_of(self.study, task.slot.slot)
        check_answer(self.study, answer, complete=task.purpose != "attention")
        source: AnswerSource = "simulated" if self.rater.simulated else "screen"
        check_seen(answer, source, enough(task, log))
        uid = new_uid()
        with rescuing(self.project, lambda: self._screen.entry("answer", task, log, uid=uid, answer=answer)):
            if not self._screen.shows(task):
                self.begin(task)
            new = db.answers.NewAnswer(
                key=task.slot.key,
                answer=answer,
                circumstances=Circumstances(
                    study_version=self.study.version,
                    media_sha256=task.item.clip_sha256 if task.item is not None else "",
                    track_sha256=task.track.track.sha256 if task.track is not None else "",
                    presentation_id=self._screen.number,
                    blinded=self._blind,
                    source=source,
                    passed=passes(part, answer) if part is not None and not declined(task, answer) else None,
                ),
                answered_at=db.answers.moment(),
                simulated=self.rater.simulated,
                uid=uid,
            )

            def store() -> int:
                with self.project.write() as session:
                    self._screen.close(session, task, log)  # first: what is stored must name what was shown
                    return db.answers.add(session, new)

            surely(self.project, store, lambda now: db.answers.number_of(now, uid))
        self._confirmed("answer", task, log, uid=uid, answer=answer)
        self._answered()
        return told_feedback(task, part, answer, self.language) if part is not None else None

    def skip(
        self, reason: str, comment: str = "", log: PresentationLog | None = None, *, task: Task | None = None
    ) -> None:
        """Continue without a judgement and store the reason, such as a lost face, a broken file or "cannot tell".

        Args:
            reason: One of the study's reasons, or free text.
            comment: Free text beside it.
            log: The record of what was shown.
            task: The task, if there are several on the screen; the current one by default.

        Raises:
            UserError: The reason cannot be saved; call this again.
        """
        task = task or self._current_or_refuse()
        if not task.is_trace:
            if task.purpose == "attention" and task.obstacle is None:
                raise UserError("This question cannot be skipped.", "Answer it as it asks.")
            self.submit(Answer.cannot_tell(self.study, reason, comment), log, task=task)
            return
        log = log or PresentationLog()
        log = replace(log, detail={**log.detail, "missing_reason": reason, "comment": comment})
        with rescuing(self.project, lambda: self._screen.entry("declined", task, log)):
            if not self._screen.shows(task):
                self.begin(task)

            def store() -> bool:
                with self.project.write() as session:
                    self._screen.close(session, task, log)
                return True

            surely(self.project, store, lambda now: self._screen.answered(now) or None)
        self._confirmed("declined", task, log)
        self._answered()

    def pause(self, log: PresentationLog | None = None) -> None:
        """Stop in the middle, so that the task on screen will be shown again. This does nothing if no task is shown."""
        self._screen.interrupt(log)
        self._tasks.since_break = 0

    def revise(self, earlier: StoredAnswer, answer: Answer) -> int:
        """Correct one of the rater's own answers by a new revision; the earlier one stays.

        Raises:
            UserError: The answer does not fit the study, judges what was never shown, or is somebody else's.
        """
        if earlier.key.rater_id != self.rater.id:
            raise UserError("This answer is somebody else's.", "Only your own answers can be changed.")
        check_answer(self.study, answer, complete=earlier.key.purpose != "attention")
        with self.view.read() as session:
            number = earlier.circumstances.presentation_id
            shown = was_shown(db.presentations.get(session, number)) if number is not None else None
            item_id = earlier.key.item_id
            item = None if item_id is None else db.items.get(session, item_id)
        check_seen(answer, earlier.circumstances.source, shown)
        passed = verdict_on(self.study, earlier, item.name if item is not None else "", answer, shown=bool(shown))
        circumstances = replace(
            earlier.circumstances, study_version=self.study.version, blinded=self._blind, passed=passed
        )
        new = db.answers.NewAnswer(earlier.key, answer, circumstances, db.answers.moment(), self.rater.simulated)
        made = of_correction(self.record, self.rater, earlier, answer, item, blinded=self._blind)
        with rescuing(self.project, lambda: made):
            number = surely(
                self.project,
                lambda: db.answers.add(self.project, replace(new, uid=made.uid)),
                lambda now: db.answers.number_of(now, made.uid),
            )
        confirmed.add(self.project, made)
        return number

    # -- traces ---------------------------------------------------------------------------------------------------

    def start_trace(self, task: Task, device: str) -> TraceRecorder:
        """Begin recording a trace.

        Samples given to the recorder's `add` survive the program's end within a tenth of a second.

        Args:
            task: A trace task; `begin` is called for it if it was not called yet.
            device: "mouse", "keyboard", "gamepad" or "simulated".
        """
        if task.item is None or task.kind == "rating":
            raise ValueError("this task takes no trace")
        if not self._screen.shows(task):
            self.begin(task)
        return TraceRecorder(
            self.project,
            task.item,
            self.rater,
            task.slot.slot.condition,
            self._blind,
            device,
            study_id=self.record.id,
            study_version=self.study.version,
            pass_no=task.slot.slot.pass_no,
            dimensions=TRACED[task.kind],
        )

    def quality(self, task: Task, recorder: TraceRecorder, log: PresentationLog | None = None) -> TraceQuality:
        """Measure a finished or running trace by all that was given of it, saved or not.

        Args:
            task: The task that was traced.
            recorder: The recorder of this trace.
            log: The record of what was shown, which says when a whole clip was shown.
        """
        return trace_quality(recorder.given(), *span_to_trace(task, recorder.given(), log))

    def accept_trace(self, task: Task, recorder: TraceRecorder, log: PresentationLog | None = None) -> TraceRecord:
        """Accept a trace and continue with the next task.

        Raises:
            UserError: The clip was not shown, most of it was not traced, or the trace cannot be saved. Nothing is lost.
        """
        if not (self.rater.simulated or enough(task, log)):
            raise unseen()
        with rescuing(self.project, lambda: self._screen.entry("trace", task, log, recorder=recorder)):
            done = surely(self.project, recorder.finish, lambda _: None)
            found = self.quality(task, recorder, log)
            if not keepable(found):
                recorder.abandon()
                raise UserError(
                    "Most of this clip was not traced, so the trace is not kept.",
                    "Trace it again, or say that the clip cannot be judged.",
                )
            samples = recorder.given()
            verdict = verdict_of(part_of(self.study, task.slot.slot), samples, *span_to_trace(task, samples, log))

            def store() -> TraceRecord:
                with self.project.write() as session:
                    kept = db.traces.finish(session, done.id, quality={**found.to_dict(), **verdict})
                    self._screen.close(session, task, log, trace_id=kept.id)
                return kept

            kept = surely(
                self.project, store, lambda now: db.traces.get(now, done.id) if self._screen.answered(now) else None
            )
        self._confirmed("trace", task, log, recorder=recorder)
        self._answered()
        return kept

    def feedback(self, task: Task, kept: TraceRecord) -> Feedback | None:
        """Return the feedback after a practised or checked trace; None if there is none."""
        part = part_of(self.study, task.slot.slot)
        return told_of_trace(task, part, kept.quality, self.language) if part is not None else None

    def redo_trace(self, recorder: TraceRecorder, log: PresentationLog | None = None) -> None:
        """Discard a trace, which stays stored as abandoned, so that the rater gives it again.

        Raises:
            UserError: This cannot be saved; call it again.
        """
        given = recorder.abandon()
        self._screen.redo(log, given.id)

    # -- where the project is lost ---------------------------------------------------------------------------------

    def rescue(
        self,
        lost: ProjectLost,
        task: Task,
        log: PresentationLog | None = None,
        *,
        answer: Answer | None = None,
        recorder: TraceRecorder | None = None,
    ) -> ProjectLost:
        """Put what is being given to a task into the rescue file.

        Args:
            lost: What happened to the project.
            task: The task that is judged.
            log: The record of what was shown so far.
            answer: The answer so far, which may be incomplete.
            recorder: The recorder of a running trace, which is ended.

        Returns:
            The error to show, which says where the answer is now. Entries that were kept already are not kept twice.
        """
        if self._screen.kept(task):
            return kept_already(lost)
        if recorder is not None and not len(recorder.let_go()):
            return lost
        what: Kind = "trace" if recorder is not None else "answer"
        made = self._screen.entry(what, task, log, answer=answer, recorder=recorder, confirmed=False)
        return keep(self.project, made, lost)

    def _confirmed(self, what: Kind, task: Task, log: PresentationLog | None, **given: Any) -> None:
        """Write down outside the project what it has taken just now."""
        if not self.rater.simulated:
            confirmed.add(self.project, self._screen.entry(what, task, log, **given))

    # -- within ---------------------------------------------------------------------------------------------------

    def _current_or_refuse(self) -> Task:
        task = self.current()
        if task is None:
            raise UserError("Everything is answered already.", "Close the session.")
        return task

    def _answered(self) -> None:
        # Only after the transaction went through: a failed one may be repeated with the same presentation.
        self._screen.clear()
        self._tasks.since_break += 1
