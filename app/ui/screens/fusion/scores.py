"""Members, equal weights and the fusion, on the people who chose the weights beside those who chose nothing."""

from typing import Final

from PySide6.QtWidgets import QWidget

from app.agreement.category_prediction import CategoryScores
from app.domain.words import many
from app.fusion.gains import FUSION, Row
from app.services.fusion.outcome import FusionOutcome
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.screens.fusion.tables import Cell, FigureTable, with_interval

MEASURES: Final = (
    ("accuracy", tr("Accuracy")),
    ("uar", tr("Recall averaged over classes (UAR)")),
    ("macro_f1", tr("Macro F1")),
    ("cross_entropy", tr("Cross-entropy")),
    ("ece", tr("Calibration error (ECE)")),
)
HEADS: Final = (tr("Model"), tr("Chose the weights"), tr("Held out"), tr("Fusion minus this, held out"))
HOW: Final = tr("95 % intervals over people. The figures under “Chose the weights” are never the result.")


class ScorePage(QWidget):
    """The table of scores, for one measure at a time.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: FusionOutcome | None = None
        self.measure = ChoiceBox(tr("Measure"), 24)
        for name, title in MEASURES:
            self.measure.addItem(title, name)
        self.measure.currentIndexChanged.connect(self._draw)
        self.told = label("", "small", wrap=True)
        self.table = FigureTable(theme, tr("Scores of members and fusion"))
        head = row(self.measure, label(HOW, "caption", wrap=True), spacing=SPACE_M)
        head.setStretch(1, 1)
        self.setLayout(column(head, self.table, self.told, None))

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show the scores of a fusion."""
        self._outcome = outcome
        search, held = outcome.rows[-1].search, outcome.rows[-1].held_out
        self.told.setText(
            f"The weights were chosen on {_size(search)}. The held-out scores come from {_size(held)}. "
            f"{_taken(outcome)}".strip()
        )
        self._draw()

    def _draw(self) -> None:
        outcome = self._outcome
        if outcome is None:
            return
        name = str(self.measure.currentData())
        self.table.show_rows(HEADS, [_cells(each, name, outcome) for each in outcome.rows])


def _cells(each: Row, name: str, outcome: FusionOutcome) -> list[Cell]:
    bold = each.name == FUSION
    best = tr("Its best member on the people who chose the weights") if each.name == outcome.best else ""
    before, after = each.search.measures[name], each.held_out.measures[name]
    gain = each.gain.measures.get(name) if each.gain is not None else None
    difference = "" if gain is None else with_interval(gain.difference, *gain.interval, sign=True)
    tone, shade = "accent", 0.0
    if gain is not None and (gain.interval[0] > 0 or gain.interval[1] < 0):
        tone, shade = ("accent" if gain.interval[0] > 0 else "danger"), 0.25
    return [
        Cell(tr("{name}  (best member)", name=each.name) if best else each.name, best, bold),
        Cell(with_interval(before.value, before.low, before.high), bold=bold),
        Cell(with_interval(after.value, after.low, after.high), bold=bold),
        Cell(difference, bold=bold, shade=shade, tone=tone),
    ]


def _size(scores: CategoryScores) -> str:
    return tr(
        "{items} of {people}",
        items=many(scores.n, tr("item"), tr("items")),
        people=many(scores.n_subjects, tr("person"), tr("people")),
    )


def _taken(outcome: FusionOutcome) -> str:
    taken = outcome.fusion.taken
    if taken == "chosen" or outcome.way["name"] in ("equal", "fixed"):
        return ""
    what = tr("equal weights") if taken == "equal" else tr("{taken} alone", taken=taken)
    return tr("No chosen weights were better there than {what}, so {what} were taken.", what=what)


LEFT_HEADS: Final = (tr("Without"), tr("Chose the weights"), tr("Held out"), tr("Whole fusion minus this, held out"))


class LeftOutPage(QWidget):
    """The fusion without each of its members.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told = label("", "small", wrap=True)
        self.table = FigureTable(theme, tr("The fusion without each member"))
        self.setLayout(column(self.told, self.table, None))

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show what is lost without each member."""
        self.table.setVisible(bool(outcome.left_out))
        self.told.setText(tr("Accuracy with weights chosen again without the member."))
        if not outcome.left_out:
            self.told.setText(
                tr("The search was stopped, so no member was left out.")
                if outcome.stopped
                else tr(
                    "With two members, the fusion without one of them is the other one, which is listed under Scores."
                )
            )
        rows = []
        for each in outcome.left_out:
            gain = each.gain.measures["accuracy"]
            told = with_interval(gain.difference, *gain.interval, sign=True)
            rows.append(
                [Cell(each.member), Cell(with_interval(each.search, 0, float("nan"))),
                 Cell(with_interval(each.held_out, 0, float("nan"))),
                 Cell(told, shade=0.25 if gain.interval[0] > 0 else 0.0)]
            )  # fmt: skip
        self.table.show_rows(LEFT_HEADS, rows)
