"""A table of words and figures whose height is that of its rows, so that a page scrolls and not each table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from app.domain.words import figure
from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import tip_text
from app.ui.parts.widgets.columns import FittedColumns
from app.ui.parts.widgets.tables import dress_table

ROW: Final = 26


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: Its words.
        tip: Tool tip.
        bold: Whether it stands out.
        shade: Strength of its background, 0–1.
        tone: Token of the background's colour.
    """

    text: str
    tip: str = ""
    bold: bool = False
    shade: float = 0.0
    tone: str = "accent"


def with_interval(value: float, low: float, high: float, *, sign: bool = False) -> str:
    """Write a number with its interval; a dash if it is unknown."""
    text = figure(value, 3, sign=sign)
    if value != value or low != low or high != high:
        return text
    return f"{text} [{figure(low, 3, sign=sign)}, {figure(high, 3, sign=sign)}]"


class FigureTable(QTableWidget):
    """A read-only table that is as high as its rows.

    Args:
        theme: The window's fonts and colours.
        name: Name for screen readers.
        drop: Numbers of columns that a narrow window leaves out; the tool tips of a row have the whole row.
        centred: Whether figures stand in the middle of columns of equal width, as in a matrix.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        drop: Sequence[int] = (),
        centred: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._centred = theme, centred
        self._heads: tuple[str, ...] = ()
        self._rows: tuple[tuple[Cell, ...], ...] = ()
        dress_table(self)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._columns = FittedColumns(self, 0, drop)
        theme.redraw_with(self, self._draw)

    def show_rows(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Show rows of cells under headings."""
        self._heads, self._rows = tuple(heads), tuple(tuple(row) for row in rows)
        self._draw()

    def texts(self) -> list[list[str]]:
        """Return the words of all cells."""
        return [[cell.text for cell in row] for row in self._rows]

    def _draw(self) -> None:
        self.setColumnCount(len(self._heads))
        self.setRowCount(len(self._rows))
        self.setHorizontalHeaderLabels(list(self._heads))
        for at, row in enumerate(self._rows):
            whole = "\n".join(f"{head}: {cell.text}" for head, cell in zip(self._heads, row, strict=True) if cell.text)
            for place, cell in enumerate(row):
                self.setItem(at, place, self._item(cell, whole, figures=place > 0))
        self._columns.measure()
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + ROW * len(self._rows) + ROW // 2)

    def _item(self, cell: Cell, whole: str, *, figures: bool) -> QTableWidgetItem:
        made = QTableWidgetItem(cell.text)
        made.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        font = self._theme.font(12, figures=figures)
        font.setBold(cell.bold)
        made.setFont(font)
        made.setToolTip(tip_text("\n".join(part for part in (cell.tip, whole) if part)))
        if figures and self._centred:
            made.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        if cell.shade > 0:
            made.setBackground(QBrush(self._theme.colour(cell.tone, 0.08 + 0.6 * min(cell.shade, 1.0))))
        return made
