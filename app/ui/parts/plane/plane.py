"""The valence–arousal plane: the present place of the face, its trail, and people's annotations."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.plotted import Curve, Plot, Rule
from app.domain.words import figure
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import LIGHT, TEXT_CAPTION, TEXT_SMALL
from app.ui.parts.exporting.found import plots_offer
from app.ui.parts.widgets.affect_area import AffectArea
from app.ui.parts.widgets.spoken import Role

MARKS: Final = 300
"""Largest number of marks drawn; a longer trail is thinned out."""
SHADES: Final = 16

QUADRANTS: Final = (
    (1, 1, tr("excited"), tr("happy, elated")),
    (-1, 1, tr("tense"), tr("angry, afraid")),
    (-1, -1, tr("gloomy"), tr("sad, bored")),
    (1, -1, tr("calm"), tr("content, relaxed")),
)
"""Sign of valence, sign of arousal, name, examples (Russell 1980's circumplex)."""


@dataclass(frozen=True, eq=False)
class Trail:
    """A trajectory up to the present moment.

    Attributes:
        ages_s: float N, seconds before now, descending to 0.
        values: float N×2 (valence, arousal), NaN where unknown.
    """

    ages_s: NDArray[np.float64]
    values: NDArray[np.float32]


class PlaneWidget(AffectArea):
    """Draws the plane, and reads the mouse while recording.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart
    pointed = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, 26.0, parent)
        self._ground: QPixmap | None = None
        self._predicted: Trail | None = None
        self._annotated: Trail | None = None
        self._span_s = 4.0
        self._recording = False
        self._cursor: tuple[float, float] | None = None
        self._message = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 220)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Valence–arousal plane"))
        theme.changed.connect(self._on_theme)

    def sizeHint(self) -> QSize:
        return QSize(300, 300)

    def show_trails(self, predicted: Trail | None, annotated: Trail | None, span_s: float) -> None:
        """Show the trails of prediction and annotation over the last `span_s` seconds."""
        self._predicted, self._annotated, self._span_s = predicted, annotated, span_s
        self.update()

    @property
    def trails(self) -> tuple[Trail | None, Trail | None]:
        """The trails of prediction and annotation; None for one that is not shown."""
        return self._predicted, self._annotated

    def exports(self) -> list[Offer]:
        """Return the trails as a plot; nothing without them, or while the mouse is read."""
        known = (("predicted", self._predicted, LIGHT.accent), ("annotated", self._annotated, LIGHT.text))
        curves = [
            Curve(name, trail.values[:, 0].astype(np.float64), trail.values[:, 1].astype(np.float64), ink, marks=True,
                  width=0.8, dashes="solid" if name == "predicted" else "dashed")
            for name, trail, ink in known
            if trail is not None and len(trail.values)
        ]  # fmt: skip
        if not curves or self._recording:
            return []
        rules = (Rule(0.0, colour="#bbbbbb"), Rule(0.0, upright=True, colour="#bbbbbb"))
        ends = (-1.02, 1.02)
        plot = Plot(tr("Valence–arousal plane"), "valence", "arousal", tuple(curves), rules, ends, ends, square=True)
        return [plots_offer(plot.title, [plot])]

    def told(self) -> str:
        """Return the present places on the plane, for screen readers; while the mouse is read, only that it is."""
        if self._recording:
            return tr("Follows the mouse.")
        shown = ((tr("predicted"), self._predicted), (tr("annotated"), self._annotated))
        said = [f"{name}: {_place(trail)}" for name, trail in shown if trail is not None and len(trail.values)]
        return "; ".join(said) or tr("Nothing is shown.")

    def set_recording(self, on: bool) -> None:
        """Read the mouse as the rater's answer, without drawing other trails meanwhile."""
        self._recording = on
        self._cursor = None
        self._tail.clear()
        self.setCursor(Qt.CursorShape.BlankCursor if on else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_message(self, text: str) -> None:
        """Show a word in the middle, such as a countdown; empty for none."""
        self._message = text
        self.update()

    def point_at(self, valence: float, arousal: float) -> None:
        """Move the rater's pointer, as the mouse does."""
        if self._recording:
            self._cursor = (valence, arousal)
            self.leave_tail(valence, arousal)
            self.pointed.emit(valence, arousal)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        valence, arousal = self.to_value(event.position())
        if self._recording:
            self.point_at(valence, arousal)
        else:
            self.setToolTip(
                tr(
                    "valence {valence}, arousal {arousal}",
                    valence=figure(valence, sign=True),
                    arousal=figure(arousal, sign=True),
                )
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._ground = None
        super().resizeEvent(event)

    def _on_theme(self) -> None:
        self._ground = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scale = self.devicePixelRatioF()
        if self._ground is None or self._ground.devicePixelRatio() != scale:
            self._ground = self._draw_ground(scale)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        own = self._theme.colour("text")
        if self._annotated is not None and len(self._annotated.ages_s):
            self._draw_trail(painter, self._annotated, self._theme.colour("text_faint"), hollow=True)
        if self._predicted is not None and len(self._predicted.ages_s) and not self._recording:
            self._draw_trail(painter, self._predicted, self._theme.colour("accent"), hollow=False)
        if self._recording and self._cursor is not None:
            self.paint_tail(painter, self._theme.colour("danger"), 0.6, 1.0, 4.0)
            self._draw_cursor(painter, self.to_point(*self._cursor), own)
        if self._message:
            painter.setFont(self._theme.font(44))
            painter.setPen(own)
            painter.drawText(self.area(), int(Qt.AlignmentFlag.AlignCenter), self._message)
        painter.end()

    def _draw_trail(self, painter: QPainter, trail: Trail, colour: QColor, *, hollow: bool) -> None:
        thin = max(1, len(trail.ages_s) // MARKS)
        # Counted from the newest mark backwards, so that marks do not jump while the trail moves on.
        keep = np.arange(len(trail.ages_s) - 1, -1, -thin)[::-1]
        ages, values = trail.ages_s[keep], trail.values[keep]
        known = ~np.isnan(values[:, 0] + values[:, 1])
        fresh = np.clip(1 - ages / max(self._span_s, 1e-6), 0, 1)
        shade = np.minimum((fresh * SHADES).astype(int), SHADES - 1)
        before: QPointF | None = None
        line = QColor(colour)
        for ok, level, value in zip(known, shade, values, strict=True):
            if not ok:
                before = None
                continue
            share = (level + 1) / SHADES
            point = self.to_point(float(value[0]), float(value[1]))
            line.setAlphaF(0.08 + 0.5 * share)
            if before is not None:
                painter.setPen(QPen(line, 1.2))
                painter.drawLine(before, point)
            before = point
            mark = QColor(colour)
            mark.setAlphaF(0.10 + 0.62 * share * share)
            painter.setBrush(Qt.BrushStyle.NoBrush if hollow else mark)
            painter.setPen(QPen(mark, 1.2) if hollow else Qt.PenStyle.NoPen)
            radius = 1.4 + 3.4 * share * share
            painter.drawEllipse(point, radius, radius)
        if before is not None and known[-1]:
            head = self.to_point(float(values[-1][0]), float(values[-1][1]))
            painter.setPen(QPen(self._theme.colour("surface"), 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
            if hollow:
                painter.setPen(QPen(self._theme.colour("text_soft"), 2.4))
                painter.setBrush(self._theme.colour("surface"))
            painter.drawEllipse(head, 7.0, 7.0)

    def _draw_cursor(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        area = self.area()
        guide = QColor(colour)
        guide.setAlphaF(0.35)
        painter.setPen(QPen(guide, 1))
        painter.drawLine(QPointF(area.left(), at.y()), QPointF(area.right(), at.y()))
        painter.drawLine(QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom()))
        painter.setPen(QPen(self._theme.colour("surface"), 2.5))
        painter.setBrush(self._theme.colour("danger"))
        painter.drawEllipse(at, 9, 9)

    def _draw_ground(self, scale: float) -> QPixmap:
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, area = self._theme, self.area()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(QPen(theme.colour("grid"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for radius in (0.5, 1.0):
            painter.drawEllipse(area.center(), radius * area.width() / 2, radius * area.height() / 2)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        painter.drawLine(self.to_point(-1, 0), self.to_point(1, 0))
        painter.drawLine(self.to_point(0, -1), self.to_point(0, 1))
        for sign_v, sign_a, name, more in QUADRANTS:
            self._draw_quadrant(painter, area, sign_v, sign_a, name, more)
        self._draw_axes(painter, area)
        painter.end()
        return picture

    def _draw_quadrant(self, painter: QPainter, area: QRectF, sign_v: int, sign_a: int, name: str, more: str) -> None:
        half = QRectF(
            area.left() if sign_v < 0 else area.center().x(),
            area.top() if sign_a > 0 else area.center().y(),
            area.width() / 2,
            area.height() / 2,
        ).adjusted(9, 7, -9, -7)
        side = Qt.AlignmentFlag.AlignLeft if sign_v < 0 else Qt.AlignmentFlag.AlignRight
        edge = Qt.AlignmentFlag.AlignTop if sign_a > 0 else Qt.AlignmentFlag.AlignBottom
        painter.setFont(self._theme.font(TEXT_SMALL))
        painter.setPen(self._theme.colour("text_soft"))
        painter.drawText(half, int(side | edge), name)
        if area.width() > 230 * self._theme.scale:
            step = painter.fontMetrics().height()
            painter.setFont(self._theme.font(TEXT_CAPTION))
            painter.setPen(self._theme.colour("text_faint"))
            moved = half.adjusted(0, step, 0, 0) if sign_a > 0 else half.adjusted(0, 0, 0, -step)
            painter.drawText(moved, int(side | edge), more)

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._theme.font(TEXT_SMALL))
        middle = Qt.AlignmentFlag.AlignCenter
        painter.setPen(self._theme.colour("valence"))
        painter.drawText(QRectF(area.left(), area.bottom() + 4, area.width(), 20), int(middle), tr("valence →"))
        painter.setPen(self._theme.colour("arousal"))
        painter.save()
        painter.translate(area.left() - 14, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, -10, area.height(), 20), int(middle), tr("arousal →"))
        painter.restore()
        painter.setFont(self._theme.font(TEXT_CAPTION))
        painter.setPen(self._theme.colour("text_faint"))
        for value in (-1, 1):
            text = "−1" if value < 0 else "+1"
            x = self.to_point(value, 0).x()
            painter.drawText(QRectF(x - 14, area.bottom() + 4, 28, 16), int(middle), text)


def _place(trail: Trail) -> str:
    valence, arousal = (float(value) for value in trail.values[-1])
    return tr(
        "valence {valence}, arousal {arousal}", valence=figure(valence, sign=True), arousal=figure(arousal, sign=True)
    )
