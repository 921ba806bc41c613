"""Triggers and migrations that copy tables: SQLite drops the triggers of a table with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def triggers_set_aside(connection: Connection) -> Iterator[None]:
    """Drop all triggers, run the migration's steps, and create the triggers again.

    Alembic changes a table of SQLite by copying it, dropping the old one and renaming the copy. The triggers of the old
    table are lost on the way, and renaming fails while a trigger of another table names it. The migrations from 0006 on
    therefore run inside this, and the template of new migrations contains it. On a server this does nothing.

    Args:
        connection: The connection that the migration runs on.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
    found = connection.exec_driver_sql(query).all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, text in found:
        connection.exec_driver_sql(text)
