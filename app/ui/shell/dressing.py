"""Gives the parts of a window the style sheet of the theme: what is seen at once, the rest a little later.

Qt works out the look of every widget below a style sheet when it changes, seen or not. With all screens open that took
seconds where the sheet was the application's, and nearly a second where it was the window's. So each screen, each part
around them and each dialog has the sheet itself, and what is hidden gets it when it is shown, or when nothing else is
to do (docs/decisions/0119).
"""

from typing import Final

from PySide6.QtCore import QChildEvent, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui.look.theme import Theme

EVERY_MS: Final = 40
"""Time between two hidden parts, so that what the user does meanwhile comes first."""


class Dressing(QObject):
    """Keeps the look of the parts of one window up to date.

    Args:
        theme: The theme.
        parent: The window.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: list[QWidget] = []
        self._late: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._next)
        theme.restyled.connect(self._on_restyled)

    @property
    def parts(self) -> list[QWidget]:
        """The parts that are still there."""
        self._parts = [part for part in self._parts if isValid(part)]
        return self._parts

    def add(self, part: QWidget) -> None:
        """Give a part of the window the look, from now on and now."""
        if not any(one is part for one in self.parts):
            self._parts.append(part)
            part.setStyleSheet(self._theme.sheet)

    def polished(self, event: QChildEvent, but: QWidget | None) -> None:
        """Give a dialog, menu or bar of the window the look before it is first shown.

        Args:
            event: What the window is told of its children.
            but: The child whose parts have the look themselves.
        """
        child = event.child()
        if event.type() != QEvent.Type.ChildPolished or not isinstance(child, QWidget) or child is but:
            return
        # Qt ends the process in its own file dialog where that has a style sheet of its own; the palette dresses it.
        if not child.inherits("QFileDialog"):
            self.add(child)

    def ready(self, part: QWidget) -> None:
        """Bring a part up to date that is about to be shown."""
        if any(one is part for one in self._late):
            self._late = [one for one in self._late if one is not part]
            self._dress(part)

    def _dress(self, part: QWidget) -> None:
        part.setStyleSheet(self._theme.sheet)
        self._theme.dressed.emit(part)

    def _on_restyled(self) -> None:
        self._late = []
        for part in tuple(self.parts):
            if part.isVisible():
                self._dress(part)
            else:
                self._late.append(part)
        self._timer.start()

    def _next(self) -> None:
        self._late = [part for part in self._late if isValid(part)]
        if self._late:
            self.ready(self._late[0])
        else:
            self._timer.stop()
