"""Finds the beginning of a clip's own clock."""

import os
from functools import lru_cache
from pathlib import Path

from app.errors import UserError
from app.media.probe import first_time_s
from app.reach import within


def begins_s(path: Path) -> float:
    """Return the time of a clip's first frame on its own clock in seconds; 0 if the file cannot be read.

    The beginning of the file is read once, and again only after the file has changed.
    """
    try:
        state = within(path, lambda: os.stat(path))
    except (OSError, UserError):
        return 0.0
    return _asked(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4096)
def _asked(path: Path, _size: int, _changed: int) -> float:
    try:
        return first_time_s(path)
    except UserError:
        return 0.0
