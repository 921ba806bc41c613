"""The curves of a row as one picture, which is drawn again only when the curves or the visible window change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF, QTransform

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
        scale = _Scale(window.left(), window.right(), window.top(), window.bottom(), width, height)
        pixels, image = _layer(width, height)
        for curve in self._curves:
            if curve.pen.color().alpha() == 255:
                _draw_curve(image, pixels, curve, scale)
                continue
            over, above = _layer(width, height)
            _draw_curve(above, over, curve, scale)
            painter = QPainter(image)
            painter.drawImage(0, 0, above)
            painter.end()
        return QPixmap.fromImage(image)


def _layer(width: int, height: int) -> tuple[NDArray[np.uint32], QImage]:
    """Return a transparent image and its memory.

    Columns are written into the memory, which takes a fraction of the time of handing Qt their lines.
    """
    pixels = np.zeros((height, width), np.uint32)
    return pixels, QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)


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


def _draw_curve(image: QImage, pixels: NDArray[np.uint32], curve: Curve, scale: _Scale) -> None:
    """Draw a curve into an image whose memory is `pixels`."""
    if curve.pyramid.count(scale.start_s, scale.end_s) <= POINTS * scale.width:
        times_s, values = curve.pyramid.points(scale.start_s, scale.end_s)
        x, y = scale.x(times_s), scale.y(values)
        if np.nansum(np.abs(np.diff(y))) <= TRAVEL * scale.width:
            painter = QPainter(image)
            _draw_line(painter, curve.pen, x, y)
            painter.end()
            return
    low, high = curve.pyramid.columns(scale.start_s, scale.end_s, scale.width)
    _draw_columns(pixels, curve.pen, scale.y(high), scale.y(low))


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


def _draw_columns(pixels: NDArray[np.uint32], pen: QPen, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> None:
    """Fill from the highest to the lowest value of each column, with the dashes of the pen along the time axis.

    Args:
        pixels: uint32 height×width, premultiplied ARGB, changed in place.
        pen: The colour, width and dashes.
        top: float64 width, the row of the highest value; NaN in a gap.
        bottom: float64 width, that of the lowest value.
    """
    half = pen.widthF() / 2
    shown = np.isfinite(top)
    dashes = pen.dashPattern()
    if dashes:
        lengths = np.asarray(dashes) * pen.widthF()
        phase = np.arange(len(top)) % max(float(lengths.sum()), 1.0)
        shown &= np.searchsorted(np.cumsum(lengths), phase, side="right") % 2 == 0
    # Rows whose middle lies within the column, so that at least one of them is filled.
    height = len(pixels)
    first = np.where(shown, np.clip(np.round(top - half), 0, height), height).astype(np.int16)
    behind = np.where(shown, np.clip(np.round(bottom + half), first + 1, height), 0).astype(np.int16)
    row = np.arange(height, dtype=np.int16)[:, None]
    np.copyto(pixels, _premultiplied(pen.color()), where=(row >= first) & (row < behind))


def _premultiplied(colour: QColor) -> np.uint32:
    """Return a colour as ARGB whose parts are multiplied by its opacity, as Qt keeps them in an image."""
    alpha = colour.alpha()
    red, green, blue = (round(part * alpha / 255) for part in (colour.red(), colour.green(), colour.blue()))
    return np.uint32(alpha << 24 | red << 16 | green << 8 | blue)
