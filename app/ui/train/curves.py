"""Curves while a model learns: the loss, and how well it does on subjects that it stops by."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme
from app.ui.tokens import SPACE_M
from app.ui.widgets.basic import row


def plot(title: str) -> pg.PlotWidget:
    """A plain plot; `dress` gives it the theme's colours."""
    made = pg.PlotWidget(viewBox=pg.ViewBox(enableMenu=False), background=None)
    made.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
    item = made.getPlotItem()
    # pyqtgraph makes its menu without a parent: it would outlive the window.
    item.ctrlMenu.setParent(made, item.ctrlMenu.windowFlags())
    item.hideButtons()
    item.setMenuEnabled(False)
    made.setMouseEnabled(x=False, y=False)
    made.setAccessibleName(title)
    item.getAxis("left").setWidth(38)
    return made


def dress(made: pg.PlotWidget, theme: Theme, title: str) -> None:
    """Colours and fonts of axes, grid and title."""
    made.setBackground(theme.colour("surface"))
    item = made.getPlotItem()
    font = theme.font(11, figures=True)
    for name in ("left", "bottom"):
        axis = item.getAxis(name)
        axis.setPen(pg.mkPen(theme.colour("border_strong")))
        axis.setTextPen(pg.mkPen(theme.colour("text_faint")))
        axis.setTickFont(font)
    item.showGrid(x=False, y=True, alpha=0.25)
    item.setTitle(title, color=theme.tokens.text_soft, size=f"{round(11 * theme.scale)}px")


def pen(theme: Theme, colour: str, *, dashed: bool = False, width: float = 1.8, alpha: float = 1.0) -> QPen:
    """A cosmetic pen of a token's colour."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    made: QPen = pg.mkPen(theme.colour(colour, alpha), width=width, style=style)
    return made


class LearningCurves(QWidget):
    """Loss at the left, concordance on the validation subjects at the right.

    Args:
        theme: The look.
    """

    TITLES = ("Loss", "Validation CCC")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.loss, self.ccc = plot(self.TITLES[0]), plot(self.TITLES[1])
        self.setLayout(row(self.loss, self.ccc, spacing=SPACE_M))
        self._lines = {
            "loss": self.loss.plot([], []),
            "valence": self.ccc.plot([], []),
            "arousal": self.ccc.plot([], []),
        }
        self._best = pg.InfiniteLine(angle=90, movable=False)
        self._best.hide()
        self.ccc.addItem(self._best)
        self.ccc.setYRange(0, 1)
        self.ccc.getPlotItem().setLimits(yMin=-1.05, yMax=1.05)
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        dress(self.loss, self._theme, self.TITLES[0])
        dress(self.ccc, self._theme, self.TITLES[1])
        self._lines["loss"].setPen(pen(self._theme, "text_soft"))
        self._lines["valence"].setPen(pen(self._theme, "valence"))
        self._lines["arousal"].setPen(pen(self._theme, "arousal"))
        self._best.setPen(pen(self._theme, "accent", dashed=True, width=1))

    def show_events(self, events: list[dict[str, Any]]) -> None:
        """Draw a run's events; none clears the plots."""
        epochs = [event for event in events if event.get("event") == "epoch"]
        x = [event["epoch"] for event in epochs]
        nan = float("nan")

        def known(value: float | None) -> float:
            return nan if value is None else float(value)

        self._lines["loss"].setData(x, [known(event["loss"]) for event in epochs])
        for name in ("valence", "arousal"):
            self._lines[name].setData(x, [known(event["validation"].get(name)) for event in epochs])
        self._best.setVisible(bool(epochs) and epochs[-1]["best_epoch"] > 0)
        if epochs:
            self._best.setValue(epochs[-1]["best_epoch"])
