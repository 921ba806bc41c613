"""The table of models that can be members, with ticks."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from app.domain.words import figure, many, plain
from app.services.fusion.members import AFFECT, Candidate
from app.ui.look.language import tr
from app.ui.parts.widgets.basic import tip_text
from app.ui.parts.widgets.columns import FittedColumns
from app.ui.parts.widgets.tables import dress_table

HEADS: Final = (
    tr("Member"),
    tr("Recipe"),
    tr("Reads"),
    tr("Labels"),
    tr("Accuracy"),
    tr("Cross-validated"),
    tr("Licence"),
)
SCORE: Final = HEADS.index(tr("Accuracy"))
CONCORDANCE: Final = tr("Concordance, valence / arousal")
DROPPED: Final = tuple(HEADS.index(name) for name in (tr("Licence"), tr("Recipe"), tr("Labels"), tr("Cross-validated")))
"""Columns that a narrow window leaves to the tool tip, the first one first."""


class MemberTable(QTableWidget):
    """The models that can be members; Space, Enter or a click ticks one.

    The signal `ticked` tells that another set is ticked.
    """

    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADS), parent)
        self._candidates: tuple[Candidate, ...] = ()
        self._seen: set[str] = set()
        self._ticked: set[str] = set()
        self.setHorizontalHeaderLabels(list(HEADS))
        dress_table(self)
        self.setAccessibleName(tr("Members"))
        self.setAccessibleDescription(tr("Space ticks a model"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._columns = FittedColumns(self, 0, DROPPED)
        self.itemChanged.connect(lambda item: self.ticked.emit() if item.column() == 0 else None)
        self.cellClicked.connect(lambda at, column: self.toggle(at) if column else None)

    def show_candidates(self, found: Sequence[Candidate]) -> None:
        """Show models of one kind. Ticks stay, also while models of another kind are shown.

        Of models not seen before, those are ticked that can choose weights at once, on the same data as the first one.
        """
        ticks = self._ticked - {each.name for each in self._candidates} | set(self.names())
        fresh = [each for each in found if each.name not in self._seen and each.folds and not each.shuffled]
        ticks |= {each.name for each in fresh if each.data == found[0].data}
        self._seen |= {each.name for each in found}
        self._candidates, self._ticked = tuple(found), ticks
        heads = list(HEADS)
        heads[SCORE] = CONCORDANCE if found and found[0].predicts == AFFECT else HEADS[SCORE]
        self.setHorizontalHeaderLabels(heads)
        blocked = self.blockSignals(True)
        self.setRowCount(len(found))
        for at, each in enumerate(found):
            cells = _cells(each)
            whole = "\n".join(f"{head}: {text}" for head, text in zip(heads, cells, strict=True) if text)
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(tip_text(whole))
                flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if column == 0 else flags)
                if column == 0:
                    item.setCheckState(_state(each.name in ticks))
                self.setItem(at, column, item)
        self.blockSignals(blocked)
        self._columns.measure()
        if found and self.currentRow() < 0:
            self.setCurrentCell(0, 0)
        self.ticked.emit()

    def forget(self) -> None:
        """Take all models away, because another project is open."""
        self._seen.clear()
        self._ticked.clear()
        self._candidates = ()
        self.setRowCount(0)

    def names(self) -> tuple[str, ...]:
        """Return the names of the ticked models, in the order of the table."""
        return tuple(
            each.name
            for at, each in enumerate(self._candidates)
            if (item := self.item(at, 0)) is not None and item.checkState() == Qt.CheckState.Checked
        )

    def tick(self, names: Sequence[str]) -> None:
        """Tick these models and no others."""
        for at, each in enumerate(self._candidates):
            item = self.item(at, 0)
            if item is not None:
                item.setCheckState(_state(each.name in names))

    def toggle(self, at: int) -> None:
        """Turn the tick of a row around."""
        item = self.item(at, 0)
        if item is not None:
            item.setCheckState(_state(item.checkState() != Qt.CheckState.Checked))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick by Space or Enter, wherever in the row the cursor is."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.toggle(self.currentRow())
            return
        super().keyPressEvent(event)


def _state(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


def _cells(each: Candidate) -> tuple[str, ...]:
    held = tr(" of {people}", people=many(each.held_out, tr("person"), tr("people"))) if each.held_out else ""
    shuffled = tr(", shuffled") if each.shuffled else ""
    return (
        each.name,
        each.recipe or tr("from elsewhere"),
        ", ".join(map(plain, each.streams)),
        f"{plain(each.condition)}{shuffled}".strip(", "),
        f"{score}{held}" if (score := _score(each)) else "",
        tr("yes") if each.folds else tr("no"),
        each.licence,
    )


def _score(each: Candidate) -> str:
    """Return the scores on held-out people; empty if there are none."""
    if each.predicts == AFFECT:
        known = any(value is not None for value in each.concordance)
        return " / ".join(figure(value, 3) for value in each.concordance) if known else ""
    return "" if each.accuracy is None else figure(each.accuracy, 3)
