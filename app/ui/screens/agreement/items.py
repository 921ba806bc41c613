"""The item page: items by how much raters disagree, and the chosen one's answers in every condition."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QWidget

from app.domain.words import figure, many
from app.services.agreement.items import ItemTable, answers_of, place_of
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.parts.widgets.wrapped import WrappedRow
from app.ui.screens.agreement.answers import AnswersChart
from app.ui.screens.agreement.beside import SideBySide
from app.ui.screens.agreement.look import ordered, pretty
from app.ui.screens.agreement.state import AgreementState, DashboardState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

MANY: Final = 2000
"""Number of items that are listed at once. A list of all would take seconds to sort, and nobody scrolls that far."""

DROPPED: Final = (tr("Clip"), tr("Subject"), tr("Most disputed"))
"""Columns that a narrow window leaves out, in this order; the emotion is at the right, too."""


class ItemsPage(QWidget):
    """The page of items, with the list at the left and answers at the right.

    Args:
        state: The state with the items.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: DashboardState | None = None
        theme = state.context.theme
        self.emotion = QComboBox()
        self.emotion.setAccessibleName(tr("Emotion"))
        self.emotion.currentIndexChanged.connect(self._fill)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Filter items, clips, subjects"))
        self.search.setAccessibleName(tr("Filter items"))
        self.search.setToolTip(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.table = ResultView(theme, (), tr("Items"), stretch=0)
        self.search.textChanged.connect(self._fill)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.activated.connect(self._on_beside)
        left = Card(tr("Items, most disputed first"))
        left.body.addLayout(row(self.search, self.emotion))
        left.body.addWidget(self.table, 1)
        self.more = label("", "caption")
        self.more.hide()
        left.body.addWidget(self.more)
        self.chart = AnswersChart(theme)
        self.title = label("", "title")
        self.told = label("", "small", wrap=True)
        self.open = button(
            tr("Open the clip here"), icon_name="play", tip=tr("In Review, at the beginning of the item")
        )
        self.open.clicked.connect(self._on_open)
        self.both = button(
            tr("Side by side"), tip=tr("The face alone and full context in step, with every rater's points (Enter)")
        )
        self.both.clicked.connect(self._on_beside)
        self.beside: SideBySide | None = None
        right = Card()
        right.body.addLayout(WrappedRow(self.title, self.both, self.open, push=self.both))
        right.body.addWidget(self.told)
        right.body.addWidget(self.chart, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([620, 640])
        self.setLayout(column(split, spacing=SPACE_S))

    def show_shown(self, shown: DashboardState | None) -> None:
        """Show the items of a state of the screen."""
        self._shown = shown
        items = shown.items if shown is not None else None
        now = self.emotion.currentData()
        self.emotion.blockSignals(True)
        self.emotion.clear()
        self.emotion.addItem(tr("All emotions"), "")
        for name in ordered(items.emotions) if items is not None else ():
            self.emotion.addItem(pretty(name), name)
        self.emotion.setCurrentIndex(max(self.emotion.findData(now), 0))
        self.emotion.blockSignals(False)
        self._fill()

    def show_emotion(self, emotion: str) -> None:
        """Sort by one emotion's disagreement."""
        self.emotion.setCurrentIndex(max(self.emotion.findData(emotion), 0))

    def _fill(self) -> None:
        items = self._shown.items if self._shown is not None else None
        if items is None:
            self.table.fill([])
            self._on_row()
            return
        columns = _columns(items)
        if columns != self.table.model_.columns:
            titles = [column.title for column in columns]
            self.table.set_columns(columns, [titles.index(title) for title in DROPPED if title in titles])
        score = items.score(str(self.emotion.currentData() or ""))
        found = _most_disputed(items, score, self.search.text())
        rows = [_row(items, score, i) for i in found[:MANY]]
        self.table.fill(rows, [items.names[i] for i in found[:MANY]])
        self.more.setText(
            tr("The {many} most disputed of {found}; type to find others.", many=f"{MANY:,}", found=f"{len(found):,}")
        )
        self.more.setVisible(len(found) > MANY)
        self.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
        if rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._on_row()

    def _on_row(self, *_: object) -> None:
        item, shown, labels = self.table.current_key(), self._shown, self._state.labels
        self.open.setEnabled(item is not None)
        self.both.setEnabled(item is not None)
        if item is None or shown is None or labels is None:
            self.title.setText("")
            self.told.setText("")
            self.chart.show_answers(None, (0.0, 5.0))
            return
        answers = answers_of(shown.data, item)
        self.title.setText(item)
        self.told.setText(
            tr(
                "{raters}; rest the mouse on a row to see who answered what.",
                raters=many(len(answers.raters), tr("rater"), tr("raters")),
            )
        )
        self.chart.show_answers(answers, labels.scale)

    def _on_beside(self, _index: QModelIndex | bool | None = None) -> None:
        item = self.table.current_key()
        if item is not None:
            self.show_beside(str(item))

    def show_beside(self, item: str) -> None:
        """Open an item in all its conditions side by side, in place of one that is open already."""
        shown, labels = self._shown, self._state.labels
        if shown is None or labels is None:
            return
        if not answers_of(shown.data, item).raters:
            self._state.context.notify(
                tr("Nobody has judged {item} under these filters.", item=item), tr("Change the filters above.")
            )
            return
        self.table.choose(item)
        if self.beside is not None:
            self.beside.close()
        self.beside = SideBySide(
            self._state.context, answers_of(shown.data, item), labels.scale, lambda: self._open(item), self.window()
        )
        self.beside.finished.connect(self._on_beside_closed)
        self.beside.show()

    def _on_beside_closed(self) -> None:
        self.beside = None

    def _on_open(self, _index: QModelIndex | bool | None = None) -> None:
        item = self.table.current_key()
        if item is not None:
            self._open(item)

    def _open(self, item: str) -> None:
        context = self._state.context
        context.query(place_of, item, on_done=lambda place: context.open_clip(*place), replace="agreement.place")


def _most_disputed(items: ItemTable, score: NDArray[np.float64], text: str) -> list[int]:
    """Return items whose name, clip or subject holds a text, the largest disagreement of any condition first."""
    wanted = text.casefold().strip()
    top = np.where(np.isnan(score), -1.0, score).max(axis=0)
    order: list[int] = np.argsort(-top, kind="stable").tolist()
    if not wanted:
        return order
    return [i for i in order if wanted in f"{items.names[i]}\n{items.clips[i]}\n{items.subjects[i]}".casefold()]


def _columns(items: ItemTable) -> tuple[Column, ...]:
    mean = tr("Variance over raters, mean over the chosen emotions")
    parts = [
        Column(tr("Item"), right=False),
        Column(tr("Most disputed"), tr("The emotion with the largest variance"), right=False),
    ]
    if len(items.conditions) > 1:
        parts.append(Column(tr("Highest"), tr("The largest disagreement of all conditions")))
    parts += [Column(pretty(c), mean) for c in items.conditions]
    if len(items.conditions) > 1:
        parts.append(
            Column(
                tr("Difference"),
                tr(
                    "{condition} minus {other}",
                    condition=pretty(items.conditions[0]),
                    other=pretty(items.conditions[-1]),
                ),
            )
        )
    if len(set(items.clips)) > 1:
        parts.append(Column(tr("Clip"), right=False))
    if len(set(items.subjects)) > 1:
        parts.append(Column(tr("Subject"), right=False))
    return tuple(parts)


def _row(items: ItemTable, score: NDArray[np.float64], i: int) -> tuple[ResultCell, ...]:
    values: list[float] = score[:, i].tolist()
    known = [v for v in values if v == v]
    worst = items.worst(i)
    parts = [
        ResultCell(items.names[i], tip=f"{items.clips[i]} {items.subjects[i]}".strip()),
        ResultCell(pretty(worst) if worst else "–"),
    ]
    if len(values) > 1:
        top = max(known) if known else float("nan")
        parts.append(ResultCell(figure(top), top))
    parts += [
        ResultCell(figure(v), v, many(n, tr("rating"), tr("ratings")))
        for v, n in zip(values, items.n[:, i].tolist(), strict=True)
    ]
    if len(values) > 1:
        gap = values[0] - values[-1]
        parts.append(ResultCell(figure(gap, sign=True), gap))
    if len(set(items.clips)) > 1:
        parts.append(ResultCell(items.clips[i]))
    if len(set(items.subjects)) > 1:
        parts.append(ResultCell(items.subjects[i]))
    return tuple(parts)
