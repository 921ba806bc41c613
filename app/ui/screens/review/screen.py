"""The review screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.review.home import ReviewHome

    return ReviewHome(context)


SCREEN = Screen(
    "review",
    "Review",
    "review",
    0,
    _make,
    "Play clips, and compare predictions with annotations",
    also="player play timeline predictions clips",
    shows_labels=True,
)
