"""Reads the EXIF orientation of image files, because libav does not tell mirrored pictures from turned ones."""

import struct
from collections.abc import Iterator
from typing import Final

MAX_HEADER: Final = 1 << 20
"""Number of bytes that are read of a file; the orientation stands near its beginning."""

_ORIENTATION_TAG: Final = 0x0112


def exif_orientation(head: bytes) -> int:
    """Return the EXIF orientation (1–8) of a JPEG, PNG, WebP or TIFF; 1 where it has none or it is damaged.

    Args:
        head: The file's first bytes, up to `MAX_HEADER`.
    """
    try:
        blob = _exif_blob(head)
        value = _orientation(blob) if blob is not None else 1
    except (struct.error, IndexError):
        return 1
    return value if 1 <= value <= 8 else 1


def _exif_blob(head: bytes) -> bytes | None:
    if head[:2] == b"\xff\xd8":
        return _jpeg_blob(head)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return _chunk(head, start=8, tag=b"eXIf", size_first=True, order=">")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        blob = _chunk(head, start=12, tag=b"EXIF", size_first=False, order="<")
        return blob.removeprefix(b"Exif\x00\x00") if blob is not None else None
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return head
    return None


def jpeg_data_start(head: bytes) -> int:
    """Return where the picture data of a JPEG begins, behind all headers and the preview in them."""
    return max((at for _, at, _ in _jpeg_segments(head)), default=2)


def _jpeg_segments(head: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, place and size of the segments up to and with the start of the picture data."""
    at, marker = 2, 0
    while marker != 0xDA and at + 4 <= len(head) and head[at] == 0xFF:
        marker, size = head[at + 1], struct.unpack_from(">H", head, at + 2)[0]
        yield marker, at, size
        at += 2 + size


def _jpeg_blob(head: bytes) -> bytes | None:
    for marker, at, size in _jpeg_segments(head):
        if marker == 0xE1 and head[at + 4 : at + 10] == b"Exif\x00\x00":
            return head[at + 10 : at + 2 + size]
    return None


def _chunk(head: bytes, *, start: int, tag: bytes, size_first: bool, order: str) -> bytes | None:
    at = start
    while at + 8 <= len(head):
        if size_first:
            size, name = struct.unpack_from(f"{order}I", head, at)[0], head[at + 4 : at + 8]
            step = 12 + size  # a check sum follows
        else:
            name, size = head[at : at + 4], struct.unpack_from(f"{order}I", head, at + 4)[0]
            step = 8 + size + size % 2
        if name == tag:
            return head[at + 8 : at + 8 + size]
        at += step
    return None


def _orientation(tiff: bytes) -> int:
    order = "<" if tiff[:2] == b"II" else ">"
    at = struct.unpack_from(f"{order}I", tiff, 4)[0]
    count = struct.unpack_from(f"{order}H", tiff, at)[0]
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        if struct.unpack_from(f"{order}H", tiff, entry)[0] == _ORIENTATION_TAG:
            return int(struct.unpack_from(f"{order}H", tiff, entry + 8)[0])
    return 1
