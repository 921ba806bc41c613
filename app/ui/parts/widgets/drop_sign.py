"""The sign over the window that files which are held over it can be dropped."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import RADIUS_CARD, SPACE_L, SPACE_S, TEXT_TITLE
from app.ui.parts.widgets.spoken import Role

_EDGE = 3.0
"""Width of the frame, in pixels."""


class DropSign(QWidget):
    """A frame around the whole window with a sentence in its middle. It takes no events, and is hidden at first.

    Args:
        theme: The window's fonts and colours.
        window: The window, over which it lies.
    """

    spoken = Role.StaticText

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self.words = tr("Drop videos, images or a project file.")
        self.setAccessibleName(self.words)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show it over the whole window."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self._theme.colour("accent")
        painter.setPen(QPen(accent, _EDGE))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), RADIUS_CARD, RADIUS_CARD)
        painter.setFont(self._theme.font(TEXT_TITLE))
        words = QRectF(painter.fontMetrics().boundingRect(self.words)).adjusted(-SPACE_L, -SPACE_S, SPACE_L, SPACE_S)
        words.moveCenter(QRectF(self.rect()).center())
        painter.setBrush(self._theme.colour("surface"))
        painter.drawRoundedRect(words, RADIUS_CARD, RADIUS_CARD)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), self.words)
        painter.end()
