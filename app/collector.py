"""Pauses of Python's search for cycles of objects, for work that makes millions of objects without cycles."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_pauses = 0


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause the search for cycles, which reads every object again and again while their number grows.

    Objects are still freed when nothing refers to them. Blocks may overlap, in several threads, too: the search goes on
    at the end of the last one, if it was on before the first.
    """
    global _pauses
    with _lock:
        _pauses += 1 if _pauses or gc.isenabled() else 0
        mine = _pauses > 0
        if mine:
            gc.disable()
    try:
        yield
    finally:
        with _lock:
            if mine:
                _pauses -= 1
                if not _pauses:
                    gc.enable()
