"""What a fusion of valence and arousal found: scores, weights, the fusion without each member, errors, clips."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QTabBar, QWidget

from app.domain.traces import DIMENSIONS
from app.domain.words import figure, many
from app.fusion.affect_gains import ItemErrors
from app.fusion.affect_scores import AffectRow
from app.fusion.gains import FUSION
from app.services.fusion.affect_outcome import AffectOutcome
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.fusion.tables import Cell, FigureTable, with_interval

TABS: Final = (tr("Scores"), tr("Weights"), tr("Without each member"), tr("Diversity"), tr("Clip by clip"))
SCORES: Final = tr(
    "Lin's concordance over all frames, with 95 % intervals over people. What stands under “Chose the weights” is "
    "never the result."
)
SCORE_HEADS: Final = (tr("Model"), tr("Chose the weights"), tr("Held out"), tr("Fusion minus this, held out"))
LEFT_HEADS: Final = (tr("Without"), tr("Chose the weights"), tr("Held out"), tr("Whole fusion minus this, held out"))
WEIGHTED: Final = tr("The weight of each member. The weights of a dimension sum to one.")
STACKED: Final = tr("Stacking: the share of each member in the regression's weights (absolute values).")
TWO: Final = tr("With two members, the fusion without one of them is the other one, which is listed under Scores.")
ALIKE: Final = tr(
    "Held-out people. The correlation is 1 where two members err alike and 0 where they err independently; then a "
    "fusion has most to gain."
)
CLIPS: Final = tr(
    "Held-out people. Root mean squared error of each clip, first those on which the fusion gains most over the "
    "member. A click or Enter plays the clips from that one on in Review."
)


class AffectPage(QWidget):
    """The pages of one fusion of valence and arousal, one dimension at a time.

    The signal `wanted` carries a title and the names of clips to play, `shown` the names of clips in view.

    Args:
        theme: The window's fonts and colours.
    """

    wanted = Signal(str, object)
    shown = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: AffectOutcome | None = None
        self.clips: tuple[str, ...] = ()
        self.dimension = ChoiceBox(tr("Dimension"))
        for name in DIMENSIONS:
            self.dimension.addItem(name.capitalize(), name)
        self.dimension.currentIndexChanged.connect(self._draw)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("What the fusion of valence and arousal found"))
        self.scores = FigureTable(theme, tr("Concordance of members and fusion"))
        self.told = label("", "small", wrap=True)
        self.weights = FigureTable(theme, tr("Weights of members by dimension"), centred=True)
        self.weight_words = label("", "small", wrap=True)
        self.left = FigureTable(theme, tr("The fusion without each member"))
        self.left_words = label("", "small", wrap=True)
        self.pairs = FigureTable(theme, tr("Correlation of the members' errors"))
        self.other = ChoiceBox(tr("Against"), 16)
        self.other.currentIndexChanged.connect(self._draw_clips)
        self.items = RowsTable((tr("Clip"),), tr("Errors by clip"), stretch=0, drop=(1,))
        self.items.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.items.setMinimumHeight(120)
        self.items.clicked.connect(self._on_row)
        self.items.activated.connect(self._on_row)  # Enter
        self.pages = QStackedWidget()
        for title, page in zip(TABS, self._laid_out(), strict=True):
            self.tabs.addTab(title)
            self.pages.addWidget(page)
        self.tabs.currentChanged.connect(self._on_tab)
        head = row(self.tabs, self.dimension, spacing=SPACE_M)
        head.insertStretch(1, 1)
        box = column(head, self.pages)
        box.setStretch(1, 1)
        self.setLayout(box)

    def _laid_out(self) -> tuple[QWidget, ...]:
        against = row(label(tr("Against"), "soft"), self.other, label(CLIPS, "caption", wrap=True), spacing=SPACE_M)
        against.setStretch(2, 1)
        layouts = (
            column(label(SCORES, "caption", wrap=True), self.scores, self.told, None),
            column(self.weight_words, self.weights, None),
            column(self.left_words, self.left, None),
            column(label(ALIKE, "small", wrap=True), self.pairs, None),
            column(against, self.items),
        )
        layouts[-1].setStretch(1, 1)
        found = []
        for each in layouts:
            page = QWidget()
            page.setLayout(each)
            found.append(page)
        return tuple(found)

    def show_outcome(self, outcome: AffectOutcome) -> None:
        """Show what a fusion found."""
        self._outcome = outcome
        self.other.blockSignals(True)
        self.other.clear()
        for name in outcome.members:
            self.other.addItem(name)
        if outcome.joint is not None:
            self.other.setCurrentIndex(outcome.members.index(outcome.joint.best[0]))
        self.other.blockSignals(False)
        stacked = any(outcome.fusion.stacked)
        self.weight_words.setText(STACKED if stacked else WEIGHTED)
        self.weights.show_rows(
            (tr("Member"), *(name.capitalize() for name in DIMENSIONS)),
            [
                [Cell(name), *(Cell(figure(float(share), 2), shade=float(share)) for share in own)]
                for name, own in zip(outcome.members, outcome.weights, strict=True)
            ],
        )
        self._draw()

    def page(self, title: str) -> None:
        """Open one of `TABS`."""
        self.tabs.setCurrentIndex(TABS.index(title))

    def _draw(self) -> None:
        outcome, dimension = self._outcome, str(self.dimension.currentData())
        if outcome is None:
            return
        d = DIMENSIONS.index(dimension)
        best = "" if outcome.joint is None else outcome.joint.best[d]
        rows = [each for each in outcome.rows if each.dimension == dimension]
        self.scores.show_rows(SCORE_HEADS, [_score_cells(each, best) for each in rows])
        held = max((each.held_out.n_subjects for each in rows), default=0)
        self.told.setText(
            (
                f"The weights were chosen by {many(outcome.search_people, tr('person'), tr('people'))}. The "
                f"held-out scores come from {many(held, tr('person'), tr('people'))}. {_taken(outcome, d)}"
            ).strip()
        )
        left = [each for each in outcome.left_out if each.dimension == dimension]
        self.left_words.setText(tr("Concordance with weights chosen again without the member.") if left else TWO)
        self.left.setVisible(bool(left))
        self.left.show_rows(
            LEFT_HEADS,
            [
                [
                    Cell(each.member),
                    Cell(figure(each.search, 3)),
                    Cell(figure(each.held_out, 3)),
                    Cell(
                        with_interval(each.gain, *each.interval, sign=True),
                        shade=0.25 if each.interval[0] > 0 else 0.0,
                    ),
                ]
                for each in left
            ],
        )
        self.pairs.show_rows(
            (tr("Members"), tr("Correlation of errors"), tr("Frames")),
            [
                [
                    Cell(tr("{first} and {second}", first=each.first, second=each.second)),
                    Cell(figure(each.correlation, 3)),
                    Cell(str(each.frames)),
                ]
                for each in outcome.pairs
                if each.dimension == dimension
            ],
        )
        self._draw_clips()

    def _draw_clips(self) -> None:
        outcome, dimension = self._outcome, str(self.dimension.currentData())
        if outcome is None or self.other.currentIndex() < 0:
            return
        at = self.other.currentIndex()
        found = sorted(
            (each for each in outcome.items if each.dimension == dimension and each.members[at] == each.members[at]),
            key=lambda each: each.fusion - each.members[at],
        )
        self.clips = tuple(each.item for each in found)
        self.items.show_rows(
            [_clip_row(each, at) for each in found],
            (tr("Clip"), tr("Person"), tr("Fusion"), *outcome.members, tr("Gain")),
        )
        self._tell()

    def _on_tab(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        self._tell()

    def _tell(self) -> None:
        """Tell which clips have errors, and so labels, in view."""
        if TABS[self.tabs.currentIndex()] == TABS[-1] and self.clips:
            self.shown.emit(self.clips)

    def _on_row(self, index: QModelIndex) -> None:
        at = index.row()
        if 0 <= at < len(self.clips):
            title = tr(
                "{what}, fusion against {other}",
                what=self.dimension.currentText(),
                other=self.other.currentText(),
            )
            self.wanted.emit(title, (*self.clips[at:], *self.clips[:at]))


def _score_cells(each: AffectRow, best: str) -> list[Cell]:
    bold = each.name == FUSION
    name = tr("{name}  (best member)", name=each.name) if each.name == best else each.name
    low, high = each.interval
    gain = "" if bold else with_interval(each.gain, low, high, sign=True)
    sure = not bold and (low > 0 or high < 0)
    return [
        Cell(name, bold=bold),
        Cell(figure(each.search, 3), bold=bold),
        Cell(with_interval(each.held_out.ccc, *each.held_out.interval), bold=bold),
        Cell(gain, bold=bold, shade=0.25 if sure else 0.0, tone="danger" if high < 0 else "accent"),
    ]


def _taken(outcome: AffectOutcome, d: int) -> str:
    taken = outcome.fusion.taken[d]
    if taken == "chosen" or outcome.way in ("equal", "fixed"):
        return ""
    what = tr("equal weights") if taken == "equal" else tr("{taken} alone", taken=taken)
    return tr("No chosen weights were better there than {what}, so {what} were taken.", what=what)


def _clip_row(each: ItemErrors, at: int) -> tuple[str, ...]:
    values: Sequence[float] = (each.fusion, *each.members)
    return (
        each.item,
        each.subject,
        *(figure(value, 3) for value in values),
        figure(each.members[at] - each.fusion, 3, sign=True),
    )
