"""Whether members and fusion are as often right as they claim, as curves and as the calibration error."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from app.domain.words import figure
from app.fusion.gains import FUSION
from app.services.fusion.outcome import FusionOutcome
from app.services.fusion.report import calibration_points
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.plain_plot import dress, pen, plot
from app.ui.screens.fusion.tables import Cell, FigureTable

TITLE: Final = tr("Accuracy by confidence")
HOW: Final = tr("Held-out people. On the diagonal, verdicts are right as often as they claim; below it, less often.")
COLOURS: Final = ("valence", "arousal", "warning", "danger", "text_soft")
"""Tokens of the members' colours; more members begin again with dashes."""
HEADS: Final = (tr("Model"), tr("Curve"), tr("Calibration error"))


class CalibrationPage(QWidget):
    """The curves of calibration beside the calibration error.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        self.plot = plot(TITLE)
        self.plot.setMinimumSize(240, 240)
        self.table = FigureTable(theme, tr("Calibration error of members and fusion"))
        side = QWidget()
        side.setLayout(column(self.table, None))
        both = row(self.plot, side, spacing=SPACE_M)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.setLayout(column(label(HOW, "small", wrap=True), both))
        theme.redraw_with(self, self._draw)

    def show_outcome(self, outcome: FusionOutcome) -> None:
        """Show the calibration of a fusion and its members."""
        truth = outcome.data.table.label[outcome.said.rows]
        named = [*zip(outcome.members, outcome.said.members, strict=True), (FUSION, outcome.said.fusion)]
        self._curves = {name: calibration_points(said, truth) for name, said in named}
        rows = []
        for at, name in enumerate(self._curves):
            error = outcome.row(name).held_out.measures["ece"].value
            token, dashed = _look(at, name)
            rows.append(
                [Cell(name, bold=name == FUSION), Cell("dashed" if dashed else "solid", shade=0.8, tone=token),
                 Cell(figure(error, 3), bold=name == FUSION)]
            )  # fmt: skip
        self.table.show_rows(HEADS, rows)
        told = "; ".join(f"{row[0].text}: {row[2].text}" for row in rows)
        self.plot.setAccessibleDescription(tr("Calibration error: {errors}", errors=told))
        self._draw()

    def _draw(self) -> None:
        self.plot.clear()
        dress(self.plot, self._theme, TITLE)
        self.plot.setXRange(0, 1, padding=0.02)
        self.plot.setYRange(0, 1, padding=0.02)
        self.plot.plot([0, 1], [0, 1], pen=pen(self._theme, "border_strong", dashed=True, width=1))
        for at, (name, (confidence, accuracy)) in enumerate(self._curves.items()):
            token, dashed = _look(at, name)
            colour = self._theme.colour(token)
            drawn = pen(self._theme, token, dashed=dashed, width=2.6 if name == FUSION else 1.4)
            self.plot.plot(
                confidence, accuracy, pen=drawn, symbol="o", symbolSize=6, symbolBrush=colour, symbolPen=None
            )


def _look(at: int, name: str) -> tuple[str, bool]:
    return ("accent", False) if name == FUSION else (COLOURS[at % len(COLOURS)], at >= len(COLOURS))
