"""Which faces the items of a project get as targets, once faces were looked for in their clips."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import db.answers
import db.clips
import db.edits
import db.items
import db.runs
import db.tracks
from app.domain.project import ItemRecord, TrackRecord
from db.project import Source, reading, writing

MAIN_SHARE: Final = 0.5
"""A face that is seen in at least this share of a clip's frames gets an item of its own."""


@dataclass(frozen=True)
class NewItem:
    """A further face of a clip that shall be judged.

    Attributes:
        beside: The item of the clip's main face.
        name: The new item's name.
        track: The face.
    """

    beside: ItemRecord
    name: str
    track: TrackRecord


def items_for_study(source: Source) -> list[ItemRecord]:
    """Return the project's items, each with a target if faces were tracked.

    An item that has no target yet gets the face that is seen longest. Further faces that are seen in most of a clip
    get items of their own. Items that were answered already stay as they are.
    """
    with writing(source) as session:
        chosen, more = _faces(session, db.items.every(session))
        for item, track in chosen:
            db.edits.apply(session, db.edits.set_target(session, item, track_id=track.id))
        for new in more:
            db.items.add(session, new.beside.clip_id, name=new.name, track_id=new.track.id)
        return db.items.every(session)


def items_as_for_study(source: Source) -> list[ItemRecord]:
    """Return the items as `items_for_study` would leave them, changing nothing; items that it would add have id 0."""
    with reading(source) as session:
        items = db.items.every(session)
        chosen, more = _faces(session, items)
    targets = {item.id: track for item, track in chosen}
    known = [
        replace(item, track_id=targets[item.id].id, track_no=targets[item.id].track_no) if item.id in targets else item
        for item in items
    ]
    added = [
        replace(one.beside, id=0, uid="", name=one.name, track_id=one.track.id, track_no=one.track.track_no)
        for one in more
    ]
    return known + added


def _faces(source: Source, items: list[ItemRecord]) -> tuple[list[tuple[ItemRecord, TrackRecord]], list[NewItem]]:
    """Return the faces that items without a target get, and the items that further faces get."""
    bare = [item for item in items if item.track_id is None and not item.target]
    chosen: list[tuple[ItemRecord, TrackRecord]] = []
    more: list[NewItem] = []
    if not bare:
        return chosen, more
    with reading(source) as session:
        used, frames, looked = db.answers.judged_items(session), db.clips.frames(session), db.runs.newest(session)
        taken = {(item.clip_id, item.track_id) for item in items}
        for item in bare:
            found = db.tracks.of_clip(session, item.clip_id) if item.clip_id in looked and item.id not in used else []
            tracks = sorted(found, key=lambda one: (-one.n_frames, one.track_no))
            if not tracks:
                continue
            chosen.append((item, tracks[0]))
            taken.add((item.clip_id, tracks[0].id))
            whole = item.start_s is None and item.end_s is None
            seen_in = MAIN_SHARE * max(frames[item.clip_id], 1)
            for track in tracks[1:]:
                if whole and (item.clip_id, track.id) not in taken and track.n_frames >= seen_in:
                    more.append(NewItem(item, f"{item.name} face {track.track_no}", track))
                    taken.add((item.clip_id, track.id))
    return chosen, more
