"""The pages that are one chart: overview and effect of the condition."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.services.agreement.results import Results
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import Card, label
from app.ui.screens.agreement.effect import EffectChart
from app.ui.screens.agreement.look import pretty
from app.ui.screens.agreement.overview import OverviewChart

LOW = 470


class OverviewPage(Card):
    """The page of disagreement with alpha, prevalence and raw agreement.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Disagreement, with what is needed to read it"), parent=parent)
        self.chart = OverviewChart(theme)
        self.body.addWidget(self.chart, 1)
        self.told = label(
            tr(
                "Disagreement grows with how often an emotion is seen; alpha is corrected for "
                "that. Rest the mouse on an "
                "emotion for intervals and full names, and click it to see its items."
            ),
            "caption",
            wrap=True,
        )
        self.body.addWidget(self.told)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the words in a low window, because the chart needs the room."""
        self.told.setVisible(self.height() >= LOW)
        super().resizeEvent(event)


class EffectPage(Card):
    """The page of paired differences of two conditions.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("The effect of seeing the context"), parent=parent)
        self._results: Results | None = None
        self._kind = "intensity"
        self.pair = QComboBox()
        self.pair.setAccessibleName(tr("Conditions compared"))
        self.pair.currentIndexChanged.connect(self._draw)
        self.chart = EffectChart(theme)
        self.told = label("", "caption", wrap=True)
        self.head.addWidget(self.pair)
        self.body.addWidget(self.chart, 1)
        self.body.addWidget(self.told)

    def show_results(self, results: Results | None, kind: str) -> None:
        """Draw the comparisons of one kind of labels."""
        self._results, self._kind = results, kind
        report = results.report if results is not None else None
        pairs = dict.fromkeys((p.a, p.b) for p in report.pairs) if report is not None else {}
        now = self.pair.currentText()
        self.pair.blockSignals(True)
        self.pair.clear()
        for a, b in pairs:
            self.pair.addItem(f"{pretty(a)} − {pretty(b).lower()}", (a, b))
        self.pair.setCurrentIndex(max(self.pair.findText(now), 0) if pairs else -1)
        self.pair.blockSignals(False)
        self.pair.setVisible(len(pairs) > 1)
        self._draw()

    def _draw(self) -> None:
        report = self._results.report if self._results is not None else None
        pair = self.pair.currentData()
        rows = []
        if report is not None and pair is not None:
            rows = [p for p in report.pairs if (p.a, p.b) == tuple(pair) and p.kind == self._kind]
        self.chart.show_pairs(rows)
        if rows:
            self.told.setText(
                tr(
                    "Right of zero in the left panel, raters disagree more in the first condition. Filled marks "
                    "have a p of at most .05, adjusted over the emotions: at the left by "
                    "step-down max-T ({n_flips} "
                    "sign flips), at the right by Holm. Rest the mouse on a row for effect sizes.",
                    n_flips=f"{rows[0].n_flips:,}",
                )
            )
        else:
            self.told.setText(tr("One condition alone cannot be compared: items must be judged in both."))
