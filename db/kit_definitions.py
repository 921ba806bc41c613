"""Fills the project of a kit: the definitions that its rater needs, copied row by row.

They are read through a session that shows one rater's rows only (`db.scope`), so a kit cannot carry more.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.row_values import clip_numbers, rows_of, values_of
from db.schema import FaceTrack, Item, Rater, Slot, Study, StudyItem, StudyRater, StudyVersion


def copy_definitions(source: Session, target: Session, rater_id: int, study_ids: Sequence[int]) -> None:
    """Fill an empty project with the rater, studies with all versions, items, face tracks and the rater's assignment.

    Args:
        source: A session that shows only this rater's rows.
        target: An empty project that holds the clips already.
        rater_id: Number of the rater in the source.
        study_ids: Numbers of the studies in the source.
    """
    clip_of = clip_numbers(source, target)
    target.execute(delete(Item))  # adding a clip made an item of it; the project's own come instead
    rater = source.get_one(Rater, rater_id)
    mine = Rater(**values_of(rater, "id"))
    target.add(mine)
    target.flush()
    item_of: dict[int, int] = {}
    for study_id in study_ids:
        study = Study(**values_of(source.get_one(Study, study_id), "id"))
        target.add(study)
        target.flush()
        for version in rows_of(source, StudyVersion, StudyVersion.study_id == study_id):
            target.add(StudyVersion(**{**values_of(version), "study_id": study.id}))
        slots = rows_of(source, Slot, Slot.study_id == study_id, Slot.rater_id == rater_id)
        for item_id in sorted({slot.item_id for slot in slots if slot.item_id is not None} - item_of.keys()):
            item_of[item_id] = _copy_item(source, target, item_id, clip_of)
        for link in rows_of(source, StudyItem, StudyItem.study_id == study_id):
            if link.item_id in item_of:
                target.add(StudyItem(study_id=study.id, item_id=item_of[link.item_id], added_at=link.added_at))
        for member in rows_of(source, StudyRater, StudyRater.study_id == study_id, StudyRater.rater_id == rater_id):
            target.add(StudyRater(**{**values_of(member), "study_id": study.id, "rater_id": mine.id}))
        for slot in slots:
            item = item_of[slot.item_id] if slot.item_id is not None else None
            values = {**values_of(slot, "id"), "study_id": study.id, "rater_id": mine.id, "item_id": item}
            target.add(Slot(**values))
        target.flush()


def _copy_track(target: Session, track: FaceTrack, clip_id: int) -> int:
    """Copy a face track, once; returns its number there."""
    same = select(FaceTrack.id).where(
        FaceTrack.clip_id == clip_id, FaceTrack.sha256 == track.sha256, FaceTrack.track_no == track.track_no
    )
    number = target.scalar(same)
    if number is None:
        copied = FaceTrack(**{**values_of(track, "id"), "clip_id": clip_id})
        target.add(copied)
        target.flush()
        number = copied.id
    return number


def _copy_item(source: Session, target: Session, item_id: int, clip_of: dict[int, int]) -> int:
    item = source.get_one(Item, item_id)
    track_id = None
    if item.track_id is not None:
        # The other faces of the clip too: what is shown of one face must not show its neighbours.
        for track in rows_of(source, FaceTrack, FaceTrack.clip_id == item.clip_id):
            copied_id = _copy_track(target, track, clip_of[track.clip_id])
            track_id = copied_id if track.id == item.track_id else track_id
    values = {**values_of(item, "id"), "clip_id": clip_of[item.clip_id], "track_id": track_id}
    copy = Item(**values)
    target.add(copy)
    target.flush()
    return copy.id
