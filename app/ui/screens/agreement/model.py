"""The model page: predictions against the human ceiling, and the assignment of classes to emotions."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.emotion_words import class_word
from app.domain.emotions import FERPLUS_TO_RATED
from app.domain.words import figure, many
from app.services.agreement.ceiling import Placed, Placement, place_model
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, column, label, lay_scrolled, row
from app.ui.screens.agreement.chart import Chart, Spot
from app.ui.screens.agreement.computed import ComputedPage
from app.ui.screens.agreement.look import ordered, pretty
from app.ui.screens.agreement.state import AgreementState, DashboardState

if TYPE_CHECKING:
    from app.services.projects.files import Project

LEFT: Final = 100
RIGHT: Final = 150
HEAD: Final = 30
FOOT: Final = 44


class PlacementChart(Chart):
    """One row for each emotion, with the range of raters as a band, their mean, and the model as a dot.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("The model among the raters"), parent)
        self._rows: list[Placed] = []
        self.setMinimumSize(480, 300)

    def sizeHint(self) -> QSize:
        return QSize(800, 460)

    def show_rows(self, rows: list[Placed]) -> None:
        """Draw rows."""
        order = ordered(r.name for r in rows)
        self._rows = sorted(rows, key=lambda r: order.index(r.name))
        self.setAccessibleDescription("; ".join(f"{r.name}: {figure(r.model)}" for r in self._rows))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots = []
        if not self._rows:
            return
        area = QRectF(LEFT, HEAD, self.width() - LEFT - RIGHT, self.height() - HEAD - FOOT)
        lowest = min([-0.25, *(v for r in self._rows for v in (r.human[0], r.model) if v == v)])
        low = -1.0 if lowest < -0.5 else -0.5 if lowest < -0.25 else -0.25

        def x(value: float) -> float:
            return area.left() + (value - low) / (1.0 - low) * area.width()

        step = area.height() / len(self._rows)
        for i in range(round((1.0 - low) / 0.25) + 1):
            value = low + 0.25 * i
            zero = abs(value) < 1e-9
            self.rule(
                painter, QPointF(x(value), area.top()), QPointF(x(value), area.bottom()),
                "text_faint" if zero else "grid",
            )  # fmt: skip
            self.write(painter, QRectF(x(value) - 24, area.bottom() + 4, 48, 16), figure(value), colour="text_faint")
        measures = list(dict.fromkeys(r.measure for r in self._rows))
        self.write(
            painter, QRectF(area.left(), area.bottom() + 22, area.width(), 16), "; ".join(measures), colour="text_faint"
        )
        self._legend(painter)
        for n, placed in enumerate(self._rows):
            y = area.top() + step * (n + 0.5)
            name = QRectF(0, y - 10, LEFT - 14, 20)
            self.write(painter, name, pretty(placed.name), Qt.AlignmentFlag.AlignLeft, "text", self.look.small)
            self._row(painter, placed, y, x, area)
            raters = ", ".join(f"{r} {figure(v)}" for r, v in placed.raters.items())
            tip = tr(
                "<b>{name}</b>, {measure}<br>Model: <b>{model}</b>{reason}, {items}<br>Raters: {raters}",
                name=escape(pretty(placed.name)),
                measure=placed.measure,
                model=figure(placed.model, 3),
                reason=" (" + placed.reason + ")" if placed.reason else "",
                items=many(placed.n_items, tr("item"), tr("items")),
                raters=escape(raters),
            )
            self.spots.append(Spot(QRectF(0, y - step / 2, self.width(), step), tip))

    def _row(self, painter: QPainter, placed: Placed, y: float, at: Callable[[float], float], area: QRectF) -> None:
        low, mean, high = placed.human
        if low == low:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("border_strong", 0.7))
            painter.drawRoundedRect(QRectF(at(low) - 3, y - 5, at(high) - at(low) + 6, 10), 5, 5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.colour("text"), 2))
            painter.drawLine(QPointF(at(mean), y - 8), QPointF(at(mean), y + 8))
        told = QRectF(area.right() + 12, y - 10, RIGHT - 14, 20)
        left = Qt.AlignmentFlag.AlignLeft
        if placed.model == placed.model:
            self.dot(painter, QPointF(at(placed.model), y), self.colour("accent"), solid=True, radius=5.5)
            words = tr("{model} of {mean}", model=figure(placed.model), mean=figure(mean))
            self.write(painter, told, words, left, "text" if placed.model >= low else "text_soft")
        else:
            word = "no class" if "no class" in placed.reason else tr("no value")
            self.write(painter, told, word, left, "text_faint")

    def _legend(self, painter: QPainter) -> None:
        left = Qt.AlignmentFlag.AlignLeft
        y, begin = 10.0, 4.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("border_strong", 0.7))
        painter.drawRoundedRect(QRectF(begin, y - 5, 26, 10), 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.colour("text"), 2))
        painter.drawLine(QPointF(begin + 13, y - 7), QPointF(begin + 13, y + 7))
        words = QRectF(begin + 34, 0, 230, 20)
        self.write(painter, words, tr("raters against the others, and their mean"), left, "text_soft")
        self.dot(painter, QPointF(begin + 284, y), self.colour("accent"), solid=True, radius=5.5)
        self.write(painter, QRectF(begin + 296, 0, 260, 20), tr("the model against the same means"), left, "text_soft")


class ModelPage(ComputedPage):
    """The page of the model, with the chart at the left and the mapping of classes at the right.

    Args:
        state: The state with labels and project.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.placement: Placement | None = None
        self.condition = QComboBox()
        self.condition.setAccessibleName(tr("Condition"))
        self.condition.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.condition.currentIndexChanged.connect(self._show)
        self.chart = PlacementChart(state.context.theme)
        self.told = label("", "soft", wrap=True)
        main = Card(tr("The model among the raters"))
        main.head.addWidget(self.condition)
        main.body.addWidget(self.told)
        main.body.addWidget(self.chart, 1)
        side = Card(tr("The class that stands for each emotion"))
        for card in (main, side):
            card.title.setWordWrap(True)
            card.head.setStretch(0, 1)
        self._side = side
        for theirs, ours in FERPLUS_TO_RATED.items():
            side.body.addLayout(row(label(class_word(theirs), "soft"), None, label(pretty(ours))))
        side.body.addLayout(row(label("no class", "small", tone="warning"), None, label(pretty("confused"))))
        side.body.addSpacing(SPACE_S)
        side.body.addWidget(
            label(
                tr(
                    "Probabilities are averaged over an item. A probability is not an intensity, so emotions are "
                    "compared by correlation, and valence and arousal by concordance. The model is compared with the "
                    "same means of the other raters as each rater: at the raters' mark it is "
                    "as good as one more rater. "
                    "Reaction lags are left in, which "
                    "counts against the model on valence and arousal."
                ),
                "small",
                wrap=True,
            )
        )
        side.body.addStretch(1)
        box = row(main, side, spacing=SPACE_S)
        box.setStretch(0, 1)
        lay_scrolled(self, column(box))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._side.setFixedWidth(self._state.context.theme.room(300, self.width()))
        super().resizeEvent(event)

    def outdated(self, shown: DashboardState) -> bool:
        # The placement depends on the labels and on the raters who count, but not on the other settings.
        before = self._shown.results.choice if self._shown is not None else None
        return before != shown.results.choice or not shown.final

    def clear(self) -> None:
        self.placement = None
        self._show()

    def start(self, project: "Project", shown: DashboardState) -> None:
        self.told.setText(tr("Comparing with the predictions …"))
        self._state.context.work.start(
            tr("Placing the model"), "io", place_model, project, shown.data, on_done=self._on_placed,
            replace="agreement.model",
        )  # fmt: skip

    def _on_placed(self, placement: Placement) -> None:
        self.placement = placement
        now = self.condition.currentData()
        self.condition.blockSignals(True)
        self.condition.clear()
        for name in dict.fromkeys(r.condition for r in placement.rows):
            self.condition.addItem(pretty(name), name)
        default = now or "full_context"
        self.condition.setCurrentIndex(max(self.condition.findData(default), 0) if self.condition.count() else -1)
        self.condition.blockSignals(False)
        self._show()

    def _show(self) -> None:
        placement = self.placement
        rows = placement.rows if placement is not None else ()
        self.chart.show_rows([r for r in rows if r.condition == self.condition.currentData()])
        if placement is None:
            self.told.setText("")
        elif not placement.models:
            self.told.setText(tr("None of these clips has predictions yet. Analyse the clips in Review first."))
        else:
            self.told.setText(tr("Predictions of {models}.", models=", ".join(placement.models)))
