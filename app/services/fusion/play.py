"""The items of a fusion as places to play, with the note that labels and predictions are about to be shown."""

from collections.abc import Sequence

import db.items
import db.sights
from app.domain.project import ItemRecord
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


def note_shown(project: Project, items: Sequence[ItemRecord]) -> None:
    """Note that labels and predictions of items are about to be shown (`db.sights`)."""
    clips = list(dict.fromkeys(item.clip_id for item in items))
    db.sights.note(project, clips, "predictions")
    db.sights.note(project, clips, "labels")
