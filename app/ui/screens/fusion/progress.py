"""The running fusion: how far it is, the best value so far, and the two ways to end it."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.training_events import FUSED, PROGRESS
from app.domain.words import figure
from app.services.fusion.runs import FusionRequest
from app.services.retrain.queue import QueuedRun
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, label, row

STOP_TIP: Final = tr("End the search; the best weights so far become the fusion")
MEASURES: Final = {"accuracy": "accuracy", "uar": tr("mean recall")}


class ProgressStrip(Card):
    """The line of the running fusion, which is hidden while nothing runs."""

    stop_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.said = ElidedLabel()
        self.best = label("", "section")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of the fusion"))
        self.stop = button(tr("Stop and keep the best"), tip=STOP_TIP)
        self.stop.clicked.connect(self.stop_wanted.emit)
        self.cancel = button(tr("Cancel"), tip=tr("End the fusion and discard it"))
        self.cancel.clicked.connect(self.cancel_wanted.emit)
        says = row(self.said, self.best, spacing=SPACE_M)
        says.setStretch(0, 1)
        ends = row(self.bar, self.stop, self.cancel, spacing=SPACE_M)
        ends.setStretch(0, 1)
        self.body.addLayout(says)
        self.body.addLayout(ends)
        self.show_run(None, waiting=0)

    def show_run(self, run: QueuedRun | None, waiting: int) -> None:
        """Follow a run; None if nothing is being fused.

        Args:
            run: The running fusion.
            waiting: Number of fusions that wait.
        """
        self.setVisible(run is not None)
        if run is None:
            self.best.setText("")
            self.stop.setEnabled(False)
            return
        progress = run.progress
        known = progress is not None and progress.total > 0
        self.bar.setRange(0, 1000 if known else 0)
        if progress is not None and known:
            self.bar.setValue(round(1000 * progress.done / progress.total))
        more = tr("  (+{waiting} waiting)", waiting=waiting) if waiting else ""
        self.said.set_text((progress.text if progress is not None else tr("Starting …")) + more)
        value = best_so_far(run)
        measure = run.request.way.measure if isinstance(run.request, FusionRequest) else "accuracy"
        words = tr(
            "Best so far: {measures} {value} on the people who choose",
            measures=MEASURES[measure],
            value=figure(value, 3),
        )
        self.best.setText("" if value is None else words)
        searches = not run.asked_to_stop and all(event["event"] != FUSED for event in run.events)
        self.stop.setEnabled(value is not None and searches)


def best_so_far(run: QueuedRun) -> float | None:
    """Return the best value of a search so far; None before there is one."""
    values = [event["value"] for event in run.events if event["event"] == PROGRESS and event.get("value") is not None]
    return float(values[-1]) if values else None
