"""The agreement screen's entry in the rail, and its commands."""

from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext

_HERE: Final = ("screen.agreement", "agreement", "not annotating")

COMMANDS: Final = (
    Command(
        "agreement.save_figure", "Save figure…", "Analysis", ("Ctrl+E",), _HERE, 5, icon="chart-bar",
        help="The page you are looking at as SVG, PDF or PNG.",
    ),
    Command(
        "agreement.save_tables", "Save tables…", "Analysis", ("Ctrl+Shift+E",), _HERE, 5, icon="table",
        help="Every table of the agreement screen as CSV and LaTeX, into a folder.",
    ),
    Command(
        "agreement.save_report", "Save agreement report…", "Analysis", ("Ctrl+Shift+R",), _HERE, 5, icon="file-html",
        help="One self-contained HTML page with findings, figures, tables and methods.",
    ),
    Command(
        "agreement.save_pdf", "Save agreement report as PDF…", "Analysis", ("Ctrl+Shift+F",), _HERE, 5, icon="file-pdf",
        help="Findings and one figure on the first page, then figures, tables and methods on A4 pages.",
        also="print report pdf paper",
    ),
    Command(
        "agreement.copy_methods", "Copy methods text", "Analysis", ("Ctrl+Shift+M",), _HERE, 5, icon="copy",
        help="Sentences ready for a paper's methods section.",
    ),
    Command(
        "agreement.store_gold", "Store traces' gold standard", "Analysis", ("Ctrl+G",),
        ("screen.agreement", "agreement.traces", "not annotating"), 5, icon="medal",
        help="Stores the chosen recipe's gold standard of every traced item beside the raw traces.",
    ),
    Command(
        "agreement.review_gaps", "Review where people and the model part", "Analysis", (), _HERE, 5, icon="target",
        help="The moments with the largest gap, in both conditions, with a reason for each.",
        also="guided review error disagreement model people gap reason",
    ),
    Command(
        "agreement.edit_reasons", "Edit the reasons for gaps…", "Analysis", (), _HERE, 5, icon="pencil",
        help="The project's words for why people and the model part, and their keys.",
    ),
    Command(
        "agreement.export_reasons", "Export reasons for gaps…", "Analysis", (), _HERE, 5, icon="export",
        help="One row for each reason that was given, as tidy CSV.",
    ),
    Command("agreement.next_page", "Next page", "View", ("Ctrl+PgDown",), ("screen.agreement",), 3),
    Command("agreement.previous_page", "Previous page", "View", ("Ctrl+PgUp",), ("screen.agreement",), 3),
)  # fmt: skip


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.agreement.view import AgreementScreen

    return AgreementScreen(context)


SCREEN = Screen(
    "agreement",
    "Agreement",
    "agreement",
    30,
    _make,
    "How far raters agree, with and without context",
    COMMANDS,
    page="agreement",
    also="ICC alpha kappa reliability disagreement statistics report export tables figures",
    shows_labels=True,
)
