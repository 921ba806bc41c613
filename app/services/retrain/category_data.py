"""From a project's categories to the frozen items of a training: labels, and the frames of the face that was judged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.clips
from app.domain.emotions import FERPLUS
from app.domain.item_data import load_items, save_items
from app.domain.project import ItemRecord
from app.domain.snapshot import split_names
from app.domain.words import many
from app.errors import Cancelled, UserError
from app.inference.cards import ModelCard, find_model
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels, category_labels
from app.services.retrain.data import FEW_SUBJECTS, FrozenData, training_folder
from app.services.retrain.faces import FaceBank, FaceFeatures, features
from db.project import Project

STOP_SHARE: Final = 0.15
"""Of the training subjects, those that early stopping takes where no partition is meant for it."""


def freeze_categories(
    project: Project, choice: CategoryChoice, ctx: Context, *, seed: int = 0, device: str = "auto"
) -> FrozenData:
    """Freeze the items that a choice of labels means today; the same labels give the same data.

    An item that cannot be read or shows no face is left out by name, and the others go on.

    Args:
        project: Open for writing.
        choice: Which labels.
        ctx: Progress in items, and cancel.
        seed: Of the split by subject.
        device: Where faces are found and features computed.

    Raises:
        UserError: There are no labels, no faces, or too few subjects.
        Cancelled: On request.
    """
    labels = category_labels(project, choice)
    choice = replace(choice, condition=labels.condition)
    card = find_model(None, project.path)
    model = FaceFrameModel.open(card, device, file="model" if "model" in card.files else None)
    bank = FaceBank(model.crop_geometry, device)
    read: list[tuple[int, FaceFeatures, NDArray[np.float64]]] = []
    notes = list(labels.notes)
    for number, item in enumerate(labels.items):
        ctx.progress(number, len(labels.items), f"Reading {item.name}")
        try:
            said, times_s = _frames(project, item, bank, model, ctx)
        except Cancelled:
            raise
        except UserError as error:
            notes.append(f"{item.name} was left out: {error}")
            continue
        if len(times_s):
            read.append((number, said, times_s))
        else:
            notes.append(f"{item.name} was left out: its face is never seen.")
    if not read:
        raise UserError("No item with a category shows a face.", " ".join(notes[:3]) or "Label clips that show a face.")
    return _frozen(project, choice, labels, card, read, notes, seed)


def _frames(
    project: Project, item: ItemRecord, bank: FaceBank, model: FaceFrameModel, ctx: Context
) -> tuple[FaceFeatures, NDArray[np.float64]]:
    """Features and times of the frames of an item: its face, within its range."""
    clip = db.clips.get(project, item.clip_id)
    if not clip.path.is_file():
        raise UserError(f"{clip.name} is missing.", "`affectograph project relink` finds moved clips.")
    faces = bank.faces(clip.path, clip.sha256, ctx)
    rows = faces.rows_of(project, item)
    times_s = faces.times_s[rows]
    within = np.ones(len(rows), bool)
    if item.start_s is not None:
        within &= times_s >= item.start_s
    if item.end_s is not None:
        within &= times_s <= item.end_s
    return features(model, faces, rows[within]), times_s[within]


def _frozen(
    project: Project,
    choice: CategoryChoice,
    labels: CategoryLabels,
    card: ModelCard,
    read: list[tuple[int, FaceFeatures, NDArray[np.float64]]],
    notes: list[str],
    seed: int,
) -> FrozenData:
    items = [labels.items[number] for number, _, _ in read]
    people = [item.subject or f"clip {item.clip}" for item in items]
    subjects = list(dict.fromkeys(people))
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
    rows = np.array([number for number, _, _ in read], np.int64)
    counts = [len(times_s) for _, _, times_s in read]
    probabilities = np.concatenate([said.probabilities for _, said, _ in read])
    arrays: dict[str, NDArray[Any]] = {
        "features": np.concatenate([said.embedding for _, said, _ in read]),
        "probabilities": probabilities,
        "times_s": np.concatenate([times_s for _, _, times_s in read]),
        "first": np.r_[0, np.cumsum(counts)].astype(np.int64),
        "target": labels.target[rows],
        "said": labels.said[rows],
        "subject": np.array([subjects.index(name) for name in people], np.int32),
    }
    parts = {name: labels.parts[row] for name, row in zip(people, rows, strict=True)} if labels.parts else {}
    groups = {name: labels.groups[row] for name, row in zip(people, rows, strict=True)} if labels.groups else {}
    train, validation, test = _official(parts, people, rows, labels, seed) or split_names(subjects, seed)
    facts = {
        "project": project.path.stem if project.path is not None else "",
        "labels": choice.as_dict(),
        "items": [item.name for item in items],
        "subjects": subjects,
        "classes": list(labels.classes),
        "frame_classes": list(FERPLUS) if probabilities.shape[1] else [],
        "raters": list(labels.raters),
        "split": {"train": train, "validation": validation, "test": test},
        "split_seed": seed,
        "groups": {name: group for name, group in groups.items() if group},
        "frame_model": {"name": card.name, "sha256": card.file().sha256},
        "notes": notes,
    }
    folder = save_items(arrays, facts, training_folder(project) / "items")
    data = load_items(folder)
    return FrozenData(folder, data.sha256, data.manifest, card, tuple(notes))


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
