"""Copies a whole project between a file and a server, row by row, and proves that both hold the same.

Numbers, names and order of the rows stay as they are, so that all references do. What belongs to one place only is left
out: the notes of who has a file open (`db.presence`), the check sums that only a file keeps, and where a server's clips
lie (`CLIPS`).
"""

import hashlib
import json
import struct
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.orm import Session

from app.errors import UserError
from app.jobs import Context
from db import presence
from db.places import CLIPS
from db.project import Project
from db.schema import Base

_BATCH: Final = 500
Counts = dict[str, tuple[int, str]]
"""Table → number of rows and digest of all of them."""


def copy(project: Project, target: Project, ctx: Context) -> Counts:
    """Copy all rows into an empty project in one transaction.

    Args:
        project: The project to copy.
        target: A new project.
        ctx: Receives the progress, and can cancel; then the target stays empty.

    Returns:
        The number of rows and their digest by table, equal in both.

    Raises:
        UserError: The target holds something, or what it has taken is not what the source holds.
    """
    tables = list(Base.metadata.sorted_tables)
    with project.read() as old, target.write() as new:
        held = [table.name for table in tables if _rows(new, table)]
        if held:
            raise UserError(
                f"The project to be filled is not empty: it has {', '.join(held)}.", "Name a new file or database."
            )
        for number, table in enumerate(tables):
            ctx.progress(number, len(tables), table.name)
            for rows in _batches(old, table):
                ctx.check()
                new.execute(insert(table), rows)
            _count_on(new.connection(), table)
        found, taken = digests(old, ctx), digests(new, ctx)
        different = [name for name in found if found[name] != taken[name]]
        if different:
            raise UserError(
                f"The copy would not be equal to the project, in {', '.join(different)}; nothing was copied.",
                "Check the project, then try again.",
                "Run `affectograph project check` on it, then try again.",
            )
    return found


def digests(session: Session, ctx: Context | None = None) -> Counts:
    """Return the number of rows and a digest of all values by table, the same for a file and a server."""
    found: Counts = {}
    for table in Base.metadata.sorted_tables:
        digest, count = hashlib.sha256(), 0
        for rows in _batches(session, table):
            if ctx is not None:
                ctx.check()
            for row in rows:
                digest.update(b"\n")
                for value in row.values():
                    digest.update(_bytes(value))
            count += len(rows)
        found[table.name] = count, digest.hexdigest()
    return found


def _batches(session: Session, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table in the order of its key, without what belongs to one place only."""
    columns = [column for column in table.columns if column.name != "digest"]
    query = select(*columns).order_by(*table.primary_key.columns)
    if table.name == "setting":
        query = query.where(~table.c.key.startswith(presence.KEY, autoescape=True), table.c.key != CLIPS)
    names = [column.name for column in columns]
    with session.execute(query.execution_options(yield_per=_BATCH)) as found:
        for rows in found.partitions():
            yield [dict(zip(names, row, strict=True)) for row in rows]


def _rows(session: Session, table: Table) -> int:
    return sum(len(rows) for rows in _batches(session, table))


def _count_on(connection: Connection, table: Table) -> None:
    """Tell a server which numbers are taken: it gives the next ones."""
    (first, *more) = table.primary_key.columns
    if connection.dialect.name != "postgresql" or more or not connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{table.name}"', "column": first.name}
    ):  # fmt: skip
        return
    newest = connection.scalar(select(func.max(first)))
    if newest is not None:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(f'"{table.name}"', first.name), newest)))


def _bytes(value: Any) -> bytes:
    """Write a value so that different ones differ, with their kind and length."""
    if isinstance(value, bytes | memoryview):
        kind, content = b"b", bytes(value)
    elif isinstance(value, bool) or value is None:
        kind, content = b"n", repr(value).encode()
    elif isinstance(value, int):
        kind, content = b"i", str(value).encode()
    elif isinstance(value, float):
        kind, content = b"f", struct.pack("<d", value)
    elif isinstance(value, str):
        kind, content = b"s", value.encode("utf-8", "surrogatepass")
    else:
        kind, content = b"j", json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return kind + len(content).to_bytes(8, "little") + content
