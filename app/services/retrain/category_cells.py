"""The confusion of a training's categories, with the items behind each of its cells."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.items
import db.sights
from app.domain.class_metrics import score_classes
from app.domain.item_data import load_items
from app.domain.project import ItemRecord, TrainingRecord
from app.domain.training_events import HELD_OUT, OUT_OF_FOLD
from app.errors import UserError
from app.services.retrain.data import training_folder
from app.services.retrain.runs import run_folder
from db.project import Project

PARTS: Final = {HELD_OUT: "Held-out subjects", OUT_OF_FOLD: "Cross-validation"}


@dataclass(frozen=True, eq=False)
class Confusion:
    """What a model said of items, against their labels.

    Attributes:
        title: Who was tested: held-out subjects, or everybody else by cross-validation.
        condition: The viewing condition of the labels.
        classes: Names of the K classes.
        counts: int64 K×K, row = label, column = prediction, of all items with a label and a prediction.
        items: (row, column) → the items of a cell that the project still has, in the order of the project.
    """

    title: str
    condition: str
    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    items: dict[tuple[int, int], tuple[ItemRecord, ...]]

    def words(self, row: int, column: int) -> str:
        """Say what the items of a cell have in common."""
        return f"Label {self.classes[row]}, model {self.classes[column]}"


def confusions(project: Project, record: TrainingRecord) -> tuple[Confusion, ...]:
    """Return the confusion on held-out subjects and, where there is one, that of the cross-validation.

    Args:
        project: Where the items are.
        record: A finished training of categories.

    Returns:
        Nothing where the files of the training are gone.
    """
    run = run_folder(project, record)
    try:
        data = load_items(training_folder(project) / "items" / record.snapshot_sha256[:16])
    except (OSError, UserError):
        return ()
    by_name = {item.name: item for item in db.items.every(project)}
    found = []
    for file, title in PARTS.items():
        try:
            with np.load(run / file, allow_pickle=False) as stored:
                predicted: NDArray[np.float32] = stored["predicted"]
        except (OSError, ValueError, KeyError):
            continue
        if predicted.shape != (len(data), len(data.classes)):
            continue
        tested = np.flatnonzero(np.isfinite(predicted).all(axis=1) & data.labelled)
        counts = score_classes(predicted[tested], data.label[tested]).confusion
        items: dict[tuple[int, int], list[ItemRecord]] = {}
        for number in tested:
            cell = int(data.label[number]), int(predicted[number].argmax())
            item = by_name.get(data.items[number])
            if item is not None:
                items.setdefault(cell, []).append(item)
        behind = {cell: tuple(each) for cell, each in items.items()}
        condition = str(data.manifest["labels"].get("condition", ""))
        found.append(Confusion(title, condition, tuple(data.classes), counts, behind))
    return tuple(found)


def note_cell(project: Project, clips: list[int]) -> None:
    """Note that label and prediction of these clips are about to be shown (`db.sights`)."""
    db.sights.note(project, clips, "predictions")
    db.sights.note(project, clips, "labels")
