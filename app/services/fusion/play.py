"""The items or clips of a fusion as places to play, with the note that labels and predictions are about to be shown."""

from collections.abc import Sequence

import db.clips
import db.items
import db.sights
from app.domain.project import ClipRecord, ItemRecord
from app.jobs import Context
from app.services.fusion.outcome import FusedItem
from db.project import Project


def item_records(ctx: Context, project: Project, items: Sequence[FusedItem]) -> tuple[ItemRecord, ...]:
    """Return the items that the project still has, in order, and note that they are about to be shown (`db.sights`).

    Args:
        ctx: Can cancel.
        project: The open project.
        items: Items of the result of a fusion.
    """
    ctx.check()
    by_name = {item.name: item for item in db.items.every(project)}
    found = tuple(by_name[item.name] for item in items if item.name in by_name)
    note_shown(project, found)
    return found


def clip_records(ctx: Context, project: Project, names: Sequence[str]) -> tuple[ClipRecord, ...]:
    """Return the clips of these names that the project still has, in order, and note that they are about to be shown.

    Args:
        ctx: Can cancel.
        project: The open project.
        names: Names of clips of the result of a fusion of valence and arousal.
    """
    ctx.check()
    by_name = {clip.name: clip for clip in db.clips.every(project)}
    found = tuple(by_name[name] for name in dict.fromkeys(names) if name in by_name)
    _note(project, [clip.id for clip in found])
    return found


def note_shown(project: Project, items: Sequence[ItemRecord]) -> None:
    """Note that labels and predictions of items are about to be shown (`db.sights`)."""
    _note(project, list(dict.fromkeys(item.clip_id for item in items)))


def _note(project: Project, clips: Sequence[int]) -> None:
    db.sights.note(project, clips, "predictions")
    db.sights.note(project, clips, "labels")
