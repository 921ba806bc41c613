"""Rows of the timeline with the measures of the chosen face, such as head pose or the pull of the mouth's corners."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.measured_faces import title_of
from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_SMALL
from app.ui.parts.timeline.picture import Curve, CurvePicture
from app.ui.parts.timeline.plots import PlotRow
from app.ui.parts.timeline.pyramid import Pyramid
from app.ui.parts.widgets.spoken import Role

MOST: Final = 4
"""Largest number of measures that are drawn at a time."""
_LEAST_SPAN: Final = {"°": 10.0, "": 0.1}
"""The smallest span of a vertical axis by unit, so that noise does not fill the row."""
_EDGE: Final = 14.0
_TICK_HIGH: Final = 17.0
"""Height that a number at the axis takes, at 100 % text."""
_AT_END: Final = 0.12
"""Share of the axis at each end where a number would be cut off."""
LEAST_HIGH: Final = 24
"""Least height of a row, at 100 % text."""


@dataclass(frozen=True, eq=False)
class MeasureCurve:
    """One measure of a face over a clip.

    Attributes:
        name: Its name: a measure of our own, or the title of another program's column.
        times_s: float64 F, ascending.
        values: float32 F, NaN where nothing was measured.
    """

    name: str
    times_s: NDArray[np.float64]
    values: NDArray[np.float32]

    def at(self, time_s: float) -> float:
        """Return the value of the frame on screen at a time; NaN before the first one."""
        row = int(np.searchsorted(self.times_s, time_s, "right")) - 1
        return float(self.values[row]) if row >= 0 else float("nan")

    def bounds(self) -> tuple[float, float]:
        """Return the ends of the vertical axis: all values with some room, and zero where that is near."""
        known = self.values[np.isfinite(self.values)].astype(np.float64)
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        least = _LEAST_SPAN[title_of(self.name)[1]]
        if high - low < least:
            middle = (low + high) / 2
            low, high = middle - least / 2, middle + least / 2
        return low - 0.06 * (high - low), high + 0.06 * (high - low)


class MeasureRow(PlotRow):
    """The curve of one measure, with an axis of its own.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme) -> None:
        self.curve: MeasureCurve | None = None
        super().__init__(theme, tr("Measure over time"), with_times=False)
        self.picture = CurvePicture()
        self._pyramid = Pyramid(np.zeros(0), np.zeros((0, 1), np.float32)[:, 0])
        self.getPlotItem().addItem(self.picture, ignoreBounds=True)
        self.restyle()

    def show_curve(self, curve: MeasureCurve | None) -> None:
        """Draw a measure; None draws nothing."""
        self.curve = curve
        if curve is not None:
            self.setAccessibleName(tr("{title_of} over time", title_of=title_of(curve.name)[0]))
            self._pyramid = Pyramid(curve.times_s, curve.values)
            low, high = curve.bounds()
            self.getPlotItem().setYRange(low, high, padding=0)
            self._show_ticks()
        self._draw()

    def _show_ticks(self) -> None:
        if self.curve is not None:
            unit = title_of(self.curve.name)[1]
            most = max(int(self.height() / (_TICK_HIGH * self.theme.scale)), 1)
            ticks = [(at, _tick(at, unit)) for at in _marks(*self.curve.bounds(), most)]
            self.getPlotItem().getAxis("left").setTicks([ticks, []])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many numbers at the axis as have room."""
        super().resizeEvent(event)
        if hasattr(self, "curve"):
            self._show_ticks()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "picture"):
            self._draw()

    def _draw(self) -> None:
        if self.curve is None:
            self.picture.set_curves({})
            return
        pen = QPen(self.theme.colour("text_soft"), 1.5 * self.devicePixelRatioF())
        pen.setCosmetic(True)
        self.picture.set_curves({self.curve.name: Curve(self._pyramid, pen)})


def _marks(low: float, high: float, most: int) -> list[float]:
    """Return at most so many round values within a range, none of them at its very ends."""
    span = high - low
    inner, outer = low + _AT_END * span, high - _AT_END * span
    decade = 10.0 ** np.floor(np.log10(span))
    for part in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0):
        step = float(decade * part)
        first, last = int(np.ceil(inner / step)), int(np.floor(outer / step))
        if last - first + 1 <= most:
            return [round(number * step, 6) for number in range(first, last + 1)]
    return []


def _tick(value: float, unit: str) -> str:
    return f"{value:.0f}{unit}".replace("-", "−") if unit else f"{value:.2g}".replace("-", "−")


class MeasureName(QWidget):
    """The name of a measure, and below it its value in the frame on screen.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.StaticText

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = self._words = ""
        theme.changed.connect(self.update)

    def show_value(self, name: str, value: float) -> None:
        """Show a measure and its value; an unknown value is a dash."""
        title, unit = title_of(name)
        words = f"{figure(value, 1 if unit else 2, sign=True)}{unit if value == value else ''}"
        if (title, words) != (self._title, self._words):
            self._title, self._words = title, words
            self.setToolTip(f"{title}: {words}")
            self.setAccessibleName(f"{title} {words}")
            self.update()

    @property
    def words(self) -> str:
        """The value as it is shown."""
        return self._words

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(TEXT_SMALL))
        painter.setPen(self._theme.colour("text_soft"))
        area = QRectF(0, 0, self.width() - _EDGE, self.height())
        metrics = painter.fontMetrics()
        both = metrics.horizontalAdvance(self._title + "  " + self._words) <= area.width()
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        room = area.width() - (metrics.horizontalAdvance("  " + self._words) if not both else 0)
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, round(room))
        painter.drawText(area, left, title)
        painter.setFont(self._theme.font(TEXT_SMALL, figures=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(area, right, self._words)
        painter.end()


class MeasureRows:
    """The rows of chosen measures, of which only those in use are visible.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme) -> None:
        self.rows = [MeasureRow(theme) for _ in range(MOST)]
        self.names = [MeasureName(theme) for _ in range(MOST)]
        self._at_s = 0.0
        self._room = MOST
        self._curves: tuple[MeasureCurve, ...] = ()
        self.show_curves(())

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the measures that are drawn, from above."""
        return tuple(row.curve.name for row in self.rows if row.curve is not None)

    def show_curves(self, curves: Sequence[MeasureCurve]) -> None:
        """Draw measures, one below the other, and hide the rows that are left over."""
        self._curves = tuple(curves)
        for row in self.rows:
            row.setMinimumHeight(round(LEAST_HIGH * row.theme.scale))
        for number, (row, name) in enumerate(zip(self.rows, self.names, strict=True)):
            curve = curves[number] if number < len(curves) else None
            row.show_curve(curve)
            row.setVisible(curve is not None and number < self._room)
            name.setVisible(curve is not None and number < self._room)
        self.set_position(self._at_s)

    def set_room(self, rows: int) -> None:
        """Show no more than this number of rows, because the others have no room."""
        rows = min(max(rows, 1), MOST)
        if rows != self._room:
            self._room = rows
            self.show_curves(self._curves)

    @property
    def visible_rows(self) -> int:
        """The number of rows that are visible."""
        return min(len(self._curves), self._room)

    def set_position(self, at_s: float) -> None:
        """Show the values of the frame on screen."""
        self._at_s = at_s
        for row, name in zip(self.rows, self.names, strict=True):
            if row.curve is not None:
                name.show_value(row.curve.name, row.curve.at(at_s))
