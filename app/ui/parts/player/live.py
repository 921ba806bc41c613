"""Feeds the frames on screen to the live analyser and brings its answers back into the window's thread."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.changes import Changes
from app.domain.media import Frame
from app.services.predict.pace import Pace
from app.ui.core.context import AppContext

if TYPE_CHECKING:
    from app.services.predict.live import LiveAnalyser, LiveResult, LiveStatus

LOOKS: Final = 3
"""Number of times that a still frame is offered before it counts as empty, because a face needs three hits in a row."""


class LiveFeed(QObject):
    """Live predictions while they are switched on. The analyser is made when the first frame comes.

    Args:
        context: Settings and errors.

    Attributes:
        known: Whether a frame, by its number, is predicted already; it is then not predicted again.
    """

    answered = Signal(object)
    gave_up = Signal()
    _arrived = Signal(object)
    _failed = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._analyser: LiveAnalyser | None = None
        self.known: Callable[[int], bool] = lambda _: False
        self._on = False
        self._sequence = 0
        self._valid_from = 0
        self._newest = -1
        self._last: Frame | None = None
        self._looks = 0
        self._pace = Pace()
        self._measuring = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        context.changed.connect(self._on_changed)

    @property
    def on(self) -> bool:
        """Whether frames are predicted."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Switch the predictions of frames on or off."""
        self._on = on
        if not on:
            self.stop()

    def set_measuring(self, on: bool) -> None:
        """Say whether the faces of frames are measured, too."""
        self._measuring = on
        if self._analyser is not None:
            self._analyser.set_measuring(on)

    @property
    def slowed(self) -> bool:
        """Whether fewer frames are predicted so that the clip plays smoothly."""
        return self._on and self._pace.slowed

    def submit(self, frame: Frame, *, playing: bool = False, late: bool = False) -> None:
        """Offer the frame on screen without waiting.

        Args:
            frame: The frame.
            playing: Whether others follow at once, so that this one may be left out.
            late: Whether the clip shows its frames later than it should. Fewer of them are then predicted.
        """
        if not self._on:
            return
        if not playing:
            self._pace.reset()
        elif not self._pace.takes(time.monotonic(), late=late, cost_s=self._cost_s()):
            return
        if self.known(frame.frame_idx):
            self._last = frame
        else:
            self._predict(frame)

    def _predict(self, frame: Frame) -> None:
        if self._analyser is None:
            self._analyser = self._make()
        self._last, self._looks = frame, 1
        self._offer(frame)

    def _cost_s(self) -> float:
        status = self.status()
        return 0.0 if status is None else status.latency_ms / 1000

    def _offer(self, frame: Frame) -> None:
        if self._analyser is not None:
            self._sequence += 1
            self._analyser.submit(self._sequence, frame)

    def reset(self) -> None:
        """Forget faces and drop answers that are under way, because another clip follows."""
        self._valid_from = self._sequence + 1
        self._last = None
        self._pace.reset()
        if self._analyser is not None:
            self._analyser.reset()

    def status(self) -> "LiveStatus | None":
        """Return figures on how well it keeps up; None while it is off."""
        return self._analyser.status if self._analyser is not None else None

    def stop(self) -> None:
        """End the analyser's thread. It is made again when needed, for instance with another model or device."""
        analyser, self._analyser = self._analyser, None
        self._valid_from = self._sequence + 1
        if analyser is not None:
            analyser.close()

    def _make(self) -> "LiveAnalyser":
        from app.services.models.in_use import wished_model
        from app.services.predict.live import LiveAnalyser

        settings, project = self._context.settings, self._context.project
        made = LiveAnalyser(
            wished_model(settings.text("analysis.model"), project),
            settings.text("analysis.device"),
            self._arrived.emit,
            self._failed.emit,
            project.place if project is not None else None,
        )
        made.set_measuring(self._measuring)
        return made

    def _on_changed(self, changes: Changes) -> None:
        """Another model is in use: the frame on screen is predicted with it at once."""
        if changes.touches("model") and self._on:
            self.stop()
            if self._last is not None:
                self._predict(self._last)

    def _on_arrived(self, result: "LiveResult") -> None:
        if self._on and result.sequence >= self._valid_from and result.sequence > self._newest:
            self._newest = result.sequence
            last = self._last
            if not result.faces and last is not None and result.sequence == self._sequence and self._looks < LOOKS:
                self._looks += 1  # nothing newer is on its way: the clip stands still here
                self._offer(last)
                return
            self.answered.emit(result)

    def _on_failed(self, error: Exception) -> None:
        if not self._on:
            return
        self.set_on(False)
        self.gave_up.emit()
        self._context.fail(error)
