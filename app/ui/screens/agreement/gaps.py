"""The page of guided review: where people and the model part most, played in both conditions, each with a reason."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QSplitter, QWidget

from app.domain.changes import Edit
from app.domain.clock import clock_text
from app.domain.gaps import CATEGORY, MOST_REASONS, Gap, ReasonWord, counted
from app.domain.traces import DIMENSIONS
from app.domain.words import figure, many
from app.services.agreement.fan import traced_items
from app.services.agreement.gap_reasons import GivenReasons, export_reasons, read_reasons, reason_edit, words_edit
from app.services.agreement.gaps import GapQueue, find_gaps
from app.services.agreement.items import answers_of
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, lay_scrolled, row, say
from app.ui.parts.widgets.fields import wide_choice
from app.ui.parts.widgets.wrapped import WrappedRow
from app.ui.screens.agreement.both import BothViews
from app.ui.screens.agreement.computed import ComputedPage
from app.ui.screens.agreement.look import pretty
from app.ui.screens.agreement.reason_list import ReasonsDialog
from app.ui.screens.agreement.state import AgreementState, DashboardState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

if TYPE_CHECKING:
    from app.services.projects.files import Project

COLUMNS: Final = (
    Column(tr("Item"), right=False),
    Column(tr("Condition"), tr("The viewing condition in which people judged"), right=False),
    Column(tr("Judged"), right=False),
    Column(tr("At"), tr("Beginning of the moment, from the beginning of the clip")),
    Column(tr("Gap"), tr("Distance of the model from people's mean, in standard deviations of single people")),
    Column(tr("Reason"), right=False),
)
DROPPED: Final = (3, 1)
AROUND_S: Final = 1.5
"""Seconds before and after a moment that are played with it."""


class GapsPage(ComputedPage):
    """The page of gaps, with the queue at the left, and pictures and reasons at the right.

    Args:
        state: The state with labels and project.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.queue: GapQueue | None = None
        self.reasons: GivenReasons | None = None
        self._played: Gap | None = None
        self.condition = wide_choice(tr("Condition"))
        self.unreviewed = QCheckBox(tr("Without a reason only"))
        self.view = ResultView(
            state.context.theme, COLUMNS, tr("Where people and the model part"), stretch=-1, drop=DROPPED
        )
        self.known = label("", "small", wrap=True)
        self.title = label("", "title", wrap=True)
        self.told = label("", "small", wrap=True)
        self.views = BothViews(state.context)
        self.remark = QLineEdit()
        self.remark.setAccessibleName(tr("Remark on this moment"))
        self.remark.setPlaceholderText(tr("Remark"))
        self.remark.setToolTip(tr("Stored with the reason"))
        self.words = WrappedRow()
        self.buttons: list[QPushButton] = []
        self.back = button(tr("Take back"), tip=tr("Takes the reason of this moment back (Delete)"))
        self.edit_list = button(tr("Edit reasons…"), "link", tip=tr("The project's list of reasons"))
        self.open = button(tr("Open in Review"), icon_name="play", tip=tr("With curves and traces, at this moment"))
        self._lay()
        self._connect()
        for words in (self.known, self.title, self.told):
            say(words, "")

    def _lay(self) -> None:
        left = Card(tr("Where people and the model part most"))
        left.body.addLayout(WrappedRow(self.condition, self.unreviewed))
        left.body.addWidget(self.view, 1)
        left.body.addWidget(self.known)
        right = Card()
        head = row(self.title, self.open)
        head.setStretch(0, 1)
        right.body.addLayout(head)
        right.body.addWidget(self.told)
        right.body.addWidget(self.views, 1)
        right.body.addWidget(label(tr("Why do they part? The key gives the reason and goes on."), "caption"))
        right.body.addLayout(self.words)
        right.body.addLayout(row(self.remark, self.back, self.edit_list))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        # In a low window the pictures keep their height and the side scrolls.
        side = QWidget()
        lay_scrolled(side, column(right))
        split.addWidget(side)
        split.setSizes([660, 640])
        self.setLayout(column(split, spacing=SPACE_S))

    def _connect(self) -> None:
        self.condition.currentIndexChanged.connect(self._fill)
        self.unreviewed.toggled.connect(self._fill)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self.view.activated.connect(lambda _index: self.views.player.toggle())
        self.back.clicked.connect(lambda: self.give(""))
        self.remark.editingFinished.connect(self._on_remark)
        self.edit_list.clicked.connect(lambda: self._state.context.commands.run("agreement.edit_reasons"))
        self.open.clicked.connect(self._on_open)
        self.views.take_keys(self)
        keys = [(str(k + 1), partial(self._give_number, k)) for k in range(MOST_REASONS)]
        for name, act in [*keys, ("Delete", partial(self.give, ""))]:
            made = QShortcut(QKeySequence(name), self, act)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        context = self._state.context
        context.project_changed.connect(self.views.clear)
        context.closing.connect(self.views.close_player)

    @property
    def gap(self) -> Gap | None:
        """The gap of the chosen row."""
        found = self.view.current_key()
        return found if isinstance(found, Gap) else None

    # What is shown

    def clear(self) -> None:
        self.queue = self.reasons = self._played = None
        self.views.clear()
        self._fill()

    def outdated(self, shown: DashboardState) -> bool:
        # As with the placement of the model, only the labels and who counts matter.
        before = self._shown.results.choice if self._shown is not None else None
        return before != shown.results.choice or not shown.final

    def start(self, project: "Project", shown: DashboardState) -> None:
        say(self.known, tr("Looking for the moments on which people and the model part …"))
        self._state.context.work.start(
            tr("Comparing people with the model"), "io", find_gaps, project, shown.data, on_done=self._on_queue,
            replace="agreement.gaps",
        )  # fmt: skip
        self.read()

    def read(self) -> None:
        """Read the reasons again, because one was given or taken back."""
        if self._state.context.project is not None and self._state.allowed:
            self._state.context.query(read_reasons, on_done=self._on_reasons, replace="agreement.gap_reasons")

    def _on_queue(self, queue: GapQueue) -> None:
        if not self._state.allowed or self._shown is None:
            return
        self.queue = queue
        now = self.condition.currentData()
        self.condition.blockSignals(True)
        self.condition.clear()
        self.condition.addItem(tr("All conditions"), "")
        for name in dict.fromkeys(gap.condition for gap in queue.gaps):
            self.condition.addItem(pretty(name), name)
        self.condition.setCurrentIndex(max(self.condition.findData(now), 0))
        self.condition.blockSignals(False)
        self._fill()

    def _on_reasons(self, reasons: GivenReasons) -> None:
        if not self._state.allowed or self._shown is None:
            return
        self.reasons = reasons
        self._show_words(reasons)
        self._fill()

    def _show_words(self, reasons: GivenReasons) -> None:
        names = [one.name for one in reasons.words]
        if [made.property("reason") for made in self.buttons] == names:
            return
        for made in self.buttons:
            self.words.removeWidget(made)
            made.deleteLater()
        self.buttons = []
        for k, name in enumerate(names):
            key = f"{k + 1}  " if k < MOST_REASONS else ""
            made = button(f"{key}{name}".replace("&", "&&"))
            made.setProperty("reason", name)
            made.setCheckable(True)
            made.clicked.connect(partial(self._on_button, name))
            self.words.addWidget(made)
            self.buttons.append(made)

    def _fill(self) -> None:
        queue, wanted = self.queue, self.condition.currentData()
        gaps = [gap for gap in queue.gaps if wanted in ("", None, gap.condition)] if queue is not None else []
        if self.unreviewed.isChecked():
            gaps = [gap for gap in gaps if not self._reason(gap) or gap == self.gap]
        self.view.fill([self._row(gap) for gap in gaps], gaps)
        if gaps and not self.view.currentIndex().isValid():
            self.view.selectRow(0)
        self._tell()
        self._on_row()

    def _row(self, gap: Gap) -> tuple[ResultCell, ...]:
        reason = self._reason(gap)
        return (
            ResultCell(gap.item),
            ResultCell(pretty(gap.condition)),
            ResultCell(_what(gap)),
            ResultCell(clock_text(gap.start_s), gap.start_s),
            ResultCell(figure(gap.size, 1), gap.size, told_gap(gap)),
            ResultCell(reason),
        )

    def _reason(self, gap: Gap) -> str:
        return "; ".join(one.reason for one in self.reasons.of(gap)) if self.reasons is not None else ""

    def _tell(self) -> None:
        queue, reasons = self.queue, self.reasons
        if queue is None:
            say(self.known, "")
            return
        said = []
        if queue.models:
            done = sum(1 for gap in queue.gaps if self._reason(gap))
            said.append(
                tr(
                    "{models}: {moments}, {done} with a reason.",
                    models=", ".join(queue.models),
                    moments=many(queue.n, tr("moment"), tr("moments")),
                    done=done,
                )
            )
        counts: dict[str, int] = {}
        for one in counted(reasons.given) if reasons is not None else ():
            counts[one.reason] = counts.get(one.reason, 0) + one.n
        if counts:
            said.append(tr("Given so far: ") + ", ".join(f"{name} {n}" for name, n in counts.items()) + ".")
        say(self.known, "\n".join([*said, *queue.notes]))

    def _on_row(self, *_: object) -> None:
        gap = self.gap
        given = self.reasons.of(gap) if gap is not None and self.reasons is not None else ()
        for each in (self.open, self.remark, *self.buttons):
            each.setEnabled(gap is not None)
        self.back.setEnabled(bool(given))
        for made in self.buttons:
            made.setChecked(any(one.reason == made.property("reason") for one in given))
        if not self.remark.hasFocus() or gap != self._played:
            self.remark.setText(given[0].text if given else "")
        if gap is None:
            say(self.title, "")
            say(self.told, "")
            if self._played is not None:
                self._played = None
                self.views.clear()
            return
        say(self.title, f"{gap.item}, {pretty(gap.condition).lower()}: {_what(gap).lower()}")
        say(self.told, told_gap(gap))
        if gap != self._played and self.isVisible():
            self._played = gap
            self._play(gap)

    def _play(self, gap: Gap) -> None:
        shown = self._shown
        if shown is None:
            return
        answers = answers_of(shown.data, gap.item)
        judged = dict.fromkeys([*answers.conditions, *traced_items(shown.data).get(gap.item, ())])
        span_s = (max(gap.start_s - AROUND_S, 0.0), gap.end_s + AROUND_S) if gap.what in DIMENSIONS else None
        self.views.show_item(gap.item, tuple(judged), set(judged), span_s)

    # What is done

    def _give_number(self, k: int) -> None:
        if self.reasons is not None and k < len(self.reasons.words):
            self.give(self.reasons.words[k].name)

    def _on_button(self, name: str, _checked: bool = False) -> None:
        self.give(name)

    def give(self, word: str) -> None:
        """Give the chosen gap a reason and go to the next one without; an empty word takes the reason back."""
        gap = self.gap
        if gap is not None and self.reasons is not None:
            self._store(gap, word, self.remark.text().strip())
            if word:
                self._go_on()

    def _on_remark(self) -> None:
        """Store a changed remark of a gap that has a reason."""
        gap = self.gap
        given = self.reasons.of(gap) if gap is not None and self.reasons is not None else ()
        if gap is not None and given and self.remark.text().strip() != given[0].text:
            self._store(gap, given[0].reason, self.remark.text().strip())

    def _store(self, gap: Gap, word: str, text: str) -> None:
        self._state.context.query(reason_edit, gap, word, text, self.author, on_done=self._apply)

    @property
    def author(self) -> str:
        """Code of the person who is signed in; empty for nobody."""
        correcting = self._state.context.seat.correcting
        return correcting.who.code if correcting is not None else ""

    def _apply(self, edit: Edit | None) -> None:
        if edit is not None:
            self._state.context.apply(edit)

    def _go_on(self) -> None:
        """Go to the next row without a reason, after the last one to the first."""
        model, at = self.view.proxy, self.view.currentIndex().row()
        rows = [(at + k) % model.rowCount() for k in range(1, model.rowCount())]
        for place in rows:
            if not self._reason(self.view.key_at(model.index(place, 0))):
                self.view.selectRow(place)
                return

    def ask_list(self) -> None:
        """Open the dialog of the list of reasons."""
        if self.reasons is not None:
            ReasonsDialog(self.reasons.words, self._set_list, self.window()).open()

    def _set_list(self, wanted: list[ReasonWord]) -> None:
        self._state.context.query(words_edit, wanted, self.author, on_done=self._apply)

    def ask_export(self) -> None:
        """Ask for a file and write every reason as CSV."""
        context = self._state.context
        goal = context.ask_file.new(
            self.window(), tr("Export reasons"), f"{context.project_name}-reasons.csv", tr("Table (*.csv)")
        )
        if goal is not None:
            context.write(
                export_reasons,
                goal,
                on_done=lambda done: context.notify(
                    tr(
                        "Saved {done} with {reasons}.", done=done[0], reasons=many(done[1], tr("reason"), tr("reasons"))
                    ),
                    tone="ok",
                ),
            )

    def _on_open(self) -> None:
        gap = self.gap
        if gap is not None:
            self._state.context.open_clip(gap.clip_id, gap.start_s, gap.item_id, gap.condition)


def _what(gap: Gap) -> str:
    return tr("Category") if gap.what == CATEGORY else pretty(gap.what)


def told_gap(gap: Gap) -> str:
    """Return what people and the model gave, in a sentence."""
    if gap.what == CATEGORY:
        return tr(
            "{people} of {all} chose the commonest category, to which {name} gives {model}; {size} spreads apart.",
            people=f"{gap.people:.0%}",
            all=many(gap.n_raters, tr("person"), tr("people")),
            name=gap.name,
            model=f"{gap.model:.0%}",
            size=figure(gap.size, 1),
        )
    sign = gap.what in DIMENSIONS
    where = tr("on average over this moment") if sign else tr("on average")
    model = f"{gap.name} {figure(gap.model, sign=sign)}" + ("" if sign else tr(" (its probability, put on this scale)"))
    return tr(
        "{people} {mean} {where}, with a spread of {spread}; {model}: {size} spreads apart.",
        people=many(gap.n_raters, tr("person"), tr("people")),
        mean=figure(gap.people, sign=sign),
        where=where,
        spread=figure(gap.spread),
        model=model,
        size=figure(gap.size, 1),
    )
