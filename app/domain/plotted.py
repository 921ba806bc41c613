"""A plot as data: what a screen draws, so that it can be drawn again for paper and exported as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.tables import Cell, Heading, Table

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve, or the points or bars of one kind.

    Attributes:
        name: Its name in the legend and in tables; empty for none in the legend.
        x: float64 N.
        y: float64 N; NaN interrupts a curve.
        colour: `#rrggbb`.
        alpha: Opacity, 0–1.
        width: Width of the line in points; 0 draws no line.
        dashes: The kind of line.
        marks: Whether a point is drawn at each value.
        kind: How the values are joined: by a line, by steps that hold each value up to the next, or as upright bars.
        bar: Width of bars on the x axis.
    """

    name: str
    x: Values
    y: Values
    colour: str
    alpha: float = 1.0
    width: float = 1.2
    dashes: Literal["solid", "dashed", "dotted"] = "solid"
    marks: bool = False
    kind: Literal["line", "steps", "bars"] = "line"
    bar: float = 0.8


@dataclass(frozen=True)
class Rule:
    """A straight line through the whole plot.

    Attributes:
        at: Its place on the axis that it crosses.
        upright: Whether it is vertical.
        colour: `#rrggbb`.
        dashed: Whether it is dashed.
    """

    at: float
    upright: bool = False
    colour: str = "#888888"
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Plot:
    """One pair of axes.

    Attributes:
        title: What is shown, also for screen readers.
        x: Words at the x axis, with the unit.
        y: Words at the y axis, with the unit.
        curves: What is drawn, the lowest first.
        rules: Lines through the whole plot.
        x_range: Ends of the x axis; None to fit.
        y_range: Ends of the y axis; None to fit.
        x_ticks: Places and words at the x axis; empty for round numbers.
        y_ticks: The same at the y axis.
        square: Whether both axes have the same scale.
    """

    title: str
    x: str
    y: str
    curves: tuple[Curve, ...]
    rules: tuple[Rule, ...] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    x_ticks: tuple[tuple[float, str], ...] = ()
    y_ticks: tuple[tuple[float, str], ...] = ()
    square: bool = field(default=False)


def numbers_of(plots: Sequence[Plot], title: str) -> Table:
    """Return the numbers behind plots as a table with one row for each point.

    Args:
        plots: The plots.
        title: The title of the table.
    """
    rows: list[tuple[Cell, ...]] = []
    for plot in plots:
        words = dict(plot.x_ticks)
        for at, curve in enumerate(plot.curves, 1):
            name = curve.name or f"curve {at}"
            for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True):
                rows.append((plot.title, name, words.get(x, "") if words else "", x, y))
    with_words = any(row[2] for row in rows)
    headings = (
        Heading("plot"), Heading("curve"), Heading("x_label"),
        Heading("x", meaning="; ".join(dict.fromkeys(plot.x for plot in plots if plot.x))),
        Heading("y", meaning="; ".join(dict.fromkeys(plot.y for plot in plots if plot.y))),
    )  # fmt: skip
    if not with_words:
        return Table(title, headings[:2] + headings[3:], tuple(row[:2] + row[3:] for row in rows))
    return Table(title, headings, tuple(rows))
