"""A live camera for the window. Every step takes the newest picture, so that delays do not add up."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from app.domain.media import Frame
from app.errors import UserError
from app.media.camera import Camera, CameraSource, list_cameras
from app.media.recorder import CameraRecorder, Recorded
from app.services.predict.rate import Rate
from app.worker import END_WAIT_S, Worker

__all__ = [
    "Camera",
    "CameraChoice",
    "CameraFeed",
    "CameraShot",
    "CameraStatus",
    "Recorded",
    "clip_as_camera",
    "list_cameras",
]

STALL_S: Final = 6.0
"""Seconds without a picture after which a camera counts as lost. Some need seconds for their first picture."""
_PATIENCE_S: Final = 0.2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CameraChoice:
    """The camera to open and its mode.

    Attributes:
        camera: The camera.
        width: Wanted number of columns; the camera may give another.
        height: Wanted number of rows.
        mirrored: Whether the shown picture is mirrored; the analysed and recorded picture is not.
        api: See `CameraSource`; None for a real camera.
    """

    camera: Camera
    width: int = 1280
    height: int = 720
    mirrored: bool = True
    api: str | None = None


def clip_as_camera(path: Path) -> CameraChoice:
    """Return a clip that plays in a loop in place of a camera."""
    return CameraChoice(Camera(str(path), path.name), mirrored=False, api="file")


@dataclass(frozen=True, eq=False)
class CameraShot:
    """One picture of the camera.

    Attributes:
        frame: The picture as it came, in `bgra`, which models read. Boxes are in its pixels.
        shown: The same picture, mirrored if that was asked for.
    """

    frame: Frame
    shown: Frame


@dataclass(frozen=True)
class CameraStatus:
    """Figures on how well the camera and the window keep up.

    Attributes:
        fps: Pictures per second that the camera sent over the last two seconds; 0.0 in the first half second.
        shown_ms: Median time from a picture's arrival in the program to `take`.
        skipped: Pictures that were never taken because a newer one was there.
    """

    fps: float
    shown_ms: float
    skipped: int


class CameraFeed(Worker):
    """Opens a camera in its own thread and keeps its newest picture ready.

    Args:
        choice: The camera to open.
        on_ready: Called with the feed, in its thread, when a picture can be taken, and not again before it was.
        on_lost: Called once with the feed and the reason, in its thread, when no more pictures will come; not after
            `close`.
        before: The feed that this one replaces. It is closed first, because most cameras let only one program in.
    """

    def __init__(
        self,
        choice: CameraChoice,
        on_ready: Callable[["CameraFeed"], None],
        on_lost: Callable[["CameraFeed", Exception], None],
        before: "CameraFeed | None" = None,
    ) -> None:
        super().__init__("camera-feed")
        self.choice = choice
        self._on_ready, self._on_lost, self._before = on_ready, on_lost, before
        self._source: CameraSource | None = None
        self._recorder: CameraRecorder | None = None
        self._shot: CameraShot | None = None
        self._arrived = Rate()
        self._delays_s: deque[float] = deque(maxlen=60)
        self._skipped = 0
        self._last_taken = -1
        self._begin()

    def take(self) -> CameraShot | None:
        """Return the newest picture without waiting; None if it was already taken."""
        with self._wake:
            shot, self._shot = self._shot, None
            if shot is not None and self._source is not None:
                number = shot.frame.frame_idx
                self._skipped += number - self._last_taken - 1
                self._last_taken = number
                self._delays_s.append(self._source.now_s - shot.frame.time_s)
        return shot

    @property
    def status(self) -> CameraStatus:
        """Report how it keeps up. This is cheap, and any thread may call it."""
        with self._wake:
            fps = self._arrived.per_s(self._source.now_s) if self._source is not None else 0.0
            delay_s = float(np.median(self._delays_s)) if self._delays_s else 0.0
            return CameraStatus(fps, 1000 * delay_s, self._skipped)

    @property
    def start_s(self) -> float | None:
        """When the camera was opened, on the clock of `time.monotonic`; frames' times count from here. None before."""
        return self._source.start_s if self._source is not None else None

    @property
    def recording_s(self) -> float | None:
        """Length of the recording so far in seconds, None if there is no recording."""
        with self._wake:
            return self._recorder.seconds if self._recorder is not None else None

    def record(self, path: Path, on_end: Callable[[Recorded], None]) -> None:
        """Record the camera into a clip from now on.

        Args:
            path: The clip, whose folder is made.
            on_end: Called once, in another thread, when the clip is written or cannot be.

        Raises:
            UserError: The folder cannot be made, or the camera does not send yet.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{path.parent} cannot be made: {error.strerror}.", "Choose another place.") from error

        def ended(recorded: Recorded) -> None:
            with self._wake:
                self._recorder = None
            on_end(recorded)

        with self._wake:
            if self._source is None:
                raise UserError("The camera sends no picture yet.", "Record once you see yourself.")
            if self._recorder is None:
                self._recorder = CameraRecorder(self._source, path, ended)

    def stop_recording(self) -> None:
        """Complete the clip that is being recorded; then its `on_end` is called."""
        with self._wake:
            recorder = self._recorder
        if recorder is not None:
            recorder.stop()

    def leave(self) -> None:
        """Ask to release the camera without waiting; a recording is completed."""
        self._halt()

    def close(self) -> None:
        """Release the camera and wait until that is done; a second call does nothing."""
        # A recording is completed; a camera that was never given is not waited for.
        self._end(None if self._recorder is not None else END_WAIT_S)

    def _run(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            before.close()
        choice = self.choice
        try:
            with CameraSource(
                choice.camera.device,
                width=choice.width,
                height=choice.height,
                api=choice.api,
                loop=choice.api == "file",
            ) as source:
                with self._wake:
                    self._source = source
                try:
                    self._pump(source)
                finally:
                    self._end_recording()
        except Exception as error:  # told to the owner, who shows it
            if not isinstance(error, UserError):
                log.exception("the camera feed stopped")
            if not self._stop:
                self._on_lost(self, error)
        finally:
            with self._wake:
                self._source = self._shot = None

    def _pump(self, source: CameraSource) -> None:
        number, last_s = -1, source.now_s
        while not self._stop:
            frame = source.newest(number, "bgra", _PATIENCE_S)
            if frame is None:
                if source.now_s - last_s > STALL_S:
                    raise UserError(
                        f"{self.choice.camera.label} has sent no picture for {STALL_S:.0f} seconds.",
                        "Check its cable and its privacy shutter, and that no other program uses it.",
                    )
                continue
            number, last_s = frame.frame_idx, source.now_s
            shown = frame
            if self.choice.mirrored:
                shown = replace(frame, image=np.ascontiguousarray(frame.image[:, ::-1]))
            with self._wake:
                waiting = self._shot is not None
                self._shot = CameraShot(frame, shown)
                self._arrived.add(frame.time_s, number)
            if not waiting:
                self._on_ready(self)

    def _end_recording(self) -> None:
        with self._wake:
            recorder = self._recorder
        if recorder is not None:
            recorder.close()
