"""Columns of a table that fit its window: one takes the rest, some give way, and only then does the table scroll."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

GAP: Final = 14
"""Pixels between the contents of one column and the next."""
WIDEST: Final = 320
LEGIBLE: Final = 110
"""Least width in pixels of the column that takes the remaining width."""
MEASURED: Final = 2000
"""Largest number of rows that are all measured; of longer tables Qt measures the visible ones."""


def fitted(natural: Sequence[int], room: int, stretch: int, drop: Sequence[int] = ()) -> list[int]:
    """Compute the widths of columns.

    Args:
        natural: The width that each column needs, in pixels.
        room: The available width in pixels.
        stretch: Number of the column that takes the remaining width, or is reduced down to `LEGIBLE` if there is
            little.
        drop: Numbers of columns that may be left out, in this order.

    Returns:
        A width for each column; 0 for one that is left out. Their sum is `room`, or more if even that is too little.
    """
    wide = list(natural)
    least = min(natural[stretch], LEGIBLE)
    for column in (None, *drop):
        if column is not None:
            wide[column] = 0
        left = room - sum(width for at, width in enumerate(wide) if at != stretch)
        if left >= least:
            break
    wide[stretch] = max(left, least)
    return wide


class FittedColumns(QObject):
    """Keeps the columns of a table fitted while its window changes.

    Args:
        table: The table, whose words are shortened in the middle if they have no room.
        stretch: Number of the column that takes the remaining width, counted from the end if negative.
        drop: Numbers of columns that may be left out. Their contents must be in the tool tip of the row.
        wrap: Whether words that have no room go on in the next line, and the row becomes higher, instead.
    """

    def __init__(self, table: QTableView, stretch: int = -1, drop: Sequence[int] = (), wrap: bool = False) -> None:
        super().__init__(table)
        self._table, self._stretch, self._drop, self._wrap = table, stretch, tuple(drop), wrap
        self._natural: list[int] = []
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(24)
        if wrap:
            table.setWordWrap(True)
            table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.viewport().installEventFilter(self)

    def set_rules(self, stretch: int, drop: Sequence[int] = ()) -> None:
        """Set the rules for other columns."""
        self._stretch, self._drop = stretch, tuple(drop)

    def measure(self) -> None:
        """Measure what each column needs, because the rows have changed."""
        table = self._table
        head, model = table.horizontalHeader(), table.model()
        count = model.columnCount() if model is not None else 0
        head.setResizeContentsPrecision(-1 if model is not None and model.rowCount() <= MEASURED else 0)
        self._natural = []
        for column in range(count):
            table.setColumnHidden(column, False)
            words = max(table.sizeHintForColumn(column), head.sectionSizeHint(column))
            self._natural.append(min(words + GAP, WIDEST))
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        if not self._natural:
            return
        room = self._table.viewport().width()
        widths = fitted(self._natural, room, self._stretch % len(self._natural), self._drop)
        for column, width in enumerate(widths):
            self._table.setColumnHidden(column, width == 0)
            if width:
                self._table.setColumnWidth(column, width)
        if self._wrap and self._table.model().rowCount() <= MEASURED:
            self._table.resizeRowsToContents()
            for row in range(self._table.model().rowCount()):  # else sentences of two rows read as one
                self._table.setRowHeight(row, self._table.rowHeight(row) + GAP // 2)
