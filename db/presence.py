"""Who has written to a project and not closed it yet stands in the file itself, so that a copy without its log says so.

While a project is open, what is newest in it lies in the write-ahead log beside it, and a plain copy of the file leaves
that behind. Before its first commit each opening therefore writes a row and brings that into the file, and takes it out
again when it closes. A file with such a row and no log beside it is a copy, unless it is the very file that was open:
then the log was copied into it after a crash, by SQLite in this or another program.
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
"""What the keys of such rows among the project's settings begin with."""
COPIED: Final = "project.copied_without_log"
"""Action in the audit log of a copy that was gone on with."""
_EVERY: Final = "SELECT key, value FROM main.setting WHERE key GLOB 'open.*'"
_REMOVE: Final = "DELETE FROM main.setting WHERE key = ?"


@dataclass(frozen=True)
class Presence:
    """One opening that has written, or was about to.

    Attributes:
        key: Of its row.
        owner: Its name (`db.owners`).
        inode: Of the file that it has opened.
        since: When it began to write, seconds since the epoch.
    """

    key: str
    owner: str
    inode: int
    since: float


def every(driver: sqlite3.Connection) -> list[Presence]:
    """Return all that stand in a file, oldest first; rows that cannot be read are left to the check of the project."""
    found = []
    for key, text in driver.execute(_EVERY).fetchall():
        try:
            said: dict[str, Any] = json.loads(text)
            found.append(Presence(str(key), str(said["owner"]), int(said["inode"]), float(said["since"])))
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda one: one.since)


def foreign(driver: sqlite3.Connection, path: Path) -> list[Presence]:
    """Openings of another file, of which this one is a copy or which was moved to another disk; oldest first."""
    inode = os.stat(path).st_ino
    return [one for one in every(driver) if one.inode != inode]


def enter(driver: sqlite3.Connection, path: Path, owner: str) -> str:
    """Write down that an opening begins to write, in a transaction of the caller; rows of those that are gone go.

    Returns:
        The key of its row.
    """
    inode, key = os.stat(path).st_ino, KEY + new_uid()
    for one in every(driver):
        if one.inode != inode or not owners.alive(one.owner):
            driver.execute(_REMOVE, (one.key,))
    said = {"owner": owner, "inode": inode, "since": round(time.time(), 3)}
    driver.execute("INSERT INTO main.setting (key, value) VALUES (?, ?)", (key, json.dumps(said)))
    return key


def leave(driver: sqlite3.Connection, key: str) -> None:
    """It closes."""
    driver.execute(_REMOVE, (key,))


def forget(driver: sqlite3.Connection, foreign: Sequence[Presence]) -> None:
    """Take openings of another file out of this one, which was moved or copied with its log after a crash."""
    for one in foreign:
        leave(driver, one.key)


def leave_all(driver: sqlite3.Connection) -> None:
    """What was copied as a whole is no copy without its log."""
    driver.execute("DELETE FROM main.setting WHERE key GLOB 'open.*'")
