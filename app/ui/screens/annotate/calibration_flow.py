"""Runs the test of reaction time before the first trace: the offer, the test and its result."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.screens.annotate.desk import Desk
from app.ui.screens.annotate.texts import Way
from app.ui.screens.annotate.trace import TracePage
from app.ui.screens.annotate.trace_flow import TraceFlow

if TYPE_CHECKING:
    from app.agreement.traces import RaterLag
    from app.services.study.session import AnnotateSession


class CalibrationFlow(QObject):
    """Leads from the check of sound and screen to the first clip, by way of the test of reaction time where it is due.

    Args:
        context: Shows errors.
        desk: The session.
        stack: Holds the pages.
        page: The page on which traces are recorded.
        traces: Records traces on that page.
        say: Shows a title, a text and one or two buttons that lead on.
    """

    done = Signal()
    """The test is done or not due; the clips follow."""
    shown = Signal(object)
    """The task of the test is on screen."""

    def __init__(
        self,
        context: AppContext,
        desk: Desk,
        stack: QStackedWidget,
        page: TracePage,
        traces: TraceFlow,
        say: Callable[[str, str, Way, Way | None], None],
    ) -> None:
        super().__init__(stack)
        self._context, self._desk, self._stack, self._page, self._traces = context, desk, stack, page, traces
        self._say = say
        traces.measured.connect(self._on_measured)

    def begin(self) -> None:
        """Offer the test if it is due; otherwise go on."""
        self._desk.ask(_is_due, lambda due: self._offer() if due else self.done.emit())

    def _offer(self) -> None:
        self._say(
            tr("How fast do you react?"),
            tr(
                "Before the clips there is a short test of about half a minute. A dot jumps "
                "up and down: follow it with "
                "the marker as fast as you can. Your reaction time is used only to line up the traces of all raters."
            ),
            (tr("Begin"), self._show),
            (tr("Skip this time"), self.done.emit),
        )

    def _show(self) -> None:
        def show(task: Task) -> None:
            self.shown.emit(task)
            self._page.header.show_task(task, 0, self._desk.session.language)
            self._stack.setCurrentWidget(self._page)
            self._traces.show(task, calibrating=True)

        def failed(error: Exception) -> None:
            self._context.fail(error)
            self.done.emit()

        self._desk.ask(_task, show, failed)

    def _on_measured(self, lag: "RaterLag | None") -> None:
        self._page.clear()
        if lag is not None and lag.accepted:
            words = tr(
                "You follow about {lag_s} seconds behind. Thank you. The clips come next.", lag_s=f"{lag.lag_s:.1f}"
            )
            self._say(tr("Measured"), words, (tr("Continue"), self.done.emit), None)
            return
        words = tr("Your reaction time was not measured.")
        if lag is not None:
            words = tr("Your reaction time could not be measured: the marker did not follow the dot often enough.")
        self._say(tr("Not measured"), words, (tr("Try again"), self._show), (tr("Continue without"), self.done.emit))


def _is_due(session: "AnnotateSession") -> bool:
    from app.services.study.calibration import needs_calibration

    return needs_calibration(session)


def _task(session: "AnnotateSession") -> Task:
    from app.services.study.calibration import calibration_task

    return calibration_task(session)
