"""Opens clips with a stored frame index, so that a clip is read whole once and not at every opening."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.jobs import Context
from app.paths import data_dir

if TYPE_CHECKING:
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
    from app.media.index_cache import cached_index
    from app.media.reader import VideoReader

    with _guard:
        lock = _locks.setdefault(path.absolute(), threading.Lock())
    with lock:
        index = cached_index(path, data_dir() / "cache", ctx)
    return VideoReader(path, index=index, ctx=ctx, cache_bytes=memory_bytes)
