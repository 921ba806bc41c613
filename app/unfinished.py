"""Finds and deletes what a program that was killed left half-written.

A file is written under a hidden name with a random number beside its place (`app.files.replacing`), and a kill leaves
it there. Its name is therefore noted before it is made, in a small file of the user's data folder that stays locked
while its program lives. Where the lock is free, the program has ended, and the half-written file is nobody's.
"""

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.locks import lock
from app.paths import data_dir

NOTES: Final = "unfinished"
"""Folder of the notes in the data folder."""
_MOST_BYTES: Final = 1 << 16
_TRIES: Final = 3
_EMPTY_S: Final = 60.0
"""After this time, a note without a name is not one that is just being made."""


@contextmanager
def noted(temporary: Path) -> Iterator[None]:
    """Note a file that is about to be made, while the block makes it and gives it its place or deletes it.

    Where the data folder cannot be written, the block runs without a note.
    """
    note = _note(temporary)
    try:
        yield
    finally:
        if note is not None:
            place, handle = note
            os.close(handle)
            with contextlib.suppress(OSError):
                place.unlink()


def delete_left(folder: Path) -> None:
    """Delete what programs that have ended left half-written in a folder; nothing that was not noted is touched."""
    try:
        places = list((data_dir() / NOTES).iterdir())
    except OSError:
        return
    wanted = os.path.realpath(folder) if places else ""
    for place in places:
        with contextlib.suppress(OSError):  # its program lives, or another one deletes it now
            handle = os.open(place, os.O_RDWR)
            try:
                lock(handle)
                over = _over(handle, wanted)
            finally:
                os.close(handle)
            if over:
                place.unlink()


def _note(temporary: Path) -> tuple[Path, int] | None:
    name = os.fsencode(os.path.join(os.path.realpath(temporary.parent), temporary.name))
    for _ in range(_TRIES):
        try:
            folder = data_dir() / NOTES
            folder.mkdir(exist_ok=True)
            place = folder / secrets.token_hex(8)
            handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            return None
        try:
            lock(handle)
            os.write(handle, name)
        except OSError:  # somebody who deletes what is left looks at it, or the disk is full
            os.close(handle)
            with contextlib.suppress(OSError):
                place.unlink()
        else:
            return place, handle
    return None


def _over(handle: int, folder: str) -> bool:
    """Delete the file that a note names if it is in a folder; whether the note has served.

    Raises:
        OSError: The file cannot be deleted.
    """
    name = os.fsdecode(os.read(handle, _MOST_BYTES))
    if not name:
        return time.time() - os.fstat(handle).st_mtime > _EMPTY_S
    if os.path.dirname(name) != folder:
        return False
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISREG(os.lstat(name).st_mode):
            os.unlink(name)
    return True
