"""Freezes a project's labels into the hashed data of a training run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.clips
from app.batch import Failed, Failures
from app.domain.missing import missing_clip
from app.domain.snapshot import load_snapshot, save_snapshot, split_names
from app.domain.training_events import FROZEN, Event
from app.domain.words import many
from app.errors import UserError
from app.faces.landmarks68 import FIVE, LICENCE, NAME, PointReader
from app.inference.cards import ModelCard, find_model
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
from app.services.retrain.faces import FaceBank, features
from app.services.retrain.labels import ItemLabels, LabelChoice, check_consent, labels_of, left_out_of_training, settled
from db.project import Project

GAP_S: Final = 0.5
"""A face that is away for longer begins a new sequence, as at run time (`max_gap_s` of the card)."""

LEFT_OUT: Final = "Left out: "
"""How a note begins that names an item which failed."""

FEW_SUBJECTS: Final = 6
"""With fewer subjects the interval of a comparison tells little."""


@dataclass(frozen=True)
class FrozenData:
    """The data that a run reads.

    Attributes:
        folder: The snapshot.
        sha256: SHA-256 of the snapshot.
        manifest: A description of what it was made from.
        frame_model: The frame model whose features it holds.
        notes: What the user should know: clips left out, too few subjects.
        failed: The items that could not be read, which were left out of the training.
    """

    folder: Path
    sha256: str
    manifest: dict[str, Any]
    frame_model: ModelCard
    notes: tuple[str, ...]
    failed: tuple[Failed, ...] = ()

    @property
    def event(self) -> Event:
        """The first event of a training: the data, the split by subject and the items that failed."""
        facts = {name: self.manifest[name] for name in ("rows", "split")}
        return {"event": FROZEN, "sha256": self.sha256, **facts, "failed": list(self.failed)}


def training_folder(project: Project) -> Path:
    """Return the folder of a project's snapshots and runs, which lies beside its file.

    Those of a project on a server lie in the user's data folder (`Project.home`).
    """
    return project.home.with_name(project.home.name + ".training")


def freeze(
    project: Project,
    choice: LabelChoice,
    ctx: Context,
    *,
    seed: int = 0,
    device: str = "auto",
    points: str = FIVE,
) -> FrozenData:
    """Make the snapshot of a choice of labels in their present state. Equal labels give equal snapshots.

    Args:
        project: The project, open for writing.
        choice: The choice of labels.
        ctx: Receives the progress, and can cancel.
        seed: Seed of the split by subject.
        device: The device for the detector and the features.
        points: The landmarks, "mtcnn5", "mesh68" or "dlib68".

    Raises:
        UserError: There are no labels, no faces, or too few subjects.
        Cancelled: The user cancelled.
    """
    choice = settled(project, choice)
    check_consent(project, choice)
    gathered = _Gathered(points)
    failures = Failures(on_failure=lambda error: gathered.notes.append(left_out(error)))
    labels = labels_of(project, choice, failures)
    card = find_model(None, project.home)
    model = FaceFrameModel.open(card, device, file="model" if "model" in card.files else None)
    bank = FaceBank(model.crop_geometry, device)
    for number, each in enumerate(labels):
        ctx.progress(number, len(labels), f"Reading {each.item.clip}")
        with failures.of(each.item.clip):
            gathered.take(project, each, bank, model, ctx)
    if note := left_out_of_training(project, choice.covered_only).note:
        gathered.notes.append(note)
    return _frozen(project, choice, card, gathered, seed, failures)


def left_out(error: UserError) -> str:
    """Say in a note that an item is not learned from, and why."""
    return f"{LEFT_OUT}{error}"


class _Gathered:
    """Collects the rows of all items, and notes what was left out."""

    def __init__(self, points: str) -> None:
        self.points = points
        self.reader = PointReader(points)
        self.parts: list[dict[str, NDArray[Any]]] = []
        self.subjects: list[str] = []
        self.clips: list[str] = []
        self.notes: list[str] = []
        self.strangers = 0
        self._sequence = 0

    def take(self, project: Project, labels: ItemLabels, bank: FaceBank, model: FaceFrameModel, ctx: Context) -> None:
        item = labels.item
        clip = db.clips.get(project, item.clip_id)
        if not clip.path.is_file():
            raise missing_clip(clip.name)
        faces = bank.faces(clip.path, clip.sha256, ctx)
        rows = faces.rows_of(project, item)
        target = labels.at(faces.times_s[rows])
        if not np.isfinite(target).all(axis=1).any():
            self.notes.append(f"{item.name} has no frame with both a face and a label.")
            return
        said = features(model, faces, rows)
        subject = item.subject or f"clip {clip.name}"
        self.strangers += not item.subject
        times_s = faces.times_s[rows]
        new = np.r_[True, np.diff(times_s) > GAP_S]
        sequence = self._sequence + np.cumsum(new) - 1
        self._sequence = int(sequence[-1]) + 1
        count = len(rows)
        self.parts.append(
            {
                "features": said.embedding,
                "landmarks": self.reader.read(faces.crops[rows], faces.landmarks[rows]),
                "images": faces.crops[rows],
                "target": target,
                "times_s": times_s,
                "sequence": sequence.astype(np.int32),
                "subject": np.full(count, _number(self.subjects, subject), np.int32),
                "clip": np.full(count, _number(self.clips, clip.name), np.int32),
            }
        )


def _number(names: list[str], name: str) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)


def _frozen(
    project: Project, choice: LabelChoice, card: ModelCard, gathered: _Gathered, seed: int, failures: Failures
) -> FrozenData:
    if not gathered.parts:
        raise UserError("No labelled clip shows a face.", " ".join(gathered.notes) or "Label clips that show a face.")
    arrays = {name: np.concatenate([part[name] for part in gathered.parts]) for name in gathered.parts[0]}
    notes = list(gathered.notes) + ([LICENCE] if gathered.points == NAME else [])
    if gathered.strangers:
        notes.append(
            f"{many(gathered.strangers, 'clip names', 'clips name')} no subject; each counts as a person of its own. "
            "If they show the same people, set their subjects: else the test is too kind."
        )
    split = split_names(gathered.subjects, seed)
    if len(gathered.subjects) < FEW_SUBJECTS:
        notes.append(
            f"Labels show {many(len(gathered.subjects), 'subject')} only: the comparison will say little. "
            "Label clips of more people."
        )
    facts = {
        "project": project.home.stem,
        "labels": choice.as_dict(),
        "subjects": gathered.subjects,
        "clips": gathered.clips,
        "split": {"train": split[0], "validation": split[1], "test": split[2]},
        "split_seed": seed,
        "frame_model": {"name": card.name, "sha256": card.file().sha256},
        "landmarks": gathered.points,
        "rate_hz": _rate(arrays["times_s"], arrays["sequence"]),
        "labelled_frames": int(np.isfinite(arrays["target"]).all(axis=1).sum()),
        "notes": notes,
        "failed": failures.as_json(),
    }
    folder = save_snapshot(arrays, facts, training_folder(project) / "snapshots")
    snapshot = load_snapshot(folder)
    return FrozenData(folder, snapshot.sha256, snapshot.manifest, card, tuple(notes), tuple(failures.as_json()))


def _rate(times_s: NDArray[np.float64], sequence: NDArray[np.int32]) -> float:
    steps = np.diff(times_s)[np.diff(sequence) == 0]
    steps = steps[steps > 0]
    return round(float(1 / np.median(steps)), 3) if len(steps) else 25.0
