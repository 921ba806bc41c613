"""Opens a file with libav, chooses its picture stream, and decodes it in spite of damage."""

import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import av
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from app import held
from app.errors import UserError
from app.media.exif import MAX_HEADER, exif_orientation, jpeg_data_start
from app.media.pages import ICON, pages_of
from app.media.picture import Orientation, orientation_from_exif
from app.reach import within

Threads = Literal["AUTO", "NONE"]

_IMAGE_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*", ICON)
_HEIC_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_NOT_PICTURES: Final = frozenset({"tty", "bin", "xbin", "adf", "idf", "hls", "concat", "lavfi", "sdp", "dash"})
"""libav "formats" that draw text as pictures, or that are lists of other files."""

_CONVERT: Final = "Check the file, or convert it: MP4, MOV, MKV, WebM, AVI, JPEG and PNG files work."
_ALLOW: Final = "Give yourself the right to read the file, then try again."


def is_image_head(head: bytes) -> bool:
    """Return whether a file that begins with these bytes is a still picture."""
    if head.startswith(_IMAGE_MAGIC):
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    return head[4:8] == b"ftyp" and head[8:12] == b"avif"


def image_ends(path: Path, head: bytes) -> bool:
    """Return whether a JPEG or PNG file holds its end mark; other still pictures are taken to be whole."""
    if head.startswith(b"\x89PNG"):
        return b"IEND" in path.read_bytes()
    if head.startswith(b"\xff\xd8"):
        # Within picture data no end mark can occur; before it, a preview has one of its own.
        return path.read_bytes().find(b"\xff\xd9", jpeg_data_start(head)) >= 0
    return True


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file. A disk that does not answer is given up after a time limit.

    Raises:
        UserError: The file is missing, empty, a folder or not readable, or its disk does not answer.
    """
    return within(path, lambda: _read_head(path))


def _read_head(path: Path) -> bytes:
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise UserError(f"{name} is a folder.", "Choose the clips or images inside it.")
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device may never end
            raise UserError(f"{name} is a pipe or a device, not a file.", "Choose a clip or an image.")
        with path.open("rb") as file:
            head = file.read(MAX_HEADER)
    except FileNotFoundError:
        if path.is_symlink():
            raise UserError(
                f"{name} is a link to {os.readlink(path)}, which does not exist.",
                "Remove the link, or bring back the file that it leads to.",
            ) from None
        raise UserError(
            f"The file {path} does not exist.", "Check the path, or show where the file was moved to."
        ) from None
    except PermissionError:
        raise UserError(f"{name} may not be read.", _ALLOW) from None
    except OSError as error:
        raise UserError(
            f"{name} cannot be read: {error.strerror or error}.", "Check the disk or the network share that holds it."
        ) from None
    if not head:
        raise UserError(f"{name} is empty (0 bytes).", "Copy it again from where it came from.")
    return head


@dataclass
class Damage:
    """Counts of what went wrong while a stream was read. They never decrease.

    Attributes:
        packets: Packets the decoder refused.
        corrupt: Packets the demuxer marked as damaged.
        read_error: libav's message if reading stopped before the end of the file; empty otherwise.
    """

    packets: int = 0
    corrupt: int = 0
    read_error: str = ""

    def __bool__(self) -> bool:
        return bool(self.packets or self.corrupt or self.read_error)


class MediaSource:
    """An opened file and its picture stream; close it, or use it in a `with` block.

    Args:
        path: The file.
        threads: `AUTO` for speed; `NONE` where a damaged stream must decode the same way each time.
        hwaccel: A hardware decoder such as `cuda`, `vaapi`, `d3d11va` or `videotoolbox`; where it is not available, the
            software decodes and `hwaccel` is None.

    Attributes:
        container: libav's demuxer.
        stream: The picture stream.
        is_image: Whether the file is a still picture.
        exif: Orientation by EXIF for still pictures, None for clips.
        hwaccel: The hardware decoder in use, or None.

    Raises:
        UserError: The file is neither a clip nor an image that can be decoded.
    """

    def __init__(self, path: Path, *, threads: Threads = "AUTO", hwaccel: str | None = None) -> None:
        self.path = path
        self.head = read_head(path)
        self.is_image = is_image_head(self.head)
        self._pages = pages_of(path, self.head) if self.is_image else None
        if self._pages is not None and self._pages.several:
            self.is_image = False
        self.exif: Orientation | None = orientation_from_exif(exif_orientation(self.head)) if self.is_image else None
        self.hwaccel: str | None = None
        self.container = self._open(hwaccel)
        try:
            self.stream = choose_picture_stream(self.container, path)
        except BaseException:
            self.container.close()
            raise
        self.stream.codec_context.thread_type = threads

    def _open(self, hwaccel: str | None) -> InputContainer:
        if hwaccel is not None and not self.is_image:
            try:
                wish = HWAccel(hwaccel, allow_software_fallback=True)
                container = _open_container(self.path, self._bytes(), wish)
            except (FFmpegError, ValueError, OSError, NotImplementedError):
                pass  # no such device: PyAV raises in spite of the fallback it was allowed
            else:
                if container.streams.video and container.streams.video[0].codec_context.is_hwaccel:
                    self.hwaccel = hwaccel
                return container
        try:
            return _open_container(self.path, self._bytes(), None)
        except (FFmpegError, OSError, ValueError) as error:
            raise cannot_open(self.path, self.head, error) from error

    def _bytes(self) -> bytes | None:
        """Return what is opened in place of the file, None for the file itself.

        Pictures come as bytes, else a name such as `img%03d.jpg` is a pattern; libav then goes by content.
        """
        if self._pages is not None and self._pages.packed:
            return self._pages.packed
        return self.path.read_bytes() if self.is_image or self._pages is not None else None

    @property
    def codec(self) -> str:
        """The decoder's name in libav, or the name of the picture format whose pages were packed."""
        return self._pages.codec if self._pages is not None else self.stream.codec_context.name

    def close(self) -> None:
        """Close the file and the decoder."""
        self.container.close()

    def __enter__(self) -> "MediaSource":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _open_container(path: Path, data: bytes | None, hwaccel: HWAccel | None) -> InputContainer:
    if data is not None:
        return av.open(io.BytesIO(data), "r", metadata_errors="replace")
    held.refuse(path)  # libav opens files unseen
    # `file:` keeps libav from reading a protocol into the name.
    return av.open(f"file:{os.path.abspath(path)}", "r", metadata_errors="replace", hwaccel=hwaccel)


def cannot_open(path: Path, head: bytes, error: Exception) -> UserError:
    """Return the error that tells the user about a file that libav refused."""
    name = path.name
    if head[4:8] == b"ftyp" and not _has_moov(path):
        return UserError(
            f"{name} is cut off: its table of contents (moov) is missing.",
            "Copy or export it again; a recorder's repair tool may rescue the recording.",
        )
    if getattr(error, "errno", None) == 13:
        return UserError(f"{name} may not be read.", _ALLOW)
    return UserError(f"{name} is not a video or image that can be read.", _CONVERT)


def _has_moov(path: Path) -> bool:
    """Return whether the boxes of an MP4 file, walked at the top level, hold `moov` within the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + 8 <= size:
            file.seek(at)
            box = file.read(16)
            length = int.from_bytes(box[:4], "big")
            if box[4:8] == b"moov":
                return at + length <= size
            if length == 1:
                length = int.from_bytes(box[8:16], "big")
            if length < 8:
                return False
            at += length
    return False


def choose_picture_stream(container: InputContainer, path: Path) -> VideoStream:
    """Return the stream to show: libav's best one that is not a cover picture.

    Raises:
        UserError: The file has no such stream, or no decoder exists for it.
    """
    name, formats = path.name, set(container.format.name.split(","))
    streams = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if formats & _NOT_PICTURES or (not streams and not container.streams.audio):
        raise UserError(f"{name} is not a video or image that can be read.", _CONVERT)
    if not streams:
        raise UserError(f"{name} has sound but no picture.", "Choose a clip with a picture.")
    brand = read_brand(path)
    if brand in _HEIC_BRANDS and len(streams) > 1:
        raise UserError(f"{name} is a HEIC picture in tiles, which cannot be read.", "Save it as JPEG or PNG.")
    best = container.streams.best("video")
    stream = best if isinstance(best, VideoStream) and best in streams else streams[0]
    if stream.codec_context is None:
        raise UserError(f"{name} uses a video codec this program cannot decode.", "Convert it to H.264 in an MP4 file.")
    if not stream.width or not stream.height:
        raise nothing_decodes(path)
    return stream


def nothing_decodes(path: Path) -> UserError:
    """Return the error for a file without a single picture."""
    return UserError(
        f"{path.name} holds no frame that can be decoded.", "Copy it again, or convert it to H.264 in an MP4 file."
    )


def read_brand(path: Path) -> bytes:
    """Return the major brand of an ISO media file, or no bytes."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[8:12] if head[4:8] == b"ftyp" else b""


def decode(
    source: MediaSource, damage: Damage, on_packet: "Callable[[av.Packet[VideoStream]], bool] | None" = None
) -> Iterator[av.VideoFrame]:
    """Decode from the demuxer's present place to the end, in the decoder's order, and continue after damaged packets.

    Args:
        source: Opened file.
        damage: Receives the counts of what went wrong.
        on_packet: Called with every packet before it is decoded; a packet for which it returns False is left out.
    """
    stream = source.stream
    packets = source.container.demux(stream)
    alone = stream.codec_context.codec.intra_only
    try:
        while True:
            try:
                packet: av.Packet[VideoStream] | None = next(packets, None)
            except (FFmpegError, OSError) as error:
                damage.read_error = getattr(error, "strerror", None) or str(error)
                packet = None
            if packet is None:
                break
            if on_packet is not None and packet.size and not on_packet(packet):
                continue
            if packet.is_corrupt and alone:  # half a picture over whatever was in the memory before
                damage.packets += 1
                continue
            yield from _decode_packet(stream, packet, damage)
        if damage.read_error:  # the demuxer's own last, flushing packet did not come
            yield from _decode_packet(stream, None, damage)
    finally:
        packets.close()  # type: ignore[attr-defined]  # a generator, which PyAV types as an iterator


def _decode_packet(stream: VideoStream, packet: "av.Packet[VideoStream] | None", damage: Damage) -> list[av.VideoFrame]:
    try:
        return stream.decode(packet)
    except EOFError:
        return []
    except (FFmpegError, OSError):
        damage.packets += 1
        return []


def frame_pts(frame: av.VideoFrame) -> int | None:
    """Return a frame's time stamp in ticks; its decoding time where the container stores no presentation times."""
    return frame.pts if frame.pts is not None else frame.dts
