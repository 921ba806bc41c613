"""The picture a rater sees: what the condition shows, a mark on the target before it plays, or words instead."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.tokens import TEXT_HEADING, TEXT_TITLE

_DIM = QColor(0, 0, 0, 140)
_WHITE = QColor("#ffffff")
_MESSAGE_PX = 96


class Stage(QWidget):
    """Shows one picture. Like all video programs it is dark in both themes.

    Args:
        theme: Fonts and the stage's colour.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._mark: QRectF | None = None
        self._mark_text = ""
        self._message = ""
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 150)
        self.setAccessibleName("Picture")
        theme.changed.connect(self.update)

    def show_picture(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show H×W×4 uint8 BGRA pixels; None clears the stage."""
        self._pixels = None
        self._image = None
        if pixels is not None:
            height, width, _ = pixels.shape
            self._pixels = np.ascontiguousarray(pixels)
            stride = self._pixels.strides[0]
            self._image = QImage(self._pixels.data, width, height, stride, QImage.Format.Format_RGB32)
        self.update()

    def show_mark(self, box: NDArray[np.float64] | None, text: str = "") -> None:
        """Mark the person who is meant: [x, y, w, h] in pixels of the picture; None takes the mark away."""
        self._mark = None if box is None else QRectF(*(float(v) for v in box))
        self._mark_text = text
        self.update()

    def set_message(self, text: str) -> None:
        """One large sign over the picture (a countdown); empty for none."""
        if text != self._message:
            self._message = text
            self.update()

    def set_words(self, text: str) -> None:
        """A sentence in place of the picture; empty for none."""
        self._words = text
        self.update()

    @property
    def message(self) -> str:
        """The sign shown over the picture."""
        return self._message

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

    def picture_rect(self) -> QRectF:
        """Where the picture lies in the widget."""
        if self._image is None:
            return QRectF(self.rect())
        fitted = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - fitted.width()) / 2, (self.height() - fitted.height()) / 2, fitted.width(), fitted.height()
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.stage))
        if self._words:
            painter.setFont(self._theme.font(TEXT_HEADING))
            painter.setPen(_WHITE)
            inside = self.rect().adjusted(40, 40, -40, -40)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._words)
        elif self._image is not None:
            painter.drawImage(self.picture_rect(), self._image)
            self._paint_mark(painter)
        if self._message:
            self._paint_message(painter)
        painter.end()

    def _paint_mark(self, painter: QPainter) -> None:
        if self._mark is None or self._image is None:
            return
        place = self.picture_rect()
        scale = place.width() / self._image.width()
        x, y = place.x() + self._mark.x() * scale, place.y() + self._mark.y() * scale
        frame = QRectF(x, y, self._mark.width() * scale, self._mark.height() * scale).adjusted(-8, -8, 8, 8)
        for colour, width in ((QColor(0, 0, 0, 180), 6), (_WHITE, 3)):
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
        painter.setPen(_WHITE)
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), self._mark_text)

    def _paint_message(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), _DIM)
        large = len(self._message) <= 2
        painter.setFont(self._theme.font(_MESSAGE_PX if large else TEXT_HEADING, QFont.Weight.DemiBold))
        painter.setPen(_WHITE)
        inside = self.rect().adjusted(30, 10, -30, -10)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._message)
