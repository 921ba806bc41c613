"""The answers screen's entry in the rail, and its commands."""

from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext

_HERE: Final = ("screen.answers", "correcting", "not annotating")
_OPEN: Final = (*_HERE, "answer open")

COMMANDS: Final = (
    Command("answers.next", tr("Next answer"), "Annotate", ("Ctrl+Down",), _OPEN, 5),
    Command("answers.previous", tr("Previous answer"), "Annotate", ("Ctrl+Up",), _OPEN, 5),
    Command("answers.find", tr("Find answers"), "Annotate", ("Ctrl+F",), _HERE, 5, icon="search"),
    Command(
        "answers.export", tr("Export all answers…"), "Annotate", (), _HERE, 5, icon="export",
        help=tr(
            "Ratings, categories, traces and presentations of all raters as tidy CSV with a data dictionary, into a "
            "folder."
        ),
        also=tr("raw ratings csv data dictionary download save"),
    ),
    Command(
        "answers.play", tr("Play or pause the clip"), "Annotate", ("Ctrl+Space",), _OPEN, 5, icon="play",
        help=tr("As the rater saw it: the same part, face and sound."),
    ),
    Command(
        "answers.save", tr("Save the correction"), "Annotate", ("Ctrl+S",), _OPEN, 6, icon="check",
        help=tr("As a new revision with your code and the reason; nothing is overwritten."),
    ),
    Command(
        "answers.void", tr("Void or reject"), "Annotate", ("Ctrl+Delete", "Ctrl+Backspace"), _OPEN, 6, icon="trash",
        help=tr("The answer or trace stays, but counts as missing."),
    ),
    Command(
        "answers.restore", tr("Restore the chosen revision"), "Annotate", ("Ctrl+R",), _OPEN, 6, icon="undo",
        help=tr("An earlier revision counts again, as a new revision; a rejected trace is accepted again."),
    ),
)  # fmt: skip


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.answers.view import AnswersScreen

    return AnswersScreen(context)


SCREEN = Screen(
    "answers",
    tr("Answers"),
    "checks",
    20,
    _make,
    tr("Look through raters' answers and correct them, for reviewers and owners"),
    COMMANDS,
    page="annotation#roles-and-blinding-what-it-protects-against",
    also=tr("sign in correct review revisions void owner reviewer"),
    shows_labels=True,
)
