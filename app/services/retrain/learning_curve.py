"""Tells whether more labelled people would help: trains on fewer subjects and tests on the same held-out ones."""

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import db.models
from app.domain import json_values
from app.domain.project import TrainingRecord
from app.domain.recipes import find_recipe
from app.domain.traces import DIMENSIONS
from app.domain.training_events import EPOCH, RESULT, Event
from app.domain.words import figure
from app.errors import UserError
from app.jobs import Context
from app.services.retrain.data import training_folder
from app.services.retrain.ending import LOG
from app.services.retrain.process import run_child
from db.project import Project

SHARES: Final = (1 / 3, 2 / 3)
RISING: Final = 0.02
"""Smallest gain in CCC from two thirds of the people to all of them that counts as rising."""


@dataclass(frozen=True)
class CurvePoint:
    """One point of the curve: the score after training on a number of subjects.

    Attributes:
        subjects: Number of subjects in the training.
        valence: CCC on the held-out subjects; NaN if it was not predicted.
        arousal: Like `valence`.
    """

    subjects: int
    valence: float
    arousal: float

    @property
    def mean(self) -> float:
        """The mean over the dimensions that were predicted; NaN if there are none."""
        known = [value for value in (self.valence, self.arousal) if math.isfinite(value)]
        return sum(known) / len(known) if known else math.nan

    def as_dict(self) -> dict[str, float | int | None]:
        """Return plain values for JSON; NaN becomes null."""
        return {
            "subjects": self.subjects,
            **{name: json_values.number(value) for name, value in self._dimensions.items()},
        }

    @property
    def _dimensions(self) -> dict[str, float]:
        return {"valence": self.valence, "arousal": self.arousal}

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "CurvePoint":
        """Rebuild a point from `as_dict`."""
        valence, arousal = (math.nan if table[name] is None else float(table[name]) for name in DIMENSIONS)
        return cls(int(table["subjects"]), valence, arousal)


def learning_curve(
    project: Project, record: TrainingRecord, ctx: Context, *, device: str = "auto", threads: int = 0
) -> list[CurvePoint]:
    """Train twice more on fewer subjects, and store the points with the run.

    Args:
        project: The project, open for writing.
        record: A finished training; its snapshot, recipe and values are used again.
        ctx: Receives the progress, and can cancel.
        device: "auto", "cpu", "cuda" or "mps".
        threads: Number of CPU threads; 0 leaves one core to the window.

    Returns:
        The points, from few subjects to all.

    Raises:
        UserError: A run refused, or the training is not finished.
        Cancelled: The user cancelled.
    """
    snapshot = training_folder(project) / "snapshots" / record.snapshot_sha256[:16]
    if "test" not in record.metrics or not snapshot.is_dir():
        raise UserError("This training has no result or its data are gone.", "Train again first.")
    values = find_recipe(record.recipe).values(record.parameters)
    points: list[CurvePoint] = []
    for number, share in enumerate(SHARES):
        with tempfile.TemporaryDirectory(prefix="affectograph-curve-") as place:
            words = ["--snapshot", str(snapshot), "--recipe", record.recipe, "--out", place, "--device", device]
            words += ["--threads", str(threads)]
            for key, value in {**values, "share": share, "folds": 1}.items():
                words += ["--set", f"{key}={value}"]

            def tell(event: Event, done: int = number) -> None:
                if event["event"] == EPOCH:
                    epochs = int(event["epochs"])
                    ctx.progress(done * epochs + event["epoch"], len(SHARES) * epochs, "Training on fewer people")

            run_child("app.learning.affect.train", words, tell, ctx, Path(place) / LOG)
            points.append(_point(json.loads((Path(place) / RESULT).read_text("utf-8"))))
    test = {name: record.metrics["test"].get(name, {}) for name in DIMENSIONS}
    used = len(record.snapshot["split"]["train"])
    points.append(CurvePoint(used, _ccc(test["valence"]), _ccc(test["arousal"])))
    # Fewer than three people make equal thirds: one point each.
    points = list({point.subjects: point for point in points}.values())
    metrics = {**record.metrics, "learning_curve": [point.as_dict() for point in points]}
    db.models.update_training(project, record.id, record.status, metrics=metrics)
    return points


def trend(points: Sequence[CurvePoint]) -> str:
    """Describe the curve in a sentence; empty with fewer than two points."""
    if len(points) < 2:
        return ""
    before, last = points[-2], points[-1]
    gain = last.mean - before.mean
    if not math.isfinite(gain):
        return ""
    went = f"from {figure(before.mean)} to {figure(last.mean)}"
    lead = f"From {before.subjects} to {last.subjects} people the CCC went {went}"
    if gain > RISING:
        return f"{lead}: more people are likely to help."
    return f"{lead}: more people like these are not likely to help much."


def _point(result: dict[str, Any]) -> CurvePoint:
    test = result["test"]
    return CurvePoint(len(result["subjects"]["train"]), _ccc(test.get("valence", {})), _ccc(test.get("arousal", {})))


def _ccc(scores: dict[str, Any]) -> float:
    value = scores.get("ccc")
    return float("nan") if value is None else float(value)
