"""Shows a refusal where the window was asked for by a double click: there, nobody sees a terminal."""

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from app.errors import UserError

WITHOUT_SIGHT = ("offscreen", "minimal")
"""Platforms of Qt on which nobody could close a message."""


def show_refused(error: UserError) -> bool:
    """Show a refusal in a window of its own, and wait until it is read.

    Args:
        error: Why the window does not open.

    Returns:
        Whether it was shown: not where there is a terminal, which says the same, and not without a screen.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        return False
    if QGuiApplication.platformName() in WITHOUT_SIGHT:
        return False
    refusal(error).exec()
    return True


def refusal(error: UserError) -> QMessageBox:
    """Return the message, not shown yet."""
    box = QMessageBox(QMessageBox.Icon.Information, "Affectograph", error.what, QMessageBox.StandardButton.Close)
    box.setInformativeText(error.todo)
    return box
