"""A read-only table for anything that comes as rows of text."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget


class RowsModel(QAbstractTableModel):
    """Rows of text under headings.

    Args:
        headings: Of the columns.
    """

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self.rows: list[tuple[str, ...]] = []

    def set_rows(self, rows: Sequence[tuple[str, ...]], headings: Sequence[str] | None = None) -> None:
        """Show these."""
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
        text = self.rows[index.row()][index.column()]
        return text if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None


class RowsTable(QTableView):
    """The table.

    Args:
        headings: Of the columns.
        name: For screen readers.
    """

    def __init__(self, headings: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(headings)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerWidget(QWidget())  # else Qt paints a sign there
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(True)

    def show_rows(self, rows: Sequence[tuple[str, ...]], headings: Sequence[str] | None = None) -> None:
        """Show these rows; columns take the room they need."""
        self.rows.set_rows(rows, headings)
        if len(rows) <= 2000:
            self.resizeColumnsToContents()
        for column in range(self.rows.columnCount() - 1):  # the last one takes the rest
            self.setColumnWidth(column, min(max(self.columnWidth(column) + 14, 70), 320))

    def chosen(self) -> tuple[str, ...] | None:
        """The row that is selected."""
        picked = self.selectionModel().selectedRows()
        return self.rows.rows[picked[0].row()] if picked else None
