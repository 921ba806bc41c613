"""The picture: a plain widget that draws a QImage over the decoded BGRA buffer, with the overlay on top."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.domain.media import Frame
from app.ui.look.theme import Theme
from app.ui.parts.player.overlay import OverlayFace, OverlayParts, paint_overlay
from app.ui.parts.widgets.picture import PictureWidget


class VideoWidget(PictureWidget):
    """Shows one frame at a time and the faces in it, without copying the picture.

    Args:
        theme: The theme with fonts and the stage's colour.
    """

    clicked = Signal()
    double_clicked = Signal()
    face_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, QSize(320, 180), parent)
        self._faces: tuple[OverlayFace, ...] = ()
        self._active = 0
        self._parts = OverlayParts()
        self._overlay = True

    def show_frame(self, frame: Frame | None) -> None:
        """Show a frame with a `bgra` image; None clears the stage."""
        self.show_picture(frame.image if frame is not None else None)

    def show_faces(self, faces: tuple[OverlayFace, ...], active: int) -> None:
        """Show these faces over the picture; `active` is the track whose curves are shown."""
        self._faces, self._active = faces, active
        self.update()

    def set_overlay(self, on: bool, parts: OverlayParts) -> None:
        """Switch the overlay on or off as a whole, and choose its parts."""
        self._overlay, self._parts = on, parts
        self.update()

    @property
    def faces(self) -> tuple[OverlayFace, ...]:
        """The faces that belong to the picture, whether the overlay is on or not."""
        return self._faces

    @property
    def overlay_parts(self) -> OverlayParts | None:
        """The parts of the overlay that are drawn; None if it is off as a whole."""
        return self._parts if self._overlay else None

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def paint_over(self, painter: QPainter) -> None:
        """Draw the faces."""
        if self._overlay and self._faces:
            place, across = self.picture_rect(), self.picture_size().width()
            paint_overlay(
                painter, self._faces, self._active, place, across, self._theme, self._parts, QRectF(self.rect())
            )

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
        if not self.has_picture or not self._overlay:
            return None
        place, scale = self.picture_rect(), self.picture_scale
        for face in self._faces:
            x, y, w, h = (float(v) for v in face.box)
            if QRectF(place.x() + x * scale, place.y() + y * scale, w * scale, h * scale).contains(point):
                return face.track_id
        return None
