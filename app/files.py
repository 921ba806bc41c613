"""Writes files so that a reader sees either the old content or the new, never a part; hashes files."""

import contextlib
import errno
import hashlib
import itertools
import os
import secrets
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.errors import UserError
from app.unfinished import delete_left, noted

DAMAGED_ARRAYS: Final = (
    OSError, EOFError, ValueError, KeyError, TypeError, zlib.error, zipfile.BadZipFile, SystemError
)  # fmt: skip
"""Exceptions by which numpy tells that a file of arrays is missing or damaged.

SystemError comes from the reading of its head in Python 3.11 when several threads read at a time
(https://github.com/python/cpython/issues/106905). What can be computed again is then computed again.
"""

PRIVATE: Final = 0o600
"""Rights of a file that only its owner may read and write."""

MOST_BYTES: Final = 255
"""Longest name of a file, in bytes."""

_BLOCK: Final = 1 << 20
_ROOM: Final = 1 << 16
"""Bytes that a folder must have room for before long work begins."""


def sha256_of(path: Path, on_block: Callable[[int], None] = lambda _done: None) -> str:
    """Return the SHA-256 of a file's bytes as hexadecimal digits.

    Args:
        path: The file.
        on_block: Called after every MiB with the number of bytes read; an exception from it ends the reading.

    Raises:
        OSError: The file cannot be read.
    """
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            on_block(done)
    return digest.hexdigest()


def shortened(stem: str, *added: str) -> str:
    """Return a stem cut so that, with the additions, the name is no longer than file systems allow: 255 bytes.

    Example:
        >>> shortened("clip", "-2", ".csv"), len(shortened("n" * 251, "-2", ".csv"))
        ('clip', 249)
    """
    room = MOST_BYTES - sum(len(os.fsencode(part)) for part in added)
    kept = os.fsencode(stem)[: max(room, 1)]
    # A letter of several bytes is not cut in two: what is left of it would be another name.
    return stem if len(kept) == len(os.fsencode(stem)) else kept.decode(errors="ignore") or kept.decode("latin-1")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder, which replaces `path` when the block ends without an exception.

    An existing file keeps its permissions; a new one gets those of the user's umask. A link is replaced, and its target
    stays as it is. What a program that was killed left half-written in the folder is deleted (`app.unfinished`).

    Raises:
        UserError: When `path` is a folder, a device or a pipe, the folder cannot be written or the disk is full;
            nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        rights = _rights(path)
    except OSError as error:
        raise _told(path, error) from error
    delete_left(path.parent)
    temporary = hidden_beside(path, f"-{secrets.token_hex(6)}{path.suffix}")
    with noted(temporary):
        _make(temporary, rights, path)
        try:
            yield temporary
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            if rights is not None:  # whoever wrote it may have made it again
                temporary.chmod(rights)
            temporary.replace(path)
        except OSError as error:
            raise _told(path, error) from error
        finally:
            temporary.unlink(missing_ok=True)


def _rights(path: Path) -> int | None:
    """Return the rights of the file that is there; None where there is none.

    Raises:
        UserError: Something is there that no file may take the place of.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        return None
    if not stat.S_ISREG(mode):
        raise UserError(f"{path} is not a file that can be written over.", "Choose another name.")
    return stat.S_IMODE(mode) & 0o777


def _make(temporary: Path, rights: int | None, path: Path) -> None:
    """Make a new, empty file. The system applies the umask: asking for it would set it for a moment."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    try:
        os.close(os.open(temporary, flags, 0o666 if rights is None else rights & 0o666 | 0o600))
    except OSError as error:
        raise _told(path, error) from error


def folder_beside(folder: Path) -> Path:
    """Make a hidden folder beside `folder`, to be filled and then renamed to it; with the permissions of the umask.

    Raises:
        OSError: The folder cannot be made.
    """
    while True:
        ending = f".{secrets.token_hex(6)}"
        made = folder.with_name(f".{shortened(folder.name, '.', ending)}{ending}")
        with contextlib.suppress(FileExistsError):
            made.mkdir()
            return made


def hidden_beside(path: Path, ending: str) -> Path:
    """Return the hidden name beside a file that has its stem, cut if it is too long, and an ending.

    Example:
        >>> hidden_beside(Path("a.csv"), "-1.csv").name
        '.a-1.csv'
    """
    return path.with_name(f".{shortened(path.stem, '.', ending)}{ending}")


def dated_beside(path: Path, what: str, ending: str) -> Path:
    """Return a free name beside a file: its stem, cut if it is too long, what it is, date and time, and an ending.

    Args:
        path: The file.
        what: What stands between stem and date, such as `-` or `.broken-log-`.
        ending: The last part of the name, with its dot.
    """
    stamp = time.strftime("%Y%m%dT%H%M%S")
    for number in itertools.count(1):
        added = f"{what}{stamp}{f'-{number}' if number > 1 else ''}{ending}"
        place = path.with_name(f"{shortened(path.stem, added)}{added}")
        if not os.path.lexists(place):
            return place
    raise AssertionError("counting has no end")


def make_private(path: Path, *beside: Path) -> None:
    """Make a file accessible to its owner alone, with the files `beside` it that exist.

    Raises:
        UserError: The file belongs to somebody else.
    """
    try:
        path.chmod(PRIVATE)
        for other in beside:
            with contextlib.suppress(FileNotFoundError):
                other.chmod(PRIVATE)
    except OSError as error:
        raise UserError(
            f"The rights of {path} cannot be changed: {error.strerror or error}.", "Ask the file's owner to do it."
        ) from error


def check_writable(folder: Path) -> None:
    """Check before long work begins that its results can be written into a folder; nothing is left behind there.

    Args:
        folder: The folder, which need not exist yet; then the nearest existing folder above it is tried.

    Raises:
        UserError: The folder cannot be written, or its disk is full.
    """
    try:
        place = folder
        while not place.exists() and place != place.parent:
            place = place.parent
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(bytes(_ROOM))
    except OSError as error:
        raise _told(folder, error) from error


def _told(path: Path, error: OSError) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return UserError(f"The disk is full: {path} could not be written.", "Free some space and try again.")
    return UserError(
        f"{path} could not be written: {error.strerror or error}.", "Choose a folder that you may write to."
    )
