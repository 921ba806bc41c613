"""A folder that stops to answer, as a network share does that is gone: whoever looks into it waits until it is back."""

import builtins
import io
import os
import threading
from contextlib import contextmanager
from pathlib import Path

import av

from app import reach


class DeadDisk:
    """What becomes of calls about one folder.

    Args:
        folder: The folder; it answers until `die`.

    Attributes:
        asked: How many calls have waited or wait.
        waiting: Threads that wait now.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._back = threading.Event()
        self._back.set()
        self.asked = 0
        self.waiting: set[int] = set()

    def die(self) -> None:
        """Answer no more."""
        self._back.clear()

    def answer(self) -> None:
        """Answer again: whoever waits goes on."""
        self._back.set()

    def wait(self, path: object) -> None:
        """Wait as long as the folder that a path lies in does not answer."""
        if not isinstance(path, str | bytes | os.PathLike) or self._back.is_set():
            return
        if os.fsdecode(path).removeprefix("file:").startswith(self._folder):
            self.asked += 1
            self.waiting.add(threading.get_ident())
            self._back.wait()
            self.waiting.discard(threading.get_ident())


@contextmanager
def dead_disk(monkeypatch, folder):
    """A folder that can be made to hang, for all of Python and for libav; it answers again at the end."""
    disk = DeadDisk(folder)
    monkeypatch.setattr(reach, "GLANCE_S", 0.5)
    for where, name in (
        (os, "stat"), (os, "lstat"), (os, "open"), (os, "scandir"), (os, "listdir"), (os, "access"),
        (io, "open"), (builtins, "open"), (av, "open"),
    ):  # fmt: skip
        monkeypatch.setattr(where, name, _waiting(disk, getattr(where, name)))
    try:
        yield disk
    finally:
        disk.answer()
        monkeypatch.undo()


def _waiting(disk, real):
    def call(path, *words, **named):
        disk.wait(path)
        return real(path, *words, **named)

    return call
