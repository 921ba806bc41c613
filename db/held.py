"""Connections that keep their file as held (`app.held`) and notice when another file has taken its place."""

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from app import held
from app.errors import ProjectLost, UserError

_TODO: Final = "Nothing more can be saved in it until it is opened again; put its file back first if it is not there."


class HeldConnection(sqlite3.Connection):
    """A connection whose file counts as held until it is closed. It knows which files it was opened on."""

    durable = True
    """Whether its commits wait for the disk; see `db.engine.set_durable`."""
    _file: held.Key | None = None
    _path: Path | None = None
    _files: tuple[str, ...] = ()
    _seen: tuple[held.FileState | None, ...] = ()

    def hold(self, path: Path, key: held.Key) -> None:
        """Count this connection's file as held."""
        self._path, self._file = path, key

    def remember(self) -> None:
        """Remember the project, its log and the log's index as they stand now; the log must be in use."""
        if self._path is not None:
            self._files = _three(self._path)
            self._seen = tuple(held.place(file) for file in self._files)

    def check_place(self) -> None:
        """Make sure that commits go into the files that others find under the project's name.

        Raises:
            ProjectLost: The project was moved, removed or replaced, or its log was.
            UserError: The file cannot be examined, as on a share that is disconnected for a moment.
        """
        if self._path is None or not self._seen or self._stands():
            return
        now = tuple(held.place(file) for file in self._files)
        for before, after, what in zip(self._seen, now, _words(self._path), strict=True):
            if before is not None and (after is None or after.key != before.key):
                raise _lost(self._path, what, after)
        (before, *_), (after, *_) = self._seen, now
        if before is not None and after is not None and after.size < before.size:
            raise ProjectLost(f"The project {self._path} was cut off while it was open.", _TODO)
        self._seen = now

    def _stands(self) -> bool:
        """Whether the files are evidently still the same. It is called twice in each commit and therefore quick."""
        try:
            for number, file in enumerate(self._files):
                now, seen = os.stat(file), self._seen[number]
                if seen is None or now.st_ino != seen.key[1] or now.st_dev != seen.key[0]:
                    return False
                if number == 0 and now.st_size != seen.size:
                    return False
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close the connection, then release the file."""
        super().close()
        self._free()

    def __del__(self) -> None:
        """Release the file of a connection that nobody closed; SQLite has closed it."""
        self._free()

    def _free(self) -> None:
        # A finaliser may run while this very thread holds the lock, so that one can be taken twice.
        key, self._file = self._file, None
        if key is not None:
            held.release(key)


def check_opened(path: Path, opened: held.FileState | None) -> None:
    """Make sure, before anything is written, that the same file is still in its place.

    Raises:
        ProjectLost: Another file, or none, is in its place.
        UserError: The file cannot be examined.
    """
    now = held.place(path)
    if opened is not None and (now is None or now.key != opened.key):
        raise _lost(path, _words(path)[0], now)


def _lost(path: Path, what: str, now: held.FileState | None) -> UserError:
    """Return what is wrong where a file is not the one that it was: it is gone, or it only does not answer."""
    if now is not None or any(held.is_gone(file) for file in _three(path)):
        return ProjectLost(what, _TODO)
    return UserError(f"The project {path} cannot be reached.", "Check that its disk is connected, then try again.")


def _three(path: Path) -> tuple[str, str, str]:
    return str(path), f"{path}{held.LOG}", f"{path}{held.INDEX}"


def _words(path: Path) -> tuple[str, str, str]:
    log = f"The log of the project {path} was removed or replaced while it was open."
    return f"The project {path} was moved, deleted or replaced while it was open.", log, log


def connect(path: Path, database: str, **how: Any) -> HeldConnection:
    """Connect to a file and count it as held.

    Args:
        path: The file; it must exist.
        database: The same file as a URI of SQLite.
        how: Further arguments of `sqlite3.connect`.

    Raises:
        sqlite3.Error: The file cannot be opened.
    """
    key = held.hold(path)
    if key is None:
        return HeldConnection(database, uri=True, **how)  # SQLite says what is wrong with it
    try:
        connection = HeldConnection(database, uri=True, **how)
    except BaseException:
        held.release(key)
        raise
    connection.hold(path, key)
    return connection
