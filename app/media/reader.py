"""Frames of a clip or an image: any one of them exactly, or all in order."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import av

from app.domain.media import Frame, MediaInfo, PixelFormat
from app.jobs import Context
from app.media.audio import audio_stream
from app.media.cache import FrameCache
from app.media.cursor import Cursor
from app.media.frame_index import FrameIndex
from app.media.index import build_index
from app.media.picture import Converter, Orientation, orientation_of, square_size
from app.media.source import MediaSource

CACHE_BYTES: Final = 256 << 20


class VideoReader:
    """Reads a clip or an image. Frame `i` has the same pixels whether a seek or decoding from the start led to it.

    `frame` may be called from several threads (they wait for each other); each `frames` iterator belongs to one
    thread and has a decoder of its own.

    Args:
        path: The file.
        index: Its index from an earlier time, to save the pass over the file. It must belong to this very file.
        hwaccel: Hardware decoder to try (`cuda`, `vaapi`, `d3d11va`, `videotoolbox`); software where it fails.
        cache_bytes: Greatest number of bytes of decoded frames that are held for stepping back.
        ctx: Receives the progress of building the index, and can cancel it.

    Attributes:
        index: The frame index.
        info: Facts of the file.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled while the index was built.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        index: FrameIndex | None = None,
        hwaccel: str | None = None,
        cache_bytes: int = CACHE_BYTES,
        ctx: Context | None = None,
    ) -> None:
        self._path, self._wish = Path(path), hwaccel
        self.index: FrameIndex = index if index is not None else build_index(self._path, ctx)
        self._lock = threading.RLock()
        self._cache = FrameCache(cache_bytes)
        self._skipped: set[int] = set()
        self._closed = False
        self._cursor = Cursor(self._path, self.index, hwaccel)
        try:
            first = self._cursor.goto(0, self._cache.put)
            source = self._cursor.source
            self._orientation = source.exif if source.exif is not None else orientation_of(first)
            self._aspect = None if source.exif is not None else source.stream.sample_aspect_ratio
            size = square_size(first.width, first.height, self._aspect)
            self.info: MediaInfo = _info(self._path, self.index, source, size, self._orientation)
        except BaseException:
            self._cursor.close()
            raise
        self._converter = self._new_converter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.index)

    def close(self) -> None:
        """Close the file and the decoder and drop the held frames; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._cursor.close()
                self._cache.clear()

    @property
    def hwaccel(self) -> str | None:
        """The hardware decoder in use, None in software."""
        return self._cursor.source.hwaccel

    @property
    def cached_bytes(self) -> int:
        """Number of bytes of decoded frames held now."""
        return self._cache.bytes

    @property
    def skipped_idx(self) -> tuple[int, ...]:
        """Frames of the index that did not decode in passes of `frames` so far, ascending."""
        return tuple(sorted(self._skipped))

    def frame(self, idx: int, format: PixelFormat = "rgb24", ctx: Context | None = None) -> Frame:
        """Return one frame exactly.

        Args:
            idx: Frame number, 0 ≤ idx < N.
            format: Pixel format of the image.
            ctx: Can cancel a long decoding up to the frame; what was decoded until then is kept.

        Raises:
            Cancelled: The user cancelled.
            IndexError: The clip has no such frame.
            UserError: The frame is damaged.
            ValueError: The reader is closed.
        """
        if not 0 <= idx < len(self.index):
            raise IndexError(f"frame {idx} of {len(self.index)}")
        with self._lock:
            if self._closed:
                raise ValueError("the reader is closed")
            decoded = self._cache.get(idx)
            if decoded is None:

                def keep(met: int, frame: av.VideoFrame) -> None:
                    self._cache.put(met, frame)
                    if ctx is not None:
                        ctx.check()

                decoded = self._cursor.goto(idx, keep)
            return self._record(idx, decoded, self._converter, format)

    def frames(
        self, start: int = 0, stop: int | None = None, format: PixelFormat = "rgb24", step: int = 1
    ) -> Iterator[Frame]:
        """Yield frames in order, without those that do not decode; `skipped_idx` lists these.

        Args:
            start: First frame.
            stop: End, exclusive; None for all.
            format: Pixel format of the images.
            step: 1 for every frame, 2 for every second one, and so on; frames between are decoded but not converted.

        Raises:
            ValueError: `start` is negative, `step` is below 1, or the reader is closed.
        """
        last = len(self.index) if stop is None else min(stop, len(self.index))
        if start < 0 or step < 1:
            raise ValueError("start must be ≥ 0 and step ≥ 1")
        if start >= last:
            return
        cursor, converter, due = Cursor(self._path, self.index, self._wish), self._new_converter(), start
        try:
            for idx, decoded in cursor.walk(start):
                if idx >= last:
                    break
                self._skipped.update(range(due, idx))
                due = idx + 1
                if (idx - start) % step == 0:
                    yield self._record(idx, decoded, converter, format)
            else:
                self._skipped.update(range(due, last))
        finally:
            cursor.close()

    def _new_converter(self) -> Converter:
        return Converter(self._orientation, self._aspect)

    def _record(self, idx: int, decoded: av.VideoFrame, converter: Converter, pixel_format: PixelFormat) -> Frame:
        return Frame(
            frame_idx=idx,
            pts=int(self.index.pts[idx]),
            time_s=float(self.index.times_s[idx]),
            image=converter.image(decoded, pixel_format),
        )


def _info(
    path: Path, index: FrameIndex, source: MediaSource, size: tuple[int, int], orientation: Orientation
) -> MediaInfo:
    width, height = size
    if orientation.transpose:
        width, height = height, width
    sound = None if source.is_image else audio_stream(source.container)
    return MediaInfo(
        path=path,
        kind="image" if source.is_image else "video",
        width=width,
        height=height,
        rotation_deg=orientation.rotation_deg,
        time_base=None if source.is_image else index.time_base,
        n_frames=len(index),
        duration_s=index.duration_s,
        codec=source.codec,
        average_rate=index.average_rate,
        variable_rate=index.variable_rate,
        has_audio=sound is not None,
        audio_rate=sound.rate if sound is not None else 0,
        audio_channels=sound.channels if sound is not None else 0,
        complete=index.complete,
        note=index.note,
    )
