"""A place in a clip from which frames are decoded; each is known by its number in the index."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.error import FFmpegError

from app.domain.clock import clock_text
from app.errors import UserError
from app.media.frame_index import FrameIndex
from app.media.source import Damage, MediaSource, decode, frame_pts

RESTART_LIMIT: Final = 3000
"""Largest number of frames decoded from the file's start in search of one that no keyframe leads to."""

SHORT_STEP: Final = 8
"""Up to this many frames forward are decoded rather than sought, even across a keyframe."""

_SPARING: Final = frozenset({"h264", "hevc"})
"""Codecs whose decoders leave out frames that no other frame refers to, and return all others unchanged."""

Sink = Callable[[int, av.VideoFrame], None]


class Cursor:
    """Decodes forward from any frame of a clip. Two threads must not use it at once.

    A seek goes to the newest keyframe not after the frame. Where the demuxer lands elsewhere or the decoder does not
    return the frame (open groups of pictures, gradual refresh), older keyframes are tried, and finally the file's
    start.

    Args:
        path: The file.
        index: The file's index.
        hwaccel: Hardware decoder to try.
    """

    def __init__(self, path: Path, index: FrameIndex, hwaccel: str | None = None) -> None:
        self._path, self._index, self._wish = path, index, hwaccel
        self._landed: int | None = None
        self._anchor, self._anchor_pts = 0, 0
        self._spare_pts: int | None = None
        self._sparing = False
        self._source = self._open()
        self._pairs: Iterator[tuple[int, av.VideoFrame]] = self._decode()
        self._next_idx = 0

    @property
    def source(self) -> MediaSource:
        """The opened file."""
        return self._source

    def _open(self) -> MediaSource:
        return MediaSource(self._path, threads="NONE" if self._index.fragile else "AUTO", hwaccel=self._wish)

    def close(self) -> None:
        """Close the decoder and the file."""
        self._end_pairs()
        self._source.close()

    def _end_pairs(self) -> None:
        close = getattr(self._pairs, "close", None)
        if close is not None:
            close()
        self._landed, self._anchor = None, 0

    def _decode(self) -> Iterator[tuple[int, av.VideoFrame]]:
        """Yield number and frame from where the demuxer stands; frames before the keyframe landed on are dropped."""
        idx = -1
        for frame in decode(self._source, Damage(), self._take_packet):
            if self._index.timed:
                pts = frame_pts(frame)
                found = None if pts is None or self._before_landing(pts) else self._index.find(pts)
                if found is None:
                    continue
                idx = found
            elif idx < 0 and self._anchor > 0:
                if self._landed != self._anchor_pts:
                    return
                if not frame.key_frame:
                    continue
                idx = self._anchor
            else:
                idx += 1
            if idx >= len(self._index):
                return
            self._next_idx = idx + 1
            yield idx, frame

    @property
    def next_idx(self) -> int:
        """Number of the frame that follows the last one decoded; the number of frames after a seek or at the end."""
        return self._next_idx

    def _take_packet(self, packet: "av.Packet[av.VideoStream]") -> bool:
        """Note where the demuxer landed, and return whether the packet is to be decoded."""
        self._note_landing(packet)
        spare = self._spare_pts is not None and packet.pts is not None and packet.pts < self._spare_pts
        context = self._source.stream.codec_context
        if context.codec.intra_only:
            return not spare
        if spare != self._sparing:
            context.skip_frame = "NONREF" if spare else "DEFAULT"
            self._sparing = spare
        return True

    def _may_spare(self) -> bool:
        """Return whether frames can be left out without losing count or meeting errors."""
        codec = self._source.stream.codec_context.codec
        plain = codec.intra_only or codec.name in _SPARING
        return plain and self._index.timed and not self._index.fragile

    def _before_landing(self, pts: int) -> bool:
        return self._landed is not None and pts < self._landed

    def _note_landing(self, packet: "av.Packet[av.VideoStream]") -> None:
        if self._landed is None and packet.is_keyframe:
            self._landed = packet.pts if packet.pts is not None else packet.dts

    def _restart(self) -> None:
        self._end_pairs()
        self._source.close()
        self._source, self._sparing = self._open(), False
        self._pairs, self._next_idx = self._decode(), 0

    def _seek(self, pts: int) -> bool:
        self._end_pairs()
        try:
            self._source.container.seek(pts, stream=self._source.stream)
        except (FFmpegError, OSError):
            return False
        self._pairs, self._next_idx = self._decode(), len(self._index)
        return True

    def _entries(self, target: int) -> Iterator[None]:
        """Bring the decoder to ever earlier places from which the frame may be reached."""
        index = self._index
        if self.can_go_on(target):
            yield
        if index.timed:
            key = index.keyframe_before(int(index.pts[target]))
            for _ in range(3):
                if key is not None and self._seek(key):
                    yield
                key = None if key is None else index.keyframe_before(key - 1)
        elif self._anchor_for(target) > 0:
            nth = int(np.searchsorted(index.anchors, target, side="right")) - 1
            if self._seek(int(index.keyframes[nth])):
                self._anchor, self._anchor_pts = int(index.anchors[nth]), int(index.keyframes[nth])
                yield
        if target <= RESTART_LIMIT or index.decoded:
            self._restart()
            yield

    def _anchor_for(self, target: int) -> int:
        """Return the newest keyframe's number ≤ target for counted frames, 0 for the start."""
        nth = int(np.searchsorted(self._index.anchors, target, side="right")) - 1
        return int(self._index.anchors[nth]) if nth >= 0 else 0

    def can_go_on(self, target: int) -> bool:
        """Return whether decoding on from here is no more work than starting at a keyframe."""
        if self._next_idx > target:
            return False
        if target - self._next_idx <= SHORT_STEP:
            return True
        if not self._index.timed:
            return self._next_idx >= self._anchor_for(target)
        key = self._index.keyframe_before(int(self._index.pts[target]))
        return key is None or int(self._index.pts[self._next_idx]) >= key

    def goto(self, target: int, sink: Sink | None = None, spare_before: int = 0) -> av.VideoFrame:
        """Return frame `target`, decoding from the best place before it.

        Args:
            target: Frame number, 0 ≤ target < N.
            sink: Receives every frame decoded on the way, including the target.
            spare_before: Frames before this one may be left out if no other frame refers to them.

        Raises:
            UserError: The frame does not decode.
        """
        for idx, frame in self._frames_to(target, sink, min(spare_before, target)):
            if idx == target:
                return frame
        at = clock_text(float(self._index.times_s[target]) - self._index.start_s)
        raise UserError(
            f"Frame {target} at {at} of {self._path.name} is damaged and does not decode.",
            "Go to another frame, or copy the file again.",
        )

    def onward(self, start: int, sink: Sink | None = None, spare_before: int = 0) -> tuple[int, av.VideoFrame] | None:
        """Return number and frame of the first frame from `start` on that comes out of the decoder.

        Args:
            start: Frame number, 0 ≤ start < N.
            sink: Receives every frame decoded on the way, including the one returned.
            spare_before: Frames before this one may be left out if no other frame refers to them.

        Returns:
            The number and the frame; None if no further frame decodes.
        """
        for idx, frame in self._frames_to(start, sink, spare_before):
            if idx >= start:
                return idx, frame
        return None

    def _frames_to(self, target: int, sink: Sink | None, spare_before: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Yield frames from each place that leads to a frame, up to the first one not before it."""
        for _ in self._entries(target):
            self._spare_pts = int(self._index.pts[spare_before]) if spare_before > 0 and self._may_spare() else None
            try:
                for idx, frame in self._pairs:
                    if sink is not None:
                        sink(idx, frame)
                    yield idx, frame
                    if idx >= target:
                        break
            finally:
                self._spare_pts = None

    def walk(self, start: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Yield number and frame in presentation order, from `start` to the end; frames that do not decode are absent.

        Frames are in the decoder's order, which is the order of presentation in every stream that obeys its format. Of
        a damaged stream, a frame that comes after a later one is left out.
        """
        newest = -1
        for idx, frame in self._walk(start):
            if idx > newest:
                newest = idx
                yield idx, frame

    def _walk(self, start: int) -> Iterator[tuple[int, av.VideoFrame]]:
        if start == 0:
            if self._next_idx != 0:
                self._restart()
        else:
            first = self._first_from(start)
            if first is None:
                return
            yield first
        yield from self._pairs

    def _first_from(self, start: int) -> tuple[int, av.VideoFrame] | None:
        """Return the first frame from `start` on that decodes."""
        for idx in range(start, len(self._index)):
            try:
                return idx, self.goto(idx)
            except UserError:
                continue
        return None
