"""Notes in the file who has written to a project and not closed it yet, by which a copy without its log is known.

While a project is open, its newest changes are in the write-ahead log beside it, and a plain copy of the file leaves
them behind. Before its first commit, each opening therefore writes a row and copies it into the file, and removes it
when it closes. A file with such a row and no log beside it is a copy, unless it is the very file that was open. In that
case SQLite, in this or another program, copied the log into it after a crash.
"""

import json
import os
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from db import owners
from db.schema.base import new_uid

KEY: Final = "open."
"""Beginning of the keys of such rows among the project's settings."""
COPIED: Final = "project.copied_without_log"
"""Action in the audit log when work continues in a copy."""
_EVERY: Final = "SELECT key, value FROM main.setting WHERE key GLOB 'open.*'"
_REMOVE: Final = "DELETE FROM main.setting WHERE key = ?"


@dataclass(frozen=True)
class Presence:
    """An opening that has written, or was about to write.

    Attributes:
        key: Key of its row.
        owner: Name of the opening (`db.owners`).
        inode: Inode of the file that it has opened.
        since: Time at which it began to write, seconds since the epoch.
    """

    key: str
    owner: str
    inode: int
    since: float


def every(driver: sqlite3.Connection) -> list[Presence]:
    """Return all openings noted in a file, oldest first. Unreadable rows are left to the check of the project."""
    found = []
    for key, text in driver.execute(_EVERY).fetchall():
        try:
            said: dict[str, Any] = json.loads(text)
            found.append(Presence(str(key), str(said["owner"]), int(said["inode"]), float(said["since"])))
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda one: one.since)


def foreign(driver: sqlite3.Connection, path: Path) -> list[Presence]:
    """Return the openings of another file, of which this one is a copy, or which was moved to another disk.

    The oldest one comes first.
    """
    inode = os.stat(path).st_ino
    return [one for one in every(driver) if one.inode != inode]


def enter(driver: sqlite3.Connection, path: Path, owner: str) -> str:
    """Note that an opening begins to write, in the caller's transaction. Rows of openings that have ended are removed.

    Returns:
        The key of the row.
    """
    inode, key = os.stat(path).st_ino, KEY + new_uid()
    for one in every(driver):
        if one.inode != inode or not owners.alive(one.owner):
            driver.execute(_REMOVE, (one.key,))
    said = {"owner": owner, "inode": inode, "since": round(time.time(), 3)}
    driver.execute("INSERT INTO main.setting (key, value) VALUES (?, ?)", (key, json.dumps(said)))
    return key


def leave(driver: sqlite3.Connection, key: str) -> None:
    """Remove the row of an opening that closes."""
    driver.execute(_REMOVE, (key,))


def forget(driver: sqlite3.Connection, foreign: Sequence[Presence]) -> None:
    """Take openings of another file out of this one, which was moved or copied with its log after a crash."""
    for one in foreign:
        leave(driver, one.key)


def leave_all(driver: sqlite3.Connection) -> None:
    """Remove all rows from a file that was copied as a whole, because it does not lack its log."""
    driver.execute("DELETE FROM main.setting WHERE key GLOB 'open.*'")
