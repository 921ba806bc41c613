"""Locks between programs, which the system releases when a program ends for any reason."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o600
_AGAIN_S: Final = 0.02


def lock(handle: int) -> None:
    """Lock an open file for this process; the system releases it when the handle closes or the process ends.

    Raises:
        OSError: Another handle holds the lock.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(place: Path, wait_s: float) -> Iterator[None]:
    """Keep other programs that use the same lock waiting while the block runs.

    Args:
        place: The file that is locked. It and its folder are made if they are missing, and stay.
        wait_s: How long another program is waited for, in seconds.

    Raises:
        OSError: The file cannot be made, or another program holds it for too long.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_RDWR | os.O_CREAT, _PRIVATE)
    try:
        until_s = time.monotonic() + wait_s
        while True:
            try:
                lock(handle)
                break
            except OSError:
                if time.monotonic() > until_s:
                    raise
                time.sleep(_AGAIN_S)
        yield
    finally:
        os.close(handle)
