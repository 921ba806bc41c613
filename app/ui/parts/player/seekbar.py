"""The seek bar: the place in the clip, the analysed parts, and the loop from A to B."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from app.domain.clock import clock_text
from app.ui.look.language import tr
from app.ui.look.theme import Theme


class SeekBar(QAbstractSlider):
    """A bar that seeks by clicks and drags.

    To screen readers it is a slider over the milliseconds of the clip, which they can read and set.

    Args:
        theme: The window's fonts and colours.

    Signals:
        sought: The bar was pressed, or released after dragging, at a time in seconds.
        dragged: The mouse has come to a time in seconds, and may go on.
    """

    sought = Signal(float)
    dragged = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._start_s, self._end_s, self._at_s = 0.0, 0.0, 0.0
        self._loop: tuple[float | None, float | None] = (None, None)
        self._hover_x: float | None = None
        self._dragging = False
        self._own = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Position in the clip"))
        self._tell()
        self.valueChanged.connect(self._on_value)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, 18)

    def set_range(self, start_s: float, end_s: float) -> None:
        """Set the clip's first and last time in seconds."""
        self._start_s, self._end_s = start_s, end_s
        self._tell()
        self.update()

    def set_position(self, at_s: float) -> None:
        """Set the place of the playhead in seconds."""
        if at_s != self._at_s:
            self._at_s = at_s
            self._tell()
            self.update()

    def _tell(self) -> None:
        """Say the place to screen readers."""
        self._own = True
        self.setRange(0, round(1000 * (self._end_s - self._start_s)))
        self.setValue(round(1000 * (self._at_s - self._start_s)))
        at, end = (clock_text(time_s - self._start_s, millis=False) for time_s in (self._at_s, self._end_s))
        said = tr("{at} of {end}", at=at, end=end) if self._end_s > self._start_s else tr("No clip is open.")
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self._own = False

    def _on_value(self, value: int) -> None:
        if not self._own:
            self.sought.emit(self._start_s + value / 1000)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what lies behind: it would move a slider by accident."""
        event.ignore()

    def set_loop(self, a_s: float | None, b_s: float | None) -> None:
        """Set the loop's ends in seconds; None where not set."""
        self._loop = (a_s, b_s)
        self.update()

    def _x(self, time_s: float) -> float:
        span = self._end_s - self._start_s
        share = (time_s - self._start_s) / span if span > 0 else 0.0
        return 7 + min(max(share, 0.0), 1.0) * (self.width() - 14)

    def _time(self, x: float) -> float:
        share = (x - 7) / max(self.width() - 14, 1)
        return self._start_s + min(max(share, 0.0), 1.0) * (self._end_s - self._start_s)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        thick = 6.0 if self._hover_x is not None else 4.0
        trough = QRectF(7, middle - thick / 2, self.width() - 14, thick)
        painter.setBrush(self._theme.colour("outline"))
        painter.drawRoundedRect(trough, thick / 2, thick / 2)
        a_s, b_s = self._loop
        if a_s is not None or b_s is not None:
            left = self._x(a_s if a_s is not None else self._start_s)
            right = self._x(b_s if b_s is not None else self._end_s)
            painter.setBrush(self._theme.colour("warning", 0.55))
            painter.drawRect(QRectF(left, middle - 5, right - left, 10))
        at = self._x(self._at_s)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(QRectF(7, middle - thick / 2, at - 7, thick), thick / 2, thick / 2)
        if self.isEnabled():
            painter.drawEllipse(
                QPointF(at, middle), 7 if self._hover_x is not None else 6, 7 if self._hover_x is not None else 6
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.sought.emit(self._time(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover_x = event.position().x()
        self.setToolTip(clock_text(self._time(self._hover_x) - self._start_s))
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._dragging = True
            self.dragged.emit(self._time(event.position().x()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._dragging:
            self._dragging = False
            self.sought.emit(self._time(event.position().x()))

    def leaveEvent(self, event: object) -> None:
        self._hover_x = None
        self.update()
