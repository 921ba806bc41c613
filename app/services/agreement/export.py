"""Figures, tables and the report of the screen as files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import UserError
from app.results import Goal, result
from app.services.agreement.ceiling import Placement
from app.services.agreement.fan import Fan
from app.services.agreement.items import ItemTable
from app.services.agreement.reliability import PairMatrix
from app.services.agreement.results import Results
from app.services.agreement.table_files import write_tables
from app.services.agreement.tables import tables_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.agreement.page import ReportParts

FIGURES = ("overview", "effect", "matrix", "items", "fan", "model")
"""What can be drawn for a paper."""


def save_figure_of(
    goal: Goal, which: str, results: Results, *, kind: str = "intensity", fan: Fan | None = None,
    placement: Placement | None = None, matrix: PairMatrix | None = None, items: ItemTable | None = None,
) -> None:  # fmt: skip
    """Draw one of `FIGURES`; the suffix chooses SVG, PDF or PNG.

    Raises:
        UserError: There is nothing to draw, the suffix is unknown, or the file cannot be written.
    """
    from app.agreement.figures import about_figure, save_figure

    figure = figure_of(which, results, kind=kind, fan=fan, placement=placement, matrix=matrix, items=items)
    save_figure(figure, goal, about=about_figure(results.provenance))


def figure_of(
    which: str, results: Results, *, kind: str = "intensity", fan: Fan | None = None,
    placement: Placement | None = None, matrix: PairMatrix | None = None, items: ItemTable | None = None,
) -> Figure:  # fmt: skip
    """Draw one of `FIGURES`.

    Raises:
        UserError: There is nothing to draw.
    """
    from app.agreement.figures import difference_figure, disagreement_figure
    from app.services.agreement.drawings import fan_figure, items_figure, matrix_figure, placement_figure

    report = results.report
    figure: Figure | None = None
    if which == "overview" and report is not None:
        figure = disagreement_figure(report, kind=kind)
    elif which == "effect" and report is not None and any(p.kind == kind for p in report.pairs):
        figure = difference_figure(report, kind=kind)
    elif which == "matrix" and matrix is not None:
        figure = matrix_figure(matrix)
    elif which == "items" and items is not None:
        figure = items_figure(items)
    elif which == "fan" and fan is not None:
        figure = fan_figure(fan)
    elif which == "model" and placement is not None and placement.rows:
        figure = placement_figure(placement)
    if figure is None:
        raise UserError("There is nothing to draw here yet.", "Choose another page of the screen.")
    return figure


def write_report(
    goal: Goal, results: Results, source: str, *, fans: Sequence[Fan] = (), placement: Placement | None = None,
    items: ItemTable | None = None, failed: Sequence[UserError] = (), inputs: Collection[Path] = (),
) -> None:  # fmt: skip
    """Write the self-contained page with everything that the screen shows.

    Args:
        goal: The file to write.
        results: The results of the screen.
        source: The origin of the labels, in words.
        fans: The traced items to draw.
        placement: The model among the raters.
        items: Items by disagreement.
        failed: The reasons why traced items could not be drawn; the page lists them.
        inputs: Files that the labels were read from, which are never replaced.

    Raises:
        UserError: There is nothing to report, or the file cannot be written.
    """
    from app.services.agreement.page import full_report

    parts = full_report(results, source=source, fans=fans, placement=placement, items=items, failed=failed)
    write_page(goal, parts, inputs)


def write_page(goal: Goal, parts: ReportParts, inputs: Collection[Path] = ()) -> None:
    """Write a report as a self-contained page.

    Args:
        goal: The file to write.
        parts: The report.
        inputs: Files that the labels were read from, which are never replaced.

    Raises:
        UserError: The file cannot be written.
    """
    from app.agreement.page import page_of

    with result(goal, inputs=inputs) as temporary:
        temporary.write_text(page_of(parts), encoding="utf-8")


__all__ = ["FIGURES", "figure_of", "save_figure_of", "tables_of", "write_page", "write_report", "write_tables"]
