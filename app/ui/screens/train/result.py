"""The comparison of old and new model: a sentence, the numbers, both models over a clip, and two buttons."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.domain.traces import DIMENSIONS
from app.domain.words import change, figure
from app.services.retrain.category_compare import TITLES
from app.services.retrain.comparison import ClipSeries, Comparison
from app.services.retrain.learning_curve import CurvePoint
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, label, row, set_tone
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.plain_plot import dress, pen, plot
from app.ui.screens.train.confusion import ConfusionTable
from app.ui.screens.train.people import PeopleRow
from app.ui.screens.train.scores import ScoreTable, validated_words
from app.ui.screens.train.taught import TaughtTable

NOTHING = tr("Train a model to see its comparison with the one in use here.")
HOW = tr(
    "About a third of the labelled people are held out. Both models predict them, and the difference is given with an "
    "interval over people. If the new model is clearly better, one press puts it into use. Otherwise the answer says "
    "that it is not."
)


def difference_words(comparison: dict[str, Any] | None) -> list[str]:
    """Return a line for each measure of two models of categories: old, new, their difference, and one rater's value."""
    found = []
    for name, title in TITLES.items():
        each = (comparison or {}).get(name)
        if each is None or each["difference"] is None:
            continue
        human = (
            ""
            if each["human_ceiling"] is None
            else tr("; one rater against the others {each}", each=f"{each['human_ceiling']:.3f}")
        )
        was = (comparison or {})["models"]["old"]
        found.append(
            f"{title.capitalize() if title.islower() else title}: {was} {each['old']:.3f} → {each['new']:.3f} "
            f"({change(each['difference'], *each['interval'])}){human}."
        )
    return found


class ResultPanel(Card):
    """The comparison of a run with the model that was in use.

    Args:
        theme: The window's fonts and colours.
        title_of: Returns the title of a model of a name.
    """

    promote_wanted = Signal(str)
    rollback_wanted = Signal()
    renew_wanted = Signal()

    def __init__(self, theme: Theme, title_of: Callable[[str], str] = str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Old against new"), parent=parent)
        self._title_of = title_of
        self._theme = theme
        self._model = ""
        self._comparison: Comparison | None = None
        self.sentence = label("", "title", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.validated = label("", "small", wrap=True)
        self.in_use = ElidedLabel()
        self.promote = button(
            tr("Use the new model"), "primary", "check", tip=tr("Promote it: live and for whole clips")
        )
        self.promote.clicked.connect(lambda: self.promote_wanted.emit(self._model))
        self.rollback = button(tr("Roll back"), "", "undo", tip=tr("Go back to the model that was in use before"))
        self.rollback.clicked.connect(self.rollback_wanted.emit)
        self.renew = button(tr("Analyse them again"), tip=tr("Analyse them in the background; the old curves are kept"))
        self.renew.clicked.connect(self.renew_wanted.emit)
        self._behind_text = label("", wrap=True)
        self._behind = self._notice()
        self.scores = ScoreTable(theme)
        self.people = PeopleRow(theme)
        self.confusion = ConfusionTable(theme)
        self.taught = TaughtTable()
        self.clips = ChoiceBox(tr("Clip"), 22)
        self.clips.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clips.currentIndexChanged.connect(self._draw)
        self.per_clip = ElidedLabel()
        self.key = label(tr("dashed: labels   thin: old model   thick: new model"), "caption")
        self.plots = {name: plot(name) for name in DIMENSIONS}
        for each in (*self.plots.values(), self.people.plot):
            each.setMinimumHeight(120)
        self._report: Path | None = None
        self.report = button(
            tr("Open the report"), tip=tr("Confusion of categories, people's own agreement, and every clip")
        )
        self.report.clicked.connect(self._on_report)
        actions = row(self.in_use, self.report, self.rollback, self.promote, spacing=SPACE_M)
        actions.setStretch(0, 1)
        clip_row = row(self.clips, self.per_clip, spacing=SPACE_M)
        clip_row.setStretch(1, 1)
        self.body.addWidget(self.sentence)
        self.body.addLayout(actions)
        self.body.addWidget(self._behind)
        for part in (self.scores, self.validated, self.taught, self.confusion, self.people, self.notes):
            self.body.addWidget(part)
        self.body.addLayout(clip_row)
        self.body.addLayout(row(*self.plots.values(), self.people.plot, spacing=SPACE_M), 1)
        self.body.addWidget(self.key)
        self.body.addStretch(0)
        theme.redraw_with(self, self._draw)
        self.set_behind("")
        self.show_result("", None, None)

    def _notice(self) -> QFrame:
        made = QFrame()
        made.setProperty("kind", "notice")
        inside = row(self._behind_text, self.renew, spacing=SPACE_M)
        inside.setStretch(0, 1)
        inside.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        made.setLayout(inside)
        return made

    def set_in_use(self, name: str, *, can_roll_back: bool) -> None:
        """Say which model predicts now."""
        self.in_use.set_text(tr("In use: {title_of}", title_of=self._title_of(name)) if name else "")
        self.rollback.setEnabled(can_roll_back)
        self.rollback.setVisible(can_roll_back)

    def set_behind(self, sentence: str) -> None:
        """Say that stored curves come from another model, and offer to renew them; empty for nothing."""
        self._behind_text.setText(
            tr("{sentence} Live values already come from the model in use.", sentence=sentence) if sentence else ""
        )
        self._behind.setVisible(bool(sentence))

    def show_failure(self, name: str, why: str) -> None:
        """Show a run that made no model."""
        self.show_result("", None, None)
        self.sentence.setText(tr("{name} made no model.", name=name))
        set_tone(self.sentence, "warning")
        self.notes.setText(why)
        self.notes.setVisible(bool(why))

    def show_categories(
        self,
        name: str,
        sentences: Sequence[str],
        report: Path | None,
        notes: str,
        comparison: dict[str, Any] | None = None,
    ) -> None:
        """Show a training of categories with its scores and its report.

        Args:
            name: Name of the run.
            sentences: Its scores in words.
            report: The path of the page; None if it does not exist.
            notes: Notes on the training.
            comparison: The stored comparison with the model in use; None if it could not be made.
        """
        self.show_result("", None, None)
        self._model = name
        overall = (comparison or {}).get("overall", {})
        offers = bool(overall.get("offers_promotion"))
        self.sentence.setText(overall.get("text") or tr("{name} predicts the category of whole clips.", name=name))
        set_tone(self.sentence, "" if offers or not overall else "warning")
        self.promote.setVisible(offers)
        self.validated.setText("\n".join([*difference_words(comparison), *sentences]))
        self.validated.show()
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self._report = report
        self.report.setVisible(report is not None)

    def show_taught(self, name: str, sentence: str, facts: dict[str, Any], report: Path | None, notes: str) -> None:
        """Show a context experiment.

        Args:
            name: Name of the run.
            sentence: The gain from context in words.
            facts: Its tables, as the record stores them.
            report: The path of the page; None if it does not exist.
            notes: Notes on the experiment.
        """
        self.show_result("", None, None)
        self.sentence.setText(sentence or tr("{name} has too few items to say what context adds.", name=name))
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self.taught.show_facts(facts)
        self._report = report
        self.report.setVisible(report is not None)

    def _on_report(self) -> None:
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report)))

    def show_result(
        self,
        model: str,
        comparison: Comparison | None,
        stored: dict[str, Any] | None,
        *,
        validated: dict[str, Any] | None = None,
        points: tuple[CurvePoint, ...] = (),
        notes: str = "",
    ) -> None:
        """Show a training and its comparison.

        Args:
            model: Name of the new model; empty for none.
            comparison: The comparison with all series; None for an earlier run.
            stored: The stored numbers, which are used if `comparison` is None.
            validated: The result of the cross-validation.
            points: The learning curve over people.
            notes: Notes on the training.
        """
        self._model, self._comparison = model, comparison
        self.report.hide()
        self.taught.show_facts(None)
        self.confusion.show_confusions(())
        numbers = comparison.as_dict() if comparison is not None else stored
        overall = (numbers or {}).get("overall", {})
        text = overall.get("text", "")
        if not model:
            text = NOTHING
        elif not text:
            text = tr("{model} was not compared.", model=model)
        self.sentence.setText(text)
        set_tone(self.sentence, "" if overall.get("offers_promotion") or not overall else "warning")
        self.promote.setVisible(bool(overall.get("offers_promotion")))
        parts = (*(numbers or {}).get("notes", ()), notes) if model else (HOW,)
        said = " ".join(dict.fromkeys(part for part in parts if part))
        self.notes.setText(said)
        self.notes.setVisible(bool(said))
        self.scores.show_numbers(numbers or {})
        self.validated.setText(validated_words(validated))
        self.validated.setVisible(bool(self.validated.text()))
        self.people.show_points(points, offered=bool(model))
        self.clips.blockSignals(True)
        self.clips.clear()
        for clip in comparison.clips if comparison is not None else ():
            self.clips.addItem(f"{clip.subject} · {clip.clip}", clip.clip)
        self.clips.blockSignals(False)
        for part in (self.clips, self.per_clip, self.key, *self.plots.values()):
            part.setVisible(comparison is not None)
        self._draw()

    def _draw(self) -> None:
        self.promote.setIcon(icon("check", self._theme.tokens.on_accent))
        clip = self._clip()
        for at, (name, made) in enumerate(self.plots.items()):
            made.clear()
            dress(made, self._theme, name)
            made.setYRange(-1, 1)
            if clip is not None:
                self._curves(made, clip, at, name)
        if clip is None:
            self.per_clip.set_text("")
            return
        parts = []
        for at, name in enumerate(DIMENSIONS):
            was, now = clip.scores(at)
            parts.append(tr("{name} CCC {was} → {now}", name=name, was=figure(was.ccc, 3), now=figure(now.ccc, 3)))
        self.per_clip.set_text(tr("this clip: ") + ",  ".join(parts))

    def _curves(self, made: pg.PlotWidget, clip: ClipSeries, at: int, name: str) -> None:
        theme, x = self._theme, clip.times_s - clip.begins_s
        lines = (
            (clip.gold, pen(theme, "text_soft", dashed=True, width=1.6)),
            (clip.old, pen(theme, name, width=1.0, alpha=0.6)),
            (clip.new, pen(theme, name, width=2.4)),
        )
        for values, drawn in lines:
            made.plot(x, values[:, at], pen=drawn, connect="finite")
        made.addItem(pg.InfiniteLine(0, angle=0, pen=pen(theme, "border_strong", width=1)))
        if len(x):
            made.setXRange(float(x[0]), float(x[-1]), padding=0.01)

    def _clip(self) -> ClipSeries | None:
        comparison, at = self._comparison, self.clips.currentIndex()
        if comparison is None or not 0 <= at < len(comparison.clips):
            return None
        return comparison.clips[at]
