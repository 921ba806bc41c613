"""An item in all its conditions side by side, playing in step, with what every rater gave in each."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QTabWidget, QWidget

from app.domain.clock import clock_text
from app.domain.media import Frame
from app.services.agreement.items import ItemAnswers
from app.services.study.beside import ItemBeside, item_beside
from app.services.study.viewing import TaskView, prepare_views, told_problem
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.icons import icon
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.judging.item_player import ItemPlayer
from app.ui.parts.judging.stage import Stage
from app.ui.parts.player.seekbar import SeekBar
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.spoken import pass_over_pages
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.agreement.answers import AnswersChart
from app.ui.screens.agreement.look import ordered, pretty

NONE: Final = "–"
"""What stands in the table for a judgement that was not given."""
CANNOT_TELL: Final = "?"
"""What stands in the table where a rater could not tell."""


class SideBySide(QDialog):
    """A window of its own. One player decodes each frame once, so that all pictures show the same moment.

    Args:
        context: The context with the open project.
        answers: What the raters gave, as the filters of the screen leave it.
        scale: The lowest and highest points.
        review: Called to open the item in Review.
        parent: The main window.
    """

    def __init__(
        self,
        context: AppContext,
        answers: ItemAnswers,
        scale: tuple[float, float],
        review: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{answers.item}: conditions side by side")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1100, 760)
        self._context, self.answers = context, answers
        self.stages: dict[str, Stage] = {}
        self._views: list[tuple[Stage, TaskView]] = []
        self._shown: ItemBeside | None = None
        self.player = ItemPlayer(context, self)
        self._pictures = QHBoxLayout()
        self._pictures.setSpacing(SPACE_M)
        self.play = button("Play", icon_name="play", tip="Play or pause (Space)")
        self.bar = SeekBar(context.theme)
        self.clock = label("", "small")
        self.to_review = button("Open in Review", tip="With curves and traces, at the beginning of the item")
        self.chart = AnswersChart(context.theme)
        self.chart.show_answers(answers, scale)
        self.table = _table(answers)
        self._build(review)
        self._connect()
        context.query(item_beside, answers.item, answers.conditions, on_done=self._on_read)

    def _build(self, review: Callable[[], None]) -> None:
        for made in (self.play, self.to_review):
            made.setAutoDefault(False)
        self.to_review.clicked.connect(review)
        self.to_review.clicked.connect(self.close)
        pictures = QWidget()
        controls = row(self.play, self.bar, self.clock, self.to_review, spacing=SPACE_M)
        controls.setStretch(1, 1)
        box = column(self._pictures, controls, spacing=SPACE_S)
        box.setStretch(0, 1)
        pictures.setLayout(box)
        tabs = QTabWidget()
        pass_over_pages(tabs)
        tabs.addTab(self.chart, "Marks")
        tabs.addTab(self.table, "Table")
        tabs.setAccessibleName("What every rater gave")
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(pictures)
        split.addWidget(tabs)
        split.setSizes([380, 340])
        self.setLayout(column(split, margins=SPACE_M))

    def _connect(self) -> None:
        player = self.player
        player.frame_shown.connect(self._on_frame)
        player.state_changed.connect(self._on_state)
        self.play.clicked.connect(player.toggle)
        self.bar.sought.connect(player.seek)
        self.bar.dragged.connect(player.scrub)
        for keys, act in (
            ("Space", player.toggle), ("Left", lambda: player.step(-1)), ("Right", lambda: player.step(1)),
            ("Home", lambda: player.seek(player.item_range_s[0])),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self, act)
        self._context.project_changed.connect(self.close)
        self._context.closing.connect(self.close)
        self.finished.connect(lambda _result: player.close())

    def closeEvent(self, event: object) -> None:
        """Release the clip."""
        self.player.close()
        super().closeEvent(event)  # type: ignore[arg-type]

    # What is shown

    @while_there
    def _on_read(self, found: ItemBeside) -> None:
        self._shown = found
        for task in found.tasks:
            name = task.slot.slot.condition
            stage = Stage(self._context.theme)
            stage.setAccessibleName(f"{pretty(name)}: picture")
            self.stages[name] = stage
            judged = sum(1 for condition, *_ in self.answers.scores if condition == name) or any(
                condition == name for condition, _ in self.answers.categories
            )
            words = pretty(name) + ("" if judged else " (not judged)")
            self._pictures.addLayout(column(label(words, "section"), stage, spacing=SPACE_S), 1)
        first = found.tasks[0]
        if first.clip is None or first.path is None or first.clip.missing:
            self._say(told_problem(first) or "The file of this clip is not where it was.")
            return
        self.player.set_silent(not any(task.condition is not None and task.condition.audio for task in found.tasks))
        self.player.open_item(
            first.path,
            first.start_s,
            first.end_s,
            self._on_open,
            lambda error: self._say(str(error)),
            partial(prepare_views, found.tasks),
        )

    def _say(self, words: str) -> None:
        for stage in self.stages.values():
            stage.set_words(words)

    def _on_open(self) -> None:
        if self._shown is None:
            return
        start_s, end_s = self.player.item_range_s
        self.bar.set_range(start_s, end_s)
        for task in self._shown.tasks:
            stage = self.stages[task.slot.slot.condition]
            if task.obstacle is not None:
                stage.set_words(task.problem)
            else:
                self._views.append((stage, TaskView(task, self.player.times_s, start_s, end_s)))
        self._on_state()

    def _on_frame(self, frame: Frame) -> None:
        for stage, view in self._views:
            stage.show_picture(view.picture(frame).image)
        start_s, end_s = self.player.item_range_s
        self.bar.set_position(frame.time_s)
        self.clock.setText(f"{clock_text(frame.time_s - start_s)} of {clock_text(end_s - start_s)}")

    def _on_state(self) -> None:
        playing = self.player.playing
        self.play.setText("Pause" if playing else "Play")
        self.play.setIcon(icon("pause" if playing else "play"))
        self.play.setEnabled(self.player.is_open and len(self.player.times_s) > 1)


def _table(answers: ItemAnswers) -> RowsTable:
    """Return every rater's points as a table, one row for each rater and condition."""
    emotions = ordered(answers.emotions)
    headings = ["Condition", "Rater", *(pretty(name) for name in emotions)]
    if answers.categories:
        headings.append("Category")
    made = RowsTable(headings, "What every rater gave", stretch=0)
    made.show_rows(answer_rows(answers))
    return made


def answer_rows(answers: ItemAnswers) -> list[tuple[str, ...]]:
    """Return every rater's points as rows: condition, rater, points by emotion, and the category if any was asked for.

    Args:
        answers: What the raters gave to one item.
    """
    rows = []
    for condition in answers.conditions:
        for rater in answers.raters:
            points = [answers.scores.get((condition, name, rater)) for name in ordered(answers.emotions)]
            category = answers.categories.get((condition, rater))
            if category is None and all(value is None for value in points):
                continue
            cells = [NONE if value is None else CANNOT_TELL if value != value else f"{value:g}" for value in points]
            if answers.categories:
                cells.append(NONE if category is None else pretty(category) if category else CANNOT_TELL)
            rows.append((pretty(condition), rater, *cells))
    return rows
