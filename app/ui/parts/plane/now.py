"""The model's predictions of the frame on screen: valence, arousal and probabilities of expressions."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.faces import UNCERTAIN
from app.domain.tables import Heading, Table
from app.domain.words import figure
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_HEADING, TEXT_SMALL
from app.ui.parts.player.overlay import OverlayFace
from app.ui.parts.widgets.spoken import Role


class NowWidget(QWidget):
    """Two large numbers and the bars of the chosen face.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._face: OverlayFace | None = None
        self._caption = tr("No face in this frame.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self.setAccessibleName(tr("Prediction of the frame on screen"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, 230)

    def show_face(self, face: OverlayFace | None, caption: str = tr("No face in this frame.")) -> None:
        """Show one face, or the caption if there is none."""
        self._face, self._caption = face, caption
        self.update()

    def exports(self) -> list[Offer]:
        """Return the values of the face in this frame as a table; nothing without a face."""
        if self._face is None:
            return []
        headings = (Heading("what"), Heading("value", meaning=tr("of the face on screen; classes are probabilities")))
        table = Table(tr("Prediction of this frame"), headings, tuple(_values(self._face)))
        return [Offer(table.title, lambda: [table])]

    def told(self) -> str:
        """Return the values of the face in this frame, for screen readers."""
        if self._face is None:
            return self._caption
        return ", ".join(f"{name} {figure(value)}" for name, value in _values(self._face))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = self._face
        if face is None:
            painter.setPen(self._theme.colour("text_faint"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._caption)
            painter.end()
            return
        doubt = face.quality < UNCERTAIN
        half = self.width() / 2
        for number, (name, value) in enumerate((("valence", face.valence), ("arousal", face.arousal))):
            self._number(painter, QRectF(number * half, 0, half, 50 * self._theme.scale), name, value, doubt)
        top = 56.0 * self._theme.scale
        if doubt:
            painter.setFont(self._theme.font(TEXT_SMALL))
            painter.setPen(self._theme.colour("warning"))
            painter.drawText(
                QRectF(0, top, self.width(), 18),
                int(Qt.AlignmentFlag.AlignLeft),
                tr("Uncertain: this face is small, turned or blurred."),
            )
            top += 22
        if len(face.probabilities):
            row = min((self.height() - top) / len(face.classes), 26.0 * self._theme.scale)
            best = int(np.argmax(face.probabilities))
            for at, (name, share) in enumerate(zip(face.classes, face.probabilities, strict=True)):
                self._bar(painter, QRectF(0, top + at * row, self.width(), row), name, float(share), at == best)
        painter.end()

    def _number(self, painter: QPainter, area: QRectF, name: str, value: float, doubt: bool) -> None:
        painter.setFont(self._theme.font(TEXT_SMALL))
        painter.setPen(self._theme.colour(name))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), name)
        font = self._theme.font(TEXT_HEADING, figures=True)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text_faint" if doubt else "text"))
        words = figure(value, sign=True)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), words)

    def _bar(self, painter: QPainter, area: QRectF, name: str, share: float, best: bool) -> None:
        painter.setFont(self._theme.font(TEXT_SMALL, figures=True))
        painter.setPen(self._theme.colour("text" if best else "text_soft"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), f"{100 * share:.0f} %")
        left = 84.0 * self._theme.scale
        trough = QRectF(
            area.left() + left, area.center().y() - 3, max(area.width() - left - 48 * self._theme.scale, 10), 6
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("border"))
        painter.drawRoundedRect(trough, 3, 3)
        if share > 0.005:
            painter.setBrush(self._theme.colour("accent" if best else "text_faint"))
            painter.drawRoundedRect(QRectF(trough.left(), trough.top(), max(trough.width() * share, 4), 6), 3, 3)


def _values(face: OverlayFace) -> list[tuple[str, float]]:
    named = (("valence", face.valence), ("arousal", face.arousal), ("quality", face.quality))
    rows = [*named, *zip(face.classes, np.asarray(face.probabilities, np.float64).tolist(), strict=False)]
    return [(name, float(value)) for name, value in rows]
