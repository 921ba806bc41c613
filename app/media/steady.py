"""Guards against files that are still being written: a file is looked at before and after it is read."""

import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import UserError
from app.reach import within


class _Guarded(threading.local):
    """The files that blocks of this thread guard now."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()


_guarded = _Guarded()


@contextmanager
def steady(path: Path) -> Iterator[None]:
    """Guard the block in which a file is read: nobody may have it open for writing, and it may not change.

    A block within a block that guards the same file is guarded by the outer one.

    Raises:
        UserError: The file is open for writing or changed meanwhile, or its disk does not answer.
    """
    if path in _guarded.paths:
        yield
        return
    before, written = within(path, lambda: (_state(path), _is_written(path)))
    if before is not None and written:
        raise _growing(path, "is open for writing in another program")
    _guarded.paths.add(path)
    try:
        yield
    finally:
        _guarded.paths.discard(path)
    if before is not None and within(path, lambda: _state(path)) != before:
        raise _growing(path, "changed while it was being read")


def _growing(path: Path, why: str) -> UserError:
    return UserError(
        f"{path.name} {why}: it may still be recorded or copied.", "Wait until it is complete, then try again."
    )


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _is_written(path: Path) -> bool:
    """Return whether a program has the file open for writing; False where the system does not tell.

    Linux gives a read lease only on a file that nobody has open for writing. Whoever opens it within the microseconds
    of the lease makes the system send a signal, which is set to one that is ignored.
    """
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.EACCES) and _may_lease(path)
    finally:
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        os.close(handle)
    return False


def _may_lease(path: Path) -> bool:
    """Return whether a lease is ours to ask for: on files of our own, or as root."""
    with contextlib.suppress(OSError):
        return os.geteuid() in (0, os.stat(path).st_uid)
    return False
