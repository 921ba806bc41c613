"""A new trace over time, which the rater compares with the clip before keeping it."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.clock import axis_words
from app.domain.plotted import Curve, Plot, Rule
from app.domain.tables import Heading, Table
from app.domain.traces import DIMENSIONS, TraceSamples
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import LIGHT, TEXT_CAPTION
from app.ui.parts.exporting.found import plots_offer
from app.ui.parts.widgets.plain_plot import READ
from app.ui.parts.widgets.spoken import Role

POINTS: Final = 1200
"""Largest number of points drawn, because no more than one sample per pixel is visible."""


class CurveView(QWidget):
    """Valence and arousal over the clip's time, with the playhead, which a click moves.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart
    sought = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._samples: TraceSamples | None = None
        self._range = (0.0, 1.0)
        self._head_s: float | None = None
        self._words = DIMENSIONS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(180)
        self.setAccessibleDescription(READ)
        self.setAccessibleName(tr("Your trace over time"))
        theme.changed.connect(self.update)

    def show_trace(self, samples: TraceSamples | None, start_s: float, end_s: float, words: tuple[str, str]) -> None:
        """Show a trace over the time of its item."""
        self._samples, self._range, self._head_s, self._words = samples, (start_s, end_s), None, words
        self.update()

    def set_head(self, time_s: float) -> None:
        """Move the playhead."""
        self._head_s = time_s
        self.update()

    def exports(self) -> list[Offer]:
        """Return the samples of the trace as a table and as a plot; nothing without a trace."""
        samples = self._samples
        if samples is None or not len(samples):
            return []
        times_s = np.asarray(samples.times_s, np.float64)
        values = np.asarray(samples.values, np.float64)
        start_s, end_s = self._range
        plots = [
            Plot(word.capitalize(), axis_words(start_s), word,
                 (Curve(word, times_s - start_s, values[:, axis], getattr(LIGHT, name)),),
                 (Rule(0.0, colour="#bbbbbb"),), (0.0, end_s - start_s), (-1.02, 1.02))
            for axis, (name, word) in enumerate(zip(DIMENSIONS, self._words, strict=True))
            if np.isfinite(values[:, axis]).any()
        ]  # fmt: skip
        headings = (
            Heading("time_s", "s", tr("position on the clip's own presentation time stamps")),
            Heading("valence"), Heading("arousal"),
        )  # fmt: skip
        rows = tuple(zip(times_s.tolist(), *values.T.tolist(), strict=True))
        table = Table(tr("Trace"), headings, rows)
        return [Offer(tr("Trace over time"), lambda: [table], plots_offer(tr("Trace over time"), plots).figure)]

    def sizeHint(self) -> QSize:
        return QSize(600, 140)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 90)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self._area()
        share = min(max((event.position().x() - area.left()) / max(area.width(), 1.0), 0.0), 1.0)
        start_s, end_s = self._range
        self.sought.emit(start_s + share * (end_s - start_s))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, area = self._theme, self._area()
        painter.fillRect(area, theme.colour("sunken"))
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        painter.drawLine(
            area.topLeft() + QPointF(0, area.height() / 2), area.topRight() + QPointF(0, area.height() / 2)
        )
        painter.setFont(theme.font(TEXT_CAPTION))
        painter.setPen(theme.colour("text_soft"))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for value, text in ((1, "+1"), (0, "0"), (-1, "−1")):
            y = area.center().y() - value * area.height() / 2
            painter.drawText(QRectF(0, y - 9, area.left() - 6, 18), right, text)
        if self._samples is not None and len(self._samples):
            at = area.left() + 8
            for axis, name in enumerate(DIMENSIONS):
                if np.isfinite(self._samples.values[:, axis]).any():
                    self._paint_curve(painter, area, axis, name)
                    at = self._paint_name(painter, area, at, axis, name)
        if self._head_s is not None:
            x = self._x(area, self._head_s)
            painter.setPen(QPen(theme.colour("text"), 1.5))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.end()

    def _area(self) -> QRectF:
        return QRectF(34, 6, max(self.width() - 42.0, 10.0), max(self.height() - 14.0, 10.0))

    def _x(self, area: QRectF, time_s: float) -> float:
        start_s, end_s = self._range
        return area.left() + (time_s - start_s) / max(end_s - start_s, 1e-6) * area.width()

    def _paint_name(self, painter: QPainter, area: QRectF, at: float, axis: int, name: str) -> float:
        painter.setPen(self._theme.colour(name))
        sign = "━ " if axis == 0 else "╍ "
        painter.drawText(QPointF(at, area.top() + 14), sign + self._words[axis])
        return at + painter.fontMetrics().horizontalAdvance(sign + self._words[axis]) + 20

    def _paint_curve(self, painter: QPainter, area: QRectF, axis: int, name: str) -> None:
        if self._samples is None:
            return
        times, values = self._samples.times_s, self._samples.values[:, axis]
        if len(times) > POINTS:
            keep = np.linspace(0, len(times) - 1, POINTS).astype(int)
            times, values = times[keep], values[keep]
        style = Qt.PenStyle.SolidLine if axis == 0 else Qt.PenStyle.DashLine
        painter.setPen(QPen(self._theme.colour(name), 2, style))
        known = np.isfinite(values)
        # A pause breaks the line.
        for part in np.split(np.arange(len(values)), np.flatnonzero(np.diff(known.astype(int))) + 1):
            if len(part) and known[part[0]]:
                points = [
                    QPointF(self._x(area, float(times[i])), area.center().y() - float(values[i]) * area.height() / 2)
                    for i in part
                ]
                painter.drawPolyline(QPolygonF(points))
