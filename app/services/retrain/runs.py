"""A whole training: frozen data, the child process, the ONNX file, the registry, and the comparison of models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import db.models
from app.batch import Failed
from app.domain.project import TrainingRecord, TrainingStatus
from app.domain.recipes import find_recipe
from app.domain.training_events import (
    CHECKPOINT,
    COMPARED,
    CROSS_VALIDATED,
    DONE,
    EPOCH,
    NOTE,
    STOPPED,
    Event,
    facts_of,
)
from app.errors import UserError
from app.faces.landmarks68 import FIVE
from app.inference.cards import load_card, project_models
from app.jobs import Context
from app.services.retrain.beginning import begin_run, owner_lives
from app.services.retrain.compare import compare
from app.services.retrain.comparison import Comparison
from app.services.retrain.data import FrozenData, freeze, training_folder
from app.services.retrain.ending import LOG, ending_noted
from app.services.retrain.labels import LabelChoice
from app.services.retrain.named_folders import folder_name, named_folder
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.promote import register
from db.project import Project


@dataclass(frozen=True)
class TrainRequest:
    """The training to run.

    Attributes:
        recipe: Name of a recipe.
        values: Parameters of the recipe that differ from the defaults.
        labels: The labels to learn from.
        device: "auto", "cpu", "cuda" or "mps".
        out: Folder for run and model; None for the project's own folders.
        name: Name of the model; empty for the folder's name, or the recipe with a number.
        points: The landmarks: "mtcnn5", "mesh68", or "dlib68" if that extra is installed.
    """

    recipe: str = "gru_head"
    values: Mapping[str, Any] = field(default_factory=dict)
    labels: LabelChoice = field(default_factory=LabelChoice)
    device: str = "auto"
    out: Path | None = None
    name: str = ""
    points: str = FIVE


@dataclass(frozen=True, eq=False)
class Trained:
    """The outcome of a training.

    Attributes:
        record: The record in the project.
        model: Name of the model.
        folder: Where `model.onnx` and `card.toml` lie.
        comparison: Against the model that was in use; None where it could not be made.
        notes: What the user should know.
        failed: The items that could not be read, which were left out of the training.
    """

    record: TrainingRecord
    model: str
    folder: Path
    comparison: Comparison | None
    notes: tuple[str, ...]
    failed: tuple[Failed, ...] = ()


def train(project: Project, request: TrainRequest, tell: Tell, ctx: Context) -> Trained:
    """Train a model on the project's labels and compare it with the one in use.

    A second call with the same settings and labels continues where a killed one stopped: in the named folder, or else
    in the project's own folders if a run was interrupted there.

    Args:
        project: The project, open for writing.
        request: The training to run.
        tell: Receives each event as it comes: frozen, placed, start, epoch, memory, done, exported, compared.
        ctx: Receives the progress, and can cancel; a cancel discards the run.

    Raises:
        UserError: Torch is missing, there are too few labels, or the run refused.
        Cancelled: The user cancelled.
    """
    require_training(request.out)
    recipe = find_recipe(request.recipe)
    values = recipe.values(request.values)
    mark_interrupted(project)
    device = inference_device(request.device)
    data = freeze(project, request.labels, ctx, device=device, points=request.points)
    tell(data.event)
    record = _broken_off(project, request, values, data)
    if record is not None:
        run = run_folder(project, record)
        model_folder = named_folder(project, record) or project_models(project.home or run) / folder_name(record)
    else:
        run, model_folder = places(project, request.out, request.name, recipe.name)
        record = db.models.add_training(
            project,
            recipe.name,
            dict(values),
            snapshot_sha256=data.sha256,
            snapshot={key: value for key, value in data.manifest.items() if key not in ("sha256", "clips")},
            seed=int(values["seed"]),
            folder=str(model_folder),
        )
    with ending_noted(project, record.id, run):
        return _run(project, request, values, data, record, run, model_folder, tell, ctx)


def inference_device(device: str) -> str:
    """Return the device on which features are computed for a training on a device."""
    return device if device in ("cpu", "cuda") else "auto"


def _broken_off(
    project: Project, request: TrainRequest, values: Mapping[str, Any], data: FrozenData
) -> TrainingRecord | None:
    """Find an interrupted training with the same settings and data, which is then continued."""
    if request.out is not None or request.name:
        return None
    for record in db.models.trainings(project):
        same = record.recipe == request.recipe and record.parameters == dict(values)
        if record.status == "interrupted" and same and record.snapshot_sha256 == data.sha256:
            return record if (run_folder(project, record) / CHECKPOINT).is_file() else None
    return None


def places(project: Project, out: Path | None, wished: str, recipe: str) -> tuple[Path, Path]:
    """Return the folder of a new run and that of its model.

    Args:
        project: The project beside whose file they lie.
        out: A folder that the user named, which holds both.
        wished: Name of the model; empty for the recipe's name with a number.
        recipe: Name of the recipe.

    Raises:
        UserError: The name is taken.
    """
    if out is not None:
        return out, out
    taken = {run.folder for run in db.models.trainings(project)}
    models, runs = project_models(project.home), training_folder(project) / "runs"
    number = 1
    while True:
        name = wished or f"{recipe}-{number}"
        model, run = models / name, runs / name
        if str(model) not in taken and not model.exists() and not run.exists():
            return run, model
        if wished:
            raise UserError(f"There is a model called {name} already.", "Choose another name.")
        number += 1


def _run(
    project: Project,
    request: TrainRequest,
    values: Mapping[str, Any],
    data: FrozenData,
    record: TrainingRecord,
    run: Path,
    model_folder: Path,
    tell: Tell,
    ctx: Context,
) -> Trained:
    begin_run(project, record.id, run, request.name or model_folder.name, tell)
    ending: dict[str, Any] = {}
    validated: dict[str, Any] = {}
    notes = list(data.notes)

    def follow(event: Event) -> None:
        if event["event"] == DONE:
            ending.update(event)
        if event["event"] == CROSS_VALIDATED:
            validated.update(facts_of(event))
        if event["event"] == NOTE:
            notes.append(str(event["text"]))
        if event["event"] == EPOCH:
            ctx.progress(*how_far(event))
        tell({**event, "training": record.id})

    log = run / LOG
    words = ["--snapshot", str(data.folder), "--recipe", request.recipe, "--out", str(run), "--device", request.device]
    words += [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    run_child("app.learning.affect.train", words, follow, ctx, log)
    name = request.name or model_folder.name
    frame = str(data.frame_model.folder)
    words = ["--run", str(run), "--snapshot", str(data.folder), "--out", str(model_folder), "--name", name]
    run_child("app.learning.affect.export", [*words, "--frame-model", frame], follow, ctx, log)
    card = load_card(model_folder)
    model_id = register(project, card, trained=True)
    status: TrainingStatus = "stopped" if ending.get("ending") == STOPPED else "finished"
    metrics: dict[str, Any] = {"test": card.metrics, "epochs": ending.get("epochs")}
    if validated:
        metrics["cross_validation"] = validated
    db.models.update_training(project, record.id, status, metrics=metrics, model_id=model_id)
    comparison: Comparison | None = None
    try:
        comparison = compare(project, None, str(model_folder), ctx, device=inference_device(request.device))
        metrics["comparison"] = comparison.as_dict()
    except UserError as error:  # the model is there all the same
        notes.append(f"It could not be compared: {error}")
    done = db.models.update_training(
        project, record.id, status, metrics=metrics, model_id=model_id, note=" ".join(notes)
    )
    tell({"event": COMPARED, "training": record.id, "comparison": metrics.get("comparison")})
    return Trained(done, card.name, model_folder, comparison, tuple(notes), data.failed)


def how_far(event: Mapping[str, Any]) -> tuple[int, int, str]:
    """Return the number of epochs done, the largest possible one (both with folds), and a text on the present step."""
    fold, folds, epochs = int(event.get("fold", 0)), int(event.get("folds", 0)), int(event["epochs"])
    text = f"Epoch {event['epoch']} of {epochs}"
    if fold:
        text = f"Fold {fold} of {folds}: epoch {event['epoch']} of {epochs}"
    return fold * epochs + int(event["epoch"]), (folds + 1) * epochs, text


def mark_interrupted(project: Project) -> list[TrainingRecord]:
    """Mark trainings of this computer whose process has ended as interrupted, and return them."""
    found = []
    for record in db.models.trainings(project):
        if record.status in ("queued", "running") and not _alive(project, record):
            note = "The program ended while this was trained; train again with the same settings to continue."
            found.append(db.models.update_training(project, record.id, "interrupted", note=note))
    return found


def _alive(project: Project, record: TrainingRecord) -> bool:
    for place in (named_folder(project, record), training_folder(project) / "runs" / folder_name(record)):
        lives = owner_lives(place) if place is not None else None
        if lives is not None:
            return lives
    # Others who use a project on a server train on their own computers, where alone their processes are known.
    return project.path is None


def run_folder(project: Project, record: TrainingRecord) -> Path:
    """Return the folder of a training's log, checkpoint and curves, which may not exist any more."""
    own = training_folder(project) / "runs" / folder_name(record)
    return own if own.is_dir() else named_folder(project, record) or own


def model_folder(project: Project, record: TrainingRecord) -> Path:
    """Return the folder of a training's model, even after the project was moved with its folders.

    Raises:
        UserError: The project only names a folder outside its own.
    """
    own = project_models(project.home) / folder_name(record)
    if own.is_dir():
        return own
    named = named_folder(project, record)
    if named is None:
        raise UserError(
            f"The project says that this model lies in {record.folder}, outside its own folder.",
            "If that is right, move the folder beside the project.",
            "If that is right, name the folder yourself: `affectograph models promote FOLDER --project P`.",
        )
    return named
