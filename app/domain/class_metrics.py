"""How well class probabilities fit labels: accuracy, recall, confusion, cross-entropy, calibration error."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ClassScores:
    """Scores of probabilities against one label each.

    Attributes:
        n: How many rows were scored.
        accuracy: Fraction whose largest probability is the label; ties go to the first class.
        recall: Per class, fraction of its rows that were found; NaN where the class does not occur.
        confusion: int64 K×K, row = label, column = predicted.
    """

    n: int
    accuracy: float
    recall: NDArray[np.float64]
    confusion: NDArray[np.int64]


def score_classes(probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> ClassScores:
    """Score the most probable class against the label.

    Args:
        probabilities: N×K.
        labels: N integers in 0…K−1.
    """
    classes = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1) if len(labels) else np.zeros(0, np.int64)
    confusion = np.bincount(labels.astype(np.int64) * classes + predicted, minlength=classes**2)
    confusion = confusion.reshape(classes, classes).astype(np.int64)
    found, there = np.diag(confusion), confusion.sum(axis=1)
    recall = np.divide(found, there, out=np.full(classes, np.nan), where=there > 0)
    accuracy = float(found.sum() / len(labels)) if len(labels) else float("nan")
    return ClassScores(len(labels), accuracy, recall, confusion)


def cross_entropy(probabilities: NDArray[np.floating[Any]], targets: NDArray[np.floating[Any]]) -> float:
    """Return the mean of −Σ target · ln probability over rows, in nats.

    Args:
        probabilities: N×K; values under 1e-7 count as 1e-7, so that one sure mistake does not make it infinite.
        targets: N×K, rows sum to 1.
    """
    if not len(targets):
        return float("nan")
    logs = np.log(np.maximum(probabilities.astype(np.float64), 1e-7))
    return float(-(targets * logs).sum(axis=1).mean())


def expected_calibration_error(
    probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]], bins: int = 15
) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins of confidence, weighted by bin size.

    Source: Guo et al. 2017, "On calibration of modern neural networks", eq. 3, 15 bins as there.

    Args:
        probabilities: N×K, rows sum to 1.
        labels: N integers in 0…K−1.
        bins: Number of equal-width bins on 0…1.
    """
    if not len(labels):
        return float("nan")
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = (probabilities.argmax(axis=1) == labels).astype(np.float64)
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    gap = np.bincount(place, weights=right - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(labels))


def ferplus_majority(votes: NDArray[np.integer[Any]]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Apply FERPlus' majority rule: drop single votes, keep images whose top emotion has more than half of the rest.

    Args:
        votes: N×10 counts over eight emotions, unknown and not-a-face.

    Returns:
        Which images are kept (N), and the index of the top emotion among the eight (N; valid where kept).
        "Unknown" and "not a face" stay in the total but are never the label (Barsoum et al. 2016, section 3).
    """
    counted = np.where(votes > 1, votes, 0).astype(np.int64)
    top = counted[:, :8].argmax(axis=1)
    most = counted[np.arange(len(counted)), top]
    keep = (most * 2 > counted.sum(axis=1)) & (most > 0)
    return keep, top.astype(np.int64)


def vote_shares(votes: NDArray[np.integer[Any]]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how FERPlus' votes are spread over the eight emotions: what cross-entropy is measured against.

    Single votes are left out unless nothing else remains.

    Args:
        votes: N×10 counts over eight emotions, unknown and not-a-face.

    Returns:
        N×8 shares, rows sum to one; and which images (N) have any vote for an emotion, the others' shares being zero.
    """
    emotions = votes[:, :8].astype(np.float64)
    kept = np.where(emotions > 1, emotions, 0)
    chosen = np.where(kept.sum(axis=1, keepdims=True) > 0, kept, emotions)
    total = chosen.sum(axis=1, keepdims=True)
    return np.divide(chosen, total, out=np.zeros_like(chosen), where=total > 0), total[:, 0] > 0
