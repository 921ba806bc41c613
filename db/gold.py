"""Gold standards: values derived from labels by a stored recipe. They are kept beside the raw data."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.domain.project import GoldKind, GoldRecord
from db import audit
from db.blobs import pack, unpack
from db.project import Source, reading, writing
from db.schema import Gold


def _record(row: Gold) -> GoldRecord:
    return GoldRecord(
        id=row.id,
        uid=row.uid,
        item_id=row.item_id,
        study_id=row.study_id,
        condition=row.condition,
        kind=cast(GoldKind, row.kind),
        name=row.name,
        recipe=dict(row.recipe),
        sources=tuple(row.sources.get("uids", ())),
        value=dict(row.value),
        times_s=None if row.times_s is None else unpack(row.times_s),
        values=None if row.values is None else unpack(row.values),
        chosen=row.chosen,
        actor=row.actor,
        created_at=row.created_at,
    )


def add(
    source: Source,
    item_id: int,
    kind: GoldKind,
    name: str,
    recipe: dict[str, Any],
    sources: Sequence[str],
    *,
    condition: str,
    study_id: int | None = None,
    value: dict[str, Any] | None = None,
    times_s: NDArray[np.float64] | None = None,
    values: NDArray[np.float32] | None = None,
    actor: str = "",
) -> GoldRecord:
    """Store a gold standard. The first of its item, condition and kind is the chosen one.

    Args:
        source: The project, or a session of it, to write to.
        item_id: Number of the item.
        kind: "trace", "intensity" or "category".
        name: Name to show, such as "EWE, lag-aligned".
        recipe: Everything that is needed to make it again.
        sources: The uids of the traces or answers that it was made from.
        condition: Condition of the labels.
        study_id: Number of the study of the labels; None outside a study.
        value: The value of each emotion, or the share of each category.
        times_s: float64 N, seconds on the clip's PTS axis; only for traces.
        values: float32 N×2 (valence, arousal) in −1…1; only for traces.
        actor: Code of the person who made it.

    Raises:
        ValueError: The arrays do not fit the kind or each other.
    """
    if (kind == "trace") != (times_s is not None and values is not None):
        raise ValueError("traces have times and values, the others have neither")
    if times_s is not None and values is not None and values.shape != (len(times_s), 2):
        raise ValueError("values must be one row of two for each time")
    with writing(source) as session:
        rivals = select(Gold.id).where(
            Gold.item_id == item_id, Gold.condition == condition, Gold.kind == kind, Gold.chosen
        )
        row = Gold(
            item_id=item_id,
            study_id=study_id,
            condition=condition,
            kind=kind,
            name=name,
            recipe=recipe,
            sources={"uids": list(sources)},
            value=value or {},
            times_s=None if times_s is None else pack(times_s.astype(np.float64, copy=False)),
            values=None if values is None else pack(values.astype(np.float32, copy=False)),
            chosen=session.scalar(rivals.limit(1)) is None,
            actor=actor,
        )
        session.add(row)
        session.flush()
        audit.add(session, "gold.add", {"gold": row.uid, "kind": kind, "recipe": recipe}, actor)
        return _record(row)


def for_item(source: Source, item_id: int, *, chosen_only: bool = False) -> list[GoldRecord]:
    """Return the gold standards of an item, newest first."""
    query = select(Gold).where(Gold.item_id == item_id).order_by(Gold.id.desc())
    with reading(source) as session:
        return [_record(row) for row in session.scalars(query.where(Gold.chosen) if chosen_only else query)]


def every(source: Source, *, kind: GoldKind | None = None, chosen_only: bool = False) -> list[GoldRecord]:
    """Return every gold standard, oldest first.

    Args:
        source: The project, or a session of it, to read from.
        kind: The kind to keep to; None for all.
        chosen_only: Whether to keep to those that training and display use.
    """
    query = select(Gold).order_by(Gold.id)
    if kind is not None:
        query = query.where(Gold.kind == kind)
    with reading(source) as session:
        return [_record(row) for row in session.scalars(query.where(Gold.chosen) if chosen_only else query)]
