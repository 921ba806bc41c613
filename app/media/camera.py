"""Webcams. A thread keeps the newest picture, stamped by the monotonic clock, so that no backlog arises."""

import errno
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import av
import av.device
from av.container import InputContainer
from av.error import FFmpegError

from app import held
from app.domain.media import Frame, PixelFormat
from app.errors import UserError
from app.media.picture import Converter, orientation_of
from app.worker import END_WAIT_S, Worker

_API: Final = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}
_TIMEOUT_S: Final = 5.0
TICKS: Final = 1_000_000
"""Ticks a second of a camera frame's time stamp."""

_LOST_TODO: Final = "Check its cable, and that no other program uses it; then start it again."


def advice_for(failure: Exception | None) -> str:
    """Return what to do about a camera that does not open."""
    number = getattr(failure, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return (
            "Your account may not use it: join the group “video” and log in again (Linux), or allow the use of "
            "the camera in the privacy settings (macOS, Windows)."
        )
    if number == errno.EBUSY:
        return "Another program uses it: close it, then start the camera again."
    return _LOST_TODO


@dataclass(frozen=True)
class Camera:
    """A camera that may be opened.

    Attributes:
        device: The name that `CameraSource` takes.
        label: The name by which the user knows it.
    """

    device: str
    label: str


def camera_api() -> str:
    """Return libav's name for this system's camera interface."""
    return _API.get(sys.platform, "v4l2")


def list_cameras() -> list[Camera]:
    """Return the cameras of this machine; empty where there are none or they cannot be listed."""
    api = camera_api()
    try:
        found = av.device.enumerate_input_devices(api)
    except (FFmpegError, OSError, ValueError, NotImplementedError):
        found = []
    cameras = [Camera(d.name, d.description or d.name) for d in found if not d.media_types or "video" in d.media_types]
    if not cameras and api == "v4l2":
        cameras = [Camera(str(p), p.name) for p in sorted(Path("/dev").glob("video*"))]
    return cameras


class CameraSource(Worker):
    """An open camera. Its frames are numbered as captured; their time is that of the monotonic clock since opening.

    Args:
        device: A `Camera.device`; or, with `api`, anything libav can open, such as a file or a test picture.
        width: Wanted number of columns; the camera may give another.
        height: Wanted number of rows.
        rate: Wanted frames per second.
        api: libav's input format; by default this system's cameras. `file` opens a clip, and `lavfi` a test picture
            such as `testsrc=size=320x240:rate=30`; both are played at their own pace and end as a lost camera does.
        loop: Whether a clip (`file`) begins again when it ends.

    Attributes:
        start_s: When it was opened, on the clock of `time.monotonic`; the frames' times count from here.

    Raises:
        UserError: The camera cannot be opened.
    """

    def __init__(
        self,
        device: str,
        *,
        width: int = 1280,
        height: int = 720,
        rate: int = 30,
        api: str | None = None,
        loop: bool = False,
    ) -> None:
        super().__init__("camera")
        self.device, self._api, self._loop = device, api or camera_api(), loop
        self._paced = self._api in ("lavfi", "file")
        self._container = self._open(width, height, rate)
        self._stream = self._container.streams.video[0]
        self._latest: tuple[int, float, av.VideoFrame] | None = None
        self._converter: Converter | None = None
        self._lost: UserError | None = None
        self.start_s: Final = time.monotonic()
        self._begin()

    def _open(self, width: int, height: int, rate: int) -> InputContainer:
        wish = {"video_size": f"{width}x{height}", "framerate": str(rate)}
        trials: list[dict[str, str]] = [{}]
        if not self._paced:
            # Most webcams give full size at full rate only as MJPEG; those that know no such wish are asked for less.
            trials = [{**wish, "input_format": "mjpeg"}, wish, {"framerate": str(rate)}, {}]
        if self._api == "file":
            held.refuse(self.device)  # libav opens files unseen
        failure: Exception | None = None
        for options in trials:
            try:
                container = av.open(
                    f"file:{self.device}" if self._api == "file" else self.device,
                    "r",
                    format=None if self._api == "file" else self._api,
                    options=options,
                    timeout=(_TIMEOUT_S, _TIMEOUT_S),
                )
            except (FFmpegError, OSError, ValueError) as error:
                failure = error
                continue
            if container.streams.video:
                return container
            container.close()
        reason = f": {getattr(failure, 'strerror', None) or failure}" if failure is not None else ""
        raise UserError(f"The camera {self.device} cannot be opened{reason}.", advice_for(failure)) from failure

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the thread and release the camera; a second call does nothing."""
        if self._end(END_WAIT_S):
            self._container.close()

    @property
    def rate(self) -> Fraction:
        """Frames per second as the camera states them; it may give fewer in dim light."""
        return self._stream.average_rate or self._stream.guessed_rate or Fraction(30)

    @property
    def now_s(self) -> float:
        """The present time on the clock of the frames."""
        return time.monotonic() - self.start_s

    def _run(self) -> None:
        reason = "it sends no more pictures"
        try:
            behind_s = 0.0  # a camera's time passes while nobody listens; what stands in for one makes up for no delay
            for number, (due_s, frame) in enumerate(self._decoded()):
                with self._wake:
                    if self._paced:
                        behind_s = max(behind_s, self.now_s - due_s)
                        self._wake.wait_for(lambda: self._stop, timeout=due_s + behind_s - self.now_s)
                    if self._stop:
                        return
                    # A clip that stands in for a camera took its picture when it was due, however late it is decoded.
                    self._latest = (number, due_s if self._paced else self.now_s, frame)
                    self._wake.notify_all()
        except (FFmpegError, OSError) as error:
            reason = str(getattr(error, "strerror", None) or error)
        with self._wake:
            self._lost = UserError(f"The camera {self.device} was lost: {reason}.", _LOST_TODO)
            self._wake.notify_all()

    def _decoded(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Yield frames with the time at which one of a clip is due, counted on when the clip begins again."""
        begun_s = due_s = 0.0
        while True:
            before_s = due_s
            for frame in self._container.decode(self._stream):
                due_s = begun_s + (frame.time or 0.0)
                yield due_s, frame
            if not self._loop or due_s <= before_s:  # a clip of one frame would spin
                return
            begun_s = due_s + float(1 / self.rate)
            self._container.seek(0)

    @property
    def lost(self) -> bool:
        """Whether the camera stopped sending."""
        with self._wake:
            return self._lost is not None

    def newest(self, after_idx: int = -1, format: PixelFormat = "rgb24", timeout_s: float | None = 0.0) -> Frame | None:
        """Return the newest frame.

        Args:
            after_idx: Return only a frame with a greater number than this.
            format: Pixel format of the image.
            timeout_s: Longest wait in seconds; 0 does not wait, None waits until there is a frame.

        Returns:
            The frame, with `pts` in microseconds of the monotonic clock since opening; None if no frame came in time.

        Raises:
            UserError: The camera was lost, and all of its frames were returned.
            ValueError: The source is closed.
        """
        with self._wake:
            self._wake.wait_for(lambda: self._newer(after_idx) or self._lost is not None or self._stop, timeout_s)
            if self._stop:
                raise ValueError("the camera is closed")
            latest = self._latest
            if latest is None or not self._newer(after_idx):
                if self._lost is not None:
                    raise self._lost
                return None
        number, time_s, decoded = latest
        pts = round(time_s * TICKS)
        return Frame(number, pts, pts / TICKS, self._convert(decoded, format))

    def _newer(self, after_idx: int) -> bool:
        return self._latest is not None and self._latest[0] > after_idx

    def _convert(self, decoded: av.VideoFrame, pixel_format: PixelFormat) -> Any:
        with self._wake:  # one scaling context; the window and the model may both ask
            if self._converter is None:
                self._converter = Converter(orientation_of(decoded))
            return self._converter.image(decoded, pixel_format)

    def frames(self, format: PixelFormat = "rgb24") -> Iterator[Frame]:
        """Yield the newest frame each time one is asked for, never twice; frames that came between are skipped.

        Raises:
            UserError: The camera was lost.
        """
        number = -1
        while True:
            frame = self.newest(number, format, timeout_s=None)
            if frame is None:
                return
            number = frame.frame_idx
            yield frame
