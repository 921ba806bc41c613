"""Draws the plots of screens for paper: dark ink on white, legends and axes with their units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain.plotted import Curve, Plot
from app.drawing import label_of, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN: Final = 6.85
HEIGHT_IN: Final = 2.6
"""Size of one plot before it is fitted to paper, in inches."""
_DASHES: Final[dict[str, Any]] = {"solid": "-", "dashed": (0, (4, 2)), "dotted": ":"}
_FEW: Final = 12


def plots_figure(plots: Sequence[Plot]) -> Figure:
    """Draw plots one below the other; square ones stand side by side.

    Args:
        plots: One or more plots.
    """
    beside = all(plot.square for plot in plots)
    rows, columns = (1, len(plots)) if beside else (len(plots), 1)
    size = (3.4 * columns, 3.4) if beside else (WIDTH_IN, HEIGHT_IN * rows)
    figure = new_figure(figsize=size, layout="constrained")
    together = not beside and len({(plot.x, plot.x_range) for plot in plots}) == 1
    several = figure.subplots(rows, columns, squeeze=False, sharex=together).ravel().tolist()
    for axes, plot in zip(several, plots, strict=True):
        _draw(axes, plot, titled=len(plots) > 1 and not (plot.y and together))
        if together and axes is not several[-1]:
            axes.set_xlabel("")
    _legend(figure, several)
    return figure


def _draw(axes: Axes, plot: Plot, *, titled: bool) -> None:
    for curve in plot.curves:
        _curve(axes, curve)
    for rule in plot.rules:
        style: dict[str, Any] = {"color": rule.colour, "lw": 0.8, "ls": "--" if rule.dashed else "-", "zorder": 0.5}
        if rule.upright:
            axes.axvline(rule.at, **style)
        else:
            axes.axhline(rule.at, **style)
    if plot.x_range is not None:
        axes.set_xlim(*plot.x_range)
    if plot.y_range is not None:
        axes.set_ylim(*plot.y_range)
    for ticks, put in ((plot.x_ticks, axes.set_xticks), (plot.y_ticks, axes.set_yticks)):
        if ticks:
            put([at for at, _ in ticks], [label_of(words) for _, words in ticks])
    if len(plot.x_ticks) > _FEW or max((len(words) for _, words in plot.x_ticks), default=0) > 8:
        axes.tick_params(axis="x", rotation=30)
    axes.set_xlabel(plot.x)
    axes.set_ylabel(plot.y)
    if titled:
        axes.set_title(plot.title, fontsize=10)
    if plot.square:
        axes.set_aspect("equal")
    axes.spines[["top", "right"]].set_visible(False)


def _curve(axes: Axes, curve: Curve) -> None:
    name = label_of(curve.name) if curve.name else None
    look: dict[str, Any] = {"color": curve.colour, "alpha": curve.alpha, "label": name}
    if curve.kind == "bars":
        axes.bar(curve.x, np.nan_to_num(curve.y), curve.bar, **look)
        return
    line: dict[str, Any] = {"lw": curve.width, "ls": _DASHES[curve.dashes] if curve.width else "none"}
    if curve.marks:
        line |= {"marker": "o", "ms": 4}
    if curve.kind == "steps":
        line["drawstyle"] = "steps-post"
    axes.plot(curve.x, curve.y, **look, **line)


def _legend(figure: Figure, several: Sequence[Axes]) -> None:
    known: dict[str, Any] = {}
    for axes in several:
        handles, names = axes.get_legend_handles_labels()
        for handle, name in zip(handles, names, strict=True):
            known.setdefault(str(name), handle)
    if len(known) > 1:
        figure.legend(
            list(known.values()), list(known), loc="outside upper center", ncols=min(len(known), 4), frameon=False,
            fontsize=9,
        )  # fmt: skip
