"""Connections to project files, and what their errors mean. Those to a server are in `db.server`.

Only these two modules have SQL that one of the two databases does not understand.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from app.errors import ProjectLost, UserError
from db import held, server

BUSY_TIMEOUT_S: Final = 30.0
"""Seconds that a statement waits for another process before the user is told. It is longer than the longest
transaction, which is the import of a million labels."""

CLOSING_TIMEOUT_S: Final = 2.0
"""Seconds that closing waits for other processes before it leaves the write-ahead log to them."""

CHECKPOINT_PAGES: Final = 1000
"""Pages of 4 KiB to which the write-ahead log may grow before it is copied into the file; SQLite's own default."""

_COMPILED: Final = LRUCache[Any, Any](1500)
"""Statements that were compiled for one project file; each file has engines of its own, and compiling takes longer than
most queries."""


class ProjectDialect(SQLiteDialect_pysqlite):
    """SQLite as all project files are read: equal in every engine, so that a statement is compiled once for all."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register("sqlite.project", __name__, "ProjectDialect")


def sqlite_engine(path: Path, *, writer: bool, immutable: bool = False) -> Engine:
    """Make an engine for a project file.

    A writer holds one connection and begins every transaction with BEGIN IMMEDIATE: a deferred one that reads first and
    writes later fails at once with "database is locked" if another writer came between. Readers refuse writes.

    Args:
        path: The file; it must exist.
        writer: Whether it may write.
        immutable: Whether the file is on read-only media; SQLite then needs no files beside it.
    """
    uri = f"{path.absolute().as_uri()}?mode={'rw' if not immutable else 'ro&immutable=1'}"

    def connect() -> held.HeldConnection:
        # isolation_level None: we begin transactions ourselves; the driver would begin deferred ones, and late.
        connection = held.connect(
            path, uri, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        _set_pragmas(connection, writer=writer, immutable=immutable)
        if writer:
            connection.execute("PRAGMA user_version").fetchone()  # opens the log
            connection.remember()
        return connection

    engine = create_engine(
        "sqlite+project://",
        creator=connect,
        execution_options={"compiled_cache": _COMPILED},
        poolclass=QueuePool,
        pool_size=1 if writer else 4,
        max_overflow=0 if writer else 12,
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver(connection).execute(begin)  # without the many steps of SQLAlchemy, for this is in every transaction

    return engine


def driver(connection: Connection) -> held.HeldConnection:
    """Return SQLite's own connection beneath one of `sqlite_engine`."""
    below = connection.connection.driver_connection
    assert isinstance(below, held.HeldConnection)
    return below


def _set_pragmas(connection: sqlite3.Connection, *, writer: bool, immutable: bool) -> None:
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")  # a foreign file's views and triggers call nothing dangerous
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA temp_store=MEMORY")
        if writer and not immutable:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        if not writer:
            connection.execute("PRAGMA query_only=ON")
    except sqlite3.Error:
        connection.close()
        raise


def has_log(connection: Connection) -> bool:
    """Return whether a project file keeps a write-ahead log; a new one, a backup and a migrated one do not yet."""
    return bool(driver(connection).execute("PRAGMA journal_mode").fetchone() == ("wal",))


def set_durable(connection: held.HeldConnection, durable: bool) -> None:
    """Choose whether the next commits wait for the disk. Call it outside a transaction.

    Args:
        connection: The writer's connection.
        durable: Whether they wait until the disk has them. Otherwise they survive the end of this process but not a
            power failure, and leave it to others to copy the log into the file.
    """
    if connection.durable != durable:
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES if durable else 0}")
        connection.durable = durable


def checkpoint(engine: Engine) -> None:
    """Copy the write-ahead log into the project file and empty it, as far as other processes allow."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={CLOSING_TIMEOUT_S * 1000:.0f}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def copy_log(engine: Engine) -> bool:
    """Copy the write-ahead log into the file as far as nobody has to wait, and return whether all of it was copied."""
    connection = engine.raw_connection()
    try:
        busy, pages, copied = connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    finally:
        connection.close()
    return not busy and pages == copied


def pragma(connection: Connection, text: str) -> list[tuple[Any, ...]]:
    """Run a PRAGMA of SQLite and return its rows; a PRAGMA that only sets something returns none."""
    result = connection.exec_driver_sql(f"PRAGMA {text}")
    return [tuple(row) for row in result] if result.returns_rows else []


def integrity_problems(connection: Connection, *, thorough: bool) -> list[str]:
    """Return the faults that SQLite itself finds: broken pages, and rows without the row that they refer to.

    Args:
        connection: Connection to either database; a server looks after its own pages, so nothing is found there.
        thorough: Whether to also check that indexes agree with their tables.
    """
    if connection.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in pragma(connection, "integrity_check" if thorough else "quick_check")]
    problems = [text for text in found if text != "ok"]
    for table, row_id, parent, _ in pragma(connection, "foreign_key_check"):
        problems.append(f"row {row_id} of {table} refers to a row of {parent} that does not exist")
    return problems


_NO_SPACE: Final = UserError(
    "The disk is full: the last change could not be saved.",
    "Free some space and repeat the change; nothing before it is lost.",
)
_BUSY: Final = UserError(
    "Another program is writing to this project.",
    "Wait until it has finished (an import or an analysis, for instance) or close it, then try again. The file is "
    "undamaged.",
)
_MOVED: Final = ProjectLost(
    "The project file was moved, renamed or deleted while it was open.",
    "Put it back, or close the project and open it where it is now.",
)
_READ_ONLY: Final = UserError(
    "The project cannot be written: its file or folder is read-only.",
    "Copy it to a folder that you may write to and open it there.",
)
_DAMAGED: Final = UserError(
    "The project file is damaged.",
    "Go back to a backup copy if there is one.",
    "Run `affectograph project check` on it, and go back to a backup copy if there is one.",
)
_UNREACHABLE: Final = UserError(
    "The project file could not be read or written.",
    "Check that its disk is still connected and has space, then try again.",
)
_BY_CODE: Final[dict[int, UserError]] = {
    sqlite3.SQLITE_FULL: _NO_SPACE,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: _UNREACHABLE,
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_READONLY_DBMOVED: _MOVED,
}
"""Messages by extended code where there is one, otherwise by its lowest byte, the primary code."""

_BROKEN_CONTENT: Final = (
    "Could not decode to UTF-8",
    "no such table",
    "no such column",
    "malformed",
    "foreign key mismatch",
)
"""SQLite's messages where text, tables or columns are not those of a project of this version."""


def as_user_error(error: BaseException) -> UserError | None:
    """Translate the driver's error into a message with advice; None where the error is a mistake in this program."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        code = getattr(origin, "sqlite_errorcode", None)
        if str(origin).startswith(_BROKEN_CONTENT):
            return UserError(f"The project file is damaged: {origin}.", _DAMAGED.todo)
        known = None if code is None else _BY_CODE.get(code) or _BY_CODE.get(code & 0xFF)
        return None if known is None else type(known)(known.what, known.todo)
    return server.as_told(error) if isinstance(error, DBAPIError) else None


@contextmanager
def told_to_user(close: Callable[[], None] | None = None) -> Iterator[None]:
    """Raise `UserError` for the driver's errors that a user can mend; other errors pass unchanged.

    Args:
        close: Called when an error is raised.
    """
    try:
        yield
    except json.JSONDecodeError as error:  # a document of the file: only reading it parses JSON in here
        raise UserError(f"The project file is damaged: a document in it is broken ({error}).", _DAMAGED.todo) from error
    except (DBAPIError, sqlite3.Error) as error:
        if close is not None:
            close()
        told = as_user_error(error)
        if told is None:
            raise
        raise told from error
