"""What the study screen shows of a project, read in one go, and what it changes. Runs off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.slots import Assignment, Slot
from app.domain.study import Study

if TYPE_CHECKING:
    from app.jobs import Context
    from app.services.study.owner import StudyState
    from db.project import Project

SEED = 1
"""Of the first assignment, until the owner chooses another."""


@dataclass(frozen=True)
class Shown:
    """One study and what there is to choose from.

    Attributes:
        names: Of all studies.
        state: Of the chosen one; None where there is no study.
        items: Names of all items of the project.
        pins: Raters who are asked for a PIN.
        slots: The stored assignment.
        plan: What assigning would give now; None where it cannot be done.
        why_not: Why it cannot, for the owner.
        seed: Of the assignment.
    """

    names: tuple[str, ...]
    state: StudyState | None
    items: tuple[str, ...]
    pins: frozenset[str]
    slots: tuple[Slot, ...]
    plan: Assignment | None
    why_not: str
    seed: int


def load(project: Project, name: str) -> Shown:
    """Everything the screen shows of a study, of the first one where none of that name is there."""
    import db.assignments
    import db.items
    import db.raters
    import db.studies
    from app.errors import UserError
    from app.services.study.owner import plan, study_state

    names = tuple(record.name for record in db.studies.every(project))
    items = tuple(item.name for item in db.items.every(project))
    pins = frozenset(rater.code for rater in db.raters.every(project) if rater.has_pin)
    if not names:
        return Shown((), None, items, pins, (), None, "", SEED)
    chosen = name if name in names else names[0]
    state = study_state(project, chosen)
    slots = tuple(one.slot for one in db.assignments.slots(project, state.record.id))
    try:
        made, why_not = plan(project, chosen), ""
    except UserError as error:
        made, why_not = None, str(error)
    return Shown(names, state, items, pins, slots, made, why_not, state.record.seed)


def make_default(project: Project) -> str:
    """Store the default study with all clips of the project; returns its name."""
    from app.domain.study_defaults import default_study
    from app.services.study.owner import add_to_study, save_study

    study = default_study("study")
    save_study(project, study)
    add_to_study(project, study.name)
    return study.name


def save(project: Project, study: Study) -> str:
    """Store a changed study as its next version, with all clips of the project; returns its name."""
    from app.services.study.owner import add_to_study, save_study

    save_study(project, study)
    add_to_study(project, study.name)
    return study.name


def add_rater(project: Project, name: str, code: str, pin: str) -> None:
    """Let somebody join; an empty PIN asks for none and leaves an earlier one as it is."""
    import db.raters
    from app.services.study.owner import add_to_study

    add_to_study(project, name, raters=[code])
    if pin:
        rater = db.raters.by_code(project, code)
        assert rater is not None  # add_to_study has made it
        db.raters.set_pin(project, rater.id, pin)


def give_out(project: Project, name: str, seed: int) -> Assignment:
    """Assign, or extend the assignment to newcomers and new clips."""
    from app.services.study.owner import add_to_study, assign

    with project.write() as session:  # one transaction: what is refused changes nothing
        add_to_study(session, name)
        return assign(session, name, seed)


def simulate(ctx: Context, project: Project, name: str, raters: int, seed: int) -> int:
    """Fill a study with simulated raters; returns how many judgements they gave."""
    from app.services.study.simulate import simulate_study

    return simulate_study(project, name, raters, seed, add_items=True, ctx=ctx)


def read_file(project: Project, path: Path) -> str:
    """Store the study of a file; returns its name."""
    from app.services.study.owner import add_to_study, import_study

    record = import_study(project, path)
    add_to_study(project, record.name)
    return record.name


def write_file(project: Project, name: str, path: Path) -> None:
    """Write a study's readable file."""
    from app.services.study.owner import export_study

    export_study(project, name, path)


def table(rows: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Rows as text."""
    return [tuple(str(value) for value in one) for one in rows]
