"""An item in all its viewing conditions at once, for people who may see what raters gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import db.items
import db.sights
import db.studies
from app.domain.project import ItemRecord
from app.domain.slots import Slot
from app.domain.study import FACE_ONLY, FULL_CONTEXT, VIEWS, Condition, Study
from app.domain.study_defaults import default_condition, default_study
from app.domain.study_records import StoredSlot
from app.errors import UserError
from app.services.study.tasks import Task, assembled, faces_of
from db.project import Project

ALWAYS: Final = (FACE_ONLY, FULL_CONTEXT)
"""Conditions that are shown whether or not anybody judged the item in them."""


@dataclass(frozen=True, eq=False)
class ItemBeside:
    """An item in several conditions.

    Attributes:
        item: The item.
        tasks: Its presentation in each condition, the face alone first; none is any rater's.
    """

    item: ItemRecord
    tasks: tuple[Task, ...]


def item_beside(project: Project, name: str, conditions: Sequence[str] = ()) -> ItemBeside:
    """Return what is needed to show an item in all its conditions, and note that labels of its clip are shown.

    Args:
        project: The open project.
        name: Name of the item.
        conditions: Names of further conditions, in which it was judged.

    Raises:
        UserError: The project does not have this item any more.
    """
    found = db.items.by_name(project, name)
    if found is None:
        raise UserError(f"The project has no item {name} any more.", "Load the screen again.")
    db.sights.note(project, [found.clip_id], "labels")
    with project.read() as session:
        track, others = faces_of(session, found.clip_id, found.track_id)
        studies = [record.study for record in db.studies.every(session)]
    tasks = []
    for wanted in (*ALWAYS, *(one for one in conditions if one not in ALWAYS)):
        study, condition = _condition(studies, wanted)
        slot = StoredSlot(0, "", 0, 0, found.id, Slot("", 0, found.name, wanted, 1, "rating"))
        study = replace(study, replays=-1)
        tasks.append(assembled(project, study, slot, condition, found, track, study.language, neighbours=others))
    return ItemBeside(found, tuple(tasks))


def _condition(studies: Sequence[Study], name: str) -> tuple[Study, Condition]:
    """Return a condition and a study that defines it; one that no study knows shows the whole picture."""
    for study in studies:
        for condition in study.conditions:
            if condition.name == name:
                return study, condition
    return default_study(), replace(default_condition(name if name in VIEWS else FULL_CONTEXT), name=name)
