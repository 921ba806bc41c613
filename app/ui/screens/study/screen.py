"""The study screen's entry in the rail."""

from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext

COMMANDS: Final = (
    Command(
        "study.show_problems", "Show problems of the project", "Annotate", (), ("project", "not annotating"), 7,
        help="Clips that cannot be shown as planned, and answers and traces that faults of older versions left behind.",
    ),
)  # fmt: skip


def _bind(context: "AppContext") -> None:
    def open_first() -> None:
        context.screen_requested.emit("study")  # makes the screen, which binds the command to itself
        context.commands.run("study.show_problems")

    context.commands.bind("study.show_problems", open_first)


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.study.view import StudyScreen

    return StudyScreen(context)


SCREEN = Screen(
    "study",
    "Study",
    "studies",
    15,
    _make,
    "Set up who judges which clips, and how they are shown",
    COMMANDS,
    _bind,
    also="assign deal raters conditions questions emotions power plan sample size",
    shows_labels=True,
)
