"""Asks where exports should go, and writes them off the window's thread."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.agreement.document import document_of
from app.batch import Failures
from app.errors import UserError
from app.jobs import Context
from app.results import Goal, path_of
from app.services.agreement.ceiling import Placement, place_model
from app.services.agreement.export import save_figure_of, tables_of, write_page, write_tables
from app.services.agreement.fan import Fan
from app.services.agreement.gap_reasons import reason_counts
from app.services.agreement.measures import measure_table
from app.services.agreement.page import MODEL, disputed_fans, full_report
from app.services.agreement.reliability import PairMatrix
from app.services.consent.gate import statistics_may_leave
from app.services.consent.left import note_left
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.parts.paper.pdf import write_pdf
from app.ui.screens.agreement.state import AgreementState, DashboardState

if TYPE_CHECKING:
    from app.services.projects.files import Project

Saved: TypeAlias = tuple[Path, list[UserError]]
"""The path that was saved, and the reasons why parts were not."""

PAGE_FILTER: Final = tr("Web page (*.html)")
PDF_FILTER: Final = tr("PDF (*.pdf)")
FILTERS: Final = tr("Scalable Vector Graphics (*.svg);;PDF (*.pdf);;PNG, 300 dpi (*.png)")


class Exports(QObject):
    """Saves what is on the screen.

    Args:
        state: The state with the results.
        window: Parent of the dialogs.
    """

    def __init__(self, state: AgreementState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self._window = window

    def ask_figure(
        self, which: str, kind: str, fan: Fan | None, placement: Placement | None, matrix: PairMatrix | None = None
    ) -> None:
        """Ask for a file and save a figure."""
        name = f"{self._state.context.project_name}-{which}.svg"
        said = self._state.context.ask_file.new(self._window, tr("Save figure"), name, FILTERS)
        if said is not None:
            self.save_figure(said, which, kind, fan, placement, matrix)

    def save_figure(
        self,
        goal: Goal,
        which: str,
        kind: str,
        fan: Fan | None,
        placement: Placement | None,
        matrix: PairMatrix | None = None,
    ) -> None:
        """Save a figure without asking."""
        shown, project = self._state.shown, self._state.context.project
        if shown is None or project is None:
            return

        def save(_ctx: Context) -> Saved:
            let_out(project, shown)
            save_figure_of(
                goal, which, shown.results, kind=kind, fan=fan, placement=placement, matrix=matrix, items=shown.items
            )
            return path_of(goal), []

        self._start(tr("Saving the figure"), save)

    def ask_tables(self, placement: Placement | None) -> None:
        """Ask for a folder and save all tables."""
        folder = self._state.context.ask_file.folder(self._window, tr("Save tables into a folder"))
        if folder is not None:
            self.save_tables(folder, placement)

    def save_tables(self, folder: Path, placement: Placement | None) -> None:
        """Save all tables without asking; the model is placed among the raters first if that was not done yet."""
        shown, project = self._state.shown, self._state.context.project
        if shown is None or project is None:
            return

        def save(ctx: Context) -> Saved:
            let_out(project, shown)
            placed = placement or _placed(ctx, project, shown)
            failures = Failures()
            measures = measure_table(ctx, project, shown.data, shown.results.settings)
            write_tables(
                folder,
                tables_of(shown.results, shown.items, placed, measures, reason_counts(project, leaving=True)),
                failures,
            )
            return folder, failures.errors

        self._start(tr("Saving tables"), save)

    def ask_report(self, placement: Placement | None, *, as_pdf: bool = False) -> None:
        """Ask for a file and save the report, as a web page or as PDF by the ending of the file."""
        filters = (PDF_FILTER, PAGE_FILTER) if as_pdf else (PAGE_FILTER, PDF_FILTER)
        name = f"{self._state.context.project_name}-agreement{'.pdf' if as_pdf else '.html'}"
        said = self._state.context.ask_file.new(self._window, tr("Save agreement report"), name, ";;".join(filters))
        if said is not None:
            self.save_report(said, placement)

    def save_report(self, goal: Goal, placement: Placement | None = None) -> None:
        """Save the report without asking; the model is placed among the raters first if that was not done yet."""
        shown, project = self._state.shown, self._state.context.project
        if shown is None or project is None:
            return
        context = self._state.context
        source = context.project_name + (f", study {self._state.study}" if self._state.study else "")

        def save(ctx: Context) -> Saved:
            let_out(project, shown)
            results = shown.results
            failures = Failures()
            out = [r for r in results.excluded if not results.choice.with_excluded]
            told = source + (f"; left out: {', '.join(out)}" if out else "")
            if results.report is not None and not shown.final:
                warnings = (
                    *results.report.warnings,
                    "These are provisional intervals; more resamples were under way.",
                )
                results = replace(results, report=replace(results.report, warnings=warnings))
            fans = disputed_fans(ctx, project, shown.data, results, failures)
            placed = placement
            if placed is None:
                with failures.of(MODEL):
                    placed = _placed(ctx, project, shown)
            report = full_report(
                results, source=told, fans=fans, placement=placed, items=shown.items, failed=failures.errors,
                reasons=reason_counts(project, leaving=True),
            )  # fmt: skip
            if path_of(goal).suffix.lower() == ".pdf":
                write_pdf(document_of(report), goal)
            else:
                write_page(goal, report)
            return path_of(goal), failures.errors

        self._start(tr("Saving the report"), save)

    def _start(self, title: str, save: Callable[..., Saved]) -> None:
        exports = self._state.context.exports
        whose, project = exports.whose(), self._state.context.project

        def noted(ctx: Context) -> Saved:
            saved = save(ctx)
            if project is not None:
                note_left(project, "agreement", saved[0])
            return saved

        self._state.context.work.start(
            title, "io", noted, on_done=self._on_saved, on_error=lambda error: exports.refused(error, whose)
        )

    def _on_saved(self, saved: Saved) -> None:
        path, refused = saved
        if refused:
            text = tr(
                "Saved {path}, but not all of it: {problems}",
                path=path,
                problems=" ".join(str(error) for error in refused[:3]),
            )
            self._state.context.notify(text, tone="warning", file=path)
        else:
            self._state.context.exports.tell_saved(path)


def let_out(project: "Project", shown: DashboardState) -> None:
    """Let results through the gate of consent.

    Raises:
        UserError: People take part whose consent does not cover an export; the message names them.
    """
    results = shown.results
    statistics_may_leave(project, shown.data, () if results.choice.with_excluded else results.excluded)


def _placed(ctx: Context, project: "Project", shown: DashboardState) -> Placement:
    return place_model(ctx, project, shown.data)


def export_button(context: AppContext) -> QToolButton:
    """Return a button with the exports as its menu."""
    made = QToolButton()
    made.setText(tr("Export"))
    made.setProperty("kind", "field")
    made.setIcon(icon("export"))
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(made)
    for command in context.commands.all():
        if command.id.startswith(("agreement.save_", "agreement.copy_")):
            action = menu.addAction(icon(command.icon), command.title)
            action.triggered.connect(lambda _=False, name=command.id: context.commands.run(name))
    made.setMenu(menu)
    return made
