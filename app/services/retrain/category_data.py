"""Freezes a project's categories for a training: labels, and the frames of the face that was judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.batch import Failed, Failures
from app.domain.item_data import Parts, load_items, save_items
from app.domain.snapshot import split_names
from app.domain.words import many
from app.errors import UserError
from app.inference.cards import find_model
from app.jobs import Context
from app.services.predict.read_items import read_items
from app.services.predict.streams import ItemStreams
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels, category_labels, check_consent
from app.services.retrain.data import FEW_SUBJECTS, FrozenData, left_out, training_folder
from app.streams.catalogue import DEFAULT, open_streams
from app.streams.stream import StreamSpec
from db.project import Project

STOP_SHARE: Final = 0.15
"""Of the training subjects, those that early stopping takes where no partition is meant for it."""


@dataclass(frozen=True, eq=False)
class _Read:
    """Items that could be read: their places among the labels, and what the streams say of each."""

    numbers: tuple[int, ...]
    streams: tuple[ItemStreams, ...]
    notes: tuple[str, ...]
    failed: tuple[Failed, ...]


def freeze_categories(
    project: Project,
    choice: CategoryChoice,
    ctx: Context,
    *,
    seed: int = 0,
    device: str = "auto",
    streams: Sequence[str] = DEFAULT,
    scheduler: str = "",
) -> FrozenData:
    """Freeze the items of a choice of labels in their present state. The same labels and streams give the same data.

    An item that cannot be read or shows no face is left out and named in the notes.

    Args:
        project: The project, open for writing.
        choice: The choice of labels.
        ctx: Receives the progress in items, and can cancel.
        seed: Seed of the split by subject.
        device: The device for the detector and the features.
        streams: Names of the streams that are read of each item, see `app.streams.catalogue`.
        scheduler: Address of a Dask cluster whose workers read the streams; empty for this process alone.

    Raises:
        UserError: There are no labels, no faces, too few subjects, or a stream does not exist.
        Cancelled: The user cancelled.
    """
    return freeze_labels(
        project,
        choice,
        category_labels(project, choice),
        ctx,
        seed=seed,
        device=device,
        streams=streams,
        scheduler=scheduler,
    )


def freeze_labels(
    project: Project,
    choice: CategoryChoice,
    labels: CategoryLabels,
    ctx: Context,
    *,
    seed: int = 0,
    device: str = "auto",
    streams: Sequence[str] = DEFAULT,
    scheduler: str = "",
) -> FrozenData:
    """Freeze labels that were made already; see `freeze_categories`."""
    check_consent(project, choice, labels)
    opened = open_streams(streams, project.home, device)
    read = _read_all(project, labels, streams, device, ctx, scheduler)
    if not read.numbers:
        notes = " ".join([*labels.notes, *read.notes][:3])
        raise UserError("No item with a category shows a face.", notes or "Label clips that show a face.")
    choice = replace(choice, condition=labels.condition)
    return _frozen(project, choice, labels, [stream.spec for stream in opened], read, seed)


def _read_all(
    project: Project, labels: CategoryLabels, streams: Sequence[str], device: str, ctx: Context, scheduler: str
) -> _Read:
    numbers, found, notes = [], [], []
    failures = Failures(on_failure=lambda error: notes.append(left_out(error)))
    for number, each in enumerate(read_items(project, labels.items, streams, ctx, failures, device, scheduler)):
        if each is not None and len(each.times_s):
            numbers.append(number)
            found.append(each)
        elif each is not None:
            notes.append(f"{labels.items[number].name} was left out: its face is never seen.")
    return _Read(tuple(numbers), tuple(found), tuple(notes), tuple(failures.as_json()))


def _features(read: _Read, specs: Sequence[StreamSpec]) -> Parts:
    """Return the streams side by side, without the class probabilities of networks; as bytes if all of them are."""
    widths = [spec.columns - len(spec.frame_classes) for spec in specs]

    def pieces() -> Iterator[NDArray[Any]]:
        for item in read.streams:
            yield np.concatenate([rows[:, :width] for rows, width in zip(item.rows, widths, strict=True)], axis=1)

    return Parts(pieces, sum(widths), "uint8" if all(spec.dtype == "uint8" for spec in specs) else "float32")


def _probabilities(read: _Read, specs: Sequence[StreamSpec]) -> tuple[Parts, tuple[str, ...]]:
    """Class probabilities of the first network among the streams, and its classes."""
    first = next((n for n, spec in enumerate(specs) if spec.frame_classes), None)
    classes = specs[first].frame_classes if first is not None else ()

    def pieces() -> Iterator[NDArray[Any]]:
        for item in read.streams:
            if first is None:
                yield np.zeros((len(item.times_s), 0), np.float32)
            else:
                yield item.rows[first][:, specs[first].columns - len(classes) :]

    return Parts(pieces, len(classes)), classes


def _frozen(
    project: Project,
    choice: CategoryChoice,
    labels: CategoryLabels,
    specs: Sequence[StreamSpec],
    read: _Read,
    seed: int,
) -> FrozenData:
    notes = [*labels.notes, *read.notes]
    items = [labels.items[number] for number in read.numbers]
    people = [item.subject or f"clip {item.clip}" for item in items]
    subjects = list(dict.fromkeys(people))
    notes += [spec.non_commercial for spec in specs if spec.non_commercial]
    strangers = sum(not item.subject for item in items)
    if strangers:
        notes.append(
            f"{many(strangers, 'item names', 'items name')} no subject; each clip counts as a person of its own. "
            "If they show the same people, set their subjects: else the test is too kind."
        )
    if len(subjects) < FEW_SUBJECTS:
        notes.append(
            f"Labels show {many(len(subjects), 'subject')} only: the scores will say little. "
            "Label clips of more people."
        )
    rows = np.array(read.numbers, np.int64)
    probabilities, frame_classes = _probabilities(read, specs)
    arrays: dict[str, NDArray[Any] | Parts] = {
        "features": _features(read, specs),
        "probabilities": probabilities,
        "times_s": np.concatenate([item.times_s for item in read.streams]),
        "first": np.r_[0, np.cumsum([len(item.times_s) for item in read.streams])].astype(np.int64),
        "target": labels.target[rows],
        "said": labels.said[rows],
        "subject": np.array([subjects.index(name) for name in people], np.int32),
    }
    parts = {name: labels.parts[row] for name, row in zip(people, rows, strict=True)} if labels.parts else {}
    groups = {name: labels.groups[row] for name, row in zip(people, rows, strict=True)} if labels.groups else {}
    network = next((spec for spec in specs if spec.frame_classes), None)
    card = find_model(None if network is None else str(network.geometry["network"]), project.home)
    train, validation, test = _official(parts, people, rows, labels, seed) or split_names(subjects, seed)
    facts = {
        "project": project.home.stem,
        "labels": choice.as_dict(),
        "items": [item.name for item in items],
        "subjects": subjects,
        "classes": list(labels.classes),
        "frame_classes": list(frame_classes),
        "raters": list(labels.raters),
        "split": {"train": train, "validation": validation, "test": test},
        "split_seed": seed,
        "groups": {name: group for name, group in groups.items() if group},
        "frame_model": {"name": card.name, "sha256": card.file().sha256},
        "streams": [spec.facts() | {"features": spec.columns - len(spec.frame_classes)} for spec in specs],
        "notes": notes,
        "failed": list(read.failed),
    }
    folder = save_items(arrays, facts, training_folder(project) / "items")
    data = load_items(folder)
    return FrozenData(folder, data.sha256, data.manifest, card, tuple(notes), read.failed)


def _official(
    parts: Mapping[str, str], people: Sequence[str], rows: NDArray[np.int64], labels: CategoryLabels, seed: int
) -> tuple[list[str], list[str], list[str]] | None:
    """Subjects by official partition; None where there is none, or where a subject is in several.

    Where labels of the test partition are not published, the validation partition is the test, as in the papers, and
    some of the training subjects decide when to stop.
    """
    if not (parts and all(parts.values())) or any(
        labels.parts[row] != parts[name] for name, row in zip(people, rows, strict=True)
    ):
        return None
    by = {part: [name for name in parts if parts[name] == part] for part in ("train", "validation", "test")}
    test = by["test"] or by["validation"]
    rest = by["train"] + (by["validation"] if by["test"] else [])
    if not test or len(rest) < 2:
        return None
    if by["test"] and by["validation"] and by["train"]:
        return by["train"], by["validation"], test
    dealt = np.random.default_rng(seed).permutation(len(rest))
    stop_by = max(1, round(STOP_SHARE * len(rest)))
    return (
        sorted(rest[i] for i in dealt[stop_by:]),
        sorted(rest[i] for i in dealt[:stop_by]),
        test,
    )
