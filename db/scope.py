"""Limits what a rater may see of a project. The limits are enforced where SQL is run.

A rater's connection has a separate view in front of every table. It shows only the rater's own labels and no
predictions. Queries need not know of it: the unqualified name `answer` means the view. On SQLite an authorizer also
refuses every way around the views (other schemas' names, dropping a view, attaching a file). A table without a rule
cannot be read at all, so a new table stays closed until somebody decides about it. This guards against mistakes of the
program, not against opening the file by hand.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import JSON, Engine, Integer, event
from sqlalchemy.orm import Session

from db import engine as engines
from db.project import Project
from db.rules import RULES, undecided
from db.schema import Base
from db.server import server_engine

_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE}
)


class RaterView:
    """A project as one rater may see it. `read` opens the sessions that all queries of `db` take.

    Attributes:
        rater_id: Number of the rater.
        folder: The folder from which relative paths of clips start, as in `Project`.
    """

    def __init__(self, project: Project, rater_id: int) -> None:
        """Open a connection of its own to the project.

        Args:
            project: Open; close this view before it.
            rater_id: The rater; one who does not exist sees no labels at all.

        Raises:
            UserError: A table has no rule, so it is not safe to go on.
        """
        undecided()
        self.rater_id = int(rater_id)
        self.folder = project.folder
        self._engine = _engine(project, self.rater_id)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one unchanging state of what the rater may see, and cannot write."""
        with engines.told_to_user(), Session(self._engine, autoflush=False) as session:
            session.connection()
            yield session

    def close(self) -> None:
        """Close the connection. A second call does nothing."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _engine(project: Project, rater_id: int) -> Engine:
    if project.path is not None:
        engine = engines.sqlite_engine(Path(project.path), writer=False)

        @event.listens_for(engine, "connect")
        def _guard(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA query_only=OFF")  # temporary views count as writing
            for statement in _views(rater_id, "main"):
                connection.execute(statement)
            connection.execute("PRAGMA query_only=ON")
            connection.set_authorizer(_authorize)

        return engine
    # The text of a URL hides its password unless asked not to.
    engine = server_engine(
        project.reader.url.render_as_string(hide_password=False), writer=False, patience=project.patience
    )

    @event.listens_for(engine, "connect")
    def _guard_server(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = '"' + str(cursor.fetchone()[0]).replace('"', '""') + '"'
            for statement in _views(rater_id, schema):
                cursor.execute(statement)
        connection.commit()

    return engine


def _views(rater_id: int, schema: str) -> Iterator[str]:
    """Write one temporary view in front of each table; SQL prefers temporary names."""
    columns = {table.name: _certain_column(table) for table in Base.metadata.sorted_tables}
    for table, (rule, rows) in RULES.items():
        # The rule must use a column that is not a row number: SQLite asks the authorizer about a view without used
        # columns (for count(*)) as if the statement read the table itself. The column is never NULL, so the rule is
        # always true, or never.
        column = columns.get(table, "version_num")
        where = {
            "open": f'"{column}" = "{column}"',
            "closed": f'"{column}" <> "{column}"',
            "own": f'"{column}" = "{column}" AND {rows.format(me=rater_id, schema=schema)}',
        }[rule]
        yield f'CREATE TEMP VIEW "{table}" AS SELECT * FROM {schema}."{table}" WHERE {where}'


def _certain_column(table: Any) -> str:
    """A column that is never NULL, can be compared, and is not SQLite's row number, as a single integer key is."""
    single = len(table.primary_key.columns) == 1
    for column in table.columns:
        row_number = single and column.primary_key and isinstance(column.type, Integer)
        if not (column.nullable or row_number or isinstance(column.type, JSON)):
            return str(column.name)
    raise ValueError(f"table {table.name} has no column that is certain to be there")


def _authorize(action: int, first: str | None, second: str | None, schema: str | None, through: str | None) -> int:
    """SQLite's authorizer: reading goes through our views only, and nothing else is done on this connection.

    Args:
        action: What is about to be compiled.
        first: For reading, the table.
        second: For reading, the column.
        schema: "main" for the tables of the file, "temp" for our views.
        through: The view that reads, None for a statement itself.
    """
    if action == sqlite3.SQLITE_READ:
        if schema == "main" and first in RULES and through not in RULES:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
