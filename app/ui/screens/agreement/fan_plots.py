"""The plots of the trace page over time: raters with the gold standard, and the number of raters behind it."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QFrame

from app.domain.holding import HOLD_S
from app.domain.traces import DIMENSIONS
from app.services.agreement.fan import Fan
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION
from app.ui.parts.timeline.plots import TimeAxis
from app.ui.parts.widgets.plain_plot import READ
from app.ui.parts.widgets.spoken import Role, pass_over_viewport

Float = NDArray[np.float64]
HALF = 1.645
"""Half width of an interval that holds 90 %, in standard deviations."""


class _OverTime(pg.PlotWidget):  # type: ignore[misc]
    """A plot over the time of a fan in the theme's colours.

    Args:
        theme: The window's fonts and colours.
        name: Name for screen readers.
        left: Words at the left axis.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, name: str, left: str) -> None:
        self.time_axis = TimeAxis("bottom")
        super().__init__(background=None, viewBox=pg.ViewBox(enableMenu=False), axisItems={"bottom": self.time_axis})
        self.theme = theme
        self._fan: Fan | None = None
        pass_over_viewport(self)
        self.setAccessibleName(name)
        self.setAccessibleDescription(READ)
        self.setFrameShape(QFrame.Shape.NoFrame)
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        # Without a parent the menu outlives the plot.
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())
        item.getAxis("left").setWidth(46)
        item.getViewBox().setMouseEnabled(x=True, y=False)
        item.setLabel("left", left)
        theme.redraw_with(self, self.redraw)

    def show_fan(self, fan: Fan | None) -> None:
        """Draw this one."""
        self._fan = fan
        self.time_axis.set_begin(0.0 if fan is None else fan.begins_s)
        self.redraw()
        if fan is not None and fan.times_s.size:
            self.getPlotItem().setXRange(float(fan.times_s[0]), float(fan.times_s[-1]), padding=0.01)

    def redraw(self) -> None:
        """Draw again in the theme's colours."""
        item, theme = self.getPlotItem(), self.theme
        item.clear()
        self.setBackground(theme.colour("surface"))
        item.getViewBox().setBackgroundColor(theme.colour("sunken"))
        for side in ("left", "bottom"):
            part = item.getAxis(side)
            part.setPen(QPen(theme.colour("border_strong"), 1))
            part.setTextPen(QPen(theme.colour("text_soft"), 1))
            part.setStyle(tickFont=theme.font(TEXT_CAPTION), tickLength=-4)
        item.showGrid(x=False, y=True, alpha=0.12)
        item.enableAutoRange(y=False)
        if self._fan is not None:
            self.draw(self._fan)

    def draw(self, fan: Fan) -> None:
        """Draw the curves of a fan; the axes and colours are there already."""
        raise NotImplementedError

    def line(self, fan: Fan, values: Float, colour: str, width: float, style: Qt.PenStyle) -> None:
        """Draw one curve with breaks where it is NaN."""
        if not np.isnan(values).all():
            pen = QPen(self.theme.colour(colour), width, style)
            pen.setCosmetic(True)
            self.getPlotItem().plot(fan.times_s, values, pen=pen, connect="finite")


class FanPlot(_OverTime):
    """One dimension over time.

    Args:
        theme: The window's fonts and colours.
        axis: 0 for valence, 1 for arousal.
    """

    def __init__(self, theme: Theme, axis: int) -> None:
        super().__init__(
            theme, tr("{dimensions} over time", dimensions=DIMENSIONS[axis]), DIMENSIONS[axis].capitalize()
        )
        self.axis = axis
        item = self.getPlotItem()
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        item.setYRange(-1, 1, padding=0.03)

    def draw(self, fan: Fan) -> None:
        """Draw raters, their band, gold standards and the prediction."""
        item, theme = self.getPlotItem(), self.theme
        curves = fan.traces[:, :, self.axis]
        seen = ~np.isnan(fan.counted[:, :, self.axis])
        low = np.where(seen, curves, np.inf).min(axis=0)
        high = np.where(seen, curves, -np.inf).max(axis=0)
        some = seen.any(axis=0)
        if some.any():
            edges = [pg.PlotCurveItem(fan.times_s[some], edge[some], pen=None) for edge in (low, high)]
            item.addItem(pg.FillBetweenItem(*edges, brush=theme.colour("text_faint", 0.18)))
        for k, rater in enumerate(fan.raters):
            self.line(fan, curves[k], "warning" if rater in fan.aside else "text_faint", 1.0, Qt.PenStyle.DashLine)
        for values in fan.stored.values():
            self.line(fan, values[:, self.axis], "text_soft", 1.2, Qt.PenStyle.DotLine)
        if fan.spread is not None:
            half = HALF * fan.spread[:, self.axis]
            for edge in (fan.gold[:, self.axis] - half, fan.gold[:, self.axis] + half):
                self.line(fan, edge, "text", 1.0, Qt.PenStyle.SolidLine)
        self.line(fan, fan.gold[:, self.axis], "text", 2.0, Qt.PenStyle.SolidLine)
        if fan.predicted is not None:
            self.line(fan, fan.predicted[:, self.axis], DIMENSIONS[self.axis], 2.0, Qt.PenStyle.SolidLine)


class BehindPlot(_OverTime):
    """The number of raters behind each value of the gold standard, in both dimensions.

    Args:
        theme: The window's fonts and colours.
    """

    HEIGHT = 84

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("raters behind the gold standard over time"), tr("Raters"))
        self.setFixedHeight(self.HEIGHT)
        self.setToolTip(tr("Number of raters behind each value of the gold standard"))
        self.getPlotItem().setLabel("bottom", tr("Time"))

    def draw(self, fan: Fan) -> None:
        """Draw one step line for each dimension; they coincide where the raters are the same."""
        item, most = self.getPlotItem(), len(fan.raters)
        item.setYRange(0, most, padding=0.12)
        item.getAxis("left").setTicks([[(0, "0"), (most, str(most))]])
        if not fan.times_s.size:
            return
        for axis, (style, width) in enumerate(((Qt.PenStyle.SolidLine, 2.0), (Qt.PenStyle.DashLine, 2.0))):
            # A step needs the end of its last value.
            counts = fan.n_raters[:, axis].astype(np.float64)
            pen = QPen(self.theme.colour(DIMENSIONS[axis]), width, style)
            pen.setCosmetic(True)
            ends = np.append(fan.times_s, fan.times_s[-1] + HOLD_S)
            item.plot(ends, counts, pen=pen, stepMode="center")
