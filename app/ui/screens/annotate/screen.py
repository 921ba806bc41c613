"""The annotation screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.annotate.view import AnnotateScreen

    return AnnotateScreen(context)


SCREEN = Screen(
    "annotate",
    tr("Annotate"),
    "annotate",
    10,
    _make,
    tr("Judge the clips a study gives you"),
    page="judging",
    also=tr("sign in rate label judge rater"),
    shows_labels=False,
)
