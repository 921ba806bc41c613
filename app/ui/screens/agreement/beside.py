"""An item in all its conditions side by side, playing in step, with what every rater gave in each."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QSplitter, QTabWidget, QWidget

from app.services.agreement.items import ItemAnswers
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M
from app.ui.parts.judging.stage import Stage
from app.ui.parts.widgets.basic import button, column
from app.ui.parts.widgets.spoken import pass_over_pages
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.agreement.answers import AnswersChart
from app.ui.screens.agreement.both import BothViews
from app.ui.screens.agreement.look import ordered, pretty

NONE: Final = "–"
"""What stands in the table for a judgement that was not given."""
CANNOT_TELL: Final = "?"
"""What stands in the table where a rater could not tell."""


class SideBySide(QDialog):
    """A window of its own.

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
        self.setWindowTitle(tr("{item}: conditions side by side", item=answers.item))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1100, 760)
        self.answers = answers
        self.to_review = button(tr("Open in Review"), tip=tr("With curves and traces, at the beginning of the item"))
        self.to_review.setAutoDefault(False)
        self.to_review.clicked.connect(review)
        self.to_review.clicked.connect(self.close)
        self.views = BothViews(context, (self.to_review,))
        self.player = self.views.player
        self.chart = AnswersChart(context.theme)
        self.chart.show_answers(answers, scale)
        self.table = _table(answers)
        self._lay()
        self.views.take_keys(self)
        context.project_changed.connect(self.close)
        context.closing.connect(self.close)
        self.finished.connect(lambda _result: self.player.close())
        judged = {condition for condition, *_ in self.answers.scores} | {one for one, _ in self.answers.categories}
        self.views.show_item(answers.item, answers.conditions, judged)

    @property
    def stages(self) -> dict[str, Stage]:
        """The picture of each condition."""
        return self.views.stages

    def _lay(self) -> None:
        tabs = QTabWidget()
        pass_over_pages(tabs)
        tabs.addTab(self.chart, tr("Marks"))
        tabs.addTab(self.table, tr("Table"))
        tabs.setAccessibleName(tr("What every rater gave"))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.views)
        split.addWidget(tabs)
        split.setSizes([380, 340])
        self.setLayout(column(split, margins=SPACE_M))

    def closeEvent(self, event: object) -> None:
        """Release the clip."""
        self.player.close()
        super().closeEvent(event)  # type: ignore[arg-type]


def _table(answers: ItemAnswers) -> RowsTable:
    """Return every rater's points as a table, one row for each rater and condition."""
    emotions = ordered(answers.emotions)
    headings = [tr("Condition"), tr("Rater"), *(pretty(name) for name in emotions)]
    if answers.categories:
        headings.append(tr("Category"))
    made = RowsTable(headings, tr("What every rater gave"), stretch=0)
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
