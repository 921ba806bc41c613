"""Writes clips with explicit time stamps and sound. The file appears only when it is complete."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import av
import numpy as np
from av.audio.stream import AudioStream
from av.codec.codec import Codec, UnknownCodecError
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from app.domain.media import PixelFormat
from app.errors import UserError
from app.files import shortened

_ENCODERS: Final = {
    "h264": ("libx264", "libopenh264", "h264_videotoolbox", "mpeg4"),
    "hevc": ("libx265", "hevc_videotoolbox"),
    "vp9": ("libvpx-vp9",),
    "mjpeg": ("mjpeg",),
    "ffv1": ("ffv1",),
}
"""Encoders to try for a codec, the best first, because builds of libav differ."""

_CONTAINERS: Final = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".avi": "avi"}


@dataclass(frozen=True)
class Encoding:
    """The way in which pictures are compressed.

    Attributes:
        codec: `h264`, `hevc`, `vp9`, `mjpeg` or `ffv1` (lossless).
        quality: Constant rate factor of H.264, HEVC and VP9; smaller is better, 18 is visually lossless.
        gop: Greatest number of frames between keyframes; None leaves it to the encoder.
        b_frames: Greatest number of bidirectional frames in a row; None leaves it to the encoder.
        preset: Speed of libx264 and libx265.
        rotation_deg: Written to the display matrix: by how much a player turns the picture clockwise.
        options: More options for the encoder.
    """

    codec: str = "h264"
    quality: int = 20
    gop: int | None = None
    b_frames: int | None = None
    preset: str = "veryfast"
    rotation_deg: int = 0
    options: tuple[tuple[str, str], ...] = ()


class ClipWriter:
    """Writes one clip to a temporary file beside its place and moves it there when it is complete.

    Use it in a `with` block: leaving it normally completes the file, an exception removes what was written.

    Args:
        path: The clip; its suffix (`.mp4`, `.mov`, `.mkv`, `.webm`, `.avi`) chooses the container.
        width: Columns of the pictures, ≥ 2. An odd number is filled up by one repeated column.
        height: Rows of the pictures, ≥ 2; an odd number is filled up likewise.
        rate: Frames per second for the encoder's rate control, and for pictures written without `pts`.
        time_base: Seconds per tick of `pts`; 1 / rate by default. MKV and WebM store milliseconds only.
        audio_rate: Samples per second of the sound; None for a silent clip.
        audio_channels: 1 or 2.
        encoding: The way in which pictures are compressed; by default H.264, and VP9 in WebM.

    Raises:
        UserError: The folder cannot be written to, or no encoder is installed.
    """

    def __init__(
        self,
        path: Path | str,
        width: int,
        height: int,
        *,
        rate: Fraction | int = 30,
        time_base: Fraction | None = None,
        audio_rate: int | None = None,
        audio_channels: int = 1,
        encoding: Encoding | None = None,
    ) -> None:
        self.path = Path(path)
        encoding = encoding or Encoding(codec="vp9" if self.path.suffix.lower() == ".webm" else "h264")
        format_name = _CONTAINERS.get(self.path.suffix.lower())
        if format_name is None:
            raise UserError(
                f"Clips cannot be written as {self.path.suffix or 'a file without a suffix'}.",
                f"Choose a name that ends in {', '.join(_CONTAINERS)}.",
            )
        if width < 2 or height < 2 or audio_channels not in (1, 2):
            raise ValueError("a clip has at least 2 × 2 pixels and one or two channels")
        self._size = (width + width % 2, height + height % 2)
        ending = f".{secrets.token_hex(4)}.part"
        self._part = self.path.with_name(f".{shortened(self.path.stem, '.', ending)}{ending}")
        self._time_base = time_base or 1 / Fraction(rate)
        self._next_pts, self._frames, self._samples, self._done = 0, 0, 0, False
        try:
            self._part.open("xb").close()  # libav opens the file with the first picture only; the user learns now
            self._container = av.open(str(self._part.absolute()), "w", format=format_name)
        except (FFmpegError, OSError) as error:
            self._part.unlink(missing_ok=True)
            raise UserError(
                f"{self.path.name} cannot be written: {getattr(error, 'strerror', None) or error}.",
                "Choose a folder that exists and that you may write to.",
            ) from error
        try:
            self._video = self._add_video(encoding, Fraction(rate))
            self._audio = self._add_audio(format_name, audio_rate, audio_channels)
        except BaseException:
            self.discard()
            raise
        self._audio_rate, self._audio_channels = audio_rate, audio_channels

    def _add_video(self, encoding: Encoding, rate: Fraction) -> VideoStream:
        options = dict(encoding.options)
        encoder = _encoder(encoding.codec)
        if encoder in ("libx264", "libx265", "libvpx-vp9"):
            options.setdefault("crf", str(encoding.quality))
        if encoder in ("libx264", "libx265"):
            options.setdefault("preset", encoding.preset)
        if encoder == "libx265":
            options["x265-params"] = ":".join(filter(None, (options.get("x265-params"), "log-level=none")))
        if encoder == "libvpx-vp9":
            options = {"b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1", **options}
        stream: Any = self._container.add_stream(encoder, rate=rate, options=options)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuvj420p" if encoder == "mjpeg" else "yuv420p"
        context = stream.codec_context
        context.time_base = self._time_base
        context.thread_type = "FRAME"  # PyAV's default cuts each picture into slices, which costs quality
        if encoding.gop is not None:
            context.gop_size = encoding.gop
        if encoding.b_frames is not None:
            context.max_b_frames = encoding.b_frames
        if encoding.rotation_deg % 360:
            stream.set_display_rotation(-encoding.rotation_deg)
        if not isinstance(stream, VideoStream):
            raise TypeError(f"{encoder} is no video encoder")
        return stream

    def _add_audio(self, format_name: str, rate: int | None, channels: int) -> AudioStream | None:
        if rate is None:
            return None
        layout = "stereo" if channels == 2 else "mono"
        codec, codec_rate = ("libopus", 48000) if format_name == "webm" else ("aac", rate)
        stream: Any = self._container.add_stream(codec, rate=codec_rate, layout=layout)
        if not isinstance(stream, AudioStream):
            raise TypeError(f"{codec} is not an audio encoder")
        return stream

    def write(self, image: NDArray[np.uint8], pts: int | None = None, format: PixelFormat = "rgb24") -> None:
        """Add a picture.

        Args:
            image: uint8 of the writer's width and height in `format`, as in `Frame.image`.
            pts: Time at which it is shown, in ticks of `time_base`, ascending; None for the next place at the constant
                rate.
            format: Pixel format of `image`.

        Raises:
            UserError: The disk is full or the file cannot be written.
        """
        rows, columns = image.shape[:2]
        width, height = self._size
        if not (width - 1 <= columns <= width and height - 1 <= rows <= height):
            raise ValueError(f"a picture of {columns} × {rows} in a clip of {width} × {height}")
        if (columns, rows) != (width, height):
            margin = ((0, height - rows), (0, width - columns), *[(0, 0)] * (image.ndim - 2))
            image = np.pad(image, margin, mode="edge")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format=format)
        frame.pts = self._next_pts if pts is None else pts
        frame.time_base = self._time_base
        step = 1 / (Fraction(self._video.codec_context.framerate) * self._time_base)
        self._next_pts = frame.pts + max(round(step), 1)
        self._frames += 1
        self._mux(self._video, frame)

    def write_audio(self, samples: NDArray[np.float32]) -> None:
        """Add sound after the sound that was added before. The first sound begins at time 0.

        Args:
            samples: float32 in [-1, 1], N (mono) or N × channels.

        Raises:
            UserError: The disk is full or the file cannot be written.
            ValueError: The clip was opened without sound.
        """
        if self._audio is None or self._audio_rate is None:
            raise ValueError("this clip has no sound track")
        block = np.ascontiguousarray(samples.reshape(len(samples), -1), dtype=np.float32)
        if block.shape[1] != self._audio_channels:
            raise ValueError(f"{block.shape[1]} channels for a sound track of {self._audio_channels}")
        if not len(block):
            return
        layout = "stereo" if self._audio_channels == 2 else "mono"
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate = self._audio_rate
        frame.time_base, frame.pts = Fraction(1, self._audio_rate), self._samples
        self._samples += len(block)
        self._mux(self._audio, frame)

    def _mux(self, stream: VideoStream | AudioStream, frame: Any) -> None:
        try:
            for packet in stream.encode(frame):
                self._container.mux(packet)
        except (FFmpegError, OSError) as error:
            raise self._cannot_write(error) from error

    def _cannot_write(self, error: Exception) -> UserError:
        return UserError(
            f"{self.path.name} cannot be written: {getattr(error, 'strerror', None) or error}.",
            "Make room on the disk, or choose another folder.",
        )

    def close(self) -> None:
        """Complete the clip and move it to its place; a second call does nothing.

        Raises:
            UserError: The disk is full, the file cannot be moved, or no picture was written.
        """
        if self._done:
            return
        try:
            if not self._frames:
                raise UserError(f"{self.path.name} would not hold a single picture.", "Choose a longer part to write.")
            self._mux(self._video, None)
            if self._audio is not None and self._samples:
                self._mux(self._audio, None)
            self._container.close()
            with self._part.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(self._part, self.path)
        except (FFmpegError, OSError) as error:
            raise self._cannot_write(error) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Stop and delete what was written. After `close` it does nothing."""
        if self._done:
            return
        self._done = True
        with contextlib.suppress(FFmpegError, OSError, ValueError):
            self._container.close()
        self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


def _encoder(codec: str) -> str:
    """Return the first encoder for a codec that this libav holds."""
    for name in _ENCODERS[codec]:
        try:
            Codec(name, "w")
        except UnknownCodecError:
            continue
        return name
    raise UserError(f"No encoder for {codec} is installed.", "Install the `av` package from PyPI, which has one.")


def can_encode(codec: str) -> bool:
    """Return whether clips of this codec (a key of `Encoding.codec`) can be written on this machine."""
    try:
        _encoder(codec)
    except UserError:
        return False
    return True
