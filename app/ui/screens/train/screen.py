"""The train screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.train.view import TrainScreen

    return TrainScreen(context)


SCREEN = Screen(
    "train",
    tr("Train"),
    "train",
    30,
    _make,
    tr("Train a model on this project's labels and compare it"),
    page="retraining",
    also=tr("retrain learn recipe compare promote roll back"),
    shows_labels=True,
)
