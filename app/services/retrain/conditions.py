"""The context experiment: one recipe learns the labels of each viewing condition from face, surroundings and both."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.agreement.category_prediction import HumanCeiling, human_ceiling
from app.agreement.conditions import Difference, Told, told, weighted
from app.agreement.page import Section, report_html
from app.agreement.provenance import Provenance
from app.agreement.tables import ResultTable, table_csv, table_latex
from app.domain.item_data import NOBODY, ItemData, load_items
from app.domain.recipe import Value
from app.domain.recipes import category_recipe
from app.domain.study import FACE_ONLY, FULL_CONTEXT
from app.domain.training_events import EPOCH, HELD_OUT, OUT_OF_FOLD, RESULT, STOPPED, Event
from app.domain.words import many
from app.errors import UserError
from app.files import replacing
from app.jobs import Context
from app.results import result
from app.services.retrain.category_data import freeze_labels
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels, category_labels
from app.services.retrain.category_runs import CategoryRequest
from app.services.retrain.process import Tell, require_training, run_child
from app.services.retrain.runs import LOG, how_far, inference_device
from db.project import Project

CONDITIONS: Final = (FACE_ONLY, FULL_CONTEXT)
STREAMS: Final[dict[str, tuple[str, ...]]] = {
    "face": ("face_oval",),
    "surroundings": ("context_masked",),
    "both": ("face_oval", "context_masked"),
}
"""What is read: the face alone shows nothing of the scene, and the surroundings nothing of the face."""
FACTS: Final = "conditions.json"
PAGE: Final = "conditions.html"
Predictions = dict[tuple[str, str], NDArray[np.float32]]
"""(what is read, condition that was learned) → N×K."""


@dataclass(frozen=True, eq=False)
class ConditionsResult:
    """What came of it.

    Attributes:
        folder: Where the runs, the page and the tables lie.
        report: The page.
        tables: As on the page: models and labels, what context brings, people.
        notes: What the user should know.
    """

    folder: Path
    report: Path
    tables: tuple[ResultTable, ...]
    notes: tuple[str, ...]


def train_conditions(
    project: Project,
    request: CategoryRequest,
    folder: Path,
    tell: Tell,
    ctx: Context,
    *,
    conditions: Sequence[str] = CONDITIONS,
) -> ConditionsResult:
    """Train one recipe on the labels of each condition, from each kind of stream, and test each on the labels of all.

    All trainings see the same items and the same subjects: those that have a label under every condition. Every item is
    predicted by a model that has not seen its subject, held out or left out by a fold. Called again with the same
    folder it goes on where it was.

    Args:
        project: Open for writing.
        request: The recipe, its values and labels; its condition and streams are not read.
        folder: Where the runs go.
        tell: Gets the events of all trainings, each with `streams` and `learned`.
        ctx: Progress and cancel; what was trained by then stays.
        conditions: The viewing conditions.

    Raises:
        UserError: Torch is missing, the recipe predicts no categories, or labels of a condition are missing.
        Cancelled: On request.
    """
    require_training()
    recipe = category_recipe(request.recipe)
    values = recipe.values(request.values)
    labels, notes = common_labels(project, request.labels, conditions)
    device = inference_device(request.device)
    predicted: Predictions = {}
    data: dict[str, ItemData] = {}
    total = len(STREAMS) * len(conditions)
    for number, (name, streams) in enumerate(STREAMS.items()):
        for place, condition in enumerate(conditions):
            done = number * len(conditions) + place
            ctx.progress(done, total, f"Learning {condition} labels from {name}")
            frozen = freeze_labels(project, request.labels, labels[condition], ctx, device=device, streams=streams)
            run = folder / f"{name}-{condition}"
            run.mkdir(parents=True, exist_ok=True)
            if not _finished(run, frozen.sha256, recipe.name, values):
                words = ["--items", str(frozen.folder), "--recipe", recipe.name, "--out", str(run)]
                words += ["--device", request.device]
                words += [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
                follow = _follower(tell, ctx, name, condition, (done, total))
                run_child("app.learning.clip.train", words, follow, ctx, run / LOG)
            items = load_items(frozen.folder)
            if data and items.items != data[conditions[0]].items:
                raise UserError(
                    f"The stream {streams[-1]} could not read the same items as the others.",
                    " ".join(frozen.notes[:3]),
                )
            data[condition] = items
            predicted[name, condition] = _predictions(run)
            notes += [note for note in frozen.notes if note not in notes]
    return _reported(folder, request, data, predicted, conditions, notes)


def common_labels(
    project: Project, choice: CategoryChoice, conditions: Sequence[str]
) -> tuple[dict[str, CategoryLabels], list[str]]:
    """Return the labels of each condition over the same items and classes, and what was left out.

    Args:
        project: Where the answers are.
        choice: Which labels; its condition is not read.
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
        take = [rows[item.id] for item in both]
        columns = [classes.index(word) for word in labels.classes]
        target = np.zeros((len(both), len(classes)), np.float32)
        target[:, columns] = labels.target[take]
        codes = np.array([*columns, NOBODY], np.int16)
        said = codes[labels.said[take]]  # NOBODY is −1, the last
        kept[name] = replace(labels, items=tuple(both), classes=classes, said=said, target=target, notes=())
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


def _reported(
    folder: Path,
    request: CategoryRequest,
    data: dict[str, ItemData],
    predicted: Predictions,
    conditions: Sequence[str],
    notes: list[str],
) -> ConditionsResult:
    subject = data[conditions[0]].subject
    right = {
        (name, learned, asked): told(each, data[asked].target)
        for (name, learned), each in predicted.items()
        for asked in conditions
    }
    known = np.all([each.known for each in right.values()], axis=0)
    people = {
        name: human_ceiling(np.array(data[name].said[known]), len(data[name].classes), subject[known])
        for name in conditions
    }
    tables = (
        _accuracies(right, subject, conditions),
        _gains(right, subject, conditions),
        _people(people),
    )
    n = f"{many(int(known.sum()), 'item')} of {many(len(np.unique(subject[known])), 'subject')}"
    recipe = request.recipe
    about = ResultTable(
        "Where this comes from",
        ("what", "value"),
        (
            ("program", f"affectograph {__version__}"),
            ("date", Provenance.now()),
            ("recipe", ", ".join([recipe, *(f"{k} {v}" for k, v in request.values.items())])),
            ("labels", request.labels.title),
            ("tested", f"{n}, each predicted by a model that has not seen the subject"),
            *(("streams", f"{name}: {', '.join(streams)}") for name, streams in STREAMS.items()),
            *(("note", note) for note in notes),
        ),
    )
    text = (
        "The same recipe learned what people said who saw the face alone, and what people said who saw everything. "
        "Each model is tested on what both groups said of people whom it has never seen. “Face” is the face alone, "
        "“surroundings” the frame with the face covered.",
        "A gain from context is the accuracy of “both” minus that of “face”, on the labels that were learned. If "
        "people use the scene, labels of full context gain and labels of the face alone do not.",
    )
    sections = [
        Section("models", "Models and labels", text=text, tables=tables),
        Section("origin", "Where this comes from", tables=(about,)),
    ]
    methods = [
        "Intervals are Student's t intervals of the jackknife over subjects (Tukey 1958). Differences are paired: a "
        "subject is left out of all accuracies at once."
    ]
    page = report_html(
        None, title=f"What context teaches: {recipe}", source=request.labels.title, sections=sections, methods=methods
    )
    with result(folder / PAGE) as temporary:
        temporary.write_text(page, "utf-8")
    for name, table in zip(("accuracies", "gains", "people"), tables, strict=True):
        with result(folder / f"conditions-{name}.csv") as temporary:
            temporary.write_text(table_csv(table), "utf-8")
        with result(folder / f"conditions-{name}.tex") as temporary:
            temporary.write_text(table_latex(table, label=f"tab:conditions-{name}"), "utf-8")
    with replacing(folder / FACTS) as temporary:
        temporary.write_text(json.dumps(_facts(tables, notes), indent=1) + "\n", "utf-8")
    return ConditionsResult(folder, folder / PAGE, tables, tuple(notes))


Right = dict[tuple[str, str, str], Told]
"""(what is read, condition learned, condition tested) → which items were told right."""


def _row(found: Difference) -> tuple[float, float, float, str]:
    return found.value, found.low, found.high, found.reason


def _accuracies(right: Right, subject: NDArray[np.int32], conditions: Sequence[str]) -> ResultTable:
    rows = tuple(
        (name, learned, asked, *_row(weighted([(1.0, each)], subject)))
        for (name, learned, asked), each in right.items()
    )
    header = ("read", "learned", "tested", "accuracy", "low", "high", "no_interval_because")
    return ResultTable("Accuracy, with 95 % intervals over subjects", header, rows)


def _gains(right: Right, subject: NDArray[np.int32], conditions: Sequence[str]) -> ResultTable:
    """Paired differences: what context brings, and what learning the tested labels brings over learning the others."""
    rows: list[tuple[str | int | float, ...]] = []
    gain = {name: [(1.0, right["both", name, name]), (-1.0, right["face", name, name])] for name in conditions}
    for name in conditions:
        rows.append((f"both − face, {name} labels", *_row(weighted(gain[name], subject))))
    if len(conditions) == 2:
        first, second = conditions
        minus = [(-weight, each) for weight, each in gain[first]]
        rows.append((f"gain of {second} − gain of {first}", *_row(weighted([*gain[second], *minus], subject))))
        for name in STREAMS:
            for asked, other in ((first, second), (second, first)):
                terms = [(1.0, right[name, asked, asked]), (-1.0, right[name, other, asked])]
                title = f"{name}, tested on {asked}: learned {asked} − learned {other}"
                rows.append((title, *_row(weighted(terms, subject))))
    header = ("difference", "value", "low", "high", "no_interval_because")
    return ResultTable("Paired differences of accuracy", header, tuple(rows))


def _people(people: dict[str, HumanCeiling]) -> ResultTable:
    rows = tuple(
        (name, one.accuracy.value, one.accuracy.low, one.accuracy.high, one.votes_entropy, one.n, one.raters)
        for name, one in people.items()
    )
    header = ("condition", "accuracy", "low", "high", "entropy_of_votes", "answers", "raters")
    return ResultTable("People: one rater against the others, on the same items", header, rows)


def _facts(tables: Sequence[ResultTable], notes: Sequence[str]) -> dict[str, Any]:
    """Return the tables as plain values, for programs; NaN becomes null."""

    def plain(cell: str | int | float) -> str | int | float | None:
        return None if isinstance(cell, float) and not np.isfinite(cell) else cell

    named = zip(("accuracies", "gains", "people"), tables, strict=True)
    facts: dict[str, Any] = {
        name: [dict(zip(table.header, map(plain, row), strict=True)) for row in table.rows] for name, table in named
    }
    return facts | {"notes": list(notes)}
