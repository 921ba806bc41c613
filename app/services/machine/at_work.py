"""Notices whether a rater is signed in in a window of this user. Then no window or command shows anything else.

Each window keeps a locked file while a rater is signed in. The system releases the lock when the process ends for any
reason. This separates the windows and commands of one user; it does not guard against another user or machine.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.errors import UserError
from app.locks import lock
from app.paths import config_dir

_FOLDER: Final = "rating"
_mine: dict[Path, int] = {}


def _places() -> Iterator[Path]:
    folder = config_dir() / _FOLDER
    if folder.is_dir():
        yield from folder.glob("*.lock")


def begin() -> Path:
    """Note that a rater has signed in in this process.

    Returns:
        The file to pass to `end`.

    Raises:
        UserError: The user's own folder cannot be written.
    """
    place = config_dir() / _FOLDER / f"{os.getpid()}-{len(_mine)}.lock"
    try:
        place.parent.mkdir(exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        lock(handle)
    except OSError as error:
        raise UserError(f"{place.parent} cannot be written ({error.strerror}).", "Check its rights.") from error
    _mine[place] = handle
    return place


def end(place: Path) -> None:
    """Note that the rater has left. A second call does nothing."""
    handle = _mine.pop(place, None)
    if handle is not None:
        os.close(handle)
        with contextlib.suppress(OSError):
            place.unlink()


def rated_elsewhere() -> bool:
    """Return whether a rater is signed in in another process of this user."""
    for place in _places():
        if place in _mine:
            continue
        try:
            handle = os.open(place, os.O_RDWR)
        except OSError:
            continue  # gone meanwhile
        try:
            lock(handle)
        except OSError:
            return True
        finally:
            os.close(handle)
        with contextlib.suppress(OSError):
            place.unlink()  # left by a process that died
    return False


def refuse_while_rated() -> None:
    """Refuse to go on while a rater is signed in in another window of this user.

    Raises:
        UserError: A rater is signed in.
    """
    if rated_elsewhere():
        raise UserError(
            "Somebody is judging clips in another window, and nothing else is shown meanwhile.",
            "Pause and leave there first (Esc).",
        )
