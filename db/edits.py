"""Edits that can be undone. Each function reads the present values and returns an edit; it changes nothing itself.

`apply(project, edit)` carries an edit out and `apply(project, edit.inverse())` undoes it; both return what changed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.changes import Edit, Kind, RowChange, Values
from app.domain.project import GoldRecord, ItemRecord, RaterRecord, Role
from app.errors import UserError
from db import items
from db.answer_edits import correct_answer, judge_trace, to_answer
from db.edit_rows import apply, current
from db.names import unused_name
from db.paths import stored
from db.project import Project, Source, reading
from db.schema import Clip, Exclusion, FacePerson, Gold, Item, Rater, Setting, Subject, new_uid, now

__all__ = [
    "add_item",
    "apply",
    "change_item",
    "change_rater",
    "change_setting",
    "choose_gold",
    "correct_answer",
    "exclude_rater",
    "include_rater",
    "judge_trace",
    "relink",
    "remove_clips",
    "remove_items",
    "rename_clip",
    "rename_subject",
    "set_subject",
    "set_target",
    "to_answer",
]


def _update(session: Session, kind: Kind, key: str, row: Any, wanted: Values) -> list[RowChange]:
    """Return the change of one row, limited to values that differ; an empty list where none does."""
    before = current(session, row, wanted)
    names = [name for name in wanted if before[name] != wanted[name]]
    if not names:
        return []
    return [RowChange(kind, key, {name: before[name] for name in names}, {name: wanted[name] for name in names})]


def rename_subject(project: Project, old: str, new: str) -> Edit:
    """Give a subject another code. Where another subject has that code, clips and faces are given to that subject.

    Raises:
        UserError: The new code is empty.
        KeyError: No subject has the old code.
    """
    new = new.strip()
    if not new:
        raise UserError("A subject needs a code.", "Enter a short one, such as S01.")
    with project.read() as session:
        row = session.scalar(select(Subject).where(Subject.code == old))
        if row is None:
            raise KeyError(f"no subject {old}")
        title = f"Rename subject {old} to {new}"
        if session.scalar(select(Subject.id).where(Subject.code == new)) is None:
            return Edit(title, tuple(_update(session, "subject", row.uid, row, {"code": new})))
        clips = session.scalars(select(Clip).where(Clip.subject_id == row.id))
        changes = [change for clip in clips for change in _update(session, "clip", clip.sha256, clip, {"subject": new})]
        for face in session.scalars(select(FacePerson).where(FacePerson.subject_id == row.id)):
            changes += _update(session, "face", face.uid, face, {"subject": new})
    return Edit(title, tuple(changes))


def set_subject(project: Project, clip_ids: Sequence[int], code: str) -> Edit:
    """Set the subject of some clips; an empty code means that the subject is unknown."""
    return _update_clips(project, clip_ids, {"subject": code.strip()}, f"Set subject {code.strip() or '–'}")


def rename_clip(project: Project, clip_id: int, name: str) -> Edit:
    """Give a clip another name."""
    return _update_clips(project, [clip_id], {"name": name.strip()}, f"Rename clip to {name.strip()}")


def remove_clips(project: Project, clip_ids: Sequence[int]) -> Edit:
    """Take clips out of the lists. Their labels and predictions are kept and return when this is undone."""
    title = "Remove clip" if len(clip_ids) == 1 else f"Remove {len(clip_ids)} clips"
    return _update_clips(project, clip_ids, {"removed": True}, title)


def relink(project: Project, clip_id: int, path: Path, sha256: str) -> Edit:
    """Set the present place of a clip's file.

    Args:
        project: The open project that holds the clip.
        clip_id: Number of the clip.
        path: The file.
        sha256: SHA-256 of its bytes.

    Raises:
        UserError: The file has other bytes than the clip.
    """
    with project.read() as session:
        row = session.get_one(Clip, clip_id)
        if row.sha256 != sha256:
            raise UserError(
                f"{path} is not the clip {row.name}: its content differs.",
                "Choose the original file or an exact copy of it.",
            )
    return _update_clips(project, [clip_id], {"path": stored(path, project.folder)}, "Find clip again")


def _update_clips(project: Project, clip_ids: Sequence[int], wanted: Values, title: str) -> Edit:
    with project.read() as session:
        rows = session.scalars(select(Clip).where(Clip.id.in_(clip_ids)))
        return Edit(title, tuple(c for row in rows for c in _update(session, "clip", row.sha256, row, wanted)))


def add_item(
    project: Project,
    clip_id: int,
    *,
    name: str = "",
    start_s: float | None = None,
    end_s: float | None = None,
    track_id: int | None = None,
    target: Mapping[str, Any] | None = None,
) -> Edit:
    """Add an item of a clip, with the arguments of `db.items.add`.

    The item's uid is the edit's key, see `items.by_uid`.
    """
    items.check_range(start_s, end_s)
    with project.read() as session:
        clip = session.get_one(Clip, clip_id)
        free = unused_name(session, Item.name, name or clip.name)
        after = {
            "clip": clip.sha256,
            "name": free,
            "start_s": start_s,
            "end_s": end_s,
            "track": items.track_key(session, track_id),
            "target": dict(target or {}),
            "position": items.next_position(session),
        }
    return Edit(f"Add item {free}", (RowChange("item", new_uid(), None, after),))


def change_item(project: Project, item: ItemRecord, **wanted: Any) -> Edit:
    """Change `name`, `start_s`, `end_s`, `note` or `position` of an item.

    Raises:
        UserError: The range would be empty.
    """
    items.check_range(wanted.get("start_s", item.start_s), wanted.get("end_s", item.end_s))
    with project.read() as session:
        row = session.get_one(Item, item.id)
        return Edit(f"Change item {item.name}", tuple(_update(session, "item", row.uid, row, wanted)))


def set_target(
    source: Source, item: ItemRecord, *, track_id: int | None = None, target: Mapping[str, Any] | None = None
) -> Edit:
    """Set which face of an item is judged: a stored face track, or a box marked by hand.

    Args:
        source: The project, or a session of it, that holds the item.
        item: The item.
        track_id: The face track (`TrackRecord.id`); None for no track.
        target: `{"time_s": …, "box": [x, y, w, h]}` in pixels of the displayed frame; None for no box.
    """
    with reading(source) as session:
        row = session.get_one(Item, item.id)
        wanted = {"track": items.track_key(session, track_id), "target": dict(target or {})}
        return Edit(f"Set target of {item.name}", tuple(_update(session, "item", row.uid, row, wanted)))


def remove_items(project: Project, item_ids: Sequence[int]) -> Edit:
    """Take items out of the lists; their labels are kept."""
    title = "Remove item" if len(item_ids) == 1 else f"Remove {len(item_ids)} items"
    with project.read() as session:
        rows = session.scalars(select(Item).where(Item.id.in_(item_ids)))
        return Edit(title, tuple(c for row in rows for c in _update(session, "item", row.uid, row, {"removed": True})))


def change_rater(
    project: Project,
    rater: RaterRecord,
    *,
    code: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
) -> Edit:
    """Change a rater's code, role, or whether the rater still takes part; None leaves a value as it is."""
    wanted = {"code": code, "role": role, "active": active}
    with project.read() as session:
        row = session.get_one(Rater, rater.id)
        given = {name: value for name, value in wanted.items() if value is not None}
        return Edit(f"Change rater {rater.code}", tuple(_update(session, "rater", row.uid, row, given)))


def exclude_rater(project: Project, rater: RaterRecord, reason: str, decided_by: str = "") -> Edit:
    """Leave a rater out of analyses; nothing of the rater is deleted.

    Raises:
        UserError: No reason is given, or the rater is left out already.
    """
    if not reason.strip():
        raise UserError("An exclusion needs a reason.", "Write down why this rater is left out.")
    with project.read() as session:
        if session.scalar(select(Exclusion.id).where(Exclusion.rater_id == rater.id)) is not None:
            raise UserError(f"{rater.code} is left out already.", "Include the rater first.")
    after = {"rater": rater.uid, "reason": reason.strip(), "decided_by": decided_by, "decided_at": now()}
    return Edit(f"Exclude rater {rater.code}", (RowChange("exclusion", new_uid(), None, after),))


def include_rater(project: Project, rater: RaterRecord) -> Edit:
    """Count a rater in analyses again; the audit log keeps the exclusion and its reason."""
    with project.read() as session:
        rows = session.scalars(select(Exclusion).where(Exclusion.rater_id == rater.id))
        names = ("rater", "reason", "decided_by", "decided_at")
        changes = [RowChange("exclusion", row.uid, current(session, row, names), None) for row in rows]
    return Edit(f"Include rater {rater.code}", tuple(changes))


def choose_gold(project: Project, gold: GoldRecord, *, chosen: bool = True) -> Edit:
    """Make a gold standard the one that training and display use, in place of the one chosen for the same item."""
    with project.read() as session:
        row = session.get_one(Gold, gold.id)
        rivals = select(Gold).where(
            Gold.item_id == row.item_id,
            Gold.condition == row.condition,
            Gold.kind == row.kind,
            Gold.chosen,
            Gold.id != row.id,
        )
        changes = []
        if chosen:
            for rival in session.scalars(rivals):
                changes += _update(session, "gold", rival.uid, rival, {"chosen": False})
        changes += _update(session, "gold", row.uid, row, {"chosen": chosen})
    return Edit(f"Choose gold standard {gold.name}", tuple(changes))


def change_setting(project: Project, key: str, value: Any) -> Edit:
    """Change a setting of this project; None restores the default."""
    after = None if value is None else {"value": value}
    with project.read() as session:
        row = session.get(Setting, key)
        before = None if row is None else {"value": row.value}
    changes = () if before == after else (RowChange("setting", key, before, after),)
    return Edit(f"Change {key}", changes)
