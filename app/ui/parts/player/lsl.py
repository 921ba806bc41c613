"""Sends the live predictions of the camera by LSL while the setting says so."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.changes import Changes
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.parts.player.live import LiveFeed

if TYPE_CHECKING:
    from app.services.predict.live import LiveResult
    from app.services.predict.lsl import LslOut

SETTING = "camera.lsl"


class LslSender(QObject):
    """Passes the answers of a feed on to a stream, which begins with the first one.

    Args:
        context: The settings and messages.
        feed: The live predictions.
        source: What is predicted, such as `camera`.
    """

    def __init__(self, context: AppContext, feed: LiveFeed, source: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._feed, self._source = context, feed, source
        self._out: LslOut | None = None
        feed.answered.connect(self.take)
        feed.gave_up.connect(self.close)
        context.changed.connect(self._on_changed)

    @property
    def sending(self) -> bool:
        """Whether there is a stream."""
        return self._out is not None

    def close(self) -> None:
        """End the stream."""
        out, self._out = self._out, None
        if out is not None:
            out.close()

    def take(self, result: "LiveResult") -> None:
        """Send an answer, if the setting says so."""
        if not self._context.settings.flag(SETTING):
            return
        if self._out is None:
            from app.services.predict.lsl import LslOut

            try:
                self._out = LslOut(self._source)
            except UserError as error:
                self._context.settings.set(SETTING, False)  # said once, not with every picture
                self._context.fail(error)
                return
        status = self._feed.status()
        self._out.send(result, 0.0 if status is None else status.latency_ms / 1000)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("settings") and not self._context.settings.flag(SETTING):
            self.close()
