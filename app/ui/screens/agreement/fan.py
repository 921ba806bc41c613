"""The trace page: every rater's curve, the gold standard of a recipe and the prediction, over time."""

from html import escape
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.domain.project import GoldRecord
from app.domain.words import figure, many
from app.errors import UserError
from app.services.agreement.decide import set_aside_again, take_back
from app.services.agreement.fan import ALIGNS, METHODS, Fan, FanRecipe, make_fan, store_gold, traced_items
from app.services.labels.gold import Align
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, lay_scrolled, row
from app.ui.parts.widgets.fields import wide_choice
from app.ui.parts.widgets.wrapped import WrappedRow
from app.ui.screens.agreement.fan_plots import BehindPlot, FanPlot
from app.ui.screens.agreement.look import pretty, side_width
from app.ui.screens.agreement.state import AgreementState, DashboardState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

LEAST = 90
"""Least height of a plot in pixels; where even that has no room, the page scrolls."""
RATERS = (
    Column(tr("Rater"), right=False),
    Column(tr("Lag"), tr("Seconds removed before combining")),
    Column(tr("Weight"), tr("In the gold standard: valence / arousal")),
    Column(tr("Valence"), tr("Concordance with the mean of the other raters")),
    Column(tr("Arousal"), tr("Concordance with the mean of the other raters")),
)


class FanLegend(QFrame):
    """The legend of the lines, as short strokes and words.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.text = label("", "small")
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.setLayout(row(self.text, None))
        self._parts: list[tuple[str, str, str]] = []
        theme.redraw_with(self, self._show)

    def tell(self, parts: list[tuple[str, str, str]]) -> None:
        """Show (stroke, token, words) of each kind of line."""
        self._parts = parts
        self._show()

    def _show(self) -> None:
        self.text.setText(
            "&nbsp;&nbsp;&nbsp;&nbsp;".join(
                f"<span style='color:{getattr(self._theme.tokens, token)}'><b>{stroke}</b></span>&nbsp; {escape(words)}"
                for stroke, token, words in self._parts
            )
        )


class FanPage(QWidget):
    """The page of traces, with plots at the left and recipe and raters at the right.

    Args:
        state: The state with the traces.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: DashboardState | None = None
        self.fan: Fan | None = None
        self._offered: str | None = None
        theme = state.context.theme
        self.item = wide_choice(tr("Item"))
        self.condition = wide_choice(tr("Condition"))
        self.method = wide_choice(tr("Gold standard"))
        self.align = wide_choice(tr("Lags"))
        for key, title in METHODS:
            self.method.addItem(title, key)
        for key, title in ALIGNS:
            self.align.addItem(pretty(title), key)
        self.item.currentIndexChanged.connect(self._on_item)
        for combo in (self.condition, self.method, self.align):
            combo.currentIndexChanged.connect(self._draw)
        self.plots = [FanPlot(theme, axis) for axis in (0, 1)]
        self.plots[1].getPlotItem().setXLink(self.plots[0].getPlotItem())
        self.behind = BehindPlot(theme)
        self.behind.getPlotItem().setXLink(self.plots[0].getPlotItem())
        self.legend = FanLegend(theme)
        self.open = button(
            tr("Open the clip here"), icon_name="play", tip=tr("In Review, at the beginning of the plot's view")
        )
        self.open.clicked.connect(self._on_open)
        main = Card()
        main.body.addLayout(WrappedRow(self.item, self.condition, self.open, push=self.open))
        main.body.addWidget(self.legend)
        for plot in self.plots:
            plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            plot.setMinimumHeight(LEAST)
            main.body.addWidget(plot, 1)
        main.body.addWidget(self.behind)
        self.side = QWidget()
        lay_scrolled(self.side, column(self._side()))
        left = QWidget()
        lay_scrolled(left, column(main))
        box = row(left, self.side, spacing=SPACE_S)
        box.setStretch(0, 1)
        self.setLayout(column(box))

    def _side(self) -> Card:
        """Return the recipe, what it gives and the raters."""
        side = Card(tr("Gold standard"))
        side.body.addWidget(label(tr("Combine raters by"), "caption"))
        side.body.addWidget(self.method)
        side.body.addWidget(label(tr("Reaction lags"), "caption"))
        side.body.addWidget(self.align)
        self.store = button(
            tr("Store as gold standard"), "primary", tip=tr("For every traced item; raw traces stay (Ctrl+G)")
        )
        self.store.clicked.connect(lambda: self._state.context.commands.run("agreement.store_gold"))
        side.body.addLayout(row(self.store, None))
        self.told = label("", "small", wrap=True)
        side.body.addWidget(self.told)
        self.notes = label("", "small", wrap=True)
        side.body.addWidget(self.notes)
        self.weigh = button(tr("Weigh raters (EWE)"), tip=tr("Raters who agree little with the others count less"))
        self.weigh.clicked.connect(lambda: self.method.setCurrentIndex(self.method.findData("ewe")))
        side.body.addLayout(row(self.weigh, None))
        side.body.addSpacing(SPACE_S)
        side.body.addWidget(label(tr("Raters"), "section"))
        self.table = ResultView(self._state.context.theme, RATERS, tr("Raters of this item"))
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        side.body.addWidget(self.table, 1)
        self.take_back = button(
            "", tip=tr("Choose whether the traces of this row's rater count for lags and gold standards")
        )
        self.take_back.clicked.connect(self._on_take_back)
        side.body.addLayout(row(self.take_back, None))
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.side.setFixedWidth(side_width(self._state.context.theme, self.width()))
        super().resizeEvent(event)

    @property
    def recipe(self) -> FanRecipe:
        """The chosen recipe."""
        return FanRecipe(str(self.method.currentData()), cast(Align, self.align.currentData()))

    def show_shown(self, shown: DashboardState | None) -> None:
        """Offer the traced items of these labels."""
        self._shown = shown
        found = traced_items(shown.data) if shown is not None else {}
        now = self.item.currentData()
        self.item.blockSignals(True)
        self.item.clear()
        for name in found:
            self.item.addItem(name, name)
        self.item.setCurrentIndex(max(self.item.findData(now), 0) if found else -1)
        self.item.blockSignals(False)
        self._state.context.commands.set_condition("agreement.traces", bool(found))
        self._on_item()

    def keep(self) -> None:
        """Store the gold standards of this recipe."""
        state = self._state
        state.context.write(store_gold, state.study, self.recipe, on_done=self._on_stored)

    def _on_stored(self, stored: tuple[list[GoldRecord], list[UserError]]) -> None:
        made, refused = stored
        what = dict(METHODS)[self.recipe.method].lower()
        if refused:
            self._state.context.notify(
                tr(
                    "Stored {gold_standards} ({what}). {refused} could not be made: {reasons}",
                    gold_standards=many(len(made), tr("gold standard"), tr("gold standards")),
                    what=what,
                    refused=len(refused),
                    reasons=" ".join(str(error) for error in refused[:3]),
                ),
                tone="warning",
            )
            self._draw()
            return
        self._state.context.notify(
            tr(
                "Stored {gold_standards} ({what}); raw traces stay as they are.",
                gold_standards=many(len(made), tr("gold standard"), tr("gold standards")),
                what=what,
            ),
            tone="ok",
        )
        self._draw()

    def _on_item(self) -> None:
        found = traced_items(self._shown.data) if self._shown is not None else {}
        now = self.condition.currentData()
        self.condition.blockSignals(True)
        self.condition.clear()
        for name in found.get(str(self.item.currentData()), ()):
            self.condition.addItem(pretty(name), name)
        self.condition.setCurrentIndex(max(self.condition.findData(now), 0) if self.condition.count() else -1)
        self.condition.blockSignals(False)
        self._draw()

    def _draw(self) -> None:
        self.align.setEnabled(self.method.currentData() != "bayes")  # the model of raters finds lags itself
        project, shown = self._state.context.project, self._shown
        item, condition = self.item.currentData(), self.condition.currentData()
        if project is None or shown is None or not item or not condition:
            self._on_fan(None)
            return
        self._state.context.work.start(
            tr("Traces"), "io", make_fan, project, shown.data, item, condition, self.recipe, on_done=self._on_fan,
            replace="agreement.fan",
        )  # fmt: skip

    def _on_fan(self, fan: Fan | None) -> None:
        self.fan = fan
        for plot in self.plots:
            plot.show_fan(fan)
        self.behind.show_fan(fan)
        self.open.setEnabled(fan is not None)
        if fan is None:
            self.table.fill([])
            self.told.setText(tr("Nobody has traced anything under these filters."))
            self.notes.setText("")
            self.weigh.hide()
            self.take_back.hide()
            self.legend.tell([])
            return
        parts = [
            ("╌╌", "text_faint", "raters"),
            ("━━", "text", tr("gold standard ({fan_name})", fan_name=fan_name(self.recipe))),
        ]
        if fan.spread is not None:
            parts.append(("──", "text", tr("90 % interval")))
        if fan.stored:
            parts.append(("┈┈", "text_soft", "stored: " + ", ".join(fan.stored)))
        if fan.predicted is not None:
            parts.append(("━━", "valence", ""))
            parts.append(("━━", "arousal", "prediction"))
        self.legend.tell(parts)
        self._fill(fan)

    def _fill(self, fan: Fan) -> None:
        rows = []
        for k, rater in enumerate(fan.raters):
            aside = fan.aside.get(rater, "")
            why = aside or fan.not_removed.get(rater, "")
            lag = tr("not removed") if rater in fan.not_removed else f"{figure(fan.lags_s[rater])} s"
            scores = [fan.ceilings[axis].per_rater[k].ccc for axis in (0, 1)]
            weights = [fan.weights[axis, k] for axis in (0, 1)]
            rows.append(
                (
                    ResultCell(rater, tip=why, tone="warning" if aside else ""),
                    ResultCell(tr("set aside") if aside else lag, fan.lags_s[rater], why, "warning" if why else ""),
                    ResultCell(" / ".join(figure(w) for w in weights), float(weights[0])),
                    *(ResultCell(figure(v), v) for v in scores),
                )
            )
        self.table.fill(rows, list(fan.raters))
        self.notes.setText("\n".join([*fan.notes, *([fan.advice] if fan.advice else [])]))
        self.notes.setVisible(bool(self.notes.text()))
        self.weigh.setVisible(bool(fan.advice))
        self._on_row()
        self.told.setText(tr("Concordance. ") + ". ".join(sentence_case(fan.told(axis)) for axis in (0, 1)) + ".")

    def _on_row(self, *_: object) -> None:
        """Offer to take the rater of the row back, or the first of those who are set aside."""
        fan, shown = self.fan, self._shown
        project = self._state.context.project
        taken = shown.data.taken_back if shown is not None else ()
        rater = self.table.current_key()
        if fan is not None and rater not in (*fan.aside, *taken):
            rater = next((one for one in fan.raters if one in (*fan.aside, *taken)), None)
        self._offered = rater if fan is not None else None
        self.take_back.setVisible(self._offered is not None)
        self.take_back.setEnabled(project is not None and not project.read_only)
        if fan is not None and rater is not None:
            self.take_back.setText(
                tr("Take {rater} back", rater=rater)
                if rater in fan.aside
                else tr("Set {rater} aside again", rater=rater)
            )

    def _on_take_back(self) -> None:
        if self.fan is None or self._offered is None:
            return
        act = take_back if self._offered in self.fan.aside else set_aside_again
        self._state.context.write(act, self._offered)

    def _on_open(self) -> None:
        if self.fan is not None:
            begin = float(self.plots[0].getPlotItem().viewRange()[0][0])
            start_s = max(begin, float(self.fan.times_s[0]))
            self._state.context.open_clip(self.fan.clip_id, start_s, self.fan.item_id, self.fan.condition)


def sentence_case(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def fan_name(recipe: FanRecipe) -> str:
    """Return a recipe in a few words."""
    return dict(METHODS)[recipe.method].lower().replace("ewe", "EWE") + (
        "" if recipe.align == "none" or recipe.method == "bayes" else f", {dict(ALIGNS)[recipe.align]}"
    )
