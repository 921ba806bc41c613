"""Would more labelled people help? The same training on fewer subjects, tested on the same held-out ones."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.recipes import find_recipe
from app.jobs import Context
from app.services.retrain.data import training_folder
from app.services.retrain.process import run_child
from app.services.retrain.runs import Trained, TrainRequest
from db.project import Project

SHARES: Final = (1 / 3, 2 / 3)


@dataclass(frozen=True)
class CurvePoint:
    """What so many subjects teach.

    Attributes:
        subjects: How many were learned from.
        valence: CCC on the held-out subjects; NaN where it was not predicted.
        arousal: The same.
    """

    subjects: int
    valence: float
    arousal: float


def learning_curve(project: Project, request: TrainRequest, made: Trained, ctx: Context) -> list[CurvePoint]:
    """Train twice more on fewer subjects.

    Args:
        project: Where the snapshot lies.
        request: Of the whole training.
        made: Its result.
        ctx: Progress and cancel.

    Returns:
        Points from few subjects to all.

    Raises:
        UserError: A run refused.
        Cancelled: On request.
    """
    snapshot = training_folder(project) / "snapshots" / made.record.snapshot_sha256[:16]
    values = find_recipe(request.recipe).values(request.values)
    points = []
    for number, share in enumerate(SHARES):
        ctx.progress(number, len(SHARES), "Training on fewer subjects")
        with tempfile.TemporaryDirectory(prefix="affectograph-curve-") as place:
            out = Path(place)
            words = ["--snapshot", str(snapshot), "--recipe", request.recipe, "--out", place]
            words += ["--device", request.device]
            for key, value in {**values, "share": share, "folds": 1}.items():
                words += ["--set", f"{key}={value}"]
            run_child("app.learning.affect.train", words, lambda _event: None, ctx, out / "run.log")
            points.append(_point(json.loads((out / "result.json").read_text("utf-8"))))
    test = {name: made.record.metrics["test"].get(name, {}) for name in ("valence", "arousal")}
    used = len(made.record.snapshot["split"]["train"])
    points.append(CurvePoint(used, _ccc(test["valence"]), _ccc(test["arousal"])))
    return points


def _point(result: dict[str, Any]) -> CurvePoint:
    test = result["test"]
    return CurvePoint(len(result["subjects"]["train"]), _ccc(test.get("valence", {})), _ccc(test.get("arousal", {})))


def _ccc(scores: dict[str, Any]) -> float:
    value = scores.get("ccc")
    return float("nan") if value is None else float(value)
