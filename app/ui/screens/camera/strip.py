"""Valence and arousal of the last half minute, running from right to left."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.traces import DIMENSIONS
from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION, TEXT_SMALL
from app.ui.parts.widgets.spoken import Role

SPAN_S: Final = 30.0


class LiveStrip(QWidget):
    """Two curves over the last `SPAN_S` seconds; a face that is not seen breaks them.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ages: NDArray[np.float64] = np.zeros(0)
        self._values: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setAccessibleName(tr("Valence and arousal of the last half minute"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(600, 150)

    def show_values(self, ages_s: NDArray[np.float64], values: NDArray[np.float32]) -> None:
        """Show values.

        Args:
            ages_s: float64 N, seconds before now, descending.
            values: float32 N×2 (valence, arousal), NaN where no face was seen.
        """
        self._ages, self._values = ages_s, values
        self.update()

    def told(self) -> str:
        """Return the newest values, for screen readers."""
        if not len(self._values):
            return tr("No face has been seen.")
        newest = zip(DIMENSIONS, self._values[-1].tolist(), strict=True)
        return "now " + ", ".join(f"{name} {figure(value, sign=True)}" for name, value in newest)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.fillRect(area, self._theme.colour("sunken"))
        self._paint_scale(painter, area)
        for axis, name in enumerate(DIMENSIONS):
            self._paint_curve(painter, area, axis, name)
        self._paint_names(painter, area)
        painter.end()

    def _area(self) -> QRectF:
        side, foot = 34 * self._theme.scale, 20 * self._theme.scale
        return QRectF(side, 4, max(self.width() - side - 12, 10.0), max(self.height() - foot - 4, 10.0))

    def _paint_scale(self, painter: QPainter, area: QRectF) -> None:
        theme = self._theme
        painter.setFont(theme.font(TEXT_CAPTION, figures=True))
        height = painter.fontMetrics().height()
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for value, text in ((1, "+1"), (0, "0"), (-1, "−1")):
            y = area.center().y() - value * area.height() / 2
            painter.setPen(QPen(theme.colour("border_strong" if value == 0 else "grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("text_faint"))
            top = min(max(y - height / 2, 0.0), self.height() - height)
            painter.drawText(QRectF(0, top, area.left() - 6, height), right, text)
        for age_s, words in ((SPAN_S, f"−{SPAN_S:.0f} s"), (SPAN_S / 2, f"−{SPAN_S / 2:.0f} s"), (0.0, "now")):
            x = area.right() - age_s / SPAN_S * area.width()
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(theme.colour("text_faint"))
            width = painter.fontMetrics().horizontalAdvance(words)
            left = min(max(x - width / 2, area.left()), self.width() - width - 2.0)
            painter.drawText(QPointF(left, area.bottom() + painter.fontMetrics().ascent() + 3), words)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._theme.font(TEXT_SMALL))
        at = area.left() + 8
        for sign, name in (("━", "valence"), ("╍", "arousal")):
            words = f"{sign} {name}"
            painter.setPen(self._theme.colour(name))
            painter.drawText(QPointF(at, area.top() + painter.fontMetrics().ascent() + 3), words)
            at += painter.fontMetrics().horizontalAdvance(words) + 16

    def _paint_curve(self, painter: QPainter, area: QRectF, axis: int, name: str) -> None:
        style = Qt.PenStyle.SolidLine if axis == 0 else Qt.PenStyle.DashLine
        painter.setPen(QPen(self._theme.colour(name), 1.8, style))
        x = area.right() - self._ages / SPAN_S * area.width()
        y = area.center().y() - np.clip(self._values[:, axis], -1, 1) * area.height() / 2
        known = np.isfinite(y)
        for part in np.split(np.arange(len(y)), np.flatnonzero(np.diff(known.astype(int))) + 1):
            if len(part) > 1 and known[part[0]]:
                painter.drawPolyline(QPolygonF([QPointF(x[i], y[i]) for i in part]))
