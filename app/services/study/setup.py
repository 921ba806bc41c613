"""Set-up of a study: everything that the screen shows of it, and each step as one change of the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import db.assignments
import db.clips
import db.items
import db.leftovers
import db.raters
import db.studies
from app.domain.leftovers import Leftover
from app.domain.slots import Assignment, Slot
from app.domain.study import Study
from app.domain.study_defaults import default_study
from app.domain.study_records import StudyRecord
from app.errors import UserError
from app.interchange.study_file import read_study
from app.services.projects.clip_clock import begins_s
from app.services.study.draft import FIRST_SEED, propose_name, refuse_taken
from app.services.study.expectations import PartKey, Verdicts, find_verdicts, item_words
from app.services.study.owner import StudyState, add_to_study, assign, plan, save_study, study_state
from app.services.study.showable import Unshown, find_flags
from db.project import Project


@dataclass(frozen=True)
class StudySetup:
    """One study with everything that can be chosen for it.

    Attributes:
        names: Names of all studies.
        state: State of the chosen one; None where there is no study.
        items: Names of all items of the project, each with its range and its face.
        pins: Codes of raters who are asked for a PIN.
        slots: The stored assignment.
        plan: The assignment that would be made now; None if it cannot be made.
        why_not: The reason why it cannot be made, for the owner.
        seed: Seed of the assignment.
        leftovers: Rows that faults of older versions left behind in the project.
        verdicts: The verdicts on answers to practice clips and attention checks so far.
    """

    names: tuple[str, ...]
    state: StudyState | None
    items: Mapping[str, str]
    pins: frozenset[str]
    slots: tuple[Slot, ...]
    plan: Assignment | None
    why_not: str
    seed: int
    leftovers: tuple[Leftover, ...] = ()
    verdicts: Mapping[PartKey, Verdicts] = field(default_factory=dict)


def study_setup(project: Project, name: str = "") -> StudySetup:
    """Read everything that the screen shows of a study.

    Args:
        project: The open project that holds it.
        name: Name of the study; if none has this name, the first one is taken.
    """
    names = tuple(record.name for record in db.studies.every(project))
    files = {clip.id: clip.path for clip in db.clips.every(project, removed=True)}
    items = {
        item.name: item_words(item, 0.0 if item.start_s is item.end_s is None else begins_s(files[item.clip_id]))
        for item in db.items.every(project)
    }
    pins = frozenset(rater.code for rater in db.raters.every(project) if rater.has_pin)
    left = tuple(db.leftovers.find(project))
    if not names:
        return StudySetup((), None, items, pins, (), None, "", FIRST_SEED, left)
    chosen = name if name in names else names[0]
    state = study_state(project, chosen)
    slots = tuple(one.slot for one in db.assignments.slots(project, state.record.id))
    try:
        made, why_not = plan(project, chosen, more=None), ""
    except UserError as error:
        made, why_not = None, str(error)
    verdicts = find_verdicts(project, chosen)
    return StudySetup(names, state, items, pins, slots, made, why_not, state.record.seed, left, verdicts)


def add_default_study(project: Project, name: str = "") -> str:
    """Store the default study with all clips of the project and return its name, which is proposed if none is given."""
    return store_study(project, default_study(name or propose_name(study_names(project))))


def store_study(project: Project, study: Study) -> str:
    """Store a new study, or a changed one as its next version, with all clips of the project.

    Returns:
        Name of the study.

    Raises:
        UserError: See `app.services.study.owner.save_study`. Then nothing is stored.
    """
    with project.write() as session:
        save_study(session, study)
        add_to_study(session, study.name)
    return study.name


def read_study_file(project: Project, path: Path) -> str:
    """Store the study of a file as `store_study` does, and return its name.

    Raises:
        UserError: The file cannot be read, or the study cannot be stored.
    """
    return store_study(project, read_study(path))


def store_new_study(project: Project, study: Study) -> StudyRecord:
    """Store a study of a new name with all clips of the project.

    Raises:
        UserError: A study has this name, or `app.services.study.owner.save_study` refuses it. Then nothing is stored.
    """
    refuse_taken(study.name, study_names(project))
    with project.write() as session:
        record = save_study(session, study)
        add_to_study(session, record.name)
    return record


def study_names(project: Project) -> list[str]:
    """Return the names of all studies, sorted."""
    return [record.name for record in db.studies.every(project)]


def stored_study(project: Project, name: str) -> Study:
    """Return the study in the version that counts.

    Raises:
        UserError: No study has this name.
    """
    return db.studies.get(project, name).study


def flags_of(project: Project, name: str) -> tuple[Unshown, ...]:
    """Find items of a study that cannot be shown as its conditions require, with the reasons.

    Raises:
        UserError: No study has this name.
    """
    record = db.studies.get(project, name)
    return find_flags(project, record.study, db.studies.items(project, record.id))


def let_join(project: Project, name: str, code: str, pin: str = "") -> None:
    """Let somebody take part in a study.

    Args:
        project: The open project.
        name: Name of the study.
        code: Code of the rater; an unknown one is added.
        pin: The PIN to be asked for from now on; an empty one leaves an earlier one as it is.
    """
    with project.write() as session:
        add_to_study(session, name, raters=[code])
        rater = db.raters.by_code(session, code)
        if pin and rater is not None:
            db.raters.set_pin(session, rater.id, pin)


def give_out(
    project: Project,
    name: str,
    seed: int | None = None,
    *,
    items: Iterable[str] | None = None,
    raters: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Assignment:
    """Assign, or extend the assignment to newcomers and new clips.

    All of it is one transaction, so nobody joins a study whose assignment is refused.

    Args:
        project: The project.
        name: Name of the study.
        seed: Seed of everything random; None for that of the last assignment.
        items: Names of items that join the study first; None for all of the project.
        raters: Codes of raters who join it first.
        without: Codes of raters who receive no further items.

    Raises:
        UserError: See `app.services.study.owner.plan`. Then nothing is changed.
    """
    with project.write() as session:
        add_to_study(session, name, items, raters)
        return assign(session, name, seed, without=without)
