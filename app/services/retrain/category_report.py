"""The report of a training on categories: scores beside the human ceiling, confusion, classes, every item."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.agreement.category_prediction import (
    MEASURES,
    CategoryScores,
    HumanCeiling,
    human_ceiling,
    score_categories,
)
from app.agreement.page import Section, report_html
from app.agreement.provenance import Provenance
from app.agreement.tables import ResultTable
from app.domain.item_data import ItemData, load_items
from app.domain.training_events import HELD_OUT, OUT_OF_FOLD, RESULT
from app.domain.words import many
from app.drawing import label_of, new_figure
from app.errors import UserError
from app.services.retrain.report_files import write_page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPORT: Final = "report.html"
Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tested:
    """Predictions of some items, with their scores.

    Attributes:
        id: Name of the part within the page and in files.
        title: Heading of the part.
        text: A sentence that says who was tested with which model.
        predicted: float32 N×K; NaN for items of other people.
        scores: The scores of the model.
        ceiling: The scores of a rater on the same items.
    """

    id: str
    title: str
    text: str
    predicted: NDArray[np.float32]
    scores: CategoryScores
    ceiling: HumanCeiling


def write_report(run: Path, items: Path, notes: Sequence[str]) -> Path:
    """Write the page, and its tables as CSV and LaTeX, into the folder of a run.

    Args:
        run: Folder of a finished training.
        items: Folder of the frozen items that it was trained on.
        notes: Sentences for the user.

    Returns:
        The path of the page.

    Raises:
        UserError: The run is incomplete, or a file cannot be written.
    """
    data = load_items(items)
    try:
        facts: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
        tested = [_tested(run / HELD_OUT, data, "held-out", facts)]
        if (run / OUT_OF_FOLD).is_file() and "cross_validation" in facts:
            tested.append(_tested(run / OUT_OF_FOLD, data, "out-of-fold", facts))
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"The training in {run} is incomplete ({error}).", "Train again.") from error
    each = [tables_of(part, data) for part in tested]
    tables = [table for of_part in each for table in of_part]
    about = _about(data, facts, notes)
    sections = [_section(part, of_part, data) for part, of_part in zip(tested, each, strict=True)]
    sections.append(Section("origin", "Where this comes from", tables=(about,)))
    page = report_html(
        None,
        title=f"Categories: {facts['recipe']}",
        source=str(data.manifest["labels"]["title"]),
        sections=sections,
        methods=_methods(facts, data),
    )
    return write_page(run / REPORT, page, dict(zip(_file_names(tested), tables, strict=True)))


def _tested(path: Path, data: ItemData, part: str, facts: dict[str, Any]) -> Tested:
    with np.load(path, allow_pickle=False) as file:
        predicted: NDArray[np.float32] = file["predicted"]
    known = np.isfinite(predicted).all(axis=1)
    scores = score_categories(predicted, data.target, data.subject, data.votes)
    ceiling = human_ceiling(np.array(data.said[known]), len(data.classes), data.subject[known])
    who = f"{many(scores.n, 'item')} of {many(scores.n_subjects, 'subject')}"
    if part == "held-out":
        return Tested(part, "Held-out subjects", f"{who}, whom the model has never seen.", predicted, scores, ceiling)
    folds = many(int(facts["cross_validation"]["folds"]), "fold")
    text = f"{who}, each predicted by the one of {folds} that left the subject out. The held-out subjects are not here."
    return Tested(part, "Cross-validation", text, predicted, scores, ceiling)


def _file_names(tested: Sequence[Tested]) -> list[str]:
    return [f"{part.id}-{name}" for part in tested for name in ("scores", "classes", "confusion", "items")]


def tables_of(part: Tested, data: ItemData) -> list[ResultTable]:
    """Return scores, classes, confusion and items of a part, for the page and for files."""
    scores, ceiling = part.scores, part.ceiling
    human = {"accuracy": ceiling.accuracy, "uar": ceiling.uar}
    rows: list[tuple[str | int | float, ...]] = []
    for name in MEASURES:
        each = scores.measures[name]
        other = human.get(name)
        people = (
            other.value if other is not None else ceiling.votes_entropy if name == "cross_entropy" else float("nan")
        )
        ends = (other.low, other.high) if other is not None else (float("nan"), float("nan"))
        rows.append((each.title, each.value, each.low, each.high, people, *ends, each.reason))
    header = ("measure", "model", "low", "high", "one_rater", "rater_low", "rater_high", "no_interval_because")
    count = scores.confusion.sum(axis=1)
    classes: tuple[tuple[str | int | float, ...], ...] = tuple(
        (name, int(count[k]), int(scores.confusion[:, k].sum()), float(scores.recall[k]), float(scores.precision[k]))
        for k, name in enumerate(data.classes)
    )
    confusion: tuple[tuple[str | int | float, ...], ...] = tuple(
        (name, *(int(n) for n in scores.confusion[k])) for k, name in enumerate(data.classes)
    )
    known = np.flatnonzero(np.isfinite(part.predicted).all(axis=1) & data.labelled)
    items: tuple[tuple[str | int | float, ...], ...] = tuple(
        (
            data.items[i],
            data.subjects[data.subject[i]],
            data.classes[data.label[i]],
            data.classes[int(part.predicted[i].argmax())],
            *(float(p) for p in part.predicted[i]),
        )
        for i in known
    )
    return [
        ResultTable(f"{part.title}: scores, with 95 % intervals over subjects", header, tuple(rows)),
        ResultTable(f"{part.title}: classes", ("category", "labels", "predictions", "recall", "precision"), classes),
        ResultTable(f"{part.title}: labels (rows) and predictions (columns)", ("label", *data.classes), confusion),
        ResultTable(f"{part.title}: items", ("item", "subject", "label", "predicted", *data.classes), items),
    ]


def _section(part: Tested, tables: Sequence[ResultTable], data: ItemData) -> Section:
    scores, classes, confusion, _ = tables
    text = (
        part.text,
        "“One rater” compares each rater with the plurality of the others on the same items: no model can be expected "
        "to do better. Beside the cross-entropy it is the entropy of the votes, below which no prediction can fall.",
    )
    caption = "Share of each label's items by predicted category; numbers are items."
    figure = confusion_figure(part.scores.confusion, data.classes)
    return Section(part.id, part.title, text=text, figures=((caption, figure),), tables=(scores, classes, confusion))


def confusion_figure(confusion: NDArray[np.int64], classes: Sequence[str]) -> Figure:
    """Draw labels against predictions. The shade is the share within a label, and the number counts items.

    Args:
        confusion: K×K, row = label.
        classes: Names of the K classes.
    """
    k = len(classes)
    figure = new_figure(figsize=(1.8 + 0.62 * k, 1.4 + 0.56 * k), layout="constrained")
    axes = figure.subplots()
    count = confusion.sum(axis=1, keepdims=True)
    share = confusion / np.where(count > 0, count, 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    names = [label_of(name.replace("_", " "), 18) for name in classes]
    axes.set_xticks(range(k), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(k), names)
    axes.set_xlabel("predicted")
    axes.set_ylabel("label")
    for row in range(k):
        for column in range(k):
            colour = "white" if share[row, column] > 0.55 else "#1c1c1e"
            weight = "bold" if row == column else "normal"
            axes.text(
                column, row, str(confusion[row, column]), ha="center", va="center", color=colour, fontweight=weight
            )
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure


def _about(data: ItemData, facts: dict[str, Any], notes: Sequence[str]) -> ResultTable:
    split, labels = data.manifest["split"], data.manifest["labels"]
    rows: list[tuple[str, str]] = [
        ("program", f"affectograph {__version__}"),
        ("date", Provenance.now()),
        ("items", f"{len(data)}, SHA-256 {data.sha256}"),
        ("labels", str(labels["title"])),
        ("viewing condition", str(labels["condition"])),
        ("vocabulary", ", ".join(data.classes)),
        ("raters", many(len(data.manifest["raters"]), "rater")),
        ("subjects", ", ".join(f"{part} {len(names)}" for part, names in split.items())),
        ("frame model", f"{data.manifest['frame_model']['name']}, SHA-256 {data.manifest['frame_model']['sha256']}"),
        ("recipe", ", ".join([facts["recipe"], *(f"{key} {value}" for key, value in facts["values"].items())])),
        ("chosen on training subjects", ", ".join(f"{k} {v}" for k, v in facts["chosen"].items()) or "nothing"),
        ("ending", f"{facts['ending']}, epoch {facts['best_epoch']} of {facts['epochs']} taken"),
        *(("note", note) for note in notes),
    ]
    return ResultTable("Where this comes from", ("what", "value"), tuple(rows))


def _methods(facts: dict[str, Any], data: ItemData) -> list[str]:
    n = {part: len(names) for part, names in data.manifest["split"].items()}
    return [
        f"A model ({facts['recipe']}) was trained on the categories of {many(n['train'], 'subject')}, "
        f"{many(n['validation'], 'subject')} decided when to stop or which settings to take, and "
        f"{many(n['test'], 'subject')} were held out; nobody is in two parts.",
        "Intervals are Student's t intervals of the jackknife over subjects (Tukey 1958). Recall, precision and F1 are "
        "averaged over classes without weights; precision averaged over classes is what the MEC challenge calls mAP, "
        "and mean average precision is the mean area under the precision–recall curve of each class.",
    ]
