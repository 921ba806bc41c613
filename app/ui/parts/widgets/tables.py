"""A read-only table of rows of text."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.ui.parts.widgets.basic import tip_text
from app.ui.parts.widgets.columns import FittedColumns


def dress_table(table: QTableView) -> None:
    """Set a table up for reading and choosing rows, without grid, row numbers and editing; Tab leaves it."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setCornerWidget(QWidget())  # else Qt paints a sign there
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)


class RowsModel(QAbstractTableModel):
    """Rows of text under headings.

    Args:
        headings: Headings of the columns.
    """

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self.rows: list[tuple[str, ...]] = []

    def set_rows(self, rows: Sequence[tuple[str, ...]], headings: Sequence[str] | None = None) -> None:
        """Show rows."""
        self.beginResetModel()
        self.rows = list(rows)
        if headings is not None:
            self._headings = tuple(headings)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headings)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            told = zip(self._headings, row, strict=True)
            return tip_text("\n".join(f"{heading}: {text}" if heading else text for heading, text in told if text))
        return row[index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None


class RowsTable(QTableView):
    """A table of rows of text.

    Args:
        headings: Headings of the columns.
        name: Name for screen readers.
        stretch: Number of the column that takes the remaining width, counted from the end if negative.
        drop: Numbers of columns that a narrow window leaves out; the tool tip of a row has the whole row.
        wrap: Whether rows become higher where sentences need several lines.
    """

    def __init__(
        self,
        headings: Sequence[str],
        name: str,
        parent: QWidget | None = None,
        *,
        stretch: int = -1,
        drop: Sequence[int] = (),
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.rows = RowsModel(headings)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        dress_table(self)
        self.verticalHeader().setDefaultSectionSize(30)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.columns = FittedColumns(self, stretch, drop, wrap)

    def show_rows(self, rows: Sequence[tuple[str, ...]], headings: Sequence[str] | None = None) -> None:
        """Show rows; columns take the width that they need."""
        self.rows.set_rows(rows, headings)
        self.columns.measure()

    def chosen(self) -> tuple[str, ...] | None:
        """Return the selected row; None for none."""
        picked = self.selectionModel().selectedRows()
        return self.rows.rows[picked[0].row()] if picked else None
