"""The learning curve over people, which shows whether more labelled people would help, and its button."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.traces import DIMENSIONS
from app.services.retrain.learning_curve import CurvePoint, trend
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import button, label, row
from app.ui.parts.widgets.plain_plot import dress, pen, plot

ASK = tr("Would more people help?")
TITLE = tr("CCC by people")


class PeopleRow(QWidget):
    """The button, or the answer in words.

    Args:
        theme: The window's fonts and colours.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points: Sequence[CurvePoint] = ()
        self.said = label("", "small", wrap=True)
        self.ask = button(
            ASK, "link", tip=tr("Train again on a third and on two thirds of the people, in the background")
        )
        self.ask.clicked.connect(self.wanted.emit)
        box = row(self.ask, self.said, spacing=SPACE_M)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.plot = plot(TITLE)
        self.plot.setFixedWidth(190)
        theme.redraw_with(self, self._draw)

    def show_points(self, points: Sequence[CurvePoint], *, offered: bool) -> None:
        """Show a run's curve; `offered` says whether it can be computed."""
        self._points = points
        self.said.setText(trend(points))
        self.ask.setVisible(offered and not points)
        self.setVisible(bool(points) or offered)
        self.plot.setVisible(len(points) > 1)
        self._draw()

    def set_busy(self, *, busy: bool) -> None:
        """Show whether the curve is being computed."""
        self.ask.setEnabled(not busy)
        self.ask.setText(tr("Training on fewer people …") if busy else ASK)

    def _draw(self) -> None:
        self.plot.clear()
        dress(self.plot, self._theme, TITLE)
        x = np.array([point.subjects for point in self._points], np.float64)
        for name in DIMENSIONS:
            y = np.array([getattr(point, name) for point in self._points], np.float64)
            if np.isfinite(y).any():
                colour = self._theme.colour(name)
                self.plot.plot(
                    x, y, pen=pen(self._theme, name), symbol="o", symbolSize=6, symbolBrush=colour, symbolPen=None
                )
        if len(x):
            self.plot.getPlotItem().getAxis("bottom").setTicks([[(float(n), str(int(n))) for n in x], []])
            self.plot.addItem(pg.InfiniteLine(0, angle=0, pen=pen(self._theme, "border_strong", width=1)))
