"""The fusion screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.fusion.view import FusionScreen

    return FusionScreen(context)


SCREEN = Screen(
    "fusion",
    "Fusion",
    "fusion",
    35,
    _make,
    "Fuse models of categories into one and see what it gains",
    page="fusion#in-the-window",
    also="fuse combine ensemble members weights stacking",
    shows_labels=True,
)
