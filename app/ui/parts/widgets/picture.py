"""A picture of a clip on its dark stage, fitted, centred and never copied. Subclasses draw over it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_HEADING
from app.ui.parts.widgets.spoken import Role

DIM: Final = QColor(0, 0, 0, 145)
WHITE: Final = QColor("#ffffff")
SIGN_PX: Final = 80
"""Largest number of letters of a countdown; longer messages are set like headings."""


class PictureWidget(QWidget):
    """Shows one picture at a time, dark in both themes. The buffer is kept as long as it is on screen.

    Args:
        theme: The theme with fonts and the stage's colour.
        least: Smallest size in pixels.

    Signals:
        painted: Another picture was painted for the first time.
    """

    spoken = Role.Graphic
    painted = Signal()

    def __init__(self, theme: Theme, least: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._message = ""
        self._new = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(least)
        self.setAccessibleName(tr("Picture"))
        theme.changed.connect(self.update)

    def show_picture(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show a picture.

        Args:
            pixels: uint8 H×W×4, BGRA; None clears the stage.
        """
        self._pixels = self._image = None
        self._new = pixels is not None
        if pixels is not None:
            height, width, _ = pixels.shape
            self._pixels = np.ascontiguousarray(pixels)
            stride = self._pixels.strides[0]
            self._image = QImage(self._pixels.data, width, height, stride, QImage.Format.Format_RGB32)
        self.update()

    def set_message(self, text: str) -> None:
        """Show large words over the picture, such as a countdown; empty for none."""
        if text != self._message:
            self._message = text
            self.update()

    def told(self) -> str:
        """Return the words over the picture, for screen readers, or whether there is one."""
        return self._message or (tr("A picture of the clip.") if self.has_picture else tr("There is no picture."))

    @property
    def message(self) -> str:
        """The words over the picture."""
        return self._message

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    def picture_size(self) -> QSize:
        """Size of the picture in pixels; 0 × 0 without one."""
        return self._image.size() if self._image is not None else QSize(0, 0)

    def picture_rect(self) -> QRectF:
        """Return the place of the picture in the widget; the whole widget without one."""
        if self._image is None:
            return QRectF(self.rect())
        fitted = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - fitted.width()) / 2, (self.height() - fitted.height()) / 2, fitted.width(), fitted.height()
        )

    @property
    def picture_scale(self) -> float:
        """Return the number of widget pixels per pixel of the picture."""
        return self.picture_rect().width() / max(self.picture_size().width(), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.stage))
        if not self.paint_instead(painter) and self._image is not None:
            painter.drawImage(self.picture_rect(), self._image)
            self.paint_over(painter)
        if self._message:
            painter.fillRect(self.rect(), DIM)
            large = len(self._message) <= 2
            painter.setFont(self._theme.font(SIGN_PX if large else TEXT_HEADING, QFont.Weight.DemiBold))
            painter.setPen(WHITE)
            words = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(30, 10, -30, -10), words, self._message)
        painter.end()
        if self._new:
            self._new = False
            self.painted.emit()

    def paint_over(self, painter: QPainter) -> None:
        """Draw over the picture, in the widget's coordinates."""

    def paint_instead(self, painter: QPainter) -> bool:
        """Draw something in place of the picture; return False to show the picture."""
        return False
