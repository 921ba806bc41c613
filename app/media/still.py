"""One picture of a clip without its index: the very first one, or one from somewhere within it."""

from pathlib import Path
from typing import Final

import av
import numpy as np
from av.error import FFmpegError

from app.domain.media import Frame, PixelFormat
from app.jobs import Context
from app.media.picture import Converter, orientation_of
from app.media.source import Damage, MediaSource, decode, frame_pts, nothing_decodes

_PATIENCE: Final = 300
"""Number of frames among which one must decode, so that a damaged clip does not take minutes."""


def first_picture(path: Path, format: PixelFormat = "bgra", ctx: Context | None = None) -> Frame:
    """Return the first picture of a clip or an image; only the beginning of the file is read.

    Raises:
        UserError: The file cannot be read, or its beginning does not decode.
        Cancelled: The user cancelled.
    """
    return still(path, 0.0, format, ctx)


def still(path: Path, share: float, format: PixelFormat = "bgra", ctx: Context | None = None) -> Frame:
    """Return the picture of the keyframe before a share of the clip's length, or the first one where that is unknown.

    It is decoded alone, with one thread. Its number is not known, so it stands as 0.

    Args:
        path: The clip or image.
        share: Place in the clip, 0–1.
        format: Pixel format.
        ctx: Can cancel.

    Raises:
        UserError: The file cannot be read, or nothing in it decodes.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    with MediaSource(path, threads="NONE") as source:
        ctx.check()
        if share > 0 and not source.is_image and source.container.duration:
            start = source.container.start_time or 0
            try:
                source.container.seek(start + round(share * source.container.duration))
            except (FFmpegError, OSError):
                pass
            else:
                found = _first(source, ctx)
                if found is not None:
                    return _frame(source, found, format)
    with MediaSource(path, threads="NONE") as source:
        found = _first(source, ctx)
        if found is None:
            raise nothing_decodes(path)
        return _frame(source, found, format)


def _first(source: MediaSource, ctx: Context) -> av.VideoFrame | None:
    packets = 0

    def more(_packet: object) -> bool:
        nonlocal packets
        packets += 1
        ctx.check()
        return packets <= _PATIENCE

    return next(decode(source, Damage(), more), None)


def _frame(source: MediaSource, found: av.VideoFrame, format: PixelFormat) -> Frame:
    exif = source.exif
    aspect = None if exif is not None else source.stream.sample_aspect_ratio
    converter = Converter(exif if exif is not None else orientation_of(found), aspect)
    pts, base = frame_pts(found) or 0, source.stream.time_base
    time_s = 0.0 if source.is_image or base is None else float(np.float64(pts * base.numerator) / base.denominator)
    return Frame(0, pts, time_s, converter.image(found, format))
