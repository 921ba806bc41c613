"""The annotation screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.annotate.view import AnnotateScreen

    return AnnotateScreen(context)


SCREEN = Screen(
    "annotate",
    "Annotate",
    "annotate",
    10,
    _make,
    "Judge the clips a study gives you",
    page="judging",
    also="sign in rate label judge rater",
    shows_labels=False,
)
