"""Statements on the path from a click to the disk, which are built and compiled only once.

SQLAlchemy spends several times as long on running a statement as SQLite does, and a rater waits for each answer. On
SQLite these few statements therefore go to the driver as they were compiled; on a server they go the usual way.
"""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, Delete, Insert, Select, Table, Update
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from db.digests import connection_of, driver_of
from db.kinds import Touched

TOUCHED: Final = "touched"
"""Key under which a session of `db.project` keeps what its statements have touched."""


class _Place(NamedTuple):
    """The value for one question mark.

    Attributes:
        name: Name of the value in a row; empty for a constant.
        convert: Function of the type that converts a value, None for none.
        constant: The value where it is none of the row.
    """

    name: str
    convert: Callable[[Any], Any] | None
    constant: Any


class Prepared:
    """A statement that is always run with values of the same names.

    Args:
        statement: A statement that changes or reads rows. The values to be given are its parameters, or columns of the
            table that it changes.
    """

    def __init__(self, statement: Insert | Update | Delete | Select[Any]) -> None:
        self._statement = statement
        self._changes = None if isinstance(statement, Select) else cast(Table, statement.table).name
        self._text = ""
        self._places: tuple[_Place, ...] = ()

    def run(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run the statement once.

        Args:
            session: A session that may write.
            values: The values by name, with the same names each time.

        Returns:
            The rows that it returns; empty for a statement that returns none.

        Raises:
            KeyError: A value is missing.
            DBAPIError: The database refuses it; the error is the one that SQLAlchemy raises.
        """
        connection = connection_of(session)
        touched: Touched | None = session.info.get(TOUCHED)
        if touched is None or connection.dialect.name != "sqlite":
            result = connection.execute(self._statement, dict(values))
            return [tuple(row) for row in result] if result.returns_rows else []
        self._compile(connection, values)
        if self._changes is not None:
            touched.add(self._changes)
        row = self._bound(values)
        try:
            return driver_of(connection).execute(self._text, row).fetchall()
        except sqlite3.Error as error:
            raise self._as_usual(error) from error

    def run_many(self, session: Session, rows: list[dict[str, Any]]) -> None:
        """Run the statement once for each row, without results; see `run`."""
        connection = connection_of(session)
        touched: Touched | None = session.info.get(TOUCHED)
        if not rows:
            return
        if touched is None or connection.dialect.name != "sqlite":
            connection.execute(self._statement, rows)
            return
        self._compile(connection, rows[0])
        if self._changes is not None:
            touched.add(self._changes)
        bound = [self._bound(values) for values in rows]
        try:
            driver_of(connection).executemany(self._text, bound)
        except sqlite3.Error as error:
            raise self._as_usual(error) from error

    def _as_usual(self, error: sqlite3.Error) -> Exception:
        """Turn the driver's error into the one that SQLAlchemy raises."""
        return DBAPIError.instance(self._text, None, error, sqlite3.Error)

    def _bound(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            constant if not name else values[name] if convert is None else convert(values[name])
            for name, convert, constant in self._places
        ]

    def _compile(self, connection: Connection, values: Mapping[str, Any]) -> None:
        if self._text:
            return
        dialect = connection.dialect
        compiled = self._statement.compile(dialect=dialect, column_keys=list(values))
        self._places = tuple(_place(compiled, name, values, dialect) for name in compiled.positiontup or ())
        self._text = compiled.string


def _place(compiled: SQLCompiler, name: str, values: Mapping[str, Any], dialect: Dialect) -> _Place:
    parameter = compiled.binds[name]
    convert = parameter.type.dialect_impl(dialect).bind_processor(dialect)
    if name in values:
        return _Place(name, convert, None)
    if parameter.value is None or parameter.required:
        raise KeyError(f"{name} is not among the values")
    return _Place("", None, parameter.value if convert is None else convert(parameter.value))
