"""A label whose text changes many times a second."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.parts.widgets.basic import TextKind


class ChangingLabel(QLabel):
    """A label as wide as its text. Words of the same width as the last ones do not lay out the window again.

    Qt asks all layouts around a label for another arrangement whenever its text changes, unless its size is fixed. For
    a clock beside a clip that plays this took a fifth of the window's time.

    Args:
        kind: The kind of text in the type scale.
    """

    def __init__(self, kind: TextKind = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str, /) -> None:
        """Show text."""
        if text != self.text():
            super().setText(text)
            self._fit()

    def setContentsMargins(self, left: int, top: int, right: int, bottom: int, /) -> None:  # type: ignore[override]
        """Set the space around the text, in pixels."""
        super().setContentsMargins(left, top, right, bottom)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        hint = self.sizeHint()
        if hint != self.minimumSize():
            self.setFixedSize(hint)
