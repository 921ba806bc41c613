"""The rows of a table as arrays, read from the bytes of SQLite's own pages.

Fetching five million rows makes as many Python objects, which takes far longer than anything that is done with them.
Here the pages of a table are found from its root, and the places of all its values are computed by numpy. What is not
in the usual form is refused with `Unusual`, and the caller asks SQLite instead: this is a faster way to the same rows,
never another opinion. The layout is that of https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.1, which has
been the same since 2004.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from sqlalchemy.orm import Session

Int = NDArray[np.int64]
Bytes = NDArray[np.uint8]

MAX_BYTES: Final = 1 << 30
"""Databases up to so many bytes are copied to memory."""
NONE, REAL, FALSE, TRUE, FIRST_TEXT = 0, 7, 8, 9, 13
"""Kinds of stored values: NULL, a double, the integers 0 and 1, and the first of text."""
_WIDTH: Final = np.array([0, 1, 2, 3, 4, 6, 8, 8, 0, 0], np.int64)
_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
_AT_ONCE: Final = 512
"""Pages whose rows are taken apart together: few enough for their arrays to stay in the processor's own memory."""
_ROWS_AT_ONCE: Final = 1 << 14


class Unusual(Exception):
    """The pages hold something that is not read here."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of all rows.

    Attributes:
        kind: int32 (rows,), how each value is stored (SQLite's serial type).
        start: int32 (rows,), the place of its first byte.
        image: The bytes that the places belong to.
    """

    kind: NDArray[np.int32]
    start: NDArray[np.int32]
    image: Bytes

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """Whether each value is NULL, bool (rows,)."""
        none: NDArray[np.bool_] = self.kind == NONE
        return none

    def integers(self) -> Int:
        """Return whole numbers, int64 (rows,), 0 for NULL.

        Raises:
            Unusual: A value is something else.
        """
        if bool(((self.kind == REAL) | (self.kind > TRUE)).any()):
            raise Unusual("not a whole number")
        return self._whole()

    def numbers(self) -> NDArray[np.float64]:
        """Return the values of a column of numbers with fractions, float64 (rows,), NaN for NULL.

        SQLite stores a double without a fraction as an integer and gives it back as a double.

        Raises:
            Unusual: A value is something else.
        """
        if bool((self.kind > TRUE).any()):
            raise Unusual("not a number")
        if bool(self.missing.all()):
            return np.full(self.kind.size, np.nan)
        found = self._whole().astype(np.float64)
        real = self.kind == REAL
        found[real] = _eight(self.image, self.start[real]).view(np.float64)
        found[self.missing] = np.nan
        return found

    def _whole(self) -> Int:
        found = np.empty(self.kind.size, np.int64)
        for begin in range(0, found.size, _ROWS_AT_ONCE):
            kind, start = (one[begin : begin + _ROWS_AT_ONCE] for one in (self.kind, self.start))
            width = _WIDTH[kind]
            # Eight bytes, most significant first, shifted until only the value's own are left, with its sign.
            value = _eight(self.image, start) >> np.minimum(64 - 8 * width, 63)
            value[width == 0] = 0
            value[kind == TRUE] = 1
            found[begin : begin + _ROWS_AT_ONCE] = value
        return found

    def text_lengths(self) -> Int:
        """Return the number of bytes of texts, int64 (rows,).

        Raises:
            Unusual: A value is something else.
        """
        if bool(((self.kind < FIRST_TEXT) | (self.kind % 2 == 0)).any()):
            raise Unusual("not a text")
        return (self.kind.astype(np.int64) - FIRST_TEXT) >> 1


class Snapshot:
    """All pages as one transaction sees them, with what still lies in the log, and the tables taken apart so far.

    Args:
        driver: SQLite's connection, within the transaction.
        image: The pages, uint8 (bytes,).
    """

    def __init__(self, driver: sqlite3.Connection, image: Bytes) -> None:
        self.driver, self.image = driver, image
        self._tables: dict[str, dict[str, Column]] = {}

    @classmethod
    def take(cls, driver: sqlite3.Connection) -> Self | None:
        """Copy the pages.

        Returns:
            None for a database of more than `MAX_BYTES`.

        Raises:
            sqlite3.Error: Pages cannot be read.
        """
        driver.execute("SELECT count(*) FROM main.sqlite_master").fetchone()  # begins the transaction
        count, size = (int(driver.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        if count * size > MAX_BYTES:
            return None
        return cls(driver, np.frombuffer(driver.serialize(), np.uint8))

    def columns(self, table: str) -> dict[str, Column]:
        """Return the columns of a table by their names.

        The rows are in no particular order, but in the same one for all columns.

        Raises:
            Unusual: Pages, rows or columns are not in the usual form; ask SQLite for them.
            sqlite3.Error: Pages cannot be read.
        """
        if table not in self._tables:
            try:
                self._tables[table] = _columns_of(self.driver, self.image, table)
            except IndexError as error:  # a place outside of the file
                raise Unusual("places outside of the file") from error
        return self._tables[table]


_KEPT: Final = "affectograph.snapshot"


def keep_snapshot(session: Session) -> None:
    """Let a session that only reads keep its snapshot: several parts of one report then copy the pages once."""
    session.info.setdefault(_KEPT, None)


def snapshot_of(session: Session) -> Snapshot | None:
    """Return the pages of a session's transaction.

    Returns:
        None for a database of more than `MAX_BYTES`, and for a server.

    Raises:
        DBAPIError: Pages cannot be read.
        sqlite3.Error: The same.
    """
    kept: Snapshot | None = session.info.get(_KEPT)
    connection = session.connection()
    if kept is not None or connection.dialect.name != "sqlite":
        return kept
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    taken = Snapshot.take(driver)
    if _KEPT in session.info:
        session.info[_KEPT] = taken
    return taken


def _columns_of(driver: sqlite3.Connection, image: Bytes, table: str) -> dict[str, Column]:
    facts = driver.execute("SELECT rootpage FROM main.sqlite_master WHERE type = 'table' AND name = ?", (table,))
    info = driver.execute(f'PRAGMA main.table_xinfo("{table}")').fetchall()
    (found,) = facts.fetchall() or [None]
    if found is None or image[:16].tobytes() != b"SQLite format 3\0" or int(_big(image, np.array([56]), 4)[0]) != 1:
        raise Unusual("no such table, or text that is not UTF-8")
    if any(row[6] for row in info):
        raise Unusual("computed columns")
    pages = _Pages(image)
    groups, has_rows = pages.groups(int(found[0]))
    names = [str(row[1]) for row in info]
    if not has_rows:  # a table without row numbers stores its key first
        key = sorted((row for row in info if row[5]), key=lambda row: int(row[5]))
        names = [str(row[1]) for row in key] + [str(row[1]) for row in info if not row[5]]
    parts = [(*_columns(pages.image, cells, len(names)), cells.row) for cells in groups]
    kinds, starts = (np.concatenate([part[i] for part in parts], axis=1) for i in (0, 1))
    (count,) = driver.execute(f'SELECT count(*) FROM main."{table}"').fetchone()
    if count != kinds.shape[1]:
        raise Unusual("other rows than SQLite counts")
    columns = {name: Column(kinds[i], starts[i], pages.image) for i, name in enumerate(names)}
    for row in info if has_rows else ():
        if row[5] and str(row[2]).upper() == "INTEGER":  # the number of the row itself, stored as NULL
            columns[str(row[1])] = _numbers_of_rows(np.concatenate([part[2] for part in parts]))
    return columns


def _numbers_of_rows(row: Int) -> Column:
    """The numbers of rows as a column with an image of its own."""
    own = row.astype(">i8").view(np.uint8)
    return Column(np.full(row.size, 6, np.int32), 8 * np.arange(row.size, dtype=np.int32), own)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Where rows of a table lie.

    Attributes:
        start: int64 (rows,), first byte of each record.
        size: int64 (rows,), its bytes.
        row: int64 (rows,), the number of each row; zeros for a table without them.
    """

    start: Int
    size: Int
    row: Int


class _Pages:
    """The pages of an image."""

    def __init__(self, image: Bytes) -> None:
        size = int(_big(image, np.array([16]), 2)[0])
        self.size = 65536 if size == 1 else size
        self.usable = self.size - int(image[20])
        self.image = image
        self.count = image.size // self.size

    def groups(self, root: int) -> tuple[Iterator[_Cells], bool]:
        """Return the rows below a root page in groups, and whether they have numbers."""
        level, leaves, inners, seen = np.array([root], np.int64), [], [], 0
        rows = bool(self.image[self._head(level)][0] in (_TABLE_LEAF, _TABLE_INNER))
        leaf, inner = (_TABLE_LEAF, _TABLE_INNER) if rows else (_INDEX_LEAF, _INDEX_INNER)
        while level.size:
            seen += level.size
            if seen > self.count or int(level.min()) < 1 or int(level.max()) > self.count:
                raise Unusual("a tree of pages without an end")
            kind = self.image[self._head(level)]
            if bool(((kind != leaf) & (kind != inner)).any()):
                raise Unusual("a page of another kind")
            leaves.append(level[kind == leaf])
            inners.append(level[kind == inner])
            level = self._children(inners[-1])
        return self._in_groups(np.concatenate(leaves), np.concatenate(inners), rows), rows

    def _in_groups(self, leaves: Int, inners: Int, rows: bool) -> Iterator[_Cells]:
        for begin in range(0, max(leaves.size, 1), _AT_ONCE):
            yield self._records(leaves[begin : begin + _AT_ONCE], 8, 0, rows)
        if not rows:  # the inner pages of such a tree hold rows, too
            yield self._records(inners, 12, 4, rows)

    def _head(self, page: Int) -> Int:
        head: Int = (page - 1) * self.size + np.where(page == 1, 100, 0)
        return head

    def _pointers(self, page: Int, head_bytes: int) -> tuple[Int, Int]:
        """Where each cell of some pages begins, and the first byte of its page."""
        begin = (page - 1) * self.size
        head = self._head(page)
        count = _big(self.image, head + 3, 2)
        of = np.repeat(np.arange(page.size), count)
        place = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count)
        return begin[of] + _big(self.image, head[of] + head_bytes + 2 * place, 2), begin[of]

    def _records(self, page: Int, head_bytes: int, skip: int, rows: bool) -> _Cells:
        cell, begin = self._pointers(page, head_bytes)
        size, at = _varints(self.image, cell + skip)
        row, at = _varints(self.image, at) if rows else (np.zeros(cell.size, np.int64), at)
        most = self.usable - 35 if rows else (self.usable - 12) * 64 // 255 - 23
        if bool((size > most).any() or (at + size > begin + self.usable).any()):
            raise Unusual("a row that does not fit into its page")
        return _Cells(at, size, row)

    def _children(self, page: Int) -> Int:
        cell, _ = self._pointers(page, 12)
        return np.concatenate([_big(self.image, cell, 4), _big(self.image, self._head(page) + 8, 4)])


def _columns(image: Bytes, cells: _Cells, count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """How each value of some rows is stored, and where: int32 (columns, rows) each."""
    if bool((cells.size < 1).any()):
        raise Unusual("an empty record")
    head, at = _varints(image, cells.start)
    value, end = cells.start + head, cells.start + head
    kinds, starts = np.empty((2, count, cells.start.size), np.int32)
    for i in range(count):
        if bool((at >= end).any()):
            raise Unusual("a row with fewer columns")  # as after ALTER TABLE … ADD COLUMN
        kind, at = _varints(image, at)
        if bool(((kind == 10) | (kind == 11)).any()):
            raise Unusual("a kind of value that SQLite reserves")
        kinds[i], starts[i] = kind, value
        value = value + np.where(kind < 12, _WIDTH[np.minimum(kind, 9)], (kind - 12) >> 1)
    if bool((at != end).any() or (value != cells.start + cells.size).any()):
        raise Unusual("a row with more columns, or one cut off")
    return kinds, starts


def _varints(image: Bytes, at: Int) -> tuple[Int, Int]:
    """Numbers of variable length, and the places behind them."""
    byte = image[at]
    value, more = (byte & 0x7F).astype(np.int64), byte >= 0x80
    at = at + 1
    for _ in range(7):
        which = np.flatnonzero(more)
        if not which.size:
            return value, at
        byte = image[at[which]]
        value[which] = value[which] << 7 | (byte & 0x7F)
        at[which] += 1
        more = np.zeros(more.size, np.bool_)
        more[which] = byte >= 0x80
    if bool(more.any()):
        raise Unusual("a number of nine bytes")  # negative, or above 2⁵⁶
    return value, at


def _big(image: Bytes, at: Int, width: int) -> Int:
    """Numbers of a few bytes, most significant first."""
    value = np.zeros(at.size, np.int64)
    for k in range(width):
        value = value << 8 | image[at + k]
    return value


def _eight(image: Bytes, at: NDArray[np.int32]) -> Int:
    """The eight bytes at each place as a signed number, most significant first."""
    if int(at.max(initial=0)) > image.size - 8:
        image = np.concatenate([image, np.zeros(8, np.uint8)])
    windows = as_strided(image[:8].view(">i8"), (image.size - 7,), (1,))
    return windows[at].astype(np.int64)
