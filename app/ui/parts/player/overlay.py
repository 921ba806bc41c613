"""The drawing over the picture: box, landmarks, track number and bars of expressions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from app.domain.faces import UNCERTAIN
from app.domain.live import LiveFace
from app.domain.measured_faces import MeasuredFace
from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import DARK, TEXT_CAPTION
from app.ui.parts.player.face_names import paint_names
from app.ui.parts.player.mesh_overlay import paint_mesh

_GROUND: Final = QColor(8, 10, 13, 205)
_ROW: Final = 17.0
_BAR_WIDTH: Final = 56.0
_MARGIN: Final = 10.0
_BESIDE: Final = 12.0


@dataclass(frozen=True, eq=False)
class OverlayFace:
    """One face to draw.

    Attributes:
        track_id: The number that is shown.
        box: [x, y, w, h], pixels of the displayed frame.
        landmarks: 5×2 or empty, pixels of the displayed frame.
        quality: 0–1.
        probabilities: K over `classes`; empty while nothing was predicted.
        classes: Names of the K classes.
        valence: −1…1, NaN while unknown.
        arousal: −1…1, NaN while unknown.
        measured: Its measures in this frame; None without any.
    """

    track_id: int
    box: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    quality: float
    probabilities: NDArray[np.float32]
    classes: tuple[str, ...]
    valence: float
    arousal: float
    measured: MeasuredFace | None = None


def overlay_faces(faces: Sequence[LiveFace]) -> tuple[OverlayFace, ...]:
    """Return the faces of a live answer, to draw."""
    return tuple(
        OverlayFace(
            face.track_id,
            face.face.box,
            face.face.landmarks,
            face.quality,
            face.probabilities,
            face.classes,
            face.valence,
            face.arousal,
        )
        for face in faces
    )


@dataclass(frozen=True)
class OverlayParts:
    """The parts of the overlay that are switched on; `mesh` switches dots, contours and axes of measured faces."""

    box: bool = True
    landmarks: bool = True
    bars: bool = True
    mesh: bool = False
    dots: bool = False
    contours: bool = True
    axes: bool = True


def paint_overlay(
    painter: QPainter,
    faces: tuple[OverlayFace, ...],
    active: int,
    picture: QRectF,
    frame_width: int,
    theme: Theme,
    parts: OverlayParts,
    ground: QRectF | None = None,
) -> None:
    """Draw the overlay.

    Args:
        painter: A painter in the widget's coordinates.
        faces: The faces of the frame on screen.
        active: Number of the track whose curves are shown, which is drawn strongest.
        picture: Place of the frame in the widget.
        frame_width: Width of the displayed frame in pixels, for the scale.
        theme: The theme with the fonts.
        parts: The parts that are on.
        ground: Area that may be drawn on, including the bars beside the picture; None for the picture alone.
    """
    if frame_width <= 0:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scale = picture.width() / frame_width
    boxes = {face.track_id: _on_screen(face, picture, scale) for face in faces}
    chosen = next((face for face in faces if face.track_id == active), None)
    panel: QRectF | None = None
    if parts.bars and chosen is not None and len(chosen.probabilities):
        others = [other for number, other in boxes.items() if number != active]
        columns = _columns(theme, chosen)
        panel = panel_place(columns, len(chosen.classes), boxes[active], ground or picture, theme.scale, others)
    # The chosen face is drawn last and its name placed first.
    drawn = sorted(faces, key=lambda face: face.track_id == active)
    for face in drawn:
        if parts.box:
            _box(painter, boxes[face.track_id], face, face is chosen)
        if parts.mesh and face.measured is not None:
            measured, which = face.measured, {"dots": parts.dots, "contours": parts.contours, "axes": parts.axes}
            paint_mesh(painter, measured, picture, scale, **which)
        elif parts.landmarks and face is chosen:
            _landmarks(painter, face.landmarks, picture, scale)
    if parts.box:
        # Where the panel has no room beside the face, the name says what it would say first.
        names = {face.track_id: _words(face, face is chosen, parts.bars and panel is None) for face in drawn[::-1]}
        paint_names(painter, names, active, boxes, picture, theme, panel)
    if panel is not None and chosen is not None:
        _bars(painter, panel, chosen, theme)


def _on_screen(face: OverlayFace, picture: QRectF, scale: float) -> QRectF:
    x, y, w, h = (float(v) for v in face.box)
    return QRectF(picture.x() + x * scale, picture.y() + y * scale, w * scale, h * scale)


def _box(painter: QPainter, box: QRectF, face: OverlayFace, strong: bool) -> None:
    colour = QColor(DARK.accent if strong else "#d5dae1")
    if face.quality < UNCERTAIN:
        colour.setAlphaF(0.7)
    radius = min(8.0, box.width() / 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # A dark line under the bright one keeps the box visible on any picture.
    painter.setPen(QPen(QColor(0, 0, 0, 120), 4.0 if strong else 3.0))
    painter.drawRoundedRect(box, radius, radius)
    pen = QPen(colour, 2.0 if strong else 1.4)
    if face.quality < UNCERTAIN:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRoundedRect(box, radius, radius)


def _landmarks(painter: QPainter, landmarks: NDArray[np.float32], picture: QRectF, scale: float) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 140), 1.0))
    painter.setBrush(QColor(DARK.accent_hover))
    for x, y in landmarks:
        painter.drawEllipse(QPointF(picture.x() + float(x) * scale, picture.y() + float(y) * scale), 3.0, 3.0)


def _words(face: OverlayFace, strong: bool, barred: bool) -> tuple[str, ...]:
    """Return what a face's name may say, the fullest first; the chosen one's never gives way."""
    name = tr("Face {track_id}", track_id=face.track_id)
    if face.quality < UNCERTAIN:
        return (
            (tr("{name} · uncertain", name=name),)
            if strong
            else (tr("{name} · uncertain", name=name), name, str(face.track_id))
        )
    if not len(face.probabilities):
        return (name,) if strong else (name, str(face.track_id))
    best = int(np.argmax(face.probabilities))
    if strong:
        return (f"{name} · {face.classes[best]} {100 * face.probabilities[best]:.0f} %" if barred else name,)
    return f"{name} · {face.classes[best]}", f"{face.track_id} · {face.classes[best]}", str(face.track_id)


def panel_place(
    columns: "LineColumns",
    classes: int,
    box: QRectF,
    ground: QRectF,
    scale: float,
    others: Sequence[QRectF] = (),
) -> QRectF | None:
    """Return the place of the panel of bars, which is beside the face, and upon neither it nor any other face.

    Args:
        columns: The widths within its lines.
        classes: Number of lines besides valence and arousal.
        box: The face, in the widget's coordinates.
        ground: Area that may be drawn on.
        scale: Scale of the text.
        others: The other faces of the frame.

    Returns:
        The free place that is nearest to the face; None if there is none.
    """
    width = columns.width + 2 * _MARGIN
    height = _ROW * scale * (classes + 2) + 18
    if height + 8 > ground.height() or width + 8 > ground.width():
        return None
    lowest = ground.bottom() - height - 4
    # Right of the face, left of it, then the edges of the area; beside the face's top first.
    lefts = (box.right() + _BESIDE, box.left() - _BESIDE - width, ground.right() - 4 - width, ground.left() + 4)
    tops = (min(max(box.top(), ground.top() + 4), lowest), lowest, ground.top() + 4)
    inside = ground.adjusted(3.5, 3.5, -3.5, -3.5)
    for left in lefts:
        for top in tops:
            place = QRectF(left, top, width, height)
            if inside.contains(place) and not any(place.intersects(one) for one in (box, *others)):
                return place
    return None


def _columns(theme: Theme, face: OverlayFace) -> "LineColumns":
    return LineColumns.measured(QFontMetrics(theme.font(TEXT_CAPTION, figures=True)), face.classes, theme.scale)


def _bars(painter: QPainter, panel: QRectF, face: OverlayFace, theme: Theme) -> None:
    painter.setFont(theme.font(TEXT_CAPTION, figures=True))
    columns = _columns(theme, face)
    row = _ROW * theme.scale
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(panel, 8, 8)
    best = int(np.argmax(face.probabilities))
    line = QRectF(panel.left() + _MARGIN, panel.top() + 6, columns.width, row)
    for number, (name, value) in enumerate(zip(face.classes, face.probabilities, strict=True)):
        text = QColor("#ffffff" if number == best else "#aab4c0")
        fill = QColor(DARK.accent if number == best else "#66717f")
        trough = _trough(painter, line, columns, name, f"{100 * value:.0f} %", text)
        if value > 0.005:
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(trough.left(), trough.top(), max(trough.width() * value, 3), 6), 3, 3)
        line.translate(0, row)
    line.translate(0, 6)
    for name, value, tone in (("valence", face.valence, DARK.valence), ("arousal", face.arousal, DARK.arousal)):
        trough = _trough(painter, line, columns, name, figure(value, sign=True), QColor(tone))
        if not np.isnan(value):
            middle, reach = trough.center().x(), trough.width() / 2 * float(np.clip(value, -1, 1))
            painter.setBrush(QColor(tone))
            painter.drawRoundedRect(QRectF(min(middle, middle + reach), trough.top(), max(abs(reach), 2), 6), 2, 2)
        line.translate(0, row)


@dataclass(frozen=True)
class LineColumns:
    """Widths within a line: name, bar, number; measured, so that no text reaches into a bar at any text size."""

    name: float
    bar: float
    number: float
    gap: float

    @classmethod
    def measured(cls, metrics: QFontMetrics, names: Sequence[str], scale: float) -> "LineColumns":
        name = max(metrics.horizontalAdvance(words) for words in (*names, "valence", "arousal"))
        number = max(metrics.horizontalAdvance(words) for words in ("100 %", figure(-1.0, sign=True)))
        return cls(name, _BAR_WIDTH * scale, number, 9 * scale)

    @property
    def width(self) -> float:
        return self.name + self.bar + self.number + 2 * self.gap


def _trough(painter: QPainter, line: QRectF, columns: LineColumns, name: str, words: str, text: QColor) -> QRectF:
    """Draw a line's name, its number and the empty bar between them; returns the bar's place."""
    trough = QRectF(line.left() + columns.name + columns.gap, line.center().y() - 3, columns.bar, 6)
    painter.setPen(text)
    painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
    painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), words)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 36))
    painter.drawRoundedRect(trough, 3, 3)
    return trough
