"""Bars of a verdict: the model's share of each category, and below it the share of people in each viewing condition."""

from typing import Any, Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.plotted import Curve, Plot
from app.domain.tables import Heading, Table
from app.domain.words import plain
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION, TEXT_HEADING, TEXT_SMALL
from app.ui.parts.categories.members import members_words, paint_members
from app.ui.parts.categories.said import CategorySaid
from app.ui.parts.exporting.found import plots_offer
from app.ui.parts.widgets.spoken import Role

NOTE_FLAGS = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignBottom.value | Qt.AlignmentFlag.AlignLeft.value
INKS: Final = ("#0b766c", "#7B5EA7", "#8C6D31", "#CC79A7", "#4d5765", "#56B4E9", "#009E73")
"""Colours of the bars on paper: those of valence and arousal are not among them."""
NAME_WIDE = 84.0
"""Width of the names, at 100 % text."""


class VerdictWidget(QWidget):
    """The category of an item or of the last seconds.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._said: CategorySaid | None = None
        self._with_members = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self.setAccessibleName(tr("Category"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, 230)

    @property
    def said(self) -> CategorySaid | None:
        """The facts that are drawn."""
        return self._said

    def show_said(self, said: CategorySaid | None) -> None:
        """Draw a verdict with people's votes; None draws nothing."""
        self._said = said
        if said is None:
            self.setAccessibleDescription("")
            self.setToolTip("")
        else:
            votes = "; ".join(each.words for each in said.votes)
            words = said.answer or said.caption
            members = members_words(said) if said.members else ""
            told = (said.title, words, members, said.note, votes)
            self.setAccessibleDescription(". ".join(part for part in told if part))
            self.setToolTip(". ".join(part for part in (f"{said.model}: {words}", members, said.note) if part))
        self.update()

    def show_members(self, on: bool) -> None:
        """Draw the members of a fusion side by side, instead of its own bars beside people's votes."""
        self._with_members = on
        self.update()

    def exports(self) -> list[Offer]:
        """Return the shares of the model, of its members and of people as a table and as bars."""
        said = self._said
        if said is None or (said.probabilities is None and not said.votes):
            return []
        rows: list[tuple[str, np.ndarray[Any, Any]]] = []
        if said.probabilities is not None:
            rows.append((said.model, said.probabilities))
        rows += [(f"{said.model}: {name}", shares) for name, shares in said.members]
        rows += [(each.words, each.shares) for each in said.votes]
        at = np.arange(len(said.classes), dtype=np.float64)
        wide = 0.8 / len(rows)
        curves = tuple(
            Curve(name, at - 0.4 + wide * (n + 0.5), np.asarray(shares, np.float64), INKS[n % len(INKS)], kind="bars",
                  bar=wide * 0.9)
            for n, (name, shares) in enumerate(rows)
        )  # fmt: skip
        ticks = tuple((float(n), plain(name)) for n, name in enumerate(said.classes))
        plot = Plot(
            tr("Category: {title}", title=said.title), "category", "share", curves, y_range=(0.0, 1.0), x_ticks=ticks
        )
        cells = tuple((name, *np.asarray(shares, np.float64).tolist()) for name, shares in rows)
        table = Table(plot.title, (Heading("who"), *map(Heading, said.classes)), cells)
        return [Offer(plot.title, lambda: [table], plots_offer(plot.title, [plot]).figure)]

    def paintEvent(self, event: QPaintEvent) -> None:
        said = self._said
        if said is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._theme.scale
        self._head(painter, QRectF(0, 0, self.width(), 40 * scale), said)
        line = 16 * scale
        note = self._note_area(said)
        foot = line * len(said.votes) + note.height()
        rows = QRectF(0, 44 * scale, self.width(), self.height() - 44 * scale - foot)
        if self._with_members and said.members:
            paint_members(painter, rows.adjusted(0, 0, 0, line * len(said.votes)), said, self._theme)
            self._paint_note(painter, note, said)
            painter.end()
            return
        step = min(rows.height() / max(len(said.classes), 1), 30 * scale)
        best = -1 if said.probabilities is None else int(said.probabilities.argmax())
        for at, name in enumerate(said.classes):
            self._row(painter, QRectF(0, rows.top() + at * step, self.width(), step), said, at, name, at == best)
        for number, votes in enumerate(said.votes):
            area = QRectF(0, note.top() - (len(said.votes) - number) * line, self.width(), line)
            painter.fillRect(QRectF(area.left(), area.center().y() - 4, 8, 8), self._colour(number))
            painter.setFont(self._theme.font(TEXT_CAPTION))
            painter.setPen(self._theme.colour("text_faint"))
            painter.drawText(area.adjusted(14, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), votes.words)
        self._paint_note(painter, note, said)
        painter.end()

    def _paint_note(self, painter: QPainter, area: QRectF, said: CategorySaid) -> None:
        if said.note:
            painter.setFont(self._theme.font(TEXT_CAPTION))
            painter.setPen(self._theme.colour("text_soft"))
            painter.drawText(area, NOTE_FLAGS, said.note)

    def _note_area(self, said: CategorySaid) -> QRectF:
        """Return the place of the note at the bottom, as high as its lines."""
        if not said.note:
            return QRectF(0, self.height(), self.width(), 0)
        metrics = QFontMetricsF(self._theme.font(TEXT_CAPTION))
        most = QRectF(0, 0, self.width(), self.height() / 3)
        high = min(metrics.boundingRect(most, NOTE_FLAGS, said.note).height() + 4, most.height())
        return QRectF(0, self.height() - high, self.width(), high)

    def _head(self, painter: QPainter, area: QRectF, said: CategorySaid) -> None:
        painter.setFont(self._theme.font(TEXT_SMALL))
        painter.setPen(self._theme.colour("text_faint"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), said.title)
        font = self._theme.font(TEXT_HEADING if said.answer else TEXT_SMALL, figures=True)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text" if said.answer else "text_faint"))
        where = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(where), said.answer or said.caption)

    def _row(self, painter: QPainter, area: QRectF, said: CategorySaid, at: int, name: str, best: bool) -> None:
        scale = self._theme.scale
        font = self._theme.font(TEXT_SMALL, figures=True)
        font.setPixelSize(max(min(font.pixelSize(), round(area.height()) - 1), 6))
        painter.setFont(font)
        painter.setPen(self._theme.colour("text" if best else "text_soft"))
        words = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(NAME_WIDE * scale))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        share = None if said.probabilities is None else float(said.probabilities[at])
        if share is not None:
            text = f"{100 * share:.0f} %"
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)
        left = NAME_WIDE * scale
        wide = max(area.width() - left - 48 * scale, 10.0)
        thin = 3.0 if area.height() < 22 * scale else 4.0
        high = 6.0 + (thin + 1) * len(said.votes)
        top = area.center().y() - high / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("border"))
        painter.drawRoundedRect(QRectF(area.left() + left, top, wide, 6), 3, 3)
        if share is not None and share > 0.005:
            painter.setBrush(self._theme.colour("accent" if best else "text_faint"))
            painter.drawRoundedRect(QRectF(area.left() + left, top, max(wide * share, 4), 6), 3, 3)
        for number, votes in enumerate(said.votes):
            part = float(votes.shares[at])
            if part > 0:
                painter.setBrush(self._colour(number))
                painter.drawRect(QRectF(area.left() + left, top + 7 + number * (thin + 1), wide * part, thin))

    def _colour(self, number: int) -> QColor:
        """Return the colour of a viewing condition's votes."""
        return self._theme.colour(("valence", "arousal", "warning")[number % 3])
