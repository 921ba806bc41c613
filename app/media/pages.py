"""Picture files with several pages or frames, and those that libav reads wrongly.

libav reads the first page of a TIFF file and the first, often smallest, size of an icon. It refuses animated WebP files
and TIFF files of fractions or 32-bit numbers, and shows JPEG-compressed TIFF files as black. Pillow reads all of them;
their pages are packed into a lossless clip in memory, so that whatever reads clips reads them too.
"""

import io
import threading
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from app.errors import UserError

if TYPE_CHECKING:
    from PIL import Image

PAGE_MS: Final = 1000
"""Milliseconds for which a page is shown where the file states no duration, as in TIFF."""

MAX_PIXELS: Final = 2_000_000_000
"""Largest number of pixels of all pages together; a file with more is a film rather than a picture."""

ICON: Final = b"\x00\x00\x01\x00"
"""First bytes of an icon, which holds one picture in several sizes."""

_TIFF: Final = (b"II*\x00", b"MM\x00*")
_TIFF_OF_LIBAV: Final = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16", "I;16B"})
"""Pillow's names of the kinds of pixels that libav reads in TIFF files, unless they are compressed as JPEG."""
_lock = threading.Lock()


class Pages(NamedTuple):
    """The pages of a picture file that is not one plain picture.

    Attributes:
        codec: Name of the picture format.
        several: Whether there is more than one page or frame.
        packed: The pages as a lossless clip in memory; empty where libav reads the file itself.
    """

    codec: str
    several: bool
    packed: bytes


def pages_of(path: Path, head: bytes) -> Pages | None:
    """Return the pages of a picture file, or None for one plain picture, which libav reads.

    Args:
        path: The file.
        head: Its first bytes.

    Raises:
        UserError: The pages together are too large, or one of them cannot be read.
    """
    if head.startswith(b"\x89PNG"):
        return Pages("apng", True, b"") if b"acTL" in head.partition(b"IDAT")[0] else None
    animated = head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and len(head) > 20 and head[20] & 2
    if not animated and not head.startswith((*_TIFF, ICON)):
        return None
    stat = path.stat()
    with _lock:  # two readers of one file do not pack it twice
        return _packed(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _packed(path: Path, _mtime_ns: int, _size: int) -> Pages | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            several = getattr(picture, "n_frames", 1) > 1
            if not several and picture.format == "TIFF" and _plain(picture):
                return None
            pixels = picture.width * picture.height * getattr(picture, "n_frames", 1)
            if pixels > MAX_PIXELS:
                raise UserError(
                    f"{path.name} has {getattr(picture, 'n_frames', 1)} pages, too many to unpack.",
                    "Convert it to a video, such as H.264 in an MP4 file.",
                )
            return Pages((picture.format or "picture").lower(), several, _clip(_frames(picture, several)))
    except UnidentifiedImageError:
        return None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UserError(f"{path.name} has a page that cannot be read: {error}.", "Export the picture again.") from error


def _plain(picture: "Image.Image") -> bool:
    """Return whether libav reads a TIFF file of one page."""
    return picture.mode in _TIFF_OF_LIBAV and "jpeg" not in str(picture.info.get("compression", ""))


def _frames(picture: "Image.Image", several: bool) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Yield each page, uint8 rows × columns × 3 RGB, and for how long it is shown, in milliseconds."""
    from PIL import ImageOps, ImageSequence

    for page in ImageSequence.Iterator(picture):
        page.load()  # a WebP frame tells its duration only then
        duration_ms = round(float(page.info.get("duration") or 0)) or PAGE_MS
        # The orientation of a single picture is applied by whoever displays it.
        yield _rgb(ImageOps.exif_transpose(page) if several else page), duration_ms


def _rgb(page: "Image.Image") -> NDArray[np.uint8]:
    if page.mode.startswith("I;16"):
        grey = np.asarray(page).astype(np.uint16) >> 8
    elif page.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(page, dtype=np.float64))
        white = 65535.0 if page.mode == "I" else 1.0 if values.max(initial=0.0) <= 1 else 255.0
        grey = np.clip(values * (255 / white), 0, 255).astype(np.uint16)
    else:
        return np.asarray(page.convert("RGB"), dtype=np.uint8)
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


def _clip(frames: Iterator[tuple[NDArray[np.uint8], int]]) -> bytes:
    """Pack pages losslessly; a page of another size than the first is centred in a black one of that size."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="matroska") as container:
        stream = container.add_stream("ffv1", rate=1000, options={"g": "1", "level": "3"})
        stream.pix_fmt, stream.time_base = "bgr0", Fraction(1, 1000)
        at_ms = 0
        durations: list[int] = []
        for image, duration_ms in frames:
            if not durations:
                stream.height, stream.width = image.shape[:2]
            fitted = _fitted(image, stream.height, stream.width)
            frame = av.VideoFrame.from_ndarray(fitted, "rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            durations.append(duration_ms)
            at_ms += duration_ms
            _mux(container, stream.encode(frame), durations)
        _mux(container, stream.encode(None), durations)
    return memory.getvalue()


def _mux(
    container: "av.container.OutputContainer", packets: "list[av.Packet[av.VideoStream]]", durations: list[int]
) -> None:
    for packet in packets:
        packet.duration = durations[-1]
        container.mux(packet)


def _fitted(image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    if image.shape[:2] == (height, width):
        return np.ascontiguousarray(image)
    sheet = np.zeros((height, width, 3), np.uint8)
    rows, columns = min(height, image.shape[0]), min(width, image.shape[1])
    top, left = (height - rows) // 2, (width - columns) // 2
    sheet[top : top + rows, left : left + columns] = image[:rows, :columns]
    return sheet
