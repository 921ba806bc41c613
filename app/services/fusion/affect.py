"""A fusion of models of valence and arousal: stored predictions, the rule, weights, one model, and its record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import db.clips
import db.models
from app.domain import json_values
from app.domain.project import TrainingRecord
from app.domain.snapshot import Snapshot
from app.domain.training_events import COMPARED, FUSED, RESULT
from app.errors import UserError
from app.files import replacing
from app.fusion.affect import AffectTable, AffectWay, fused_affect
from app.fusion.gains import FUSION
from app.fusion.partition import Partition, PartitionName, dealt
from app.inference.cards import ModelCard, load_card
from app.jobs import Context
from app.services.consent.covered import allowed
from app.services.fusion.affect_members import collect_affect
from app.services.fusion.affect_outcome import AffectOutcome, affect_outcome
from app.services.fusion.affect_report import write_affect_report
from app.services.retrain.beginning import begin_run
from app.services.retrain.compare import compare
from app.services.retrain.comparison import Comparison
from app.services.retrain.data import training_folder
from app.services.retrain.ending import LOG, ending_noted
from app.services.retrain.labels import LabelChoice, check_consent
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.promote import model_card, register
from app.services.retrain.runs import inference_device, mark_interrupted, places
from db.project import Project

RECIPE: Final = "fusion of affect"
SHUFFLED: Final = "shuffled as a control"
FACTS: Final = "fusion"
"""Under this key a record's metrics hold what was found, as for a fusion of categories."""


@dataclass(frozen=True)
class AffectFusionRequest:
    """The fusion to make.

    Attributes:
        members: Names or folders of trained models of valence and arousal, two or more.
        way: See `app.fusion.affect.AFFECT_WAYS`.
        weights: For "fixed" one weight for each member.
        partition: See `app.fusion.partition.PARTITIONS`.
        folds: Number of folds of "nested".
        weighting: Names of the people who shall choose the weights.
        leave_out: Whether people who stand in the way are left out instead of refused.
        seed: Seed of everything random.
        device: The device for the comparison.
        out: Folder for run and model; None for the project's own folders.
        name: Name of the model.
        shuffle_seed: Seed by which the labels are shuffled among clips, a control that must not be better; None does
            not shuffle.
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
    shuffle_seed: int | None = None

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
        outcome: Everything that was found.
        report: The page.
        comparison: Against the model in use; None where it could not be made.
        notes: What the user should know.
    """

    record: TrainingRecord
    model: str
    folder: Path
    outcome: AffectOutcome
    report: Path
    comparison: Comparison | None
    notes: tuple[str, ...]


def _check_consent(project: Project, table: AffectTable, snapshot: Snapshot) -> None:
    """Refuse to fuse on the labels of people whose consent no longer covers training.

    Raises:
        Uncovered: There are some; it names them.
    """
    allowed(project, "training").require(subjects=table.subjects)
    check_consent(project, LabelChoice.of(dict(snapshot.manifest.get("labels", {}))))


def fuse_affect(project: Project, request: AffectFusionRequest, tell: Tell, ctx: Context) -> FusedAffect:
    """Fuse trained models of valence and arousal into one.

    Args:
        project: The project, open for writing.
        request: The fusion to make.
        tell: Receives the events placed, fused, exported and compared.
        ctx: Can cancel.

    Raises:
        UserError: A member is missing, was trained on other data, or saw people who shall choose its weight.
        Cancelled: The user cancelled.
    """
    require_training()
    mark_interrupted(project)
    cards = [model_card(project, name) for name in request.members]
    table, records, snapshot = collect_affect(project, cards, request.partition, request.shuffle_seed)
    _check_consent(project, table, snapshot)
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
    ctx.check()
    labels = dict(snapshot.manifest.get("labels", {}))
    control = request.shuffle_seed is not None
    if control:
        labels |= {"shuffle_seed": request.shuffle_seed, "title": f"{labels.get('title', 'labels')}, {SHUFFLED}"}
    condition = str(labels.get("condition", ""))
    outcome = affect_outcome(table, partition, fusion, request.way, request.weights, request.seed, condition, control)
    ctx.check()
    run, folder = places(project, request.out, request.name, "fusion-affect")
    facts = {**_facts(table, partition, outcome, cards, records), "labels": labels}
    record = db.models.add_training(
        project,
        RECIPE,
        {"members": [card.name for card in cards], "way": request.way, "partition": request.partition},
        snapshot_sha256=snapshot.sha256,
        snapshot={"labels": labels, "split": facts["subjects"]},
        seed=request.seed,
        folder=str(folder),
    )
    with ending_noted(project, record.id, run):
        return _finished(project, request, cards, snapshot, outcome, facts, record, run, folder, tell, ctx)


def _finished(
    project: Project,
    request: AffectFusionRequest,
    cards: Sequence[ModelCard],
    snapshot: Snapshot,
    outcome: AffectOutcome,
    facts: Mapping[str, Any],
    record: TrainingRecord,
    run: Path,
    folder: Path,
    tell: Tell,
    ctx: Context,
) -> FusedAffect:
    test = {row.dimension: {"ccc": json_values.number(row.held_out.ccc)} for row in outcome.rows if row.name == FUSION}
    metrics: dict[str, Any] = {"test": test, FACTS: facts}
    begin_run(project, record.id, run, folder.name, tell, metrics)
    with replacing(run / RESULT) as temporary:
        temporary.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    tell({"event": FUSED, "training": record.id, "folder": str(run), "name": folder.name})
    place = training_folder(project) / "snapshots" / snapshot.sha256[:16]
    words = ["--run", str(run), "--snapshot", str(place), "--out", str(folder), "--name", folder.name]
    words += [word for card in cards for word in ("--member", str(card.folder))]
    run_child("app.learning.fusion.export_affect", words, tell, ctx, run / LOG)
    report = write_affect_report(run, outcome, snapshot)  # not before: a cancel until here leaves nothing
    card = load_card(folder)
    model_id = register(project, card, trained=True)
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
    return FusedAffect(done, card.name, folder, outcome, report, comparison, tuple(notes))


def _facts(
    table: AffectTable,
    partition: Partition,
    outcome: AffectOutcome,
    cards: Sequence[ModelCard],
    records: Sequence[TrainingRecord],
) -> dict[str, Any]:
    chose = {table.subjects[int(item)] for item in partition.search}
    seen = {str(name) for card in cards for name in card.training.get("subjects", {}).get("train", ())}
    stopped = {str(name) for card in cards for name in card.training.get("subjects", {}).get("validation", ())}
    train = chose | seen
    test = {table.subjects[int(item)] for item in partition.result} - train - stopped
    return {
        **outcome.as_dict(),
        "subjects": {"train": sorted(train), "validation": sorted(stopped - train), "test": sorted(test)},
        "trainings": [record.recipe for record in records],
    }
