"""Items, which are what raters judge."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.project import ItemRecord
from app.errors import UserError
from db.names import unused_name, unused_names
from db.project import Source, reading, writing
from db.schema import Clip, FacePerson, FaceTrack, Item, Subject

_SEEN = func.coalesce(FacePerson.subject_id, Clip.subject_id)
"""Who is seen in an item: the person of its face where somebody decided it, else the subject of its clip."""
_SUBJECT = func.coalesce(Subject.code, "")

# Columns and not rows of the class: lists of items are long.
_SELECT = (
    select(
        Item.id,
        Item.uid,
        Item.name,
        Item.clip_id,
        Clip.name,
        Clip.sha256,
        _SUBJECT,
        Item.start_s,
        Item.end_s,
        Item.track_id,
        FaceTrack.track_no,
        Item.target,
        Item.note,
        Item.position,
        Item.removed,
    )
    .join(Clip, Item.clip_id == Clip.id)
    .outerjoin(FacePerson, Item.track_id == FacePerson.track_id)
    .outerjoin(Subject, Subject.id == _SEEN)
    .outerjoin(FaceTrack, Item.track_id == FaceTrack.id)
)
_BY_NUMBER = _SELECT.where(Item.id == bindparam("number"))


class ItemName(NamedTuple):
    """The name of an item, and the clip and subject that it belongs to.

    Attributes:
        id: Number of the item.
        name: The item's name.
        clip: The clip's name.
        subject: Code of the person seen; empty where unknown.
    """

    id: int
    name: str
    clip: str
    subject: str


def _record(found: Any) -> ItemRecord:
    return ItemRecord(*found)  # the columns stand in the record's order


def add(
    source: Source,
    clip_id: int,
    *,
    name: str = "",
    start_s: float | None = None,
    end_s: float | None = None,
    track_id: int | None = None,
    target: dict[str, Any] | None = None,
    uid: str | None = None,
) -> ItemRecord:
    """Add an item. `edits.add_item` does the same as an edit that can be undone.

    Args:
        source: The project, or a session of it, to write to.
        clip_id: Number of the clip.
        name: Name to give to it; the clip's name by default. A number is added if the name is taken.
        start_s: Its beginning in seconds on the clip's PTS axis; None for the clip's beginning.
        end_s: Its end, likewise; None for the clip's end.
        track_id: The target's face track (`TrackRecord.id`).
        target: A target marked by hand, `{"time_s": …, "box": [x, y, w, h]}`.
        uid: The uid that another machine gave; None makes a new one.

    Raises:
        UserError: The range is empty.
    """
    check_range(start_s, end_s)
    with writing(source) as session:
        wanted = name or session.scalars(select(Clip.name).where(Clip.id == clip_id)).one()
        row = Item(
            name=unused_name(session, Item.name, wanted),
            clip_id=clip_id,
            start_s=start_s,
            end_s=end_s,
            track_id=track_id,
            target=target or {},
            position=next_position(session),
        )
        if uid is not None:
            row.uid = uid
        session.add(row)
        session.flush()
        return _record(session.execute(_SELECT.where(Item.id == row.id)).one())


def add_whole(session: Session, clips: Sequence[tuple[int, str]]) -> None:
    """Add an item for each of some clips, which is the whole clip and has its name, at the end of the list.

    Args:
        session: A session that writes to the project.
        clips: Number and name of each clip.
    """
    name_of, position = unused_names(session, Item.name, len(clips)), next_position(session)
    session.add_all(
        Item(name=name_of(name), clip_id=clip_id, target={}, position=position + number)
        for number, (clip_id, name) in enumerate(clips)
    )
    session.flush()


def check_range(start_s: float | None, end_s: float | None) -> None:
    """Raise `UserError` if an item would end before it begins."""
    if start_s is not None and end_s is not None and not start_s < end_s:
        raise UserError(f"The item would end at {end_s:g} s, before it begins.", "Mark its beginning first.")


def next_position(session: Session) -> int:
    """Return the position after that of the last item."""
    return (session.scalar(select(func.max(Item.position))) or 0) + 1


def track_key(session: Session, track_id: int | None) -> list[Any] | None:
    """Return the key by which an edit names a face track: the hash of its geometry and its number within the clip."""
    if track_id is None:
        return None
    track = session.get_one(FaceTrack, track_id)
    return [track.sha256, track.track_no]


def every(source: Source, *, clip_id: int | None = None, removed: bool = False) -> list[ItemRecord]:
    """Return the items in their order.

    Args:
        source: The project, or a session of it, to read from.
        clip_id: Number of the clip to keep to; None for all.
        removed: Whether to return items that were taken out of the lists, and those of such clips, too.
    """
    query = _SELECT.order_by(Item.position, Item.id)
    if clip_id is not None:
        query = query.where(Item.clip_id == clip_id)
    if not removed:
        query = query.where(~Item.removed, ~Clip.removed)
    with reading(source) as session:
        return [_record(found) for found in session.execute(query)]


def names(source: Source) -> list[ItemName]:
    """Return the names of all items in order, also of those taken out of the lists.

    For large tables this is ten times faster than `every`.
    """
    query = (
        select(Item.id, Item.name, Clip.name, _SUBJECT)
        .join(Clip, Item.clip_id == Clip.id)
        .outerjoin(FacePerson, Item.track_id == FacePerson.track_id)
        .outerjoin(Subject, Subject.id == _SEEN)
        .order_by(Item.position, Item.id)
    )
    with reading(source) as session:
        return [ItemName._make(found) for found in session.connection().execute(query).all()]


def clips_of(source: Source) -> dict[int, int]:
    """Return the number of the clip of each item by the item's number, without what was taken out of the lists."""
    query = select(Item.id, Item.clip_id).join(Clip, Item.clip_id == Clip.id).where(~Item.removed, ~Clip.removed)
    with reading(source) as session:
        return {row.id: row.clip_id for row in session.connection().execute(query)}


def get(source: Source, item_id: int) -> ItemRecord:
    """Return one item by its number.

    Raises:
        KeyError: The item does not exist.
    """
    with reading(source) as session:
        found = session.execute(_BY_NUMBER, {"number": item_id}).first()
    if found is None:
        raise KeyError(f"no item {item_id}")
    return _record(found)


def by_name(source: Source, name: str) -> ItemRecord | None:
    """Return the item of this name; None where there is none."""
    with reading(source) as session:
        found = session.execute(_SELECT.where(Item.name == name)).first()
    return None if found is None else _record(found)


def by_uid(source: Source, uid: str) -> ItemRecord | None:
    """Return the item with this uid; None where there is none."""
    with reading(source) as session:
        found = session.execute(_SELECT.where(Item.uid == uid)).first()
    return None if found is None else _record(found)
