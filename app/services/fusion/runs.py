"""A fusion from beginning to end: frozen predictions, weights from a child process, one model, report, comparison."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

import db.clips
import db.items
import db.models
from app.batch import Failed
from app.domain.project import ItemRecord, TrainingRecord, TrainingStatus
from app.domain.training_events import DONE, FROZEN, FUSED, PROGRESS, STOPPED, TRIAL, Event
from app.errors import UserError
from app.files import replacing
from app.fusion.frozen import Frozen, freeze
from app.fusion.partition import PartitionName, dealt
from app.fusion.ways import Way
from app.inference.cards import load_card
from app.jobs import Context
from app.services.fusion.collect import Collected, carry_matrix, collect
from app.services.fusion.members import Member, members_of
from app.services.fusion.outcome import FusionOutcome, fusions_folder, read_outcome, scores_dict
from app.services.fusion.report import write_report
from app.services.predict.categories import own_networks, read_features
from app.services.predict.silent import HearingBank
from app.services.predict.tracks import TrackBank
from app.services.retrain.beginning import begin_run
from app.services.retrain.category_compare import CategoryComparison
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.category_record import recorded
from app.services.retrain.category_runs import METRICS
from app.services.retrain.ending import LOG, ending_noted
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.runs import inference_device, mark_interrupted, places
from app.streams.catalogue import open_streams
from app.streams.stream import Rows
from db.project import Project

RECIPE: Final = "fusion"
"""The recipe under which a fusion is recorded among the trainings."""
ITEMS_TRIED: Final = 6
"""Items on which the fused graph is held against its members."""


@dataclass(frozen=True)
class FusionRequest:
    """The fusion to make.

    Attributes:
        members: Names or folders of models of categories, two or more.
        way: How to fuse.
        partition: Who chooses the weights and who is the result, see `app.fusion.partition.PARTITIONS`.
        folds: Number of folds of the partition "nested".
        weighting: Names of the people who shall choose the weights; empty takes all whom the partition allows.
        leave_out: Whether people who stand in the way are left out instead of refused.
        labels: The labels; None takes those of the first member.
        shuffle_seed: Seed by which the labels are shuffled among items, a control that must not be better; None does
            not shuffle.
        device: The device on which members and detector run: "auto", "cpu" or "cuda".
        out: Folder for run and model; None for the project's own folders.
        name: Name of the model; empty for "fusion" with a number.
        scheduler: Address of a Dask cluster whose workers score the draws of a search; empty for this computer.
    """

    members: tuple[str, ...]
    way: Way = field(default_factory=Way)
    partition: PartitionName = "folds"
    folds: int = 5
    weighting: tuple[str, ...] = ()
    leave_out: bool = False
    labels: CategoryChoice | None = None
    shuffle_seed: int | None = None
    device: str = "auto"
    out: Path | None = None
    name: str = ""
    scheduler: str = ""

    def start(self, project: Project, tell: Tell, ctx: Context) -> "FusedCategories":
        """Make the fusion; see `fuse`. The queue of runs calls this."""
        return fuse(project, self, tell, ctx)


@dataclass(frozen=True, eq=False)
class FusedCategories:
    """The result of a fusion.

    Attributes:
        record: The record in the project.
        model: Name of the model.
        folder: Folder of its file and its card.
        run: Folder of the run.
        outcome: Everything that was found.
        report: The page.
        comparison: Against the model in use, or frame averaging; None where it could not be made.
        notes: What the user should know.
        failed: Items that a member could not read.
    """

    record: TrainingRecord
    model: str
    folder: Path
    run: Path
    outcome: FusionOutcome
    report: Path
    comparison: CategoryComparison | None
    notes: tuple[str, ...]
    failed: tuple[Failed, ...] = ()


def fuse(project: Project, request: FusionRequest, tell: Tell, ctx: Context) -> FusedCategories:
    """Fuse models of categories into one, score it on people who chose nothing, and write the report.

    A second call with the same folder continues a search that was interrupted.

    Args:
        project: The project, open for writing.
        request: The fusion to make.
        tell: Receives each event as it comes: frozen, placed, start, progress, done, fused, exported, compared.
        ctx: Receives the progress, and can cancel; a cancel discards the run.

    Raises:
        UserError: A member is missing or saw people who shall choose its weight, or too few people remain.
        Cancelled: The user cancelled.
    """
    require_training()
    mark_interrupted(project)
    device = inference_device(request.device)
    members = members_of(project, request.members)
    found = collect(
        project,
        members,
        request.labels,
        request.partition,
        ctx,
        device=device,
        shuffle_seed=request.shuffle_seed,
        leave_out=request.leave_out,
    )
    data = _frozen(project, request, members, found)
    search, result = data.partition.search, data.partition.result
    tell({"event": FROZEN, "sha256": data.sha256, "search_items": len(search), "result_items": len(result)})
    run, folder = places(project, request.out, request.name, RECIPE)
    record = db.models.add_training(
        project,
        RECIPE,
        {
            "members": [member.name for member in members],
            "partition": request.partition,
            "folds": request.folds,
            **{key: list(value) if isinstance(value, tuple) else value for key, value in asdict(request.way).items()},
        },
        snapshot_sha256=data.sha256,
        snapshot={key: value for key, value in data.facts.items() if key not in ("sha256", "carry")},
        seed=request.way.seed,
        folder=str(folder),
    )
    with ending_noted(project, record.id, run):
        return _run(project, request, members, found, data, record, run, folder, tell, ctx)


def _frozen(project: Project, request: FusionRequest, members: Sequence[Member], found: Collected) -> Frozen:
    table = found.table
    partition = dealt(
        table,
        request.partition,
        seed=request.way.seed,
        folds=request.folds,
        weighting=request.weighting,
        leave_out=request.leave_out,
    )
    facts = {
        "project": project.home.stem,
        "labels": found.labels.as_dict(),
        "members": [_facts(member) for member in members],
        "carry": [
            carry_matrix([str(name) for name in member.card.raw["classes"]], table.classes).tolist()
            for member in members
        ],
        "frame_model": _frame_model(members),
        "people": people_of(project, members, table.subjects, partition.search, partition.result),
        "notes": list(found.notes),
        "failed": list(found.failed),
    }
    return freeze(table, partition, facts, fusions_folder(project))


def people_of(
    project: Project, members: Sequence[Member], subjects: Sequence[str], search: Any, result: Any
) -> dict[str, list[str]]:
    """Return whom a fusion learned from: everybody who trained a member or chose a weight, by present names.

    Args:
        project: The project of the people.
        members: The members.
        subjects: The person of each item of the table.
        search: Numbers of the items that choose weights.
        result: Numbers of the items of the result.
    """
    now = {item.name: item.subject or f"clip {item.clip}" for item in db.items.every(project, removed=True)}
    chose = {subjects[int(row)] for row in search}
    trained = {name for member in members for name in member.learned.seen(now, ("train",))}
    stopped = {name for member in members for name in member.learned.seen(now, ("validation",))}
    seen = chose | trained
    test = {subjects[int(row)] for row in result} - seen - stopped
    return {"train": sorted(seen), "validation": sorted(stopped - seen), "test": sorted(test)}


def _facts(member: Member) -> dict[str, Any]:
    """Return what a card states of a member besides its file: training, labels and hashes of its predictions."""
    found: dict[str, Any] = {
        "name": member.name,
        "recipe": member.record.recipe if member.record is not None else "from elsewhere",
        "condition": str(member.labels.get("condition", "")),
        "items_sha256": str(member.card.training.get("items_sha256", "")),
        "predictions_sha256": [each.sha256 for each in member.stored],
    }
    return found


def _frame_model(members: Sequence[Member]) -> dict[str, str]:
    for member in members:
        found = member.card.training.get("frame_model", {})
        if isinstance(found, Mapping) and found.get("name"):
            return {"name": str(found["name"]), "sha256": str(found.get("sha256", ""))}
    return {"name": "", "sha256": ""}


def _run(
    project: Project,
    request: FusionRequest,
    members: Sequence[Member],
    found: Collected,
    data: Frozen,
    record: TrainingRecord,
    run: Path,
    folder: Path,
    tell: Tell,
    ctx: Context,
) -> FusedCategories:
    begin_run(project, record.id, run, folder.name, tell)
    notes, ending = list(data.facts["notes"]), ""
    device = inference_device(request.device)

    def follow(event: Event) -> None:
        nonlocal ending
        if event["event"] == DONE:
            ending = str(event["ending"])
        if event["event"] == PROGRESS:
            ctx.progress(event["done"], event["total"], event["text"])
        tell({**event, "training": record.id})

    words = ["--data", str(data.folder), "--way", json.dumps(asdict(request.way)), "--out", str(run)]
    if request.scheduler:
        words += ["--scheduler", request.scheduler]
    run_child("app.learning.fusion.train", words, follow, ctx, run / LOG)
    # What was found is known now, long before the model is written and compared.
    outcome = read_outcome(run, data.folder)
    metrics: dict[str, Any] = {METRICS: {"test": scores_dict(outcome.rows[-1].held_out)}, RECIPE: outcome.as_dict()}
    db.models.update_training(project, record.id, "running", metrics=metrics)
    tell({"event": FUSED, "training": record.id})
    save_trial(project, data, members, found.items, run, device, ctx)
    words = ["--run", str(run), "--data", str(data.folder), "--out", str(folder), "--name", folder.name]
    words += [word for member in members for word in ("--member", str(member.card.folder))]
    run_child("app.learning.fusion.export", words, follow, ctx, run / LOG)
    report = write_report(run, outcome)  # not before: a cancel until here leaves nothing
    card = load_card(folder)
    status: TrainingStatus = "stopped" if ending == STOPPED else "finished"
    end = recorded(project, record, status, card, metrics, notes, device, tell, ctx)
    return FusedCategories(end.record, card.name, folder, run, outcome, report, end.comparison, end.notes, found.failed)


def save_trial(
    project: Project,
    data: Frozen,
    members: Sequence[Member],
    items: Sequence[ItemRecord],
    run: Path,
    device: str,
    ctx: Context,
) -> None:
    """Save the joint rows of some items, on which the graph is held against its members."""
    names = list(dict.fromkeys(name for member in members for name in member.streams))
    own = {name: card for member in members for name, card in own_networks(member.card, project.home).items()}
    streams = open_streams(names, project.home, device, own)
    bank = HearingBank(streams, device, TrackBank(device))
    specs = [stream.spec for stream in streams]
    rows: list[Rows] = []
    times, hears = [], []
    result = data.partition.result
    order = result[np.linspace(0, len(result) - 1, min(len(result), 5 * ITEMS_TRIED)).astype(int)]
    for row in dict.fromkeys(order.tolist()):
        clip = db.clips.get(project, items[row].clip_id)
        if len(rows) == ITEMS_TRIED or not clip.path.is_file():
            continue
        ctx.progress(len(rows), ITEMS_TRIED, f"Reading {items[row].name}")
        found = bank.read(project, items[row], clip.path, clip.sha256, ctx, sound=clip.has_audio)
        if len(found.times_s):
            # Unequal lengths, as items have them; every member is once missing.
            keep = max(1, len(found.times_s) - len(rows))
            kept = read_features(specs, [each[:keep] for each in found.rows], "all")
            rows.append(np.asarray(kept, np.float32))
            times.append(found.times_s[:keep])
            there = [clip.has_audio or not member.listens for member in members]
            fewer = [each and (len(rows) - 2) % (len(members) + 1) != n for n, each in enumerate(there)]
            hears.append(fewer if any(fewer) else [True] * len(members))
    if not rows:
        raise UserError("No item of the result can be read any more.", "Find the missing clips, and fuse again.")
    with replacing(run / TRIAL) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            features=np.concatenate(rows),
            times_s=np.concatenate(times),
            first=np.r_[0, np.cumsum([len(each) for each in rows])].astype(np.int64),
            hears=np.array(hears, np.bool_),
        )
