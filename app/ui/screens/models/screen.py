"""The models screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.models.view import ModelsScreen

    return ModelsScreen(context)


SCREEN = Screen(
    "models",
    tr("Models"),
    "models",
    40,
    _make,
    tr("The models, their scores, and the one in use"),
    page="models-zoo",
    also=tr("download install zoo accuracy"),
    shows_labels=False,
)
