"""Files that SQLite holds open in this process, which no other code in it may open and close meanwhile.

On POSIX systems closing *any* descriptor of a file drops *all* advisory locks that the process has on it, SQLite's too
(https://www.sqlite.org/howtocorrupt.html, section 2.2). The next program to close the project then believes that it is
the last one and deletes the write-ahead log under us; what is confirmed after that lies in a file without a name.

Every attempt to open such a file in Python is stopped here (`sys.addaudithook`). Libraries in C open files unnoticed:
code that passes them a path of the user calls `refuse` first.
"""

import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from app.errors import UserError

Key: TypeAlias = tuple[int, int]
"""Device and inode: the file itself, whatever it is called."""
LOG: Final = "-wal"
INDEX: Final = "-shm"
_BESIDE: Final = (LOG, INDEX, "-journal")
_held: Final[Counter[Key]] = Counter()
_reading: Final[Counter[Key]] = Counter()
"""Files that are being read in another way than through SQLite now; a connection to one waits until that is over."""
_lock: Final = threading.RLock()
_turn: Final = threading.Condition(_lock)
_watching = False


class FileState(NamedTuple):
    """The file at a path.

    Attributes:
        key: The file's device and inode.
        size: Its length in bytes.
    """

    key: Key
    size: int


def place(path: str | Path) -> FileState | None:
    """Return the file that is now at a path; None if there is none or it cannot be examined."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return FileState((status.st_dev, status.st_ino), status.st_size)


def is_gone(path: str | Path) -> bool:
    """Return whether there is no file at a path; False if it cannot be examined, as on a share that does not answer."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        pass
    return False


def hold(path: Path) -> Key | None:
    """Count a file as held until `release`, and return its key; None if it does not exist."""
    global _watching
    with _lock:
        found = place(path)
        if found is None:
            return None
        _turn.wait_for(lambda: found.key not in _reading)
        _held[found.key] += 1
        if not _watching:
            _watching = True
            sys.addaudithook(_on_event)
        return found.key


def release(key: Key) -> None:
    """Release a file."""
    with _lock:
        _held[key] -= 1
        if _held[key] <= 0:
            del _held[key]


def is_held(path: str | Path) -> bool:
    """Return whether a path leads to an open project, or to a file that SQLite keeps beside one."""
    if not _held:
        return False
    found = place(path)
    if found is not None and found.key in _held:
        return True
    name = os.fspath(path)
    for ending in _BESIDE:
        if name.endswith(ending):
            whole = place(name[: -len(ending)])
            return whole is not None and whole.key in _held
    return False


def refuse(path: str | Path) -> None:
    """Refuse to open a file other than through SQLite if it is an open project.

    Raises:
        UserError: It is an open project.
    """
    if is_held(path):
        raise UserError(
            f"{os.fspath(path)} is a project that is open in this program.", "Choose another file, or close it first."
        )


@contextmanager
def nobody_connects(path: Path) -> Iterator[bool]:
    """Prevent connections to a file in this process during the block; yield whether it may be opened in another way.

    Raises:
        OSError: The file cannot be examined.
    """
    status = os.stat(path)
    key = (status.st_dev, status.st_ino)
    with _lock:
        free = key not in _held
        if free:
            _reading[key] += 1
    try:
        yield free
    finally:
        with _turn:
            if free:
                _reading[key] -= 1
                if _reading[key] <= 0:
                    del _reading[key]
                _turn.notify_all()


def _on_event(event: str, args: tuple[Any, ...]) -> None:
    """Raise an error before Python does something that is refused; Python announces everything that it does."""
    if event == "open" and _held and isinstance(args[0], str | bytes):
        refuse(os.fsdecode(args[0]))
