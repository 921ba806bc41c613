"""A fusion of models of valence and arousal: stored predictions, the rule, weights, one model, and its record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.models
from app.agreement.tables import table_csv, table_latex
from app.domain import json_values
from app.domain.project import TrainingRecord
from app.domain.snapshot import Snapshot, load_snapshot
from app.domain.training_events import COMPARED, FOLD_PREDICTED, FOLD_RESULT, FOLDS, HELD_OUT, PLACED, RESULT
from app.errors import UserError
from app.files import replacing
from app.fusion.affect import AFFECT_WAYS, AffectFusion, AffectTable, AffectWay, fused_affect
from app.fusion.affect_scores import AffectRow, rows_of, table_of
from app.fusion.gains import FUSION
from app.fusion.learned import Learned, kinds
from app.fusion.partition import Partition, PartitionName, dealt
from app.inference.cards import ModelCard, load_card
from app.inference.face_sequence import KIND
from app.jobs import Context
from app.results import result
from app.services.retrain.compare import compare
from app.services.retrain.comparison import Comparison
from app.services.retrain.data import training_folder
from app.services.retrain.ending import LOG, ending_noted
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.promote import model_card, register
from app.services.retrain.runs import inference_device, places, run_folder
from db.project import Project

RECIPE: Final = "fusion of affect"
Float = NDArray[np.float64]


@dataclass(frozen=True)
class AffectFusionRequest:
    """The fusion to make.

    Attributes:
        members: Names or folders of trained models of valence and arousal, two or more.
        way: See `app.fusion.affect.AFFECT_WAYS`.
        weights: For "fixed" one weight for each member.
        partition: See `app.fusion.partition.PARTITIONS`; "as_in_d" needs predictions that are not stored.
        folds: Number of folds of "nested".
        weighting: Names of the people who shall choose the weights.
        leave_out: Whether people who stand in the way are left out instead of refused.
        seed: Seed of everything random.
        device: The device for the comparison.
        out: Folder for run and model; None for the project's own folders.
        name: Name of the model.
    """

    members: tuple[str, ...]
    way: AffectWay = "ccc"
    weights: tuple[float, ...] = ()
    partition: PartitionName = "folds"
    folds: int = 5
    weighting: tuple[str, ...] = ()
    leave_out: bool = False
    seed: int = 0
    device: str = "auto"
    out: Path | None = None
    name: str = ""

    def start(self, project: Project, tell: Tell, ctx: Context) -> "FusedAffect":
        """Make the fusion; see `fuse_affect`. The queue of runs calls this."""
        return fuse_affect(project, self, tell, ctx)


@dataclass(frozen=True, eq=False)
class FusedAffect:
    """The result of a fusion.

    Attributes:
        record: The record in the project.
        model: Name of the model.
        folder: Folder of its file and card.
        fusion: The chosen weights.
        partition: Who chose and who is the result.
        rows: All members, equal weights and the fusion, both dimensions.
        comparison: Against the model in use; None where it could not be made.
        notes: What the user should know.
    """

    record: TrainingRecord
    model: str
    folder: Path
    fusion: AffectFusion
    partition: Partition
    rows: tuple[AffectRow, ...]
    comparison: Comparison | None
    notes: tuple[str, ...]


def fuse_affect(project: Project, request: AffectFusionRequest, tell: Tell, ctx: Context) -> FusedAffect:
    """Fuse trained models of valence and arousal into one.

    Args:
        project: The project, open for writing.
        request: The fusion to make.
        tell: Receives the events placed, exported and compared.
        ctx: Can cancel.

    Raises:
        UserError: A member is missing, was trained on other data, or saw people who shall choose its weight.
        Cancelled: The user cancelled.
    """
    require_training()
    cards = [model_card(project, name) for name in request.members]
    table, records, snapshot = collect_affect(project, cards)
    partition = dealt(
        table.rule,
        request.partition,
        seed=request.seed,
        folds=request.folds,
        weighting=request.weighting,
        leave_out=request.leave_out,
    )
    frames = table.frames(partition.search)
    fusion = fused_affect(table, frames, request.way, request.weights, request.seed)
    rows = rows_of(table, partition, fusion, request.way, request.weights, request.seed)
    ctx.check()
    run, folder = places(project, request.out, request.name, "fusion-affect")
    run.mkdir(parents=True, exist_ok=True)
    facts = _facts(table, partition, fusion, request, cards, records, rows)
    with replacing(run / RESULT) as temporary:
        temporary.write_text(json.dumps(json_values.plain(facts), indent=1) + "\n", "utf-8")
    table_words = table_of(rows)
    for ending, text in (("csv", table_csv(table_words)), ("tex", table_latex(table_words, label="tab:scores"))):
        with result(run / f"scores.{ending}") as temporary:
            temporary.write_text(text, "utf-8")
    record = db.models.add_training(
        project,
        RECIPE,
        {"members": [card.name for card in cards], "way": request.way, "partition": request.partition},
        snapshot_sha256=snapshot.sha256,
        snapshot={"labels": snapshot.manifest.get("labels", {}), "split": facts["subjects"]},
        seed=request.seed,
        folder=str(folder),
    )
    with ending_noted(project, record.id, run):
        return _finished(
            project, request, cards, snapshot, fusion, partition, rows, facts, record, run, folder, tell, ctx
        )


def _finished(
    project: Project,
    request: AffectFusionRequest,
    cards: Sequence[ModelCard],
    snapshot: Snapshot,
    fusion: AffectFusion,
    partition: Partition,
    rows: tuple[AffectRow, ...],
    facts: Mapping[str, Any],
    record: TrainingRecord,
    run: Path,
    folder: Path,
    tell: Tell,
    ctx: Context,
) -> FusedAffect:
    db.models.update_training(project, record.id, "running")
    tell({"event": PLACED, "training": record.id, "folder": str(run), "name": folder.name})
    place = training_folder(project) / "snapshots" / snapshot.sha256[:16]
    words = ["--run", str(run), "--snapshot", str(place), "--out", str(folder), "--name", folder.name]
    words += [word for card in cards for word in ("--member", str(card.folder))]
    run_child("app.learning.fusion.export_affect", words, tell, ctx, run / LOG)
    card = load_card(folder)
    model_id = register(project, card, trained=True)
    test = {row.dimension: {"ccc": json_values.number(row.held_out.ccc)} for row in rows if row.name == FUSION}
    metrics: dict[str, Any] = {"test": test, "fusion": json_values.plain(facts)}
    db.models.update_training(project, record.id, "finished", metrics=metrics, model_id=model_id)
    notes: list[str] = []
    comparison: Comparison | None = None
    try:
        comparison = compare(project, None, str(folder), ctx, device=inference_device(request.device))
        metrics["comparison"] = comparison.as_dict()
    except UserError as error:
        notes.append(f"It could not be compared: {error}")
    done = db.models.update_training(
        project, record.id, "finished", metrics=metrics, model_id=model_id, note=" ".join(notes)
    )
    tell({"event": COMPARED, "training": record.id, "comparison": metrics.get("comparison")})
    return FusedAffect(done, card.name, folder, fusion, partition, rows, comparison, tuple(notes))


def collect_affect(
    project: Project, cards: Sequence[ModelCard]
) -> tuple[AffectTable, tuple[TrainingRecord, ...], Snapshot]:
    """Return what trained members say of the frames that they were all trained and tested on.

    Args:
        project: The project of the trainings.
        cards: Cards of the members.

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
                f"{card.name} is no trained model of valence and arousal.", "Choose models that were trained here."
            )
        record = next(
            (one for one in db.models.trainings(project) if one.model and one.model.sha256 == card.file().sha256), None
        )
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
    return table, tuple(records), snapshot


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


def _facts(
    table: AffectTable,
    partition: Partition,
    fusion: AffectFusion,
    request: AffectFusionRequest,
    cards: Sequence[ModelCard],
    records: Sequence[TrainingRecord],
    rows: Sequence[AffectRow],
) -> dict[str, Any]:
    chose = {table.subjects[int(item)] for item in partition.search}
    seen = {str(name) for card in cards for name in card.training.get("subjects", {}).get("train", ())}
    stopped = {str(name) for card in cards for name in card.training.get("subjects", {}).get("validation", ())}
    train = chose | seen
    test = {table.subjects[int(item)] for item in partition.result} - train - stopped
    return {
        "way": request.way,
        "words": AFFECT_WAYS[request.way],
        "partition": partition.name,
        "in_the_way": [each.sentence for each in partition.in_the_way],
        "fusion": fusion.as_dict(),
        "subjects": {"train": sorted(train), "validation": sorted(stopped - train), "test": sorted(test)},
        "trainings": [record.recipe for record in records],
        "scores": [
            {
                "name": row.name,
                "dimension": row.dimension,
                "search": row.search,
                "held_out": row.held_out.ccc,
                "interval": list(row.held_out.interval),
                "gain": row.gain,
                "gain_interval": list(row.interval),
                "n_subjects": row.held_out.n_subjects,
            }
            for row in rows
        ],
    }
