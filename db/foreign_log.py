"""Finds a write-ahead log that lies beside a file that it does not belong to, before SQLite reads it.

Nothing in a file says which log is its own: SQLite copies the pages of any whole log that lies beside a file into it.
If another file takes the place of a project that is open, and the program that had it open is killed, the log of the
old project is left beside the new file, and the next opening would destroy that file. Such a log is put aside instead.

Before its first commit, each opening notes itself in the file (`db.presence`), with the file's inode. Therefore a log
belongs to a file that names such an opening of itself. It also belongs to it if the note is still in the log, as after
a crash at the very beginning, or if a page of the log is in the file already, as after a crash while the log was being
copied. Where neither can be known (the file was copied or moved together with its log, or comes from a version that
made no such notes), the log is tried on a copy of the file.
"""

import json
import os
import shutil
import sqlite3
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app import held
from app.errors import UserError
from db import broken_log, files, presence

KEPT: Final = ".log-of-another-file-"
"""Part of the name under which such a log is kept beside the file."""
_NOTED_SINCE: Final = 5
"""Number of the migration from which on every opening is noted in the file."""
_VERSION: Final = slice(60, 64)
"""Place of `user_version` in a file of SQLite."""
_HEADER: Final = struct.Struct(">8I")
_FRAME: Final = struct.Struct(">6I")
_ALIVE: Final = 128
"""The byte of a log's index that SQLite keeps locked while anybody uses the log (`UNIX_SHM_DMS`)."""


class Doubtful(Exception):
    """Only a trial on a copy can tell whether a log is the file's own, which takes long with large files."""


@dataclass(frozen=True)
class ForeignLog:
    """A log of another file, which was put aside.

    Attributes:
        commits: The number of commits in it.
        kept: The place where it is kept.
    """

    commits: int
    kept: Path


@dataclass(frozen=True)
class _Pages:
    """The pages of a log as its last commit left them.

    Attributes:
        commits: The number of commits.
        size: Length of a page in bytes.
        last: Place in the log of the last state of each page, by the page's number.
    """

    commits: int
    size: int
    last: dict[int, int]


def look(path: Path, *, trial: bool = True) -> ForeignLog | None:
    """Look at the log beside a project before it is opened, and put it aside if it belongs to another file.

    Args:
        path: The project's file. While this process has it open nothing is read (`app.held`).
        trial: Whether to try the log on a copy of the file where nothing else can tell.

    Returns:
        The log that was put aside; None where there is none, or where it is the file's own.

    Raises:
        Doubtful: A trial is needed, and `trial` is off.
        UserError: Another program still uses the log, or the log cannot be read or put aside.
    """
    log, index = files.beside(path)
    try:
        with held.nobody_connects(path) as free:
            if not free or not log.exists() or not files.can_write(path):
                return None
            pages = _pages(log)
            if not pages.commits or _belongs(path, log, pages, trial=trial):
                return None
            with _nobody_uses(path, index):
                kept = broken_log.keep(log, path, KEPT)
                log.unlink()
                index.unlink(missing_ok=True)
                files.sync_folder(path.parent)
            return ForeignLog(pages.commits, kept)
    except FileNotFoundError:  # another program has just closed the project, or put the log aside
        return None
    except OSError as error:
        raise UserError(
            f"The log beside {path} belongs to another file, and cannot be read or put aside: {error.strerror}.",
            "Close other programs that have the project open, check that its disk works and has some space, and open "
            "it again.",
        ) from error


def _pages(log: Path) -> _Pages:
    commits, last, waiting = 0, dict[int, int](), dict[int, int]()
    with log.open("rb") as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return _Pages(0, 0, last)
        _, _, size, _, *salts, _, _ = _HEADER.unpack(head)
        at = _HEADER.size
        while len(frame := file.read(_FRAME.size)) == _FRAME.size:
            page, pages, salt1, salt2, _, _ = _FRAME.unpack(frame)
            if [salt1, salt2] != salts:
                break  # what is left of an older part of the log
            waiting[page] = at + _FRAME.size
            if pages:
                last |= waiting
                waiting, commits = {}, commits + 1
            at = file.seek(size, os.SEEK_CUR)
    return _Pages(commits, size, last)


def _belongs(path: Path, log: Path, pages: _Pages, *, trial: bool) -> bool:
    """Return whether a log is the file's own, as far as that can be known."""
    inode = path.stat().st_ino
    try:
        noted = _noted(path)
    except sqlite3.Error:  # half of a page was copied, as after a crash: the log has the other half
        return True
    if any(one.inode == inode for one in noted):
        return True
    with path.open("rb") as file:
        version = int.from_bytes(file.read(_HEADER.size * 4)[_VERSION], "big")
    if noted or version < _NOTED_SINCE:
        if not trial:
            raise Doubtful
        return _fits(path, log)
    return _says(log, pages, inode) or _copied_already(path, log, pages)


def _noted(path: Path) -> list[presence.Presence]:
    """Return the openings that are noted in the file itself, without its log."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as alone:
        return presence.every(alone)


def _says(log: Path, pages: _Pages, inode: int) -> bool:
    """Return whether a log holds the note of an opening of the file with this inode."""
    wanted = json.dumps({"inode": inode})[1:-1].encode()
    with log.open("rb") as source:
        for place in pages.last.values():
            source.seek(place)
            page = source.read(pages.size)
            if any(page.startswith((b",", b"}"), at + len(wanted)) for at in _places(page, wanted)):
                return True
    return False


def _places(page: bytes, wanted: bytes) -> Iterator[int]:
    at = page.find(wanted)
    while at >= 0:
        yield at
        at = page.find(wanted, at + 1)


def _copied_already(path: Path, log: Path, pages: _Pages) -> bool:
    """Return whether the file has a page as the log has it."""
    with path.open("rb") as file, log.open("rb") as source:
        for page, place in sorted(pages.last.items()):
            source.seek(place)
            file.seek((page - 1) * pages.size)
            if source.read(pages.size) == file.read(pages.size):
                return True
    return False


def _fits(path: Path, log: Path) -> bool:
    """Return whether a file and a log make a sound database together; True where this cannot be tried."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copyfile(path, copy)
            shutil.copyfile(log, files.beside(copy)[0])
            with closing(sqlite3.connect(copy)) as both:
                sound = both.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
                return sound and both.execute("PRAGMA foreign_key_check").fetchone() is None
    except sqlite3.Error:
        return False
    except OSError:
        return True


@contextmanager
def _nobody_uses(path: Path, index: Path) -> Iterator[None]:
    """Make sure that no program uses the log, and prevent it during the block.

    Raises:
        UserError: A program uses it.
    """
    if sys.platform == "win32" or not index.exists():  # Windows removes no file that is in use
        yield
        return
    import fcntl

    with index.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _ALIVE)
        except OSError as error:
            raise UserError(
                f"{path} is not the file that was here when another program opened the project, and that program still "
                "runs.",
                "Close the project in that program, then open this file again.",
            ) from error
        yield
