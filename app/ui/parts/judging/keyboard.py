"""Keeps the keyboard focus on the page on which somebody judges, whatever else the window shows."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget


class KeyboardHome(QObject):
    """Brings the focus back to a page when it goes to another part of the same window.

    A message above the page has a button and a text that can be selected, and a part that is hidden leaves the focus to
    any other part. Keys pressed then would be lost. Dialogs and pop-ups are separate windows and keep their focus.

    Args:
        page: The page, which keeps the focus while it is visible in the active window.
        take: Function that puts the focus on the right part of the page.
    """

    def __init__(self, page: QWidget, take: Callable[[], None]) -> None:
        super().__init__(page)
        self._page, self._take = page, take
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        page = self._page
        window = page.window()
        if not page.isVisible() or not window.isActiveWindow():
            return
        elsewhere = now is None or (now.window() is window and now is not page and not page.isAncestorOf(now))
        if elsewhere and QApplication.activePopupWidget() is None and QApplication.activeModalWidget() is None:
            self._take()
