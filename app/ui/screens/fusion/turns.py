"""Where the fusion wins and loses against a member: the items, with every verdict, which play on a click."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QWidget

from app.domain.words import many, plain
from app.fusion.gains import EQUAL
from app.services.fusion.outcome import FusedItem, FusionOutcome
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.tables import RowsTable

HOW: Final = tr("A click or Enter plays the clips from that one on in Review, with the verdicts of all members.")


class TurnPage(QWidget):
    """The items that the fusion wins and loses.

    The signal `wanted` carries a title and the items to play, in order.
    """

    wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: FusionOutcome | None = None
        self.other = ChoiceBox(tr("Against"), 16)
        self.other.currentIndexChanged.connect(self._draw)
        self.won = _Side(tr("Won"), tr("Items that the fusion wins"))
        self.lost = _Side(tr("Lost"), tr("Items that the fusion loses"))
        for side in (self.won, self.lost):
            side.wanted.connect(self.wanted.emit)
        head = row(label(tr("Against"), "soft"), self.other, label(HOW, "caption", wrap=True), spacing=SPACE_M)
        head.setStretch(2, 1)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.setHandleWidth(SPACE_S)
        both.addWidget(self.won)
        both.addWidget(self.lost)
        box = column(head, both)
        box.setStretch(1, 1)
        self.setLayout(box)

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show the items of a fusion, first against its best member."""
        self._outcome = outcome
        self.other.blockSignals(True)
        self.other.clear()
        for name in (*outcome.members, EQUAL):
            self.other.addItem(name)
        self.other.setCurrentIndex(outcome.members.index(outcome.best))
        self.other.blockSignals(False)
        self._draw()

    def shown(self) -> tuple[FusedItem, ...]:
        """Return all items in view."""
        return (*self.won.items, *self.lost.items)

    def _draw(self) -> None:
        outcome = self._outcome
        if outcome is None:
            return
        other = self.other.currentText()
        won, lost = outcome.turned(other)
        self.won.show_items(outcome, won, tr("Won against {other}", other=other))
        self.lost.show_items(outcome, lost, tr("Lost against {other}", other=other))


class _Side(Card):
    """A table of items, with a button that plays them all."""

    wanted = Signal(str, object)

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title)
        self.items: tuple[FusedItem, ...] = ()
        self._words = title
        self.table = RowsTable((tr("Item"),), name, stretch=0)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(84)
        self.table.clicked.connect(self._on_row)
        self.table.activated.connect(self._on_row)  # Enter
        self.play = button(tr("Play all"), icon_name="play", tip=HOW)
        self.play.clicked.connect(lambda: self.wanted.emit(self._words, self.items))
        self.head.addWidget(self.play)
        self.body.addWidget(self.table, 1)

    def show_items(self, outcome: FusionOutcome, items: Sequence[FusedItem], words: str) -> None:
        """Show items under a title."""
        self.items, self._words = tuple(items), words
        self.title.setText(f"{words}: {many(len(items), tr('item'), tr('items'))}")
        self.play.setEnabled(bool(items))
        heads = (tr("Item"), tr("Person"), tr("Label"), tr("Fusion"), *outcome.members)
        classes = outcome.classes
        self.table.columns.set_rules(0, (1,))
        self.table.show_rows(
            [
                (
                    each.name,
                    each.subject,
                    plain(each.label),
                    word(each.fusion, classes),
                    *(word(said, classes) for said in each.members),
                )
                for each in items
            ],
            heads,
        )

    def _on_row(self, index: QModelIndex) -> None:
        at = index.row()
        if 0 <= at < len(self.items):
            self.wanted.emit(self._words, (*self.items[at:], *self.items[:at]))


def word(said: NDArray[np.float64], classes: Sequence[str]) -> str:
    """Return the class that is said, with its probability; a dash where nothing is said."""
    if not np.isfinite(said).all():
        return "–"
    top = int(said.argmax())
    return f"{plain(classes[top])} {100 * float(said[top]):.0f} %"
