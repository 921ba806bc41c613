"""Reads the facts of a file, and the fingerprint by which it is found again."""

from pathlib import Path

from app.domain.media import MediaInfo
from app.files import sha256_of
from app.jobs import Context
from app.media.reader import VideoReader
from app.media.source import Damage, MediaSource, decode, frame_pts, read_head
from app.media.steady import steady


def probe(path: Path | str, ctx: Context | None = None) -> MediaInfo:
    """Read a clip's or an image's facts; the number of frames is counted, not taken from the container.

    Whoever needs frames as well should open a `VideoReader`, which has the same `info` and keeps the index.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled.
    """
    with VideoReader(path, ctx=ctx) as reader:
        return reader.info


def media_hash(path: Path | str, ctx: Context | None = None) -> str:
    """Return the SHA-256 of the file's bytes in hexadecimal, by which a clip is known wherever it lies.

    Raises:
        UserError: The file is missing, empty, a folder, or may not be read.
        Cancelled: The user cancelled.
    """
    path, ctx = Path(path), ctx or Context()
    read_head(path)
    total = path.stat().st_size
    with steady(path):
        return sha256_of(path, lambda done: ctx.progress(done, max(total, done), f"Fingerprint of {path.name}"))


def first_time_s(path: Path | str) -> float:
    """Return the time of a clip's first frame on its own clock, in seconds; only the beginning of the file is read.

    Raises:
        UserError: The file cannot be read, or nothing in it decodes.
    """
    with MediaSource(Path(path)) as source:
        if source.is_image or source.stream.time_base is None:
            return 0.0
        frame = next(decode(source, Damage()), None)
        pts = None if frame is None else frame_pts(frame)
        return 0.0 if pts is None else float(pts * source.stream.time_base)
