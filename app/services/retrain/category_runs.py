"""A training of categories from beginning to end: items frozen, child process, record in the project, report."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import db.models
from app.batch import Failed
from app.domain.project import TrainingRecord, TrainingStatus
from app.domain.recipe import PAPER, SIZE
from app.domain.recipes import category_recipe
from app.domain.training_events import (
    CROSS_VALIDATED,
    DONE,
    EPOCH,
    NOTE,
    RESULT,
    STOPPED,
    Event,
)
from app.domain.words import many
from app.jobs import Context
from app.services.retrain.beginning import begin_run
from app.services.retrain.category_compare import CategoryComparison
from app.services.retrain.category_data import freeze_categories
from app.services.retrain.category_export import export_categories
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.category_record import recorded
from app.services.retrain.category_report import write_report
from app.services.retrain.data import FrozenData
from app.services.retrain.ending import LOG, ending_noted
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.runs import how_far, inference_device, mark_interrupted, places
from db.project import Project

METRICS: Final = "category"
"""Under this key a record's metrics hold the scores of categories."""


@dataclass(frozen=True)
class CategoryRequest:
    """The training to run.

    Attributes:
        recipe: Name of a recipe for categories.
        values: Parameters of the recipe that differ from the defaults.
        labels: The labels to learn.
        device: "auto", "cpu", "cuda" or "mps".
        out: Folder for the run; None for the project's own folders.
        name: Name of the run; empty for the recipe's name with a number.
        streams: Names of the streams that are read of each item, see `app.streams.catalogue`; empty for those
            of the recipe.
        scheduler: Address of a Dask cluster whose workers read the streams; empty for this process alone.
    """

    recipe: str = "gru"
    values: Mapping[str, Any] = field(default_factory=dict)
    labels: CategoryChoice = field(default_factory=CategoryChoice)
    device: str = "auto"
    out: Path | None = None
    name: str = ""
    streams: tuple[str, ...] = ()
    scheduler: str = ""


@dataclass(frozen=True, eq=False)
class TrainedCategories:
    """The result of a training.

    Attributes:
        record: The record in the project.
        model: Name of the model.
        folder: Folder of its files and its card.
        run: Folder of probabilities, scores and the report.
        result: The scores, see `app.learning.clip.train`.
        report: The page.
        comparison: Against the model in use, or frame averaging; None where it could not be made.
        notes: What the user should know.
        failed: The items that could not be read, which were left out of the training.
    """

    record: TrainingRecord
    model: str
    folder: Path
    run: Path
    result: dict[str, Any]
    report: Path
    comparison: CategoryComparison | None
    notes: tuple[str, ...]
    failed: tuple[Failed, ...] = ()


def scores_sentence(who: str, found: Mapping[str, Any]) -> str:
    """Write accuracy and recall averaged over classes, with their intervals, as a sentence.

    Args:
        who: The people of the scores, such as "Held-out subjects".
        found: Scores as `app.learning.clip.train.as_dict` stores them.
    """
    parts = []
    for name, title in (("accuracy", "accuracy"), ("uar", "UAR")):
        each = found[name]
        if each["value"] is not None:
            interval = "" if each["low"] is None else f" [{each['low']:.3f}, {each['high']:.3f}]"
            parts.append(f"{title} {each['value']:.3f}{interval}")
    people = f"{many(found['n'], 'item')} of {many(found['n_subjects'], 'subject')}"
    return f"{who}: {', '.join(parts) or 'nothing to score'} ({people})."


def seeds_sentences(record: TrainingRecord, records: Sequence[TrainingRecord]) -> list[str]:
    """Tell median and range of the accuracy over trainings that differ from this one in their seed alone; none for one.

    Args:
        record: A training of categories.
        records: All trainings of the project.
    """

    def asked(one: TrainingRecord) -> tuple[str, dict[str, Any], str]:
        return one.recipe, {k: v for k, v in one.parameters.items() if k != "seed"}, one.snapshot_sha256

    same = {one.seed: one for one in records if METRICS in one.metrics and asked(one) == asked(record)}
    values = [one.metrics[METRICS]["test"]["accuracy"]["value"] for one in same.values()]
    known = sorted(value for value in values if value is not None)
    if len(known) < 2:
        return []
    return [
        f"{len(known)} seeds: median accuracy {statistics.median(known):.3f} on held-out subjects, "
        f"from {known[0]:.3f} to {known[-1]:.3f}."
    ]


def train_categories(project: Project, request: CategoryRequest, tell: Tell, ctx: Context) -> TrainedCategories:
    """Train a model on the categories that people gave, test it on held-out subjects, and write the report.

    A second call with the same folder continues where a killed one stopped.

    Args:
        project: The project, open for writing.
        request: The training to run.
        tell: Receives each event as it comes: frozen, placed, start, epoch, fold, done, exported, compared.
        ctx: Receives the progress, and can cancel; a cancel discards the run.

    Raises:
        UserError: Torch is missing, the recipe predicts no categories, there are too few labels, or the run refused.
        Cancelled: The user cancelled.
    """
    require_training(request.out)
    recipe = category_recipe(request.recipe)
    values = recipe.values(request.values)
    mark_interrupted(project)
    device = inference_device(request.device)
    streams = request.streams or recipe.streams_in(str(values.get(SIZE.key, PAPER)))
    data = freeze_categories(project, request.labels, ctx, device=device, streams=streams, scheduler=request.scheduler)
    tell(data.event)
    run, model_folder = places(project, request.out, request.name, recipe.name)
    record = db.models.add_training(
        project,
        recipe.name,
        dict(values),
        snapshot_sha256=data.sha256,
        snapshot={key: value for key, value in data.manifest.items() if key not in ("sha256", "items", "columns")},
        seed=int(values["seed"]),
        folder=str(model_folder),
    )
    with ending_noted(project, record.id, run):
        return _run(project, request, values, data, record, run, model_folder, tell, ctx)


def _run(
    project: Project,
    request: CategoryRequest,
    values: Mapping[str, Any],
    data: FrozenData,
    record: TrainingRecord,
    run: Path,
    model_folder: Path,
    tell: Tell,
    ctx: Context,
) -> TrainedCategories:
    begin_run(project, record.id, run, run.name, tell)
    notes, ending = list(data.notes), ""

    def follow(event: Event) -> None:
        nonlocal ending
        if event["event"] == DONE:
            ending = str(event["ending"])
        if event["event"] == NOTE:
            notes.append(str(event["text"]))
        if event["event"] == EPOCH:
            ctx.progress(*how_far(event))
        if event["event"] != CROSS_VALIDATED:  # long, and told in the result
            tell({**event, "training": record.id})

    words = ["--items", str(data.folder), "--recipe", request.recipe, "--out", str(run), "--device", request.device]
    words += [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    run_child("app.learning.clip.train", words, follow, ctx, run / LOG)
    result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
    report = write_report(run, data.folder, notes)
    status: TrainingStatus = "stopped" if ending == STOPPED else "finished"
    scores = {"test": result["test"]}
    if "cross_validation" in result:
        scores["cross_validation"] = {k: v for k, v in result["cross_validation"].items() if k != "parts"}
    log, device = run / LOG, inference_device(request.device)
    card = export_categories(project, data, run, model_folder, device, tell, ctx, log)
    metrics: dict[str, Any] = {METRICS: scores, "epochs": result["epochs"]}
    end = recorded(project, record, status, card, metrics, notes, device, tell, ctx)
    return TrainedCategories(
        end.record, card.name, model_folder, run, result, report, end.comparison, end.notes, data.failed
    )
