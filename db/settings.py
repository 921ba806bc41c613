"""Settings that belong to this project and not to the user."""

from typing import Any

from sqlalchemy import select

from db import presence
from db.project import Source, reading, writing
from db.schema import Setting


def every(source: Source) -> dict[str, Any]:
    """Return the project's settings by key; one that is missing has its default."""
    with reading(source) as session:
        ours = session.scalars(select(Setting).where(~Setting.key.startswith(presence.KEY, autoescape=True)))
        return {row.key: row.value for row in ours}


def get(source: Source, key: str, default: Any = None) -> Any:
    """Return one setting, or a default where the project does not set it."""
    with reading(source) as session:
        row = session.get(Setting, key)
        return default if row is None else row.value


def put(source: Source, key: str, value: Any) -> None:
    """Store a setting, which may be anything that JSON can hold."""
    with writing(source) as session:
        session.merge(Setting(key=key, value=value))


def remove(source: Source, key: str) -> None:
    """Remove a setting, so that the default holds again."""
    with writing(source) as session:
        row = session.get(Setting, key)
        if row is not None:
            session.delete(row)
