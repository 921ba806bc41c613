"""An assignment as tables: who is shown what in which order, and how evenly work is dealt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.domain.slots import Slot
from app.domain.study import Study


def preview_rows(slots: Iterable[Slot]) -> list[tuple[str, ...]]:
    """Return the rows of an assignment as a table: rater, place, purpose, item, condition, pass, kind, state."""
    return [
        (
            slot.rater,
            str(slot.position),
            slot.purpose,
            slot.item or slot.check,
            slot.condition,
            str(slot.pass_no),
            slot.kind,
            slot.state,
        )
        for slot in slots
    ]


def balance_rows(study: Study, slots: Iterable[Slot]) -> list[tuple[str, ...]]:
    """Count the presentations of each rater in each condition and in all, to show how evenly work is dealt."""
    counts: Counter[tuple[str, str]] = Counter()
    for slot in slots:
        if slot.purpose == "main":
            counts[slot.rater, slot.condition] += 1
    names = [condition.name for condition in study.conditions]
    raters = sorted({rater for rater, _ in counts})
    return [
        (rater, *(str(counts[rater, name]) for name in names), str(sum(counts[rater, name] for name in names)))
        for rater in raters
    ]
