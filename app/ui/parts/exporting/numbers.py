"""The numbers of a plot as a plain table, for everybody who cannot see the plot, or wants to read it exactly."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QDialog, QWidget

from app.domain.tables import Cell, Table
from app.domain.words import many
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.tables import RowsTable

MOST_ROWS: Final = 2000
"""Rows that are shown; the export has all of them."""


class NumbersDialog(QDialog):
    """Shows the tables of what the screen offers, one at a time.

    Args:
        context: The context of the window.
        offers: What has tables, that with the keyboard first.
        parent: The window.
    """

    def __init__(self, context: AppContext, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Numbers"))
        self.resize(760, 560)
        self._context = context
        self._tables: list[Table] = [table for offer in offers if offer.tables is not None for table in offer.tables()]
        self.what = ChoiceBox(tr("What the numbers are of"), least=20)
        for table in self._tables:
            self.what.addItem(table.title)
        self.view = RowsTable((), tr("Numbers"))
        self.told = label(kind="small")
        copy = button(tr("Copy"), icon_name="copy", tip=tr("Copy this table for a spreadsheet"))
        copy.clicked.connect(self._on_copy)
        done = button(tr("Close"), "primary")
        done.clicked.connect(self.accept)
        self.setLayout(column(self.what, self.view, row(self.told, None, copy, done), spacing=SPACE_M, margins=SPACE_L))
        self.what.currentIndexChanged.connect(self._show)
        self._show()
        self.view.setFocus()

    def _chosen(self) -> Table | None:
        at = self.what.currentIndex()
        return self._tables[at] if 0 <= at < len(self._tables) else None

    def _show(self) -> None:
        table = self._chosen()
        if table is None:
            return
        rows = [tuple(_words(cell) for cell in one) for one in table.rows[:MOST_ROWS]]
        self.view.show_rows(rows, [heading.text for heading in table.headings])
        self.view.setAccessibleName(table.title)
        more = (
            tr(", of which the first {most_rows} are shown", most_rows=f"{MOST_ROWS:,}")
            if len(table.rows) > MOST_ROWS
            else ""
        )
        self.told.setText(
            tr("{rows} rows{more}", rows=f"{len(table.rows):,}", more=more)
            if more
            else many(len(table.rows), tr("row"), tr("rows"))
        )

    def _on_copy(self) -> None:
        table = self._chosen()
        if table is not None:
            self._context.exports.copy_table(table)


def _words(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
