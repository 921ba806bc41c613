"""A rater's trace by LSL while it is given: sent out, and other streams received beside it, as the settings say."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.parts.player.lsl_in import LslReceiver

if TYPE_CHECKING:
    from app.services.predict.lsl_in import ReceivedStream
    from app.services.predict.trace_out import TraceOut
    from app.services.projects.files import Project

SEND: Final = "recording.lsl"
RECORD: Final = "recording.lsl_record"


class TraceStreams(QObject):
    """Opens the streams before a trace, so that recorders find them, and closes them when nobody traces any more.

    Args:
        context: The settings, the project and messages.

    Attributes:
        receiver: Listens to the other streams.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.receiver = LslReceiver(context, self, setting=RECORD)
        self._out: TraceOut | None = None
        self._item = ""
        self._may = False
        self._running = False
        self._turn = 0

    @property
    def sending(self) -> bool:
        """Whether the trace that is given now, or next, is sent."""
        return self._out is not None and self._may

    @property
    def running(self) -> bool:
        """Whether a trace is under way."""
        return self._running

    def prepare(self, clip_id: int, item: str, rater: str) -> None:
        """Get ready for a trace. Whether it may be sent is looked up meanwhile.

        Args:
            clip_id: Number of the clip.
            item: Name of the item.
            rater: Code of the rater.
        """
        self._turn += 1
        self._item, self._may, self._running = item, False, False
        if not self.receiver.listening:
            self.receiver.start()
        if not self._context.settings.flag(SEND) or not self._open():
            return

        def answered(refusal: UserError | None, turn: int) -> None:
            if turn != self._turn:
                return
            self._may = refusal is None
            if refusal is not None:
                self._context.notify(refusal.what, refusal.todo, "warning")
            elif self._running:
                self.mark("start")  # the trace began while this was looked up

        self._context.query(
            _refusal, clip_id, rater, on_done=partial(answered, turn=self._turn), replace="lsl.consent", past_lock=True
        )

    def begin(self) -> "Callable[[], list[ReceivedStream]]":
        """Note that the trace begins, and return the function that ends what is received and gives it (any thread)."""
        self._running = True
        self.mark("start")
        return self.receiver.record()

    def sample(self, time_s: float, valence: float, arousal: float, monotonic_s: float) -> None:
        """Send a sample, from any thread; see `TraceOut.sample`."""
        out = self._out
        if out is not None and self._may and self._running:
            out.sample(time_s, valence, arousal, monotonic_s)

    def mark(self, word: str) -> None:
        """Send what happens as a marker: the word and the item's name."""
        if self._out is not None and self._may and self._running:
            self._out.mark(f"{word} {self._item}")

    def end(self) -> None:
        """Note that the trace has ended; nothing where none is under way."""
        self.mark("end")
        self._running = False

    def stop(self) -> None:
        """Note that the trace does not count; nothing where none is under way."""
        self.mark("stop")
        self._running = False
        self.receiver.rest()

    def leave(self) -> None:
        """End the streams without waiting, because nobody traces any more."""
        self.stop()
        self._turn += 1
        self._may = False
        out, self._out = self._out, None
        if out is not None:
            out.close()
        self.receiver.stop()

    def close(self) -> None:
        """End the streams, and wait for it."""
        self.leave()
        self.receiver.close()

    def _open(self) -> bool:
        if self._out is None:
            from app.services.predict.trace_out import TraceOut

            try:
                self._out = TraceOut()
            except UserError as error:
                self._context.settings.set(SEND, False)  # said once, not with every trace
                self._context.fail(error)
        return self._out is not None


def _refusal(project: "Project", clip_id: int, rater: str) -> UserError | None:
    from app.services.exchange.trace_streams import trace_may_leave

    try:
        trace_may_leave(project, clip_id, rater)
    except UserError as error:
        return error
    return None
