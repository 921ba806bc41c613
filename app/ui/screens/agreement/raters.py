"""The rater page: pairs, profiles, flags, and results without some raters. Nobody is left out automatically."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QInputDialog, QWidget

from app.agreement.raters import RaterProfile
from app.domain.words import figure, many
from app.services.agreement.results import Results, WhatIf
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, lay_scrolled, row
from app.ui.screens.agreement.look import ordered, pretty
from app.ui.screens.agreement.matrix import MatrixChart
from app.ui.screens.agreement.state import AgreementState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

COLUMNS = (
    Column(tr("Rater"), right=False),
    Column(tr("To look at"), tr("Measures that stand out; select the row to read the evidence"), right=False),
    Column(tr("Bias"), tr("Mean of own answer minus the mean of the others, in points")),
    Column(tr("Scale use"), tr("Spread of own answers over the spread of all; 1 is as wide as the panel")),
    Column(
        tr("With others"), tr("Correlation with the mean of the others, after centring within emotion and condition")
    ),
    Column(
        tr("α without"),
        tr("Mean change of ordinal alpha when this rater is left out; above 0, the others agree better"),
    ),
    Column(tr("Lag"), tr("Seconds behind the fastest rater, from traces")),
    Column(tr("Speed"), tr("Median seconds for an answer")),
    Column(tr("Attention"), tr("Attention checks passed of those asked")),
    Column(tr("Retest"), tr("Quadratic-weighted kappa of the second pass against the first")),
    Column(tr("Ratings")),
)
DROPPED = (10, 7, 6, 9, 8, 3)
"""Columns that a narrow window leaves out, the least telling ones first."""
WHAT_IF = (
    Column(tr("Emotion"), right=False),
    Column(tr("Condition"), right=False),
    Column(tr("Disagreement")),
    Column(tr("without")),
    Column(tr("α ordinal")),
    Column(tr("without")),
    Column(tr("Change of α")),
)


class RatersPage(QWidget):
    """The page of raters, with the matrix at the left, profiles at the right and what-if results below.

    Args:
        state: The state with the results, which takes decisions.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._results: Results | None = None
        self._tried = ""
        theme = state.context.theme
        self.which = QComboBox()
        self.which.setAccessibleName(tr("Which agreement"))
        self.which.currentIndexChanged.connect(self._on_which)
        self.matrix = MatrixChart(theme)
        self.estimator = label("", "caption", wrap=True)
        pairs = Card(tr("Pairs of raters"))
        pairs.body.addWidget(self.which)
        pairs.body.addWidget(self.matrix, 1)
        pairs.body.addWidget(self.estimator)
        self._pairs = QWidget()
        lay_scrolled(self._pairs, column(pairs))
        self.table = ResultView(theme, COLUMNS, tr("Raters"), stretch=1, drop=DROPPED)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.evidence = label("", "soft", wrap=True)
        self.leave_out = button(
            tr("Leave out…"),
            tip=tr("Leave this rater out of all analyses of this project, with a reason; this can be undone"),
        )
        self.leave_out.clicked.connect(self._on_leave_out)
        self.take_in = button(tr("Include again"), tip=tr("Count this rater in analyses again"))
        self.take_in.clicked.connect(self._on_take_in)
        profiles = Card(tr("Raters"))
        profiles.body.addWidget(self.table, 1)
        profiles.body.addWidget(self.evidence)
        profiles.body.addLayout(row(None, self.take_in, self.leave_out))
        self.what_if = ResultView(theme, WHAT_IF, tr("What if without this rater"), stretch=1)
        self.told = label("", "soft", wrap=True)
        trial = Card(tr("What if without this rater"))
        trial.body.addWidget(self.told)
        trial.body.addWidget(self.what_if, 1)
        both = column(profiles, trial, spacing=SPACE_S)
        both.setStretch(0, 4)
        both.setStretch(1, 3)
        right = QWidget()
        lay_scrolled(right, both)
        box = row(self._pairs, right, spacing=SPACE_S)
        box.setStretch(1, 1)
        self.setLayout(column(box))
        state.what_if_ready.connect(self._on_what_if)

    def show_results(self, results: Results | None) -> None:
        """Show results; None shows nothing."""
        self._results = results
        self._tried = ""
        self._fill_matrices()
        if results is None:
            self.table.fill([])
            return
        lags = {
            rater: lag.lag_s
            for trace in results.traces
            for rater, lag in zip(trace.raters, trace.lags, strict=True)
            if lag.accepted
        }
        again = {r.rater: r.kappa.value for r in results.retest}
        rows = [_row(p, lags.get(p.rater, math.nan), again.get(p.rater, math.nan)) for p in results.profiles]
        keys = [p.rater for p in results.profiles]
        for rater, reason in results.excluded.items():
            if rater not in keys:
                blank = [ResultCell("", math.nan)] * (len(COLUMNS) - 2)
                rows.append(
                    (
                        ResultCell(rater, tone="text_faint"),
                        ResultCell(tr("left out: ") + reason, tone="warning"),
                        *blank,
                    )
                )
                keys.append(rater)
        self.table.fill(rows, keys)
        if rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._on_row()

    def resizeEvent(self, event: QResizeEvent) -> None:
        # In a narrow window the table beside it needs the room for its last columns.
        self._pairs.setFixedWidth(
            self._state.context.theme.room(min(max(self.width() * 3 // 10, 300), 400), self.width())
        )
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_row()

    def _fill_matrices(self) -> None:
        now = self.which.currentText()
        self.which.blockSignals(True)
        self.which.clear()
        for one in self._results.matrices if self._results is not None else ():
            self.which.addItem(one.title.replace("_", " "))
        self.which.setCurrentIndex(max(self.which.findText(now), 0) if self.which.count() else -1)
        self.which.blockSignals(False)
        self._on_which()

    def _on_which(self) -> None:
        at = self.which.currentIndex()
        matrices = self._results.matrices if self._results is not None else ()
        chosen = matrices[at] if 0 <= at < len(matrices) else None
        self.matrix.show_matrix(chosen)
        self.estimator.setText(chosen.estimator if chosen is not None else "")

    def _on_row(self, *_: object) -> None:
        rater, results = self.table.current_key(), self._results
        gone = results is not None and rater in results.excluded
        may = results is not None and rater is not None and not _read_only(self._state)
        self.leave_out.setEnabled(may and not gone)
        self.take_in.setVisible(gone)
        self.take_in.setEnabled(may)
        if rater is None or results is None:
            self.evidence.setText("")
            self.told.setText("")
            self.what_if.fill([])
            return
        profile = next((p for p in results.profiles if p.rater == rater), None)
        if gone:
            self.evidence.setText(tr("{rater} is left out: {excluded}", rater=rater, excluded=results.excluded[rater]))
        elif profile is not None and profile.flags:
            self.evidence.setText(
                " ".join(f.evidence for f in profile.flags)
                + tr(" This is a reason to look, but not yet one to leave anybody out.")
            )
        else:
            few = len(results.profiles) < 5
            self.evidence.setText(
                tr("Nothing stands out.")
                + (tr(" With fewer than five raters, nobody can be told from the others.") if few else "")
            )
        if profile is not None and rater != self._tried and self.isVisible():
            self._tried = rater
            self.told.setText(tr("Computing without {rater} …", rater=rater))
            self._state.try_without((rater,))

    def _on_what_if(self, cells: list[WhatIf]) -> None:
        order = ordered(c.emotion for c in cells)
        rows = []
        changes = []
        for cell in sorted(cells, key=lambda c: (order.index(c.emotion), c.condition)):
            change = cell.alpha_without - cell.alpha
            if not math.isnan(change):
                changes.append(change)
            rows.append(
                (
                    ResultCell(pretty(cell.emotion), float(order.index(cell.emotion))),
                    ResultCell(pretty(cell.condition)),
                    ResultCell(figure(cell.disagreement, 3), cell.disagreement),
                    ResultCell(figure(cell.disagreement_without, 3), cell.disagreement_without),
                    ResultCell(figure(cell.alpha, 3), cell.alpha),
                    ResultCell(figure(cell.alpha_without, 3), cell.alpha_without),
                    ResultCell(figure(change, 3, sign=True), change, tone="accent" if change >= 0.0005 else ""),
                )
            )
        self.what_if.fill(rows)
        if changes:
            mean = sum(changes) / len(changes)
            up = sum(c > 0 for c in changes)
            self.told.setText(
                tr(
                    "Without {tried}, alpha changes by {mean} on average and rises in {up} of {cells}. "
                    "This is a trial; nothing is stored.",
                    tried=self._tried,
                    mean=figure(mean, 3, sign=True),
                    up=up,
                    cells=many(len(changes), tr("cell"), tr("cells")),
                )
            )

    def _on_leave_out(self) -> None:
        rater = self.table.current_key()
        if rater is None:
            return
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Leave a rater out"))
        dialog.setLabelText(
            tr("Why should {rater} be left out of all analyses? The reason is stored. This can be undone.", rater=rater)
        )
        dialog.setOkButtonText(tr("Leave out"))
        dialog.textValueSelected.connect(lambda reason, code=rater: self._state.exclude(code, reason))
        dialog.open()

    def _on_take_in(self) -> None:
        rater = self.table.current_key()
        if rater is not None:
            self._state.include(rater)


def _read_only(state: AgreementState) -> bool:
    project = state.context.project
    return project is None or project.read_only


def _row(p: RaterProfile, lag_s: float, again: float) -> tuple[ResultCell, ...]:
    flags = ", ".join(_WORDS.get(f.measure, f.measure) for f in p.flags)
    checks = (
        tr("{checks_passed} of {checks_asked}", checks_passed=p.checks_passed, checks_asked=p.checks_asked)
        if p.checks_asked
        else "–"
    )
    marked = {f.measure for f in p.flags}

    def tone(measure: str) -> str:
        return "warning" if measure in marked else ""

    return (
        ResultCell(p.rater),
        ResultCell(flags or "–", tip="\n".join(f.evidence for f in p.flags), tone="warning" if flags else "text_faint"),
        ResultCell(figure(p.bias, sign=True), p.bias, tone=tone("bias")),
        ResultCell(figure(p.spread_ratio), p.spread_ratio, tone=tone("spread_ratio")),
        ResultCell(figure(p.loo_correlation), p.loo_correlation, tone=tone("loo_correlation")),
        ResultCell(figure(p.alpha_change, 3, sign=True), p.alpha_change, tone=tone("alpha_change")),
        ResultCell(figure(lag_s) + (" s" if lag_s == lag_s else ""), lag_s),
        ResultCell(
            figure(p.median_response_s, 1) + (" s" if p.median_response_s == p.median_response_s else ""),
            p.median_response_s, tone=tone("median_response_s"),
        ),
        ResultCell(checks, p.checks_passed / p.checks_asked if p.checks_asked else math.nan, tone=tone("attention")),
        ResultCell(figure(again), again),
        ResultCell(str(p.n_ratings), float(p.n_ratings)),
    )  # fmt: skip


_WORDS = {
    "bias": "bias",
    "loo_correlation": tr("low correlation"),
    "spread_ratio": tr("scale use"),
    "alpha_change": tr("lowers alpha"),
    "median_response_s": "haste",
    "attention": "attention",
    "longest_run": tr("same answers in a row"),
}
