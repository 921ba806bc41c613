"""The recording of a trace in its simplest form: the mouse moves on the plane while the clip plays."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.media import Frame
from app.errors import ProjectLost, UserError
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.player.loop import Loop
from app.ui.parts.player.player import Player
from app.ui.parts.recording.streams import TraceStreams

if TYPE_CHECKING:
    from app.domain.analysis import TrackPrediction
    from app.domain.project import ItemRecord, RaterRecord, TraceRecord
    from app.services.predict.lsl_in import ReceivedStream
    from app.services.study.trace_recorder import TraceRecorder

NAN: Final = float("nan")
Phase = Literal["idle", "preparing", "countdown", "running", "asking", "saving"]


class Recording(QObject):
    """Counts down, plays the clip once, reads the pointer's place, and saves it.

    Args:
        context: The context with project and settings.
        player: The player of the clip.
    """

    phase_changed = Signal()
    counted = Signal(int)
    saved = Signal(object)

    def __init__(self, context: AppContext, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._player = context, player
        self.phase: Phase = "idle"
        self.rater = ""
        self.blind = True
        self._target: tuple[ItemRecord, RaterRecord] | None = None
        self._recorder: TraceRecorder | None = None
        self._streams = TraceStreams(context, self)
        self._take: Callable[[], list[ReceivedStream]] = list
        self._at: tuple[float, float] | None = None
        self._left = 0
        self._end_s = 0.0
        self._before = (Loop(), 1.0)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_second)
        player.frame_shown.connect(self._on_frame)
        player.ended.connect(self._on_ended)
        context.project_lost.connect(self._on_lost)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_application)  # type: ignore[union-attr]

    @property
    def active(self) -> bool:
        """Whether a recording is under way."""
        return self.phase != "idle"

    @property
    def item(self) -> str:
        """Name of the item that is traced; empty while it is being looked up."""
        return self._target[0].name if self._target is not None else ""

    def start(self, clip_id: int, item: "ItemRecord | None", track: "TrackPrediction | None") -> None:
        """Begin to record a trace of an item.

        Args:
            clip_id: Number of its clip.
            item: The item; None for the face `track` over the whole clip, which becomes an item.
            track: The face that is looked at; None if none is known.

        Raises:
            UserError: No rater code is set, or the clip is an image.
        """
        code = self._context.settings.text("recording.rater")
        if not code:
            raise UserError(tr("There is no rater code."), tr("Set one under Settings → Recording."))
        info = self._player.info
        if info is not None and info.kind == "image":
            raise UserError(tr("A trace needs a clip that plays; this is an image."), tr("Rate images under Annotate."))
        self.rater, self.blind = code, self._context.settings.flag("recording.blind")
        self._before = (self._player.loop, self._player.speed)
        self._player.pause()
        self._player.set_loop(Loop())
        self._player.set_speed(1.0)
        start_s, self._end_s = self._player.range_s
        if item is not None:
            start_s = start_s if item.start_s is None else item.start_s
            self._end_s = self._end_s if item.end_s is None else item.end_s
        self._player.seek(start_s)
        self._target = None
        self._set("preparing")
        from app.services.study.free_trace import free_trace_target

        number = item.id if item is not None else None
        self._context.write(
            free_trace_target, clip_id, code, number, track, on_done=self._on_prepared, on_error=self._refused
        )

    def stop(self) -> None:
        """End the recording and keep the trace."""
        self._end(abandon=False)

    def discard(self) -> None:
        """End the recording without counting the trace. A running trace is paused, and the user is asked first."""
        if self.phase == "running":
            if self._player.playing:
                self._player.pause()
                self._mark_pause()
            self._set("asking")
        else:
            self._end(abandon=True)

    def point(self, valence: float, arousal: float) -> None:
        """Take the present place of the pointer."""
        self._at = (valence, arousal)
        self._sample()

    def toggle_pause(self) -> None:
        """Pause or continue; a pause is marked in the trace."""
        if self.phase == "asking":
            self._set("running")
            self._go_on()
            return
        if self.phase != "running":
            return
        if self._player.playing:
            self._player.pause()
            self._mark_pause()
        else:
            self._go_on()

    def _go_on(self) -> None:
        self._streams.mark("continue")
        self._player.play()

    def close(self) -> None:
        """Keep the trace, because the window closes."""
        if self.active:
            self._timer.stop()
            recorder, self._recorder = self._recorder, None
            if recorder is not None:
                try:
                    _finish(recorder)
                except UserError as error:
                    self._context.fail(error)
            self.phase = "idle"
        self._streams.close()

    def _set(self, phase: Phase) -> None:
        self.phase = phase
        self._context.commands.set_condition("recording", self.active)
        self._context.commands.set_checked("recording.toggle", self.active)
        self.phase_changed.emit()

    def _on_prepared(self, target: "tuple[ItemRecord, RaterRecord]") -> None:
        if self.phase != "preparing":
            return
        self._target = target
        self._streams.prepare(target[0].clip_id, target[0].name, self.rater)
        self._left = round(self._context.settings.number("recording.countdown_s"))
        self._set("countdown")
        self.counted.emit(self._left)
        if self._left:
            self._timer.start()
        else:
            self._begin()

    def _refused(self, error: Exception) -> None:
        self._set("idle")
        self._context.fail(error)

    def _on_second(self) -> None:
        self._left -= 1
        self.counted.emit(self._left)
        if self._left <= 0:
            self._timer.stop()
            self._begin()

    def _begin(self) -> None:
        from app.services.study.trace_recorder import TraceRecorder

        project = self._context.project
        if project is None or self._target is None:
            self._set("idle")
            return
        item, rater = self._target
        self._recorder = TraceRecorder(
            project, item, rater, blinded=self.blind, device="mouse", on_problem=self._context.fail
        )
        self._at = None
        self._take = self._streams.begin()
        self._set("running")
        self._player.play()

    def _on_frame(self, frame: Frame) -> None:
        self._sample()
        if self.phase == "running" and self._player.playing and frame.time_s >= self._end_s < self._player.range_s[1]:
            self.stop()  # the item ends before the clip does

    def _sample(self) -> None:
        frame = self._player.frame
        if (
            self.phase == "running"
            and self._recorder is not None
            and self._at is not None
            and frame is not None
            and self._player.playing
        ):
            self._add(frame.time_s, *self._at)

    def _add(self, time_s: float, valence: float, arousal: float) -> None:
        if self._recorder is not None:
            now_s = time.monotonic()
            self._recorder.add(time_s, valence, arousal, now_s)
            self._streams.sample(time_s, valence, arousal, now_s)

    def _mark_pause(self) -> None:
        frame = self._player.frame
        if self._recorder is not None and frame is not None and self._at is not None:
            self._add(frame.time_s, NAN, NAN)
        self._streams.mark("pause")

    def _on_ended(self) -> None:
        if self.phase == "running":
            self._sample_last()
            self.stop()

    def _sample_last(self) -> None:
        frame = self._player.frame
        if self._recorder is not None and self._at is not None and frame is not None:
            self._add(frame.time_s, *self._at)

    def _on_application(self, state: Qt.ApplicationState) -> None:
        if self.phase == "running" and self._player.playing and state == Qt.ApplicationState.ApplicationInactive:
            self.toggle_pause()

    def _end(self, *, abandon: bool) -> None:
        if self.phase in ("idle", "saving"):
            return
        self._timer.stop()
        self._player.pause()
        recorder, self._recorder = self._recorder, None
        loop, _ = self._before
        self._player.set_loop(loop)
        (self._streams.stop if abandon else self._streams.end)()
        take, self._take = self._take, list
        if recorder is None:
            self._streams.leave()
            self._set("idle")
            return
        self._set("saving")

        def done(ended: "tuple[TraceRecord, UserError | None]") -> None:
            record, not_kept = ended
            self._streams.leave()
            self._set("idle")
            self.saved.emit(None if abandon else record)
            if not_kept is not None:
                self._context.fail(not_kept)

        def failed(error: Exception) -> None:
            self._streams.leave()
            self._set("idle")
            self._context.fail(error)

        def save(_ctx: object) -> "tuple[TraceRecord, UserError | None]":
            return (recorder.abandon(), None) if abandon else _finish(recorder, take())

        self._context.jobs.start("db", save, on_done=done, on_error=failed)

    def _on_lost(self, lost: ProjectLost) -> None:
        """The project can no longer be saved: what was traced so far is kept elsewhere."""
        if not self.active or self.phase == "saving":
            return
        self._timer.stop()
        self._player.pause()
        recorder, self._recorder = self._recorder, None
        self._player.set_loop(self._before[0])
        self._streams.leave()
        self._set("idle")
        if recorder is not None:
            self._context.jobs.start(
                "db",
                lambda _ctx: _rescue(recorder, lost),
                on_done=lambda told: self._context.notify(told.what, told.todo, "danger"),
                on_error=self._context.fail,
            )


def _finish(
    recorder: "TraceRecorder", streams: "Sequence[ReceivedStream]" = ()
) -> "tuple[TraceRecord, UserError | None]":
    """Save a trace and what came beside it; the second is the error where only the trace could be saved."""
    from app.services.study.rescue import finish_free_trace

    record = finish_free_trace(recorder)
    if not streams:
        return record, None
    from app.services.exchange.trace_streams import kept_beside

    return record, kept_beside(recorder.project, record.id, recorder.given(), streams)


def _rescue(recorder: "TraceRecorder", lost: ProjectLost) -> ProjectLost:
    from app.services.study.rescue import rescue_free_trace

    return rescue_free_trace(recorder, lost, confirmed=False)
