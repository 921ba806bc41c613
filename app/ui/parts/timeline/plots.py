"""The parts of the timeline that pyqtgraph draws."""

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPen

from app.domain.clock import clock_text
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION
from app.ui.parts.timeline.picture import Curve, CurvePicture
from app.ui.parts.timeline.pyramid import Pyramid
from app.ui.parts.widgets.plain_plot import READ
from app.ui.parts.widgets.spoken import Role, pass_over_viewport

pg.setConfigOptions(imageAxisOrder="row-major", antialias=True)

AXIS_WIDTH: Final = 34
PLOT_RIGHT: Final = 6
"""Pixels between a plot and the right edge of its row."""
_ORDER: Final = {"predicted": 2, "annotated": 1, "other": 0, "face": -1}
"""The look of a curve and its place over the others."""


STEPS_S: Final = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400),
)  # fmt: skip
"""Distances of ticks in seconds: round parts of a second, a minute, an hour and a day."""
TICK_WIDTH: Final = 88
"""Least distance of two ticks with words, in pixels at 100 % text."""


def tick_steps(span_s: float, width: float, apart: float) -> tuple[float, float]:
    """Return the distances of ticks with words and of ticks between them, in seconds.

    Args:
        span_s: Length of the axis in seconds.
        width: Its length in pixels.
        apart: Least distance of two words in pixels.
    """
    need_s = span_s / max(width / apart, 1.0)
    at = next((at for at, step in enumerate(STEPS_S) if step >= need_s), len(STEPS_S) - 1)
    words_s = STEPS_S[at]
    between = (s for s in STEPS_S[max(at - 3, 0) : at] if abs(words_s / s - round(words_s / s)) < 1e-9)
    return words_s, next(between, words_s)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Seconds from the clip's first frame as m:ss, with as many decimals as the zoom needs."""

    begins_s = 0.0

    def set_begin(self, begins_s: float) -> None:
        """Set the beginning of the clip's own clock, on which the curves lie."""
        self.begins_s = begins_s
        self.picture = None
        self.update()

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        font = self.style["tickFont"]
        apart = TICK_WIDTH * (font.pixelSize() / TEXT_CAPTION if font is not None else 1.0)
        words_s, between_s = tick_steps(maxVal - minVal, size, apart)
        return [(words_s, 0.0), (between_s, 0.0)] if between_s < words_s else [(words_s, 0.0)]

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        # Round numbers of people's clock, not of the file's own.
        ticks = super().tickValues(minVal - self.begins_s, maxVal - self.begins_s, size)
        return [(spacing, [value + self.begins_s for value in values]) for spacing, values in ticks]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [clock_text(value - self.begins_s, millis=spacing < 1) for value in values]


class ClipViewBox(pg.ViewBox):  # type: ignore[misc]
    """A view in which a click or drag seeks, the wheel zooms at the mouse, and Shift or the middle button drags."""

    sought = Signal(float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=True, y=False)

    def mouseClickEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.sought.emit(float(self.mapSceneToView(event.scenePos()).x()))

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() == Qt.MouseButton.LeftButton and not shifted:
            event.accept()
            self.sought.emit(float(self.mapSceneToView(event.scenePos()).x()))
            return
        if event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton):
            event.accept()
            moved = self.mapToView(QPointF(event.pos())) - self.mapToView(QPointF(event.lastPos()))
            self.translateBy(x=-moved.x(), y=0)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        event.accept()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or event.orientation() == Qt.Orientation.Horizontal:
            span = self.viewRange()[0]
            self.translateBy(x=-event.delta() / 1200 * (span[1] - span[0]), y=0)
            return
        self.scaleBy(x=0.85 ** (event.delta() / 120), y=1, center=self.mapSceneToView(event.scenePos()))


class PlotRow(pg.PlotWidget):  # type: ignore[misc]
    """One row of the timeline: a plot that shares its time axis with the others.

    Args:
        theme: The window's fonts and colours.
        words: Its name for screen readers.
        with_times: Whether it shows the time axis.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, words: str, *, with_times: bool) -> None:
        self.box = ClipViewBox()
        super().__init__(viewBox=self.box, axisItems={"bottom": (axis := TimeAxis("bottom"))}, background=None)
        pass_over_viewport(self)
        self.setAccessibleName(words)
        self.setAccessibleDescription(READ)
        self.time_axis = axis
        self.theme = theme
        item = self.getPlotItem()
        # pyqtgraph makes its menu without a parent: it would outlive the window.
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())
        item.hideButtons()
        item.setMenuEnabled(False)
        for side in ("left", "bottom"):
            item.getAxis(side).enableAutoSIPrefix(False)  # which would lay out an empty title again at each zoom
        item.getAxis("left").setWidth(AXIS_WIDTH)
        item.layout.setContentsMargins(0, 2, PLOT_RIGHT, 0)
        if with_times:
            item.getAxis("bottom").setHeight(24)
        else:
            item.hideAxis("bottom")
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.playhead = pg.InfiniteLine(angle=90, movable=False)
        self.playhead.setZValue(50)
        self.addItem(self.playhead)
        self._at_s = 0.0
        self._first: PlotRow | None = None
        self._away = False
        self.box.sigRangeChanged.connect(self._place)
        theme.changed.connect(self.restyle)

    def follow(self, first: "PlotRow") -> None:
        """Show the same part of the clip as another row for as long as this one is not hidden."""
        self._first = first
        if not self._away:
            self.setXLink(first)

    def _place(self) -> None:
        """Place the curves where a new range has them: pyqtgraph does so while it paints, and then paints twice."""
        self.box.updateMatrix()

    def setVisible(self, visible: bool) -> None:
        """Show or hide the row; a hidden one takes no part in zooming and playing, where it would cost as much."""
        super().setVisible(visible)
        if visible == self._away:
            self._away = not visible
            if self._first is not None:
                self.setXLink(self._first if visible else None)
            if visible:
                self.playhead.setPos(self._at_s)

    def set_position(self, at_s: float) -> None:
        """Move the playhead to a time in seconds."""
        self._at_s = at_s
        if not self._away:
            self.playhead.setPos(at_s)

    def restyle(self) -> None:
        """Take the theme's colours."""
        theme = self.theme
        item = self.getPlotItem()
        self.setBackground(theme.colour("surface"))
        self.box.setBackgroundColor(theme.colour("sunken"))
        pen = QPen(theme.colour("accent"), 1.5 * self.devicePixelRatioF())
        pen.setCosmetic(True)
        self.playhead.setPen(pen)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(QPen(theme.colour("border_strong"), 1))
            axis.setTextPen(QPen(theme.colour("text_faint"), 1))
            axis.setStyle(tickFont=theme.font(TEXT_CAPTION), tickLength=-4)

    def width_px(self) -> int:
        """Return the width of the plot in pixels, for choosing the resolution of curves."""
        return max(int(self.box.width() * self.devicePixelRatioF()), 16)


class CurveRow(PlotRow):
    """Curves of one dimension between −1 and 1.

    Args:
        theme: The window's fonts and colours.
        name: "valence" or "arousal", which also names the colour.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, tr("{capitalize} over time", capitalize=name.capitalize()), with_times=False)
        self.name = name
        self._looks: dict[str, tuple[Pyramid, str]] = {}
        self.picture = CurvePicture()
        item = self.getPlotItem()
        item.addItem(self.picture, ignoreBounds=True)
        item.setYRange(-1.0, 1.0, padding=0.06)
        item.getAxis("left").setTicks([[(-1, "−1"), (0, "0"), (1, "+1")], [(-0.5, ""), (0.5, "")]])
        self._zero = pg.InfiniteLine(angle=0, pos=0)
        self._zero.setZValue(-10)
        self.addItem(self._zero)
        self.restyle()

    @property
    def keys(self) -> set[str]:
        """Return the keys of the curves that are drawn."""
        return set(self._looks)

    def set_curves(self, curves: dict[str, tuple[Pyramid, str]]) -> None:
        """Show curves, given by key as (points, look); the look is one of `_ORDER`."""
        self._looks = dict(curves)
        self.picture.set_curves(
            {key: Curve(pyramid, self._pen(look), _ORDER[look]) for key, (pyramid, look) in curves.items()}
        )

    def refresh(self) -> None:
        """Draw the curves again, because their points have changed."""
        self.picture.renew()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_zero"):
            self._zero.setPen(QPen(self.theme.colour("border_strong"), 0))
        if hasattr(self, "picture"):
            self.set_curves(self._looks)

    def _pen(self, look: str) -> QPen:
        colour = self.theme.colour(self.name)
        looks: dict[str, tuple[float, list[float]]] = {
            "predicted": (2.0, []),
            "annotated": (1.5, [4.0, 2.5]),
            "face": (1.2, []),
        }
        width, dashes = looks.get(look, (1.0, [1.0, 2.0]))
        if look in ("other", "face"):
            colour.setAlphaF(0.5)
        # A cosmetic pen counts in the screen's own pixels: on a fine screen it must be wider to look the same.
        pen = QPen(colour, width * self.devicePixelRatioF())
        pen.setCosmetic(True)
        if dashes:
            pen.setDashPattern(dashes)
        return pen


class StripRow(PlotRow):
    """Probabilities of classes over time, with one band for each class; a stronger colour means a higher probability.

    Args:
        theme: The window's fonts and colours.
        with_times: Whether it shows the time axis.
    """

    def __init__(self, theme: Theme, *, with_times: bool = True) -> None:
        super().__init__(theme, tr("Expressions over time"), with_times=with_times)
        self._pyramid = Pyramid(np.zeros(0), np.zeros((0, 0), np.float32))
        self._step_s = 1.0
        self._image = pg.ImageItem()
        self._image.setZValue(5)
        self.addItem(self._image)
        self.getPlotItem().getAxis("left").setTicks([[]])
        self.restyle()

    def set_shares(self, times_s: NDArray[np.float64], shares: NDArray[np.float32]) -> None:
        """Show probabilities.

        Args:
            times_s: float64 F, ascending.
            shares: float32 F×K, 0–1, NaN where unknown.
        """
        self._pyramid = Pyramid(times_s, shares)
        self._step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1.0
        classes = max(shares.shape[1] if shares.ndim == 2 else 0, 1)
        self.getPlotItem().setYRange(0, classes, padding=0)
        self.getPlotItem().invertY(True)

    def update_shares(self, first: int, last: int) -> None:
        """Take over probabilities that were changed in place, from frame `first` up to but without frame `last`."""
        self._pyramid.update(first, last)

    def refresh(self) -> None:
        """Draw the window at the screen's resolution, in which each pixel takes the largest value under it."""
        start_s, end_s = self.box.viewRange()[0]
        width = min(self.width_px(), 2000)
        level = self._pyramid.level(start_s, end_s, width)
        picture = strip(level.times_s, level.high, start_s, end_s, width, self._step_s)
        if picture is None:
            self._image.clear()
            return
        self._image.setImage(picture, autoLevels=False, levels=(0, 255))
        self._image.setRect(QRectF(start_s, 0, end_s - start_s, picture.shape[0]))

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_image"):
            self._image.setLookupTable(ramp(self.theme.colour("sunken"), self.theme.colour("accent")))


def strip(
    times_s: NDArray[np.float64],
    shares: NDArray[np.float32],
    start_s: float,
    end_s: float,
    width: int,
    step_s: float,
) -> NDArray[np.uint8] | None:
    """Return a picture of probabilities over a window.

    Args:
        times_s: float64 F, ascending.
        shares: float32 F×K.
        start_s: Left end of the window.
        end_s: Right end.
        width: Number of columns.
        step_s: How long the last frame is shown.

    Returns:
        uint8 K×width, the largest probability of each column × 255, with 0 for unknown; None without frames.
    """
    if len(times_s) == 0 or shares.shape[1] == 0 or end_s <= start_s:
        return None
    edges = start_s + (end_s - start_s) * np.arange(width + 1) / width
    # The frame on screen at a column's left edge holds over it; further frames that begin inside count too.
    first = np.clip(np.searchsorted(times_s, edges[:-1], "right") - 1, 0, len(times_s) - 1)
    last = np.maximum(np.searchsorted(times_s, edges[1:], "left"), first + 1)
    known = np.nan_to_num(shares[first[0] : last[-1]], nan=0.0)
    rows = first - first[0]
    picked = known[rows] if len(known) <= width else np.maximum.reduceat(known, rows, axis=0)
    outside = (edges[1:] < times_s[0]) | (edges[:-1] > times_s[-1] + step_s)
    picked[outside] = 0
    return np.asarray(np.clip(picked.T, 0, 1) * 255, np.uint8)


def ramp(low: QColor, high: QColor) -> NDArray[np.uint8]:
    """Return 256 colours from `low` to `high`: RGBA uint8."""
    share = (np.arange(256) / 255)[:, None] ** 0.8
    ends = np.array([[c.red(), c.green(), c.blue(), 255] for c in (low, high)], np.float64)
    return np.asarray(ends[0] + (ends[1] - ends[0]) * share, np.uint8)
