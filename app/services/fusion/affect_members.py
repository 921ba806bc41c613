"""The models of valence and arousal that can be fused: their stored curves, and whom they have seen."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.models
from app.domain.project import TrainingRecord
from app.domain.snapshot import Snapshot, load_snapshot
from app.domain.traces import DIMENSIONS
from app.domain.training_events import FOLD_PREDICTED, FOLD_RESULT, FOLDS, HELD_OUT, STOPPED_BY
from app.errors import UserError
from app.fusion.affect import AffectTable
from app.fusion.learned import Learned, kinds, require_stopped
from app.fusion.partition import PartitionName
from app.inference.cards import ModelCard
from app.inference.face_sequence import KIND
from app.services.fusion.members import AFFECT, Candidate
from app.services.retrain.data import training_folder
from app.services.retrain.promote import model_card
from app.services.retrain.runs import run_folder
from db.project import Project

Float = NDArray[np.float64]


def affect_candidates(project: Project) -> tuple[Candidate, ...]:
    """Return the models of valence and arousal that were trained here, those on the newest labels first."""
    found: dict[str, tuple[int, Candidate]] = {}
    for record in db.models.trainings(project):
        if record.model is None or record.model.name in found:
            continue
        try:
            card = model_card(project, record.model.name)
        except UserError:
            continue
        if card.kind == KIND and not card.raw.get("members") and card.file().sha256 == record.model.sha256:
            found[card.name] = (record.id, _candidate(card, record, run_folder(project, record)))
    newest = max(found.values(), default=None)
    data = newest[1].data if newest is not None else ""
    return tuple(
        sorted((each for _, each in found.values()), key=lambda each: (each.data != data, not each.folds, each.name))
    )


def _candidate(card: ModelCard, record: TrainingRecord, run: Path) -> Candidate:
    parts = card.training.get("subjects", {})
    scores: list[Any] = [card.metrics.get(dimension) for dimension in DIMENSIONS]
    values = [each.get("ccc") if isinstance(each, Mapping) else None for each in scores]
    return Candidate(
        card.name,
        card.title,
        record.recipe,
        tuple(name for name in ("face", "landmarks") if name in card.inputs),
        str(card.stated("labels").get("condition", "")),
        card.control,
        any((run / FOLDS).glob("*")),
        len(parts.get("test", ())) if isinstance(parts, Mapping) else 0,
        None,
        card.licence,
        DIMENSIONS,
        AFFECT,
        tuple(None if value is None else float(value) for value in values),
        record.snapshot_sha256,
    )


def collect_affect(
    project: Project, cards: Sequence[ModelCard], partition: PartitionName = "folds", shuffle_seed: int | None = None
) -> tuple[AffectTable, tuple[TrainingRecord, ...], Snapshot]:
    """Return the predictions of trained members for the frames that they were all trained and tested on.

    Args:
        project: The project of the trainings.
        cards: Cards of the members.
        partition: With "as_in_d" the members themselves speak of the people who stopped their trainings.
        shuffle_seed: Seed by which the labels are shuffled among items, as a control; None does not shuffle.

    Raises:
        UserError: There are fewer than two members, one was not trained here, or they were trained on different data.
    """
    names = [card.name for card in cards]
    if len(cards) < 2 or len(set(names)) < len(names):
        raise UserError("A fusion needs two members or more, each named once.", "Choose another model, too.")
    records = []
    for card in cards:
        if card.kind != KIND or card.raw.get("members"):
            raise UserError(
                f"{card.name} is not a trained model of valence and arousal.", "Choose models that were trained here."
            )
        record = db.models.training_of(project, card.name, card.file().sha256)
        if record is None:
            raise UserError(f"{card.name} was not trained in this project.", "Choose models that were trained here.")
        records.append(record)
    hashes = {record.snapshot_sha256 for record in records}
    if len(hashes) > 1:
        raise UserError(
            "The members were trained on different states of the labels.", "Train them on the same labels, then fuse."
        )
    snapshot = load_snapshot(training_folder(project) / "snapshots" / hashes.pop()[:16])
    subjects = {clip.name: clip.subject or f"clip {clip.name}" for clip in db.clips.every(project)}
    old = {
        snapshot.clips[clip]: snapshot.subjects[subject]
        for clip, subject in dict(zip(snapshot.clip.tolist(), snapshot.subject.tolist(), strict=True)).items()
    }
    now = [subjects.get(name, old.get(name, name)) for name in snapshot.clips]
    said, kind = [], []
    for card, record in zip(cards, records, strict=True):
        values, by_fold, learned = _stored(run_folder(project, record), card, snapshot, old)
        if partition == "as_in_d":
            require_stopped({card.name: learned.people})
            _speak_themselves(run_folder(project, record), card, values, by_fold)
        item_said = np.array([np.isfinite(values[snapshot.clip == n]).any() for n in range(len(snapshot.clips))])
        item_fold = np.array([by_fold[snapshot.clip == n].any() for n in range(len(snapshot.clips))])
        known = {**subjects, **dict(zip(snapshot.clips, now, strict=True))}
        kind.append(kinds(learned, snapshot.clips, known, item_said, item_fold))
        said.append(values)
    table = AffectTable(
        tuple(names),
        snapshot.clips,
        tuple(now),
        np.stack(kind),
        snapshot.clip.astype(np.int64),
        np.stack(said),
        snapshot.target.astype(np.float64),
    )
    return table if shuffle_seed is None else table.mixed_up(shuffle_seed), tuple(records), snapshot


def _stored(
    run: Path, card: ModelCard, snapshot: Snapshot, old: Mapping[str, str]
) -> tuple[Float, NDArray[np.bool_], Learned]:
    """Return stored predictions N×2, which of them come from folds, and whom the member learned from."""
    values = np.full((len(snapshot.target), 2), np.nan)
    by_fold = np.zeros(len(values), np.bool_)
    try:
        with np.load(run / HELD_OUT, allow_pickle=False) as file:
            held, columns = np.asarray(file["predicted"], np.float64), np.asarray(file["columns"], np.int64)
        folds = []
        for folder in sorted((run / FOLDS).glob("*")):
            part = json.loads((folder / FOLD_RESULT).read_text("utf-8"))
            rows = np.isin(snapshot.subject, [snapshot.subjects.index(name) for name in part["subjects"]])
            with np.load(folder / FOLD_PREDICTED, allow_pickle=False) as file:
                values[np.flatnonzero(rows)[:, None], columns] = file["predicted"]
            by_fold |= rows
            folds.append(frozenset(map(str, part["subjects"])))
        own = np.isfinite(held).all(axis=1)
        values[np.flatnonzero(own)[:, None], columns] = held[own]
        by_fold[own] = False
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"The predictions of {card.name} are gone ({error}).", "Train it again.") from error
    parts = card.training.get("subjects", {})
    people = {str(name): part for part in ("test", "validation", "train") for name in parts.get(part, ())}
    return values, by_fold, Learned(True, people, old, tuple(folds))


def _speak_themselves(run: Path, card: ModelCard, values: Float, by_fold: NDArray[np.bool_]) -> None:
    """Put what a member itself predicts of the people who stopped its training in place of what its folds do."""
    try:
        with np.load(run / STOPPED_BY, allow_pickle=False) as file:
            said, columns = np.asarray(file["predicted"], np.float64), np.asarray(file["columns"], np.int64)
    except (OSError, KeyError, ValueError) as error:
        raise UserError(
            f"The training of {card.name} did not keep what it predicts of the people who stopped it.",
            "Train it again, or take another partition.",
        ) from error
    own = np.flatnonzero(np.isfinite(said).all(axis=1))
    values[own[:, None], columns] = said[own]
    by_fold[own] = False
