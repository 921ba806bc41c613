"""Studies from the owner's side: making, changing, assigning, previewing and following them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import db.answers
import db.assignments
import db.clips
import db.edits
import db.items
import db.raters
import db.studies
import db.trace_verdicts
import db.tracks
from app.domain.answers import attention_of
from app.domain.assignment import plan_study
from app.domain.coverage import judged_stimuli, lacking, shown_elsewhere, targets_of
from app.domain.project import ItemRecord
from app.domain.sequence import nearest
from app.domain.slots import Assignment, Slot
from app.domain.study import Codes, SetupCheck, Study
from app.domain.study_records import Member, RaterProgress, StudyRecord
from app.errors import UserError
from app.interchange.study_file import read_study, write_study
from app.results import Goal
from app.services.study.showable import Unshown, blocked, find_flags, find_unshown
from db.project import Project, Source, reading, writing

MAIN_SHARE = 0.5
"""A face that is seen in at least this share of a clip's frames gets an item of its own."""


@dataclass(frozen=True)
class RaterState:
    """The progress of one rater in a study.

    Attributes:
        member: Who.
        progress: How far; None without an assignment.
        attention: (passed, asked) attention checks.
    """

    member: Member
    progress: RaterProgress | None
    attention: tuple[int, int]


@dataclass(frozen=True)
class StudyState:
    """The state of a study.

    Attributes:
        record: Its newest version.
        versions: How many versions there are.
        items: How many items it judges.
        raters: Each rater.
        answers: Current answers, practice and checks included.
        missing: (item, condition) → raters still lacking in the stored assignment; simulated ones count for nothing
            where people take part.
        flags: What cannot be shown as meant now.
    """

    record: StudyRecord
    versions: int
    items: int
    raters: tuple[RaterState, ...]
    answers: int
    missing: dict[tuple[str, str], int]
    flags: tuple[Unshown, ...]


def save_study(source: Source, study: Study, actor: str = "") -> StudyRecord:
    """Store a new study, or a changed one as its next version. Storing the same definition again changes nothing.

    Raises:
        UserError: The study contradicts itself, practises on a clip twice in one condition, or names practice clips
            that are no items of the project.
    """
    names = {item.name for item in db.items.every(source)}
    lost = sorted(shown_elsewhere(study) - names)
    if lost:
        raise UserError(
            f"Practice or attention checks name items that the project lacks: {', '.join(lost)}.",
            "Add these clips, or change the study.",
        )
    cells = Counter((clip.item, clip.condition, clip.kind) for clip in study.practice)
    twice = sorted({item for (item, _, _), times in cells.items() if times > 1})
    if twice:
        raise UserError(
            f"Practice shows a clip twice in one condition: {', '.join(twice)}.",
            "Remove one of the two, or change its condition.",
        )
    return db.studies.save(source, study, actor=actor)


def change_dealing(
    source: Source,
    name: str,
    *,
    min_distance: int | None = None,
    raters_per_cell: int | None = None,
    passes: int | None = None,
    attention_every: int | None = None,
    visible_share: float | None = None,
    deal_incomplete: bool | None = None,
    setup_check: SetupCheck | None = None,
    codes: Codes | None = None,
    pin_required: bool | None = None,
    actor: str = "",
) -> StudyRecord:
    """Store the next version of a study with other rules of dealing. The next `assign` follows them.

    Only what does not change the meaning of an answer can be set here: answers of both versions stand together.

    Args:
        source: The project, or a session of it.
        name: Name of the study.
        min_distance: Presentations of other clips between two of one clip; None leaves it, here and below.
        raters_per_cell: Raters for each item and condition.
        passes: How often everything is judged.
        attention_every: Items from one attention check to the next, about; 0 for none.
        visible_share: Least share of an item's time in which the face that a condition follows is there.
        deal_incomplete: Whether an item that cannot be shown in one condition is given out in the others.
        setup_check: Whether sound and screen are checked before the first clip of a sitting.
        codes: Whether raters choose their code from a list at sign-in.
        pin_required: Whether a rater without a PIN cannot sign in.
        actor: Who does it, for the audit log.

    Raises:
        UserError: There is no such study, or a value is out of its bounds.
    """
    with writing(source) as session:
        study = db.studies.get(session, name).study
        wanted = {
            "min_distance": min_distance,
            "raters_per_cell": raters_per_cell,
            "passes": passes,
            "attention_every": attention_every,
            "visible_share": visible_share,
            "deal_incomplete": deal_incomplete,
            "setup_check": setup_check,
            "codes": codes,
            "pin_required": pin_required,
        }
        changes: dict[str, Any] = {field: value for field, value in wanted.items() if value is not None}
        return save_study(session, replace(study, **changes), actor)


def import_study(project: Project, path: Path, actor: str = "") -> StudyRecord:
    """Store the study of a file; where a different one has its name, it becomes that study's next version.

    Raises:
        UserError: The file cannot be read, or see `save_study`.
    """
    return save_study(project, read_study(path), actor)


def export_study(project: Project, name: str, goal: Goal, version: int | None = None) -> None:
    """Write a study's file.

    Args:
        project: Holds the study.
        name: Name of the study.
        goal: Where to write.
        version: Which one; the newest by default.

    Raises:
        UserError: There is no such study, or the folder cannot be written.
    """
    write_study(goal, db.studies.get(project, name, version).study)


def items_for_study(source: Source) -> list[ItemRecord]:
    """Return the project's items, each with a target where faces were tracked.

    An item that has no target yet gets the face that is seen longest. Further faces that are seen in most of a clip
    get items of their own. Items that were answered already stay as they are.
    """
    with writing(source) as session:
        used, frames = db.answers.judged_items(session), db.clips.frames(session)
        for item in db.items.every(session):
            if item.track_id is not None or item.target or item.id in used:
                continue
            tracks = sorted(db.tracks.of_clip(session, item.clip_id), key=lambda one: (-one.n_frames, one.track_no))
            if not tracks:
                continue
            db.edits.apply(session, db.edits.set_target(session, item, track_id=tracks[0].id))
            taken = {one.track_id for one in db.items.every(session, clip_id=item.clip_id)}
            whole = item.start_s is None and item.end_s is None
            seen_in = MAIN_SHARE * max(frames[item.clip_id], 1)
            for track in tracks[1:]:
                if whole and track.id not in taken and track.n_frames >= seen_in:
                    db.items.add(session, item.clip_id, name=f"{item.name} face {track.track_no}", track_id=track.id)
        return db.items.every(session)


def add_to_study(source: Source, name: str, items: Iterable[str] | None = None, raters: Sequence[str] = ()) -> None:
    """Add items and raters to a study; `assign` then gives them work.

    Args:
        source: The project, or a session of it.
        name: Name of the study.
        items: Names; None for all of the project.
        raters: Codes; unknown ones are added to the project.

    Raises:
        UserError: An item is not in the project; nothing is changed then.
    """
    with writing(source) as session:
        record = db.studies.get(session, name)
        every = items_for_study(session)
        if items is not None:
            by_name = {item.name: item for item in every}
            lost = sorted(set(items) - by_name.keys())
            if lost:
                raise UserError(f"The project has no item {', '.join(lost)}.", _named(by_name))
            every = [by_name[one] for one in items]
        db.studies.add_items(session, record.id, [item.id for item in every])
        joined = [db.raters.by_code(session, code) or db.raters.add(session, code) for code in raters]
        db.studies.add_raters(session, record.id, [rater.id for rater in joined])


def _named(items: Iterable[str], most: int = 8) -> str:
    names = list(items)
    return f"Its items: {', '.join(names[:most])}{' …' if len(names) > most else ''}." if names else "Add clips first."


def plan(
    source: Source,
    name: str,
    seed: int | None = None,
    *,
    without: Sequence[str] = (),
    only_simulated: bool = False,
) -> Assignment:
    """Compute what `assign` would do, without doing it.

    People and simulated raters are two panels, dealt each by itself: a simulated rater never takes a clip from a
    person, nor counts as one of the raters that a clip is to have.

    Args:
        source: The project, or a session of it.
        name: Name of the study.
        seed: Seed of all chance; that of the last assignment by default.
        without: Codes of raters who get nothing more.
        only_simulated: Deal to simulated raters only; what people were given stays as it is.

    Raises:
        UserError: No items or raters, or the distance asked for cannot be kept.
    """
    with reading(source) as session:
        record = db.studies.get(session, name)
        items = db.studies.items(session, record.id)
        closed = closed_cells(session, record.study, items)
        members = db.studies.members(session, record.id)
        existing = [one.slot for one in db.assignments.slots(session, record.id)]
    mock = {m.rater for m in members if m.simulated}
    raters = {m.rater for m in members if m.left_at is None} - set(without)
    if not items:
        raise UserError(f"Study {name} judges nothing yet.", "Add clips to the project and items to the study.")
    if not raters:
        raise UserError(f"Nobody takes part in study {name}.", "Name raters, such as --raters R01 R02.")
    chance, targets = record.seed if seed is None else seed, targets_of(items)
    people = [slot for slot in existing if slot.rater not in mock]
    simulated = [slot for slot in existing if slot.rater in mock]
    panels = []
    if only_simulated:
        panels.append(Assignment(tuple(people), {}, ()))
    elif raters - mock or people:
        panels.append(plan_study(record.study, targets, raters - mock, chance, people, closed))
    if raters & mock or simulated:
        panels.append(plan_study(record.study, targets, raters & mock, chance, simulated, closed))
    slots = sorted((slot for panel in panels for slot in panel.slots), key=lambda slot: (slot.rater, slot.position))
    notes = dict.fromkeys(note for panel in panels for note in panel.notes)
    clip_of = {target.item: target.stimulus for target in targets}
    lists: dict[str, list[str]] = {}
    for slot in slots:
        if slot.purpose == "main":
            lists.setdefault(slot.rater, []).append(clip_of.get(slot.item, slot.item))
    near = [rater for rater, shown in lists.items() if nearest(shown) < record.study.min_distance]
    if near:
        apart = record.study.min_distance
        notes[f"Lists that were given out before keep their order, less than {apart} apart: {', '.join(near)}."] = None
    return Assignment(tuple(slots), panels[0].missing, tuple(notes))


def assign(
    source: Source,
    name: str,
    seed: int | None = None,
    *,
    without: Sequence[str] = (),
    only_simulated: bool = False,
) -> Assignment:
    """Assign, or extend the assignment, with the arguments of `plan`. What was started or answered keeps its place.

    With the session of a larger transaction nothing of that is kept where this is refused.
    """
    with writing(source) as session:
        made = plan(session, name, seed, without=without, only_simulated=only_simulated)
        record = db.studies.get(session, name)
        if seed is not None:
            db.studies.set_seed(session, record.id, seed)
        for member in db.studies.members(session, record.id):
            if member.rater in set(without) and member.left_at is None:
                db.studies.dismiss_rater(session, record.id, member.rater_id)
        db.assignments.replace(session, record.id, made)
    return made


def preview_rows(slots: Iterable[Slot]) -> list[tuple[str, ...]]:
    """Return the rows of an assignment as a table: rater, place, purpose, item, condition, pass, kind, state."""
    return [
        (
            slot.rater,
            str(slot.position),
            slot.purpose,
            slot.item or slot.check,
            slot.condition,
            str(slot.pass_no),
            slot.kind,
            slot.state,
        )
        for slot in slots
    ]


def balance_rows(study: Study, slots: Iterable[Slot]) -> list[tuple[str, ...]]:
    """Count how evenly work is dealt: for each rater the presentations in each condition, and in all."""
    counts: Counter[tuple[str, str]] = Counter()
    for slot in slots:
        if slot.purpose == "main":
            counts[slot.rater, slot.condition] += 1
    names = [condition.name for condition in study.conditions]
    raters = sorted({rater for rater, _ in counts})
    return [
        (rater, *(str(counts[rater, name]) for name in names), str(sum(counts[rater, name] for name in names)))
        for rater in raters
    ]


def study_state(project: Project, name: str) -> StudyState:
    """Return the state of a study.

    Raises:
        UserError: There is no such study.
    """
    with project.read() as session:
        record = db.studies.get(session, name)
        members = db.studies.members(session, record.id)
        progress = db.assignments.progress(session, record.id)
        checks = db.answers.every(session, record.id, purpose="attention")
        traced = db.trace_verdicts.of_checks(session, record.id)
        attention = attention_of(checks, {member.rater_id: member.rater for member in members}, traced)
        items = db.studies.items(session, record.id)
        people = {member.rater for member in members if not member.simulated}
        slots = [one.slot for one in db.assignments.slots(session, record.id)]
        slots = [slot for slot in slots if not people or slot.rater in people]
        versions = len(db.studies.versions(session, record.id))
        answers = db.answers.count(session, record.id)
        closed = closed_cells(session, record.study, items)
    return StudyState(
        record=record,
        versions=versions,
        items=len(items),
        raters=tuple(
            RaterState(member, progress.get(member.rater_id), attention.get(member.rater, (0, 0))) for member in members
        ),
        answers=answers,
        missing=lacking(record.study, judged_stimuli(record.study, targets_of(items), closed), slots, closed),
        flags=find_flags(project, record.study, items),
    )


def closed_cells(source: Source, study: Study, items: Sequence[ItemRecord]) -> frozenset[tuple[str, str]]:
    """Return the (item, condition) cells that are not given out, because they or their partners cannot be shown.

    Args:
        source: The project, or a session of it.
        study: Its limit, its conditions, and whether partners are given out alone.
        items: What it judges; items of practice clips and attention checks are looked at too.
    """
    with reading(source) as session:
        known = {item.name for item in items}
        other = shown_elsewhere(study) - known
        more = [item for item in db.items.every(session) if item.name in other] if other else []
        return blocked(study, find_unshown(session, study, [*items, *more]))
