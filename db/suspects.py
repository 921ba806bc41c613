"""Which rows of a large table may differ from what was committed, found for all rows at once.

A row whose check sum agrees with the one that it carries is as it was saved. Every other row is a suspect, and so is
one that cannot be judged here: `db.digests` then reads it through SQLite and decides.
"""

import sqlite3
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db import check_sums
from db.check_sums import Pieces
from db.pages import Column, Int, Snapshot, Unusual

LARGE: Final = 2000
"""Smaller tables are read through SQLite, which then takes no longer."""
Parts = tuple[str, str, str]
"""The table of the parts, its column with the number of the row, and the column that orders them."""


def is_large(driver: sqlite3.Connection, table: str) -> bool:
    """Return whether a table has so many rows that taking its pages apart is faster."""
    (more,) = driver.execute(f'SELECT count(*) FROM (SELECT 1 FROM main."{table}" LIMIT ?)', (LARGE,)).fetchone()
    return bool(more >= LARGE)


def suspects(snapshot: Snapshot, table: str, parts: Parts | None, sum_column: str) -> list[int] | None:
    """Return the numbers of the rows that have to be looked at one by one, ascending.

    Args:
        snapshot: All pages.
        table: The table, of which SQLite's own check has found nothing wrong.
        parts: Where the parts of its rows are; None where they have none.
        sum_column: The column of the check sums.

    Returns:
        None if that is every row, because the table is not in the usual form.
    """
    try:
        return _suspects(snapshot, table, parts, sum_column)
    except Unusual:
        return None


def _suspects(snapshot: Snapshot, table: str, parts: Parts | None, sum_column: str) -> list[int]:
    columns, driver = dict(snapshot.columns(table)), snapshot.driver
    kinds = _kinds(driver, table)
    number = columns[_row_number(driver, table)].integers()
    stored = columns.pop(sum_column)
    if len(columns) < 2:
        raise Unusual("a single column")  # Python writes a comma behind it
    sums, holds = check_sums.of_rows(columns, kinds, zlib.crc32(table.encode()))
    if parts is not None:
        sums = _with_parts(snapshot, sums, number, parts)
    sums = check_sums.ended(sums)
    agrees = holds & ~stored.missing & (sums.astype(np.int64) == stored.integers())
    return sorted(number[~agrees].tolist())


def _kinds(driver: sqlite3.Connection, table: str) -> dict[str, str]:
    return {str(row[1]): str(row[2]) for row in driver.execute(f'PRAGMA main.table_info("{table}")')}


def _row_number(driver: sqlite3.Connection, table: str) -> str:
    """The column that is the number of the row."""
    key = [row for row in driver.execute(f'PRAGMA main.table_info("{table}")') if row[5]]
    if len(key) != 1 or str(key[0][2]).upper() != "INTEGER":
        raise Unusual("rows without a number")
    return str(key[0][1])


def _with_parts(snapshot: Snapshot, sums: NDArray[np.uint32], number: Int, parts: Parts) -> NDArray[np.uint32]:
    table, whole, order = parts
    columns = snapshot.columns(table)
    kinds = _kinds(snapshot.driver, table)
    of, by = columns[whole].integers(), columns[order].integers()
    owner, known = _places(number, of)
    if not known:
        raise Unusual("parts of a row that does not exist")
    low = int(by.min(initial=0))
    # Pages are nearly in this order, which the stable way of sorting makes use of.
    sort = np.argsort(owner * (int(by.max(initial=0)) - low + 1) + (by - low), kind="stable")
    text = _texts(number, owner, {name: columns[name] for name in kinds if name != whole}, kinds)
    return check_sums.with_parts(sums, owner, text, sort)


def _places(number: Int, of: Int) -> tuple[Int, bool]:
    """The place of each row's number, and whether all are there."""
    if not of.size:
        return of, True
    sort = np.argsort(number, kind="stable")
    place = np.minimum(np.searchsorted(number[sort], of), number.size - 1)
    return sort[place], bool((number[sort[place]] == of).all())


def _texts(number: Int, owner: Int, columns: dict[str, Column], kinds: dict[str, str]) -> Pieces:
    """Each part as Python writes it, with the comma and the blank before it; the number of its row comes first."""
    pieces, plain = check_sums.values_of(columns, kinds, end=b")")
    if not plain.all():
        raise Unusual("a text that Python writes in another way")
    text = check_sums.together(b", (", check_sums.numbers(number), b", ").take(owner)
    for i, piece in enumerate(pieces):
        text = check_sums.together(text, piece) if i == 0 else check_sums.together(text, b", ", piece)
    return text
