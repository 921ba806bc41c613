"""Names that are unique within a project, whatever their case."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

_ESCAPE = "\\"


def unused_name(session: Session, column: InstrumentedAttribute[str], wanted: str) -> str:
    """Return a name, or its first new form if it is taken: `a.mp4`, `a-2.mp4`, and so on.

    Names are compared without case. The database chooses the few names that could be equal, so that adding a clip costs
    the same whatever the number of clips.

    Args:
        session: A session of the project.
        column: The column whose values must differ.
        wanted: The name to begin with.
    """
    used = {name.casefold() for name in alike(session, column, PurePosixPath(wanted))}
    return _free(wanted, used, 2)[0]


def unused_names(session: Session, column: InstrumentedAttribute[str], count: int) -> Callable[[str], str]:
    """Return a function that does for many rows what `unused_name` does for one.

    Args:
        session: A session of the project, in which nobody else writes.
        column: The column whose values must differ.
        count: How many names are wanted. For several, all names of the column are read once.
    """
    if count <= 1:
        return partial(unused_name, session, column)
    used = {name.casefold() for name in session.scalars(select(column))}
    following: dict[str, int] = {}

    def take(wanted: str) -> str:
        key = wanted.casefold()
        name, following[key] = _free(wanted, used, following.get(key, 2))
        used.add(name.casefold())
        return name

    return take


def _free(wanted: str, used: Collection[str], number: int) -> tuple[str, int]:
    """Return a name that is not used, and the number from which the next one is to be sought."""
    if wanted.casefold() not in used:
        return wanted, number
    path = PurePosixPath(wanted)
    while (name := f"{path.stem}-{number}{path.suffix}").casefold() in used:
        number += 1
    return name, number + 1


def alike(session: Session, column: InstrumentedAttribute[str], path: PurePosixPath) -> list[str]:
    """Return the names of a column that could be a name or one of its new forms, whatever their case."""
    pattern = f"{_pattern(path.stem)}%{_pattern(path.suffix)}"
    return list(session.scalars(select(column).where(column.ilike(pattern, escape=_ESCAPE))))


def _pattern(text: str) -> str:
    """Return a pattern for LIKE that matches whatever equals the text without case, and perhaps more.

    SQLite ignores the case of ASCII letters only, and folding the case of other letters may change their number.
    """
    return "".join(
        "%" if not character.isascii() else _ESCAPE + character if character in "%_\\" else character
        for character in text
    )
