"""The curves of any plot of pyqtgraph, in the colours of the light theme, ready to be drawn for paper."""

from dataclasses import fields
from typing import Any, Final, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen, QTextDocumentFragment

from app.domain.plotted import Curve, Plot, Rule
from app.ui.look.tokens import DARK, LIGHT

PX_TO_PT: Final = 0.72
"""Points of a line on paper for each pixel of its width in the window."""
_DASHES: Final[dict[Qt.PenStyle, Literal["solid", "dashed", "dotted"]]] = {
    Qt.PenStyle.SolidLine: "solid",
    Qt.PenStyle.DashLine: "dashed",
    Qt.PenStyle.DotLine: "dotted",
}
_TOKENS: Final = [field.name for field in fields(LIGHT) if field.name != "name"]
_ON_PAPER: Final = {QColor(getattr(DARK, name)).name(): QColor(getattr(LIGHT, name)).name() for name in _TOKENS}


def on_paper(colour: QColor) -> str:
    """Return the light theme's colour for one of the dark theme's; other colours stay."""
    name = colour.name()
    return _ON_PAPER.get(name, name)


def plot_of(widget: pg.PlotWidget) -> Plot:
    """Return what a plot shows.

    Args:
        widget: The plot.
    """
    item = widget.getPlotItem()
    curves: list[Curve] = []
    rules: list[Rule] = []
    for part in item.items:
        if not part.isVisible():
            continue
        if isinstance(part, pg.InfiniteLine):
            if part.angle in (0, 90):
                dashed = part.pen.style() != Qt.PenStyle.SolidLine
                rules.append(Rule(float(part.value()), part.angle == 90, on_paper(part.pen.color()), dashed))
        elif isinstance(part, pg.PlotDataItem):
            x, y = part.getOriginalDataset()
            curves += _curve(part.opts, x, y)
        elif isinstance(part, pg.PlotCurveItem):
            curves += _curve(part.opts, *part.getData())
        elif isinstance(part, pg.BarGraphItem):
            curves.append(_bars(part.opts))
    (left, right), (low, high) = item.viewRange()
    title = QTextDocumentFragment.fromHtml(item.titleLabel.text or "").toPlainText()
    return Plot(
        widget.accessibleName() or title,
        _words(item.getAxis("bottom")),
        _words(item.getAxis("left")) or title,
        tuple(curves),
        tuple(rules),
        (float(left), float(right)),
        (float(low), float(high)),
    )


def _words(axis: Any) -> str:
    text = QTextDocumentFragment.fromHtml(str(axis.labelText or "")).toPlainText()
    return f"{text} ({axis.labelUnits})" if axis.labelUnits else text


def _curve(options: dict[str, Any], x: Any, y: Any) -> list[Curve]:
    if x is None or y is None or not len(y):
        return []
    pen: Any = options.get("pen")
    pen = pg.mkPen(pen) if pen is not None and not isinstance(pen, QPen) else pen
    marks = options.get("symbol") is not None
    drawn = pen is not None and pen.style() != Qt.PenStyle.NoPen
    if not drawn and not marks:
        return []
    colour = pen.color() if drawn else pg.mkBrush(options.get("symbolBrush")).color()
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    steps = bool(options.get("stepMode"))
    if len(xs) == len(ys) + 1:  # ends of steps
        ys = np.append(ys, ys[-1])
    style = _DASHES.get(pen.style(), "dashed") if drawn else "solid"
    width = max(pen.widthF(), 1.0) * PX_TO_PT if drawn else 0.0
    name = str(options.get("name") or "")
    kind: Literal["steps", "line"] = "steps" if steps else "line"
    return [Curve(name, xs, ys, on_paper(colour), colour.alphaF(), width, style, marks, kind)]


def _bars(options: dict[str, Any]) -> Curve:
    x = np.asarray(options["x"], np.float64)
    y = np.broadcast_to(np.asarray(options["height"], np.float64), x.shape)
    brush = pg.mkBrush(options.get("brush") or "#0b766c").color()
    return Curve(str(options.get("name") or ""), x, y, on_paper(brush), kind="bars", bar=float(options["width"] or 0.8))
