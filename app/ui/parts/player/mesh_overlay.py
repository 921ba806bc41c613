"""The drawing of a measured face over the picture: contours and points of its mesh, and the axes of the head."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.domain.measured_faces import MeasuredFace
from app.faces.head_pose import HeadPose, rotation
from app.faces.mesh_points import CONTOURS, LEFT_IRIS, N_MESH, RIGHT_IRIS
from app.ui.look.tokens import DARK

_SHADOW: Final = QColor(0, 0, 0, 130)
_LINE: Final = QColor(255, 255, 255, 215)
_NOSE: Final = 4
"""The mesh's point at the tip of the nose, where the axes begin."""
_REACH: Final = 0.6
"""Length of an axis that lies in the picture's plane, in widths of the face."""


def paint_mesh(
    painter: QPainter, face: MeasuredFace, picture: QRectF, scale: float, *, dots: bool, contours: bool, axes: bool
) -> None:
    """Draw a measured face.

    The axes are the head's own: blue to the viewer's right, orange down, and white with a point where the face looks.

    Args:
        painter: A painter in the widget's coordinates.
        face: The face in the frame on screen.
        picture: Place of the frame in the widget.
        scale: Widget pixels for each pixel of the frame.
        dots: Whether to draw the 468 points of the mesh.
        contours: Whether to draw its contours.
        axes: Whether to draw the axes of the head.
    """
    if face.points is None:
        return
    places = face.points.astype(np.float64) * scale + (picture.x() + scale / 2, picture.y() + scale / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if dots:
        painter.setPen(QPen(_LINE, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(_polygon(places[:N_MESH]))
    if contours:
        lines = [_polygon(places[list(line)]) for line in CONTOURS]
        for pen in (QPen(_SHADOW, 2.6), QPen(_LINE, 1.2)):
            painter.setPen(pen)
            for line in lines:
                painter.drawPolyline(line)
            for iris in (LEFT_IRIS, RIGHT_IRIS):
                radius = float(np.linalg.norm(places[iris + 1 : iris + 5] - places[iris], axis=1).mean())
                painter.drawEllipse(QPointF(*places[iris]), radius, radius)
    if axes and face.pose_deg is not None:
        _axes(painter, places, HeadPose(*face.pose_deg))


def _polygon(places: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(float(x), float(y)) for x, y in places])


def _axes(painter: QPainter, places: NDArray[np.float64], pose: HeadPose) -> None:
    turned = rotation(pose)
    begin = QPointF(*places[_NOSE])
    reach = _REACH * float(np.ptp(places[:N_MESH, 0]))
    for direction, colour, width in (
        (turned[:, 0], DARK.valence, 2.0),
        (turned[:, 1], DARK.arousal, 2.0),
        (-turned[:, 2], "#ffffff", 3.0),
    ):
        end = QPointF(begin.x() + reach * float(direction[0]), begin.y() + reach * float(direction[1]))
        for pen in (QPen(_SHADOW, width + 2), QPen(QColor(colour), width)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(begin, end)
    painter.setBrush(QColor("#ffffff"))
    painter.setPen(QPen(_SHADOW, 1.0))
    painter.drawEllipse(end, 4.0, 4.0)
