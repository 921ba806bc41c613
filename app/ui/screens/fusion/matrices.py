"""The weights as a heat map, and how differently pairs of members err."""

from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.words import figure, plain
from app.services.fusion.outcome import FusionOutcome
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import column, label
from app.ui.screens.fusion.tables import Cell, FigureTable

STACKED: Final = tr(
    "Stacking: the share of each member in the regression's weights (absolute values), which sums to one for each "
    "class."
)
WEIGHTED: Final = tr("The weight of each member for each class. The weights of a class sum to one.")


class WeightPage(QWidget):
    """The heat map of the weights, members by classes.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told = label("", "small", wrap=True)
        self.table = FigureTable(theme, tr("Weights of members by class"), centred=True)
        self.setLayout(column(self.told, self.table, None))

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show the weights of a fusion."""
        self.told.setText(STACKED if outcome.fusion.stack is not None else WEIGHTED)
        rows = []
        for name, weights in zip(outcome.members, outcome.fusion.weights, strict=True):
            cells = [
                Cell(
                    figure(float(weight), 2), tr("{name} for {word}", name=name, word=plain(word)), shade=float(weight)
                )
                for word, weight in zip(outcome.classes, weights, strict=True)
            ]
            rows.append([Cell(name), *cells])
        self.table.show_rows([tr("Member"), *map(plain, outcome.classes)], rows)


HEADS: Final = (tr("Members"), tr("Q statistic"), tr("Disagreement"), tr("Correlation of errors"), tr("Items"))
HOW: Final = tr(
    "Held-out people. Q is 1 where two members are right and wrong on the same items, 0 where they err independently. "
    "Disagreement is the share of items on which one is right and the other is wrong (Kuncheva and Whitaker 2003)."
)


class DiversityPage(QWidget):
    """How differently each pair of members errs.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = FigureTable(theme, tr("Diversity of members"), drop=(4,))
        self.setLayout(column(label(HOW, "small", wrap=True), self.table, None))

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show the pairs of a fusion's members."""
        found = outcome.diversity
        rows = []
        for i, one in enumerate(found.members):
            for j in range(i + 1, len(found.members)):
                apart = float(found.disagreement[i, j])
                rows.append(
                    [
                        Cell(tr("{one} and {members}", one=one, members=found.members[j])),
                        Cell(figure(float(found.q[i, j]), 3)),
                        Cell(figure(apart, 3), shade=apart if apart == apart else 0.0),
                        Cell(figure(float(found.error_correlation[i, j]), 3)),
                        Cell(str(int(found.n[i, j]))),
                    ]
                )
        self.table.show_rows(HEADS, rows)
