"""Lets the keys of the categories mark events while a clip plays, before any other meaning of these keys."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.domain.notes import NoteCategory
from app.ui.parts.judging.keys import written

_TYPED_INTO = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


class EventKeys(QObject):
    """Watches the keyboard while events are coded.

    A key counts once for each press, however long it is held. Keys with Ctrl, Alt or Shift, keys of no category, and
    keys that are typed into a field keep their meaning.

    Args:
        desk: The desk; keys count only while it is visible in the active window.
        category_of: Function that returns the category of a key; None for a key without one.
        press: Called with the category whose key was pressed.
    """

    def __init__(
        self, desk: QWidget, category_of: Callable[[str], NoteCategory | None], press: Callable[[NoteCategory], None]
    ) -> None:
        super().__init__(desk)
        self._desk, self._category_of, self._press = desk, category_of, press
        self._on = False

    @property
    def on(self) -> bool:
        """Whether the keys mark events."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Begin or end watching."""
        if on == self._on:
            return
        self._on = on
        app = cast("QApplication", QApplication.instance())
        if on:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget):
            return False  # Qt sends each key to the window first, then to the widget that has the focus
        category = self._meant(event)
        if category is None:
            return False
        event.accept()
        if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._press(category)
        return True

    def _meant(self, event: QKeyEvent) -> NoteCategory | None:
        others = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
        if event.modifiers() & ~others or not self._desk.isVisible() or not self._desk.window().isActiveWindow():
            return None
        focus = QApplication.focusWidget()
        if focus is not None and (focus.window() is not self._desk.window() or isinstance(focus, _TYPED_INTO)):
            return None
        return self._category_of(written(event))
