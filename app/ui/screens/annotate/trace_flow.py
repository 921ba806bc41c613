"""The trace screen's calls to the session: recorder, quality, keep, redo, skip."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.domain.answers import PresentationLog
from app.domain.trace_quality import TraceQuality
from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.parts.recording.streams import TraceStreams
from app.ui.screens.annotate.desk import Desk
from app.ui.screens.annotate.trace import TracePage

if TYPE_CHECKING:
    from app.services.predict.lsl_in import ReceivedStream
    from app.services.study.session import AnnotateSession
    from app.services.study.trace_recorder import TraceRecorder


class TraceFlow(QObject):
    """Carries a trace from its first sample into the project.

    Args:
        context: The context, which shows errors.
        desk: The desk with the session.
        page: The trace screen.
    """

    done = Signal(object)
    measured = Signal(object)

    def __init__(self, context: AppContext, desk: Desk, page: TracePage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._desk, self._page = context, desk, page
        self._recorder: TraceRecorder | None = None
        self._calibrating = False
        self.streams = TraceStreams(context, self)
        self._take: Callable[[], list[ReceivedStream]] = list
        self._beside: list[ReceivedStream] = []
        page.tracing.sent = self.streams.sample
        page.tracing.phase_changed.connect(self._on_phase)
        page.recorder_wanted.connect(self._on_wanted)
        page.review_wanted.connect(self._on_review)
        page.accepted.connect(self._on_accepted)
        page.redo_wanted.connect(self._on_redo)
        page.skipped.connect(self._on_skipped)

    @property
    def _task(self) -> Task | None:
        return self._page.presenter.task

    def show(self, task: Task, *, calibrating: bool = False) -> None:
        """Put a task on the trace screen.

        Args:
            task: The task.
            calibrating: Whether it is the calibration clip, which belongs to no assignment.
        """
        self._calibrating = calibrating
        if not calibrating and task.item is not None:
            self.streams.prepare(task.item.clip_id, task.item.name, self._desk.session.rater.code)
        self._page.show_task(task, self._desk.session.language)

    def drop(self) -> None:
        """Discard a running trace, which is kept as abandoned."""
        self._page.tracing.stop()
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        log = self._page.presenter.log()
        if self._calibrating:
            self._desk.ask(lambda _: recorder.abandon())
        else:
            self._desk.ask(lambda session: session.redo_trace(recorder, log))

    def let_go(self) -> "tuple[TraceRecorder | None, PresentationLog]":
        """Return the recorder of a trace that counts and what was shown for it; from here on it is the caller's."""
        recorder, self._recorder = self._recorder, None
        log = self._page.tracing.log if self._page.tracing.phase in ("review", "saving") else self._page.presenter.log()
        self._page.tracing.stop()
        if recorder is not None and self._calibrating:
            self._desk.ask(lambda _: recorder.let_go())
            return None, log
        return recorder, log

    def _on_phase(self) -> None:
        phase = self._page.tracing.phase
        if self._calibrating:
            return
        if phase == "running" and not self.streams.running:
            self._take, self._beside = self.streams.begin(), []
        elif phase in ("running", "paused"):
            self.streams.mark("continue" if phase == "running" else "pause")
        elif phase == "review":
            self.streams.end()
        elif phase == "idle" and self.streams.running:
            self.streams.stop()

    def _on_wanted(self, device: str) -> None:
        task = self._task
        if task is None:
            return

        def failed(error: Exception) -> None:
            self._page.not_begun()
            self._context.fail(error)

        def begun(recorder: "TraceRecorder") -> None:
            self._recorder = recorder
            if self._task is task:
                self._page.tracing.take(recorder)
            else:
                self.drop()

        def start(session: "AnnotateSession") -> "TraceRecorder":
            if self._calibrating:
                from app.services.study import calibration

                return calibration.start(session, task, device)
            return session.start_trace(task, device)

        self._desk.ask(start, begun, failed)

    def _on_review(self) -> None:
        task, recorder, log = self._task, self._recorder, self._page.tracing.log
        if task is None or recorder is None:
            return

        take, self._take = self._take, list

        def quality(session: "AnnotateSession") -> "TraceQuality":
            self._beside = take()
            return session.quality(task, recorder, log)

        self._desk.ask(quality, self._page.show_quality)

    def _on_accepted(self) -> None:
        task, recorder, log = self._task, self._recorder, self._page.tracing.log
        if task is None or recorder is None:
            return

        def failed(error: Exception) -> None:
            self._page.failed()
            self._context.fail(error)

        def kept(result: Any) -> None:
            self._recorder = None
            self._page.tracing.stop()
            (self.measured if self._calibrating else self.done).emit(result)

        def keep(session: "AnnotateSession") -> Any:
            if self._calibrating:
                from app.services.study import calibration

                return calibration.finish(session, recorder)
            trace = session.accept_trace(task, recorder, log)
            self._keep_beside(session, trace.id, recorder)
            return session.feedback(task, trace)

        self._desk.ask(keep, kept, failed)

    def _keep_beside(self, session: "AnnotateSession", trace_id: int, recorder: "TraceRecorder") -> None:
        """Keep what came by LSL with a trace that is kept already; on the writing thread."""
        streams, self._beside = self._beside, []
        if not streams:
            return
        from app.services.exchange.trace_streams import kept_beside

        error = kept_beside(session.project, trace_id, recorder.given(), streams)
        if error is not None:
            self._context.fail(error)

    def _on_redo(self) -> None:
        task, recorder, log = self._task, self._recorder, self._page.tracing.log
        self._recorder = None
        if task is None:
            return

        def again(session: "AnnotateSession") -> None:
            if self._calibrating:
                if recorder is not None:
                    recorder.abandon()
                return
            if recorder is not None:
                session.redo_trace(recorder, log)
            session.begin(task)

        self._desk.ask(again, lambda _: self.show(task, calibrating=self._calibrating))

    def _on_skipped(self, reason: str) -> None:
        log = self._page.presenter.log()
        task, recorder = self._task, self._recorder
        if self._calibrating:
            self._recorder = None
            if recorder is not None:
                self._desk.ask(lambda _: recorder.abandon())
            self._page.clear()
            self.measured.emit(None)
            return
        before = self._page.tracing.phase
        self._page.tracing.set_phase("saving")  # a second press must not skip the clip that comes next

        def failed(error: Exception) -> None:
            self._page.not_skipped(before)
            self._context.fail(error)

        def gone(_: Any) -> None:
            self._recorder = None
            self._page.clear()
            self.done.emit(None)

        def skip(session: "AnnotateSession", log: PresentationLog = log) -> None:
            if recorder is not None:  # an empty trace came before the word that it cannot be judged
                session.redo_trace(recorder, log)
            session.skip(reason, log=log, task=task)

        self._desk.ask(skip, gone, failed)
