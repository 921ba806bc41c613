"""Loads the code of the screens before anybody opens them, so that a first visit need not wait for it."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from app.jobs import Context
from app.ui.core.context import AppContext
from app.ui.screens import load_screen

EVERY_MS: Final = 400
"""How often it is looked whether the window has nothing else to do."""
FIRST_MS: Final = 1500
"""When it is looked first: by then the window stands and the last project is being opened."""


class Ahead(QObject):
    """Loads one screen at a time on the lane that stands back behind all others, never while anything plays or works.

    Args:
        context: The window's context.
        screens: Ids of the screens, in the order in which they are loaded.
        parent: The window.
    """

    def __init__(self, context: AppContext, screens: tuple[str, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._left = context, list(screens)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._timer.start(FIRST_MS)
        context.closing.connect(self._timer.stop)

    @property
    def left(self) -> tuple[str, ...]:
        """The screens that have not been loaded yet."""
        return tuple(self._left)

    def _look(self) -> None:
        context = self._context
        if context.jobs.busy or context.work.tasks or context.ticker.running:
            self._timer.start(EVERY_MS)
            return
        name = self._left[0]
        context.jobs.start("behind", _load, name, on_done=self._next, on_error=lambda _error: self._next(name))

    def _next(self, name: str) -> None:
        # A screen that cannot be loaded says so when it is opened.
        self._left.remove(name)
        if self._left:
            self._timer.start(EVERY_MS)


def _load(_ctx: Context, name: str) -> str:
    load_screen(name)
    return name
