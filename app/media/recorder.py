"""Writes camera pictures into a clip in a separate thread, so that picture and model never wait for the encoder."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from app.domain.media import Frame
from app.errors import UserError
from app.media.camera import CameraSource
from app.media.writer import ClipWriter, Encoding
from app.worker import Worker

TICKS: Final = 90_000
"""Ticks a second of a recording's time stamps."""
_PATIENCE_S: Final = 0.2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recorded:
    """The outcome of a recording.

    Attributes:
        path: The clip, which does not exist if `frames` is 0.
        frames: Number of frames written.
        missed: Number of frames of the camera that the encoder was too slow for.
        duration_s: Time from the first frame to the last, in seconds.
        error: The reason why it ended early or was not written; None if it was stopped.
        first_s: When the first frame came, on the clock of `time.monotonic`: the zero of the clip's time.
    """

    path: Path
    frames: int
    missed: int
    duration_s: float
    error: Exception | None = None
    first_s: float = 0.0


class CameraRecorder(Worker):
    """Records the frames of a camera without sound. Frames keep their times, so the rate may vary.

    Args:
        source: An open camera; the recorder does not close it.
        path: The clip to write; it appears when the recording ends.
        on_end: Called once in the recorder's thread when the recording has ended for any reason.
    """

    def __init__(self, source: CameraSource, path: Path, on_end: Callable[[Recorded], None]) -> None:
        super().__init__("camera-recorder")
        self._source, self._path, self._on_end = source, path, on_end
        self._frames = self._missed = 0
        self._first_s = self._last_s = 0.0
        self._begin()

    @property
    def seconds(self) -> float:
        """Length of the recording so far in seconds."""
        with self._wake:
            return self._last_s - self._first_s

    def close(self) -> None:
        """Complete the clip and wait until it is written; a second call does nothing."""
        self._end()

    def stop(self) -> None:
        """Complete the clip without waiting; `on_end` is called when it is written."""
        self._halt()

    def _run(self) -> None:
        error: Exception | None = None
        try:
            self._record()
        except UserError as known:
            error = known
        except Exception as bug:  # shown by the window; the picture goes on
            log.exception("recording into %s ended", self._path)
            error = bug
        first_s = self._source.start_s + self._first_s
        self._on_end(Recorded(self._path, self._frames, self._missed, self.seconds, error, first_s))

    def _record(self) -> None:
        first = self._next(-1)
        while first is None and not self._stop:
            first = self._next(-1)
        if first is None:
            return
        height, width = first.image.shape[:2]
        lost: UserError | None = None
        with ClipWriter(
            self._path,
            width,
            height,
            rate=self._source.rate.limit_denominator(1001),
            time_base=Fraction(1, TICKS),
            encoding=Encoding(quality=20),
        ) as writer:
            frame: Frame | None = first
            before, ticks = first.frame_idx - 1, -1
            while not self._stop:
                if frame is not None:
                    ticks = max(round((frame.time_s - first.time_s) * TICKS), ticks + 1)
                    writer.write(frame.image, ticks, "bgr24")
                    self._count(frame, first.time_s, frame.frame_idx - before - 1)
                    before = frame.frame_idx
                try:
                    frame = self._next(before)
                except UserError as error:  # the camera is gone; what was recorded is kept
                    lost = error
                    break
        if lost is not None:
            raise lost

    def _next(self, after_idx: int) -> Frame | None:
        try:
            return self._source.newest(after_idx, "bgr24", _PATIENCE_S)
        except ValueError:  # closed by its owner meanwhile
            self._halt()
            return None

    def _count(self, frame: Frame, first_s: float, missed: int) -> None:
        with self._wake:
            self._frames += 1
            self._missed += missed
            self._first_s, self._last_s = first_s, frame.time_s
