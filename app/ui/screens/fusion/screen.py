"""The fusion screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.fusion.view import FusionScreen

    return FusionScreen(context)


SCREEN = Screen(
    "fusion",
    tr("Fusion"),
    "fusion",
    35,
    _make,
    tr("Fuse models of categories into one and see what it gains"),
    page="fusion#in-the-window",
    also=tr("fuse combine ensemble members weights stacking"),
    shows_labels=True,
)
