"""The window of a kiosk: it fills the screen, has no menus, and closes only when its code is typed."""

import time
from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.errors import UserError
from app.services.kiosk.plans import KioskPlan
from app.ui.core.context import AppContext
from app.ui.parts.widgets.basic import column
from app.ui.shell.kiosk.notice import NoticePage
from app.ui.shell.kiosk.stage import Stage

if TYPE_CHECKING:
    from app.jobs import Job
    from app.services.predict.camera import Recorded

KEEP_WAIT_S: Final = 20.0
"""Seconds that closing waits for the last recording to become a clip; its file stays in any case."""
_FREE_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Space,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
    }
)
"""Keys that reach the buttons. All others are only compared with the code."""
_DEAF: Final = frozenset(
    {
        QEvent.Type.ContextMenu,
        QEvent.Type.DragEnter,
        QEvent.Type.Drop,
        QEvent.Type.Shortcut,
        QEvent.Type.ToolTip,
        QEvent.Type.WhatsThis,
    }
)
_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.Wheel,
    }
)


class KioskWindow(QWidget):
    """Clips in turn, a notice, and the visitor's own face for as long as there is one.

    Args:
        context: The context, with settings and a store that are kept in memory only.
        plan: What is shown.

    Attributes:
        visit: What is shown now: "clips", "notice" or "camera".
    """

    _ended = Signal()

    def __init__(self, context: AppContext, plan: KioskPlan) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.context, self._plan = context, plan
        self.visit = "clips"
        self._typed = ""
        self._leaving = self._keeping = False
        self._recorded: deque[Recorded] = deque()
        self._kept: list[Job] = []
        self._clip = 0
        self._alive_s = self._clip_s = time.monotonic()
        self.setProperty("kind", "window")
        self.setAutoFillBackground(True)
        self.notice = NoticePage(context, plan)
        self.stage = Stage(context, plan.camera is not None)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.stage)
        self._pages.addWidget(self.notice)
        self.setLayout(column(self._pages))
        self.setStyleSheet(context.theme.sheet)
        self.stage.pressed.connect(self._on_pressed)
        self.notice.accepted.connect(self._on_accepted)
        self.notice.declined.connect(self.begin)
        self.stage.present.session.state_changed.connect(self._on_state)
        self._ended.connect(self._keep_recorded, Qt.ConnectionType.QueuedConnection)
        context.ticker.ticked.connect(self._on_tick)
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look)
        self._watch.start(500)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    @property
    def idle_s(self) -> float:
        """Seconds since the last key, movement or face."""
        return time.monotonic() - self._alive_s

    def begin(self) -> None:
        """Forget the last visitor and show clips."""
        self._end_recording()
        self.visit = "clips"
        self.stage.present.clear()
        self.stage.show_visit(False, False)
        self._pages.setCurrentWidget(self.stage)
        self._play(self._clip)

    def _play(self, number: int) -> None:
        from app.services.predict.camera import clip_as_camera

        self._clip = number % len(self._plan.clips)
        self._clip_s = time.monotonic()
        self.stage.present.clear()
        self.stage.present.session.start(clip_as_camera(self._plan.clips[self._clip]))

    def _on_pressed(self) -> None:
        if self.visit == "camera":
            self.begin()
        elif self._plan.camera is not None:
            self.visit = "notice"
            self.stage.present.session.stop()
            self._pages.setCurrentWidget(self.notice)
            self.notice.begin()

    def _on_accepted(self, keep: bool) -> None:
        if self._plan.camera is None or self.visit != "notice":
            return
        self.visit = "camera"
        self._keeping = keep and self._plan.project is not None
        self.stage.present.clear()
        self.stage.show_visit(True, self._keeping)
        self._pages.setCurrentWidget(self.stage)
        self.stage.present.session.start(self._plan.camera)

    def _on_state(self) -> None:
        from app.services.kiosk.visits import visit_path

        session, project = self.stage.present.session, self._plan.project
        if session.state == "on":
            self.context.ticker.start(self)
            if self.visit == "camera" and self._keeping and project is not None and session.recording_s is None:
                self._keeping = False  # once a visit
                try:
                    session.record_to(visit_path(project), self._on_recorded)
                except UserError as error:  # the folder cannot be made: nobody may read that they are recorded
                    self.context.fail(error)
                    self.stage.show_visit(True, False)
        elif session.state == "lost" and self.visit == "camera":
            self.begin()

    def _end_recording(self) -> None:
        self._keeping = False
        if self.stage.present.session.recording_s is not None:
            self.stage.present.session.stop_recording()

    def _on_recorded(self, recorded: "Recorded") -> None:
        """Note in the camera's thread what was recorded."""
        self._recorded.append(recorded)
        self._ended.emit()

    def _keep_recorded(self) -> None:
        from app.services.kiosk.visits import keep_visit

        project = self._plan.project
        while self._recorded and project is not None:
            path = self._recorded.popleft().path
            if path.exists():
                self._kept.append(self.context.jobs.start("media", keep_visit, project, path))

    def _on_tick(self) -> None:
        if self.stage.present.session.state == "on" and self._pages.currentWidget() is self.stage:
            self.stage.present.refresh()

    def _look(self) -> None:
        """Twice a second: whether somebody is still there, and whether it is the next clip's turn."""
        present, now_s = self.stage.present, time.monotonic()
        if self.visit == "camera" and present.result is not None and present.result.time_s == present.seen_s:
            self._alive_s = now_s
        if self.visit != "clips" and self.idle_s > self._plan.idle_s:
            self.begin()
        elif self.visit == "clips" and (present.session.state == "lost" or self._clip_is_over(now_s)):
            self._play(self._clip + 1)
        if self.isVisible() and not self._fills():
            self.fill()

    def _clip_is_over(self, now_s: float) -> bool:
        return len(self._plan.clips) > 1 and now_s - self._clip_s > self._plan.each_s

    def fill(self) -> None:
        """Fill the screen, also where no window manager does it."""
        self.setGeometry(self.screen().geometry())
        self.showFullScreen()

    def _fills(self) -> bool:
        return self.isFullScreen() and self.geometry() == self.screen().geometry()

    # Nothing but the code leads out

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _SIGNS_OF_LIFE:
            self._alive_s = time.monotonic()
        if kind in _DEAF:
            return True
        if isinstance(event, QKeyEvent) and kind in (
            QEvent.Type.KeyPress,
            QEvent.Type.KeyRelease,
            QEvent.Type.ShortcutOverride,
        ):
            if kind == QEvent.Type.KeyPress and watched is self.windowHandle():
                self._take(event.text())
            return not self._reaches(event)
        return super().eventFilter(watched, event)

    def _reaches(self, event: QKeyEvent) -> bool:
        bare = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        return event.key() in _FREE_KEYS and not bare

    def _take(self, typed: str) -> None:
        if not typed:
            return
        self._typed = (self._typed + typed)[-len(self._plan.code) :]
        if self._typed == self._plan.code:
            QTimer.singleShot(0, self, self.leave)

    def leave(self) -> None:
        """Close the window, as the code does; a recording that was allowed is still kept."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving:
            event.ignore()
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self._watch.stop()
        self._end_recording()
        self.context.ticker.stop(self)
        self.stage.present.session.close()
        self._keep_recorded()  # also what the camera recorded last
        for kept in self._kept:
            kept.wait(KEEP_WAIT_S)
        self.context.close()
        event.accept()
