"""The picture: a plain widget that draws a QImage over the decoded BGRA buffer, with the overlay on top."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.media import Frame
from app.ui.player.overlay import OverlayFace, OverlayParts, paint_overlay
from app.ui.theme import Theme
from app.ui.tokens import TEXT_HEADING

DIM = QColor(0, 0, 0, 150)


class VideoWidget(QWidget):
    """Shows one frame at a time. It copies nothing: the frame's buffer stays alive as long as it is on screen.

    Args:
        theme: Fonts and the stage's colour.
    """

    clicked = Signal()
    double_clicked = Signal()
    face_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._faces: tuple[OverlayFace, ...] = ()
        self._active = 0
        self._parts = OverlayParts()
        self._overlay = True
        self._message = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setAccessibleName("Picture")
        theme.changed.connect(self.update)

    def show_frame(self, frame: Frame | None) -> None:
        """Show a frame.

        Args:
            frame: With a `bgra` image; None clears the stage.
        """
        if frame is None:
            self._pixels, self._image = None, None
        else:
            pixels = frame.image
            height, width, _ = pixels.shape
            self._pixels = pixels
            self._image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        self.update()

    def show_faces(self, faces: tuple[OverlayFace, ...], active: int) -> None:
        """Show these faces over the picture; `active` is the track whose curves are shown."""
        self._faces, self._active = faces, active
        self.update()

    def set_overlay(self, on: bool, parts: OverlayParts) -> None:
        """Switch the overlay on or off, as a whole and by parts."""
        self._overlay, self._parts = on, parts
        self.update()

    def set_message(self, text: str) -> None:
        """Large words over the picture (a countdown); empty for none."""
        self._message = text
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether a frame is on screen."""
        return self._image is not None

    def picture_size(self) -> QSize:
        """Pixels of the frame on screen; 0 × 0 without one."""
        return self._image.size() if self._image is not None else QSize(0, 0)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def picture_rect(self) -> QRectF:
        """Where the frame lies in the widget."""
        if self._image is None:
            return QRectF(self.rect())
        fitted = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - fitted.width()) / 2, (self.height() - fitted.height()) / 2, fitted.width(), fitted.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.stage))
        if self._image is not None:
            place = self.picture_rect()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
            if self._overlay and self._faces:
                paint_overlay(painter, self._faces, self._active, place, self._image.width(), self._theme, self._parts)
        if self._message:
            painter.fillRect(self.rect(), DIM)
            painter.setFont(self._theme.font(64 if len(self._message) <= 2 else TEXT_HEADING))
            painter.setPen(QColor("#ffffff"))
            words = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(20, 8, -20, -8), words, self._message)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        face = self._face_at(event.position())
        if face is not None and face != self._active:
            self.face_clicked.emit(face)
        else:
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def _face_at(self, point: QPointF) -> int | None:
        if self._image is None or not self._overlay:
            return None
        place = self.picture_rect()
        scale = place.width() / self._image.width()
        for face in self._faces:
            x, y, w, h = (float(v) for v in face.box)
            if QRectF(place.x() + x * scale, place.y() + y * scale, w * scale, h * scale).contains(point):
                return face.track_id
        return None
