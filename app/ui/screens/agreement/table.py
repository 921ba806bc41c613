"""A plain table of results: rows of text with right-aligned numbers and tool tips, sortable by any column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QBrush, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import tip_text
from app.ui.parts.widgets.tables import dress_table

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        title: Heading of the column.
        tip: Its meaning, for the tool tip.
        right: Whether it holds numbers.
    """

    title: str
    tip: str = ""
    right: bool = True


@dataclass(frozen=True)
class ResultCell:
    """One cell.

    Attributes:
        text: The text that is shown.
        order: The value to sort by; None for the text.
        tip: Text of the tool tip.
        tone: Token of its colour; empty for normal.
    """

    text: str
    order: float | None = None
    tip: str = ""
    tone: str = ""


class ResultModel(QAbstractTableModel):
    """Rows of entries.

    Args:
        theme: The theme with the tones.
        columns: The columns.
    """

    def __init__(self, theme: Theme, columns: Sequence[Column]) -> None:
        super().__init__()
        self._theme = theme
        self.columns = tuple(columns)
        self.rows: list[tuple[ResultCell, ...]] = []
        self.keys: list[Any] = []
        self.whole_rows = False  # whether tool tips have the whole row, because the view leaves columns out

    def fill(self, rows: Sequence[tuple[ResultCell, ...]], keys: Sequence[Any] = ()) -> None:
        """Show other rows, each with a key that says what it is about."""
        self.beginResetModel()
        self.rows, self.keys = list(rows), list(keys) or list(range(len(rows)))
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns and remove the rows."""
        self.beginResetModel()
        self.columns, self.rows, self.keys = tuple(columns), [], []
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.UserRole:
            return entry.text.casefold() if entry.order is None else entry.order
        if role == Qt.ItemDataRole.ToolTipRole:
            # A column may be too narrow for its words.
            return tip_text(self._told(index.row(), entry.tip) or entry.text) or None
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[index.column()].right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and entry.tone:
            return QBrush(self._theme.colour(entry.tone))
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.font(12, figures=True)
        return None

    def holds(self, column: int) -> bool:
        """Say whether any row has more than a dash in a column."""
        return any(row[column].text.strip("–—- ") for row in self.rows)

    def _told(self, at: int, tip: str) -> str:
        if not self.whole_rows:
            return tip
        row = [f"{column.title}: {cell.text}" for column, cell in zip(self.columns, self.rows[at], strict=True)]
        return "\n".join([*([tip] if tip else []), *row])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class _Proxy(QSortFilterProxyModel):
    """Sorts undefined numbers to the end, whichever way."""

    def lessThan(self, left: Index, right: Index) -> bool:
        a, b = (self.sourceModel().data(i, Qt.ItemDataRole.UserRole) for i in (left, right))
        down = self.sortOrder() == Qt.SortOrder.DescendingOrder
        if isinstance(a, float) and isinstance(b, float):
            if a != a or b != b:
                return (a != a) if down else (b != b and a == a)
            return a < b
        return str(a) < str(b)


ROW = 28
"""Height of a row of one line in pixels."""
WRAPPED = 1000
"""Largest number of rows whose words may go on in the next line."""
BETWEEN = 8
"""Pixels between the words of two rows, at least."""
LEGIBLE = 180
"""Pixels below which a column of words is not squeezed."""
NARROW = 96
"""Columns wider than this give up room before others are left out or the table scrolls."""


class ResultView(QTableView):
    """The view with its model and sorting.

    Args:
        theme: The window's fonts and colours.
        columns: The columns.
        name: Its name for screen readers.
        stretch: Number of the column that takes the remaining width, counted from the end if negative.
        drop: Numbers of columns that a narrow window leaves out, in this order, but empty ones first; the tool tips
            of a row then have the whole row.
        wrap: Whether words that have no room go on in the next line, and the row becomes higher.
    """

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[Column],
        name: str,
        *,
        stretch: int = -1,
        drop: Sequence[int] = (),
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._wrap = wrap
        self.model_ = ResultModel(theme, columns)
        self.proxy = _Proxy(self)
        self.proxy.setSourceModel(self.model_)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.proxy.setFilterKeyColumn(-1)
        self.setModel(self.proxy)
        self.setAccessibleName(name)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        dress_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(wrap)
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        # Room for the mark of sorting, which would lie upon titles on the right.
        head.setProperty("kind", "sorted")
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._stretch, self._least, self._drop = stretch, 0, tuple(drop)
        self._narrowed: dict[int, tuple[int, int]] = {}

    def set_columns(self, columns: Sequence[Column], drop: Sequence[int] = ()) -> None:
        """Show other columns, without rows; `drop` as when the view is made."""
        for i in self._drop:
            self.setColumnHidden(i, False)
        self._narrowed, self._drop = {}, tuple(drop)
        self.model_.set_columns(columns)

    def fill(self, rows: Sequence[tuple[ResultCell, ...]], keys: Sequence[Any] = ()) -> None:
        """Show other rows. The selected one stays selected if it still exists."""
        before = self.current_key()
        self.model_.fill(rows, keys)
        self._fit()
        if before is not None:
            self.choose(before)

    def _fit(self) -> None:
        """Make columns as wide as their contents, and give one of them the rest."""
        self._narrowed = {}
        head, n = self.horizontalHeader(), self.model_.columnCount()
        for i in range(n):
            self.setColumnHidden(i, False)
            head.setSectionResizeMode(i, QHeaderView.ResizeMode.Interactive)
            title = head.fontMetrics().horizontalAdvance(self.model_.columns[i].title) + 30
            texts = [row[i].text for row in self.model_.rows]
            longest = max(texts, key=len, default="")
            wide = self.fontMetrics().horizontalAdvance(longest) + 18
            self.setColumnWidth(i, max(title, min(wide, 320)))
            if i == self._stretch % n:
                self._least = max(title, min(wide, LEGIBLE))

        self._give_rest()

    def _give_rest(self) -> None:
        """Give the remaining room to the stretched column, which stays legible.

        Others are narrowed, then some are left out, and only then does the table scroll.
        """
        head, n = self.horizontalHeader(), self.model_.columnCount()
        if not n:
            return
        at = self._stretch % n
        for i in self._drop:
            self.setColumnHidden(i, False)
        for i, (before, now) in self._narrowed.items():
            if head.sectionSize(i) == now:  # nobody has drawn it wider or narrower since
                self.setColumnWidth(i, before)
        self._narrowed = {}
        left = self.viewport().width() - sum(head.sectionSize(i) for i in range(n) if i != at)
        for i in sorted((i for i in range(n) if i != at), key=head.sectionSize, reverse=True):
            before = head.sectionSize(i)
            if left >= self._least or before <= NARROW:
                break
            now = max(NARROW, before - (self._least - left))
            self.setColumnWidth(i, now)
            self._narrowed[i] = (before, head.sectionSize(i))
            left += before - head.sectionSize(i)
        for i in sorted(self._drop, key=self.model_.holds):
            if left >= self._least:
                break
            left += head.sectionSize(i)
            self.setColumnHidden(i, True)
        self.model_.whole_rows = any(map(self.isColumnHidden, self._drop))
        wide = left >= self._least
        head.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch if wide else QHeaderView.ResizeMode.Interactive)
        if not wide:
            self.setColumnWidth(at, self._least)
        if self._wrap and self.model_.rowCount() <= WRAPPED:
            self._raise_rows()

    def _raise_rows(self) -> None:
        """Make each row as high as its words need."""
        for row in range(self.proxy.rowCount()):
            self.verticalHeader().resizeSection(row, max(ROW, self.sizeHintForRow(row) + BETWEEN))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_rest()

    def current_key(self) -> Any:
        """Return the key of the selected row; None without one."""
        index = self.currentIndex()
        return self.key_at(index) if index.isValid() else None

    def key_at(self, index: Index) -> Any:
        """Return the key of a row of this view."""
        return self.model_.keys[self.proxy.mapToSource(index).row()]

    def choose(self, key: Any) -> None:
        """Select the row of a key."""
        if key in self.model_.keys:
            self.selectRow(self.proxy.mapFromSource(self.model_.index(self.model_.keys.index(key), 0)).row())
