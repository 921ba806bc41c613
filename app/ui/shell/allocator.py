"""Keeps glibc's allocator from holding on to memory that nothing uses any more."""

import ctypes
import sys
from typing import Final

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
M_ARENA_MAX: Final = -8
"""Numbers of settings in glibc's `malloc.h`."""

ARENAS: Final = 2
"""Places from which threads take memory. By default there are eight for each core, and each keeps the free memory at
its end: decoders, which begin new threads for every clip, leave some in all of them."""
KEPT_BYTES: Final = 16 << 20
"""Free bytes at the end of a place that are kept; by default that grows to 64 MiB."""
LARGE_BYTES: Final = 32 << 20
"""From this size on, memory is taken from the system and given back at once. Pictures are smaller: those of the next
frame take the place of those before it, which is much faster than new pages for each."""


def limit_arenas() -> bool:
    """Set up the allocator, before threads begin; return whether it is glibc's."""
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library
        return False
    wanted = ((M_ARENA_MAX, ARENAS), (M_MMAP_THRESHOLD, LARGE_BYTES), (M_TRIM_THRESHOLD, KEPT_BYTES))
    return all(mallopt(setting, value) == 1 for setting, value in wanted)
