"""Pictures for a playing clip. A thread decodes ahead, and the clock of the window chooses the frame. Without Qt."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from app.domain.media import Frame, PixelFormat
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.reader import VideoReader
from app.worker import READ_WAIT_S, Worker

QUEUE_BYTES: Final = 64 << 20
_QUEUE_FRAMES: Final = (2, 8)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Queued:
    lap: int
    frame: Frame
    at_once: bool
    """Whether a seek asked for this frame. It is then shown whatever the clock says."""


class PlaybackEngine(Worker):
    """Keeps a few frames ready ahead of the clock. Every call returns at once; a separate thread decodes.

    The window runs the clock (sound device or monotonic, at any speed, even backwards) and asks `frame_for(time_s)` at
    each tick. Seek, play, pause, speed and step only move that clock; after a jump call `seek` or `seek_frame`, so that
    frames between are not counted as dropped.

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
        self._queue: deque[_Queued] = deque()
        self._current: Frame | None = None
        self._clock_s: float | None = None
        self._target = 0
        self._next: int | None = 0
        self._generation = self._lap = self._decode_lap = 0
        self._at_once, self._ahead, self._back = True, True, False
        self._loop: tuple[int, int] | None = None
        self._dropped = 0
        self._damaged: set[int] = set()
        self._error: Exception | None = None
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the thread and close the reader; a second call does nothing.

        A thread that is still in a slow read is not waited for longer than `READ_WAIT_S`; it closes the reader itself.
        """
        self._ctx.cancel()
        self._end(READ_WAIT_S)
        self._queue.clear()

    @property
    def reader(self) -> VideoReader:
        """The clip that is played."""
        return self._reader

    @property
    def dropped(self) -> int:
        """Number of frames skipped because the clock was faster than decoding or than the window asked."""
        with self._wake:
            return self._dropped

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
            self._dropped = 0

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
            self._loop = loop
            self._jump(self._place())  # what was decoded beyond belongs to the old course

    def seek(self, time_s: float) -> None:
        """Jump to the frame shown at a time; `frame_for` gives it as soon as it is decoded."""
        self.seek_frame(self._index.frame_at(time_s))

    def seek_frame(self, idx: int) -> None:
        """Jump to a frame; numbers outside the clip go to its first or last frame."""
        with self._wake:
            self._clock_s = None
            self._jump(min(max(idx, 0), len(self._index) - 1))

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
            elif before_s is not None and time_s > before_s:
                self._ahead = True
            self._take(time_s)
            self._wake.notify_all()
            return self._current

    # All below runs with the lock held, except decoding itself.

    def _place(self) -> int:
        """Return the frame sought last while it is on its way or not yet fetched, else the one shown."""
        if self._current is None or self._at_once or (self._queue and self._queue[0].at_once):
            return self._target
        return self._current.frame_idx

    def _jump(self, idx: int, ahead: bool = True, *, back: bool = False) -> None:
        """Go to a frame; where it is lost, to the next one that decodes, or with `back` to the one before."""
        self._queue.clear()
        self._generation += 1
        self._lap = self._decode_lap = 0
        self._next = self._target = idx
        self._at_once, self._ahead, self._back = True, ahead, back
        self._wake.notify_all()

    def _turn_back(self, time_s: float) -> None:
        if self._loop is not None and self._decode_lap > self._lap:
            self._lap += 1
            return
        idx = self._index.frame_at(time_s)
        if idx != self._place():
            self._jump(idx, ahead=False)

    def _take(self, time_s: float) -> None:
        taken = 0
        while self._queue:
            head = self._queue[0]
            due = head.lap < self._lap or (head.lap == self._lap and self._is_due(head.frame, time_s))
            if not due and not head.at_once:
                break
            self._current = self._queue.popleft().frame
            taken += 1
        self._dropped += max(taken - 1, 0)

    def _is_due(self, frame: Frame, time_s: float) -> bool:
        """Return whether a clock at this time shows the frame.

        Where the clock stands on a time that several frames share, the one that was stepped to stays.
        """
        stands = self._current is not None and self._current.time_s == time_s
        return frame.time_s <= time_s and not (stands and frame.time_s == time_s)

    def _run(self) -> None:
        try:
            while self._decode_one():
                pass
        except Cancelled:
            return
        except Exception as error:  # shown by the window, which reads `error`
            log.exception("playback of %s stopped", self._reader.info.path)
            with self._wake:
                self._error = error
                self._wake.wait_for(lambda: self._stop)
        finally:
            self._reader.close()

    def _has_work(self) -> bool:
        if self._next is None or self._error is not None:
            return False
        return self._at_once or (self._ahead and len(self._queue) < self._capacity)

    def _decode_one(self) -> bool:
        with self._wake:
            self._wake.wait_for(lambda: self._stop or self._has_work())
            if self._stop or self._next is None:
                return not self._stop
            idx, generation, at_once = self._next, self._generation, self._at_once
            if not at_once:
                idx = self._catch_up(idx)
            lap = self._decode_lap
        frame = self._read(idx)
        with self._wake:
            if generation != self._generation:
                return True
            if frame is not None:
                self._queue.append(_Queued(lap, frame, at_once))
                self._at_once = False
            if frame is None and at_once and self._back and idx > 0:
                self._next = idx - 1
            else:
                self._advance(idx)
        if frame is not None and at_once and self._on_ready is not None:
            self._on_ready()
        return True

    def _read(self, idx: int) -> Frame | None:
        try:
            return self._reader.frame(idx, self._format, self._ctx)
        except UserError as error:
            if idx not in self._damaged:
                self._damaged.add(idx)
                log.warning("%s", error)
            return None

    def _catch_up(self, idx: int) -> int:
        """Return the frame to decode next: the clock's own where decoding has fallen behind it."""
        if self._clock_s is None or self._decode_lap != self._lap:
            return idx
        last = self._loop[1] if self._loop is not None and idx <= self._loop[1] else len(self._index) - 1
        due = min(self._index.frame_at(self._clock_s), last)
        self._dropped += max(due - idx, 0)
        return max(idx, due)

    def _advance(self, idx: int) -> None:
        if self._loop is not None and idx == self._loop[1]:
            self._next = self._loop[0]
            self._decode_lap += 1
        else:
            self._next = idx + 1 if idx + 1 < len(self._index) else None
            if self._next is None:
                self._at_once = False
