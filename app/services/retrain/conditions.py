"""The context experiment: one recipe learns the labels of each viewing condition from face, surroundings and both."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.models
from app.agreement.tables import ResultTable
from app.batch import Failed
from app.domain.item_data import NOBODY, ItemData, load_items
from app.domain.project import TrainingRecord
from app.domain.recipe import Value
from app.domain.recipes import category_recipe
from app.domain.study import FACE_ONLY, FULL_CONTEXT
from app.domain.training_events import EPOCH, HELD_OUT, OUT_OF_FOLD, RESULT, STOPPED, Event
from app.domain.words import change, many
from app.errors import UserError
from app.jobs import Context
from app.services.retrain.alike import freeze_alike
from app.services.retrain.beginning import begin_run
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels, category_labels
from app.services.retrain.category_runs import CategoryRequest
from app.services.retrain.conditions_report import BOTH, FACE, PAGE, Trained, facts_of, gain_title, write_conditions
from app.services.retrain.ending import LOG, ending_noted
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.runs import how_far, inference_device, mark_interrupted, places, run_folder
from db.project import Project

CANCELLED: Final = "Cancelled; what was trained by then is taken up by the next experiment with the same settings."
CONDITIONS: Final = (FACE_ONLY, FULL_CONTEXT)
STREAMS: Final[dict[str, tuple[str, ...]]] = {
    FACE: ("face_oval",),
    "surroundings": ("context_masked",),
    BOTH: ("face_oval", "context_masked"),
}
"""What is read: the face alone shows nothing of the scene, and the surroundings nothing of the face."""
EXPERIMENT: Final = "conditions"
"""Under this key a record's metrics hold the tables, and its snapshot says what was compared."""


@dataclass(frozen=True)
class ConditionsRequest(CategoryRequest):
    """The context experiment to run. The condition of the labels and the streams are ignored.

    Attributes:
        conditions: The viewing conditions.
        seeds: Number of trainings of each model, with seeds from the recipe's own upwards; accuracies are means.
    """

    conditions: tuple[str, ...] = CONDITIONS
    seeds: int = 1

    @property
    def choice(self) -> CategoryChoice:
        """The labels, with all conditions named."""
        return replace(self.labels, condition=" and ".join(self.conditions))


@dataclass(frozen=True, eq=False)
class ConditionsResult:
    """The result of the context experiment.

    Attributes:
        record: The record in the project.
        folder: Folder of the runs, the page and the tables.
        report: The page.
        tables: As on the page: models and labels, what context adds, people.
        notes: What the user should know.
        failed: The items that could not be read, which were left out of all trainings.
    """

    record: TrainingRecord
    folder: Path
    report: Path
    tables: tuple[ResultTable, ...]
    notes: tuple[str, ...]
    failed: tuple[Failed, ...] = ()

    @property
    def sentence(self) -> str:
        """The gain from context in words."""
        return gains_sentence(self.record.metrics[EXPERIMENT])


def gains_sentence(facts: Mapping[str, Any]) -> str:
    """Describe the gain from context for the models of each condition's labels.

    Args:
        facts: The tables as a record's metrics or `conditions.json` hold them.
    """
    gains = {row["difference"]: row for row in facts["gains"]}
    parts = []
    for row in facts["people"]:
        found = gains.get(gain_title(row["condition"]))
        if found is not None and found["value"] is not None:
            told = change(found["value"], found["low"], found["high"])
            parts.append(f"{told} with {row['condition'].replace('_', ' ')} labels")
    said = " and by ".join(parts)
    return f"Reading the surroundings too changes the accuracy by {said}." if parts else ""


def train_conditions(project: Project, request: ConditionsRequest, tell: Tell, ctx: Context) -> ConditionsResult:
    """Train one recipe on the labels of each condition, from each kind of stream, and test each on the labels of all.

    All trainings see the same items and subjects, namely those that have a label under every condition. Every item is
    predicted by a model that has not seen its subject, which is held out or left out by a fold. An experiment that was
    interrupted continues where it was, in the named folder or else in the project's own.

    Args:
        project: The project, open for writing.
        request: The experiment to run.
        tell: Receives the events of all trainings, each with `streams`, `learned` and the record's number `training`.
        ctx: Receives the progress, and can cancel; what was trained by then stays.

    Raises:
        UserError: Torch is missing, the recipe predicts no categories, or labels of a condition are missing.
        Cancelled: The user cancelled.
    """
    require_training(request.out)
    recipe = category_recipe(request.recipe)
    values = recipe.values(request.values)
    labels, notes = common_labels(project, request.labels, request.conditions)
    mark_interrupted(project)
    record, folder = _placed(project, request, values)
    begin_run(project, record.id, folder, folder.name, tell)
    heard = partial(_numbered, tell, record.id)
    with ending_noted(project, record.id, folder, CANCELLED):
        trained = _train_all(project, request, values, labels, folder, notes, heard, ctx)
        tables = write_conditions(folder, trained)
    sha256 = hashlib.sha256("".join(trained.data[name].sha256 for name in request.conditions).encode()).hexdigest()
    metrics = {EXPERIMENT: facts_of(tables, trained.notes)}
    done = db.models.update_training(
        project, record.id, "finished", metrics=metrics, note=" ".join(trained.notes), snapshot_sha256=sha256
    )
    return ConditionsResult(done, folder, folder / PAGE, tables, trained.notes, trained.failed)


def _numbered(tell: Tell, number: int, event: Event) -> None:
    tell({**event, "training": number})


def _placed(project: Project, request: ConditionsRequest, values: Mapping[str, Value]) -> tuple[TrainingRecord, Path]:
    """Return the record and the folder of the experiment: those of one that was broken off, or new ones."""
    asked = {
        EXPERIMENT: list(request.conditions),
        "labels": request.choice.as_dict(),
        "streams": {name: list(streams) for name, streams in STREAMS.items()},
        "seeds": request.seeds,
    }
    for record in db.models.trainings(project) if request.out is None else []:
        same = [record.recipe, record.parameters, record.snapshot] == [request.recipe, dict(values), asked]
        if same and record.status in ("interrupted", "cancelled", "failed"):
            return record, run_folder(project, record)
    folder, _ = places(project, request.out, request.name, f"{request.recipe}-{EXPERIMENT}")
    record = db.models.add_training(
        project,
        request.recipe,
        dict(values),
        snapshot_sha256="",
        snapshot=asked,
        seed=int(values["seed"]),
        folder=str(folder),
    )
    return record, folder


def _train_all(
    project: Project,
    request: ConditionsRequest,
    values: Mapping[str, Value],
    labels: Mapping[str, CategoryLabels],
    folder: Path,
    notes: Sequence[str],
    tell: Tell,
    ctx: Context,
) -> Trained:
    """Train every model that is not trained yet."""
    device = inference_device(request.device)
    said = list(notes)
    data: dict[str, ItemData] = {}
    predicted: dict[tuple[str, str], list[NDArray[np.float32]]] = {}
    cells = [(name, condition) for name in STREAMS for condition in request.conditions]
    total = len(cells) * request.seeds
    alike, failed, more = freeze_alike(project, request.labels, labels, STREAMS, ctx, device=device)
    said += [note for note in more if note not in said]
    for place, (name, condition) in enumerate(cells):
        frozen, done = alike[name, condition], place * request.seeds
        ctx.progress(done, total, f"Learning {condition} labels from {name}")
        data[condition] = load_items(frozen.folder)
        for number in range(request.seeds):
            own = {**values, "seed": int(values["seed"]) + number}
            run = folder / (f"{name}-{condition}" + (f"-seed{own['seed']}" if number else ""))
            run.mkdir(parents=True, exist_ok=True)
            if not _finished(run, frozen.sha256, request.recipe, own):
                words = ["--items", str(frozen.folder), "--recipe", request.recipe, "--out", str(run)]
                words += ["--device", request.device]
                words += [word for key, value in own.items() for word in ("--set", f"{key}={value}")]
                follow = _follower(tell, ctx, name, condition, (done + number, total))
                run_child("app.learning.clip.train", words, follow, ctx, run / LOG)
            predicted.setdefault((name, condition), []).append(_predictions(run))
    recipe = ", ".join([request.recipe, *(f"{key} {value}" for key, value in request.values.items())])
    return Trained(
        recipe,
        request.choice.title,
        STREAMS,
        request.conditions,
        request.seeds,
        data,
        predicted,
        tuple(said),
        tuple(failed),
    )


def common_labels(
    project: Project, choice: CategoryChoice, conditions: Sequence[str]
) -> tuple[dict[str, CategoryLabels], list[str]]:
    """Return the labels of each condition over the same items and classes, and sentences about what was left out.

    Args:
        project: The project with the answers.
        choice: The choice of labels, whose condition is ignored.
        conditions: The viewing conditions.

    Raises:
        UserError: There are no labels under a condition, or no item has a label under all of them.
    """
    found = {name: category_labels(project, replace(choice, condition=name)) for name in conditions}
    notes = [f"{name}: {note}" for name, labels in found.items() for note in labels.notes]
    numbers = [{item.id: row for row, item in enumerate(labels.items)} for labels in found.values()]
    first = found[conditions[0]]
    both = [item for item in first.items if all(item.id in rows for rows in numbers)]
    if not both:
        raise UserError("No item has a label under every condition.", "Let the study show items under both.")
    most = max(len(rows) for rows in numbers)
    if len(both) < most:
        notes.append(f"{many(most - len(both), 'item has', 'items have')} a label under one condition only.")
    classes = tuple(dict.fromkeys(word for labels in found.values() for word in labels.classes))
    kept = {}
    for (name, labels), rows in zip(found.items(), numbers, strict=True):
        labels = labels.of_rows([rows[item.id] for item in both])
        columns = [classes.index(word) for word in labels.classes]
        target = np.zeros((len(both), len(classes)), np.float32)
        target[:, columns] = labels.target
        codes = np.array([*columns, NOBODY], np.int16)
        said = codes[labels.said]  # NOBODY is −1, the last
        kept[name] = replace(labels, classes=classes, said=said, target=target, notes=())
    return kept, notes


def _finished(run: Path, sha256: str, recipe: str, values: Mapping[str, Value]) -> bool:
    """Return whether a run came to its end before, on the same data and with the same values."""
    try:
        facts = json.loads((run / RESULT).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    folds = int(values["folds"]) == 1 or (run / OUT_OF_FOLD).is_file()
    same = [facts.get("items_sha256"), facts.get("recipe"), facts.get("values")] == [sha256, recipe, dict(values)]
    return same and folds and facts.get("ending") != STOPPED


def _follower(tell: Tell, ctx: Context, name: str, condition: str, place: tuple[int, int]) -> Tell:
    def follow(event: Event) -> None:
        if event["event"] == EPOCH:
            done, most, text = how_far(event)
            ctx.progress(place[0] + done / max(most, 1), place[1], f"{name}, {condition} labels: {text}")
        tell({**event, "streams": name, "learned": condition})

    return follow


def _predictions(run: Path) -> NDArray[np.float32]:
    """Of every item by a model that has not seen its subject; NaN where nothing was predicted."""
    with np.load(run / HELD_OUT, allow_pickle=False) as file:
        out: NDArray[np.float32] = file["predicted"]
    if (run / OUT_OF_FOLD).is_file():
        with np.load(run / OUT_OF_FOLD, allow_pickle=False) as file:
            folds: NDArray[np.float32] = file["predicted"]
        out = np.where(np.isfinite(out), out, folds)
    return out
