"""Rows of a table as plain values, for copying them into another file."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.schema import Base, Clip


def values_of(row: Base, *without: str) -> dict[str, Any]:
    """Return the values of a row by column.

    Args:
        row: The row.
        without: Names of columns to leave out.
    """
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in without}


def rows_of(session: Session, model: Any, *conditions: Any) -> Sequence[Any]:
    """Return all rows of a table under some conditions.

    Args:
        session: The session to read from.
        model: The class of the table.
        conditions: Conditions that each row must fulfil.
    """
    return session.scalars(select(model).where(*conditions)).all()


def clip_numbers(source: Session, target: Session) -> dict[int, int]:
    """Map the numbers of clips in one project to those of the clips of the same bytes in another one."""
    there = {sha256: number for sha256, number in target.execute(select(Clip.sha256, Clip.id))}  # noqa: C416
    pairs = source.execute(select(Clip.id, Clip.sha256)).all()
    return {number: there[sha256] for number, sha256 in pairs if sha256 in there}
