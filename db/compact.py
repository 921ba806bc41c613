"""Writing a project file anew, so that nothing of deleted rows is left in it, and looking through what is in it."""

from __future__ import annotations

import os
import sqlite3
from typing import Final

from app.domain.marks import Marks
from app.errors import UserError
from db import digests, files, owners, presence
from db.engine import sqlite_engine, told_to_user
from db.project import Project

DUE: Final = "rights.compact_due"
"""Setting of a project from which rows were erased and whose file was not yet written anew."""
MAX_BYTES: Final = 2 << 30
"""Projects up to this size are looked through byte by byte."""


def refuse_others(project: Project) -> None:
    """Refuse to go on while another program has the project open: it would keep what is erased, and the log.

    Raises:
        UserError: Another program has it open.
    """
    if project.path is None:
        raise UserError(
            "People cannot be erased from a project on a server: its logs and backups are out of reach.",
            "Ask its administrator.",
        )
    with project.read() as session:
        others = [
            one
            for one in presence.every(digests.driver_of(session.connection()))
            if one.owner != project.owner and owners.alive(one.owner)
        ]
    if others:
        raise UserError("Another program has this project open.", "Close it there first.")


def compact(project: Project) -> None:
    """Write the file anew without free pages (VACUUM), with zeros where rows were, and empty its log.

    Raises:
        UserError: Another program reads it, or the disk has no room for a second copy of it.
    """
    with project.rewriting() as path, told_to_user():
        engine = sqlite_engine(path, writer=True)
        try:
            raw = engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA temp_store=FILE")  # the copy may be larger than the memory
                cursor.execute("PRAGMA secure_delete=ON")
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()
        finally:
            engine.dispose()
    log = files.beside(path)[0]
    if log.exists() and os.stat(log).st_size:
        raise UserError(
            "What was erased is still in the log of the project, because somebody reads it.",
            "Close other programs and windows that show this project, then run this again.",
        )


def found_in_file(project: Project, marks: Marks) -> tuple[str, ...] | None:
    """Return the marks that stand anywhere in the bytes of the project's file; None for one that is too large.

    The pages are read through SQLite, free ones too, because opening the file otherwise would drop its locks.
    """
    with project.read() as session:
        driver = digests.driver_of(session.connection())
        assert isinstance(driver, sqlite3.Connection)
        count, size = (int(driver.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        if count * size > MAX_BYTES:
            return None
        return marks.in_bytes(driver.serialize())
