"""What the viewing conditions of the members add: by category with intervals, and item by item."""

from typing import Final

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.domain.words import figure, plain
from app.fusion.views import EmotionGain, ViewGain
from app.services.fusion.outcome import FusedItem, FusionOutcome
from app.services.fusion.views import emotion_words, gain_words, view_words
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.fusion.tables import Cell, FigureTable, with_interval

HOW: Final = tr(
    "Held-out people; 95 % intervals over people. A category is shaded where its interval does not include 0. "
    "A click or Enter on an item plays it in Review, with the verdicts of all members."
)
NONE: Final = tr(
    "The members learned from the answers of one viewing condition. Fuse a model of face only with one of full context "
    "to see where context changes the judgement."
)


class ViewsPage(QWidget):
    """The gain of one view over another, and the items that profit most.

    The signal `wanted` carries a title and the items to play, in order.

    Args:
        theme: The window's fonts and colours.
    """

    wanted = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: FusionOutcome | None = None
        self.items: tuple[FusedItem, ...] = ()
        self.pair = ChoiceBox(tr("Gain of"), 24)
        self.pair.currentIndexChanged.connect(self._draw)
        self.how = label("", "caption", wrap=True)
        self.emotions = FigureTable(theme, tr("Gain by category"), drop=(5, 1))
        self.table = RowsTable((tr("Item"),), tr("Gain by item"), stretch=0, drop=(1,))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(120)
        self.table.clicked.connect(self._on_row)
        self.table.activated.connect(self._on_row)  # Enter
        self._head = QWidget()
        head = row(label(tr("Gain of"), "soft"), self.pair, spacing=SPACE_M)
        head.addStretch(1)
        head.setContentsMargins(0, 0, 0, 0)
        self._head.setLayout(head)
        self._rest = QWidget()
        box = column(self._head, self.how, self.emotions, self.table, self._rest)
        for at in (3, 4):
            box.setStretch(at, 1)
        self.setLayout(box)

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show the viewing conditions of a fusion's members; a sentence if there is one alone."""
        self._outcome = outcome
        self.pair.blockSignals(True)
        self.pair.clear()
        for gain in outcome.views:
            self.pair.addItem(gain_words(gain))
        self.pair.blockSignals(False)
        there = bool(outcome.views)
        condition = plain(str(outcome.data.facts["labels"].get("condition", "")))
        self.how.setText(
            tr("The labels are those of {condition}. {how}", condition=condition, how=HOW) if there else NONE
        )
        for part in (self._head, self.emotions, self.table):
            part.setVisible(there)
        self._rest.setVisible(not there)
        self.items = ()
        self._draw()

    def shown(self) -> tuple[FusedItem, ...]:
        """Return all items in view."""
        return self.items

    def _draw(self) -> None:
        outcome, at = self._outcome, self.pair.currentIndex()
        if outcome is None or not 0 <= at < len(outcome.views):
            return
        gain = outcome.views[at]
        names = [_title(each) for each in (view_words(gain.first), view_words(gain.second))]
        heads = (tr("Category"), tr("Items"), *names, tr("Gain in right items"), tr("Gain in the label's probability"))
        self.emotions.show_rows(heads, [_cells(each) for each in gain.emotions])
        self.items = tuple(outcome.items[each.place] for each in gain.items)
        self.table.show_rows(
            _rows(outcome, gain), (tr("Item"), tr("Person"), tr("Label"), *names, tr("Gain in the label's probability"))
        )

    def _on_row(self, index: QModelIndex) -> None:
        at = index.row()
        if 0 <= at < len(self.items):
            self.wanted.emit(_title(self.pair.currentText()), (*self.items[at:], *self.items[:at]))


def _title(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _cells(each: EmotionGain) -> list[Cell]:
    low, high = each.interval
    sure = low > 0 or high < 0
    bold = not each.category
    return [
        Cell(_title(emotion_words(each)), bold=bold),
        Cell(str(each.n), bold=bold),
        *(Cell(figure(value, 3), bold=bold) for value in each.right),
        Cell(
            with_interval(each.gain, low, high, sign=True),
            bold=bold,
            shade=0.25 if sure else 0.0,
            tone="danger" if high < 0 else "accent",
        ),
        Cell(with_interval(each.label_gain, *each.label_interval, sign=True), bold=bold),
    ]


def _rows(outcome: FusionOutcome, gain: ViewGain) -> list[tuple[str, ...]]:
    found = []
    for each in gain.items:
        item = outcome.items[each.place]
        says = (plain(outcome.classes[number]) for number in each.says)
        found.append((item.name, item.subject, plain(item.label), *says, figure(each.gain, 3, sign=True)))
    return found
