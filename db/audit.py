"""The audit log: who did what and when. Rows are only ever added."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.domain.project import AuditRecord
from db.project import Source, reading, writing
from db.schema import Audit


def add(
    source: Source, action: str, detail: dict[str, Any] | None = None, actor: str = "", *, uid: str | None = None
) -> None:
    """Write one line. Given a session, it is part of the same transaction as the change that it reports.

    Args:
        source: The project, or a session of it, to write to.
        action: Name of the action, such as "edit.apply", "blind.open", "model.promote".
        detail: Facts that a reader needs to understand the action, without anything that names a rater.
        actor: Code of the person who did it; empty for whoever runs the program.
        uid: Name of the line, by which `known` finds it again; None gives it a new one.
    """
    with writing(source) as session:
        session.add(Audit(action=action, detail=detail or {}, actor=actor, **({} if uid is None else {"uid": uid})))


def known(source: Source, wanted: Sequence[str]) -> set[str]:
    """Return the uids, among those given, whose lines the project has."""
    with reading(source) as session:
        return set(session.scalars(select(Audit.uid).where(Audit.uid.in_(wanted))))


def recent(source: Source, *, action: str | None = None, limit: int = 1000) -> list[AuditRecord]:
    """Return the newest lines, newest first.

    Args:
        source: The project, or a session of it, to read from.
        action: The action to keep to; a text that ends in a dot keeps all actions that begin with it. None for all.
        limit: Largest number of lines.
    """
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if action is not None:
        query = query.where(
            Audit.action.startswith(action, autoescape=True) if action.endswith(".") else Audit.action == action
        )
    with reading(source) as session:
        return [AuditRecord(row.id, row.at, row.actor, row.action, dict(row.detail)) for row in session.scalars(query)]
