"""Assignments: each rater's planned presentations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, case, delete, func, select, update

from app.domain.slots import Assignment, Slot, State
from app.domain.study import Purpose, TaskKind
from app.domain.study_records import RaterProgress, StoredSlot, Waiting
from db.prepared import Prepared
from db.project import Source, reading, writing
from db.schema import Clip, Item, Rater
from db.schema import Slot as SlotRow

_SELECT = (
    select(SlotRow, Rater.code, Item.name)
    .join(Rater, SlotRow.rater_id == Rater.id)
    .outerjoin(Item, SlotRow.item_id == Item.id)
)

# Every step of a rater asks these; building them anew takes longer than running them.
_MINE: Final = (SlotRow.study_id == bindparam("study"), SlotRow.rater_id == bindparam("rater"))
_EARLIER: Final = (*_MINE, SlotRow.position < bindparam("place"))
_CURRENT: Final = (
    _SELECT.where(*_MINE, SlotRow.state != "answered", SlotRow.position > bindparam("place"))
    .order_by(SlotRow.position)
    .limit(1)
)
_TOTAL: Final = select(func.count()).where(*_MINE)
_BEFORE: Final = select(func.count()).where(*_EARLIER)
_LAST: Final = _SELECT.where(*_EARLIER).order_by(SlotRow.position.desc()).limit(1)
_LAST_SHOWN: Final = (
    select(SlotRow.condition).where(*_EARLIER, SlotRow.condition != "").order_by(SlotRow.position.desc()).limit(1)
)

_SLOT: Final = cast(Table, SlotRow.__table__)
_SET_STATE: Final = Prepared(
    update(_SLOT)
    .where(_SLOT.c.id == bindparam("slot"), _SLOT.c.state != "answered")
    .values(state=bindparam("new_state"))
)


def _stored(found: Any) -> StoredSlot:
    row, rater, item = found
    slot = Slot(
        rater=rater,
        position=row.position,
        item=item or "",
        condition=row.condition,
        pass_no=row.pass_no,
        kind=cast(TaskKind, row.kind),
        purpose=cast(Purpose, row.purpose),
        check=row.check_name,
        state=cast(State, row.state),
    )
    return StoredSlot(row.id, row.uid, row.study_id, row.rater_id, row.item_id, slot)


def slots(source: Source, study_id: int, *, rater_id: int | None = None) -> list[StoredSlot]:
    """Return the assignment, ordered by rater and place.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study.
        rater_id: Number of the rater to keep to; None for all.
    """
    query = _SELECT.where(SlotRow.study_id == study_id).order_by(Rater.code, SlotRow.position)
    if rater_id is not None:
        query = query.where(SlotRow.rater_id == rater_id)
    with reading(source) as session:
        return [_stored(found) for found in session.execute(query)]


def get(source: Source, slot_id: int) -> StoredSlot:
    """Return one planned presentation by number.

    Raises:
        KeyError: The planned presentation does not exist.
    """
    with reading(source) as session:
        found = session.execute(_SELECT.where(SlotRow.id == slot_id)).first()
    if found is None:
        raise KeyError(f"no planned presentation {slot_id}")
    return _stored(found)


def current(source: Source, study_id: int, rater_id: int, *, after: int = 0) -> StoredSlot | None:
    """Return the next presentation for a rater, which is the first that is not answered; None where all are answered.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study.
        rater_id: Number of the rater.
        after: Place after which to look.
    """
    with reading(source) as session:
        found = session.execute(_CURRENT, {"study": study_id, "rater": rater_id, "place": after}).first()
    return None if found is None else _stored(found)


@dataclass(frozen=True)
class Surroundings:
    """The position of a place in its rater's list.

    Attributes:
        number: Number of the place, from 1.
        total: Number of places in the list.
        before: The place before it; None for the first.
        last_condition: The condition that was shown last before it; empty where there was none.
    """

    number: int
    total: int
    before: Slot | None
    last_condition: str


def surroundings(source: Source, study_id: int, rater_id: int, position: int) -> Surroundings:
    """Return the position of a place in its rater's list without reading the list."""
    asked = {"study": study_id, "rater": rater_id, "place": position}
    with reading(source) as session:
        total = session.scalar(_TOTAL, asked) or 0
        number = (session.scalar(_BEFORE, asked) or 0) + 1
        found = session.execute(_LAST, asked).first()
        last = session.scalar(_LAST_SHOWN, asked) or ""
    return Surroundings(number, total, None if found is None else _stored(found).slot, last)


def replace(source: Source, study_id: int, plan: Assignment) -> None:
    """Replace the stored plan by another one; equal rows stay untouched.

    Raises:
        ValueError: The plan would drop something started or answered, or names unknown raters or items.
    """
    with writing(source) as session:
        rater_ids = dict(session.execute(select(Rater.code, Rater.id)).all())
        item_ids = dict(session.execute(select(Item.name, Item.id)).all())
        stored = {one.slot: one for one in slots(session, study_id)}
        wanted = set(plan.slots)
        gone = [one for slot, one in stored.items() if slot not in wanted]
        if any(one.slot.state != "planned" for one in gone):
            raise ValueError("the plan drops presentations that were started")
        numbers = [one.id for one in gone]
        for begin in range(0, len(numbers), 500):
            session.execute(delete(SlotRow).where(SlotRow.id.in_(numbers[begin : begin + 500])))
        new = [slot for slot in plan.slots if slot not in stored]
        unknown = {s.rater for s in new} - rater_ids.keys() | {s.item for s in new if s.item} - item_ids.keys()
        if unknown:
            raise ValueError(f"unknown raters or items: {', '.join(sorted(unknown))}")
        session.add_all(
            SlotRow(
                study_id=study_id,
                rater_id=rater_ids[slot.rater],
                position=slot.position,
                item_id=item_ids[slot.item] if slot.item else None,
                condition=slot.condition,
                pass_no=slot.pass_no,
                kind=slot.kind,
                purpose=slot.purpose,
                check_name=slot.check,
                state=slot.state,
            )
            for slot in new
        )
        session.flush()


def set_state(source: Source, slot_id: int, state: State) -> None:
    """Note that a presentation was started or answered; an answered one stays answered."""
    with writing(source) as session:
        _SET_STATE.run(session, {"slot": slot_id, "new_state": state})


def progress(source: Source, study_id: int, *, rater_id: int | None = None) -> dict[int, RaterProgress]:
    """Return the progress of each rater by number; raters without an assignment are left out."""
    answered = case((SlotRow.state == "answered", 1), else_=0)
    main = case((SlotRow.purpose == "main", 1), else_=0)
    query = (
        select(
            SlotRow.rater_id,
            func.sum(answered),
            func.count(),
            func.sum(answered * main),
            func.sum(main),
        )
        .where(SlotRow.study_id == study_id)
        .group_by(SlotRow.rater_id)
    )
    if rater_id is not None:
        query = query.where(SlotRow.rater_id == rater_id)
    with reading(source) as session:
        return {rater: RaterProgress(*map(int, counts)) for rater, *counts in session.execute(query)}


def set_answered(source: Source, slot_ids: Sequence[int]) -> None:
    """Note that many presentations are answered."""
    with writing(source) as session:
        for begin in range(0, len(slot_ids), 500):
            some = SlotRow.id.in_(slot_ids[begin : begin + 500])
            session.execute(update(SlotRow).where(some).values(state="answered"))


def waiting(source: Source, study_id: int, rater_id: int) -> dict[TaskKind, Waiting]:
    """Return what a rater still has to do, by kind; kinds of which nothing is left are omitted."""
    length = func.coalesce(Item.end_s, Clip.duration_s, 0.0) - func.coalesce(Item.start_s, 0.0)
    query = (
        select(SlotRow.kind, func.count(), func.coalesce(func.sum(length), 0.0))
        .outerjoin(Item, SlotRow.item_id == Item.id)
        .outerjoin(Clip, Item.clip_id == Clip.id)
        .where(SlotRow.study_id == study_id, SlotRow.rater_id == rater_id, SlotRow.state != "answered")
        .group_by(SlotRow.kind)
    )
    with reading(source) as session:
        return {cast(TaskKind, kind): Waiting(n, float(seconds)) for kind, n, seconds in session.execute(query)}
