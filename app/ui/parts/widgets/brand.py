"""The program's mark: a face's curve on the valence–arousal plane."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.ui.look.theme import Theme
from app.ui.look.tokens import LIGHT


def draw_mark(painter: QPainter, rect: QRectF, ground: str = LIGHT.accent, stroke: str = "#ffffff") -> None:
    """Draw the mark into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(rect.width(), rect.height())
    painter.translate(rect.center())
    painter.scale(side / 64, side / 64)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(QRectF(-32, -32, 64, 64), 15, 15)
    soft = QColor(stroke)
    soft.setAlphaF(0.35)
    painter.setPen(QPen(soft, 2))
    painter.drawLine(QPointF(-22, 0), QPointF(22, 0))
    painter.drawLine(QPointF(0, -22), QPointF(0, 22))
    curve = QPainterPath(QPointF(-21, 9))
    curve.cubicTo(QPointF(-12, 24), QPointF(-6, -4), QPointF(0, 4))
    curve.cubicTo(QPointF(6, 12), QPointF(10, -14), QPointF(17, -14))
    pen = QPen(QColor(stroke), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(curve)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(stroke))
    painter.drawEllipse(QPointF(17, -14), 6, 6)
    painter.restore()


def app_icon() -> QIcon:
    """Return the window's icon."""
    made = QIcon()
    for side in (16, 32, 48, 128, 256):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw_mark(painter, QRectF(0, 0, side, side))
        painter.end()
        made.addPixmap(picture)
    return made


class Mark(QWidget):
    """The mark as a widget.

    Args:
        theme: The window's fonts and colours.
        side: Side of the square in pixels.
    """

    def __init__(self, theme: Theme, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_mark(painter, QRectF(self.rect()))
        painter.end()
