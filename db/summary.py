"""Counts of what is in a project, for `project info` and empty screens."""

from sqlalchemy import func, select, table

from db.project import Source, reading
from db.schema import Base, Clip, Run, Trace


def counts(source: Source) -> dict[str, int]:
    """Return the number of rows of each table by its name, and of listed clips and images as `clips` and `images`."""
    with reading(source) as session:
        found = {
            name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in Base.metadata.tables
        }
        kinds = session.execute(select(Clip.kind, func.count()).where(~Clip.removed).group_by(Clip.kind))
        by_kind = dict(kinds.all())
    return {**found, "videos": by_kind.get("video", 0), "images": by_kind.get("image", 0)}


def runs_by_model(source: Source) -> dict[str, int]:
    """Return how many clips each model has run over."""
    query = select(Run.model, func.count(func.distinct(Run.clip_id))).group_by(Run.model).order_by(Run.model)
    with reading(source) as session:
        return dict(session.execute(query).all())


def traces_by_status(source: Source) -> dict[str, int]:
    """Return how many traces are finished, abandoned, interrupted or under way."""
    query = select(Trace.status, func.count()).group_by(Trace.status).order_by(Trace.status)
    with reading(source) as session:
        return dict(session.execute(query).all())
