"""Pictures for a playing clip. A thread decodes ahead, and the clock of the window chooses the frame. Without Qt.

Where decoding is slower than the clock, every picture that is decoded is also shown, if late. Frames are left out in
two ways that save decoding: those to which no other frame refers, and those before a keyframe the clock has passed.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Self

from app.domain.media import Frame, PixelFormat
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.cursor import SHORT_STEP
from app.media.frame_queue import FrameQueue, Ready, Way
from app.media.reader import Decoded, VideoReader
from app.worker import READ_WAIT_S, Worker

QUEUE_BYTES: Final = 64 << 20
_QUEUE_FRAMES: Final = (2, 8)

SCREEN_S: Final = 0.0075
"""Pictures that follow each other faster than this are not converted: no screen shows them, and no look at the clock
asks for them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Task:
    """What the thread does next.

    Attributes:
        kind: `exact` decodes the frame of a seek, `way` the next frame on the way to it, `course` the next one of the
            playing clip, `prepare` those before the place that was sought.
        generation: Number of the seek before it; its result is dropped after another one.
        ctx: Is cancelled by the next seek.
        idx: The frame to decode, or the first one that may be returned.
        due: The frame that should be shown by now, or the first one to prepare.
        lap: How often the loop has begun again.
    """

    kind: Literal["exact", "way", "course", "prepare"]
    generation: int
    ctx: Context
    idx: int
    due: int
    lap: int


class PlaybackEngine(Worker):
    """Keeps a few frames ready ahead of the clock. Every call returns at once; a separate thread decodes.

    The window runs the clock (sound device or monotonic, at any speed, even backwards) and asks `frame_for(time_s)` at
    each tick. Seek, play, pause and step only move that clock; after a jump call `seek` or `seek_frame`, so that
    frames between are not counted as dropped. A newer seek cancels one that is under way.

    Args:
        reader: The clip, which the engine takes over and closes.
        format: Pixel format of the frames, `bgra` for showing.
        on_ready: Called in the engine's thread when the frame of a seek is ready; it must return quickly.
    """

    def __init__(
        self, reader: VideoReader, format: PixelFormat = "bgra", on_ready: Callable[[], None] | None = None
    ) -> None:
        super().__init__("playback")
        self._reader, self._format, self._on_ready = reader, format, on_ready
        self._index = reader.index
        frame_bytes = reader.info.width * reader.info.height * 4
        self._capacity = min(max(QUEUE_BYTES // frame_bytes, _QUEUE_FRAMES[0]), _QUEUE_FRAMES[1])
        self._ctx = Context()
        self._queue = FrameQueue()
        self._clock_s: float | None = None
        self._target = 0
        self._next: int | None = 0
        self._generation = self._lap = self._decode_lap = 0
        self._at_once, self._ahead, self._back = True, True, False
        self._on_way = self._settled = False
        self._speed, self._backwards = 1.0, False
        self._way: Way = "asked"
        self._newest_s = -math.inf
        self._loop: tuple[int, int] | None = None
        self._damaged: set[int] = set()
        self._error: Exception | None = None
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def leave(self) -> None:
        """Ask the thread to end and to close the reader, without waiting for it."""
        with self._wake:
            self._ctx.cancel()
        self._halt()

    def close(self) -> None:
        """Stop the thread and close the reader; a second call does nothing.

        A thread that is still in a slow read is not waited for longer than `READ_WAIT_S`; it closes the reader itself.
        """
        self.leave()
        self._end(READ_WAIT_S)
        self._queue.clear()

    @property
    def reader(self) -> VideoReader:
        """The clip that is played."""
        return self._reader

    @property
    def dropped(self) -> int:
        """Number of frames between those that `frame_for` returned while the clock ran, which nobody has seen."""
        with self._wake:
            return self._queue.dropped

    @property
    def error(self) -> Exception | None:
        """The error that ended decoding, None while all is well; single damaged frames are skipped instead."""
        with self._wake:
            return self._error

    @property
    def ready(self) -> bool:
        """Whether the frame of the last seek has been decoded, so that it can be fetched or was fetched."""
        with self._wake:
            return not self._at_once

    def reset_dropped(self) -> None:
        """Count dropped frames from 0 again."""
        with self._wake:
            self._queue.dropped = 0

    @property
    def late(self) -> bool:
        """Whether the clock has passed the frame that is decoded next."""
        with self._wake:
            return self._late_by() > 0

    def set_speed(self, speed: float) -> None:
        """Tell how fast the clock runs; only a screen's share of the frames of a fast one is converted."""
        with self._wake:
            self._speed, self._backwards = max(abs(speed), 1e-3), speed < 0

    def set_loop(self, first_idx: int, last_idx: int) -> None:
        """Continue with frame `first_idx` after `last_idx`; the clock is expected to jump back there.

        Raises:
            ValueError: The loop is empty or exceeds the clip.
        """
        if not 0 <= first_idx <= last_idx < len(self._index):
            raise IndexError(f"loop {first_idx}–{last_idx} of {len(self._index)} frames")
        self._change_loop((first_idx, last_idx))

    def clear_loop(self) -> None:
        """Play to the end of the clip again, without a loop."""
        self._change_loop(None)

    def _change_loop(self, loop: tuple[int, int] | None) -> None:
        with self._wake:
            if loop == self._loop:
                return
            self._loop = self._queue.loop = loop
            self._jump(self._place())  # what was decoded beyond belongs to the old course

    def seek(self, time_s: float) -> None:
        """Jump to the frame shown at a time; `frame_for` gives it as soon as it is decoded."""
        self.seek_frame(self._index.frame_at(time_s))

    def follow(self, time_s: float) -> None:
        """Jump where the clock has come to; unlike those of a seek, the frames that it passes count as dropped."""
        with self._wake:
            self._clock_s = None
            self._jump(self._index.frame_at(time_s), way=self._clocks_way())

    def _clocks_way(self) -> Way:
        return "back" if self._backwards else "on"

    def seek_frame(self, idx: int) -> None:
        """Jump to a frame; numbers outside the clip go to its first or last frame."""
        with self._wake:
            self._clock_s = None
            self._jump(min(max(idx, 0), len(self._index) - 1))

    def scrub(self, time_s: float) -> None:
        """Jump to the frame shown at a time, and let `frame_for` return the pictures on the way there.

        The first one is the keyframe before it, unless decoding already stands between the two. The last one is the
        frame itself, if no other jump follows.
        """
        with self._wake:
            self._clock_s = None
            self._jump(self._index.frame_at(time_s), on_way=True)

    def step(self, frames: int) -> int:
        """Jump by a number of frames from the frame shown or sought last, and return the number of the new frame."""
        with self._wake:
            idx = min(max(self._place() + frames, 0), len(self._index) - 1)
            self._clock_s = None
            self._jump(idx, back=frames < 0)
            return idx

    def frame_for(self, time_s: float) -> Frame | None:
        """Return the newest decoded frame that has begun at a time in seconds; None before the first one is ready.

        This never waits. After a seek it returns the frame that was shown before until the sought frame is ready.
        """
        with self._wake:
            before_s, self._clock_s = self._clock_s, time_s
            if before_s is not None and time_s < before_s:
                self._turn_back(time_s)
            elif before_s is not None and time_s > before_s and self._backwards:
                self._turn_back(time_s)  # from the beginning of a loop to its end
            elif before_s is not None and time_s > before_s:
                self._ahead, self._settled = True, True
            self._queue.take(time_s, self._lap, each=self._late_by() > 0)
            self._wake.notify_all()
            return self._queue.current

    # All below runs with the lock held, except decoding itself.

    def _place(self) -> int:
        """Return the frame sought last while it is on its way or not yet fetched, else the one shown."""
        if self._queue.current is None or self._at_once or self._queue.asked:
            return self._target
        return self._queue.current.frame_idx

    def _jump(
        self, idx: int, ahead: bool = True, *, back: bool = False, on_way: bool = False, way: Way = "asked"
    ) -> None:
        """Go to a frame; where it is lost, to the next one that decodes, or with `back` to the one before."""
        self._queue.clear()
        self._generation += 1
        self._ctx.cancel()
        self._ctx = Context()
        self._lap = self._decode_lap = 0
        self._next = self._target = idx
        self._at_once, self._ahead, self._back, self._on_way = True, ahead, back, on_way
        self._way = way
        self._settled = False
        self._wake.notify_all()

    def _turn_back(self, time_s: float) -> None:
        if self._loop is not None and self._decode_lap > self._lap:
            self._lap += 1
            return
        idx = self._index.frame_at(time_s)
        if idx != self._place():
            self._jump(idx, ahead=False, way=self._clocks_way())

    def _run(self) -> None:
        try:
            while (task := self._wait()) is not None:
                work = {"prepare": self._prepare, "course": self._go_on}.get(task.kind, self._seek)
                try:
                    work(task)
                except Cancelled:  # another seek: the next task is its own
                    continue
        except Exception as error:  # shown by the window, which reads `error`
            log.exception("playback of %s stopped", self._reader.info.path)
            with self._wake:
                self._error = error
                self._wake.wait_for(lambda: self._stop)
        finally:
            self._reader.close()

    def _wait(self) -> _Task | None:
        """Wait for something to do; None when it is time to end."""
        task: _Task | None = None

        def found() -> bool:
            nonlocal task
            task = None if self._stop else self._task()
            return self._stop or task is not None

        with self._wake:
            self._wake.wait_for(found)
            return task

    def _task(self) -> _Task | None:
        if self._error is not None:
            return None
        if self._next is not None and self._at_once:
            kind: Literal["exact", "way"] = "way" if self._on_way else "exact"
            return _Task(kind, self._generation, self._ctx, self._next, self._next, self._decode_lap)
        if self._next is not None and self._ahead and len(self._queue) < self._room():
            return self._course(self._next)
        return self._preparation()

    def _room(self) -> int:
        """Return how many frames may wait: late ones until the window has taken them, so that each is seen."""
        return 2 if self._late_by() > 0 else self._capacity

    def _course(self, idx: int) -> _Task:
        """Return the next step of the playing clip: the next frame, or a keyframe that the clock has passed."""
        if self._loop is not None and self._decode_lap < self._lap:  # the clock has begun the loop again meanwhile
            idx, self._decode_lap = self._loop[0], self._lap
        late = self._late_by(idx)
        due = idx + late
        if late > 0:
            key = self._reader.keyframe_idx(due)
            idx = key if key - idx >= SHORT_STEP else idx
            while idx < due and self._reader.holds(idx + 1):  # decoded before: passing over it throws nothing away
                idx += 1
        return _Task("course", self._generation, self._ctx, idx, due, self._decode_lap)

    def _late_by(self, idx: int | None = None) -> int:
        """Return by how many frames the clock has passed the frame to be decoded next."""
        idx = self._next if idx is None else idx
        if idx is None or self._at_once or self._clock_s is None or self._decode_lap != self._lap:
            return 0
        last = self._loop[1] if self._loop is not None and idx <= self._loop[1] else len(self._index) - 1
        return max(min(self._index.frame_at(self._clock_s), last) - idx, 0)

    def _preparation(self) -> _Task | None:
        """Return what to do while the picture stands: decode the end of the group before, for steps back."""
        if self._settled or self._at_once or self._queue.current is None:
            return None
        here = self._place()
        room = self._reader.holds_most // 2
        near = max(here - room // 2, 0)
        missing = next((idx for idx in range(here - 1, near - 1, -1) if not self._reader.holds(idx)), None)
        if missing is None:
            self._settled = True
            return None
        return _Task("prepare", self._generation, self._ctx, missing, max(here - room, 0), 0)

    def _prepare(self, task: _Task) -> None:
        try:
            self._reader.prepare(task.due, task.idx, task.ctx)
        except UserError as error:
            self._warn(task.idx, error)
            with self._wake:
                self._settled = self._settled or task.generation == self._generation

    def _seek(self, task: _Task) -> None:
        """Decode the frame of a seek, or the next one on the way to it."""
        frame = self._read(task.idx, task.ctx) if task.kind == "exact" else self._on_the_way(task)
        arrived = task.kind == "exact" or frame is None or frame.frame_idx >= task.idx
        with self._wake:
            if task.generation != self._generation:
                return
            if frame is not None:
                self._queue.put(Ready(task.lap, frame, at_once=True, way=self._way))
                self._newest_s = frame.time_s
            if frame is None and task.kind == "way":
                self._on_way = False  # it does not decode in order: as any other seek
                return
            if arrived and frame is None and self._back and task.idx > 0:
                self._next = task.idx - 1
            elif arrived:
                self._at_once = self._at_once and frame is None
                self._advance(task.idx if frame is None else max(frame.frame_idx, task.idx))
        if frame is not None and self._on_ready is not None:
            self._on_ready()

    def _on_the_way(self, task: _Task) -> Frame | None:
        """Return the next picture on the way to a frame for which the window has time, at last that of the frame."""
        while (found := self._reader.towards(task.idx, task.ctx)) is not None:
            with self._wake:
                wanted = found.idx >= task.idx or not self._queue
            if wanted:
                return self._reader.convert(found, self._format)
        return None

    def _go_on(self, task: _Task) -> None:
        """Decode the next frame of the playing clip, and convert it if the window can show it."""
        found = self._reader.onward(task.idx, task.due, task.ctx)
        frame = None
        if found is not None and self._shows(found, task):
            frame = self._reader.convert(found, self._format)
        with self._wake:
            if task.generation != self._generation:
                return
            if frame is not None:
                self._queue.put(Ready(task.lap, frame, at_once=False))
                self._newest_s = frame.time_s
            if found is None:
                self._next = None
            elif self._loop is None or task.idx > self._loop[1] or found.idx <= self._loop[1]:
                self._advance(found.idx)
            else:
                self._advance(self._loop[1])

    def _shows(self, found: Decoded, task: _Task) -> bool:
        """Return whether a frame of the playing clip is worth converting."""
        with self._wake:
            if task.generation != self._generation:
                return False
            last = len(self._index) - 1 if self._loop is None or task.idx > self._loop[1] else self._loop[1]
            if found.idx >= last:
                return found.idx == last
            gap_s = float(self._index.times_s[found.idx]) - self._newest_s
            return gap_s < 0 or gap_s >= SCREEN_S * self._speed or self._late_by(found.idx) > 0

    def _read(self, idx: int, ctx: Context) -> Frame | None:
        try:
            return self._reader.frame(idx, self._format, ctx)
        except UserError as error:
            self._warn(idx, error)
            return None

    def _warn(self, idx: int, error: UserError) -> None:
        if idx not in self._damaged:
            self._damaged.add(idx)
            log.warning("%s", error)

    def _advance(self, idx: int) -> None:
        if self._loop is not None and idx == self._loop[1]:
            self._next = self._loop[0]
            self._decode_lap += 1
        else:
            self._next = idx + 1 if idx + 1 < len(self._index) else None
            if self._next is None:
                self._at_once = False
