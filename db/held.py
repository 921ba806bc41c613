"""Files that this process holds open through SQLite, which nothing else in it may open and close meanwhile.

On POSIX systems closing *any* descriptor of a file drops *all* advisory locks that the process has on it, SQLite's too
(https://www.sqlite.org/howtocorrupt.html, section 2.2). The next program to close the project then takes itself for the
last one and deletes the write-ahead log under us: "disk I/O error" here, and what was written meanwhile may be lost.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

_Key: TypeAlias = tuple[int, int]
_held: Final[Counter[_Key]] = Counter()
_lock: Final = threading.RLock()


def _key(path: Path) -> _Key:
    """The file itself, whatever it is called."""
    status = path.stat()
    return status.st_dev, status.st_ino


class HeldConnection(sqlite3.Connection):
    """A connection whose file counts as held until it is closed."""

    _file: _Key | None = None

    def hold(self, key: _Key) -> None:
        """Count this connection's file as held."""
        self._file = key

    def close(self) -> None:
        """Close, then give the file free."""
        super().close()
        self._free()

    def __del__(self) -> None:
        """A connection that was lost is closed by SQLite."""
        self._free()

    def _free(self) -> None:
        # A finaliser may run while this very thread holds the lock, so that one can be taken twice.
        key, self._file = self._file, None
        if key is not None:
            with _lock:
                _held[key] -= 1


def connect(path: Path, database: str, **how: Any) -> sqlite3.Connection:
    """Connect to a file and count it as held.

    Args:
        path: The file; it must exist.
        database: The same for SQLite, as a URI.
        how: Further arguments of `sqlite3.connect`.

    Raises:
        sqlite3.Error: It cannot be opened.
    """
    with _lock:
        try:
            key = _key(path)
        except OSError:
            return HeldConnection(database, uri=True, **how)  # SQLite says what is wrong with it
        _held[key] += 1
        try:
            connection = HeldConnection(database, uri=True, **how)
        except BaseException:
            _held[key] -= 1
            raise
        connection.hold(key)
        return connection


@contextmanager
def nobody_connects(path: Path) -> Iterator[bool]:
    """While this lasts no connection of this process begins; says whether the file may be opened in another way.

    Raises:
        OSError: The file cannot be looked at.
    """
    with _lock:
        yield not _held[_key(path)]
