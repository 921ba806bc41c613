"""Records a trace: countdown, samples at 125 Hz while the clip plays, pauses, and the end. It knows no widgets.

A sample is (time of the frame on screen, valence, arousal, monotonic clock). Samples are taken in a separate thread, so
that they come at least sixty times per second whatever the window draws and however few frames the clip has. The
recorder writes them within 0.1 s. Devices are read in the window's thread, as Qt and SDL require.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.answers import PresentationLog
from app.domain.traces import TraceSamples
from app.inputs.gamepad import Gamepad
from app.inputs.marker import Marker, disc_to_square
from app.inputs.sampler import Sampler
from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.parts.judging.presenter import Presenter

if TYPE_CHECKING:
    from app.services.study.trace_recorder import TraceRecorder

Phase = Literal["idle", "ready", "countdown", "running", "paused", "review", "saving"]
Device = Literal["mouse", "keyboard", "gamepad"]

TICK_MS: Final = 8
"""Milliseconds between two readings of the pad, and drawings of the marker, while the pad moves it."""
IDLE_MS: Final = 30
"""Milliseconds between two readings of the pad's buttons while nothing is recorded."""
_PROBLEM_EVERY: Final = 64


class Tracing(QObject):
    """Records one trace after the other.

    Args:
        context: The context with the settings.
        presenter: The presenter that plays the clip.
    """

    phase_changed = Signal()
    counted = Signal(int)
    moved = Signal(float, float)
    strayed = Signal()
    pressed = Signal(str)
    wanted = Signal()
    over = Signal()
    in_trouble = Signal(str)

    def __init__(self, context: AppContext, presenter: Presenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._presenter = context.settings, presenter
        self.pad = Gamepad()
        self.phase: Phase = "idle"
        self.device: Device = "mouse"
        self.marker = Marker()
        self.keys: dict[Qt.Key, bool] = {}
        self.where: Callable[[], tuple[float, float] | None] = lambda: None  # of the mouse in the field, None outside
        self.sent: Callable[[float, float, float, float], None] = lambda *_: None  # every sample, as it is taken
        self.recorder: TraceRecorder | None = None
        self.log = PresentationLog()
        self._lock = threading.Lock()
        self._sampler: Sampler | None = None
        self._stick = (0.0, 0.0)
        self._drawn = (0.0, 0.0)
        self._known = False
        self._left = 0
        self._countdown_over = False
        self._samples: list[tuple[float, float, float, float]] = []
        self._last_s = 0.0
        self._ticks = 0
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        presenter.ended.connect(self._on_ended)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_application)  # type: ignore[union-attr]

    def set_up(self, task: Task, device: Device) -> None:
        """Prepare for a task.

        Args:
            task: The task.
            device: The device that moves the marker.
        """
        self.device = device
        kind = task.kind
        self.marker = Marker(axes=(kind != "trace_arousal", kind != "trace_valence"))
        self.keys.clear()
        self.recorder = None
        self._samples.clear()
        self._set("ready")
        self._timer.start(IDLE_MS)

    def count_down(self, seconds: int) -> None:
        """Begin the countdown, and ask for the recorder meanwhile by `wanted`."""
        if self.phase != "ready":
            return
        self._left, self._countdown_over = seconds, seconds <= 0
        self.marker.place(0.0, 0.0)
        self._last_s = time.monotonic()
        self._set("countdown")
        self._find_pointer()
        self.counted.emit(self._left)
        self._timer.start(TICK_MS)
        self._sample_from_now()
        if self._left > 0:
            self._second.start()
        self.wanted.emit()

    def take(self, recorder: "TraceRecorder") -> None:
        """Take the recorder, and begin or wait for the countdown."""
        self.recorder = recorder
        if self._countdown_over and self.phase == "countdown":
            self._run()

    def point(self, valence: float, arousal: float) -> None:
        """Take the mouse's place."""
        if self.device == "mouse" and self.phase in ("countdown", "running"):
            with self._lock:
                self.marker.place(valence, arousal)
                self._known = True
            self._tell()

    def stray(self) -> None:
        """Begin a gap, because the mouse has left the field."""
        if self.device != "mouse" or self.phase not in ("countdown", "running") or not self._known:
            return
        with self._lock:
            self._known = False
            if self.phase == "running":
                self._add(math.nan, math.nan)
        self.strayed.emit()

    def _find_pointer(self) -> None:
        """Keys and sticks begin in the middle, a mouse where it rests; outside the field nothing is recorded."""
        at = self.where() if self.device == "mouse" else (self.marker.valence, self.marker.arousal)
        with self._lock:
            self._known = at is not None
            if at is not None:
                self.marker.place(*at)
        if at is None:
            self.strayed.emit()
        else:
            self._tell()

    @property
    def in_field(self) -> bool:
        """Whether the marker is valid, which it is unless the mouse is outside the field."""
        return self._known

    def pause(self) -> None:
        """Pause, and note it in the trace."""
        if self.phase == "running":
            self._rest()
            self._presenter.pause()
            self._add(math.nan, math.nan)
            self._set("paused")
        elif self.phase == "countdown":
            self._second.stop()
            self._left, self._countdown_over = 0, False
            self._rest()
            self._set("paused")

    def resume(self) -> None:
        """Continue after a pause."""
        if self.phase != "paused":
            return
        self.keys.clear()
        self._sample_from_now()
        if self._presenter.phase == "paused":
            self._presenter.play()
            self._set("running")
            self._find_pointer()
        else:  # stopped within the countdown
            self._set("countdown")
            self._find_pointer()
            self._countdown_over = True
            if self.recorder is not None:
                self._run()

    def stop(self) -> None:
        """Stop everything; the caller decides about the recorder."""
        self._second.stop()
        self._timer.stop()
        self._rest()
        self.keys.clear()
        if self.phase in ("running", "paused"):
            self._presenter.pause()
        self._set("idle")

    def set_phase(self, phase: Phase) -> None:
        """Set the phase, between looking at the trace and saving it."""
        self._set(phase)

    def close(self) -> None:
        """Release everything."""
        self.stop()
        self.pad.close()

    @property
    def axes(self) -> tuple[bool, bool]:
        """Whether valence and whether arousal is traced."""
        return self.marker.axes

    def samples(self) -> TraceSamples:
        """Return the samples so far."""
        table = np.array(self._samples, np.float64).reshape(-1, 4)
        return TraceSamples(table[:, 0].copy(), table[:, 1:3].astype(np.float32), table[:, 3].copy(), self.device)

    def _set(self, phase: Phase) -> None:
        if phase != self.phase:
            self.phase = phase
            if phase in ("review", "ready", "saving"):
                self._timer.start(IDLE_MS)
            self.phase_changed.emit()

    def _on_second(self) -> None:
        self._left -= 1
        self.counted.emit(max(self._left, 0))
        if self._left <= 0:
            self._second.stop()
            self._countdown_over = True
            if self.recorder is not None:
                self._run()

    def _sample_from_now(self) -> None:
        self._rest()
        self._last_s = time.monotonic()
        self._sampler = Sampler(self._step)

    def _rest(self) -> None:
        """Take no more samples until the next start."""
        sampler, self._sampler = self._sampler, None
        if sampler is not None:
            sampler.stop()

    def _run(self) -> None:
        if self.phase == "countdown":
            self._set("running")
            self._presenter.start()

    def _step(self, now_s: float) -> None:
        """Move the marker and take a sample; in the sampler's thread."""
        with self._lock:
            elapsed_s, self._last_s = min(now_s - self._last_s, 0.1), now_s
            if self.device == "gamepad" and self._settings.text("annotate.pad_mode") == "absolute":
                self.marker.place(*disc_to_square(*self._stick))
            elif self.device != "mouse":
                x, y = self._stick if self.device == "gamepad" else self._keys_held()
                self.marker.push(x, y, elapsed_s, self._speed)
            if self.phase == "running" and self._known and self._presenter.phase == "playing":
                self._add(*self.marker.sample(), now_s)

    def _on_tick(self) -> None:
        """In the window's thread: ask the pad, draw the marker, look whether samples are saved."""
        self._ask_pad()
        if self.phase not in ("countdown", "running"):
            return
        at = (self.marker.valence, self.marker.arousal)
        if self._known and at != self._drawn:
            self._tell()
        self._ticks += 1
        if self._ticks % _PROBLEM_EVERY == 0 and self.recorder is not None:
            problem = self.recorder.problem
            self.in_trouble.emit(str(problem) if problem is not None else "")

    def _ask_pad(self) -> None:
        busy = self.phase in ("running", "countdown")
        state = self.pad.poll() if self.device == "gamepad" or not busy else None
        self._stick = (0.0, 0.0) if state is None else (state.x, state.y)
        if state is None:
            if self.device == "gamepad" and self.phase == "running":
                self.pause()  # it was unplugged
            return
        for button in sorted(state.pressed):
            self.pressed.emit(button)

    def _keys_held(self) -> tuple[float, float]:
        held = self.keys.get
        x = float(held(Qt.Key.Key_Right, False)) - float(held(Qt.Key.Key_Left, False))
        y = float(held(Qt.Key.Key_Up, False)) - float(held(Qt.Key.Key_Down, False))
        return x, y

    @property
    def _speed(self) -> float:
        return self._settings.number("annotate.speed")

    def _tell(self) -> None:
        self._drawn = (self.marker.valence, self.marker.arousal)
        self.moved.emit(*self._drawn)

    def _add(self, valence: float, arousal: float, clock_s: float | None = None) -> None:
        frame = self._presenter.player.frame
        if frame is None or self.recorder is None:
            return
        clock_s = time.monotonic() if clock_s is None else clock_s
        self.recorder.add(frame.time_s, valence, arousal, clock_s)
        self.sent(frame.time_s, valence, arousal, clock_s)
        if not self._samples or frame.time_s >= self._samples[-1][0]:
            self._samples.append((frame.time_s, valence, arousal, clock_s))

    def _on_ended(self) -> None:
        if self.phase != "running":
            return
        self._rest()
        if self._known:
            self._add(*self.marker.sample())
        pad = self.device == "gamepad"
        self.log = self._presenter.log(
            device=self.device,
            pad=self.pad.name if pad else "",
            pad_mode=self._settings.text("annotate.pad_mode") if pad else "",
            speed=self._speed if self.device != "mouse" else None,
        )
        self._set("review")
        self.over.emit()

    def _on_application(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive and self.phase in ("running", "countdown"):
            self.pause()
