"""Points to look at, one after the other, over the whole screen, while the camera watches the eyes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.domain.gaze import CHECKED, PLACES
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import TEXT_TITLE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.domain.measured_faces import MeasuredFace

DWELL_S: Final = 5.0
"""Seconds that a point is shown."""
SETTLE_S: Final = 1.2
"""Seconds until the eyes have reached it; frames before that are not counted."""
INTRODUCTION: Final = tr(
    "Sit as you will sit during the recording, with the camera in front of you. Follow the point "
    "with your eyes, and hold your head still. It takes {places} minutes.\n\nSpace "
    "begins. Esc leaves, and nothing is kept.",
    places=f"{(len(PLACES) + len(CHECKED)) * DWELL_S / 60:.1f}",
)
_RING: Final = 26.0
_DOT: Final = 4.0


class GazePoints(QWidget):
    """Fills the screen until all points were shown or somebody presses Esc.

    Args:
        context: Theme and ticker.
        clock: Tells seconds; for tests.

    Attributes:
        seen: Place → the measures of the frames in which it was looked at.
        checked: The same for the places of the check.
    """

    done = Signal()
    left = Signal()

    def __init__(self, context: AppContext, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._theme, self._ticker, self._clock = context.theme, context.ticker, clock
        self.seen: dict[tuple[float, float], list[NDArray[np.float64]]] = {place: [] for place in PLACES}
        self.checked: dict[tuple[float, float], list[NDArray[np.float64]]] = {place: [] for place in CHECKED}
        self._order = (*((place, self.seen) for place in PLACES), *((place, self.checked) for place in CHECKED))
        self._at = -1
        self._since_s = 0.0
        self._over = False
        self.setWindowTitle(tr("Calibrating the direction of the eyes"))
        self.setAccessibleName(tr("Points to look at"))
        self.setAccessibleDescription(INTRODUCTION)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._ticker.ticked.connect(self._on_tick)

    @property
    def place(self) -> tuple[float, float] | None:
        """The place on the screen that is looked at now; None before the first."""
        return self._order[self._at][0] if 0 <= self._at < len(self._order) else None

    def begin(self) -> None:
        """Show the first point."""
        if self._at < 0:
            self._at, self._since_s = 0, self._clock()
            self._ticker.start(self)
            self.update()

    def take(self, face: "MeasuredFace | None") -> None:
        """Take the measures of the face in a picture that has just come."""
        if face is not None and 0 <= self._at < len(self._order) and self._clock() - self._since_s >= SETTLE_S:
            place, frames = self._order[self._at]
            frames[place].append(face.values)

    def _on_tick(self) -> None:
        if not 0 <= self._at < len(self._order):
            return
        if self._clock() - self._since_s >= DWELL_S:
            self._at, self._since_s = self._at + 1, self._clock()
            if self._at == len(self._order):
                self._end(self.done)
                return
        self.update()

    def _end(self, how: SignalInstance) -> None:
        if self._over:
            return
        self._over = True
        self._ticker.stop(self)
        how.emit()
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._end(self.left)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end(self.left)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.colour("window"))
        place = self.place
        if place is None:
            painter.setPen(self._theme.colour("text"))
            painter.setFont(self._theme.font(TEXT_TITLE))
            width = min(self.width() * 0.6, 560.0 * self._theme.scale)
            box = QRectF((self.width() - width) / 2, 0, width, self.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), INTRODUCTION)
        else:
            middle = QPointF(place[0] * self.width(), place[1] * self.height())
            left = max(0.0, 1 - (self._clock() - self._since_s) / DWELL_S)
            painter.setPen(QPen(self._theme.colour("accent"), 2.5))
            painter.drawEllipse(middle, _DOT + _RING * left, _DOT + _RING * left)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("text"))
            painter.drawEllipse(middle, _DOT, _DOT)
        painter.end()
