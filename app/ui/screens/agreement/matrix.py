"""The agreement of pairs of raters as a heat map with numbers."""

import math
from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.words import figure
from app.services.agreement.reliability import PairMatrix
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.screens.agreement.chart import Chart, Spot

NUMBERED: Final = 30.0
"""Cells of at least so many pixels carry their number."""
SPACED: Final = 6.0
"""Cells of at least so many pixels lie apart."""
SHADES: Final = 100
"""Steps of colour on either side of zero."""


class MatrixChart(Chart):
    """A chart in which each cell is the agreement of two raters; darker cells agree more.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Agreement of pairs of raters"), parent)
        self.shown: PairMatrix | None = None
        self._ground = QRectF()
        self.setMinimumSize(240, 200)

    def sizeHint(self) -> QSize:
        return QSize(360, 300)

    def show_matrix(self, matrix: PairMatrix | None) -> None:
        """Draw a matrix; None draws nothing."""
        self.shown = matrix
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        matrix = self.shown
        if matrix is None or not matrix.raters:
            return
        n = len(matrix.raters)
        painter.setFont(self.look.small)
        metrics = painter.fontMetrics()
        left = min(max(metrics.horizontalAdvance(r) for r in matrix.raters) + 14.0, 110.0)
        top = 24.0
        side = min((self.width() - left - 4) / n, (self.height() - top - 4) / n, 64.0)
        self._names(painter, matrix.raters, left, top, side)
        self._ground = QRectF(left, top, n * side, n * side)
        if side < SPACED:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            painter.drawImage(self._ground, self._picture(matrix))
            return
        for a in range(n):
            for b in range(n):
                cell = QRectF(left + b * side + 1, top + a * side + 1, side - 2, side - 2)
                value = float(matrix.values[a, b])
                painter.fillRect(cell, self.ground(value) if a != b else self.colour("sunken"))
                if side >= NUMBERED and a != b:
                    dark = not np.isnan(value) and value > 0.75
                    self.write(painter, cell, figure(value), colour="on_accent" if dark else "text")

    def _names(self, painter: QPainter, raters: Sequence[str], left: float, top: float, side: float) -> None:
        """Write the raters at both edges; if there are many, only as many as can be read."""
        step = max(1, math.ceil(painter.fontMetrics().height() / side))
        for at in range(0, len(raters), step):
            across = QRectF(0, top + at * side, left - 8, side * step)
            self.write(painter, across, raters[at], Qt.AlignmentFlag.AlignRight, "text", self.look.small)
            down = QRectF(left + at * side, 0, side * step, top - 4)
            self.write(painter, down, raters[at], Qt.AlignmentFlag.AlignHCenter, "text", self.look.small)

    def _picture(self, matrix: PairMatrix) -> QImage:
        """Return the cells as one picture with a pixel each, since tens of thousands of rectangles take seconds."""
        shades = [self.ground(share / SHADES).rgb() for share in range(-SHADES, SHADES + 1)]
        values = np.where(np.eye(len(matrix.raters), dtype=bool) | np.isnan(matrix.values), 0.0, matrix.values)
        rows = np.asarray(shades, np.uint32)[np.rint(np.clip(values, -1, 1) * SHADES).astype(np.int64) + SHADES]
        n = len(rows)
        return QImage(np.ascontiguousarray(rows).tobytes(), n, n, 4 * n, QImage.Format.Format_RGB32).copy()

    def spot_at(self, where: QPointF) -> Spot | None:
        matrix = self.shown
        if matrix is None or not self._ground.contains(where):
            return None
        side = self._ground.width() / len(matrix.raters)
        last = len(matrix.raters) - 1
        a = min(int((where.y() - self._ground.top()) / side), last)
        b = min(int((where.x() - self._ground.left()) / side), last)
        cell = QRectF(self._ground.left() + b * side, self._ground.top() + a * side, side, side)
        return Spot(cell, self._tip(matrix, a, b)) if a != b else None

    def _tip(self, matrix: PairMatrix, a: int, b: int) -> str:
        value = float(matrix.values[a, b])
        pair = escape(tr("{rater} and {other}", rater=matrix.raters[a], other=matrix.raters[b]))
        tip = f"<b>{pair}</b><br>{matrix.estimator}: <b>{figure(value, 3)}</b>"
        one = matrix.estimates.get((min(a, b), max(a, b)))
        if one is not None and one.interval is not None:
            tip += tr(
                "<br>{level} % interval {low} to {high}",
                level=f"{one.level * 100:g}",
                low=figure(one.low, 3),
                high=figure(one.high, 3),
            )
        return tip + (tr("<br>no item in common") if np.isnan(value) else "")

    def ground(self, value: float) -> QColor:
        """Return the colour of a cell, which turns to the accent with agreement and to the danger colour below zero."""
        base, full = self.colour("sunken"), self.colour("accent" if not value < 0 else "danger")
        share = 0.0 if np.isnan(value) else min(abs(value), 1.0)
        mixed = [base.redF(), base.greenF(), base.blueF()], [full.redF(), full.greenF(), full.blueF()]
        red, green, blue = (a + (b - a) * share for a, b in zip(*mixed, strict=True))
        return QColor.fromRgbF(red, green, blue)
