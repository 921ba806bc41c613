"""Labels against predictions of a training, in a table whose cells open the clips behind them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from app.domain.words import many
from app.services.retrain.category_cells import Confusion
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.tables import dress_table

ROW: Final = 26
HOW: Final = tr(
    "Rows are labels, and columns are the model's predictions. A click on a cell, or Enter, plays its clips."
)


class ConfusionTable(QWidget):
    """The confusion matrix on held-out subjects or of the cross-validation.

    The signal `wanted` carries the matrix, and the row and column of the cell whose clips are to be played.

    Args:
        theme: The window's fonts and colours.
    """

    wanted = Signal(object, int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[Confusion, ...] = ()
        self.part = ChoiceBox(tr("The people who were tested"), 16)
        self.part.currentIndexChanged.connect(self._draw)
        self.table = QTableWidget()
        dress_table(self.table)
        self.table.setAccessibleName(tr("Labels against predictions"))
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.verticalHeader().setVisible(True)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.table.setSortingEnabled(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.cellClicked.connect(self._on_cell)
        self.table.activated.connect(lambda index: self._on_cell(index.row(), index.column()))  # Enter
        head = row(self.part, label(HOW, "caption", wrap=True), spacing=SPACE_M)
        head.setStretch(1, 1)
        self.setLayout(column(head, self.table))
        theme.redraw_with(self, self._draw)
        self.show_confusions(())

    def show_confusions(self, found: Sequence[Confusion]) -> None:
        """Show confusion matrices; an empty list hides the table."""
        self._all = tuple(found)
        self.part.blockSignals(True)
        self.part.clear()
        for one in self._all:
            self.part.addItem(one.title)
        self.part.blockSignals(False)
        self.part.setVisible(len(self._all) > 1)
        self.setVisible(bool(self._all))
        self._draw()

    @property
    def shown(self) -> Confusion | None:
        """The matrix on screen; None without one."""
        at = self.part.currentIndex()
        return self._all[at] if 0 <= at < len(self._all) else None

    def _draw(self) -> None:
        one = self.shown
        names = [name.replace("_", " ") for name in one.classes] if one is not None else []
        self.table.clear()
        self.table.setRowCount(len(names))
        self.table.setColumnCount(len(names))
        self.table.setHorizontalHeaderLabels(names)
        self.table.setVerticalHeaderLabels(names)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        if one is None:
            return
        total = one.counts.sum(axis=1)
        for i in range(len(names)):
            for j in range(len(names)):
                self.table.setItem(i, j, self._cell(one, i, j, int(total[i])))
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + ROW * len(names) + 2 * self.table.frameWidth() + 2)

    def _cell(self, one: Confusion, i: int, j: int, total: int) -> QTableWidgetItem:
        count = int(one.counts[i, j])
        share = count / total if total else 0.0
        made = QTableWidgetItem(str(count) if count else "·")
        made.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        made.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        if count:
            token = "accent" if i == j else "danger"
            made.setBackground(QBrush(self._theme.colour(token, 0.12 + 0.6 * share)))
        made.setToolTip(
            tr(
                "{words}: {items}, {share} % of this label",
                words=one.words(i, j),
                items=many(count, tr("item"), tr("items")),
                share=f"{100 * share:.0f}",
            )
        )
        return made

    def _on_cell(self, i: int, j: int) -> None:
        one = self.shown
        if one is not None and one.items.get((i, j)):
            self.wanted.emit(one, i, j)
