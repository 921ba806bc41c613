"""Frames of a clip or an image: any one of them exactly, or all in order."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import av
import numpy as np

from app.domain.media import Frame, MediaInfo, PixelFormat
from app.jobs import Context
from app.media.audio import audio_stream
from app.media.cache import FrameCache
from app.media.cursor import Cursor, Sink
from app.media.frame_index import FrameIndex
from app.media.index import build_index
from app.media.picture import Converter, Orientation, orientation_of, square_size
from app.media.source import MediaSource

CACHE_BYTES: Final = 256 << 20

KEPT_WHOLE: Final = 24
"""Number of frames before a sought one that are all decoded and held, for steps back. On the way to them, frames to
which no other frame refers are left out, which takes half the time in an ordinary clip."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """A frame in the decoder's own format.

    Attributes:
        idx: Its number.
        frame: Its planes.
    """

    idx: int
    frame: av.VideoFrame


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
        self._behind: Cursor | None = None
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
        self._frame_bytes = max(self._cache.bytes // max(len(self._cache), 1), 1)

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
                if self._behind is not None:
                    self._behind.close()
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
        with self._reading():
            decoded = self._cache.get(idx)
            if decoded is None:
                decoded = self._cursor.goto(idx, self._keeping(ctx), idx - KEPT_WHOLE)
            return self._record(idx, decoded, self._converter, format)

    def onward(self, start: int, due: int, ctx: Context | None = None) -> "Decoded | None":
        """Return the first frame from `start` on that can be had without going back; it is not yet converted.

        Args:
            start: Frame number, 0 ≤ start < N.
            due: The frame that should be shown by now. Before it, frames are left out if no other frame refers to them.
            ctx: Can cancel; what was decoded until then is kept.

        Returns:
            The frame; None if no further frame decodes.

        Raises:
            Cancelled: The user cancelled.
            ValueError: The reader is closed.
        """
        with self._reading():
            held = self._cache.get(start)
            if held is not None:
                return Decoded(start, held)
            found = self._cursor.onward(start, self._keeping(ctx), due)
            return None if found is None else Decoded(*found)

    def towards(self, target: int, ctx: Context | None = None) -> "Decoded | None":
        """Return the next frame on the way to a frame, and at last that frame itself; none is converted.

        The way begins where decoding stands if the frame lies ahead in the same group of pictures, else at the keyframe
        before it.

        Args:
            target: Frame number, 0 ≤ target < N.
            ctx: Can cancel; what was decoded until then is kept.

        Returns:
            The frame; None if none decodes from there on.

        Raises:
            Cancelled: The user cancelled.
            ValueError: The reader is closed.
        """
        with self._reading():
            held = self._cache.get(target)
            if held is not None:
                return Decoded(target, held)
            start = target
            if self.index.timed:
                start = self._cursor.next_idx if self._cursor.can_go_on(target) else self.keyframe_idx(target)
            found = self._cursor.onward(start, self._keeping(ctx), target)
            return None if found is None else Decoded(*found)

    def keyframe_idx(self, idx: int) -> int:
        """Return the number of the newest frame ≤ idx at which decoding can begin; `idx` itself where none is known."""
        if not self.index.timed:
            nth = int(np.searchsorted(self.index.anchors, idx, side="right")) - 1
            return int(self.index.anchors[nth]) if nth >= 0 else idx
        key = self.index.keyframe_before(int(self.index.pts[idx]))
        found = None if key is None else self.index.find(key)
        return idx if found is None else found

    def holds(self, idx: int) -> bool:
        """Return whether a decoded frame is held in memory."""
        with self._lock:
            return idx in self._cache

    @property
    def holds_most(self) -> int:
        """Number of frames that can be held at a time, by the size of the first one."""
        return max(self._cache.max_bytes // self._frame_bytes, 1)

    def prepare(self, first: int, last: int, ctx: Context | None = None) -> None:
        """Decode frames that may be wanted next, and hold them. The place from which `onward` goes on stays.

        Args:
            first: The first frame that is held.
            last: The last one, which is decoded in any case.
            ctx: Can cancel; what was decoded until then is kept, and a further call continues from there.

        Raises:
            Cancelled: The user cancelled.
            UserError: The last frame is damaged.
            ValueError: The reader is closed.
        """
        with self._reading():
            if self._behind is None:
                self._behind = Cursor(self._path, self.index, self._wish)
            keep = self._keeping(ctx, first)
            self._behind.goto(last, keep, first)

    def convert(self, decoded: "Decoded", format: PixelFormat = "rgb24") -> Frame:
        """Return a decoded frame as the picture to show."""
        with self._lock:
            return self._record(decoded.idx, decoded.frame, self._converter, format)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise ValueError("the reader is closed")
            yield

    def _keeping(self, ctx: Context | None, first: int = 0) -> Sink:
        """Return what holds every decoded frame from `first` on, and stops on request."""

        def keep(idx: int, frame: av.VideoFrame) -> None:
            if idx >= first:
                self._cache.put(idx, frame)
            if ctx is not None:
                ctx.check()

        return keep

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
