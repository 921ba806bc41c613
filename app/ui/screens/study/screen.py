"""The study screen's entry in the rail."""

from functools import partial
from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext

COMMANDS: Final = (
    Command(
        "study.new",
        tr("New study…"),
        "Annotate",
        (),
        ("project", "not annotating"),
        7,
        help=tr("From clips and faces over questions and raters to a study that is dealt, page by page."),
        also=tr("assistant wizard deal assign study"),
    ),
    Command(
        "study.show_problems",
        tr("Show problems of the project"),
        "Annotate",
        (),
        ("project", "not annotating"),
        7,
        help=tr(
            "Clips that cannot be shown as planned, and answers and traces that faults of older versions left behind."
        ),
    ),
)


def _bind(context: "AppContext") -> None:
    def open_first(command_id: str) -> None:
        context.screen_requested.emit("study")  # makes the screen, which binds the command to itself
        context.commands.run(command_id)

    for command in COMMANDS:
        context.commands.bind(command.id, partial(open_first, command.id))


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.study.view import StudyScreen

    return StudyScreen(context)


SCREEN = Screen(
    "study",
    tr("Study"),
    "studies",
    15,
    _make,
    tr("Set up who judges which clips, and how they are shown"),
    COMMANDS,
    _bind,
    page="annotation",
    also=tr("new assistant assign deal raters conditions questions emotions power plan sample size"),
    shows_labels=True,
)
