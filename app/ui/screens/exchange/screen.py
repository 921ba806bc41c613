"""The exchange screen's entry in the rail."""

from typing import TYPE_CHECKING

from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.exchange.view import ExchangeScreen

    return ExchangeScreen(context)


SCREEN = Screen(
    "exchange",
    tr("Exchange"),
    "exchange",
    60,
    _make,
    tr("Bring in files of other tools, such as ELAN, NOVA, CARMA or MuSe"),
    page="user-guide#exchange",
    also=tr("import elan eaf nova carma darma muse boris label studio csv excel ratings traces drop other tools"),
    shows_labels=True,
)
