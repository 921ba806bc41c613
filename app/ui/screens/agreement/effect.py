"""The effect of a viewing condition: paired differences of disagreement and of alpha, with intervals and p values."""

from math import isnan
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.agreement.effect import PairEffect
from app.agreement.estimate import Estimate
from app.agreement.figures import SIGNIFICANT, stands_out
from app.agreement.prevalence import HOW_TO_READ
from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.screens.agreement.chart import Chart, Spot, estimate_tip, padded_range, ticks
from app.ui.screens.agreement.look import ordered, p_text, pretty

LEFT: Final = 118
COLUMNS: Final = ((tr("p adjusted"), 84), ("dz", 56), (tr("at equal prevalence"), 150), ("items", 56))
HEAD: Final = 46
FOOT: Final = 40


class EffectChart(Chart):
    """One row for each emotion, with the difference at the left, that of alpha at the right, and numbers behind.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Differences between conditions"), parent)
        self._pairs: list[PairEffect] = []
        self.setMinimumSize(640, 300)

    def sizeHint(self) -> QSize:
        return QSize(1000, HEAD + FOOT + 42 * 9)

    def show_pairs(self, pairs: list[PairEffect]) -> None:
        """Draw the comparisons of one pair of conditions."""
        order = ordered(p.emotion for p in pairs if p.emotion)
        self._pairs = sorted(pairs, key=lambda p: order.index(p.emotion) if p.emotion else -1)
        self.setAccessibleDescription(
            "; ".join(
                f"{p.emotion or 'all'}: {figure(p.difference.value, 3)}, p {p_text(p.p_adjusted)}" for p in self._pairs
            )
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots = []
        if not self._pairs:
            return
        first = self._pairs[0]
        numbers = sum(width for _, width in COLUMNS)
        panel = max((self.width() - LEFT - numbers - 72) / 2, 60.0)
        height = self.height() - HEAD - FOOT
        left = QRectF(LEFT, HEAD, panel, height)
        right = QRectF(left.right() + 48, HEAD, panel, height)
        names = f"{pretty(first.a).lower()} − {pretty(first.b).lower()}"
        marked = [p.p_adjusted <= SIGNIFICANT for p in self._pairs]
        self._panel(painter, left, [p.difference for p in self._pairs], tr("Difference of disagreement"), names, marked)
        alpha = tr("Difference of alpha ({alpha})", alpha=first.alpha)
        marked = [stands_out(p.delta_alpha) for p in self._pairs]
        self._panel(painter, right, [p.delta_alpha for p in self._pairs], alpha, names, marked)
        self._rows(painter, right.right() + 24)

    def _y(self, row: int) -> float:
        step = (self.height() - HEAD - FOOT) / len(self._pairs)
        return HEAD + step * (row + 0.5)

    def _panel(
        self, painter: QPainter, area: QRectF, cells: list[Estimate], title: str, under: str, marked: list[bool]
    ) -> None:
        low, high, step = padded_range([v for cell in cells for v in (cell.value, cell.low, cell.high)])

        def at(v: float) -> float:
            return area.left() + (v - low) / (high - low) * area.width()

        centre = Qt.AlignmentFlag.AlignHCenter
        wide = area.adjusted(-16, 0, 16, 0)
        self.write(painter, QRectF(wide.left(), 0, wide.width(), 18), title, centre, "text", self.look.strong)
        self.write(painter, QRectF(wide.left(), 18, wide.width(), 16), under, centre, "text_faint")
        for value in ticks(low, high, step):
            x = at(value)
            zero = abs(value) < 1e-9
            self.rule(
                painter, QPointF(x, area.top()), QPointF(x, area.bottom()), "text_faint" if zero else "grid",
                1.2 if zero else 1.0,
            )  # fmt: skip
            text = figure(value, 1 if round(step * 10, 6) == round(step * 10) else 2)
            self.write(painter, QRectF(x - 24, area.bottom() + 4, 48, 16), text, colour="text_faint")
        for row, (cell, clear) in enumerate(zip(cells, marked, strict=True)):
            y = self._y(row)
            if not cell.defined:
                self.write(painter, QRectF(at(0) - 60, y - 9, 120, 18), "undefined", colour="text_faint")
                continue
            ink = self.colour("accent" if clear else "text_soft")
            if cell.interval is not None:
                self.whisker(painter, QPointF(at(cell.low), y), QPointF(at(cell.high), y), ink, cap=4)
            self.dot(painter, QPointF(at(cell.value), y), ink, solid=clear, radius=5)

    def _rows(self, painter: QPainter, begin: float) -> None:
        x = begin
        for title, width in COLUMNS:
            right = Qt.AlignmentFlag.AlignRight
            self.write(painter, QRectF(x, 0, width, 18), title, right, "text_soft", self.look.small)
            x += width
        for row, pair in enumerate(self._pairs):
            y = self._y(row)
            name = pretty(pair.emotion or tr("all categories"))
            self.write(
                painter, QRectF(0, y - 10, LEFT - 14, 20), name, Qt.AlignmentFlag.AlignLeft, "text", self.look.small
            )
            told = (
                p_text(pair.p_adjusted),
                figure(pair.d_z),
                _at_equal_prevalence(pair),
                str(pair.difference.n_items),
            )
            x = begin
            for text, (title, width) in zip(told, COLUMNS, strict=True):
                strong = title == tr("p adjusted") and pair.p_adjusted < 0.05
                self.write(
                    painter, QRectF(x, y - 10, width, 20), text, Qt.AlignmentFlag.AlignRight,
                    "text" if strong else "text_soft", self.look.strong if strong else self.look.caption,
                )  # fmt: skip
                x += width
            tip = estimate_tip(name, pair.difference, pair.delta_alpha, pair.prevalence_adjusted)
            tip += tr(
                "<br>p adjusted {p_text} (step-down max-T), by Holm {p_text_2}, unadjusted {p_text_3}; "
                "{n_flips} sign flips<br>p of the difference of alpha {p_text_4} (by Holm)<br>rank-biserial "
                "correlation {rank_biserial}<br>smallest p that can occur {p_text_5}; {scope}<br><br>{how_to_read}",
                p_text=p_text(pair.p_adjusted),
                p_text_2=p_text(pair.p_holm),
                p_text_3=p_text(pair.p),
                n_flips=pair.n_flips,
                p_text_4=p_text(pair.delta_alpha.p_value),
                rank_biserial=figure(pair.rank_biserial),
                p_text_5=p_text(pair.smallest_p),
                scope=pair.design.scope,
                how_to_read=HOW_TO_READ,
            )
            step = (self.height() - HEAD - FOOT) / len(self._pairs)
            self.spots.append(Spot(QRectF(0, y - step / 2, self.width(), step), tip, pair.emotion or None))


def _at_equal_prevalence(pair: PairEffect) -> str:
    """Return the difference at an unchanged mean rating with its p."""
    value = figure(pair.prevalence_adjusted.value, 3, sign=True)
    return value if isnan(pair.p_prevalence) else f"{value} (p {p_text(pair.p_prevalence)})"
