"""The measures of the chosen face in the frame on screen, as numbers."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.measured_faces import TITLES, MeasuredFace
from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_SMALL
from app.ui.parts.widgets.spoken import Role

_ROW: Final = 18.0
_WIDE: Final = 330.0
"""Width, at 100 % text, from which the measures stand in two columns."""


class MeasuresWidget(QWidget):
    """The list of the measures of one face.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._face: MeasuredFace | None = None
        self._caption = ""
        self._more: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)
        self.setAccessibleName(tr("Measures of the face in the frame on screen"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, 230)

    @property
    def face(self) -> MeasuredFace | None:
        """The measures that are shown."""
        return self._face

    def show_face(
        self, face: MeasuredFace | None, caption: str = tr("The face is not measured in this frame.")
    ) -> None:
        """Show the measures of a face, or the caption if there are none."""
        self._face, self._caption = face, caption
        self.update()

    def told(self) -> str:
        """Return the measures, for screen readers."""
        if self._face is None:
            return self._caption
        return ", ".join(f"{title} {words}" for title, words in self._rows(self._face))

    def show_more(self, rows: tuple[tuple[str, str], ...]) -> None:
        """Show further rows below the measures, each a name and its value in words."""
        self._more = rows
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._face is None:
            painter.setPen(self._theme.colour("text_faint"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._caption)
            painter.end()
            return
        scale = self._theme.scale
        rows = self._rows(self._face)
        columns = 2 if self.width() >= _WIDE * scale or self.height() < len(rows) * _ROW * scale * 0.75 else 1
        lines = -(-len(rows) // columns)
        row = min(self.height() / lines, _ROW * scale * 1.3)
        width = self.width() / columns
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for number, (title, words) in enumerate(rows):
            at, line = divmod(number, lines)
            area = QRectF(at * width, line * row, width - 14 * scale * (columns > 1), row)
            painter.setFont(self._theme.font(TEXT_SMALL, figures=True))
            metrics = painter.fontMetrics()
            painter.setPen(self._theme.colour("text"))
            painter.drawText(area, right, words)
            painter.setFont(self._theme.font(TEXT_SMALL))
            painter.setPen(self._theme.colour("text_soft"))
            room = area.width() - metrics.horizontalAdvance(words) - 6
            shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, round(room))
            painter.drawText(area, left, shown)
        painter.end()

    def _rows(self, face: MeasuredFace) -> list[tuple[str, str]]:
        """Return the name of each row and its value in words."""
        return [*((TITLES[name][0], _words(name, face)) for name in TITLES), *self._more]


def _words(name: str, face: MeasuredFace) -> str:
    unit, value = TITLES[name][1], face.value(name)
    return f"{figure(value, 1 if unit else 2, sign=True)}{unit if value == value else ''}"
