"""The common parts of all charts of this screen: places with tool tips, scales, whiskers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.agreement.estimate import Estimate
from app.domain.words import figure, many
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.plain_plot import READ
from app.ui.parts.widgets.spoken import Role
from app.ui.screens.agreement.look import Look


@dataclass(frozen=True)
class Spot:
    """A part of a chart that has a tool tip.

    Attributes:
        area: The area, in the widget's coordinates.
        tip: Text of the tool tip.
        key: The key that a click emits.
    """

    area: QRectF
    tip: str
    key: object = None


class Chart(QWidget):
    """A painted chart.

    Args:
        theme: The window's fonts and colours.
        name: Its name for screen readers.
    """

    spoken = Role.Chart
    clicked = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look(theme)
        self.spots: list[Spot] = []
        self.offering: Callable[[], Sequence[Offer]] | None = None
        self.setAccessibleName(name)
        self.setAccessibleDescription(READ)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def exports(self) -> Sequence[Offer]:
        """Return what can be exported of the chart: what `offering` says."""
        return self.offering() if self.offering is not None else []

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """Return a token as a colour."""
        return self.look.theme.colour(name, alpha)

    def spot_at(self, where: QPointF) -> Spot | None:
        """Return the spot at a place, the last drawn one first; None for none."""
        return next((spot for spot in reversed(self.spots) if spot.area.contains(where)), None)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            if spot is not None and spot.tip:
                QToolTip.showText(event.globalPos(), spot.tip, self, spot.area.toRect())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        hand = spot is not None and spot.key is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if spot is not None and spot.key is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(spot.key)

    def write(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
        colour: str | QColor = "text_soft",
        font: QFont | None = None,
    ) -> None:
        """Write text into a rectangle, shortened by … if there is no room."""
        painter.setFont(font or self.look.caption)
        painter.setPen(colour if isinstance(colour, QColor) else self.colour(colour))
        wide = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(int(area.width()) + 1, 1))
        painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter), wide)

    def rule(self, painter: QPainter, a: QPointF, b: QPointF, colour: str = "grid", width: float = 1.0) -> None:
        """Draw a thin line."""
        pen = QPen(self.colour(colour), width)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(a, b)

    def dot(self, painter: QPainter, at: QPointF, ink: QColor, *, solid: bool, radius: float = 4.5) -> None:
        """Draw a filled or hollow mark."""
        painter.setPen(QPen(ink, 1.8))
        painter.setBrush(QBrush(ink) if solid else QBrush(self.colour("surface")))
        painter.drawEllipse(at, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def whisker(self, painter: QPainter, a: QPointF, b: QPointF, ink: QColor, cap: float = 3.5) -> None:
        """Draw an interval from a to b with caps across."""
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(a, b)
        upright = abs(a.x() - b.x()) < 1e-6
        across = QPointF(cap, 0) if upright else QPointF(0, cap)
        for end in (a, b):
            painter.drawLine(end - across, end + across)


def nice_range(values: Sequence[float], *, zero: bool = True) -> tuple[float, float, float]:
    """Return (low, high, step) of an axis that holds all values."""
    known = [v for v in values if not np.isnan(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:
        high = low + 1.0
    raw = (high - low) / 4
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(next(m for m in (1, 2, 2.5, 5, 10) if m * power >= raw) * power)
    return float(np.floor(low / step) * step), float(np.ceil(high / step - 1e-9) * step), step


def padded_range(values: Sequence[float]) -> tuple[float, float, float]:
    """Return (low, high, step) of an axis that holds all values and zero, with a little room at both ends."""
    known = [v for v in values if not np.isnan(v)] + [0.0]
    room = 0.05 * max(max(known) - min(known), 1e-3)
    low, high = min(known) - room, max(known) + room
    return low, high, nice_range([low, high])[2]


def ticks(low: float, high: float, step: float) -> list[float]:
    """Return the places of the marks of an axis."""
    first = int(np.ceil(low / step - 1e-9))
    return [i * step for i in range(first, int(np.floor(high / step + 1e-9)) + 1)]


def estimate_tip(title: str, *estimates: Estimate) -> str:
    """Return a tool tip that names estimators in full."""
    lines = [f"<b>{escape(title)}</b>"]
    for one in estimates:
        value = figure(one.value, 3) if one.defined else "undefined"
        text = f"{one.estimator}: <b>{value}</b>"
        if one.interval is not None:
            text += f" [{figure(one.low, 3)}, {figure(one.high, 3)}]"
        if not one.defined and one.reason:
            text += f" ({escape(one.reason)})"
        lines.append(text)
    if estimates:
        first = estimates[0]
        raters = many(first.n_raters, tr("rater"), tr("raters")) if first.n_raters else tr("? raters")
        lines.append(f"{many(first.n_items, tr('item'), tr('items'))}, {raters}")
    return "<br>".join(lines)
