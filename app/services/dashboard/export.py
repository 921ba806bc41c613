"""Figures, tables and the report of what is on the screen, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.agreement.tables import Cell, ResultTable, all_tables, table_csv, table_latex
from app.errors import UserError
from app.files import replacing
from app.services.dashboard.ceiling import Placement
from app.services.dashboard.fan import DIMENSIONS, Fan
from app.services.dashboard.items import ItemTable
from app.services.dashboard.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = ("overview", "effect", "fan", "model")
"""What can be drawn for a paper."""


def save_figure_of(
    path: Path, which: str, results: Results, *, kind: str = "intensity", fan: Fan | None = None,
    placement: Placement | None = None,
) -> None:  # fmt: skip
    """Draw one of `FIGURES`; the suffix chooses SVG, PDF or PNG.

    Raises:
        UserError: There is nothing to draw, an unknown suffix, or the file cannot be written.
    """
    from app.agreement.figures import difference_figure, disagreement_figure, save_figure

    report = results.report
    figure: Figure | None = None
    if which == "overview" and report is not None:
        figure = disagreement_figure(report, kind=kind)
    elif which == "effect" and report is not None and any(p.kind == kind for p in report.pairs):
        figure = difference_figure(report, kind=kind)
    elif which == "fan" and fan is not None:
        figure = fan_figure(fan)
    elif which == "model" and placement is not None and placement.rows:
        figure = placement_figure(placement)
    if figure is None:
        raise UserError("There is nothing to draw here yet.", "Choose another page of the screen.")
    save_figure(figure, path)


def fan_figure(fan: Fan) -> Figure:
    """Raters thin and dashed, gold thick, prediction coloured, over time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 4.6), layout="constrained")
    axes = figure.subplots(2, 1, sharex=True)
    for i, (axis, name, colour) in enumerate(zip(axes, DIMENSIONS, ("#0072B2", "#D55E00"), strict=True)):
        for k in range(len(fan.raters)):
            axis.plot(
                fan.times_s, fan.traces[k, :, i], color="#999999", lw=0.9, ls=(0, (4, 2)), label=None if k else "raters"
            )
        axis.plot(fan.times_s, fan.gold[:, i], color="#111111", lw=1.8, label="gold standard")
        if fan.predicted is not None:
            axis.plot(fan.times_s, fan.predicted[:, i], color=colour, lw=1.6, label="prediction")
        axis.set_ylim(-1.02, 1.02)
        axis.set_ylabel(name)
        axis.axhline(0, color="#cccccc", lw=0.6, zorder=0)
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1].set_xlabel("time (s)")
    axes[0].legend(loc="upper right", ncols=3, frameon=False, fontsize=8)
    return figure


def placement_figure(placement: Placement) -> Figure:
    """Range of raters against the others, their mean, and the model."""
    from matplotlib.figure import Figure

    rows = placement.rows
    figure = Figure(figsize=(7.0, 1.2 + 0.28 * len(rows)), layout="constrained")
    axis = figure.subplots()
    for y, row in enumerate(rows):
        low, mean, high = row.human
        axis.plot([low, high], [y, y], color="#bbbbbb", lw=5, solid_capstyle="round")
        axis.plot(mean, y, "|", color="#333333", ms=10)
        if np.isnan(row.model):
            axis.annotate(row.reason, (0.0, y), fontsize=7, color="#777777", va="center")
        else:
            axis.plot(row.model, y, "o", color="#0072B2", ms=5)
    axis.set_yticks(range(len(rows)), [f"{r.name}, {r.condition.replace('_', ' ')}" for r in rows], fontsize=8)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.set_xlim(-1.02, 1.02)
    axis.axvline(0, color="black", lw=0.6)
    axis.set_xlabel("correlation over items; concordance over time for valence and arousal")
    axis.spines[["top", "right"]].set_visible(False)
    return figure


def tables_of(
    results: Results, items: ItemTable | None = None, placement: Placement | None = None
) -> list[ResultTable]:
    """Every table of the screen that has rows."""
    tables = all_tables(results.report) if results.report is not None else []
    tables += [_raters(results), _matrices(results), _retest(results), _iccs(results), _traces(results)]
    if items is not None:
        tables.append(_items(items))
    if placement is not None:
        tables.append(_placement(placement))
    return [t for t in tables if t.rows]


def write_tables(folder: Path, tables: list[ResultTable]) -> list[Path]:
    """Each table as CSV (full precision) and LaTeX (three decimals).

    Raises:
        UserError: The folder cannot be written.
    """
    out = []
    for table in tables:
        name = table.title.lower().replace(" ", "_")
        for suffix, body in ((".csv", table_csv(table)), (".tex", table_latex(table, label=f"tab:{name}"))):
            path = folder / f"{name}{suffix}"
            with replacing(path) as temporary:
                temporary.write_text(body, encoding="utf-8")
            out.append(path)
    return out


def write_report(path: Path, results: Results, source: str) -> None:
    """The self-contained page.

    Raises:
        UserError: There are no ratings to report, or the file cannot be written.
    """
    from app.agreement.page import report_html

    if results.report is None:
        raise UserError("There are no ratings to report.", "Choose other filters.")
    page = report_html(results.report, source=source)
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _raters(results: Results) -> ResultTable:
    header = (
        "rater", "n_ratings", "n_items", "bias", "spread_ratio", "loo_correlation", "alpha_change", "share_lowest",
        "share_highest", "longest_run", "median_response_s", "fast_share", "checks_passed", "checks_asked", "flags",
        "excluded",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            *(getattr(p, name) for name in header[:-2]), " ".join(f.evidence for f in p.flags),
            results.excluded.get(p.rater, ""),
        )
        for p in results.profiles
    ]  # fmt: skip
    return ResultTable("Raters", header, tuple(rows))


def _matrices(results: Results) -> ResultTable:
    rows: list[tuple[Cell, ...]] = []
    for one in results.matrices:
        for a, first in enumerate(one.raters):
            for b in range(a + 1, len(one.raters)):
                rows.append((one.title, first, one.raters[b], float(one.values[a, b]), one.estimator))
    return ResultTable("Pairs of raters", ("what", "a", "b", "agreement", "estimator"), tuple(rows))


def _retest(results: Results) -> ResultTable:
    header = ("rater", "n", "kappa", "exact", "mean_difference", "mean_absolute_difference", "pearson")
    rows = tuple(
        (
            r.rater, r.kappa.n_items, r.kappa.value, r.exact, r.mean_difference, r.mean_absolute_difference, r.pearson,
        )
        for r in results.retest
    )  # fmt: skip
    return ResultTable("Test-retest", header, rows)


def _iccs(results: Results) -> ResultTable:
    rows = tuple(
        (condition, emotion, e.estimator, e.value, e.low, e.high, e.n_items, e.reason)
        for (condition, emotion), found in results.iccs.items()
        for e in found.all()
    )
    header = ("condition", "emotion", "estimator", "value", "low", "high", "n_items", "reason")
    return ResultTable("Intraclass correlations", header, rows)


def _traces(results: Results) -> ResultTable:
    rows = tuple(
        (t.condition, t.dimension, e.estimator, e.value, e.low, e.high, e.n_items, e.n_raters)
        for t in results.traces
        for e in (t.mean_pairwise, t.alpha)
    )
    header = ("condition", "dimension", "estimator", "value", "low", "high", "n_items", "n_raters")
    return ResultTable("Traces", header, rows)


def _items(items: ItemTable) -> ResultTable:
    score = items.score()
    header = ("item", "clip", "subject", *(f"disagreement_{c}" for c in items.conditions), "most_disputed")
    rows: list[tuple[Cell, ...]] = []
    for i, name in enumerate(items.names):
        values = [float(score[c, i]) for c in range(len(items.conditions))]
        rows.append((name, items.clips[i], items.subjects[i], *values, items.worst(i)))
    return ResultTable("Items", header, tuple(rows))


def _placement(placement: Placement) -> ResultTable:
    header = ("condition", "name", "measure", "model", "human_low", "human_mean", "human_high", "n_items", "reason")
    rows = tuple((p.condition, p.name, p.measure, p.model, *p.human, p.n_items, p.reason) for p in placement.rows)
    return ResultTable("Model against raters", header, rows)
