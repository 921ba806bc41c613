"""The plane or the axis on which a rater moves the marker, with a visible marker and a fading tail and nothing else."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QEnterEvent, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import RADIUS, TEXT_BODY, TEXT_DISPLAY
from app.ui.parts.widgets.affect_area import AffectArea
from app.ui.parts.widgets.spoken import Role

RADIUS_PX: Final = 11.0
_EDGE: Final = 44.0
"""Room for the words at the sides, in pixels."""


class TracePad(AffectArea):
    """Both dimensions on the plane, or one on an axis, which is horizontal for valence and vertical for arousal.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.Canvas
    pointed = Signal(float, float)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _EDGE, parent)
        self._ends = (("unpleasant", "pleasant"), ("calm", "excited"))
        self._marker: tuple[float, float] | None = None
        self._live = False
        self._message = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 200)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Valence and arousal"))
        theme.changed.connect(self.update)

    def set_up(self, axes: tuple[bool, bool], valence: str, arousal: str) -> None:
        """Set what is traced.

        Args:
            axes: Whether valence and whether arousal is traced.
            valence: Words of its ends as "low – high".
            arousal: Like `valence`.
        """
        self.axes = axes
        self._ends = (_ends(valence), _ends(arousal))
        self.clear()

    def clear(self) -> None:
        """Remove marker and tail."""
        self._marker = None
        self._tail.clear()
        self.update()

    def set_live(self, live: bool) -> None:
        """Set whether the mouse moves the marker; its own arrow is then hidden."""
        self._live = live
        self.setCursor(Qt.CursorShape.BlankCursor if live else Qt.CursorShape.ArrowCursor)

    def pointer(self) -> tuple[float, float] | None:
        """Return the (valence, arousal) of the mouse, whether it was moved or not; None outside the field."""
        at = self.mapFromGlobal(QCursor.pos())
        return self.to_value(QPointF(at)) if self.isVisible() and self.rect().contains(at) else None

    @property
    def message(self) -> str:
        """The message over the pad; empty for none."""
        return self._message

    @property
    def marker(self) -> tuple[float, float] | None:
        """(valence, arousal) of the marker; None while it is not drawn."""
        return self._marker

    def told(self) -> str:
        """Return the message over the pad, or how it is used, for screen readers."""
        return self._message or tr("The mouse moves the marker over the plane, or along the axis.")

    def hide_marker(self) -> None:
        """Hide the marker, because the mouse is outside the field."""
        self._marker = None
        self._tail.clear()
        self.update()

    def set_message(self, text: str) -> None:
        """Show a message over the pad, such as a countdown; empty for none."""
        self._message = text
        self.update()

    def show_marker(self, valence: float, arousal: float, *, tail: bool = True) -> None:
        """Move the marker."""
        self._marker = (valence, arousal)
        if tail:
            self.leave_tail(valence, arousal)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(460, 460)

    def area(self) -> QRectF:
        """Return the square from −1 to 1, or the band of the axis that is traced."""
        whole = super().area()
        if self.axes == (True, True):
            return whole
        band = 72.0
        if self.axes[0]:
            return QRectF(_EDGE, whole.center().y() - band / 2, self.width() - 2 * _EDGE, band)
        return QRectF(whole.center().x() - band / 2, _EDGE, band, self.height() - 2 * _EDGE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._live:
            return
        self.pointed.emit(*self.to_value(event.position()))

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._live:
            self.pointed.emit(*self.to_value(event.position()))
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._live:
            self.left.emit()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_words(painter)
        self.paint_tail(painter, self._theme.colour("text_soft"), 0.7, 1.5, 6.5)
        if self._marker is not None:
            painter.setPen(QPen(self._theme.colour("surface"), 3))
            painter.setBrush(self._theme.colour("text"))
            painter.drawEllipse(self.to_point(*self._marker), RADIUS_PX, RADIUS_PX)
        if self._message:
            veil = QColor(self._theme.tokens.surface)
            veil.setAlpha(190)
            painter.fillRect(self.rect(), veil)
            large = len(self._message) <= 2
            painter.setFont(self._theme.font(96 if large else TEXT_DISPLAY - 6, QFont.Weight.DemiBold))
            painter.setPen(self._theme.colour("text"))
            edge = round(_EDGE)
            inside = self.rect().adjusted(edge, edge, -edge, -edge)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._message)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme, area = self._theme, self.area()
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        painter.setPen(QPen(theme.colour("grid"), 1))
        for part in (-0.5, 0.5):
            if self.axes[0]:
                painter.drawLine(*self._across(part, upright=True))
            if self.axes[1]:
                painter.drawLine(*self._across(part, upright=False))
        painter.setPen(QPen(theme.colour("border_strong"), 1.5))
        if self.axes[0]:
            painter.drawLine(*self._across(0, upright=True))
        if self.axes[1]:
            painter.drawLine(*self._across(0, upright=False))

    def _across(self, value: float, *, upright: bool) -> tuple[QPointF, QPointF]:
        area, at = self.area(), self.to_point(value, value)
        if upright:
            return QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom())
        return QPointF(area.left(), at.y()), QPointF(area.right(), at.y())

    def _paint_words(self, painter: QPainter) -> None:
        theme, area = self._theme, self.area()
        (low_v, high_v), (low_a, high_a) = self._ends
        painter.setFont(theme.font(TEXT_BODY + 1, QFont.Weight.Medium))
        painter.setPen(theme.colour("text_soft"))
        middle = int(Qt.AlignmentFlag.AlignCenter)
        if self.axes[0]:
            # Beside the plane the words stand upright along its sides; under the band they lie flat.
            if self.axes[1]:
                self._turned(painter, low_v, area.left() - 16, area.center().y())
                self._turned(painter, high_v, area.right() + 16, area.center().y())
            else:
                flat = int(Qt.AlignmentFlag.AlignVCenter)
                below = QRectF(area.left(), area.bottom() + 6, area.width(), 24)
                painter.drawText(below, flat | int(Qt.AlignmentFlag.AlignLeft), low_v)
                painter.drawText(below, flat | int(Qt.AlignmentFlag.AlignRight), high_v)
        if self.axes[1]:
            wide = QRectF(0, 0, self.width(), 24)
            painter.drawText(wide.translated(0, area.top() - 30), middle, high_a)
            painter.drawText(wide.translated(0, area.bottom() + 6), middle, low_a)

    def _turned(self, painter: QPainter, text: str, x: float, y: float) -> None:
        painter.save()
        painter.translate(x, y)
        painter.rotate(-90)
        painter.drawText(QRectF(-150, -12, 300, 24), int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()


def _ends(words: str) -> tuple[str, str]:
    """Return the two ends of "low – high"; where it is not written so, the words stand at the high end."""
    for dash in ("–", "—", " - ", "/"):
        low, found, high = words.partition(dash)
        if found:
            return low.strip(), high.strip()
    return "", words
