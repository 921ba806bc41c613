"""The overview chart: figure 1 of Sun et al. 2018, with what is needed to read it below."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.agreement.estimate import Estimate
from app.domain.words import figure
from app.services.agreement.results import Results
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.screens.agreement.chart import Chart, Spot, estimate_tip, nice_range, ticks
from app.ui.screens.agreement.look import filled, ordered, pretty

LEFT: Final = 118
RIGHT: Final = 8
LINE: Final = 22
WHOLE: Final = tr("all categories")


@dataclass(frozen=True)
class BarPair:
    """The values that are drawn of one emotion in one condition."""

    disagreement: Estimate
    alpha: Estimate
    prevalence: Estimate | None
    agreement: Estimate | None


def cells_of(results: Results, kind: str) -> tuple[list[str], dict[tuple[str, str], BarPair]]:
    """Return the names in their order, and the cells by (condition, name).

    Args:
        results: The results.
        kind: "intensity" or "category".
    """
    report = results.report
    if report is None:
        return [], {}
    if kind == "intensity":
        cells = {
            (r.condition, r.emotion): BarPair(r.disagreement, r.alpha_ordinal, r.prevalence, r.agreement)
            for r in report.emotions
        }
        return ordered({r.emotion for r in report.emotions}), cells
    cells = {
        (r.condition, WHOLE): BarPair(r.disagreement, r.alpha_nominal, None, r.agreement) for r in report.categories
    }
    for r in report.categories:
        for one in r.each:
            cells[r.condition, one.category] = BarPair(one.disagreement, one.alpha_nominal, one.prevalence, None)
    names = ordered({one.category for r in report.categories for one in r.each})
    return ([WHOLE, *names] if report.categories else []), cells


class OverviewChart(Chart):
    """Bars of disagreement, dots of alpha, and numbers of prevalence and raw agreement, in one column for each emotion.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Disagreement and alpha by emotion and condition"), parent)
        self._results: Results | None = None
        self._names: list[str] = []
        self._cells: dict[tuple[str, str], BarPair] = {}
        self._kind = "intensity"
        self.setMinimumSize(560, 310)

    def sizeHint(self) -> QSize:
        return QSize(1000, 560)

    def show_results(self, results: Results | None, kind: str) -> None:
        """Draw these results.

        Args:
            results: The results; None draws nothing.
            kind: "intensity" or "category".
        """
        self._results, self._kind = results, kind
        self._names, self._cells = cells_of(results, kind) if results is not None else ([], {})
        lines = [
            tr(
                "{name}, {condition}: disagreement {disagreement}, alpha {alpha}",
                name=name,
                condition=pretty(c),
                disagreement=figure(cell.disagreement.value),
                alpha=figure(cell.alpha.value),
            )
            for (c, name), cell in self._cells.items()
        ]
        self.setAccessibleDescription("; ".join(lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots = []
        results = self._results
        if results is None or not self._names:
            return
        conditions = [c for c in results.conditions if any(c == key[0] for key in self._cells)]
        rows = 2 * LINE * len(conditions) + 2 * 10
        top, bottom = 26.0, 24.0
        free = self.height() - top - bottom - rows - 30
        upper = QRectF(LEFT, top, self.width() - LEFT - RIGHT, free * 0.62)
        lower = QRectF(LEFT, upper.bottom() + 22, upper.width(), free * 0.38)
        self._legend(painter, conditions)
        self._bars(painter, upper, conditions)
        self._dots(painter, lower, conditions)
        y = lower.bottom() + 10
        for title, share in ((tr("Prevalence"), "prevalence"), (tr("Raw agreement"), "agreement")):
            y = self._numbers(painter, y, title, share, conditions) + 8
        self._columns(painter, conditions)

    def _step(self) -> float:
        return (self.width() - LEFT - RIGHT) / max(len(self._names), 1)

    def _place(self, name: int, condition: int, of: int) -> float:
        """Middle of one condition's bar in one emotion's column."""
        step = self._step()
        room = min(step * 0.62, 30.0 * of)
        return LEFT + step * (name + 0.5) + room * ((condition + 0.5) / of - 0.5)

    def _legend(self, painter: QPainter, conditions: list[str]) -> None:
        x = float(LEFT)
        for place, condition in enumerate(conditions):
            self.dot(painter, QPointF(x + 6, 11), self.look.ink(condition, place), solid=filled(condition), radius=4.5)
            text = pretty(condition)
            painter.setFont(self.look.small)
            width = painter.fontMetrics().horizontalAdvance(text)
            self.write(
                painter, QRectF(x + 17, 0, width + 4, 22), text, Qt.AlignmentFlag.AlignLeft, "text", self.look.small
            )
            x += width + 44

    def _title(self, painter: QPainter, area: QRectF, title: str, under: str) -> None:
        left = Qt.AlignmentFlag.AlignLeft
        self.write(painter, QRectF(0, area.top(), LEFT - 34, 16), title, left, "text", self.look.strong)
        self.write(painter, QRectF(0, area.top() + 17, LEFT - 34, 14), under, left, "text_faint")

    def _axis(self, painter: QPainter, area: QRectF, low: float, high: float, step: float) -> None:
        for value in ticks(low, high, step):
            y = area.bottom() - (value - low) / (high - low) * area.height()
            zero = abs(value) < 1e-9
            self.rule(painter, QPointF(area.left(), y), QPointF(area.right(), y), "border_strong" if zero else "grid")
            text = figure(value, 1 if step >= 0.1 and round(step * 10) == step * 10 else 2)
            self.write(
                painter, QRectF(area.left() - 36, y - 8, 30, 16), text, Qt.AlignmentFlag.AlignRight, "text_faint"
            )

    def _bars(self, painter: QPainter, area: QRectF, conditions: list[str]) -> None:
        self._title(painter, area, tr("Disagreement"), "variance")
        every = [v for cell in self._cells.values() for v in (cell.disagreement.value, cell.disagreement.high)]
        low, high, step = nice_range(every)
        low = 0.0
        self._axis(painter, area, low, high, step)
        width = min(self._step() * 0.62 / max(len(conditions), 1), 30.0) * 0.86
        for n, name in enumerate(self._names):
            for c, condition in enumerate(conditions):
                cell = self._cells.get((condition, name))
                x = self._place(n, c, len(conditions))
                if cell is None or not cell.disagreement.defined:
                    self.write(painter, QRectF(x - 10, area.bottom() - 18, 20, 16), "–", colour="text_faint")
                    continue
                value = cell.disagreement

                def at(v: float) -> float:
                    return area.bottom() - v / high * area.height()

                bar = QRectF(x - width / 2, at(value.value), width, area.bottom() - at(value.value))
                painter.setPen(QPen(self.look.ink(condition, c), 1.0))
                painter.setBrush(self.look.fill(condition, c))
                painter.drawRect(bar)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if value.interval is not None:
                    self.whisker(painter, QPointF(x, at(value.low)), QPointF(x, at(value.high)), self.colour("text"))

    def _dots(self, painter: QPainter, area: QRectF, conditions: list[str]) -> None:
        under = "ordinal" if self._kind == "intensity" else "nominal"
        self._title(painter, area, tr("Alpha"), under)
        ends = [
            v for cell in self._cells.values() for v in (cell.alpha.value, cell.alpha.low, cell.alpha.high, 0.0, 1.0)
        ]
        low, high, step = nice_range(ends)
        high = min(high, 1.0) if high > 1 else high
        self._axis(painter, area, low, high, step)
        for n, name in enumerate(self._names):
            for c, condition in enumerate(conditions):
                cell = self._cells.get((condition, name))
                x = self._place(n, c, len(conditions))
                if cell is None or not cell.alpha.defined:
                    self.write(painter, QRectF(x - 10, area.center().y() - 8, 20, 16), "–", colour="text_faint")
                    continue

                def at(v: float) -> float:
                    return area.bottom() - (v - low) / (high - low) * area.height()

                ink = self.look.ink(condition, c)
                if cell.alpha.interval is not None:
                    self.whisker(painter, QPointF(x, at(cell.alpha.low)), QPointF(x, at(cell.alpha.high)), ink)
                self.dot(painter, QPointF(x, at(cell.alpha.value)), ink, solid=filled(condition))

    def _numbers(self, painter: QPainter, y: float, title: str, field: str, conditions: list[str]) -> float:
        left = Qt.AlignmentFlag.AlignLeft
        self.write(painter, QRectF(0, y, LEFT - 12, LINE), title, left, "text", self.look.strong)
        step = self._step()
        for c, condition in enumerate(conditions):
            for n, name in enumerate(self._names):
                cell = self._cells.get((condition, name))
                found: Estimate | None = getattr(cell, field) if cell is not None else None
                text = f"{100 * found.value:.0f} %" if found is not None and found.defined else "–"
                middle = LEFT + step * (n + 0.5)
                width = min(step * 0.34, 44.0)
                trough = QRectF(middle - width - 2, y + LINE / 2 - 2, width, 4)
                painter.fillRect(trough, self.colour("grid"))
                if found is not None and found.defined:
                    share = min(max(found.value, 0.0), 1.0)
                    painter.fillRect(QRectF(trough.left(), trough.top(), width * share, 4), self.look.ink(condition, c))
                self.write(painter, QRectF(middle + 4, y, 44, LINE), text, left, self.look.ink(condition, c))
            y += LINE
        return y

    def _columns(self, painter: QPainter, conditions: list[str]) -> None:
        step = self._step()
        for n, name in enumerate(self._names):
            column = QRectF(LEFT + step * n, 22, step, self.height() - 24)
            self.write(
                painter, QRectF(column.left(), self.height() - 24, step, 20), pretty(name), colour="text",
                font=self.look.small,
            )  # fmt: skip
            parts = []
            for condition in conditions:
                cell = self._cells.get((condition, name))
                if cell is not None:
                    shown = [e for e in (cell.disagreement, cell.alpha, cell.prevalence, cell.agreement) if e]
                    parts.append(estimate_tip(f"{pretty(name)}, {pretty(condition).lower()}", *shown))
            self.spots.append(Spot(column, "<hr>".join(parts), name))
