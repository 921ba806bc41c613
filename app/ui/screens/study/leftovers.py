"""The list of the answers and traces that faults of older versions left behind in a project."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.leftovers import Leftover
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import column, label
from app.ui.parts.widgets.tables import RowsTable


class LeftoverList(QWidget):
    """A list with one row for each answer and trace; hidden if it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A narrow window leaves out rater and clip, which the sentence names as well.
        self.table = RowsTable(
            (tr("What"), tr("Rater"), tr("Clip"), tr("What to do")),
            tr("Problems left by older versions"),
            stretch=0,
            drop=(1, 2),
            wrap=True,
        )
        words = label(tr("Problems left by older versions (nothing was deleted)"), "section", wrap=True)
        self.setLayout(column(words, self.table, spacing=SPACE_M))
        self.hide()

    def show_leftovers(self, found: Sequence[Leftover]) -> None:
        """Show these answers and traces."""
        self.table.show_rows([(one.what, one.rater, one.item, one.todo) for one in found])
        self.setVisible(bool(found))
