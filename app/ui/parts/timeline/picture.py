"""The curves of a row as one picture, which is drawn again only when the curves or the visible window change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF, QTransform

from app.ui.parts.timeline.pyramid import Pyramid

POINTS: Final = 4
"""Most points for each column of the screen that are drawn as a line."""
TRAVEL: Final = 6
"""Largest vertical travel of a line, in pixels for each column: Qt takes quadratic time for lines that cross."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve and its look.

    Attributes:
        pyramid: Its points.
        pen: A cosmetic pen, whose width counts the screen's own pixels.
        order: Curves of a greater order lie above the others.
    """

    pyramid: Pyramid
    pen: QPen
    order: int = 0


class CurvePicture(pg.GraphicsObject):  # type: ignore[misc]
    """Draws curves into a pixmap of the size of the view, and paints that pixmap until something changes.

    Moving the playhead therefore costs a copy of the pixmap, whatever the number of points.
    """

    def __init__(self) -> None:
        super().__init__()
        self._curves: tuple[Curve, ...] = ()
        self._pixmap: QPixmap | None = None
        self._drawn: tuple[object, ...] = ()
        self.drawings = 0
        """Number of times that the curves were drawn again."""

    def set_curves(self, curves: Mapping[str, Curve]) -> None:
        """Show these curves."""
        self._curves = tuple(sorted(curves.values(), key=lambda curve: curve.order))
        self.renew()

    def renew(self) -> None:
        """Draw the curves again: their points have changed."""
        self._drawn = ()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the visible window, in the units of the axes."""
        view = self.viewRect()
        return QRectF() if view is None else QRectF(view)

    def viewTransformChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def paint(self, painter: QPainter, *_args: Any) -> None:
        """Paint the picture, drawing it first if the window, its size or a curve has changed."""
        window = self.boundingRect()
        place = painter.worldTransform().mapRect(window)
        ratio = painter.device().devicePixelRatio()
        if place.width() < 1 or place.height() < 1 or not self._curves:
            return
        now = (window.getRect(), place.getRect(), ratio)
        if self._pixmap is None or now != self._drawn:
            self._pixmap = self._draw(window, round(place.width() * ratio), round(place.height() * ratio))
            self._pixmap.setDevicePixelRatio(ratio)
            self._drawn = now
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.drawPixmap(place.topLeft(), self._pixmap)
        painter.restore()

    def _draw(self, window: QRectF, width: int, height: int) -> QPixmap:
        self.drawings += 1
        pixmap = QPixmap(width, height)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        scale = _Scale(window.left(), window.right(), window.top(), window.bottom(), width, height)
        for curve in self._curves:
            _draw_curve(painter, curve, scale)
        painter.end()
        return pixmap


@dataclass(frozen=True)
class _Scale:
    """The place of times and values in a picture; a value at the top has the row 0."""

    start_s: float
    end_s: float
    lowest: float
    highest: float
    width: int
    height: int

    def x(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return (times_s - self.start_s) / (self.end_s - self.start_s) * self.width

    def y(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        return (self.highest - values.astype(np.float64)) / (self.highest - self.lowest) * self.height


def _draw_curve(painter: QPainter, curve: Curve, scale: _Scale) -> None:
    if curve.pyramid.count(scale.start_s, scale.end_s) <= POINTS * scale.width:
        times_s, values = curve.pyramid.points(scale.start_s, scale.end_s)
        x, y = scale.x(times_s), scale.y(values)
        if np.nansum(np.abs(np.diff(y))) <= TRAVEL * scale.width:
            _draw_line(painter, curve.pen, x, y)
            return
    low, high = curve.pyramid.columns(scale.start_s, scale.end_s, scale.width)
    _draw_columns(painter, curve.pen, scale.y(high), scale.y(low))


def _draw_line(painter: QPainter, pen: QPen, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Draw a smooth line, broken at NaN."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    known = np.isfinite(y)
    ends = np.flatnonzero(np.diff(np.r_[False, known, False].astype(np.int8)))
    for first, last in ends.reshape(-1, 2):
        points = [QPointF(*pair) for pair in zip(x[first:last].tolist(), y[first:last].tolist(), strict=True)]
        # A single value between two gaps is a point as wide as the line.
        painter.drawPolyline(QPolygonF(points if len(points) > 1 else [points[0], points[0] + QPointF(0.5, 0.0)]))


def _draw_columns(painter: QPainter, pen: QPen, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> None:
    """Draw from the highest to the lowest value of each column, with the dashes of the pen along the time axis."""
    half = pen.widthF() / 2
    at = np.arange(len(top))
    shown = np.isfinite(top)
    dashes = pen.dashPattern()
    if dashes:
        lengths = np.asarray(dashes) * pen.widthF()
        phase = at % max(float(lengths.sum()), 1.0)
        shown &= np.searchsorted(np.cumsum(lengths), phase, side="right") % 2 == 0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    solid = QPen(pen.color(), 1)
    solid.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(solid)
    x, high, low = (at[shown] + 0.5).tolist(), (top[shown] - half).tolist(), (bottom[shown] + half).tolist()
    painter.drawLines([QLineF(*line) for line in zip(x, high, x, low, strict=True)])
