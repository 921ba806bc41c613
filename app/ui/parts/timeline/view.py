"""The timeline: valence, arousal and expressions over time, predicted against annotated, with numbers."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedLayout, QWidget

from app.domain.clock import clock_text
from app.domain.notes import ClipNote
from app.domain.traces import DIMENSIONS
from app.domain.words import plain
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.categories.said import Band
from app.ui.parts.timeline.curves import Annotation, Prediction
from app.ui.parts.timeline.drawn import DrawnCurves
from app.ui.parts.timeline.export import curves_offers
from app.ui.parts.timeline.film import FilmStrip
from app.ui.parts.timeline.keys import ClassNames, FitTable, Legend
from app.ui.parts.timeline.measures import MeasureCurve, MeasureRows
from app.ui.parts.timeline.notes import LANES, NotesRow
from app.ui.parts.timeline.overview import OverviewBar
from app.ui.parts.timeline.plots import AXIS_WIDTH, PLOT_RIGHT, CurveRow, PlotRow, StripRow
from app.ui.parts.widgets.basic import Card, column, label
from app.ui.parts.widgets.fields import ChoiceBox

SIDE_WIDTH: Final = 178
SIDE_NARROW: Final = 138
ATTENTION: Final = tr("Attention")
ATTENTION_HEIGHT: Final = 20
"""Height of the row of moments, at 100 % text."""
ATTENTION_HELP: Final = tr(
    "How strongly each moment counted for the verdict on the item or, live, on the last seconds. CACA-RNN A weighs "
    "moments of the surroundings while it reads the face."
)
TALL: Final = 290
"""Height, at 100 % text, below which notes stand in one lane, so that the rows of curves keep theirs."""
FILM_TALL: Final = 370
"""Height, at 100 % text, from which pictures of the clip stand under the time axis: below, the rows need theirs."""
OTHERS_HIGH: Final = 210
"""Height, at 100 % text, that the head and the other rows take before measures are shown."""
MEASURE_HIGH: Final = 28
"""Height, at 100 % text, that each row of measures takes."""
ROOMY: Final = 700
"""Width, at 100 % text, above which everything in the head has room."""


class TimelineView(Card):
    """The whole timeline.

    It is told what to draw and signals where the user clicked; it knows neither player nor project.

    Args:
        context: The context with theme, settings and the ticker.

    Attributes:
        drawn: The curves of valence and arousal.
        at_s: Time of the playhead in seconds.
    """

    sought = Signal(float)
    annotation_chosen = Signal(str)
    note_chosen = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Timeline"), SPACE_M, parent)
        # The bar at the bottom needs less room below it than a plot, and the rows need all there is.
        self.body.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_S)
        self._context = context
        theme = context.theme
        self._verdicts = Band()
        self._range = (0.0, 1.0)
        self._dirty = False
        self._stats_dirty = False
        self.rows = {name: CurveRow(theme, name) for name in DIMENSIONS}
        self.strip = StripRow(theme)
        self.categories = StripRow(theme, with_times=False)
        self.category_names = ClassNames(theme, below=0, title=tr("Category"))
        self.attention = StripRow(theme, with_times=False)
        self.attention_name = ClassNames(theme, below=0, title=ATTENTION)
        self.notes = NotesRow(theme)
        self.notes.chosen.connect(self.note_chosen)
        self.notes_name = ClassNames(theme, below=0, title=tr("Notes"))
        self.measures = MeasureRows(theme)
        self.tables = {name: FitTable(theme, name) for name in DIMENSIONS}
        self.drawn = DrawnCurves(self.rows, self.tables)
        self.names = ClassNames(theme, below=24)
        self.film = FilmStrip(theme)
        self.overview = OverviewBar(theme)
        self.overview.moved.connect(self._on_overview)
        self.at_s = 0.0
        self.choice = ChoiceBox(tr("Annotation to compare with"), 13)
        self.choice.setToolTip(tr("The annotation that the prediction is compared with"))
        self.choice.activated.connect(self._on_choice)
        self.choice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.legend = Legend(theme)
        self.head.insertWidget(1, self.legend)
        self.head.insertSpacing(1, SPACE_L)
        self._with = label(tr("compare with"), "small")
        self.head.addWidget(self._with)
        self.head.addWidget(self.choice)
        self._build()
        self.setMinimumHeight(230)
        self.set_categories(Band())
        self.set_attention(Band())
        self.set_notes((), "")
        self.set_measures(())
        theme.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the head and leave out the numbers in a narrow card."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        scale = self._context.theme.scale
        roomy = self.width() >= ROOMY * scale
        self._with.setVisible(roomy)
        self.legend.set_short(not roomy)
        self.choice.setMinimumContentsLength(18 if roomy else 13)
        for side in (*self.tables.values(), *self.measures.names, self.names):
            side.setFixedWidth(round((SIDE_WIDTH if roomy else SIDE_NARROW) * scale))
        for part in (self.attention, self.attention_name):
            part.setFixedHeight(round(ATTENTION_HEIGHT * scale))
        self.film.setVisible(self.height() >= FILM_TALL * scale)
        high = self.notes.set_lanes(LANES if self.height() >= TALL * scale else 1)
        for part in (self.notes, self.notes_name):
            part.setFixedHeight(high)
        self._fit_measures()

    def _build(self) -> None:
        self._grid = grid = QGridLayout()
        grid.setSpacing(SPACE_S // 2)
        plots = self._plots
        sides = [
            *(*self.tables.values(), *self.measures.names, self.category_names),
            *(self.attention_name, self.notes_name, self.names),
        ]
        for at, (side, plot) in enumerate(zip(sides, plots, strict=True)):
            grid.addWidget(side, at, 0)
            grid.addWidget(plot, at, 1)
            grid.setRowStretch(at, 9)
            plot.box.sought.connect(self.sought)
            plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys that seek and zoom work everywhere on this screen
            if at:
                plot.follow(plots[0])
        grid.setRowStretch(len(plots) - 1, 13)
        for low in (self.attention, self.notes):
            grid.setRowStretch(plots.index(low), 0)
        # Exactly below the plots, which have an axis at the left.
        for number, below in enumerate((self.film, self.overview)):
            below.setContentsMargins(AXIS_WIDTH, 0, PLOT_RIGHT, 0)
            grid.addWidget(below, len(plots) + number, 1)
        self._curves = QWidget()
        self._curves.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        self._hidden = QWidget()
        self._hidden_text = label("", "soft")
        self._hidden_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hidden.setLayout(column(None, self._hidden_text, None))
        self._stack = QStackedLayout()
        self._stack.addWidget(self._curves)
        self._stack.addWidget(self._hidden)
        self.body.addLayout(self._stack, 1)
        plots[0].box.sigXRangeChanged.connect(self._on_range)
        plots[0].box.sigResized.connect(self._on_range)

    @property
    def _plots(self) -> list[PlotRow]:
        """All rows from above."""
        below = (self.categories, self.attention, self.notes, self.strip)
        return [*self.rows.values(), *self.measures.rows, *below]

    def clear(self) -> None:
        """Remove all curves, because there is no clip."""
        self.set_prediction(None)
        self.set_other_faces(())
        self.set_categories(Band())
        self.set_attention(Band())
        self.set_measures(())
        self.set_annotations((), "")
        self.set_notes((), "")
        self.set_clip(0.0, 1.0)
        for plot in self._plots:
            plot.set_position(0.0)

    def _on_overview(self, start_s: float) -> None:
        left, right = self.visible()
        self._show(start_s, start_s + right - left)

    def set_clip(self, start_s: float, end_s: float) -> None:
        """Show the whole time axis of a clip."""
        self._range = (start_s, max(end_s, start_s + 0.04))
        self.overview.set_range(*self._range)
        for plot in self._plots:
            plot.time_axis.set_begin(start_s)
            plot.box.setLimits(
                xMin=self._range[0], xMax=self._range[1], minXRange=min(0.2, self._range[1] - self._range[0])
            )
        self.zoom_all()

    def set_prediction(self, prediction: Prediction | None) -> None:
        """Draw a prediction. Call this again when a live one has grown."""
        if prediction is not None and prediction is self.drawn.prediction:
            self._take_growth(prediction)
            return
        self.drawn.prediction = prediction
        if prediction is None:
            self.strip.set_shares(np.zeros(0), np.zeros((0, 0), np.float32))
        else:
            self.strip.set_shares(prediction.times_s, prediction.probabilities)
        self.names.show_names(prediction.classes if prediction is not None else ())
        self._rebuild()

    def _take_growth(self, prediction: Prediction) -> None:
        """Bring what is drawn up to date with the rows that were written meanwhile."""
        new = self.drawn.growth(prediction)
        if not new:
            return
        if prediction is self.drawn.prediction:
            for first, last in new:
                self.strip.update_shares(first, last)
        for row in self.rows.values():
            row.refresh()
        self._invalidate()

    def set_other_faces(self, others: tuple[Prediction, ...]) -> None:
        """Draw the predictions of faces that are not chosen, thin and behind all others; call this when they grow."""
        if others == self.drawn.others:
            for prediction in others:
                self._take_growth(prediction)
            return
        self.drawn.others = others
        self.legend.set_faces(bool(others))
        self._rebuild()

    def exports(self) -> list[Offer]:
        """Return what can be exported; nothing while the curves are covered."""
        if self.hidden_reason:
            return []
        drawn = self.drawn
        return curves_offers(drawn.prediction, drawn.annotations, drawn.chosen, self._verdicts, self._range[0])

    def set_categories(self, band: Band) -> None:
        """Draw verdicts on the last seconds. The row is shown only if there is a model of categories."""
        self._verdicts = band
        self.category_names.show_names(band.classes)
        self.categories.set_shares(band.times_s, band.probabilities)
        there = bool(band.classes)
        for part in (self.categories, self.category_names):
            part.setVisible(there)
        self._grid.setRowStretch(self._plots.index(self.categories), 9 if there else 0)
        self._invalidate()

    def set_attention(self, band: Band) -> None:
        """Draw how strongly each moment counted for the verdict on the item.

        The row is shown only if the model weighs moments.

        Args:
            band: One class; the strongest moment has the share 1.
        """
        there = bool(len(band.times_s))
        self.attention_name.show_names((ATTENTION,) if there else ())
        self.attention.set_shares(band.times_s, band.probabilities)
        strongest = float(band.times_s[int(band.probabilities.argmax())]) if there else 0.0
        at = clock_text(strongest - self._range[0], millis=True)
        for part in (self.attention, self.attention_name):
            part.setVisible(there)
            part.setToolTip(
                tr("{attention_help} The strongest one is {at}.", attention_help=ATTENTION_HELP, at=at) if there else ""
            )
            part.setAccessibleName(
                tr("{attention}, strongest at {at}", attention=ATTENTION, at=at) if there else ATTENTION
            )
        self._invalidate()

    def set_notes(self, notes: tuple[ClipNote, ...], chosen: str) -> None:
        """Draw notes; `chosen` is the uid of the one that is marked. The row is shown only if there are any."""
        self.notes.show_notes(notes, chosen, self._range[0])
        self.overview.set_notes(notes)
        self.notes_name.show_names((tr("Notes"),) if notes else ())
        for part in (self.notes, self.notes_name):
            part.setVisible(bool(notes))

    def set_measures(self, curves: Sequence[MeasureCurve]) -> None:
        """Draw measures of the face, one below the other; without any, their rows are hidden."""
        self.measures.show_curves(curves)
        self._fit_measures()
        self._invalidate()

    def _fit_measures(self) -> None:
        """Show as many measures as leave the other rows their room."""
        scale = self._context.theme.scale
        self.measures.set_room(int((self.height() / scale - OTHERS_HIGH) / MEASURE_HIGH))
        for number, row in enumerate(self.measures.rows):
            self._grid.setRowStretch(self._plots.index(row), 5 if number < self.measures.visible_rows else 0)

    def set_annotations(self, annotations: tuple[Annotation, ...], chosen: str) -> None:
        """Draw annotations; `chosen` is the key of the one that the prediction is compared with."""
        self.drawn.annotations, self.drawn.chosen = annotations, chosen
        self.choice.clear()
        group = ""
        for annotation in annotations:
            if annotation.group != group:
                group = annotation.group
                self._add_heading(group)
            self.choice.addItem(_line(annotation), annotation.key)
        if not annotations:
            self.choice.addItem(tr("no annotation yet"), "")
        self.choice.setEnabled(bool(annotations))
        self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0))
        self._rebuild()

    def _add_heading(self, text: str) -> None:
        self.choice.addItem(text)
        model = self.choice.model()
        if isinstance(model, QStandardItemModel):
            model.item(self.choice.count() - 1).setEnabled(False)

    def set_hidden(self, reason: str) -> None:
        """Cover the curves with a reason, for instance while recording; an empty reason shows them again."""
        self._hidden_text.setText(reason)
        self._stack.setCurrentWidget(self._hidden if reason else self._curves)

    @property
    def hidden_reason(self) -> str:
        """The reason why the curves are covered; empty if they are visible."""
        return self._hidden_text.text() if self._stack.currentWidget() is self._hidden else ""

    def set_position(self, at_s: float, *, follow: bool, seeking: bool = False) -> None:
        """Move the playhead.

        Args:
            at_s: Its time in seconds.
            follow: Whether a zoomed view scrolls along.
            seeking: Whether somebody moves it: then it does not leave the view, which stays where it was dragged to
                as long as the playhead rests.
        """
        for plot in self._plots:
            plot.set_position(at_s)
        self.notes.set_now(at_s)
        self.measures.set_position(at_s)
        self.overview.set_position(at_s)
        moved, self.at_s = at_s != self.at_s, at_s
        if follow or (seeking and moved):
            left, right = self.visible()
            if not left <= at_s <= right:
                span = right - left
                start = at_s - 0.1 * span if at_s > right else at_s - 0.9 * span
                self._show(start, start + span)

    def visible(self) -> tuple[float, float]:
        """Return the window of time in view."""
        left, right = self.rows["valence"].box.viewRange()[0]
        return float(left), float(right)

    def zoom(self, factor: float, around_s: float) -> None:
        """Show `factor` times as much time (below 1 zooms in), keeping one time at its place."""
        left, right = self.visible()
        around = min(max(around_s, left), right)
        self._show(around - (around - left) * factor, around + (right - around) * factor)

    def show_range(self, start_s: float, end_s: float) -> None:
        """Show this part of the clip."""
        self._show(start_s, max(end_s, start_s + 0.2))

    def zoom_all(self) -> None:
        """Show the whole clip."""
        self._show(*self._range)

    def _show(self, left: float, right: float) -> None:
        span = min(right - left, self._range[1] - self._range[0])
        left = min(max(left, self._range[0]), self._range[1] - span)
        self.rows["valence"].setXRange(left, left + span, padding=0)

    def refresh(self) -> None:
        """Draw what changed and compute the numbers beside it. The code that takes pictures calls this."""
        self._draw()
        self._show_fits()

    def _draw(self) -> None:
        if self._dirty:
            self._dirty = False
            # The curves draw themselves again when the window of time or they themselves have changed.
            self.categories.refresh()
            self.attention.refresh()
            self.strip.refresh()

    def _rebuild(self) -> None:
        self.drawn.rebuild()
        self._invalidate()

    def _invalidate(self) -> None:
        self._dirty = self._stats_dirty = True
        self._context.ticker.start(self)

    def on_tick(self) -> None:
        """Draw what changed; once the view rests for a tick, compute the numbers, which take longer in a long clip."""
        if self._dirty:
            self._draw()
        else:
            self._show_fits()
        if not self._stats_dirty:
            self._context.ticker.stop(self)

    def _on_range(self, *_args: object) -> None:
        self.overview.set_visible(*self.visible())
        self.film.set_visible(*self.visible())
        self._invalidate()

    def _on_choice(self, index: int) -> None:
        self.annotation_chosen.emit(str(self.choice.itemData(index) or ""))

    def _show_fits(self) -> None:
        if self._stats_dirty:
            self._stats_dirty = False
            self.drawn.show_fits(*self.visible())


def _line(annotation: Annotation) -> str:
    """Return an annotation in the list: the closed list shows no heading, so that the condition stands here too."""
    words = [annotation.title, plain(annotation.condition)] if annotation.condition else [annotation.title]
    return ", ".join(words) + (f" ({annotation.note})" if annotation.note else "")
