"""Drawings of the screen for papers and the page; those of the agreement table are in `app.agreement.figures`."""

from __future__ import annotations

from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from app.agreement.people import condition_rank, spaced
from app.domain.clock import axis_words
from app.domain.emotion_words import rated_word
from app.domain.traces import DIMENSIONS
from app.domain.words import figure as number
from app.drawing import label_of, new_figure
from app.services.agreement.ceiling import Placement
from app.services.agreement.fan import Fan
from app.services.agreement.items import ItemTable
from app.services.agreement.reliability import PairMatrix

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ITEMS = 25
"""Items of the drawing of the most disputed ones."""
NUMBERED = 12
"""Largest number of raters for which the cells of the matrix carry their numbers."""
SHARP = 60
"""More raters than this are drawn as a picture within the figure."""
LINES: dict[str, Any] = {"edgecolors": "white", "linewidth": 1.5}


def fan_figure(fan: Fan) -> Figure:
    """Draw raters (thin, dashed), gold standard (thick) and prediction (coloured), and the number of raters."""
    figure = new_figure(figsize=(8.0, 4.3), layout="constrained")
    axes = figure.subplots(3, 1, sharex=True, height_ratios=(4, 4, 1))
    colours = ("#0072B2", "#D55E00")
    times_s = fan.times_s - fan.begins_s
    for i, (axis, name, colour) in enumerate(zip(axes, DIMENSIONS, colours, strict=False)):
        for k in range(len(fan.raters)):
            axis.plot(
                times_s,
                fan.traces[k, :, i],
                color="#999999",
                lw=0.9,
                ls=(0, (4, 2)),
                label=None if k else "raters",
            )
        axis.plot(times_s, fan.gold[:, i], color="#111111", lw=1.8, label="gold standard")
        if fan.predicted is not None:
            axis.plot(times_s, fan.predicted[:, i], color=colour, lw=1.6, label="prediction")
        axis.set_ylim(-1.02, 1.02)
        axis.set_ylabel(name)
        axis.axhline(0, color="#cccccc", lw=0.6, zorder=0)
        axis.spines[["top", "right"]].set_visible(False)
    for i, (colour, style) in enumerate(zip(colours, ("-", "--"), strict=True)):
        axes[-1].step(times_s, fan.n_raters[:, i], where="post", color=colour, lw=1.4, ls=style)
    axes[-1].set_ylim(0, len(fan.raters) * 1.15)
    axes[-1].set_yticks([0, len(fan.raters)])
    axes[-1].set_ylabel("raters")
    axes[-1].spines[["top", "right"]].set_visible(False)
    axes[-1].set_xlabel(axis_words(fan.begins_s))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure


def placement_figure(placement: Placement) -> Figure:
    """Draw the range of raters against the others, their mean, and the model."""
    rows = sorted(placement.rows, key=lambda r: condition_rank(r.condition))
    # A gap between conditions tells them apart.
    changes = np.cumsum([0.0, *(float(a.condition != b.condition) for a, b in pairwise(rows))])
    place = np.arange(len(rows)) + 0.7 * changes
    lowest = min([0.0, *(v for r in rows for v in (r.human[0], r.model) if not np.isnan(v))])
    figure = new_figure(figsize=(7.0, 1.4 + 0.27 * (place[-1] + 1)), layout="constrained")
    axis = figure.subplots()
    for n, (y, row) in enumerate(zip(place, rows, strict=True)):
        low, mean, high = row.human
        axis.plot(
            [low, high], [y, y], color="#bbbbbb", lw=5, solid_capstyle="round",
            label=None if n else "raters against the others",
        )  # fmt: skip
        axis.plot(mean, y, "|", color="#333333", ms=10, label=None if n else "their mean (human ceiling)")
        if not np.isnan(row.model):
            axis.plot(row.model, y, "o", color="#0b766c", ms=5)
        told = f"{number(row.model)} of {number(mean)}" if not np.isnan(row.model) else _why(row.reason)
        axis.annotate(
            told, (1.02, y), xycoords=("axes fraction", "data"), fontsize=7, color="#555555", va="center",
            annotation_clip=False,
        )  # fmt: skip
    axis.plot([], [], "o", color="#0b766c", ms=5, label="model against the same means")
    axis.set_yticks(
        place, [f"{label_of(rated_word(r.name))}, {rated_word(r.condition).lower()}" for r in rows], fontsize=8
    )
    axis.set_ylim(place[-1] + 0.6, -0.6)
    axis.set_xlim(max(-1.02, lowest - 0.06), 1.02)
    axis.axvline(0, color="black", lw=0.6)
    axis.set_xlabel("correlation over items; concordance over time for valence and arousal")
    axis.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure


def _why(reason: str) -> str:
    return "no class" if "no class" in reason else "no value"


def matrix_figure(matrix: PairMatrix) -> Figure:
    """Draw the agreement of every pair of raters as a heat map with numbers.

    Args:
        matrix: The matrix to draw; undefined cells stay grey.
    """
    n = len(matrix.raters)
    many = n > SHARP
    size = min(8.0, 560.0 / max(n, 1))  # points: no line of names reaches into the next
    side = min(max(0.55 * n, 2.4), 12.0)
    figure = new_figure(figsize=(side + 1.6, side + 0.7), layout="constrained")
    axis = figure.subplots()
    values = np.where(np.eye(n, dtype=bool), np.nan, matrix.values)
    axis.set_facecolor("#eeeeee")
    # Cells and not a picture, so that SVG and PDF stay sharp; as many as tens of thousands would make them huge.
    drawn = axis.pcolormesh(values, vmin=-1.0, vmax=1.0, cmap="RdBu", rasterized=many, **({} if many else LINES))
    axis.set_aspect("equal")
    axis.invert_yaxis()
    if n <= NUMBERED:
        for a, b in zip(*np.nonzero(~np.isnan(values)), strict=True):
            colour = "white" if abs(values[a, b]) > 0.6 else "black"
            axis.annotate(
                number(float(values[a, b])), (b + 0.5, a + 0.5), ha="center", va="center", fontsize=8, color=colour
            )
    upright = max(map(len, matrix.raters), default=0) > 4
    axis.set_xticks(
        np.arange(n) + 0.5, [label_of(rater) for rater in matrix.raters], rotation=90 if upright else 0, fontsize=size
    )
    axis.set_yticks(np.arange(n) + 0.5, [label_of(rater) for rater in matrix.raters], fontsize=size)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set_title(spaced(matrix.title), fontsize=9)
    bar = figure.colorbar(drawn, ax=axis, shrink=0.8)
    bar.set_label("\n".join(wrap(matrix.estimator.split("(")[0].strip(), 30)), fontsize=8)
    bar.ax.tick_params(labelsize=8)
    if bar.solids is not None:
        bar.solids.set_rasterized(False)
    return figure


def items_figure(items: ItemTable) -> Figure | None:
    """Draw the most disputed items, one row each, with conditions side by side; None if no item has two ratings.

    Args:
        items: The disagreement of every item.
    """
    from app.agreement.figures import condition_colour

    score = items.score()
    worst = np.nan_to_num(score, nan=-1.0).max(axis=0, initial=-1.0)
    order = [i for i in np.argsort(-worst, kind="stable")[:MOST_ITEMS].tolist() if worst[i] >= 0]
    if not order:
        return None
    figure = new_figure(figsize=(7.0, 1.3 + 0.26 * len(order)), layout="constrained")
    axis = figure.subplots()
    for y, i in enumerate(order):
        known = score[:, i][~np.isnan(score[:, i])]
        axis.plot([known.min(), known.max()], [y, y], color="#cccccc", lw=2, zorder=1)
    for c, condition in enumerate(items.conditions):
        axis.plot(
            score[c, order], range(len(order)), "o", ms=5.5, color=condition_colour(condition, c), zorder=2,
            label=rated_word(condition).lower(),
        )  # fmt: skip
    axis.set_yticks(range(len(order)), [label_of(items.names[i]) for i in order], fontsize=8)
    axis.set_ylim(len(order) - 0.5, -0.5)
    axis.set_xlim(left=0)
    axis.set_xlabel("disagreement (within-item variance, mean over emotions)")
    axis.grid(axis="y", color="#eeeeee")
    axis.spines[["top", "right"]].set_visible(False)
    if len(items.conditions) > 1:
        figure.legend(
            *axis.get_legend_handles_labels(), loc="outside upper center", ncols=len(items.conditions), frameon=False
        )
    return figure
