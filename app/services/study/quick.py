"""Labelling without any set-up, in a study that is made or extended when needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import db.assignments
import db.raters
import db.studies
from app.domain.assignment import fitting_distance
from app.domain.coverage import targets_of
from app.domain.project import ItemRecord
from app.domain.study import FULL_CONTEXT, Study
from app.domain.study_defaults import default_study
from app.domain.study_records import StudyRecord
from app.errors import UserError
from app.services.study.item_faces import items_for_study
from app.services.study.owner import add_to_study, assign, closed_cells, save_study
from db.project import Project

QUICK_NAME: Final = "labels"
EVERYBODY: Final = 1000
"""Raters for each item and condition, which here are as many as come."""


def start_labelling(project: Project, rater: str, name: str = QUICK_NAME, *, trace: bool = True) -> StudyRecord:
    """Let a rater label everything in the project in a study of this name.

    If the study is missing, it is made: every rater judges every item, first with the face alone if faces were tracked,
    then in full context, as far apart as the number of clips allows. If it exists, new clips and raters join, and
    answered items keep their places.

    Args:
        project: The project, which has at least one clip.
        rater: Code of the rater; an unknown one is added.
        name: Name of the study.
        trace: Whether a new study asks for traces, too.

    Raises:
        UserError: The project has no clips.
    """
    items = items_for_study(project)
    if not items:
        raise UserError("There is nothing to label yet.", "Add clips or images first.")
    found = db.studies.find(project, name)
    study = found.study if found is not None else _study_for(name, items, trace)
    members = db.studies.members(project, found.id) if found is not None else []
    if found is None or not db.assignments.progress(project, found.id):
        # Few clips: take the largest distance that is possible instead of asking the user for a number.
        codes = {rater, *(member.rater for member in members)}
        closed = closed_cells(project, study, items)
        study = replace(study, min_distance=fitting_distance(study, targets_of(items), codes, 0, closed))
        save_study(project, study)
    joined = db.raters.by_code(project, rater) or db.raters.add(project, rater)
    add_to_study(project, name, None, [joined.code])
    assign(project, name)
    return db.studies.get(project, name)


def _study_for(name: str, items: Sequence[ItemRecord], trace: bool) -> Study:
    """Make a study in which every rater judges everything; without a tracked face no condition shows the face alone."""
    # Whoever labels everything wants the whole pictures too of which no face can be shown alone, and begins at once.
    study = replace(
        default_study(name, trace=trace), raters_per_cell=EVERYBODY, deal_incomplete=True, setup_check="off"
    )
    if any(item.track_id is None for item in items):
        study = replace(study, conditions=tuple(c for c in study.conditions if c.view == FULL_CONTEXT))
    return study
