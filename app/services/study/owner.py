"""Studies from the owner's side: makes, changes, assigns, previews and follows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import db.answers
import db.assignments
import db.items
import db.raters
import db.studies
import db.trace_verdicts
from app.domain.answers import attention_of
from app.domain.assignment import plan_study
from app.domain.coverage import judged_stimuli, lacking, shown_elsewhere, targets_of
from app.domain.project import ItemRecord
from app.domain.sequence import nearest
from app.domain.slots import Assignment
from app.domain.study import Codes, SetupCheck, Study
from app.domain.study_records import Member, RaterProgress, StudyRecord
from app.domain.words import many, named, study_called
from app.errors import UserError
from app.interchange.study_file import read_study, write_study
from app.results import Goal
from app.services.study.item_faces import items_as_for_study, items_for_study
from app.services.study.showable import Unshown, blocked, find_flags, find_unshown, nothing_dealt
from db.project import Project, Source, reading, writing


@dataclass(frozen=True)
class RaterState:
    """The progress of one rater in a study.

    Attributes:
        member: The rater.
        progress: The rater's progress; None without an assignment.
        attention: The numbers of (passed, asked) attention checks.
        imported: The number of judgements that came in by an import.
    """

    member: Member
    progress: RaterProgress | None
    attention: tuple[int, int]
    imported: int = 0


def imported_words(raters: Sequence[RaterState]) -> str:
    """Return in a sentence how many judgements of some raters were imported; empty where none was."""
    mine = [one for one in raters if one.imported]
    if not mine:
        return ""
    told = many(sum(one.imported for one in mine), "answer was", "answers were")
    return (
        f"{told} imported ({named([one.member.rater for one in mine], 6)}): they are analysed, but were not given out "
        "here, so they do not count as judged."
    )


@dataclass(frozen=True)
class StudyState:
    """The state of a study.

    Attributes:
        record: Its newest version.
        versions: Number of versions.
        items: Number of items that it judges.
        raters: The state of each rater.
        answers: Number of current answers, including practice and checks.
        missing: Number of raters that the stored assignment still lacks, by (item, condition). Simulated raters do not
            count if people take part.
        flags: Cells that cannot be shown as intended now.
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
        UserError: The study contradicts itself, practises twice on a clip in one condition, or names practice clips
            that are not items of the project.
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

    Only values that do not change the meaning of an answer can be set here, because answers of both versions are
    analysed together.

    Args:
        source: The project, or a session of it.
        name: Name of the study.
        min_distance: Number of presentations of other clips between two of one clip. None leaves a value as it is, here
            and below.
        raters_per_cell: Number of raters for each item and condition.
        passes: Number of times that each rater judges everything.
        attention_every: Approximate number of items from one attention check to the next; 0 for none.
        visible_share: Least share of an item's time in which the face that a condition follows must be found.
        deal_incomplete: Whether an item that cannot be shown in one condition is given out in the others.
        setup_check: Whether sound and screen are checked before the first clip of a sitting.
        codes: Whether raters choose their code from a list at sign-in.
        pin_required: Whether a rater without a PIN cannot sign in.
        actor: Code of the person who does it, for the audit log.

    Raises:
        UserError: The study does not exist, or a value is out of its bounds.
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
    """Store the study of a file. If a different one has its name, the new one becomes its next version.

    Raises:
        UserError: The file cannot be read, or `save_study` refuses the study.
    """
    return save_study(project, read_study(path), actor)


def export_study(project: Project, name: str, goal: Goal, version: int | None = None) -> None:
    """Write a study's file.

    Args:
        project: The project that holds the study.
        name: Name of the study.
        goal: The file to write.
        version: Number of the version; the newest by default.

    Raises:
        UserError: The study does not exist, or the file cannot be written.
    """
    write_study(goal, db.studies.get(project, name, version).study)


def add_to_study(source: Source, name: str, items: Iterable[str] | None = None, raters: Sequence[str] = ()) -> None:
    """Add items and raters to a study; `assign` then gives them work.

    Args:
        source: The project, or a session of it.
        name: Name of the study.
        items: Names of the items; None for all of the project.
        raters: Codes of the raters; unknown ones are added to the project.

    Raises:
        UserError: An item is not in the project. Then nothing is changed.
    """
    with writing(source) as session:
        record = db.studies.get(session, name)
        every = items_for_study(session)
        if items is not None:
            by_name = {item.name: item for item in every}
            _refuse_unknown(items, by_name)
            every = [by_name[one] for one in items]
        db.studies.add_items(session, record.id, [item.id for item in every])
        joined = [db.raters.by_code(session, code) or db.raters.add(session, code) for code in raters]
        db.studies.add_raters(session, record.id, [rater.id for rater in joined])


def _refuse_unknown(items: Iterable[str], known: Iterable[str]) -> None:
    """Raise `UserError` if an item is not among those of the project."""
    names = list(known)
    lost = sorted(set(items).difference(names))
    if lost:
        todo = f"Its items: {named(names, 8)}." if names else "Add clips first."
        raise UserError(f"The project has no item {', '.join(lost)}.", todo)


def plan(
    source: Source,
    name: str,
    seed: int | None = None,
    *,
    without: Sequence[str] = (),
    only_simulated: bool = False,
    joining: Sequence[str] = (),
    more: Iterable[str] | None = (),
) -> Assignment:
    """Compute what `assign` would do, without doing it.

    People and simulated raters are two panels, which are dealt separately. A simulated rater never takes a clip from a
    person, and does not count as one of the raters that a clip should have.

    Args:
        source: The project, or a session of it.
        name: Name of the study.
        seed: Seed of everything random; that of the last assignment by default.
        without: Codes of raters who receive no further items.
        only_simulated: Whether to deal to simulated raters only; the lists of people stay as they are.
        joining: Codes of raters who would join the study first.
        more: Names of items that would join it first; None for all of the project.

    Raises:
        UserError: There are no items or raters, nothing can be shown as the study requires, or the requested distance
            cannot be kept.
    """
    with reading(source) as session:
        record = db.studies.get(session, name)
        items = _items_to_deal(session, record.id, more)
        closed = closed_cells(session, record.study, items)
        members = db.studies.members(session, record.id)
        existing = [one.slot for one in db.assignments.slots(session, record.id)]
    mock = {m.rater for m in members if m.simulated}
    raters = {*(m.rater for m in members if m.left_at is None), *joining} - set(without)
    if not items:
        raise UserError(
            f"There is nothing to judge in {study_called(name)} yet.",
            "Add clips to the project and items to the study.",
        )
    if not raters:
        raise UserError(
            f"Nobody takes part in {study_called(name)}.", "Add raters.", "Name raters, such as --raters R01 R02."
        )
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
    if not any(slot.purpose == "main" for slot in slots):
        raise nothing_dealt(record.study, find_unshown(source, record.study, items), notes)
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


def _items_to_deal(session: Source, study_id: int, more: Iterable[str] | None) -> list[ItemRecord]:
    """Return the items of a study with those that would join it, each with the face that it would get."""
    ready = items_as_for_study(session)
    by_name = {item.name: item for item in ready}
    mine = {item.name: by_name.get(item.name, item) for item in db.studies.items(session, study_id)}
    names = list(by_name) if more is None else list(more)
    _refuse_unknown(names, by_name)
    return list({**mine, **{name: by_name[name] for name in names}}.values())


def assign(
    source: Source,
    name: str,
    seed: int | None = None,
    *,
    without: Sequence[str] = (),
    only_simulated: bool = False,
) -> Assignment:
    """Assign, or extend the assignment, with the arguments of `plan`. Started and answered items keep their places.

    In the session of a larger transaction, nothing of that transaction is kept if this is refused.
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


def study_state(project: Project, name: str) -> StudyState:
    """Return the state of a study.

    Raises:
        UserError: The study does not exist.
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
        imported = db.answers.imported(session, record.id)
        closed = closed_cells(session, record.study, items)
    return StudyState(
        record=record,
        versions=versions,
        items=len(items),
        raters=tuple(
            RaterState(
                member,
                progress.get(member.rater_id),
                attention.get(member.rater, (0, 0)),
                imported.get(member.rater_id, 0),
            )
            for member in members
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
        items: The items that it judges; those of practice clips and attention checks are examined, too.
    """
    with reading(source) as session:
        known = {item.name for item in items}
        other = shown_elsewhere(study) - known
        more = [item for item in db.items.every(session) if item.name in other] if other else []
        return blocked(study, find_unshown(session, study, [*items, *more]))
