"""Predictions against a gold standard, always with the human ceiling beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import ccc, mean_of_others, pearson
from app.agreement.estimate import NAN
from app.domain.emotions import FERPLUS_TO_RATED, RATED

Float = NDArray[np.float64]
Codes = NDArray[np.integer]


@dataclass(frozen=True)
class SeriesScore:
    """How close a series is to a gold standard.

    Attributes:
        ccc: Lin's concordance correlation coefficient, 1/n moments.
        pearson: correlation.
        mse: mean squared error.
        rmse: its root.
        mae: mean absolute error.
        sagr: share of points with the same sign (Nicolaou et al. 2011); zero agrees with zero only.
        n: points compared.
    """

    ccc: float
    pearson: float
    mse: float
    rmse: float
    mae: float
    sagr: float
    n: int


def series_score(prediction: Float, gold: Float) -> SeriesScore:
    """Compare two series; points missing in either are dropped.

    Args:
        prediction: (n,) float64.
        gold: (n,) float64.

    Example:
        >>> found = series_score(np.array([0.1, 0.2, 0.3, np.nan]), np.array([0.2, 0.4, 0.6, 0.0]))
        >>> found.n, round(found.pearson, 2), round(found.ccc, 2)
        (3, 1.0, 0.36)
    """
    both = ~(np.isnan(prediction) | np.isnan(gold))
    x, y = prediction[both].astype(np.float64), gold[both].astype(np.float64)
    if not x.size:
        return SeriesScore(NAN, NAN, NAN, NAN, NAN, NAN, 0)
    error = x - y
    mse = float((error**2).mean())
    same = float((np.sign(x) == np.sign(y)).mean())
    return SeriesScore(ccc(x, y), pearson(x, y), mse, float(np.sqrt(mse)), float(np.abs(error).mean()), same, x.size)


@dataclass(frozen=True)
class ClassScore:
    """How well classes are told.

    Attributes:
        accuracy: share of items told right.
        macro_f1: mean F1 over the classes that occur in gold or prediction.
        balanced_accuracy: mean recall over the classes that occur in the gold standard.
        cross_entropy: mean of -sum p_gold log p_model in nats, NaN without probabilities.
        n: items compared.
    """

    accuracy: float
    macro_f1: float
    balanced_accuracy: float
    cross_entropy: float
    n: int


def class_score(prediction: Codes, gold: Codes, n_classes: int, *, entropy: float = NAN) -> ClassScore:
    """Compare labels; items with a negative code in either are dropped.

    Args:
        prediction: (n,) class codes.
        gold: (n,) class codes, -1 for ties and items without label.
        n_classes: number of classes.
        entropy: cross-entropy to report with it, from `soft_cross_entropy`.

    Example:
        >>> found = class_score(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0]), 2)
        >>> found.n, found.accuracy
        (4, 0.75)
    """
    both = (prediction >= 0) & (gold >= 0)
    x, y = prediction[both].astype(np.int64), gold[both].astype(np.int64)
    if not x.size:
        return ClassScore(NAN, NAN, NAN, entropy, 0)
    table = np.bincount(y * n_classes + x, minlength=n_classes**2).reshape(n_classes, n_classes).astype(np.float64)
    hit, told, true = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    occurs = (told + true) > 0
    f1 = 2.0 * hit[occurs] / (told + true)[occurs]
    recall = hit[true > 0] / true[true > 0]
    return ClassScore(float(hit.sum() / x.size), float(f1.mean()), float(recall.mean()), entropy, int(x.size))


def soft_cross_entropy(probabilities: Float, distribution: Float) -> float:
    """Compute the mean cross-entropy, in nats, of model probabilities under rater distributions.

    Args:
        probabilities: (n, classes) float64, rows sum to 1.
        distribution: (n, classes) float64 shares of votes; rows without votes are dropped.

    Example:
        >>> round(soft_cross_entropy(np.array([[0.5, 0.5], [0.9, 0.1]]), np.array([[1.0, 0.0], [1.0, 0.0]])), 3)
        0.399
    """
    voted = distribution.sum(axis=1) > 0
    if not voted.any():
        return NAN
    gold = distribution[voted] / distribution[voted].sum(axis=1, keepdims=True)
    safe = np.log(np.clip(probabilities[voted], 1e-12, 1.0))
    return float(-(gold * safe).sum(axis=1).mean())


@dataclass(frozen=True)
class Ceiling:
    """How well people do in the model's place.

    Attributes:
        per_rater: each rater against the gold standard made of the others.
        mean_ccc: mean of their defined CCC.
        low_ccc: lowest.
        high_ccc: highest.
    """

    per_rater: tuple[SeriesScore, ...]
    mean_ccc: float
    low_ccc: float
    high_ccc: float


def human_ceiling(series: Float) -> Ceiling:
    """Score each rater against the mean of the others: a model that reaches this is as good as one more rater.

    Args:
        series: (raters, n) float64 with NaN for missing.

    Example:
        >>> found = human_ceiling(np.array([[1.0, 2, 3, 4], [1, 2, 3, 5], [2, 2, 3, 4]]))
        >>> round(found.mean_ccc, 2), [round(one.ccc, 2) for one in found.per_rater]
        (0.91, [0.95, 0.9, 0.87])
    """
    scores = tuple(series_score(series[k], mean_of_others(series, k)) for k in range(series.shape[0]))
    known = [s.ccc for s in scores if not np.isnan(s.ccc)]
    if not known:
        return Ceiling(scores, NAN, NAN, NAN)
    return Ceiling(scores, float(np.mean(known)), min(known), max(known))


def human_class_ceiling(labels: Codes, n_classes: int) -> tuple[ClassScore, ...]:
    """Score each rater against the plurality of the others; ties of the others are dropped.

    Args:
        labels: (raters, items) class codes, -1 for missing.
        n_classes: number of classes.

    Example:
        >>> [score.accuracy for score in human_class_ceiling(np.array([[0, 1, 1], [0, 1, 0], [0, 1, 1]]), 2)]
        [1.0, 0.6666666666666666, 1.0]
    """
    from app.agreement.label_gold import label_gold

    out = []
    for k in range(labels.shape[0]):
        others = np.delete(labels, k, axis=0)
        votes = np.stack([(others == c).sum(axis=0) for c in range(n_classes)], axis=1).astype(np.float64)
        out.append(class_score(labels[k], label_gold(votes).label, n_classes))
    return tuple(out)


def place_classes(
    probabilities: Float, classes: Sequence[str], mapping: Mapping[str, str] = FERPLUS_TO_RATED
) -> dict[str, Float | None]:
    """Place model probabilities against the rated emotions.

    Args:
        probabilities: (n, classes) float64.
        classes: names of the columns.
        mapping: model class → rated emotion.

    Returns:
        Per rated emotion the (n,) sum of its classes' probabilities; None where no class maps to it, as for
        `confused`, which no model here predicts.

    Example:
        >>> placed = place_classes(np.array([[0.7, 0.3]]), ("happiness", "neutral"))
        >>> placed["happy"], placed["confused"]
        (array([0.7]), None)
    """
    out: dict[str, Float | None] = {}
    for emotion in RATED:
        columns = [i for i, name in enumerate(classes) if mapping.get(name) == emotion]
        out[emotion] = probabilities[:, columns].sum(axis=1) if columns else None
    return out
