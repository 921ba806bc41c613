"""The agreement screen's entry in the rail, and its commands."""

from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext

_HERE: Final = ("screen.agreement", "agreement", "not annotating")

COMMANDS: Final = (
    Command(
        "agreement.save_figure", tr("Save figure…"), "Analysis", ("Ctrl+E",), _HERE, 5, icon="chart-bar",
        help=tr("The page you are looking at as SVG, PDF or PNG."),
    ),
    Command(
        "agreement.save_tables", tr("Save tables…"), "Analysis", ("Ctrl+Shift+E",), _HERE, 5, icon="table",
        help=tr("Every table of the agreement screen as CSV and LaTeX, into a folder."),
    ),
    Command(
        "agreement.save_report", tr("Save agreement report…"), "Analysis", ("Ctrl+Shift+R",), _HERE, 5,
        icon="file-html",
        help=tr("One self-contained HTML page with findings, figures, tables and methods."),
    ),
    Command(
        "agreement.save_pdf", tr("Save agreement report as PDF…"), "Analysis", ("Ctrl+Shift+F",), _HERE, 5,
        icon="file-pdf",
        help=tr("Findings and one figure on the first page, then figures, tables and methods on A4 pages."),
        also=tr("print report pdf paper"),
    ),
    Command(
        "agreement.copy_methods", tr("Copy methods text"), "Analysis", ("Ctrl+Shift+M",), _HERE, 5, icon="copy",
        help=tr("Sentences ready for a paper's methods section."),
    ),
    Command(
        "agreement.store_gold", tr("Store traces' gold standard"), "Analysis", ("Ctrl+G",),
        ("screen.agreement", "agreement.traces", "not annotating"), 5, icon="medal",
        help=tr("Stores the chosen recipe's gold standard of every traced item beside the raw traces."),
    ),
    Command(
        "agreement.review_gaps", tr("Review where people and the model part"), "Analysis", (), _HERE, 5, icon="target",
        help=tr("The moments with the largest gap, in both conditions, with a reason for each."),
        also=tr("guided review error disagreement model people gap reason"),
    ),
    Command(
        "agreement.edit_reasons", tr("Edit the reasons for gaps…"), "Analysis", (), _HERE, 5, icon="pencil",
        help=tr("The project's words for why people and the model part, and their keys."),
    ),
    Command(
        "agreement.export_reasons", tr("Export reasons for gaps…"), "Analysis", (), _HERE, 5, icon="export",
        help=tr("One row for each reason that was given, as tidy CSV."),
    ),
    Command("agreement.next_page", tr("Next page"), "View", ("Ctrl+PgDown",), ("screen.agreement",), 3),
    Command("agreement.previous_page", tr("Previous page"), "View", ("Ctrl+PgUp",), ("screen.agreement",), 3),
)  # fmt: skip


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.agreement.view import AgreementScreen

    return AgreementScreen(context)


SCREEN = Screen(
    "agreement",
    tr("Agreement"),
    "agreement",
    30,
    _make,
    tr("How far raters agree, with and without context"),
    COMMANDS,
    page="agreement",
    also=tr("ICC alpha kappa reliability disagreement statistics report export tables figures"),
    shows_labels=True,
)
