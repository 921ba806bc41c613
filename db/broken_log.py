"""Whether the write-ahead log that a crash left behind is whole, found out before SQLite reads it.

SQLite believes the log as far as its check sums hold and silently leaves out the rest, which is right for a commit that
a crash broke off and wrong for a log that was damaged later: what had been confirmed would be gone without a word.

The format is described in https://www.sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app import held
from app.errors import UserError
from app.files import dated_beside
from db import files
from db.schema import Audit

BROKEN: Final = "project.broken_log"
"""Action in the audit log of a project whose log was broken."""
_HEADER: Final = struct.Struct(">8I")
_FRAME: Final = struct.Struct(">6I")
_MAGIC: Final = 0x377F0682
"""The first number of a log; one more where its check sums are of big-endian words."""
_MASK: Final = 0xFFFFFFFF
_PAGE: Final = 4096
"""SQLite's size of a page, which no project changes."""
_Sums = tuple[int, int]


@dataclass(frozen=True)
class BrokenLog:
    """A log that is not whole.

    Attributes:
        lost: Commits in it that cannot be read, as far as they can be counted; at least 1.
        kept: Where the log is kept; None where nothing can be written.
    """

    lost: int
    kept: Path | None


def look(path: Path) -> BrokenLog | None:
    """Look at a project's log before it is opened, and keep a log that is not whole before SQLite removes it.

    Args:
        path: The project's file. While this process has it open nothing is read (`app.held`).

    Returns:
        What is broken; None where the log is whole, or there is none.

    Raises:
        UserError: The log cannot be read, or not be kept.
    """
    log = files.beside(path)[0]
    try:
        with held.nobody_connects(path) as free:
            if not free or not log.exists():
                return None
            lost = unreadable_commits(log)
            return BrokenLog(lost, keep(log, path) if files.can_write(path) else None) if lost else None
    except FileNotFoundError:  # another program has just closed the project
        return None
    except OSError as error:
        raise UserError(
            f"The log of the project {path} cannot be read or kept: {error.strerror}.",
            "Check that its disk works and has some space.",
        ) from error


def note(session: Session, broken: BrokenLog) -> None:
    """Write down in the project's own book that its log was broken; the check of the project tells it for ever."""
    kept = None if broken.kept is None else broken.kept.name
    session.add(Audit(action=BROKEN, detail={"lost": broken.lost, "kept": kept}, actor=""))


def keep(log: Path, path: Path, between: str = ".broken-log-") -> Path:
    """Copy a log to a new name beside its project, durably, and return where.

    Args:
        log: The log.
        path: The project's file.
        between: What stands in the name between that of the project and the date.

    Raises:
        OSError: It cannot be read or written.
    """
    while True:
        kept = dated_beside(path, between, "")
        try:
            with kept.open("xb") as out, log.open("rb") as source:
                shutil.copyfileobj(source, out)
            shutil.copymode(log, kept)
        except FileExistsError:  # another program has just taken the name
            continue
        else:
            files.sync_folder(kept.parent)
            return kept


def unreadable_commits(log: Path) -> int:
    """Count the commits behind the place where a log's check sums stop to hold.

    A log is written over from its beginning again and again, so what follows the newest part is an old one: it has
    another salt, and is not counted.
    """
    with log.open("rb") as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return 0
        lost = _count(file, head)
        file.seek(0)
        changed = file.read(_HEADER.size) != head  # another program has begun a new log, which is not ours
        return 0 if changed else lost


def _count(file: BinaryIO, head: bytes) -> int:
    magic, _, page, _, salt1, salt2, sum1, sum2 = _HEADER.unpack(head)
    big = magic & 1 == 1
    sums = _add((0, 0), head[:24], big=big)
    if magic & ~1 != _MAGIC or sums != (sum1, sum2):
        return _commits_of_any(file)
    size, lost, whole = _FRAME.size + page, 0, True
    while len(frame := file.read(size)) == size:
        _, pages, s1, s2, sum1, sum2 = _FRAME.unpack_from(frame)
        same = s1 == salt1 or s2 == salt2  # of an older part both differ
        whole = whole and (s1, s2) == (salt1, salt2)
        if whole:
            sums = _add(_add(sums, frame[:8], big=big), frame[_FRAME.size :], big=big)
            whole = sums == (sum1, sum2)
        lost += not whole and same and pages != 0
    return lost


def _commits_of_any(file: BinaryIO) -> int:
    """Count the commits of a log whose header is damaged: frames of pages of the usual size, of whatever salt."""
    lost, size = 0, _FRAME.size + _PAGE
    while len(frame := file.read(size)) == size:
        lost += _FRAME.unpack_from(frame)[1] != 0
    return lost


def _add(sums: _Sums, data: bytes, *, big: bool) -> _Sums:
    """Add bytes to the two running check sums. Each pair of 32-bit words (a, b) does x += a + y, then y += b + x."""
    words = np.frombuffer(data, ">u4" if big else "<u4").astype(np.uint32)
    first, second = words[0::2], words[0::2] + words[1::2]
    powers = _powers(len(first))
    # Each pair multiplies (x, y) by [[1, 1], [1, 2]] and adds (a, a + b); all wraps around at 32 bits.
    rest = powers[len(first) - 1 :: -1] if len(first) else powers[:0]
    x = int((rest[:, 0, 0] * first + rest[:, 0, 1] * second).sum(dtype=np.uint32))
    y = int((rest[:, 1, 0] * first + rest[:, 1, 1] * second).sum(dtype=np.uint32))
    (p, q), (r, s) = powers[len(first)].tolist()
    return (p * sums[0] + q * sums[1] + x) & _MASK, (r * sums[0] + s * sums[1] + y) & _MASK


_known = np.eye(2, dtype=np.uint32)[None]


def _powers(n: int) -> NDArray[np.uint32]:
    """Return the powers 0 to n of [[1, 1], [1, 2]] modulo 2³², n+1 × 2 × 2."""
    global _known
    if len(_known) <= n:
        step = np.array([[1, 1], [1, 2]], np.uint32)
        every = [_known[0]]
        for _ in range(max(n, _PAGE // 8)):
            every.append(step @ every[-1])
        _known = np.array(every, np.uint32)
    return _known
