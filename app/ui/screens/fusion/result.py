"""The page of a finished fusion: its answer in a sentence, what can be done with it, and all that was found."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QTabBar, QWidget

from app.domain.project import TrainingRecord
from app.fusion.affect import AFFECT_WAYS
from app.fusion.partition import PARTITIONS
from app.fusion.ways import WAYS
from app.services.fusion.affect import FACTS
from app.services.fusion.affect_outcome import AffectOutcome
from app.services.fusion.known import Fusions, of_affect
from app.services.fusion.outcome import CONTROL, FusionOutcome
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, column, keep_tall, label, row, set_tone
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.screens.fusion.affect import AffectPage
from app.ui.screens.fusion.calibration import CalibrationPage
from app.ui.screens.fusion.matrices import DiversityPage, WeightPage
from app.ui.screens.fusion.scores import LeftOutPage, ScorePage
from app.ui.screens.fusion.turns import TurnPage
from app.ui.screens.fusion.views import ViewsPage

NOTHING: Final = tr("Nothing has been fused here yet.")
READING: Final = tr("Reading what the fusion found …")
WRITING: Final = tr("Its model is being written and compared with the one in use. Then it can be used.")
TURNS: Final = tr("Wins and losses")
VIEWS: Final = tr("Viewing conditions")
TABS: Final = (tr("Scores"), tr("Weights"), tr("Without each member"), tr("Diversity"), tr("Calibration"), TURNS, VIEWS)


class ResultPage(QWidget):
    """The page of one fusion of the project, chosen from a list.

    The signal `chosen` carries the number of a fusion, `play_wanted` a title and items, `turns_shown` the items whose
    labels and verdicts are in view.

    Args:
        context: The context with the theme.
    """

    chosen = Signal(int)
    promote_wanted = Signal()
    rollback_wanted = Signal()
    play_wanted = Signal(str, object)
    turns_shown = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self._theme = theme
        self.list = ChoiceBox(tr("Fusions of this project"), 24)
        self.list.currentIndexChanged.connect(lambda _: self.chosen.emit(self.current()))
        self.in_use = ElidedLabel()
        self.report = button(
            tr("Open the report"), tip=tr("Everything on one page, with its tables as files beside it")
        )
        self.report.clicked.connect(self._on_report)
        self._report: Path | None = None
        self._known: Fusions | None = None
        self.rollback = button(tr("Roll back"), "", "undo", tip=tr("Go back to the model that was in use before"))
        self.rollback.clicked.connect(self.rollback_wanted.emit)
        self.promote = button(tr("Use the fusion"), "primary", "check", tip=tr("Promote it: live and for whole clips"))
        self.promote.clicked.connect(self.promote_wanted.emit)
        self.sentence = label("", "title", wrap=True)
        self.compared = label("", "body", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("What the fusion found"))
        self.scores, self.weights, self.left_out = ScorePage(theme), WeightPage(theme), LeftOutPage(theme)
        self.diversity, self.calibration, self.turns = DiversityPage(theme), CalibrationPage(theme), TurnPage()
        self.views = ViewsPage(theme)
        for page in (self.turns, self.views):
            page.wanted.connect(self.play_wanted.emit)
        for choice in (self.turns.other, self.views.pair):
            choice.currentIndexChanged.connect(self._tell_turns)
        self._parts = (
            self.scores, self.weights, self.left_out, self.diversity, self.calibration, self.turns, self.views
        )  # fmt: skip
        self.pages = QStackedWidget()
        for title, part in zip(TABS, self._parts, strict=True):
            self.tabs.addTab(title)
            self.pages.addWidget(part)
        self.tabs.currentChanged.connect(self._on_tab)
        self.affect = AffectPage(theme)
        self._lay_out()
        theme.redraw_with(self, self._on_theme)
        self._on_theme()
        self.show_words(NOTHING)

    def _lay_out(self) -> None:
        head = row(self.list, self.report, self.rollback, self.promote, spacing=SPACE_M)
        head.setStretch(0, 1)
        self._found = QWidget()
        found = column(self.tabs, self.pages)
        found.setStretch(1, 1)
        self._found.setLayout(found)
        card = Card()
        keep_tall(card)
        for part in (self.sentence, self.compared, self.notes, self.in_use):
            card.body.addWidget(part)
        card.body.addWidget(self._found, 1)
        card.body.addWidget(self.affect, 1)
        self._rest = QWidget()
        card.body.addWidget(self._rest, 1)
        area = QScrollArea()
        area.setAccessibleName(tr("Result of the fusion"))
        area.setWidgetResizable(True)
        area.setWidget(card)
        box = column(head, area)
        box.setStretch(1, 1)
        self.setLayout(box)

    def show_known(self, known: Fusions | None, follow: int = 0) -> None:
        """List the fusions of a project.

        Args:
            known: What the project knows; None without a project.
            follow: Number of the fusion to choose; 0 keeps the chosen one.
        """
        records = known.records if known is not None else ()
        wanted = follow or self.current()
        self.list.blockSignals(True)
        self.list.clear()
        for record in records:
            self.list.addItem(_title(record, in_use=known is not None and known.in_use(record)), record.id)
        self.list.setCurrentIndex(max(self.list.findData(wanted), 0) if records else -1)
        self.list.blockSignals(False)
        self.list.setEnabled(bool(records))
        self._known = known
        self._show_in_use()
        if not records:
            self.show_words(NOTHING)

    def _show_in_use(self) -> None:
        """Say which model predicts what the chosen fusion predicts."""
        known, number = self._known, self.current()
        record = None if known is None else next((each for each in known.records if each.id == number), None)
        used = known.used(record) if known is not None and record is not None else None
        what = tr("Valence and arousal") if record is not None and of_affect(record) else tr("Categories")
        self.in_use.set_text(
            tr("{what} are predicted by {name}", what=what, name=used.name) if used is not None else ""
        )
        for part in (self.in_use, self.rollback):
            part.setVisible(used is not None)

    def current(self) -> int:
        """Return the number of the chosen fusion; 0 without one."""
        number = self.list.currentData()
        return 0 if number is None else int(number)

    def name(self) -> str:
        """Return the name of the chosen fusion; empty without one."""
        return self.list.currentText().split("  ·  ")[0]

    def show_words(self, sentence: str, notes: str = "", *, tone: str = "") -> None:
        """Show a sentence instead of a fusion."""
        self.sentence.setText(sentence)
        set_tone(self.sentence, tone)
        self._show_notes("", notes)
        self.promote.hide()
        self._set_report(None)
        self._show_in_use()
        self._found.hide()
        self.affect.hide()
        self._rest.show()

    def show_outcome(
        self, record: TrainingRecord, outcome: FusionOutcome, report: Path | None, *, in_use: bool
    ) -> None:
        """Show what a fusion found.

        Args:
            record: Its record.
            outcome: What it found.
            report: The path of its page; None if it does not exist.
            in_use: Whether it is the model in use.
        """
        self.sentence.setText(outcome.sentence)
        set_tone(self.sentence, "" if outcome.verdict == "better" else "warning")
        partition = outcome.data.partition
        way, name = outcome.way["name"], partition.name
        told = [f"{WAYS[way][0].upper()}{WAYS[way][1:]}; {PARTITIONS[name]}."]
        told += [tr("The search was stopped; the weights are the best until then.")] if outcome.stopped else []
        told += [CONTROL] if outcome.control else []
        told += [partition.warning] if partition.warning else []
        told += [tr("Left out: {sentence}", sentence=each.sentence) for each in partition.in_the_way]
        told += [record.note] if record.note else []
        self._show_found(record, "\n".join(told), report, offers=not in_use and not outcome.control)
        for part in self._parts:
            part.show_outcome(outcome)
        self._found.show()
        self.affect.hide()
        self._tell_turns()

    def show_affect(self, record: TrainingRecord, outcome: AffectOutcome, report: Path | None, *, in_use: bool) -> None:
        """Show what a fusion of valence and arousal found; see `show_outcome`."""
        self.sentence.setText(outcome.sentence)
        set_tone(self.sentence, "" if outcome.verdict == "better" else "warning")
        words = AFFECT_WAYS[outcome.way]
        told = [f"{words[0].upper()}{words[1:]}; {PARTITIONS[outcome.partition]}."]
        told += outcome.warnings
        told += [tr("Left out: {sentence}", sentence=sentence) for sentence in outcome.in_the_way]
        told += [record.note] if record.note else []
        self._show_found(record, "\n".join(told), report, offers=not in_use and not outcome.control)
        self._found.hide()
        self.affect.show()
        self.affect.show_outcome(outcome)

    def _show_found(self, record: TrainingRecord, notes: str, report: Path | None, *, offers: bool) -> None:
        """Show what both kinds of fusions have: notes, the comparison, and what can be done."""
        overall = (record.metrics.get("comparison") or {}).get("overall", {})
        control = record.snapshot.get("labels", {}).get("shuffle_seed") is not None
        notes += f"\n{WRITING}" if record.status == "running" else ""
        self._show_notes("" if control else str(overall.get("text", "")), notes)
        self.promote.setVisible(bool(overall.get("offers_promotion")) and offers)
        self._set_report(report)
        self._show_in_use()
        self._rest.hide()

    def page(self, title: str) -> None:
        """Open one of `TABS`."""
        self.tabs.setCurrentIndex(TABS.index(title))

    def _show_notes(self, compared: str, notes: str) -> None:
        for part, text in ((self.compared, compared), (self.notes, notes)):
            part.setText(text)
            part.setVisible(bool(text))

    def _set_report(self, report: Path | None) -> None:
        self._report = report
        self.report.setVisible(report is not None)

    def _on_report(self) -> None:
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report)))

    def _on_tab(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        self._tell_turns()

    def _tell_turns(self) -> None:
        """Tell which items have their labels and verdicts in view."""
        title = TABS[self.tabs.currentIndex()]
        shown = self.turns.shown() if title == TURNS else self.views.shown() if title == VIEWS else ()
        if shown:
            self.turns_shown.emit(shown)

    def _on_theme(self) -> None:
        self.promote.setIcon(icon("check", self._theme.tokens.on_accent))


def _title(record: TrainingRecord, *, in_use: bool) -> str:
    name = record.model.name if record.model is not None else Path(record.folder).name or record.recipe
    mark = tr("in use") if in_use else ""
    verdict = (record.metrics.get(FACTS) or {}).get("verdict", "")
    control = tr("control") if record.snapshot.get("labels", {}).get("shuffle_seed") is not None else ""
    when = datetime.fromtimestamp(record.created_at).strftime("%Y-%m-%d %H:%M")
    parts: Sequence[str] = (name, mark, control, verdict or record.status, when)
    return "  ·  ".join(part for part in parts if part)
