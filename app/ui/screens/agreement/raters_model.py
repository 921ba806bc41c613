"""The page of the model of raters: items with intervals, the effect of context, raters in words, and the fit."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox, QWidget

from app.agreement.bayes.band import LEVEL
from app.agreement.bayes.model import IntensityModel
from app.agreement.bayes.trace_model import TracePanel, TracesModel
from app.domain.ratings import ProjectRatings
from app.domain.words import figure, many
from app.services.agreement.raters_model import RatersModel, make_raters_model, make_traces_model
from app.ui.look.language import tr
from app.ui.parts.widgets.basic import Card, column, label
from app.ui.screens.agreement.computed import ComputedPage
from app.ui.screens.agreement.look import ordered, pretty
from app.ui.screens.agreement.state import AgreementState, DashboardState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

if TYPE_CHECKING:
    from app.services.projects.files import Project

Rows = tuple[list[Column], list[tuple[ResultCell, ...]]]

VIEWS: Final = (
    ("context", tr("Effect of context")),
    ("items", tr("Items")),
    ("raters", tr("Raters")),
    ("check", tr("Does the model fit?")),
    ("traces", tr("Raters of traces")),
)
_ALL: Final = tr("All emotions")
_TOLD: Final = {
    "context": tr(
        "Points that a condition adds to the first one, as a mean over the judged items. Rows whose "
        "interval holds zero are pale."
    ),
    "items": tr(
        "The mean score that typical raters of this panel would give each item, with its interval. Biases, use of "
        "the scale, noise and drift of the raters who judged it are taken into account."
    ),
    "raters": tr(
        "How each rater differs from the panel: points that are added to every rating, noise over the panel's, "
        "and points that are added in an hour of a session."
    ),
    "check": tr("The ratings beside ratings that the fitted model draws for the same raters and items."),
    "traces": tr(
        "How each rater's traces differ from the panel: seconds behind it, how far they move, what lies higher, and "
        "what is not explained. The truth with its interval is on the page Traces, where raters can be combined by "
        "this model."
    ),
}


class RatersModelPage(ComputedPage):
    """The page of the model of raters.

    Args:
        state: The state with labels and project.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.model: RatersModel | None = None
        self.traces: TracesModel | None = None
        self._fitting: ProjectRatings | None = None
        self._unfitted = ""
        self.view_of = QComboBox()
        self.view_of.setAccessibleName(tr("What is shown of the model"))
        for key, title in VIEWS:
            self.view_of.addItem(title, key)
        self.view_of.currentIndexChanged.connect(self._show)
        self.emotion = QComboBox()
        self.emotion.setAccessibleName(tr("Emotion"))
        self.emotion.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.emotion.currentIndexChanged.connect(self._show)
        self.told = label("", "soft", wrap=True)
        self.view = ResultView(state.context.theme, (), tr("The model of raters"), stretch=0)
        card = Card(tr("A model of raters"))
        card.head.addWidget(self.emotion)
        card.head.addWidget(self.view_of)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(self.told)
        self.setLayout(column(card))

    def clear(self) -> None:
        self.model = self.traces = self._fitting = None
        self._unfitted = ""
        self._fill()

    def outdated(self, shown: DashboardState) -> bool:
        return self._shown is None or shown.data is not self._shown.data

    def start(self, project: "Project", shown: DashboardState) -> None:
        self.told.setText(tr("Fitting the model of raters …"))
        self.traces, self._unfitted = None, ""
        fitted = partial(make_raters_model, seed=shown.results.settings.seed, with_categories=False, with_traces=False)
        self._state.context.work.start(
            tr("Fitting the model of raters"), "io", fitted, shown.data,
            on_done=self._on_model, on_error=self._on_error, replace="agreement.raters_model",
        )  # fmt: skip

    def _on_model(self, model: RatersModel) -> None:
        self.model = model
        self._fill()

    def _on_traces(self, of: ProjectRatings, traces: TracesModel) -> None:
        if of is self._fitting:  # else it is of labels that are no longer shown
            self.traces, self._fitting = traces, None
            self._show()

    def _on_no_traces(self, of: ProjectRatings, error: Exception) -> None:
        if of is self._fitting:
            self._unfitted, self._fitting = str(error), None
            self._show()

    def _on_error(self, error: Exception) -> None:
        self.model = None
        self._fill()
        self.told.setText(str(error))

    def _fill(self) -> None:
        found = self.model.intensities if self.model is not None else None
        now = self.emotion.currentData()
        self.emotion.blockSignals(True)
        self.emotion.clear()
        self.emotion.addItem(_ALL, "")
        for name in ordered(found.fit.columns.data.emotions) if found is not None else ():
            self.emotion.addItem(pretty(name), name)
        self.emotion.setCurrentIndex(max(self.emotion.findData(now), 0))
        self.emotion.blockSignals(False)
        self._show()

    def _show(self) -> None:
        found = self.model.intensities if self.model is not None else None
        shown = str(self.view_of.currentData())
        self.emotion.setVisible(shown in ("context", "items"))
        if shown == "traces":
            self._show_traces()
            return
        if found is None:
            self.view.set_columns([])
            self.view.fill([])
            only = tr("The model on this page is of intensities, of which there are none.")
            self.told.setText(only if self.model is not None else "")
            return
        chosen = str(self.emotion.currentData() or "")
        rows = {"context": _context, "items": _items, "raters": _raters, "check": _check}[shown]
        columns, cells = rows(found, chosen)
        self.view.set_columns(columns)
        self.view.fill(cells)
        self.told.setText(self._words(found, shown))

    def _show_traces(self) -> None:
        """Show the raters of traces, which are modelled only when somebody asks, because it takes the longest."""
        traces, shown = self.traces, self._shown
        columns, cells = _traces(traces.panels) if traces is not None else ([], [])
        self.view.set_columns(columns)
        self.view.fill(cells)
        if shown is None or not shown.data.traces:
            self.told.setText("" if shown is None else tr("Nobody has traced anything under these filters."))
            return
        if traces is None and self._unfitted:
            self.told.setText(self._unfitted)
            return
        if traces is None:
            self.told.setText(tr("Fitting the model of traces, which takes up to a minute or two …"))
            if self._fitting is shown.data:
                return
            self._fitting = shown.data
            fitted = partial(make_traces_model, seed=shown.results.settings.seed)
            self._state.context.work.start(
                tr("Fitting the model of traces"), "io", fitted, shown.data,
                on_done=partial(self._on_traces, shown.data), on_error=partial(self._on_no_traces, shown.data),
                replace="agreement.traces_model",
            )  # fmt: skip
            return
        told = tr("{told} Intervals hold {level} %, given the model.", told=_TOLD["traces"], level=f"{100 * LEVEL:.0f}")
        self.told.setText("\n".join([told, *(f"⚠ {note}" for note in traces.notes)]))

    def _words(self, found: IntensityModel, shown: str) -> str:
        alarms = [note for note in found.notes if note]
        said = [
            tr("{told} Intervals hold {level} %, given the model.", told=_TOLD[shown], level=f"{100 * found.level:.0f}")
        ]
        if shown == "check" and not alarms:
            said.append(tr("Nothing speaks against the model."))
        return "\n".join([*said, *(f"⚠ {note}" for note in alarms)])


def _interval(mean: float, low: float, high: float, *, sign: bool = False, soft: bool = False) -> ResultCell:
    words = f"{figure(mean, sign=sign)}  [{figure(low, sign=sign)}, {figure(high, sign=sign)}]"
    return ResultCell(words, mean, tone="text_soft" if soft else "")


def _context(found: IntensityModel, chosen: str) -> Rows:
    data, band = found.fit.columns.data, found.truths.by_emotion
    columns = [Column(tr("Emotion"), right=False)]
    columns += [Column(f"{pretty(name)} − {pretty(data.conditions[0]).lower()}") for name in data.conditions[1:]]
    rows: list[tuple[ResultCell, ...]] = []
    for name in ordered(data.emotions):
        if chosen in ("", name):
            e = data.emotions.index(name)
            rows.append((ResultCell(pretty(name)), *(_context_cell(band.mean[e, k], band.low[e, k], band.high[e, k])
                                                     for k in range(len(data.conditions) - 1))))  # fmt: skip
    return columns, rows


def _context_cell(mean: float, low: float, high: float) -> ResultCell:
    return _interval(float(mean), float(low), float(high), sign=True, soft=bool(low <= 0.0 <= high))


def _items(found: IntensityModel, chosen: str) -> Rows:
    columns, truths, n = found.fit.columns, found.truths, found.n_of_cell()
    data = columns.data
    heads = [Column(tr("Item"), right=False), Column(tr("Emotion"), right=False)]
    heads += [Column(pretty(name)) for name in data.conditions]
    heads += [Column("Context", tr("points that the last condition adds to the first"))] if data.conditions[1:] else []
    rows: list[tuple[ResultCell, ...]] = []
    for u in range(columns.n_units):
        emotion = data.emotions[columns.unit_emotion[u]]
        if chosen not in ("", emotion):
            continue
        cells = [ResultCell(data.items[columns.unit_item[u]]), ResultCell(pretty(emotion))]
        for c in range(columns.n_conditions):
            band = truths.points
            cell = _interval(float(band.mean[u, c]), float(band.low[u, c]), float(band.high[u, c]), soft=n[u, c] == 0)
            tip = (
                many(int(n[u, c]), tr("rating"), tr("ratings"))
                if n[u, c]
                else tr("not judged: what the other condition and items say")
            )
            cells.append(ResultCell(cell.text, cell.order, tip, cell.tone))
        if data.conditions[1:]:
            context = truths.context
            cells.append(_context_cell(context.mean[u, -1], context.low[u, -1], context.high[u, -1]))
        rows.append(tuple(cells))
    return heads, rows


def _raters(found: IntensityModel, chosen: str) -> Rows:
    heads = [
        Column(tr("Profile"), right=False),
        Column(tr("Rater"), right=False),
        Column(tr("Ratings")),
        Column(tr("Bias"), tr("points that the rater gives more than a typical one")),
        Column(tr("Noise"), tr("noise over the panel's")),
        Column(tr("Drift an hour"), tr("points that are added in an hour")),
    ]
    rows: list[tuple[ResultCell, ...]] = []
    for one in found.raters:
        drift = _interval(*one.drift, sign=True) if one.drift[0] == one.drift[0] else ResultCell("–", float("nan"))
        rows.append(
            (
                ResultCell(one.words, tip=one.words), ResultCell(one.rater), ResultCell(str(one.n_ratings),
                float(one.n_ratings)), _interval(*one.bias, sign=True), _interval(*one.noise), drift,
            )
        )  # fmt: skip
    return heads, rows


def _traces(panels: Sequence[TracePanel]) -> Rows:
    heads = [
        Column(tr("Profile"), right=False), Column(tr("Rater"), right=False), Column(tr("Dimension"), right=False),
        Column(tr("Condition"), right=False), Column(tr("Lag"), tr("seconds behind the panel's mean")),
        Column(tr("Gain"), tr("how far the rater moves where the panel moves by 1")),
        Column(tr("Offset"), tr("what the rater adds, less the panel's mean")),
        Column(tr("Noise"), tr("standard deviation")),
    ]  # fmt: skip
    rows: list[tuple[ResultCell, ...]] = []
    for panel in panels:
        found = panel.model
        for r, rater in enumerate(panel.raters):
            each = [(float(band.mean[r]), float(band.low[r]), float(band.high[r]))
                    for band in (found.lag_s, found.gain, found.offset, found.noise)]  # fmt: skip
            rows.append((
                ResultCell(panel.words(r), tip=panel.words(r)), ResultCell(rater), ResultCell(pretty(panel.dimension)),
                ResultCell(pretty(panel.condition)), _interval(*each[0], sign=True), _interval(*each[1]),
                _interval(*each[2], sign=True), _interval(*each[3]),
            ))  # fmt: skip
    return heads, rows


def _check(found: IntensityModel, chosen: str) -> Rows:
    heads = [
        Column(tr("What"), right=False),
        Column(tr("Of"), right=False),
        Column(tr("Given")),
        Column(tr("Drawn by the model")),
        Column(tr("Fits"), right=False),
    ]
    rows: list[tuple[ResultCell, ...]] = []
    for one in found.checked:
        name = pretty(one.of) if one.of in found.fit.columns.data.emotions else one.of
        drawn = _interval(one.mean, one.low, one.high)
        fits = ResultCell("yes") if one.fits else ResultCell("no", tone="danger")
        what = ResultCell(one.what[:1].upper() + one.what[1:])
        rows.append((what, ResultCell(name), ResultCell(figure(one.observed), one.observed), drawn, fits))
    return heads, rows
