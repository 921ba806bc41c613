"""The review screen's entry in the rail."""

from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


_PLAY: Final = ("screen.review", "clip", "not recording")
_HERE: Final = ("screen.review", "project", "not recording")

COMMANDS: Final = (
    Command(
        "notes.add", tr("Note here"), "Annotate", ("N",), _PLAY, 2, icon="note-pencil",
        help=tr("Makes a note at the frame on screen. Type its words, then press Enter to continue."),
        also=tr("marker comment remark bookmark"),
    ),
    Command(
        "notes.add_range", tr("Begin or end a note over a range"), "Annotate", ("Shift+N",), _PLAY, 2,
        help=tr("The first press begins the note, the next one ends it."), also=tr("marker span segment"),
    ),
    Command("notes.next", tr("Next note"), "Annotate", ("Ctrl+Right",), _PLAY, 2, also=tr("marker jump")),
    Command("notes.previous", tr("Previous note"), "Annotate", ("Ctrl+Left",), _PLAY, 2, also=tr("marker jump")),
    Command(
        "notes.toggle_coding", tr("Code events by keys"), "Annotate", ("E",), _PLAY, 2, icon="keyboard", checkable=True,
        help=tr("The keys of your categories mark moments, or begin and end states, while the clip plays."),
        also=tr("ethogram behaviour boris elan coding"),
    ),
    Command(
        "notes.ask_categories", tr("Categories and event keys…"), "Annotate", (), _HERE, 2,
        also=tr("ethogram notes behaviour keys"),
    ),
    Command("notes.export", tr("Export notes…"), "Annotate", (), _HERE, 2, also=tr("csv table markers events save")),
    Command(
        "timeline.toggle_faces", tr("Curves of all faces"), "View", (), ("screen.review",), 1, checkable=True,
        help=tr("Draw the curves of the other people, too."), also=tr("several people tracks"),
    ),
    Command(
        "view.toggle_notes", tr("Notes"), "View", ("Ctrl+4",), ("screen.review",), checkable=True,
        help=tr("The list of notes on the clip."), also="markers",
    ),
)  # fmt: skip
"""What the desk does with notes and with several faces. The window's own table has everything else of this screen."""


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.review.home import ReviewHome

    return ReviewHome(context)


SCREEN = Screen(
    "review",
    tr("Review"),
    "review",
    0,
    _make,
    tr("Play clips, and compare predictions with annotations"),
    COMMANDS,
    page="user-guide#reviewing-predictions",
    also=tr("player play timeline predictions clips"),
    shows_labels=True,
)
