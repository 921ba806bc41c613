"""The agreement of pairs of raters as a heat map with numbers."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.services.agreement.reliability import PairMatrix
from app.ui.look.theme import Theme
from app.ui.screens.agreement.chart import Chart, Spot
from app.ui.screens.agreement.look import number


class MatrixChart(Chart):
    """A chart in which each cell is the agreement of two raters; darker cells agree more.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Agreement of pairs of raters", parent)
        self.shown: PairMatrix | None = None
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
        self.spots = []
        matrix = self.shown
        if matrix is None or not matrix.raters:
            return
        n = len(matrix.raters)
        painter.setFont(self.look.small)
        metrics = painter.fontMetrics()
        left = min(max(metrics.horizontalAdvance(r) for r in matrix.raters) + 14.0, 110.0)
        top = 24.0
        side = min((self.width() - left - 4) / n, (self.height() - top - 4) / n, 64.0)
        numbers = side >= 30
        for a, first in enumerate(matrix.raters):
            across = QRectF(0, top + a * side, left - 8, side)
            self.write(painter, across, first, Qt.AlignmentFlag.AlignRight, "text", self.look.small)
            down = QRectF(left + a * side, 0, side, top - 4)
            self.write(painter, down, first, Qt.AlignmentFlag.AlignHCenter, "text", self.look.small)
            for b, second in enumerate(matrix.raters):
                cell = QRectF(left + b * side + 1, top + a * side + 1, side - 2, side - 2)
                value = float(matrix.values[a, b])
                if a == b:
                    painter.fillRect(cell, self.colour("sunken"))
                    continue
                painter.fillRect(cell, self.ground(value))
                if numbers:
                    dark = not np.isnan(value) and value > 0.75
                    self.write(painter, cell, number(value), colour="on_accent" if dark else "text")
                tip = f"<b>{first} and {second}</b><br>{matrix.estimator}: <b>{number(value, 3)}</b>"
                one = matrix.estimates.get((min(a, b), max(a, b)))
                if one is not None and one.interval is not None:
                    tip += f"<br>{one.level * 100:g} % interval {number(one.low, 3)} to {number(one.high, 3)}"
                self.spots.append(Spot(cell, tip if not np.isnan(value) else tip + "<br>no item in common"))

    def ground(self, value: float) -> QColor:
        """Return the colour of a cell, which turns to the accent with agreement and to the danger colour below zero."""
        base, full = self.colour("sunken"), self.colour("accent" if not value < 0 else "danger")
        share = 0.0 if np.isnan(value) else min(abs(value), 1.0)
        mixed = [base.redF(), base.greenF(), base.blueF()], [full.redF(), full.greenF(), full.blueF()]
        red, green, blue = (a + (b - a) * share for a, b in zip(*mixed, strict=True))
        return QColor.fromRgbF(red, green, blue)
