"""Copies the log of an open project into its file in a separate thread, so that no flush of a trace waits for it."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from app.worker import END_WAIT_S, Worker
from db import held

EVERY: Final = 200
"""Number of flushes between two copies. Each flush adds about four pages of 4 KiB to the log."""


class Checkpoints(Worker):
    """A thread with its own connection, which copies committed changes and holds no lock that a writer needs.

    Args:
        path: The project; it must be open.
    """

    def __init__(self, path: Path) -> None:
        super().__init__("checkpoints")
        self._path = path
        self._flushes = 0
        self.done = 0
        self._begin()

    def count(self) -> None:
        """Count a flush that was committed."""
        with self._wake:
            self._flushes += 1
            if self._flushes >= EVERY:
                self._wake.notify()

    def end(self) -> None:
        """End the thread and close its connection."""
        self._end(END_WAIT_S)

    def _run(self) -> None:
        # What fails here, as on a full disk, is tried again by the next durable commit, which tells the user.
        with suppress(sqlite3.Error), closing(held.connect(self._path, f"{self._path.as_uri()}?mode=rw")) as connection:
            while True:
                with self._wake:
                    self._wake.wait_for(lambda: self._stop or self._flushes >= EVERY)
                    if self._stop:
                        return
                    self._flushes = 0
                with suppress(sqlite3.Error):
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                    self.done += 1
