"""The openings of projects, which tell leftovers of a crash from the present work of a colleague."""

import os
import socket
import threading
import uuid
from functools import cache
from typing import Final

import psutil

_open: Final[set[str]] = set()
_lock: Final = threading.Lock()


@cache
def _process() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{psutil.Process().create_time():.2f}"


def register() -> str:
    """Make a name for one opening of a project, from host, process, its start and a running number."""
    owner = f"{_process()}/{uuid.uuid4().hex}"
    with _lock:
        _open.add(owner)
    return owner


def unregister(owner: str) -> None:
    """Note that the project was closed."""
    with _lock:
        _open.discard(owner)


def is_here(owner: str) -> bool:
    """Return whether an opening was made on this machine."""
    return owner.rsplit("/", 3)[0] == socket.gethostname()


def alive(owner: str) -> bool:
    """Return whether an opening still lasts.

    A write-ahead log keeps other hosts out, so an opening on another host has ended.
    """
    with _lock:
        if owner in _open:
            return True
    try:
        host, number, started, _ = owner.rsplit("/", 3)
        if host != socket.gethostname() or int(number) == os.getpid():
            return False
        return abs(psutil.Process(int(number)).create_time() - float(started)) < 1.0
    except (ValueError, psutil.Error):
        return False
