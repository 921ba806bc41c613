"""Opens clips with a stored frame index, so that a clip is read whole once and not at every opening."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.errors import UserError
from app.jobs import Context
from app.paths import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.media import Frame
    from app.media.frame_index import FrameIndex
    from app.media.reader import VideoReader

_locks: dict[Path, threading.Lock] = {}
_guard: Final = threading.Lock()


def open_reader(path: Path, ctx: Context, memory_bytes: int = 256 << 20) -> "VideoReader":
    """Open a clip. Two callers that open the same clip at once read it whole only once.

    Args:
        path: The clip or image.
        ctx: Can cancel.
        memory_bytes: Greatest number of bytes of decoded frames that the reader holds.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled.
    """
    from app.media.reader import VideoReader

    index = full_index(path, ctx)
    return VideoReader(path, index=index, ctx=ctx, cache_bytes=memory_bytes)


def full_index(path: Path, ctx: Context) -> "FrameIndex":
    """Return a clip's index, checked by decoding, from the cache or into it.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled.
    """
    from app.media.index_cache import cached_index

    with _guard:
        lock = _locks.setdefault(path.absolute(), threading.Lock())
    with lock:
        return cached_index(path, data_dir() / "cache", ctx)


@dataclass(frozen=True, eq=False)
class OpenedClip:
    """A clip that was opened for looking at it.

    Attributes:
        reader: The clip.
        checked: Whether its index was checked by decoding. `full_index` does that, and may find another one.
    """

    reader: "VideoReader"
    checked: bool


def open_at_once(
    path: Path, ctx: Context, memory_bytes: int, on_picture: "Callable[[Frame], None] | None" = None
) -> OpenedClip:
    """Open a clip without waiting for its index to be checked by decoding, if its packets look orderly.

    Args:
        path: The clip or image.
        ctx: Can cancel.
        memory_bytes: Greatest number of bytes of decoded frames that the reader holds.
        on_picture: Receives the first picture in this thread before the clip is read through, if that is necessary.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled.
    """
    from app.media.index import packet_index
    from app.media.index_cache import kept_index
    from app.media.reader import VideoReader
    from app.media.still import first_picture

    index = kept_index(path, data_dir() / "cache")
    checked = index is not None
    if index is None:
        if on_picture is not None:
            with suppress(UserError):  # told by whoever reads the clip through
                on_picture(first_picture(path, "bgra", ctx))
        index = packet_index(path, ctx)
    if index is None:
        index, checked = full_index(path, ctx), True
    return OpenedClip(VideoReader(path, index=index, ctx=ctx, cache_bytes=memory_bytes), checked)
