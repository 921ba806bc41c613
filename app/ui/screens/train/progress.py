"""The running training: its progress, its curves, and the two ways to end it."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.words import duration
from app.services.retrain.queue import QueuedRun
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, label, row
from app.ui.screens.train.course import of_newest_model
from app.ui.screens.train.curves import LearningCurves

STOP_TIP = tr("End after this epoch; the best epoch so far becomes the model, and remaining folds are left out")


class ProgressCard(Card):
    """The card of the running training.

    Args:
        theme: The window's fonts and colours.
    """

    stop_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Training"), parent=parent)
        self.curves = LearningCurves(theme)
        self.said = ElidedLabel(tr("Nothing is being trained."))
        self.left = label("", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop = button(tr("Stop and keep the best"), tip=STOP_TIP)
        self.stop.clicked.connect(self.stop_wanted.emit)
        self.cancel = button(tr("Cancel"), tip=tr("End the training and discard its results"))
        self.cancel.clicked.connect(self.cancel_wanted.emit)
        says = row(self.said, self.left, spacing=SPACE_M)
        says.setStretch(0, 1)
        ends = row(self.bar, self.stop, self.cancel, spacing=SPACE_M)
        ends.setStretch(0, 1)
        self.body.addLayout(says)
        self.body.addLayout(ends)
        self.body.addWidget(self.curves, 1)
        self.curves.setMinimumHeight(170)

    def show_run(self, run: QueuedRun | None, waiting: int) -> None:
        """Follow a run; None if nothing is being trained.

        Args:
            run: The running training.
            waiting: Number of runs that wait.
        """
        for part in (self.bar, self.left, self.stop, self.cancel):
            part.setVisible(run is not None)
        if run is None:
            self.said.set_text(tr("Nothing is being trained."))
            return
        progress = run.progress
        known = progress is not None and progress.total > 0
        self.bar.setRange(0, 1000 if known else 0)
        if progress is not None and known:
            self.bar.setValue(round(1000 * progress.done / progress.total))
        more = tr("  (+{waiting} waiting)", waiting=waiting) if waiting else ""
        self.said.set_text((progress.text if progress is not None else tr("Starting …")) + more)
        left = run.left_s
        self.left.setText("" if left is None else tr("at most {left}", left=duration(left)))
        self.stop.setEnabled(left is not None and not run.asked_to_stop)
        self.curves.show_events(of_newest_model(run.events))

    def show_events(self, events: list[dict[str, Any]]) -> None:
        """Show the curves of an earlier run."""
        self.curves.show_events(events)
