"""The reliability page: every estimator by its full name, in plain words, and the sentence for a paper."""

import re
from collections.abc import Iterator
from math import isnan
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QWidget

from app.agreement.estimate import Estimate
from app.agreement.page import names_in
from app.agreement.people import in_words
from app.agreement.trace_report import TraceAgreement
from app.domain.words import figure
from app.services.agreement.results import Results
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.parts.widgets.passage import Passage
from app.ui.screens.agreement.look import ordered, p_text, pretty, side_width
from app.ui.screens.agreement.state import AgreementState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

COLUMNS = (
    Column(tr("Of"), tr("What was judged"), right=False),
    Column(tr("Condition"), right=False),
    Column(tr("Estimator"), tr("Its full name; rest the mouse on a row to read it in plain words"), right=False),
    Column(tr("Value")),
    Column(tr("Interval"), tr("At the level and by the method named in the sentence below")),
    Column("p", tr("Of differences between conditions, adjusted over the emotions or categories")),
    Column(tr("Items")),
    Column(tr("Raters")),
)
DROPPED: Final = (5, 6)
"""Columns that a narrow window leaves out, in this order."""


Entry = tuple[str, str, Estimate]


class ReliabilityPage(QWidget):
    """A table of estimates, and the explanation of the chosen one.

    Args:
        state: The state with the results.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._results: Results | None = None
        self._by_key: dict[tuple[str, str, str], Estimate] = {}
        self._provenance = ""
        theme = state.context.theme
        self.emotion = QComboBox()
        self.emotion.setAccessibleName(tr("Emotion"))
        self.emotion.currentIndexChanged.connect(self._fill)
        self.table = ResultView(theme, COLUMNS, tr("Reliability"), stretch=2, drop=DROPPED, wrap=True)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.plain = label("", "soft", wrap=True)
        self.sentence = Passage()
        self.methods = Passage()
        self.provenance = Passage()
        self.copy_sentence = button(tr("Copy sentence"), icon_name="copy", tip=tr("Copy this result for a paper"))
        self.copy_sentence.clicked.connect(lambda: self._copy(self.sentence.text()))
        self.copy_methods = button(
            tr("Copy methods text"), icon_name="copy", tip=tr("Copy the description of the methods")
        )
        self.copy_methods.clicked.connect(lambda: state.context.commands.run("agreement.copy_methods"))
        self.copy_provenance = button(
            tr("Copy provenance"), icon_name="copy", tip=tr("Copy where these results come from")
        )
        self.copy_provenance.clicked.connect(lambda: self._copy(self._provenance))
        main = Card(tr("Estimates"))
        main.head.insertWidget(1, self.emotion)
        main.body.addWidget(self.table, 1)
        side = self.side = Card(tr("In words"))
        words = QWidget()
        words.setLayout(
            column(
                self.plain, label(tr("This result"), "caption"), self.sentence, row(None, self.copy_sentence),
                label(tr("Methods section"), "caption"), self.methods, row(None, self.copy_methods),
                label(tr("Where these results come from"), "caption"), self.provenance,
                row(None, self.copy_provenance), None,
                spacing=SPACE_S,
            )
        )  # fmt: skip
        # The text of a whole methods section is longer than most windows are high.
        scroll = QScrollArea()
        scroll.setAccessibleName(tr("What the figures mean"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(words)
        side.body.addWidget(scroll, 1)
        box = row(main, side, spacing=SPACE_S)
        box.setStretch(0, 1)
        self.setLayout(column(box))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.side.setFixedWidth(side_width(self._state.context.theme, self.width()))
        super().resizeEvent(event)

    def show_results(self, results: Results | None) -> None:
        """Show results; None shows nothing."""
        self._results = results
        now = self.emotion.currentData()
        names = ordered({r.emotion for r in results.report.emotions}) if results and results.report else []
        self.emotion.blockSignals(True)
        self.emotion.clear()
        self.emotion.addItem(tr("Everything"), "")
        for name in names:
            self.emotion.addItem(pretty(name), name)
        self.emotion.setCurrentIndex(max(self.emotion.findData(now), 0))
        self.emotion.blockSignals(False)
        self.methods.setText("\n\n".join(results.told_methods) if results is not None else "")
        known = results.told_provenance.rows() if results is not None else []
        self._provenance = "\n".join(f"{what[:1].upper()}{what[1:]}: {value}" for what, value in known)
        self.provenance.setText(breakable(self._provenance))
        self._fill()

    def show_emotion(self, emotion: str) -> None:
        """Show the estimates of one emotion only."""
        self.emotion.setCurrentIndex(max(self.emotion.findData(emotion), 0))

    def _fill(self) -> None:
        results = self._results
        entries, keys = [], []
        for what, condition, one in estimates_shown(results, str(self.emotion.currentData() or "")) if results else ():
            interval = (
                "–" if one.interval is None else tr("{low} to {high}", low=figure(one.low, 3), high=figure(one.high, 3))
            )
            tip = one.plain
            why = one.reason if not one.defined or one.interval is None else ""
            entries.append(
                (
                    ResultCell(what, tip=tip),
                    ResultCell(pretty(condition), tip=tip),
                    ResultCell(one.estimator, tip=f"{one.estimator} ({one.reference})\n{tip}"),
                    ResultCell(figure(one.value, 3), one.value, one.reason),
                    ResultCell(interval, one.low, why, "text_faint" if one.interval is None else ""),
                    ResultCell("" if isnan(one.p_value) else p_text(one.p_value), one.p_value),
                    ResultCell(str(one.n_items), float(one.n_items)),
                    ResultCell(str(one.n_raters or "?"), float(one.n_raters)),
                )
            )
            keys.append((what, condition, one.estimator))
        every = estimates_shown(results, "") if results else ()
        self._by_key = {(what, condition, one.estimator): one for what, condition, one in every}
        self.table.fill(entries, keys)
        if entries and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._on_row()

    def _on_row(self, *_: object) -> None:
        key = self.table.current_key()
        one = self._by_key.get(key) if key is not None else None
        self.plain.setText(one.plain if one is not None else "")
        words = names_in(self._results.report) if self._results is not None else {}
        self.sentence.setText(_sentence(in_words(one.sentence(), words)) if one is not None else "")
        self.copy_sentence.setEnabled(one is not None)

    def _copy(self, text: str) -> None:
        self._state.context.exports.copy_text(text, tr("Copied."))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def breakable(text: str) -> str:
    """Return a text in whose hashes a line may break, because a hash of 64 letters is wider than the column."""
    return re.sub(r"[0-9a-f]{16}(?=[0-9a-f])", "\\g<0>\u200b", text)


def estimates_shown(results: Results, emotion: str) -> Iterator[Entry]:
    """Yield the entries of the page: (what was judged, condition, estimate).

    Args:
        results: All results.
        emotion: The emotion to keep to; empty for all.
    """
    yield from _of_emotions(results, emotion)
    if emotion:
        yield from _of_pairs(results, emotion)
        return
    for votes in results.report.categories if results.report is not None else ():
        for one in votes.estimates():
            yield tr("Categories"), votes.condition, one
    yield from _of_pairs(results, "")
    yield from _of_raters(results)
    for trace in results.traces:
        yield from _of_traces(trace)


def _of_emotions(results: Results, emotion: str) -> Iterator[Entry]:
    report = results.report
    if report is None:
        return
    for name in ordered({r.emotion for r in report.emotions}):
        for condition in results.conditions if not emotion or name == emotion else ():
            cell, found = report.emotion(condition, name), results.iccs.get((condition, name))
            for one in cell.estimates() if cell is not None else ():
                yield pretty(name), condition, one
            for one in found.all() if found is not None else ():
                yield pretty(name), condition, one


def _of_pairs(results: Results, emotion: str) -> Iterator[Entry]:
    """The comparisons of conditions, of one emotion or of all."""
    report = results.report
    for pair in report.pairs if report is not None else ():
        if emotion and pair.emotion != emotion:
            continue
        conditions = f"{pretty(pair.a)} − {pretty(pair.b).lower()}"
        kind = " (category)" if pair.kind == "category" and pair.emotion else ""
        for one in pair.estimates():
            yield f"{pretty(pair.emotion or tr('all categories'))}{kind}", conditions, one


def _of_raters(results: Results) -> Iterator[Entry]:
    for matrix in results.matrices[:1]:
        for (a, b), one in matrix.estimates.items() if matrix.kind == "intensity" else ():
            yield (
                tr("{rater} and {other}", rater=matrix.raters[a], other=matrix.raters[b]),
                matrix.title.removeprefix("Intensities: "),
                one,
            )
    for again in results.retest:
        yield tr("{rater} again", rater=again.rater), tr("all conditions"), again.kappa


def _of_traces(trace: TraceAgreement) -> Iterator[Entry]:
    dimension = pretty(trace.dimension)
    for one in (trace.mean_pairwise, trace.alpha, trace.ceiling):
        if one is not None:
            yield dimension, trace.condition, one
    for rater, one in zip(trace.raters, trace.ceilings, strict=False):
        yield tr("{dimension}: {rater} against the others", dimension=dimension, rater=rater), trace.condition, one
    for (a, b), one in trace.pairs.items():
        yield (
            tr(
                "{dimension}: {rater} and {other}",
                dimension=dimension,
                rater=trace.raters[a],
                other=trace.raters[b],
            ),
            trace.condition,
            one,
        )
    for rater, one in zip(trace.raters, trace.lag_estimates, strict=False):
        yield f"{dimension}: {rater}", trace.condition, one
