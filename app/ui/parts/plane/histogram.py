"""Distributions of annotations and predictions over valence and arousal: filled for people, outlined for the model."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.plotted import Curve, Plot
from app.domain.traces import DIMENSIONS
from app.domain.words import figure
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import LIGHT, TEXT_CAPTION, TEXT_SMALL
from app.ui.parts.exporting.found import plots_offer
from app.ui.parts.widgets.spoken import Role

BINS: Final = 20


def shares(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the share of the known values in each of `BINS` equal steps from −1 to 1; all zero if none is known.

    Args:
        values: Any float array. NaN is left out, and values outside count in the outermost bins.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return np.zeros(BINS)
    counts, _ = np.histogram(np.clip(known, -1, 1), bins=BINS, range=(-1, 1))
    return counts / len(known)


class HistogramWidget(QWidget):
    """Two histograms, one under the other.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._annotated: NDArray[np.float64] | None = None
        self._predicted: NDArray[np.float64] | None = None
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        self.setAccessibleName(tr("Histogram of valence and arousal"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, 190)

    @property
    def values(self) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
        """Shares of annotation and prediction, float64 2×`BINS` each; None for one that is not shown."""
        return self._annotated, self._predicted

    def show_values(
        self, annotated: NDArray[np.float32] | None, predicted: NDArray[np.float32] | None, caption: str = ""
    ) -> None:
        """Show two distributions.

        Args:
            annotated: float32 N×2, values of the chosen annotation; None without one.
            predicted: float32 M×2, predicted values; None without predictions.
            caption: Text that is shown if there is nothing.
        """

        def both(values: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
            if values is None or not len(values) or bool(np.isnan(values).all()):
                return None
            return np.stack([shares(values[:, 0]), shares(values[:, 1])])

        self._annotated, self._predicted, self._caption = both(annotated), both(predicted), caption
        self.update()

    def exports(self) -> list[Offer]:
        """Return the two histograms as a plot; nothing while there is none."""
        edges = np.linspace(-1, 1, BINS + 1)
        middles = (edges[:-1] + edges[1:]) / 2
        plots = []
        for number, name in enumerate(DIMENSIONS):
            curves = []
            if self._annotated is not None:
                shown = self._annotated[number]
                curves.append(Curve("annotated", middles, shown, getattr(LIGHT, name), 0.35, kind="bars", bar=2 / BINS))
            if self._predicted is not None:
                steps = np.append(self._predicted[number], self._predicted[number][-1])
                curves.append(Curve("predicted", edges, steps, getattr(LIGHT, name), kind="steps"))
            if curves:
                plots.append(Plot(name.capitalize(), name, tr("share of frames"), tuple(curves), x_range=(-1.0, 1.0)))
        return [plots_offer(tr("Histogram of valence and arousal"), plots)] if plots else []

    def told(self) -> str:
        """Return the means of what is drawn, for screen readers."""
        middles = (np.arange(BINS) + 0.5) * 2 / BINS - 1
        said = [
            tr(
                "{words} {name}: mean {shown}",
                words=words,
                name=name,
                shown=figure(float(shown[at] @ middles), sign=True),
            )
            for at, name in enumerate(DIMENSIONS)
            for words, shown in ((tr("annotated"), self._annotated), (tr("predicted"), self._predicted))
            if shown is not None
        ]
        return "; ".join(said) or self._caption or tr("Nothing is shown.")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._annotated is None and self._predicted is None:
            painter.setPen(self._theme.colour("text_faint"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._caption)
            painter.end()
            return
        legend, half = 22.0, (self.height() - 22.0) / 2
        self._legend(painter, QRectF(0, 0, self.width(), legend))
        for number, name in enumerate(DIMENSIONS):
            self._one(painter, QRectF(0, legend + number * half, self.width(), half), name, number)
        painter.end()

    def _legend(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._theme.font(TEXT_CAPTION))
        painter.setPen(self._theme.colour("text_faint"))
        known = [
            name
            for name, there in ((tr("filled: annotated"), self._annotated), (tr("outline: predicted"), self._predicted))
            if there is not None
        ]
        painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), " · ".join(known))

    def _one(self, painter: QPainter, area: QRectF, name: str, number: int) -> None:
        colour = self._theme.colour(name)
        painter.setFont(self._theme.font(TEXT_SMALL))
        painter.setPen(colour)
        painter.drawText(QRectF(area.left(), area.top(), 70, 18), int(Qt.AlignmentFlag.AlignLeft), name)
        plot = area.adjusted(6, 8, -6, -18)
        parts = [series[number] for series in (self._annotated, self._predicted) if series is not None]
        top = max(max(float(part.max()) for part in parts), 1e-9)
        step = plot.width() / BINS
        if self._annotated is not None:
            fill = QColor(colour)
            fill.setAlphaF(0.45)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            for at, share in enumerate(self._annotated[number]):
                height = plot.height() * float(share) / top
                painter.drawRect(QRectF(plot.left() + at * step + 0.5, plot.bottom() - height, step - 1, height))
        if self._predicted is not None:
            points = QPolygonF()
            for at, share in enumerate(self._predicted[number]):
                y = plot.bottom() - plot.height() * float(share) / top
                points.append(QPointF(plot.left() + at * step, y))
                points.append(QPointF(plot.left() + (at + 1) * step, y))
            painter.setPen(QPen(colour, 1.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(points)
        painter.setPen(QPen(self._theme.colour("border_strong"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setFont(self._theme.font(TEXT_CAPTION))
        painter.setPen(self._theme.colour("text_faint"))
        for value, text in ((0.0, "−1"), (0.5, "0"), (1.0, "+1")):
            x = plot.left() + value * plot.width()
            painter.drawText(QRectF(x - 14, plot.bottom() + 2, 28, 14), int(Qt.AlignmentFlag.AlignCenter), text)
