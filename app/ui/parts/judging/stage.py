"""The picture that a rater sees: what the condition shows, a mark on the target before it plays, or words instead."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_HEADING, TEXT_TITLE
from app.ui.parts.widgets.picture import WHITE, PictureWidget


class Stage(PictureWidget):
    """Shows one picture. Like all video programs it is dark in both themes.

    Args:
        theme: The theme with fonts and the stage's colour.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, QSize(260, 150), parent)
        self._mark: QRectF | None = None
        self._mark_text = ""
        self._words = ""

    def show_mark(self, box: NDArray[np.float64] | None, text: str = "") -> None:
        """Mark the person who is meant by [x, y, w, h] in pixels of the picture; None removes the mark."""
        self._mark = None if box is None else QRectF(*(float(v) for v in box))
        self._mark_text = text
        self.update()

    def set_words(self, text: str) -> None:
        """Show a sentence in place of the picture; empty for none."""
        self._words = text
        self.update()

    @property
    def words(self) -> str:
        """The sentence shown in place of the picture."""
        return self._words

    @property
    def marked(self) -> bool:
        """Whether the target is marked now."""
        return self._mark is not None

    def sizeHint(self) -> QSize:
        return QSize(760, 480)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paint_instead(self, painter: QPainter) -> bool:
        """Draw the sentence in place of the picture."""
        if self._words:
            painter.setFont(self._theme.font(TEXT_HEADING))
            painter.setPen(WHITE)
            inside = self.rect().adjusted(40, 40, -40, -40)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._words)
        return bool(self._words)

    def paint_over(self, painter: QPainter) -> None:
        """Mark the person who is meant."""
        if self._mark is None:
            return
        place, scale = self.picture_rect(), self.picture_scale
        x, y = place.x() + self._mark.x() * scale, place.y() + self._mark.y() * scale
        frame = QRectF(x, y, self._mark.width() * scale, self._mark.height() * scale).adjusted(-8, -8, 8, 8)
        for colour, width in ((QColor(0, 0, 0, 180), 6), (WHITE, 3)):
            painter.setPen(QPen(colour, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 10, 10)
        painter.setFont(self._theme.font(TEXT_TITLE, QFont.Weight.DemiBold))
        width = painter.fontMetrics().horizontalAdvance(self._mark_text) + 24
        height = painter.fontMetrics().height() + 10
        left = min(max(frame.center().x() - width / 2, 4.0), max(self.width() - width - 4.0, 4.0))
        top = frame.bottom() + 6 if frame.bottom() + height + 10 < self.height() else frame.top() - height - 6
        tag = QRectF(left, max(top, 4.0), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 200))
        painter.drawRoundedRect(tag, 6, 6)
        painter.setPen(WHITE)
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), self._mark_text)
