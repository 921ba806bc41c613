"""Puts the predictions of members for a project's items side by side, with the kind of each prediction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.items
from app.batch import Failed, Failures
from app.domain.project import ItemRecord
from app.domain.vocabularies import carry_over, counterparts
from app.domain.words import many
from app.errors import UserError
from app.fusion.learned import kinds, require_stopped
from app.fusion.partition import PartitionName
from app.fusion.table import Kind, MemberTable
from app.jobs import Context
from app.services.fusion.members import Member
from app.services.predict.categories import CategoryReader
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels, category_labels, check_consent
from db.project import Project

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Collected:
    """The predictions of all members, with what is known about them.

    Attributes:
        table: The table, over labelled items with at least one prediction.
        labels: The choice of labels, with its condition.
        notes: What the user should know.
        failed: Items that a model could not read.
        items: The item of each row.
    """

    table: MemberTable
    labels: CategoryChoice
    notes: tuple[str, ...]
    failed: tuple[Failed, ...]
    items: tuple[ItemRecord, ...]


def collect(
    project: Project,
    members: Sequence[Member],
    choice: CategoryChoice | None,
    partition: PartitionName,
    ctx: Context,
    *,
    device: str = "auto",
    read: bool = True,
    shuffle_seed: int | None = None,
    leave_out: bool = False,
) -> Collected:
    """Collect the predictions of members.

    Stored predictions are taken: of held-out people those of the member itself, of the people of its training those of
    the fold that left them out. A model from elsewhere is asked about every item. For the partition "as_in_d", members
    are also asked about the people who stopped their trainings.

    A member that listens has no prediction for a clip without sound.

    Args:
        project: The project with items and labels.
        members: The members.
        choice: The labels; None takes those of the first member.
        partition: The partition that is meant.
        ctx: Receives the progress, and can cancel.
        device: The device on which models run.
        read: Whether models may be run. Otherwise equal shares replace their predictions, which is quick and tells
            who would take which part.
        shuffle_seed: Seed by which labels are shuffled among items, as a control; None keeps the choice as it is.
        leave_out: Whether people whose consent does not cover training are left out instead of refused.

    Raises:
        UserError: There are no labels, or none of them has a prediction.
        Cancelled: The user cancelled.
    """
    if partition == "as_in_d":
        require_stopped({member.name: member.learned.people for member in members})
    choice = choice or CategoryChoice.of(members[0].labels)
    if shuffle_seed is not None:
        choice = replace(choice, shuffle_seed=shuffle_seed)
    if leave_out:
        choice = replace(choice, covered_only=True)
    labels = category_labels(project, choice)
    check_consent(project, choice, labels)
    choice = replace(choice, condition=labels.condition)
    notes = list(labels.notes)
    subjects = {item.name: item.subject or f"clip {item.clip}" for item in db.items.every(project, removed=True)}
    names = [item.name for item in labels.items]
    silent = _silent(project, labels)
    failures = Failures()
    said, kind = [], []
    for member in members:
        notes += _lacking(member, labels.classes)
        values, by_fold = _from_files(member, names, labels.classes)
        found = kinds(member.learned, names, subjects, _known(values), by_fold)
        # The predictions of the folds for joined people are useless; the member itself saw them, too.
        wanted = _to_read(member, found, names, subjects, partition)
        if wanted and not read:
            values[wanted] = 1.0 / len(labels.classes)
            notes.append(f"{member.name} must be asked about {many(len(wanted), 'item')} first, which takes some time.")
        elif wanted:
            asked = [labels.items[row] for row in wanted]
            values[wanted] = _asked(project, member, asked, labels, device, ctx, failures)
        if wanted:
            by_fold[wanted] = False
            found = kinds(member.learned, names, subjects, _known(values), by_fold)
        if (found == Kind.UNKNOWN).any():
            notes.append(
                f"{member.name} does not state which people it learned from. "
                "If it has seen these people, the result is too good."
            )
        if member.listens:
            values[silent], found[silent] = np.nan, Kind.NONE
        said.append(values)
        kind.append(found)
    votes = _votes(labels)
    table = MemberTable(
        tuple(member.name for member in members),
        labels.classes,
        tuple(names),
        tuple(subjects[name] for name in names),
        np.stack(said),
        np.stack(kind),
        labels.target.astype(np.float64),
        votes,
    )
    keep = np.flatnonzero(table.present.any(axis=0) & table.labelled)
    if not len(keep):
        raise UserError(
            "The members have no predictions of items with a label.", "Train them again, or choose other members."
        )
    notes += _conditions(members) + _controls(members, choice)
    items = tuple(labels.items[row] for row in keep)
    return Collected(table.only(keep), choice, tuple(dict.fromkeys(notes)), tuple(failures.as_json()), items)


def _known(values: Float) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(values).all(axis=1), np.bool_)


def _from_files(member: Member, names: Sequence[str], classes: Sequence[str]) -> tuple[Float, NDArray[np.bool_]]:
    """Return stored predictions of N items in the labels' classes, and which of them come from folds."""
    values = np.full((len(names), len(classes)), np.nan)
    by_fold = np.zeros(len(names), np.bool_)
    place = {name: row for row, name in enumerate(names)}
    for each in sorted(member.stored, key=lambda one: not one.by_fold):  # the member's own words come last and count
        known = np.isfinite(each.said).all(axis=1)
        there = [row for row in np.flatnonzero(known) if each.items[row] in place]
        rows = [place[each.items[row]] for row in there]
        values[rows] = carried(each.said[there], each.classes, classes)
        by_fold[rows] = each.by_fold
    return values, by_fold


def carried(said: Float, own: Sequence[str], classes: Sequence[str]) -> Float:
    """Return probabilities in other classes, with rows that sum to one; equal shares where no class has a counterpart.

    Args:
        said: N×K probabilities.
        own: Names of their classes.
        classes: Names of the wanted classes.
    """
    if tuple(own) == tuple(classes):
        return said
    found = carry_over(said, list(own), classes).values
    total = found.sum(axis=1, keepdims=True)
    return np.where(total > 0, found / np.where(total > 0, total, 1.0), 1.0 / len(classes))


def carry_matrix(own: Sequence[str], classes: Sequence[str]) -> Float:
    """Return the matrix by which `carried` multiplies probabilities: own×classes."""
    return np.asarray(carry_over(np.eye(len(own)), list(own), classes).values, np.float64)


def _to_read(
    member: Member,
    found: NDArray[np.int8],
    names: Sequence[str],
    subjects: dict[str, str],
    partition: PartitionName,
) -> list[int]:
    """Return the items about which the member itself is asked."""
    if not member.stored:
        return list(range(len(names)))
    if partition != "as_in_d":
        return []
    stopped = member.learned.seen(subjects, ("validation",)) - member.learned.seen(subjects, ("train",))
    return [row for row, name in enumerate(names) if subjects[name] in stopped and found[row] != Kind.HELD_OUT]


def _asked(
    project: Project,
    member: Member,
    items: Sequence[ItemRecord],
    labels: CategoryLabels,
    device: str,
    ctx: Context,
    failures: Failures,
) -> Float:
    """Return the predictions of a model for items: N×K in the labels' classes, NaN where it has none."""
    reader = CategoryReader(member.card, project.home, device)
    values = np.full((len(items), len(labels.classes)), np.nan)
    for row, item in enumerate(items):
        ctx.progress(row, len(items), f"Predicting {item.name} with {member.name}")
        with failures.of(item.name):
            answer = reader.of_item(project, item, ctx)
            if answer is not None:
                own = np.asarray(answer.probabilities, np.float64)[None]
                values[row] = carried(own, reader.model.classes, labels.classes)[0]
    return values


def _silent(project: Project, labels: CategoryLabels) -> NDArray[np.bool_]:
    sound = {clip.id: clip.has_audio for clip in db.clips.every(project)}
    return np.array([not sound.get(item.clip_id, True) for item in labels.items], np.bool_)


def _votes(labels: CategoryLabels) -> Float:
    k = len(labels.classes)
    return np.stack([(labels.said == code).sum(axis=1) for code in range(k)], axis=1).astype(np.float64)


def _lacking(member: Member, classes: Sequence[str]) -> list[str]:
    own: list[str] = [str(name) for name in member.card.raw.get("classes", ())]
    there = set(counterparts(own, classes).values())
    missing = [word for word in classes if word not in there]
    return [f"{member.name} has no class for {', '.join(missing)}."] if missing else []


def _conditions(members: Sequence[Member]) -> list[str]:
    """Say if members learned from labels of different viewing conditions."""
    by: dict[str, list[str]] = {}
    for member in members:
        condition: Any = member.labels.get("condition")
        if condition:
            by.setdefault(str(condition), []).append(member.name)
    if len(by) < 2:
        return []
    told = "; ".join(f"{condition}: {', '.join(names)}" for condition, names in by.items())
    return [f"Members learned from labels of different viewing conditions ({told})."]


def _controls(members: Sequence[Member], choice: CategoryChoice) -> list[str]:
    """Say which members learned from labels that were shuffled otherwise than those of the fusion."""
    names = [
        member.name
        for member in members
        if (seed := member.labels.get("shuffle_seed")) is not None and seed != choice.shuffle_seed
    ]
    return [f"{', '.join(names)} learned from shuffled labels, as a control."] if names else []
