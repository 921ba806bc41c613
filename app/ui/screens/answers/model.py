"""The table of answers: selects and sorts the rows that are shown. No widgets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush

from app.domain.corrections import ListedAnswer
from app.domain.words import plain
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import tip_text
from app.ui.screens.answers import words

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

HEADINGS: Final = (tr("Rater"), tr("Clip"), tr("Condition"), tr("State"), tr("What"), tr("Pass"), tr("Given"))
_TEXT: Final[tuple[Callable[[ListedAnswer], str], ...]] = (
    lambda row: row.rater,
    lambda row: row.item,
    lambda row: plain(row.condition) or "–",
    words.state,
    lambda row: words.KINDS[row.kind],
    lambda row: str(row.pass_no),
    lambda row: words.moment(row.at),
)
_ORDER: Final[tuple[Callable[[ListedAnswer], Any], ...]] = (
    lambda row: (row.rater, row.at if not isnan(row.at) else 0.0),
    lambda row: (row.item, row.condition, row.rater, row.pass_no),
    lambda row: (row.condition, row.item, row.rater),
    lambda row: (words.state(row), row.rater, row.item),
    lambda row: (row.kind, row.rater, row.item),
    lambda row: (row.pass_no, row.rater, row.item),
    lambda row: row.at if not isnan(row.at) else 0.0,
)

SHOWS: Final[tuple[tuple[str, str, Callable[[ListedAnswer], bool]], ...]] = (
    ("main", tr("Ratings, traces"), lambda row: row.purpose == "main"),
    ("rating", tr("Ratings"), lambda row: row.purpose == "main" and row.kind == "rating"),
    ("trace", tr("Traces"), lambda row: row.purpose == "main" and row.kind != "rating"),
    ("check", tr("Practice and attention checks"), lambda row: row.purpose != "main"),
    ("all", tr("Everything"), lambda _row: True),
)
STATES: Final[tuple[tuple[str, str, Callable[[ListedAnswer], bool]], ...]] = (
    ("any", tr("Any state"), lambda _row: True),
    ("given", tr("As given"), lambda row: row.state in ("given", "finished", "interrupted")),
    ("missing", tr("Something missing or flagged"), lambda row: row.n_missing > 0),
    ("comment", tr("With a comment or note"), lambda row: row.comment),
    ("corrected", tr("Corrected by the rater"), lambda row: row.state == "corrected"),
    ("reviewed", tr("Corrected by a reviewer"), lambda row: row.state == "reviewed"),
    ("unseen", tr("Never shown"), lambda row: row.unseen),
    ("void", tr("Void or rejected"), lambda row: row.state in ("voided", "rejected")),
    ("failed", tr("Check failed"), lambda row: row.passed is False),
    ("unblinded", tr("Given unblinded"), lambda row: not row.blinded and row.state not in ("reviewed", "voided")),
)


@dataclass(frozen=True)
class AnswerFilter:
    """The filter of the rows that are shown.

    Attributes:
        text: Part of the clip's or the rater's name, whatever its case.
        rater: Code of a rater; empty for all.
        condition: Name of a condition; empty for all.
        show: A key of `SHOWS`.
        state: A key of `STATES`.
    """

    text: str = ""
    rater: str = ""
    condition: str = ""
    show: str = "main"
    state: str = "any"

    def picks(self, rows: Sequence[ListedAnswer]) -> list[ListedAnswer]:
        """Return the rows that pass the filter, in their order."""
        shows = next(test for key, _, test in SHOWS if key == self.show)
        stands = next(test for key, _, test in STATES if key == self.state)
        text = self.text.strip().casefold()
        return [
            row
            for row in rows
            if shows(row)
            and stands(row)
            and (not self.rater or row.rater == self.rater)
            and (not self.condition or row.condition == self.condition)
            and (not text or text in row.item.casefold() or text in row.rater.casefold())
        ]


class AnswersModel(QAbstractTableModel):
    """Rows of a study.

    Args:
        theme: The theme with the colours of states.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._all: Sequence[ListedAnswer] = ()
        self._wanted = AnswerFilter()
        self._by, self._down = len(HEADINGS) - 1, False
        self.rows: list[ListedAnswer] = []

    @property
    def total(self) -> int:
        """Number of all rows, shown or not."""
        return len(self._all)

    def fill(self, rows: Sequence[ListedAnswer]) -> None:
        """Show other rows, under the same filter and order."""
        self._all = rows
        self._show()

    def want(self, wanted: AnswerFilter) -> None:
        """Show only rows that pass a filter."""
        self._wanted = wanted
        self._show()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._by, self._down = column, order == Qt.SortOrder.DescendingOrder
        # The row that is chosen stays chosen, wherever it goes.
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(index, self.rows[index.row()]) for index in before]
        self.rows = self._picked()
        place = {(row.kind, row.id): at for at, row in enumerate(self.rows)}
        after = [self.index(place[row.kind, row.id], index.column()) for index, row in kept]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def row_of(self, kind: str, number: int) -> int | None:
        """Return the row of an answer or a trace, even after a correction made a new revision; None for none."""
        return next((at for at, row in enumerate(self.rows) if row.kind == kind and row.id == number), None)

    def _show(self) -> None:
        self.beginResetModel()
        self.rows = self._picked()
        self.endResetModel()

    def _picked(self) -> list[ListedAnswer]:
        return sorted(self._wanted.picks(self._all), key=_ORDER[self._by], reverse=self._down)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _TEXT[index.column()](row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text("\n".join(f"{name}: {text(row)}" for name, text in zip(HEADINGS, _TEXT, strict=True)))
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.state in ("voided", "rejected", "abandoned"):
                return QBrush(self._theme.colour("text_faint"))
            if HEADINGS[index.column()] == tr("State") and row.state == "reviewed":
                return QBrush(self._theme.colour("accent"))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None
