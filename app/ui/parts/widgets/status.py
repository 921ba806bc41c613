"""The status bar: background work, and figures of live predictions."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from app.ui.core.context import AppContext
from app.ui.core.work import time_left
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import ElidedLabel, label, row, say
from app.ui.parts.widgets.changing import ChangingLabel

SHOW_AFTER_MS = 500


class TaskLine(QWidget):
    """The work under way: title, bar, time left, stop.

    It appears when something takes longer than half a second, or at once where nothing else answers a press.

    Args:
        context: What all screens share; its work is shown.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.text = label(kind="small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self.left = label(kind="small")
        self.stop = QToolButton()
        self.stop.setIcon(icon("close"))
        self.stop.setToolTip(tr("Stop this work"))
        self.stop.setAccessibleName(tr("Stop this work"))
        self.stop.clicked.connect(self._on_stop)
        self.setLayout(row(self.text, self._bar, self.left, self.stop, spacing=SPACE_S))
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SHOW_AFTER_MS)
        self._delay.timeout.connect(self._appear)
        context.work.changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Follow the work."""
        tasks = self._context.work.tasks
        self._context.commands.set_condition("working", bool(tasks))
        if not tasks:
            self._delay.stop()
            self.hide()
            return
        task, progress = tasks[0], tasks[0].progress
        more = f"  (+{len(tasks) - 1})" if len(tasks) > 1 else ""
        detail = f" · {progress.text}" if progress is not None and progress.text else ""
        self.text.setText(f"{task.title}{detail}{more}")
        known = progress is not None and progress.total > 0
        self._bar.setRange(0, 1000 if known else 0)
        if progress is not None and known:
            self._bar.setValue(round(1000 * progress.done / progress.total))
        self.left.setText(time_left(progress) if progress is not None else "")
        if self.isHidden():
            if any(one.at_once for one in tasks):
                self.show()
            elif not self._delay.isActive():
                self._delay.start()

    def _appear(self) -> None:
        if self._context.work.tasks:
            self.show()

    def _on_stop(self) -> None:
        if self._context.work.tasks:
            self._context.work.tasks[0].cancel()
            self.text.setText(tr("Stopping …"))


class StatusBar(QStatusBar):
    """The place at the left; at the right background work, then provider, latency, rate and drops of live prediction.

    Args:
        context: The context of the window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        self._place = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.addWidget(self._place, 1)
        self.task = TaskLine(context)
        self.addPermanentWidget(self.task)
        self.cells: dict[str, QLabel] = {}
        for name, tip in (
            ("provider", tr("Where the model really runs (ONNX Runtime's execution provider)")),
            ("latency", tr("Median time from the submission of a frame to its prediction")),
            ("fps", tr("Predictions per second")),
            ("dropped", tr("Frames not shown in time, and frames not predicted live because a newer one was there")),
        ):
            cell = ChangingLabel("small")
            cell.setToolTip(tip)
            cell.setObjectName(f"status.{name}")
            cell.setFont(context.theme.font(12, figures=True))
            cell.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
            self.cells[name] = cell
            self.addPermanentWidget(cell)
            cell.hide()

    def set_place(self, text: str) -> None:
        """Show the project and the clip in view."""
        self._place.set_text(text)

    def set_live(
        self,
        provider: str = "",
        latency_ms: float | None = None,
        fps: float | None = None,
        dropped_shown: int | None = None,
        dropped_live: int | None = None,
        *,
        slowed: bool = False,
    ) -> None:
        """Show the figures of live prediction; a value that is None is left empty.

        Args:
            provider: What computes.
            latency_ms: Milliseconds from a frame to its answer.
            fps: Answers a second.
            dropped_shown: Frames that were not painted.
            dropped_live: Frames that were not predicted because newer ones came.
            slowed: Whether fewer frames are predicted so that the clip plays smoothly.
        """
        say(self.cells["provider"], provider.removesuffix("ExecutionProvider"))
        say(self.cells["latency"], "" if latency_ms is None else f"{latency_ms:.0f} ms")
        less = tr(" (fewer, for smooth playing)") if slowed else ""
        say(self.cells["fps"], "" if fps is None else tr("{fps} predictions/s{less}", fps=f"{fps:.0f}", less=less))
        parts = []
        if dropped_shown is not None:
            parts.append(tr("{dropped_shown} dropped", dropped_shown=dropped_shown))
        if dropped_live:
            parts.append(tr("{dropped_live} skipped live", dropped_live=dropped_live))
        say(self.cells["dropped"], " · ".join(parts))
