"""The page of measures: which measure of the face goes with which rated emotion, by viewing condition."""

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox, QWidget

from app.agreement.estimate import NAN
from app.agreement.measured import MeasureRelation
from app.domain.measured_faces import title_of
from app.domain.measures import CURVES
from app.domain.words import figure, many
from app.services.agreement.measures import MeasureTable, measure_table
from app.ui.look.language import tr
from app.ui.parts.widgets.basic import Card, column, label
from app.ui.screens.agreement.computed import ComputedPage
from app.ui.screens.agreement.look import ordered, pretty
from app.ui.screens.agreement.state import AgreementState, DashboardState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

if TYPE_CHECKING:
    from app.services.projects.files import Project

_FIRST: Final = (Column(tr("Emotion"), right=False), Column(tr("Measure of the face"), right=False))
_ALL: Final = tr("All emotions")
_TOLD: Final = tr(
    "Correlation over items between the mean measure of an item's face and its mean intensity, with a 95 % interval "
    "by {unit}. {neutral} Nothing is adjusted for the number of correlations: about one interval in twenty leaves out "
    "zero by chance. Measures are geometry, not Action Units."
)
_RELATIVE: Final = tr("Movements are relative to each person's mean.")
_FOREIGN: Final = tr(" Columns of other programs are as their files give them.")
_ABSOLUTE: Final = tr(
    "Movements are absolute, because not every person is named and seen in two items: faces differ, too."
)


class MeasuresPage(ComputedPage):
    """The page of measures and rated emotions.

    Args:
        state: The state with labels and project.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.table_shown: MeasureTable | None = None
        self.emotion = QComboBox()
        self.emotion.setAccessibleName(tr("Emotion"))
        self.emotion.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.emotion.currentIndexChanged.connect(self._show)
        self.told = label("", "soft", wrap=True)
        self.view = ResultView(state.context.theme, _FIRST, tr("Measures and rated emotions"), stretch=1)
        card = Card(tr("Measures of the face and rated emotions"))
        card.head.addWidget(self.emotion)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(self.told)
        self.setLayout(column(card))

    def clear(self) -> None:
        self.table_shown = None
        self._fill()

    def start(self, project: "Project", shown: DashboardState) -> None:
        self.told.setText(tr("Reading measures …"))
        self._state.context.work.start(
            tr("Correlating measures"), "io", measure_table, project, shown.data, shown.results.settings,
            on_done=self._on_table, replace="agreement.measures",
        )  # fmt: skip

    def _on_table(self, table: MeasureTable) -> None:
        self.table_shown = table
        self._fill()

    def _fill(self) -> None:
        table = self.table_shown
        now = self.emotion.currentData()
        self.emotion.blockSignals(True)
        self.emotion.clear()
        self.emotion.addItem(_ALL, "")
        for name in ordered(r.emotion for r in table.relations) if table is not None else ():
            self.emotion.addItem(pretty(name), name)
        self.emotion.setCurrentIndex(max(self.emotion.findData(now), 0))
        self.emotion.blockSignals(False)
        self._show()

    def _show(self) -> None:
        table = self.table_shown
        relations = table.relations if table is not None and table.n_items else ()
        chosen = self.emotion.currentData()
        conditions = list(dict.fromkeys(r.condition for r in relations))
        self.view.set_columns([*_FIRST, *(Column(pretty(name)) for name in conditions)])
        rows: dict[tuple[str, str], dict[str, MeasureRelation]] = {}
        for one in relations:
            if chosen in ("", one.emotion):
                rows.setdefault((one.emotion, one.measure), {})[one.condition] = one
        keys = sorted(rows, key=lambda key: -max(_size(r) for r in rows[key].values()))
        self.view.fill([_row(key, rows[key], conditions) for key in keys], keys)
        self.told.setText(self._words(table))

    def _words(self, table: MeasureTable | None) -> str:
        if table is None:
            return ""
        missing = (
            tr(" {clips} with ratings not measured.", clips=many(len(table.unmeasured), tr("clip"), tr("clips")))
            if table.unmeasured
            else ""
        )
        if not table.n_items:
            return (
                tr(
                    "No face of these items is measured yet. Measure the clips in Review first (Ctrl+M), or import "
                    "measurements of another program."
                )
                + missing
            )
        unit = self._shown.results.settings.unit if self._shown is not None else "clip"
        foreign = _FOREIGN if any(one.measure not in CURVES for one in table.relations) else ""
        neutral = _RELATIVE if table.relative else _ABSOLUTE
        items = many(table.n_items, tr("item"), tr("items"))
        return f"{items}. {_TOLD.format(unit=unit, neutral=neutral)}{foreign}{missing}"


def _size(relation: MeasureRelation) -> float:
    value = relation.estimate.value
    return abs(value) if value == value else -1.0


def _row(key: tuple[str, str], found: dict[str, MeasureRelation], conditions: list[str]) -> tuple[ResultCell, ...]:
    emotion, measure = key
    return (
        ResultCell(pretty(emotion)),
        ResultCell(title_of(measure)[0], tip=measure),
        *(_cell(found.get(condition)) for condition in conditions),
    )


def _cell(relation: MeasureRelation | None) -> ResultCell:
    if relation is None:
        return ResultCell("", NAN)
    estimate = relation.estimate
    if not estimate.defined:
        return ResultCell("–", NAN, estimate.reason)
    words = figure(estimate.value, sign=True)
    tip = f"{many(estimate.n_items, tr('item'), tr('items'))}, {many(estimate.n_raters, tr('rater'), tr('raters'))}"
    if estimate.interval is None:
        return ResultCell(
            words, estimate.value, tr("{tip}; no interval: {reason}", tip=tip, reason=estimate.reason), "text_soft"
        )
    low, high = estimate.interval
    words += f"  [{figure(low, sign=True)}, {figure(high, sign=True)}]"
    return ResultCell(words, estimate.value, f"{tip}; {estimate.method}", "" if low > 0 or high < 0 else "text_soft")
