"""The left half of the answers screen: filters, the number of rows that they leave, and the table."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QTableView, QWidget

from app.domain.corrections import ListedAnswer
from app.domain.words import many, plain
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.columns import FittedColumns
from app.ui.parts.widgets.tables import dress_table
from app.ui.screens.answers.model import HEADINGS, SHOWS, STATES, AnswerFilter, AnswersModel

_CLIP: Final = HEADINGS.index(tr("Clip"))
_DROP: Final = tuple(HEADINGS.index(name) for name in (tr("Pass"), tr("What"), tr("Given"), tr("Condition")))
"""What a narrow window leaves out, in this order; the tool tip of a row has the whole row."""


class Listing(QWidget):
    """Filters and table.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    picked = Signal(object)
    entered = Signal()
    void_unseen_wanted = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = AnswersModel(context.theme)
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("Clip or rater"))
        self.text.setAccessibleName(tr("Find a clip or a rater"))
        self.text.setClearButtonEnabled(True)
        self.rater, self.condition, self.show_what, self.state = (QComboBox() for _ in range(4))
        for box, name in (
            (self.rater, tr("Rater")),
            (self.condition, tr("Condition")),
            (self.show_what, tr("What")),
            (self.state, tr("State")),
        ):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
        for box, choices in ((self.show_what, SHOWS), (self.state, STATES)):
            for key, words, _ in choices:
                box.addItem(words, key)
        self.reset = button(tr("Show all"), "link")
        self.unseen = button("", "link", tip=tr("Voids them in one step, with a reason; this can be undone"))
        self.unseen.hide()
        self.count = label(kind="small")
        self.table = QTableView()
        self._dress_table()
        self._known: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        first = row(self.text, self.rater, spacing=SPACE_S)
        second = row(self.show_what, self.condition, self.state, spacing=SPACE_S)
        for line in (first, second):
            for at in range(line.count()):
                line.setStretch(at, 1)
        foot = row(self.count, self.unseen, None, self.reset, spacing=SPACE_S)
        self.setLayout(column(first, second, self.table, foot, spacing=SPACE_S))
        self.text.textChanged.connect(self._on_filter)
        self.text.installEventFilter(self)
        self.table.installEventFilter(self)
        for box in (self.rater, self.condition, self.show_what, self.state):
            box.currentIndexChanged.connect(self._on_filter)
        self.reset.clicked.connect(self.show_all)
        self.unseen.clicked.connect(self.void_unseen_wanted)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def fill(self, rows: Sequence[ListedAnswer], keep: tuple[str, int] | None) -> None:
        """Show other rows. The named one stays chosen, or else the one that took its place."""
        at = self.table.currentIndex().row()
        known = (tuple(sorted({one.rater for one in rows})), tuple(sorted({one.condition for one in rows} - {""})))
        if known != self._known:
            self._known = known
            for box, first, names in (
                (self.rater, tr("All raters"), known[0]),
                (self.condition, tr("Any condition"), known[1]),
            ):
                before = box.currentData()
                box.blockSignals(True)
                box.clear()
                box.addItem(first, "")
                for name in names:
                    box.addItem(plain(name), name)
                box.setCurrentIndex(max(box.findData(before), 0))
                box.blockSignals(False)
            self.model.want(self.wanted)
        self.model.fill(rows)
        self._columns.measure()
        never = sum(one.unseen and one.purpose == "main" for one in rows)
        self.unseen.setText(tr("Void {never} never shown…", never=never))
        self.unseen.setVisible(never > 0)
        self.choose(keep, at)
        self._count()

    @property
    def wanted(self) -> AnswerFilter:
        """Return the chosen filter."""
        return AnswerFilter(
            self.text.text(),
            self.rater.currentData() or "",
            self.condition.currentData() or "",
            self.show_what.currentData() or "main",
            self.state.currentData() or "any",
        )

    @property
    def current(self) -> ListedAnswer | None:
        """Return the chosen row; None for none."""
        index = self.table.currentIndex()
        return self.model.rows[index.row()] if index.isValid() and index.row() < len(self.model.rows) else None

    def go(self, step: int) -> None:
        """Go to the next or the previous row."""
        at = self.table.currentIndex().row() + step
        if 0 <= at < len(self.model.rows):
            self.table.selectRow(at)

    def choose(self, keep: tuple[str, int] | None, otherwise: int = 0) -> None:
        """Choose a row, or the one at a given place if the filters leave it out."""
        at = self.model.row_of(*keep) if keep is not None else None
        if at is None and self.model.rows:
            at = min(max(otherwise, 0), len(self.model.rows) - 1)
        if at is not None:
            self.table.selectRow(at)
            self.table.scrollTo(self.model.index(at, 0))

    def show_all(self) -> None:
        """Remove all filters."""
        self.text.clear()
        for box in (self.rater, self.condition, self.show_what, self.state):
            box.setCurrentIndex(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the search into the table; Enter from the table into the answer."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if watched is self.text and key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.table.setFocus()
                return True
            if watched is self.table and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.entered.emit()
                return True
        return super().eventFilter(watched, event)

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(tr("Answers"))
        dress_table(table)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setMinimumSize(240, 120)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._columns = FittedColumns(table, _CLIP, _DROP)
        head.setSortIndicator(len(HEADINGS) - 1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        self._fit()
        self._context.theme.changed.connect(self._fit)

    def _fit(self) -> None:
        """Make columns as wide as their words at this text size."""
        scale = self._context.theme.scale
        self.table.verticalHeader().setDefaultSectionSize(round(28 * scale))
        self._columns.measure()

    def _count(self) -> None:
        shown, total = len(self.model.rows), self.model.total
        self.count.setText(
            tr("{shown} of {total}", shown=shown, total=total)
            if shown != total
            else many(total, tr("answer or trace"), tr("answers and traces"))
        )
        self.reset.setVisible(self.wanted != AnswerFilter())

    def _on_filter(self) -> None:
        before = self.current
        self.model.want(self.wanted)
        self.choose((before.kind, before.id) if before is not None else None)
        self._count()
        self.picked.emit(self.current)

    def _on_row(self) -> None:
        self.picked.emit(self.current)
