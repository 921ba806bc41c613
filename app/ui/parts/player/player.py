"""Plays one clip: the engine decodes ahead in its thread, the clock says which frame is due, and this shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from app.domain.media import Frame, MediaInfo
from app.ui.core.context import AppContext
from app.ui.parts.player.clock import Clock
from app.ui.parts.player.loop import Loop
from app.ui.parts.player.opening import Opening
from app.ui.parts.player.sound import Sound

if TYPE_CHECKING:
    from app.media.playback import PlaybackEngine
    from app.media.reader import VideoReader
    from app.ui.parts.player.audio import AudioFeed

SPEEDS: Final = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
POLL_MS: Final = 8
ROUNDING_S: Final = 1e-6
"""0.36 + 1.0 is a hair less than 1.36: a sum of times must not land one frame early."""


class Player(QObject):
    """Play, pause, seek, step, speed, loop and sound of one clip.

    Args:
        context: The context with jobs and settings.

    Attributes:
        loop: The loop.
        opening: Opens clips.
    """

    opened = Signal()
    frame_shown = Signal(object)
    state_changed = Signal()
    ended = Signal()
    _ready = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._clock = Clock()
        self._engine: PlaybackEngine | None = None
        self._leaving: list[PlaybackEngine | AudioFeed] = []
        self._sound = Sound(context.settings, self._clock)
        self._times: NDArray[np.float64] = np.zeros(0)
        self._end_s = 0.0
        self._shown: Frame | None = None
        self._unpainted: Frame | None = None
        self._never_painted = 0
        self._watched = False
        self._ending = False
        self._closed = False
        self.loop = Loop()
        self.opening = Opening(context, self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._on_poll)
        self._ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)
        self._forget = context.settings.on_change(self._sound.on_setting)

    # What is open

    def open(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Open a clip in the background; then `opened` is emitted, or an error is shown in the banner."""
        self.close_clip()

        def other() -> None:
            at_s = self.position_s
            self.open(path, lambda: self.seek(at_s))

        self.opening.start(path, self.memory_bytes, lambda reader: self._take(reader, then), other)

    def close_clip(self) -> None:
        """Close the clip and show nothing."""
        self.opening.cancel()
        self._leave_clip()
        self.state_changed.emit()

    def _leave_clip(self) -> None:
        self._stop_moving()
        engine, self._engine = self._engine, None
        feed = self._sound.leave_clip()
        # Their threads may be in the middle of a long group of pictures: the window waits for that only when it closes.
        self._leaving = [part for part in self._leaving if part.alive]
        for part in (engine, feed):
            if part is not None:
                part.leave()
                self._leaving.append(part)
        self._times, self._shown, self._end_s = np.zeros(0), None, 0.0
        self._unpainted = None
        self.loop = Loop(on=self.loop.on)
        self._clock.stop()
        self._clock.set_sound(None)
        self._clock.set_speed(1.0)

    def close(self) -> None:
        """Stop threads and timers for good."""
        self._closed = True
        self.opening.cancel()
        self.close_clip()
        for part in self._leaving:
            part.close()
        self._leaving.clear()
        self._sound.close()
        self._forget()

    @property
    def memory_bytes(self) -> int:
        """How much decoded frames may take at most, for steps back and short seeks."""
        return int(self._context.settings.number("player.memory_mb")) << 20

    @property
    def is_open(self) -> bool:
        """Whether a clip is open."""
        return self._engine is not None

    @property
    def info(self) -> MediaInfo | None:
        """The facts of the clip; None without one."""
        return self._engine.reader.info if self._engine is not None else None

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Times of all frames: float64 F, seconds."""
        return self._times

    @property
    def range_s(self) -> tuple[float, float]:
        """Time of the first frame and end of the last one, in seconds."""
        return (float(self._times[0]), self._end_s) if len(self._times) else (0.0, 0.0)

    @property
    def position_s(self) -> float:
        """The present media time in seconds."""
        return self._clock.time_s()

    @property
    def frame(self) -> Frame | None:
        """The frame on screen."""
        return self._shown

    @property
    def frame_idx(self) -> int:
        """Number of the frame on screen; −1 before the first is shown."""
        return self._shown.frame_idx if self._shown is not None else -1

    @property
    def playing(self) -> bool:
        """Whether the clip is playing."""
        return self._clock.running

    @property
    def speed(self) -> float:
        """The speed: 1 is normal, and a negative speed runs backwards."""
        return self._clock.speed

    @property
    def muted(self) -> bool:
        """Whether the user wants no sound."""
        return self._sound.muted

    @property
    def dropped(self) -> int:
        """Number of frames since it last started that the clock has passed and nobody has seen."""
        return self._engine.dropped + self._never_painted if self._engine is not None else 0

    @property
    def late(self) -> bool:
        """Whether frames are shown later than they should be because decoding is slower than the clip plays."""
        return self._engine is not None and self._engine.late

    def watch(self, painted: SignalInstance) -> None:
        """Count frames as dropped that were shown by `frame_shown` and replaced before this signal told of painting."""
        self._watched = True
        painted.connect(self._on_painted)

    # What it does

    def play(self) -> None:
        """Play, from the beginning if the end was reached."""
        if self._engine is None or len(self._times) < 2:
            return
        start_s, end_s = self._bounds()
        if self.position_s >= self._last_s(end_s) and self.speed > 0:
            self.seek(start_s)
        elif self.position_s <= start_s and self.speed < 0:
            self.seek(end_s)
        if not self._clock.running:
            self._engine.reset_dropped()
            self._never_painted, self._unpainted = 0, None
        self._ending = False
        self._clock.start()
        self._sound.start()
        self._timer.start()
        self.state_changed.emit()

    def pause(self) -> None:
        """Pause on the frame that is shown."""
        was = self._clock.running
        self._stop_moving()
        if was and self._shown is not None:
            self._clock.set(self._shown.time_s)
        if was:
            self.state_changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        (self.pause if self.playing else self.play)()

    def seek(self, time_s: float) -> None:
        """Go to the frame shown at a time, which is the next one that is shown."""
        if (engine := self._engine) is not None:
            self._go(time_s, engine.seek)

    def scrub(self, time_s: float) -> None:
        """Go to the frame shown at a time, and show pictures on the way there as they are decoded."""
        if (engine := self._engine) is not None:
            self._go(time_s, engine.scrub)

    def _go(self, time_s: float, go: Callable[[float], None]) -> None:
        start_s, end_s = self.range_s
        at_s = min(max(time_s + ROUNDING_S, start_s), self._last_s(end_s))
        self._clock.set(at_s)
        self._unpainted, self._ending = None, False
        go(at_s)
        self._sound.start()
        self.state_changed.emit()

    def step(self, frames: int) -> None:
        """Pause, and move by a number of frames forwards or back."""
        if self._engine is None:
            return
        self._stop_moving()
        self._unpainted, self._ending = None, False
        idx = self._engine.step(frames)
        self._clock.set(float(self._times[idx]))
        self.state_changed.emit()

    def set_speed(self, speed: float) -> None:
        """Set the speed, 0.25 to 4; a negative speed runs backwards."""
        self._clock.set_speed(speed)
        if self._engine is not None:
            self._engine.set_speed(speed)
        if self.playing:
            self._sound.start()
        self.state_changed.emit()

    def change_speed(self, steps: int) -> None:
        """Take the next faster or slower speed of the list."""
        now = abs(self.speed)
        at = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - now))
        self.set_speed(SPEEDS[min(max(at + steps, 0), len(SPEEDS) - 1)])

    def shuttle(self, direction: int) -> None:
        """Run in a direction, as J and L do; called again, double the speed, up to 4×."""
        if self.playing and self.speed * direction > 0:
            self.set_speed(direction * min(2 * abs(self.speed), 4.0))
            return
        self.set_speed(float(direction))
        self.play()

    def set_loop(self, loop: Loop) -> None:
        """Set the loop."""
        if loop.a_s is not None and loop.b_s is not None and loop.b_s <= loop.a_s:
            loop = Loop(loop.on, loop.b_s, loop.a_s) if loop.b_s < loop.a_s else Loop(loop.on)
        self.loop = loop
        self._tell_engine_loop()
        self.state_changed.emit()

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on."""
        self._sound.muted = muted
        self._sound.start()
        self.state_changed.emit()

    def set_silent(self, silent: bool) -> None:
        """Switch the sound off whatever the user chose, for a condition without sound."""
        self._sound.silent = silent
        self._sound.start()

    # How it works

    def _take(self, reader: "VideoReader", then: Callable[[], None] | None) -> None:
        from app.media.playback import PlaybackEngine

        if self._closed:
            reader.close()
            return
        self._leave_clip()
        self._times = reader.index.times_s
        self._end_s = float(self._times[0]) + reader.info.duration_s
        self._engine = PlaybackEngine(reader, "bgra", self._ready.emit)
        if reader.info.has_audio:
            self._sound.take_clip(reader.info.path)
        self._clock.set(float(self._times[0]))
        self._engine.seek_frame(0)
        self._tell_engine_loop()
        self.opened.emit()
        self.state_changed.emit()
        if then is not None:
            then()

    def _bounds(self) -> tuple[float, float]:
        start_s, end_s = self.range_s
        if self.loop.on:
            start_s = self.loop.a_s if self.loop.a_s is not None else start_s
            end_s = self.loop.b_s if self.loop.b_s is not None else end_s
        return start_s, end_s

    def _last_s(self, end_s: float) -> float:
        """Return the last frame's time, at most `end_s`."""
        return min(float(self._times[-1]), end_s) if len(self._times) else end_s

    def _tell_engine_loop(self) -> None:
        if self._engine is None:
            return
        if not self.loop.on or len(self._times) < 2:
            self._engine.clear_loop()
            return
        start_s, end_s = self._bounds()
        index = self._engine.reader.index
        first = index.frame_at(start_s)
        self._engine.set_loop(first, max(index.frame_at(min(end_s, self._last_s(end_s))), first))

    def _stop_moving(self) -> None:
        self._timer.stop()
        self._clock.stop()
        self._sound.stop()

    def _on_ready(self) -> None:
        """The frame of a seek was decoded."""
        if self._engine is not None:
            self._show(self.position_s)

    def _on_poll(self) -> None:
        engine = self._engine
        if engine is None:
            return
        if engine.error is not None:
            error = engine.error
            self.pause()
            self._context.fail(error)
            return
        at_s = self._clock.time_s()
        start_s, end_s = self._bounds()
        if self.speed > 0 and at_s >= end_s:
            if self.loop.on:
                at_s = start_s + (at_s - end_s) % max(end_s - start_s, 1e-3)
                self._clock.set(at_s)
                self._sound.start()
            else:
                self._finish(self._last_s(end_s))
                return
        elif self.speed < 0 and at_s <= start_s:
            if not self.loop.on:
                self._finish(start_s)
                return
            at_s = end_s
            self._clock.set(at_s)
        self._sound.push()
        self._show(at_s)

    def _finish(self, at_s: float) -> None:
        self._show(at_s)
        engine = self._engine
        if engine is not None and self.frame_idx != engine.reader.index.frame_at(at_s):
            engine.follow(at_s)  # decoding lagged behind: the last frame is shown as soon as it is there
            self._ending = True
        self._stop_moving()
        self.set_speed(1.0)
        self._clock.set(at_s)
        self.state_changed.emit()
        self.ended.emit()

    def _show(self, at_s: float) -> None:
        frame = self._engine.frame_for(at_s) if self._engine is not None else None
        if frame is not None and frame is not self._shown:
            self._shown = frame
            if self._unpainted is not None and self._watched and (self.playing or self._ending):
                self._never_painted += 1
            self._unpainted = frame
            self.frame_shown.emit(frame)

    def _on_painted(self) -> None:
        self._unpainted = None
