"""The study screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.study.view import StudyScreen

    return StudyScreen(context)


SCREEN = Screen(
    "study", "Study", "studies", 15, _make, "Set up who judges which clips, and how they are shown", shows_labels=True
)
