"""A check sum a row: whatever changes a stored row but a commit of this program is found, and told by table and row.

SQLite protects its pages against crashes, not against a flipped bit or another program. Each row carries in `digest`
the CRC-32 of its other values; an answer's covers its intensities too, of which there are millions. Temporary triggers
of the writing connection note which rows a transaction touches, however it does so, and the digests are written just
before the commit, into pages that it writes anyway. A server looks after its own pages: there nothing is written.

The digest is CRC-32 of the table's name, then of Python's `ascii` of a tuple of the row's values in the order of its
columns, without `digest` itself; of a column of bytes the length and the first 8 bytes stand in, since arrays carry a
check sum of their own there (`db.blobs`).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

COLUMN: Final = "digest"
PARTS: Final = {"answer": ("intensity", "answer_id", "emotion_id")}
"""Table → the table of its parts, their column that names the whole, and the column they are ordered by."""
_CHUNK: Final = 500
_KEPT: Final = "affectograph.digests"
"""Where a driver's connection keeps what its triggers note."""

Rows = dict[str, set[int]]


@dataclass(frozen=True)
class _Layout:
    """How rows of a table are read for their digest.

    Attributes:
        table: Its name.
        values: The columns as expressions of SQL, in order.
    """

    table: str
    values: tuple[str, ...]

    def digest(self, values: Sequence[Any], parts: Sequence[Any] = ()) -> int:
        """CRC-32 of a row and, where it has any, its parts."""
        seed = zlib.crc32(self.table.encode())
        whole = (*values, *parts) if parts else tuple(values)
        return zlib.crc32(ascii(whole).encode(), seed)


def _layouts(connection: sqlite3.Connection) -> list[_Layout]:
    """Of every table that has digests, in the order in which they were made."""
    found = []
    for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY rowid"):
        columns = connection.execute(f'PRAGMA main.table_info("{table}")').fetchall()
        if COLUMN in (row[1] for row in columns):
            found.append(_Layout(table, _expressions(columns)))
    return found


def _expressions(columns: Sequence[Any]) -> tuple[str, ...]:
    values: list[str] = []
    for _, name, kind, *_ in columns:
        if name == COLUMN:
            continue
        blob = kind.upper() == "BLOB"
        values += [f'length("{name}")', f'substr("{name}", 1, 8)'] if blob else [f'"{name}"']
    return tuple(values)


def _part_columns(connection: sqlite3.Connection, table: str) -> str:
    """The columns of an answer's intensities in order; the whole's number, which comes first, is left to the caller."""
    part, whole, _ = PARTS[table]
    names = [row[1] for row in connection.execute(f'PRAGMA main.table_info("{part}")')]
    return ", ".join([f'"{whole}"', *(f'"{name}"' for name in names if name != whole)])


def watch(connection: sqlite3.Connection) -> Rows:
    """Note from now on which rows statements of this connection touch; call it outside a transaction.

    Returns:
        Table → row numbers, filled as statements run. Whoever commits empties it.
    """
    rows: Rows = {}
    for layout in _layouts(connection):
        table = layout.table
        rows[table] = set()
        connection.create_function(f"touched_{table}", 1, rows[table].add)
        _trigger(connection, table, "INSERT", f"touched_{table}(NEW.rowid)")
        names = [row[1] for row in connection.execute(f'PRAGMA main.table_info("{table}")') if row[1] != COLUMN]
        columns = ", ".join(f'"{name}"' for name in names)
        _trigger(connection, table, f"UPDATE OF {columns}", f"touched_{table}(NEW.rowid)")
        if table in PARTS:
            part, whole, _ = PARTS[table]
            for event, which in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                _trigger(connection, part, event, f"touched_{table}({which}.{whole})")
    return rows


def _trigger(connection: sqlite3.Connection, table: str, event: str, call: str) -> None:
    name = f"digest_{table}_{event.split()[0].lower()}_{'old' if 'OLD.' in call else 'new'}"
    connection.execute(
        f'CREATE TEMP TRIGGER IF NOT EXISTS "{name}" AFTER {event} ON main."{table}" BEGIN SELECT {call}; END'
    )


def prepare(connection: Connection) -> Rows | None:
    """What the connection's triggers note, made at its first use; None on a server. Outside a transaction."""
    if connection.dialect.name != "sqlite":
        return None
    kept: Rows | None = connection.info.get(_KEPT)
    if kept is None:
        kept = connection.info[_KEPT] = watch(driver_of(connection))
    for rows in kept.values():
        rows.clear()
    return kept


def seal(session: Session) -> None:
    """Write the digests of the rows that the transaction has touched; the last thing before its commit."""
    connection = session.connection()
    touched: Rows = connection.info.get(_KEPT, {})
    driver = driver_of(connection) if any(touched.values()) else None
    if driver is None:
        return
    for layout in _layouts_once(connection, driver):
        rows = sorted(touched.get(layout.table, ()))
        for begin in range(0, len(rows), _CHUNK):
            _seal(driver, layout, rows[begin : begin + _CHUNK])
    for rows_of in touched.values():
        rows_of.clear()


def _layouts_once(connection: Connection, driver: sqlite3.Connection) -> list[_Layout]:
    found: list[_Layout] | None = connection.info.get(f"{_KEPT}.layouts")
    if found is None:
        found = connection.info[f"{_KEPT}.layouts"] = _layouts(driver)
    return found


def _seal(driver: sqlite3.Connection, layout: _Layout, rows: Sequence[int] | None) -> None:
    """Write the digests of some rows, or of all."""
    news = [(digest, number) for number, digest, _ in _digests(driver, layout, rows)]
    driver.executemany(f'UPDATE "{layout.table}" SET {COLUMN} = ? WHERE rowid = ?', news)


def seal_all(driver: sqlite3.Connection) -> None:
    """Write the digest of every row: after a migration, within its transaction."""
    for layout in _layouts(driver):
        _seal(driver, layout, None)


def wrong(driver: sqlite3.Connection, tables: Sequence[str] | None = None) -> Iterator[tuple[str, int]]:
    """Rows that are not as they were committed.

    Args:
        driver: Connection to the file, which may be one for reading.
        tables: Only these.

    Yields:
        Table and row number.

    Raises:
        sqlite3.Error: Pages cannot be read.
    """
    before, driver.text_factory = driver.text_factory, _text
    try:
        for layout in _layouts(driver):
            if tables is None or layout.table in tables:
                for number, digest, stored in _digests(driver, layout, None):
                    if digest != stored:
                        yield layout.table, number
    finally:
        driver.text_factory = before


def _text(stored: bytes) -> str | bytes:
    """Text that is no UTF-8 any more, as after a flipped bit, stays bytes, which its digest does not fit."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def spoil(driver: sqlite3.Connection, rows: Sequence[tuple[str, int]]) -> None:
    """Let rows stay known as damaged after `seal_all`."""
    for table, number in rows:
        driver.execute(f'UPDATE "{table}" SET {COLUMN} = -1 WHERE rowid = ?', (number,))


def _digests(
    driver: sqlite3.Connection, layout: _Layout, rows: Sequence[int] | None
) -> Iterator[tuple[int, int, int | None]]:
    """Row number, the digest that belongs to it, and the one that is stored."""
    some = "" if rows is None else f"WHERE rowid IN ({', '.join(map(str, rows))})"
    query = f'SELECT rowid, {COLUMN}, {", ".join(layout.values)} FROM main."{layout.table}" {some} ORDER BY rowid'
    parts = _parts(driver, layout.table, rows) if layout.table in PARTS else iter(())
    waiting = next(parts, None)
    for number, stored, *values in _fetched(driver, query):
        while waiting is not None and waiting[0] < number:
            waiting = next(parts, None)  # parts of a row that is not there: SQLite's own check tells
        mine = waiting[1] if waiting is not None and waiting[0] == number else ()
        yield number, layout.digest(values, mine), stored


def _parts(
    driver: sqlite3.Connection, table: str, rows: Sequence[int] | None
) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """The parts of each row that has any, by row number."""
    part, whole, order = PARTS[table]
    some = "" if rows is None else f"WHERE {whole} IN ({', '.join(map(str, rows))})"
    query = f'SELECT {_part_columns(driver, table)} FROM main."{part}" {some} ORDER BY {whole}, {order}'
    for number, group in groupby(_fetched(driver, query), itemgetter(0)):
        yield number, list(group)


def _fetched(driver: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    cursor = driver.cursor()
    try:
        yield from cursor.execute(query)
    finally:
        cursor.close()


def driver_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection beneath one of SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
