"""The answers to one item: every rater's points on every emotion, with the conditions side by side."""

from html import escape
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.services.agreement.items import ItemAnswers
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.screens.agreement.chart import Chart, Spot
from app.ui.screens.agreement.look import filled, ordered, pretty

LEFT: Final = 106
HEAD: Final = 26
FOOT: Final = 92
GAP: Final = 26


class AnswersChart(Chart):
    """One panel for each condition, with emotions down, points across, and a dot for every rater.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Every rater's answers"), parent)
        self._answers: ItemAnswers | None = None
        self._scale = (0.0, 5.0)
        self.setMinimumSize(320, 260)

    def sizeHint(self) -> QSize:
        return QSize(520, 420)

    @property
    def shown(self) -> ItemAnswers | None:
        """The answers that are drawn; None for none."""
        return self._answers

    def show_answers(self, answers: ItemAnswers | None, scale: tuple[float, float]) -> None:
        """Draw the answers to an item; None draws nothing."""
        self._answers, self._scale = answers, scale
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots = []
        answers = self._answers
        if answers is None or not answers.conditions:
            return
        emotions = ordered(answers.emotions)
        n = len(answers.conditions)
        foot = FOOT if answers.categories else 24
        width = (self.width() - LEFT - 14 - GAP * (n - 1)) / n
        step = (self.height() - HEAD - foot) / max(len(emotions), 1)
        for row, emotion in enumerate(emotions):
            area = QRectF(0, HEAD + row * step, LEFT - 14, step)
            self.write(painter, area, pretty(emotion), Qt.AlignmentFlag.AlignLeft, "text", self.look.small)
        for place, condition in enumerate(answers.conditions):
            panel = QRectF(LEFT + place * (width + GAP), HEAD, width, step * len(emotions))
            self._panel(painter, panel, answers, condition, place, emotions, step)
            if answers.categories:
                self._votes(painter, panel, answers, condition)
        if answers.categories:
            y = HEAD + step * len(emotions) + 30
            self.write(
                painter,
                QRectF(0, y, LEFT - 14, 18),
                tr("Category"),
                Qt.AlignmentFlag.AlignLeft,
                "text",
                self.look.small,
            )

    def _panel(
        self,
        painter: QPainter,
        panel: QRectF,
        answers: ItemAnswers,
        condition: str,
        place: int,
        emotions: list[str],
        step: float,
    ) -> None:
        ink = self.look.ink(condition, place)
        low, high = self._scale
        heading = QRectF(panel.left(), 0, panel.width(), HEAD - 6)
        self.write(painter, heading, pretty(condition), Qt.AlignmentFlag.AlignLeft, ink, self.look.strong)
        points = range(round(low), round(high) + 1)

        def x(value: float) -> float:
            return panel.left() + 8 + (value - low) / max(high - low, 1e-9) * (panel.width() - 16)

        for point in points if len(points) <= 11 else (round(low), round(high)):
            self.rule(painter, QPointF(x(point), panel.top()), QPointF(x(point), panel.bottom()))
            self.write(painter, QRectF(x(point) - 12, panel.bottom() + 2, 24, 16), str(point), colour="text_faint")
        for row, emotion in enumerate(emotions):
            y = panel.top() + step * (row + 0.5)
            given = [(r, answers.scores.get((condition, emotion, r))) for r in answers.raters]
            known = [(r, v) for r, v in given if v is not None and v == v]
            if known:
                values = [v for _, v in known]
                self.rule(painter, QPointF(x(min(values)), y), QPointF(x(max(values)), y), "border_strong", 2.0)
            stacked: dict[float, int] = {}
            heights = {v: sum(w == v for _, w in known) for _, v in known}
            gap = min(7.0, (step - 6) / max(max(heights.values(), default=1), 1))
            for _, value in known:
                at = stacked[value] = stacked.get(value, -1) + 1
                offset = (at - (heights[value] - 1) / 2) * gap
                self.dot(painter, QPointF(x(value), y + offset), ink, solid=filled(condition), radius=3.4)
            told = ", ".join(f"{r} {v:g}" if v is not None and v == v else tr("{r} cannot tell", r=r) for r, v in given)
            area = QRectF(panel.left(), y - step / 2, panel.width(), step)
            self.spots.append(
                Spot(area, f"<b>{escape(pretty(emotion))}, {escape(pretty(condition).lower())}</b><br>{escape(told)}")
            )

    def _votes(self, painter: QPainter, panel: QRectF, answers: ItemAnswers, condition: str) -> None:
        votes: dict[str, list[str]] = {}
        for (where, rater), category in answers.categories.items():
            if where == condition:
                votes.setdefault(category or tr("cannot tell"), []).append(rater)
        y = panel.bottom() + 30
        for category, raters in sorted(votes.items(), key=lambda pair: -len(pair[1]))[:3]:
            text = f"{pretty(category)} × {len(raters)}"
            left = Qt.AlignmentFlag.AlignLeft
            self.write(painter, QRectF(panel.left() + 4, y, panel.width() * 0.5, 18), text, left, "text")
            who = QRectF(panel.left() + panel.width() * 0.5, y, panel.width() * 0.5, 18)
            self.write(painter, who, ", ".join(sorted(raters)), left, "text_faint")
            y += 19
