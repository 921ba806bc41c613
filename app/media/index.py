"""The frame index of a clip: its frames, the time at which each is shown, and places where decoding can begin.

It is built by reading every packet once. Containers lie (edit lists, wrong counts, packets that never decode), so a
short or odd file is also decoded once and its index holds what really came out; of a long, orderly file the beginning
and the end are decoded as a check.
"""

from array import array
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from app.domain.words import many
from app.errors import UserError
from app.jobs import Context
from app.media.frame_index import FrameIndex
from app.media.source import Damage, MediaSource, Threads, decode, frame_pts, image_ends, nothing_decodes
from app.media.steady import steady

DECODE_ALL_PIXELS: Final = 600_000_000
"""Clips of at most this many pixels (a minute or more of a small clip) are decoded whole, which takes about a
second."""

HEAD_FRAMES: Final = 32
"""Number of frames decoded at the beginning of a longer clip as a check."""

JOIN_S: Final = 0.5
"""A clock that goes back by more than this many seconds …"""

JOIN_PACKETS: Final = 8
"""… for this many packets in a row belongs to another recording. A damaged stream has single wrong stamps."""

_ORDERLY_FORMATS: Final = frozenset({"mov", "mp4", "matroska", "webm"})
_ONE_FRAME_A_PACKET: Final = frozenset({"h264", "hevc", "vp9", "av1", "libdav1d", "mjpeg", "prores", "ffv1", "dnxhd"})
_ONE_PACKET_A_FRAME: Final = _ONE_FRAME_A_PACKET | {"mpeg4", "mpeg2video", "mpegvideo", "msmpeg4v3", "wmv2", "wmv1"}
"""Codecs in which a packet whose frame does not come out is a frame that is lost."""

_STATED_DURATION: Final = frozenset({"matroska", "webm", "avi", "flv", "asf"})
"""Containers whose duration comes from their header rather than from the file's size."""


@dataclass
class _Packets:
    """What the header and one pass over the packets tell; it outlives the opened file."""

    path: Path
    formats: frozenset[str]
    codec: str
    pixels: int
    time_base: Fraction | None
    rate: Fraction
    stated_frames: int
    stated_s: float
    pts: "array[int]" = field(default_factory=lambda: array("q"))
    keyframes: "array[int]" = field(default_factory=lambda: array("q"))
    total: int = 0
    untimed: int = 0
    end_pts: int | None = None
    last_s: float = 0.0
    damage: Damage = field(default_factory=Damage)
    newest_dts: int | None = None
    behind: int = 0
    joined: tuple[int, int] | None = None

    @classmethod
    def of(cls, source: MediaSource) -> "_Packets":
        """Take over what the header says; nothing is read yet."""
        stream, container = source.stream, source.container
        return cls(
            path=source.path,
            formats=frozenset(container.format.name.split(",")),
            codec=stream.codec_context.name,
            pixels=stream.width * stream.height,
            time_base=stream.time_base,
            rate=stream.guessed_rate or Fraction(25),
            stated_frames=stream.frames,
            stated_s=(container.duration or 0) / av.time_base,
        )

    def add(self, packet: "av.Packet[VideoStream]") -> None:
        """Take one packet of the picture stream into account."""
        self.total += 1
        if packet.is_corrupt:
            self.damage.corrupt += 1
        if packet.pts is None:
            self.untimed += 1
        pts = packet.pts if packet.pts is not None else packet.dts
        if pts is None:
            return
        self._follow_clock(pts if packet.dts is None else packet.dts)
        if packet.is_keyframe:
            self.keyframes.append(pts)
        if packet.is_discard:  # decoded but never shown (edit lists)
            return
        self.pts.append(pts)
        end = pts + (packet.duration or 0)
        self.end_pts = end if self.end_pts is None else max(self.end_pts, end)

    def _follow_clock(self, dts: int) -> None:
        """Notice a clock that goes back permanently, which means that the file holds several recordings."""
        newest = dts if self.newest_dts is None else max(self.newest_dts, dts)
        if self.time_base is not None and (newest - dts) * self.time_base > JOIN_S:
            self.behind += 1
            if self.behind == JOIN_PACKETS and self.joined is None:
                self.joined = (newest, dts)
        else:
            self.behind = 0
        self.newest_dts = newest

    @property
    def expected(self) -> NDArray[np.int64]:
        """Time stamps of the packets that should be shown, ascending."""
        return np.sort(np.array(self.pts, np.int64))

    @property
    def orderly(self) -> bool:
        """Whether each packet can be trusted to be one frame."""
        expected = self.expected
        return (
            not self.untimed
            and not self.damage
            and bool(self.formats & _ORDERLY_FORMATS)
            and self.codec in _ONE_FRAME_A_PACKET
            and bool(self.keyframes)
            and bool(len(expected) and self.keyframes[0] <= expected[0])
            and bool(np.all(np.diff(expected) > 0))
        )

    def note(self, decoded: int) -> str:
        """Return a sentence on what is missing when `decoded` frames came out, or an empty text."""
        name, damage = self.path.name, self.damage
        counted = bool(self.formats & _ORDERLY_FORMATS) or bool("avi" in self.formats and damage)
        if counted and self.stated_frames > self.total:
            return f"{name} is cut off: {self.total} of {self.stated_frames} frames are in the file."
        if self.formats & _STATED_DURATION and self.last_s < self.stated_s - max(0.5, 0.01 * self.stated_s):
            return f"{name} is cut off: {self.last_s:.1f} of {self.stated_s:.1f} seconds are in the file."
        lost = len(self.pts) - decoded
        if damage and lost > 0:
            return f"{lost} of {len(self.pts)} frames are damaged and do not decode."
        if damage.read_error:
            return f"Reading stopped before the end of the file: {damage.read_error}."
        parts = damage.packets + damage.corrupt
        return f"{name} is damaged in {many(parts, 'place')}." if parts else ""

    @property
    def stamps_last(self) -> bool:
        """Whether a packet has the same stamp after a seek as in one pass: not in an AVI file with a gap.

        AVI stores no stamps; libav counts what it meets, and after a seek what the file's own index lists.
        """
        whole = not self.damage.corrupt and not self.damage.read_error and self.stated_frames == self.total
        return "avi" not in self.formats or whole

    def with_lost(self, decoded: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Add the time stamps of frames that do not decode to those of the frames that do; None where nothing is lost.

        Only a damaged stream has such frames, and only where each packet stands for a frame they are known. Packets
        before the first frame that decodes are left out, as a recording may begin between two keyframes; so are those
        behind the last one where the file is cut off.

        Args:
            decoded: Ascending.
        """
        expected: NDArray[np.int64] = self.expected
        known = (
            self.damage
            and not self.untimed
            and self.codec in _ONE_PACKET_A_FRAME
            and bool(np.all(np.diff(expected) > 0))
            and bool(np.isin(decoded, expected).all())
        )
        if not known:
            return None
        cut = self.damage.corrupt or self.damage.read_error or self.stated_frames > self.total
        last = decoded[-1] if cut else expected[-1]
        within: NDArray[np.int64] = expected[(expected >= decoded[0]) & (expected <= last)]
        return within


def build_index(path: Path, ctx: Context | None = None) -> FrameIndex:
    """Build the index of a clip or an image.

    Args:
        path: The file.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled.
    """
    path, ctx = Path(path), ctx or Context()
    with steady(path):
        return _build_index(path, ctx)


def _build_index(path: Path, ctx: Context) -> FrameIndex:
    with MediaSource(path) as source:
        if source.is_image:
            return _image_index(source)
        packets = _read_packets(source, ctx)
    if packets.joined is not None:
        raise _joined(packets, *packets.joined)
    if packets.total * packets.pixels > DECODE_ALL_PIXELS and packets.orderly and ends_decode(path, packets):
        return _timed_index(packets, packets.expected, decoded=False)
    stamps, key_idx = _decode_whole(packets, ctx)
    if not stamps:
        raise nothing_decodes(path)
    timed = [pts for pts in stamps if pts is not None]
    if len(timed) < len(stamps):
        return _untimed_index(packets, len(stamps))
    in_order = _in_order(timed)
    whole = packets.with_lost(in_order) if packets.stamps_last else None
    if whole is not None:
        return _timed_index(packets, whole, decoded=True, came=len(in_order))
    index = _timed_index(packets, np.sort(np.array(timed, np.int64)), decoded=True)
    if packets.stamps_last and all(a < b for a, b in pairwise(timed)):
        return index
    anchored = packets.stamps_last and not packets.damage and len(key_idx) == len(index.keyframes)
    return replace(index, timed=False, anchors=np.array(key_idx if anchored else [], np.int64))


def packet_index(path: Path, ctx: Context | None = None) -> FrameIndex | None:
    """Build the index of an orderly clip from its packets alone, without decoding any of it.

    It is that of `build_index` unless the packets lie, which only decoding shows.

    Args:
        path: The file.
        ctx: Receives the progress, and can cancel.

    Returns:
        The index; None if the packets of this file cannot be trusted.

    Raises:
        UserError: The file cannot be read.
        Cancelled: The user cancelled.
    """
    with steady(path), MediaSource(path) as source:
        if source.is_image:
            return None
        packets = _read_packets(source, ctx or Context())
    if packets.joined is not None or not packets.orderly:
        return None
    return _timed_index(packets, packets.expected, decoded=False)


def _in_order(stamps: list[int]) -> NDArray[np.int64]:
    """Leave out frames that the decoder of a damaged stream brings after later ones, as `Cursor` does."""
    kept: list[int] = []
    for pts in stamps:
        if not kept or pts > kept[-1]:
            kept.append(pts)
    return np.array(kept, np.int64)


def _joined(packets: _Packets, newest: int, back: int) -> UserError:
    """Return what to tell of recordings joined end to end: two frames of one time cannot be told apart."""
    path, base = packets.path, packets.time_base or Fraction(1)
    return UserError(
        f"{path.name} is several recordings in one file: its clock goes back from {float(newest * base):.2f} s to "
        f"{float(back * base):.2f} s.",
        f"Give it one clock, for instance by: ffmpeg -i {path.name} -c copy {path.stem}-joined.mp4; or add them "
        "one by one.",
    )


def _image_index(source: MediaSource) -> FrameIndex:
    if next(decode(source, Damage()), None) is None:
        raise nothing_decodes(source.path)
    zero, note = np.zeros(1, np.int64), ""
    if not image_ends(source.path, source.head):
        note = f"{source.path.name} is cut off: the lower part of the picture is missing."
    return FrameIndex(
        pts=zero, keyframes=zero, time_base=Fraction(1), end_pts=0, timed=False, complete=not note, note=note
    )


def _read_packets(source: MediaSource, ctx: Context) -> _Packets:
    """Read every packet, of the sound too where the container states a duration to compare with."""
    stream, packets = source.stream, _Packets.of(source)
    streams = [stream, *source.container.streams.audio] if packets.formats & _STATED_DURATION else [stream]
    size = max(source.container.size, 1)
    try:
        for number, packet in enumerate(source.container.demux(*streams)):
            if number % 256 == 0:
                ctx.progress(min(packet.pos or 0, size), size, f"Reading {packets.path.name}")
            if not packet.size:
                continue
            if packet.pts is not None:
                packets.last_s = max(packets.last_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if packet.stream is stream:
                packets.add(packet)  # type: ignore[arg-type]  # it is one of the picture stream
    except (FFmpegError, OSError) as error:
        packets.damage.read_error = error.strerror or str(error)
    return packets


def ends_decode(path: Path, packets: _Packets) -> bool:
    """Return whether the first frames, and those from the last keyframe on, decode to exactly the times expected."""
    damage, expected = Damage(), packets.expected
    with MediaSource(path) as source:
        head = [frame_pts(frame) for frame in islice(decode(source, damage), HEAD_FRAMES)]
    if head != expected[:HEAD_FRAMES].tolist():
        return False
    # From one keyframe earlier: with gradual refresh a keyframe's own frames come out only when it was led up to.
    keys = sorted(packets.keyframes)
    entry, last_key = keys[max(len(keys) - 2, 0)], keys[-1]
    with MediaSource(path) as source:
        source.container.seek(entry, stream=source.stream)
        tail = [pts for frame in decode(source, damage) if (pts := frame_pts(frame)) is not None and pts >= last_key]
    return not damage and tail == expected[expected >= last_key].tolist()


def _decode_whole(packets: _Packets, ctx: Context) -> tuple[list[int | None], list[int]]:
    """Decode everything; with one thread where there are errors, so that it repeats.

    Returns:
        The frames' stamps in the decoder's order, and which of them are keyframes.
    """
    trials: tuple[Threads, ...] = ("NONE",) if packets.damage else ("AUTO", "NONE")
    stamps: list[int | None] = []
    key_idx: list[int] = []
    for threads in trials:
        damage, stamps, key_idx = Damage(), [], []
        with MediaSource(packets.path, threads=threads) as source:
            for frame in decode(source, damage):
                if frame.key_frame:
                    key_idx.append(len(stamps))
                stamps.append(frame_pts(frame))
                if len(stamps) % 32 == 0:
                    ctx.progress(len(stamps), max(packets.total, len(stamps)), f"Checking {packets.path.name}")
        if not damage:
            break
    packets.damage.packets += damage.packets
    packets.damage.read_error = packets.damage.read_error or damage.read_error
    return stamps, key_idx


def _timed_index(packets: _Packets, pts: NDArray[np.int64], *, decoded: bool, came: int | None = None) -> FrameIndex:
    if packets.time_base is None:
        raise nothing_decodes(packets.path)
    last, step = int(pts[-1]), int(np.median(np.diff(pts))) if len(pts) > 1 else 0
    end = packets.end_pts or last
    if end <= last or end > last + 10 * max(step, 1):
        end = last + step  # the last frame's duration is not stored, or the packets behind it did not decode
    note = packets.note(len(pts) if came is None else came)
    return FrameIndex(
        pts=pts,
        keyframes=np.unique(np.array(packets.keyframes, np.int64)) if packets.keyframes else pts[:1],
        time_base=packets.time_base,
        end_pts=end,
        decoded=decoded,
        fragile=bool(packets.damage) or not packets.stamps_last,
        complete=not note,
        note=note,
    )


def _untimed_index(packets: _Packets, count: int) -> FrameIndex:
    """Index a stream without time stamps: frames are counted on the clock its header states."""
    note = packets.note(count)
    return FrameIndex(
        pts=np.arange(count, dtype=np.int64),
        keyframes=np.zeros(1, np.int64),
        time_base=1 / packets.rate,
        end_pts=count,
        timed=False,
        fragile=bool(packets.damage) or not packets.stamps_last,
        complete=not note,
        note=note,
    )
