"""The bar under the timeline: the whole clip with its sound, the part that the curves show, the playhead, the notes."""

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.clock import clock_text
from app.domain.notes import ClipNote
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.spoken import Role

if TYPE_CHECKING:
    from app.media.waveform import Waveform

HEIGHT: Final = 10
"""Height of the bar in pixels at 100 % text."""
LEAST: Final = 6.0
"""Least width of the visible part in pixels, so that it can be seen and held in a clip of hours."""


class OverviewBar(QWidget):
    """Shows which part of the clip is in view. A press or drag moves that part; the curves follow.

    Args:
        theme: The window's fonts and colours.

    Signals:
        moved: The visible part should begin at a time in seconds.
    """

    spoken = Role.ScrollBar
    moved = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._range = (0.0, 1.0)
        self._visible = (0.0, 1.0)
        self._at_s = 0.0
        self._notes: tuple[ClipNote, ...] = ()
        self._held: float | None = None
        self._sound: Waveform | None = None
        self._drawn: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())
        self.setAccessibleName(tr("Part of the clip in view"))
        self.setToolTip(tr("The whole clip, and the part that the curves show; drag it along"))
        theme.changed.connect(self._on_theme)

    def sizeHint(self) -> QSize:
        return QSize(120, round(HEIGHT * self._theme.scale))

    def set_range(self, start_s: float, end_s: float) -> None:
        """Set the beginning and end of the clip."""
        self._range = (start_s, end_s)
        self._drawn = None
        self.update()

    def set_sound(self, sound: "Waveform | None") -> None:
        """Show the sound of the clip; None shows none."""
        self._sound, self._drawn = sound, None
        self.update()

    def set_visible(self, start_s: float, end_s: float) -> None:
        """Set the part that is in view."""
        if (start_s, end_s) != self._visible:
            self._visible = (start_s, end_s)
            self.update()

    def told(self) -> str:
        """Return the part in view, for screen readers."""
        first_s, last_s = (at_s - self._range[0] for at_s in self._visible)
        return tr("{first} to {last}", first=clock_text(first_s), last=clock_text(last_s))

    def set_position(self, at_s: float) -> None:
        """Set the playhead."""
        if at_s != self._at_s:
            self._at_s = at_s
            self.update()

    def set_notes(self, notes: tuple[ClipNote, ...]) -> None:
        """Show where notes are."""
        self._notes = notes
        self.update()

    @property
    def part(self) -> QRectF:
        """Place of the visible part, in pixels of the bar."""
        left, right = self._x(self._visible[0]), self._x(self._visible[1])
        across = self.contentsRect()
        width = max(right - left, LEAST)
        begin = min(max(left, float(across.left())), across.left() + across.width() - width)
        return QRectF(begin, 1.0, width, self.height() - 2.0)

    def _x(self, time_s: float) -> float:
        across, span = self.contentsRect(), self._range[1] - self._range[0]
        return across.left() + ((time_s - self._range[0]) / span * across.width() if span > 0 else 0.0)

    def _time(self, x: float) -> float:
        across = self.contentsRect()
        return self._range[0] + (x - across.left()) / max(across.width(), 1) * (self._range[1] - self._range[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("border"))
        painter.drawRoundedRect(QRectF(self.contentsRect()), 3, 3)
        if self._sound is not None and self._range[1] > self._range[0]:
            painter.drawPixmap(self.contentsRect().topLeft(), self._picture(self._sound))
        third = self.height() / 3
        for note in self._notes:
            left = self._x(note.start_s)
            right = self._x(note.end_s if note.end_s is not None else note.start_s)
            painter.setBrush(theme.colour(f"note_{note.colour}"))
            painter.drawRect(QRectF(left, third, max(right - left, 1.5), third))
        painter.setPen(QPen(theme.colour("accent"), 1.0))
        painter.setBrush(theme.colour("accent", 0.16))
        painter.drawRoundedRect(self.part.adjusted(0.5, 0, -0.5, 0), 3, 3)
        painter.setPen(QPen(theme.colour("accent"), 2.0))
        at = self._x(self._at_s)
        painter.drawLine(QPointF(at, 1), QPointF(at, self.height() - 1))
        painter.end()

    def _picture(self, sound: "Waveform") -> QPixmap:
        """Return the sound as a picture, which is drawn again only when the bar or the clip has changed."""
        across, ratio = self.contentsRect(), self.devicePixelRatio()
        size = QSize(round(across.width() * ratio), round(across.height() * ratio))
        if self._drawn is None or self._drawn.size() != size:
            columns = max(size.width(), 1)
            peaks = sound.peaks(self._range[0], self._range[1], columns)
            half = size.height() / 2
            peaks = peaks / max(float(np.abs(peaks).max()), 1e-3) * (half - 1)
            self._drawn = QPixmap(size)
            self._drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._drawn)
            painter.setPen(QPen(self._theme.colour("text_faint"), 1.0))
            places = enumerate(peaks.tolist())
            painter.drawLines([QLineF(x + 0.5, half - high, x + 0.5, half - low) for x, (low, high) in places])
            painter.end()
            self._drawn.setDevicePixelRatio(ratio)
        return self._drawn

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        part, x = self.part, event.position().x()
        # Held where it was taken; a press elsewhere takes it in its middle.
        self._held = x - part.left() if part.left() <= x <= part.right() else part.width() / 2
        self._move(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._move(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def _move(self, x: float) -> None:
        self.moved.emit(self._time(x - (self._held or 0.0)))

    def _on_theme(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self._drawn = None
        self.update()
