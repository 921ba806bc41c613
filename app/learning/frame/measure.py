"""Scores of a model file on labelled faces, for the `[metrics]` of a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.class_metrics import cross_entropy, expected_calibration_error, ferplus_majority, score_classes
from app.domain.emotions import FER, FERPLUS
from app.learning.frame.data import VALID, FaceSet, expression_target, expression_weight


@dataclass(frozen=True)
class Measured:
    """The scores of a file on the validation set: accuracies and ECEs as fractions, cross-entropies in nats."""

    fer_accuracy: float
    ferplus_accuracy: float
    table: dict[str, Any]


def measure(outputs: dict[str, npt.NDArray[Any]], faces: FaceSet) -> Measured:
    """Score the outputs of a file on labelled faces."""
    fer, expression = outputs["fer"], outputs["expression"]
    kept, top = ferplus_majority(faces.votes)
    by_fer = score_classes(fer, faces.fer_label)
    by_vote = score_classes(expression[kept], top[kept])
    voted = expression_weight(faces.votes) > 0
    table = {
        "data": VALID,
        "fer_accuracy": by_fer.accuracy,
        "fer_n": by_fer.n,
        "ferplus_accuracy": by_vote.accuracy,
        "ferplus_n": by_vote.n,
        "ece": expected_calibration_error(expression[kept], top[kept]),
        "ece_fer": expected_calibration_error(fer, faces.fer_label),
        "cross_entropy": cross_entropy(expression[voted], expression_target(faces.votes)[voted]),
        "cross_entropy_fer": cross_entropy(fer, np.eye(7)[faces.fer_label.astype(np.intp)]),
        "per_class_recall_fer": _named(FER, by_fer.recall),
        "per_class_recall_ferplus": _named(FERPLUS, by_vote.recall),
        "confusion_fer": by_fer.confusion.tolist(),
        "confusion_ferplus": by_vote.confusion.tolist(),
    }
    return Measured(by_fer.accuracy, by_vote.accuracy, table)


def _named(names: Sequence[str], recall: npt.NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, recall, strict=True) if np.isfinite(value)}
