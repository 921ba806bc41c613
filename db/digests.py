"""A check sum for each row, by which a change is found that no commit of this program made.

SQLite protects its pages against crashes, not against a flipped bit or another program. Each row carries in `digest`
the CRC-32 of its other values; that of an answer also covers its intensities, of which there are millions. Temporary
triggers of the writing connection note which rows a transaction touches, however it does so, and the digests are
written just before the commit, into pages that it writes anyway. On a server nothing is written, because it looks after
its own pages.

The digest is CRC-32 of the table's name, then of Python's `ascii` of a tuple of the row's values in the order of its
columns, without `digest` itself. Of a column of bytes, only the length and the first 8 bytes count, because arrays
carry their own check sum there (`db.blobs`).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from db import suspects
from db.pages import Snapshot

COLUMN: Final = "digest"
PARTS: Final = {"answer": ("intensity", "answer_id", "emotion_id")}
"""Table → the table of its parts, the column of the parts that names the whole, and the column that orders them."""
_CHUNK: Final = 500
_FEW: Final = 8
"""Up to this many touched rows of a table are read one by one, by statements that are already compiled."""
_CONNECTION: Final = "connection"
"""Key under which a session keeps its connection after `begin`."""
_KEPT: Final = "affectograph.digests"
"""Key under which a driver's connection keeps what its triggers note."""
_LAYOUTS: Final = "affectograph.layouts"
"""Key under which it keeps how rows are read."""

Rows = dict[str, set[int]]


@dataclass(frozen=True)
class _Layout:
    """The way in which rows of a table are read for their digest.

    Attributes:
        table: Name of the table.
        values: The columns as expressions of SQL, in order, comma between.
        parts: Query of the parts of its rows up to their condition; empty where it has none.
    """

    table: str
    values: str
    parts: str = ""

    @cached_property
    def one(self) -> str:
        """The query of one row. Its text never changes, so that SQLite compiles it once."""
        return f'SELECT {self.values} FROM main."{self.table}" WHERE rowid = ?'

    @cached_property
    def parts_of_one(self) -> str:
        """The query of one row's parts."""
        _, whole, order = PARTS[self.table]
        return f"{self.parts} WHERE {whole} = ? ORDER BY {order}"

    @cached_property
    def update(self) -> str:
        """The statement that writes a digest."""
        return f'UPDATE main."{self.table}" SET {COLUMN} = ? WHERE rowid = ?'

    @cached_property
    def seed(self) -> int:
        """CRC-32 of the table's name, with which the check sums of its rows start."""
        return zlib.crc32(self.table.encode())

    def digest(self, values: Sequence[Any], parts: Sequence[Any] = ()) -> int:
        """CRC-32 of a row and, where it has any, its parts."""
        return zlib.crc32(ascii((*values, *parts)).encode(), self.seed)


def _layouts(connection: sqlite3.Connection) -> list[_Layout]:
    """Return the layout of each table that has digests, in the order in which the tables were made."""
    found = []
    for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY rowid"):
        columns = connection.execute(f'PRAGMA main.table_info("{table}")').fetchall()
        if COLUMN in (row[1] for row in columns):
            parts = _parts_query(connection, table) if table in PARTS else ""
            found.append(_Layout(table, _expressions(columns), parts))
    return found


def _expressions(columns: Sequence[Any]) -> str:
    values: list[str] = []
    for _, name, kind, *_ in columns:
        if name == COLUMN:
            continue
        blob = kind.upper() == "BLOB"
        values += [f'length("{name}")', f'substr("{name}", 1, 8)'] if blob else [f'"{name}"']
    return ", ".join(values)


def _parts_query(connection: sqlite3.Connection, table: str) -> str:
    """Query of parts up to its condition; the number of the row that they belong to comes first."""
    part, whole, _ = PARTS[table]
    names = [row[1] for row in connection.execute(f'PRAGMA main.table_info("{part}")')]
    columns = ", ".join([f'"{whole}"', *(f'"{name}"' for name in names if name != whole)])
    return f'SELECT {columns} FROM main."{part}"'


def watch(connection: sqlite3.Connection) -> Rows:
    """Note from now on which rows the statements of this connection touch. Call it outside a transaction.

    Returns:
        Row numbers by table, filled as statements run. The code that commits empties it.
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


def begin(session: Session) -> Connection:
    """Begin a session's transaction, with the triggers that note what it touches, and return its connection."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return connection
    kept: Rows | None = connection.info.get(_KEPT)
    if kept is None:  # the first one of this connection: triggers made in a transaction would go with it
        session.rollback()
        with connection.engine.connect() as fresh:
            fresh.info[_KEPT] = watch(driver_of(fresh))
        return session.connection()
    for rows in kept.values():
        rows.clear()
    session.info[_CONNECTION] = connection
    return connection


def connection_of(session: Session) -> Connection:
    """Return the connection of a session's transaction, more quickly than the session itself finds it.

    A rollback closes what `begin` has found, and using it after that is an error.
    """
    begun: Connection | None = session.info.get(_CONNECTION)
    return session.connection() if begun is None else begun


def seal(session: Session) -> None:
    """Write the digests of the rows that the transaction has touched. Call it last before the commit."""
    connection = connection_of(session)
    kept: Rows | None = connection.info.get(_KEPT)
    if kept is None or not any(kept.values()):
        return
    driver = driver_of(connection)
    layouts = _layouts_once(connection, driver)
    for table, touched in kept.items():
        if not touched:
            continue
        layout = layouts[table]
        if len(touched) <= _FEW:
            for number in touched:
                _seal_one(driver, layout, number)
        else:
            rows = sorted(touched)
            for start in range(0, len(rows), _CHUNK):
                _seal(driver, layout, rows[start : start + _CHUNK])
        touched.clear()


def insert(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows with their digests, without reading them again at the end of the transaction.

    Args:
        session: A session that may write. Its database is SQLite.
        table: The table, which has no parts and no column of bytes.
        columns: All its columns but `digest`, in their order, the number first.
        rows: The values as SQLite gives them back: float for a column of numbers with fractions.

    Raises:
        ValueError: The columns are others than those of the table.
    """
    connection = session.connection()
    driver = driver_of(connection)
    layout = _layouts_once(connection, driver)[table]
    if layout.values != ", ".join(f'"{name}"' for name in columns) or layout.parts:
        raise ValueError(f"{table} has other columns than {', '.join(columns)}")
    names = ", ".join(f'"{name}"' for name in (*columns, COLUMN))
    text = f'INSERT INTO main."{table}" ({names}) VALUES ({", ".join("?" * (len(columns) + 1))})'
    kept: Rows | None = connection.info.get(_KEPT)
    touched = set() if kept is None else kept[table]
    before = set(touched)
    driver.executemany(text, ((*row, layout.digest(row)) for row in map(tuple, rows)))
    touched.intersection_update(before)


def _layouts_once(connection: Connection, driver: sqlite3.Connection) -> dict[str, _Layout]:
    found: dict[str, _Layout] | None = connection.info.get(_LAYOUTS)
    if found is None:
        found = connection.info[_LAYOUTS] = {layout.table: layout for layout in _layouts(driver)}
    return found


def _seal_one(driver: sqlite3.Connection, layout: _Layout, number: int) -> None:
    values = driver.execute(layout.one, (number,)).fetchone()
    if values is not None:  # a row may be gone again
        parts = driver.execute(layout.parts_of_one, (number,)).fetchall() if layout.parts else ()
        driver.execute(layout.update, (layout.digest(values, parts), number))


def _seal(driver: sqlite3.Connection, layout: _Layout, rows: Sequence[int] | None) -> None:
    """Write the digests of some rows, or of all."""
    news = [(digest, number) for number, digest, _ in _digests(driver, layout, rows)]
    driver.executemany(layout.update, news)


def seal_all(driver: sqlite3.Connection) -> None:
    """Write the digest of every row after a migration, within its transaction."""
    for layout in _layouts(driver):
        _seal(driver, layout, None)


def wrong(
    driver: sqlite3.Connection, tables: Sequence[str] | None = None, *, snapshot: Snapshot | None = None
) -> Iterator[tuple[str, int]]:
    """Find rows that differ from what was committed.

    Args:
        driver: Connection to the file, which may be one for reading.
        tables: Names of the tables to keep to; None for all.
        snapshot: The pages of its transaction, if they were copied already.

    Yields:
        Table and row number.

    Raises:
        sqlite3.Error: Pages cannot be read.
    """
    before, driver.text_factory = driver.text_factory, _text
    try:
        layouts = [layout for layout in _layouts(driver) if tables is None or layout.table in tables]
        for layout, rows in _to_look_at(driver, layouts, snapshot):
            for number, digest, stored in _digests(driver, layout, rows):
                if digest != stored:
                    yield layout.table, number
    finally:
        driver.text_factory = before


def _to_look_at(
    driver: sqlite3.Connection, layouts: Sequence[_Layout], snapshot: Snapshot | None
) -> Iterator[tuple[_Layout, Sequence[int] | None]]:
    """Yield each table with some rows that may differ, a group at a time, or with None for all of its rows."""
    large = {layout.table for layout in layouts if suspects.is_large(driver, layout.table)}
    if large and snapshot is None:
        snapshot = Snapshot.take(driver)
    for layout in layouts:
        some = None
        if snapshot is not None and layout.table in large:
            some = suspects.suspects(snapshot, layout.table, PARTS.get(layout.table), COLUMN)
        if some is None:
            yield layout, None
        else:
            for start in range(0, len(some), _CHUNK):
                yield layout, some[start : start + _CHUNK]


def _text(stored: bytes) -> str | bytes:
    """Decode stored text; what is no longer UTF-8, as after a flipped bit, stays bytes, so that its digest differs."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def spoil(driver: sqlite3.Connection, rows: Sequence[tuple[str, int]]) -> None:
    """Mark rows as damaged again after `seal_all`."""
    for table, number in rows:
        driver.execute(f'UPDATE "{table}" SET {COLUMN} = -1 WHERE rowid = ?', (number,))


def _digests(
    driver: sqlite3.Connection, layout: _Layout, rows: Sequence[int] | None
) -> Iterator[tuple[int, int, int | None]]:
    """Yield each row's number, the digest that belongs to it, and the one that is stored."""
    some = "" if rows is None else f"WHERE rowid IN ({', '.join(map(str, rows))})"
    query = f'SELECT rowid, {COLUMN}, {layout.values} FROM main."{layout.table}" {some} ORDER BY rowid'
    parts = _parts(driver, layout, rows) if layout.parts else iter(())
    waiting = next(parts, None)
    for number, stored, *values in _fetched(driver, query):
        while waiting is not None and waiting[0] < number:
            waiting = next(parts, None)  # parts of a row that is not there: SQLite's own check tells
        mine = waiting[1] if waiting is not None and waiting[0] == number else ()
        yield number, layout.digest(values, mine), stored


def _parts(
    driver: sqlite3.Connection, layout: _Layout, rows: Sequence[int] | None
) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """The parts of each row that has any, by row number."""
    _, whole, order = PARTS[layout.table]
    some = "" if rows is None else f"WHERE {whole} IN ({', '.join(map(str, rows))})"
    query = f"{layout.parts} {some} ORDER BY {whole}, {order}"
    for number, group in groupby(_fetched(driver, query), itemgetter(0)):
        yield number, list(group)


def _fetched(driver: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    cursor = driver.cursor()
    try:
        yield from cursor.execute(query)
    finally:
        cursor.close()


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return SQLite's own connection beneath one of SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
