"""A plain plot in the look of the theme, on which screens draw their curves."""

from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.spoken import Role, pass_over_viewport

READ: Final = tr("A plot. Show the numbers, in the View menu, lists its values as a table.")
"""What a screen reader says of every plot besides its name."""


class PlainPlot(pg.PlotWidget):  # type: ignore[misc]
    """A plot of pyqtgraph that screen readers take for a chart."""

    spoken = Role.Chart


def plot(title: str) -> pg.PlotWidget:
    """Return a plain plot; `dress` gives it the theme's colours."""
    made = PlainPlot(viewBox=pg.ViewBox(enableMenu=False), background=None)
    made.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
    item = made.getPlotItem()
    # pyqtgraph makes its menu without a parent: it would outlive the window.
    item.ctrlMenu.setParent(made, item.ctrlMenu.windowFlags())
    item.hideButtons()
    item.setMenuEnabled(False)
    made.setMouseEnabled(x=False, y=False)
    pass_over_viewport(made)
    made.setAccessibleName(title)
    made.setAccessibleDescription(READ)
    item.getAxis("left").setWidth(38)
    return made


def dress(made: pg.PlotWidget, theme: Theme, title: str) -> None:
    """Apply the theme's colours and fonts to axes, grid and title."""
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
    """Return a cosmetic pen of a token's colour."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    made: QPen = pg.mkPen(theme.colour(colour, alpha), width=width, style=style)
    return made
