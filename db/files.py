"""The project file seen from outside: what can be checked before SQLite opens it."""

import errno
import os
from pathlib import Path
from typing import Final

from app import files, held
from app.errors import UserError
from db.schema.base import APPLICATION_ID

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER: Final = 100
_EFFECTIVE: Final = os.access in os.supports_effective_ids


def check_header(path: Path) -> None:
    """Refuse a file that is not a project, by its first 100 bytes. No lock is taken, and nothing is written.

    A file that this process has open as a project was checked when it was opened and is not read again (`app.held`).

    Raises:
        UserError: The file is missing, not an SQLite file, cut off, or belongs to another program.
    """
    if not path.exists():
        raise UserError(
            f"The project {path} does not exist.",
            "Check the name, or make one (File → New project…).",
            "Check the name, or make one with `affectograph project new`.",
        )
    if not path.is_file():
        raise UserError(f"{path} is not a project file.", "Name a file that ends in .affectograph.")
    try:
        with held.nobody_connects(path) as free:
            if not free:
                return
            with path.open("rb") as file:
                head = file.read(_HEADER)
                size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise UserError(
            f"The project {path} cannot be read: {error.strerror}.", "Check its permissions and that its disk works."
        ) from error
    if head[:16] != _MAGIC or len(head) < _HEADER:
        raise UserError(
            f"{path} is not a project of Affectograph, or it is damaged.", "Open another file or a backup copy."
        )
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise UserError(f"{path} is a database of another program.", "Open a file made by Affectograph.")
    page = int.from_bytes(head[16:18], "big")
    expected = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    # With a log beside it the file may rightly be shorter than its newest header says.
    if size < expected and not path.with_name(path.name + "-wal").exists():
        raise UserError(
            f"The project {path} is cut off: it has {size} of its {expected} bytes.",
            "Copy it again, or open a backup copy.",
        )


def can_write(path: Path) -> bool:
    """Return whether the file, and its folder for the log beside it, can be written."""
    return all(os.access(one, os.W_OK, effective_ids=_EFFECTIVE) for one in (path, path.parent))


def refuse_unread_log(path: Path) -> None:
    """Refuse a project whose log would be left out, because nothing can be written beside it.

    Raises:
        UserError: There is a log with something in it.
    """
    log = beside(path)[0]
    if not can_write(path) and log.exists() and log.stat().st_size:
        raise UserError(
            f"{path} was not closed, and what was saved last is in its log {log.name}, which cannot be read here: "
            "the file or its folder is read-only.",
            "Close it in the program that has it open, or copy both files to a folder you may write to.",
        )


def make_private(path: Path) -> None:
    """Take all rights on a project and the files beside it from everybody but its owner.

    Raises:
        UserError: The file belongs to somebody else.
    """
    files.make_private(path, *beside(path))


def beside(path: Path) -> tuple[Path, Path]:
    """Return the write-ahead log of a project file and the index of that log."""
    return path.with_name(path.name + held.LOG), path.with_name(path.name + held.INDEX)


def cannot_write(path: Path, error: OSError | None) -> UserError:
    """Make the message for a user whose project cannot be written to a place."""
    if error is not None and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(f"The disk has no space for {path}.", "Free some space on that disk and try again.")
    if error is not None and error.errno in (errno.ENOENT, errno.ENOTDIR):
        return UserError(f"The folder {path.parent} does not exist.", "Make it first, or choose another folder.")
    return UserError(
        f"{path} cannot be written: the file or its folder is read-only.",
        "Copy it to a folder that you may write to and open it there.",
    )


def refuse_existing(path: Path) -> None:
    """Raise `UserError` if a file of this name already exists."""
    if path.exists():
        raise UserError(f"{path} already exists.", "Open it, or choose another name.")


def publish(fresh: Path, path: Path) -> None:
    """Give a finished file its name, durably and without replacing another file.

    Raises:
        UserError: The name was taken meanwhile, or the folder cannot be written.
    """
    try:
        try:
            os.link(fresh, path)  # fails if the name is taken, unlike replace
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            refuse_existing(path)
            os.replace(fresh, path)
        sync_folder(path.parent)
    except FileExistsError:
        refuse_existing(path)
        raise
    except OSError as error:
        raise cannot_write(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable, where the operating system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:  # some network file systems cannot
        pass
    finally:
        os.close(handle)
