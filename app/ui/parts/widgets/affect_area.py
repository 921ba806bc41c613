"""The common part of all planes of valence and arousal: the mapping of values to places, and the pointer's tail."""

import time
from collections import deque
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.ui.look.theme import Theme

TAIL_S: Final = 1.5
"""Seconds for which the pointer leaves a tail."""


class AffectArea(QWidget):
    """A square from −1 to 1 in both directions, valence to the right and arousal upwards.

    Args:
        theme: The window's fonts and colours.
        edge: Room around the square, in pixels.
    """

    def __init__(self, theme: Theme, edge: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._edge = theme, edge
        self.axes = (True, True)
        self._tail: deque[tuple[float, float, float]] = deque(maxlen=400)

    def area(self) -> QRectF:
        """Return the place of the square in the widget."""
        side = max(min(self.width(), self.height()) - 2 * self._edge, 10.0)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def to_point(self, valence: float, arousal: float) -> QPointF:
        """Return the place of a value in the widget, which is in the middle along an axis that is not shown."""
        area = self.area()
        x = area.left() + (valence + 1) / 2 * area.width() if self.axes[0] else area.center().x()
        y = area.bottom() - (arousal + 1) / 2 * area.height() if self.axes[1] else area.center().y()
        return QPointF(x, y)

    def to_value(self, point: QPointF) -> tuple[float, float]:
        """Return the (valence, arousal) at a place, clipped to −1…1."""
        area = self.area()
        valence = (point.x() - area.left()) / area.width() * 2 - 1
        arousal = (area.bottom() - point.y()) / area.height() * 2 - 1
        return min(max(valence, -1.0), 1.0), min(max(arousal, -1.0), 1.0)

    def leave_tail(self, valence: float, arousal: float) -> None:
        """Add the pointer's present place to its tail."""
        self._tail.append((time.monotonic(), valence, arousal))

    def paint_tail(self, painter: QPainter, colour: QColor, alpha: float, thin: float, thick: float) -> None:
        """Draw the fading tail of the pointer's last places.

        Args:
            painter: A painter on this widget.
            colour: Colour of the line.
            alpha: Opacity of its newest end, 0–1.
            thin: Width of its oldest end, in pixels.
            thick: Width of its newest end.
        """
        now_s, before = time.monotonic(), None
        for at_s, valence, arousal in self._tail:
            fresh = 1 - (now_s - at_s) / TAIL_S
            point = self.to_point(valence, arousal)
            if before is not None and fresh > 0:
                colour.setAlphaF(alpha * fresh)
                width = thin + (thick - thin) * fresh
                painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                painter.drawLine(before, point)
            before = point
