"""Accesses the user's files when an access may never return: a network folder that is gone, a driver that hangs.

A look that is blocked in the system cannot be broken off. It is left to a thread for which nobody waits, and until it
comes back whatever lies in the same folder, or on the same network share, counts as not answering at once.
"""

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Generic, TypeVar

from app.errors import UserError

T = TypeVar("T")
LOOK_S: Final = 5.0
"""How long a disk has for an answer. A busy one, or one that must spin up first, needs seconds."""
GLANCE_S: Final = 0.5
"""The same where the window itself waits."""
_SHARES: Final = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "gluster", "lustre", "davfs", "ncp", "autofs")
_MOUNTS: Final = "/proc/self/mounts"
_silent: Final[Counter[str]] = Counter()
"""Folders and shares in which a look is under way that has taken too long, and the paths that it is about."""
_lock: Final = threading.Lock()


class NotAnswering(UserError):
    """A disk, share or device does not answer."""


class _Look(threading.Thread, Generic[T]):
    """One look, in a daemon thread that may be left behind.

    Args:
        look: What is done.
        where: Which path it is about now; asked when it has taken too long.
    """

    def __init__(self, look: Callable[[], T], where: Callable[[], str]) -> None:
        super().__init__(name="reach", daemon=True)
        self._look, self._where = look, where
        self._counted: set[str] = set()
        self._ended = False
        self._error: BaseException | None = None
        self._found: list[T] = []

    def run(self) -> None:
        """Look; what is found or raised is handed to whoever waits."""
        try:
            self._found.append(self._look())
        except BaseException as error:  # noqa: BLE001 — raised where the result is asked for
            self._error = error
        with _lock:
            self._ended = True
            for one in self._counted:
                _silent[one] -= 1
                if _silent[one] <= 0:
                    del _silent[one]

    def leave(self) -> bool:
        """Wait no longer; False where it has ended in this very moment."""
        with _lock:
            if not self._ended:
                at = self._where()
                self._counted = {at, place_of(at)}
                _silent.update(self._counted)
            return not self._ended

    def result(self) -> T:
        """Return what was found."""
        if self._error is not None:
            raise self._error
        return self._found[0]


def within(path: str | Path, look: Callable[[], T], seconds: float | None = None, *, alone: bool = False) -> T:
    """Access a file, and wait no longer than a moment for the result.

    Args:
        path: The file or folder.
        look: The access. It runs in its own thread, and may continue after this function has given up.
        seconds: Longest wait; `LOOK_S` by default.
        alone: Whether to try this file even if others in its place did not answer; one of them may be a link elsewhere.

    Raises:
        NotAnswering: It took longer, or another access in that place has not returned yet.
    """
    name = os.path.abspath(path)
    if name in _silent if alone else is_silent(name):
        raise _not_answering(path)
    thread = _Look(look, lambda: name)
    thread.start()
    thread.join(LOOK_S if seconds is None else seconds)
    if thread.is_alive() and thread.leave():
        raise _not_answering(path)
    return thread.result()


def are_files(paths: Iterable[str]) -> set[str]:
    """Return those of some paths at which there is a file; what does not answer counts as not there.

    Args:
        paths: Absolute paths. Each folder or share has `LOOK_S` for an answer; while answers come there is no limit.
    """
    left = list(dict.fromkeys(paths))
    found: set[str] = set()
    while left := [path for path in left if not is_silent(path)]:
        row = _Row(left)
        row.go()
        found.update(path for path, there in row.seen.items() if there)
        left = [path for path in left if path not in row.seen and path != row.stuck]
    return found


class _Row:
    """Paths that are looked at one after the other, as far as answers come.

    Attributes:
        seen: Path → whether a file is there.
        stuck: The path of which no answer came, None where all answered.
    """

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths
        self._at = paths[0]
        self._given_up = False
        self.seen: dict[str, bool] = {}
        self.stuck: str | None = None

    def go(self) -> None:
        """Look at them until all have answered or one takes too long."""
        thread = _Look(self._look, lambda: self._at)
        thread.start()
        done = -1
        while thread.is_alive() and done < len(self.seen):
            done = len(self.seen)
            thread.join(LOOK_S)
        at = self._at
        if thread.is_alive() and thread.leave():
            self.stuck, self._given_up, self.seen = at, True, dict(self.seen)

    def _look(self) -> None:
        for path in self._paths:
            self._at = path
            there = os.path.isfile(path)
            if self._given_up:
                return
            self.seen[path] = there


def exists(path: str | Path) -> bool:
    """Return whether something is at a path; what does not answer at once (`GLANCE_S`) counts as not there."""
    try:
        return within(path, lambda: os.path.exists(path), GLANCE_S)
    except NotAnswering:
        return False


def is_folder(path: str | Path) -> bool:
    """Return whether a folder is at a path; what does not answer at once (`GLANCE_S`) counts as none."""
    try:
        return within(path, lambda: os.path.isdir(path), GLANCE_S)
    except NotAnswering:
        return False


def is_silent(path: str | Path) -> bool:
    """Return whether a look in the same folder or share has not come back yet. Nothing is looked at."""
    return bool(_silent) and place_of(os.fspath(path)) in _silent


def place_of(path: str) -> str:
    """Return the network share on which a path lies, or else its folder."""
    return max((share for share in _shares() if path.startswith(share + os.sep)), key=len, default="") or (
        os.path.dirname(path)
    )


def _shares() -> list[str]:
    """Return where network folders are mounted, as far as the system tells without looking at them."""
    if sys.platform != "linux":
        return []
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as source:
            rows = [line.split() for line in source]
    except OSError:
        return []
    return [row[1].replace("\\040", " ") for row in rows if len(row) > 2 and row[2].startswith(_SHARES)]


def _not_answering(path: str | Path) -> NotAnswering:
    return NotAnswering(
        f"{os.path.basename(path) or os.fspath(path)} cannot be reached: its disk, network folder or device does not "
        "answer.",
        "Check that it is connected, then try again.",
    )
