"""The order of steps on the annotation screen: texts, tasks, feedback, breaks, the end.

An answer is on disk before the screen moves on. The screen waits for `submit` and `accept_trace`, and if they fail,
everything stays as it is and can be submitted again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from app.domain.answers import Answer, PresentationLog, StoredAnswer
from app.domain.study import TaskKind, text_in
from app.domain.study_records import RaterProgress, Waiting
from app.errors import ProjectLost
from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.judging.draft import RatingDraft
from app.ui.screens.annotate.asked import answer_to, next_tasks
from app.ui.screens.annotate.calibration_flow import CalibrationFlow
from app.ui.screens.annotate.check import CheckPage
from app.ui.screens.annotate.desk import Desk
from app.ui.screens.annotate.feedback import feedback_words
from app.ui.screens.annotate.pace import Pace
from app.ui.screens.annotate.rating import RatingPage
from app.ui.screens.annotate.sitting_flow import SILENT, SittingFlow
from app.ui.screens.annotate.texts import TextPage, Way
from app.ui.screens.annotate.trace import TracePage
from app.ui.screens.annotate.trace_flow import TraceFlow

if TYPE_CHECKING:
    from app.services.study.session import AnnotateSession, Feedback


class Flow(QObject):
    """Leads a rater through the tasks.

    Args:
        context: The context that the screens share.
        desk: The desk with the session.
        stack: The stack of pages.
        text: Page of words.
        rating: Page of ratings.
        trace: Page of traces.
        check: Page of the check of sound and screen.

    Attributes:
        task: The task on screen; None before the first and after the last.
        batch: The tasks that share the screen, in the order of the strip.
        done: Number of tasks of the study that the rater has finished.
    """

    left = Signal()

    def __init__(
        self,
        context: AppContext,
        desk: Desk,
        stack: QStackedWidget,
        text: TextPage,
        rating: RatingPage,
        trace: TracePage,
        check: CheckPage,
    ) -> None:
        super().__init__(stack)
        self._checking = SittingFlow(context, desk, stack, check, self)
        self._checking.done.connect(self._after_check)
        self._checking.left.connect(self._leave)
        self._context, self._desk, self._stack = context, desk, stack
        self._text, self._rating, self._trace = text, rating, trace
        self.batch: list[Task] = []
        self._saved: dict[int, bool] = {}
        self._drafts: dict[int, RatingDraft] = {}
        self._opened: set[int] = set()
        self._introduced: set[str] = set()
        self._last_condition = ""
        self.done = 0
        self._before: Task | None = None
        self._correcting: StoredAnswer | None = None
        self.task: Task | None = None
        self._pace = Pace()
        self._left: dict[TaskKind, Waiting] = {}
        self.traces = TraceFlow(context, desk, trace, self)
        self.traces.done.connect(self._on_traced)
        self._calibration = CalibrationFlow(context, desk, stack, trace, self.traces, self._say)
        self._calibration.shown.connect(self._on_test)
        self._calibration.done.connect(self.advance)
        rating.submitted.connect(self._on_submitted)
        rating.skipped.connect(self._on_skipped)
        rating.pause_wanted.connect(self.pause)
        rating.back_wanted.connect(self._on_back)
        rating.picked.connect(self._on_picked)
        rating.header.back_wanted.connect(self._on_back)
        trace.pause_wanted.connect(self.pause)
        context.project_lost.connect(self._on_lost)

    def begin(self) -> None:
        """Begin after somebody has signed in."""
        self._drafts.clear()
        self._opened.clear()
        self._introduced.clear()
        self._last_condition = ""
        self._before = None
        self._pace = Pace()
        # The rail and the menus give way: nothing else is in sight of a rater at work.
        self._context.commands.set_condition("annotating", True)
        self._checking.begin()

    def _after_check(self, told: bool) -> None:
        if self._checking.silent and not told:
            self._say(*SILENT, (tr("Continue"), self._to_first), (tr("Leave"), self._leave))
        else:
            self._to_first()

    def _to_first(self) -> None:
        self._calibration.begin()

    def _on_test(self, task: Task) -> None:
        self.task = task

    def advance(self) -> None:
        """Go to what is to be done next."""
        self._desk.ask(next_tasks, self._on_next)

    def pause(self) -> None:
        """Stop in the middle. The task on screen will be shown again."""
        log = self._rating.presenter.log() if self._stack.currentWidget() is self._rating else None
        self._halt()
        self._desk.ask(lambda session: session.pause(log), lambda _: self._show_pause())

    def stand_still(self) -> None:
        """Pause, because another screen is shown."""
        self._rating.presenter.pause()
        self._trace.tracing.pause()

    def end(self, *, wait: bool = False) -> None:
        """Close the session.

        Args:
            wait: Whether to wait until this is stored.
        """
        if not self._desk.is_open:
            return
        self._halt()
        self.traces.streams.leave()
        self._text.let_go()
        self._desk.close(wait=wait)
        self._context.commands.set_condition("annotating", False)
        self.task = None

    def _on_traced(self, feedback: "Feedback | None") -> None:
        self._pace.done()
        if feedback is not None and self.task is not None:
            self._tell(feedback, self.task, self.advance)
        else:
            self.advance()

    def _tell(self, feedback: "Feedback", task: Task, then: Callable[[], None]) -> None:
        """Show what the study has to say about an answer, then continue."""
        titles = {True: tr("As expected"), False: tr("Others see it differently"), None: ""}
        words = feedback_words(feedback, task, self._desk.session.language)
        self._say(titles[feedback.passed], words, (tr("Continue"), then), None)

    def _halt(self) -> None:
        """Stop playing, and close the trace."""
        self._pace.stop()
        self._checking.stop()
        self._rating.clear()
        self.traces.drop()
        self._trace.clear()

    def _on_lost(self, lost: ProjectLost) -> None:
        """The project can no longer be saved: what is being given is kept elsewhere, and nothing more is asked."""
        if not self._desk.is_open:
            return
        task, page = self.task, self._stack.currentWidget()
        draft, log = self._rating.draft, self._rating.presenter.log()
        rated = page is self._rating and self._correcting is None and draft is not None and draft.touched
        answer = draft.answer() if rated and draft is not None else None
        recorder, traced = self.traces.let_go()
        self._halt()

        def keep(session: "AnnotateSession") -> ProjectLost:
            if task is None or (answer is None and recorder is None):
                return lost
            return session.rescue(lost, task, traced if recorder is not None else log, answer=answer, recorder=recorder)

        self._desk.ask(keep, self._say_lost)

    def _say_lost(self, lost: ProjectLost) -> None:
        self._say(
            tr("Stop here, please"),
            tr(
                "{what}\n\nWhat was saved before is not touched. {todo}\n\nTell whoever gave you the "
                "clips; nothing more can be saved until then.",
                what=lost.what,
                todo=lost.todo,
            ),
            (tr("Leave"), self._leave),
            None,
        )

    def _leave(self) -> None:
        self.end()
        self.left.emit()

    def _say(self, title: str, text: str, go: Way, leave: Way | None) -> None:
        self._text.show_text(title, text, go, leave)
        self._stack.setCurrentWidget(self._text)
        self._text.setFocus()

    def _show_pause(self) -> None:
        self._say(
            tr("Paused"),
            tr("Everything so far is saved. The clip you were on will start again from the beginning."),
            (tr("Continue"), self.advance),
            (tr("Leave"), self._leave),
        )

    def _on_next(self, found: tuple[list[Task], RaterProgress, dict[TaskKind, Waiting]]) -> None:
        tasks, progress, self._left = found
        self.done = progress.done
        self._saved.clear()
        self.batch = tasks
        if not tasks:
            self._halt()
            session = self._desk.session
            words = session.study.instruction("done", session.language) or tr("That was the last one. Thank you!")
            self.task = None
            self._say("", words, (tr("Leave"), self._leave), None)
            return
        self._open(tasks[0])

    def _open(self, task: Task) -> None:
        """Show what is to be read before a task, then the task."""
        self.task, self._correcting = task, None
        leave = (tr("Leave"), self._leave)
        if task.opening and task.slot.id not in self._opened and not self._knows(task):
            self._opened.add(task.slot.id)
            self._introduced.add(task.slot.slot.condition)
            self._halt()
            first = tr("Begin") if self.done == 0 else tr("Continue")
            self._say("", task.opening, (first, lambda: self._open(task)), leave)
            return
        if task.break_due and -task.slot.id not in self._opened:
            self._opened.add(-task.slot.id)
            self._halt()
            session = self._desk.session
            words = session.study.instruction("break", session.language) or tr("Time for a short break.")
            # pause() starts the count towards the next break again.
            go = (tr("Continue"), lambda: self._desk.ask(lambda s: s.pause(), lambda _: self._open(task)))
            self._say("", words, go, leave)
            return
        self._rating.lock()
        self._desk.ask(lambda session: session.begin(task), lambda _: self._present(task))

    def _knows(self, task: Task) -> bool:
        """Return whether all there is to read is about a condition that was introduced in this sitting.

        Where conditions are mixed it changes every few clips: a page each time would only be pressed away.
        """
        name, session = task.slot.slot.condition, self._desk.session
        return name in self._introduced and task.opening == task.study.instruction(
            f"condition.{name}", session.language
        )

    def _present(self, task: Task) -> None:
        language = self._desk.session.language
        page: RatingPage | TracePage = self._trace if task.is_trace else self._rating
        left, silent = self._pace.words(self._left), self._checking.silent
        page.header.show_task(task, self.done, language, left, silent=silent)
        self._pace.begin(task.kind)
        self._stack.setCurrentWidget(page)
        if task.is_trace:
            self.traces.show(task)
            return
        draft = self._drafts.setdefault(task.slot.id, RatingDraft(task.study))
        self._rating.header.back.setVisible(self._may_go_back(task))
        self._show_strip()
        # A page of words has just told it, or nothing has changed; else the picture tells it before it plays.
        name, before = task.slot.slot.condition, self._last_condition
        self._last_condition = name
        changed = bool(before) and name != before and task.slot.id not in self._opened and task.condition is not None
        notice = text_in(task.condition.labels, language, name) if changed and task.condition is not None else ""
        self._rating.show_task(task, draft, language, notice=notice)

    def _show_strip(self) -> None:
        ids = [task.slot.id for task in self.batch]
        at = ids.index(self.task.slot.id) if self.task is not None and self.task.slot.id in ids else 0
        self._rating.strip.show_items(["answered" if self._saved.get(i) else "open" for i in ids], at)

    # -- ratings --------------------------------------------------------------------------------------------------

    def _on_submitted(self, answer: Answer, log: PresentationLog) -> None:
        task, correcting = self.task, self._correcting
        if task is None:
            return

        def failed(error: Exception) -> None:
            self._rating.failed()
            self._context.fail(error)

        if correcting is not None:
            self._desk.ask(lambda session: session.revise(correcting, answer), lambda _: self._on_corrected(), failed)
            return
        self._desk.ask(
            lambda session: session.submit(answer, log, task=task), lambda told: self._on_saved(task, told), failed
        )

    def _on_skipped(self, reason: str) -> None:
        """The clip on screen cannot be shown: it is noted why, and the next one comes."""
        task, log = self.task, self._rating.presenter.log()
        if task is None:
            return

        def failed(error: Exception) -> None:
            self._rating.failed()
            self._context.fail(error)

        def gone(_: Any) -> None:
            self._saved[task.slot.id] = True
            self._pace.stop()
            self._count(task)
            self._before = None
            self._go_on()

        self._desk.ask(lambda session: session.skip(reason, log=log, task=task), gone, failed)

    def _count(self, task: Task) -> None:
        """Note that there is one task less to do."""
        self.done += 1
        if (left := self._left.get(task.kind)) is not None:
            each_s = left.clips_s / max(left.count, 1)
            self._left[task.kind] = Waiting(left.count - 1, left.clips_s - each_s)

    def _on_saved(self, task: Task, feedback: "Feedback | None") -> None:
        self._saved[task.slot.id] = True
        self._pace.done()
        self._count(task)
        self._before = task if task.purpose == "main" else None
        if feedback is not None:
            self._rating.clear()
            self._tell(feedback, task, self._go_on)
            return
        self._go_on()

    def _go_on(self) -> None:
        """Go to the next open item of the batch, or else to the next batch."""
        left = [task for task in self.batch if not self._saved.get(task.slot.id)]
        if left:
            self._open(left[0])
        else:
            self.advance()

    def _on_picked(self, number: int) -> None:
        task = self.batch[number]
        if self.task is not None and task.slot.id == self.task.slot.id:
            self._show_strip()
        elif self._saved.get(task.slot.id):
            self._correct(task)
        else:
            self._open(task)

    def _may_go_back(self, task: Task) -> bool:
        """Return whether the answer before may be corrected now.

        Not where the clip on screen is the same one with its surroundings: who saw them does not judge the bare face.
        """
        before = self._before
        if before is None:
            return False
        seen_more = task.condition is not None and task.condition.shows_context
        return not (before.item is not None and task.item is not None and before.item.clip_id == task.item.clip_id
                    and seen_more and before.slot.slot.condition != task.slot.slot.condition)  # fmt: skip

    def _on_back(self) -> None:
        if self.task is not None and self._before is not None and self._may_go_back(self.task):
            self._correct(self._before)

    def _correct(self, task: Task) -> None:
        self._rating.lock()

        def show(found: StoredAnswer | None) -> None:
            if found is None:
                self._go_on()
                return
            self.task, self._correcting = task, found
            self._rating.header.show_task(task, max(self.done - 1, 0), self._desk.session.language)
            self._rating.header.back.hide()
            self._show_strip()
            draft = RatingDraft.of(task.study, found.answer)
            self._rating.show_task(task, draft, self._desk.session.language, correcting=True)

        self._desk.ask(lambda session: answer_to(session, task), show)

    def _on_corrected(self) -> None:
        self._correcting, self._before = None, None
        self._go_on()
