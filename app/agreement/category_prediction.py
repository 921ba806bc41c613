"""How well categories of items are predicted: measures with intervals by subject, and the human ceiling beside them.

Accuracy, recall averaged over classes and the like follow from the confusion of label and prediction. Their intervals
leave out one subject at a time (`app.agreement.jackknife`): items of one person are not independent evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.agreement.jackknife import jackknife_interval
from app.agreement.label_gold import label_gold
from app.domain.class_metrics import cross_entropy, expected_calibration_error

Float = NDArray[np.float64]
Codes = NDArray[np.integer]


@dataclass(frozen=True)
class Measure:
    """One number with its interval.

    Attributes:
        name: For files.
        title: For people, with what other names it goes by.
        value: NaN where it has none.
        low: Lower end of the 95 % interval over subjects, NaN where there is none.
        high: Upper end.
        reason: Why there is no interval; empty with one.
    """

    name: str
    title: str
    value: float
    low: float = NAN
    high: float = NAN
    reason: str = ""


@dataclass(frozen=True, eq=False)
class CategoryScores:
    """How well categories are told.

    Attributes:
        n: Items with a label and a prediction.
        n_subjects: Persons they show.
        confusion: int64 K×K, row = label, column = predicted.
        recall: float64 K, NaN for a class without a label.
        precision: float64 K, NaN for a class that was never predicted.
        measures: By name, see `MEASURES`.
    """

    n: int
    n_subjects: int
    confusion: NDArray[np.int64]
    recall: Float
    precision: Float
    measures: dict[str, Measure]


def recall_of(confusion: Float) -> Float:
    """Recall of each class: the share of its items that were found.

    Args:
        confusion: …×K×K, row = label.

    Returns:
        …×K, NaN for classes without an item.

    Example:
        >>> recall_of(np.array([[3.0, 1.0], [0.0, 2.0]]))
        array([0.75, 1.  ])
    """
    return _over(np.diagonal(confusion, axis1=-2, axis2=-1), confusion.sum(axis=-1))


def precision_of(confusion: Float) -> Float:
    """Precision of each class: the share of its predictions that were right.

    Args:
        confusion: …×K×K, row = label.

    Returns:
        …×K, NaN for classes that were never predicted.

    Example:
        >>> precision_of(np.array([[3.0, 1.0], [0.0, 1.0]]))
        array([1. , 0.5])
    """
    return _over(np.diagonal(confusion, axis1=-2, axis2=-1), confusion.sum(axis=-2))


def accuracy_of(confusion: Float) -> Float:
    """Return the share of items told right.

    Example:
        >>> float(accuracy_of(np.array([[3.0, 1.0], [0.0, 1.0]])))
        0.8
    """
    return _over(np.trace(confusion, axis1=-2, axis2=-1), confusion.sum(axis=(-2, -1)))


def average_recall_of(confusion: Float) -> Float:
    """Recall averaged over the classes that occur (UAR, unweighted average recall; balanced accuracy).

    Example:
        >>> float(average_recall_of(np.array([[3.0, 1.0], [0.0, 2.0]])))
        0.875
    """
    return _mean(recall_of(confusion))


def average_precision_of_classes(confusion: Float) -> Float:
    """Precision averaged over the classes that occur, zero for one that was never predicted.

    The MEC challenge and Sun et al. 2018 call this "mAP", which elsewhere names the mean average precision.

    Example:
        >>> float(average_precision_of_classes(np.array([[3.0, 1.0], [0.0, 1.0]])))
        0.75
    """
    occurs = confusion.sum(axis=-1) > 0
    return _mean(np.where(occurs, np.nan_to_num(precision_of(confusion)), NAN))


def average_f1_of(confusion: Float) -> Float:
    """F1 averaged over the classes that occur in labels or predictions (macro-F1).

    Example:
        >>> round(float(average_f1_of(np.array([[3.0, 1.0], [0.0, 1.0]]))), 4)
        0.7619
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    return _mean(_over(2 * hits, confusion.sum(axis=-1) + confusion.sum(axis=-2)))


def mean_average_precision(probabilities: Float, label: Codes) -> float:
    """Average precision of ranking items by the probability of a class, averaged over the classes that occur.

    Ties share the precision of their last member, as in scikit-learn's `average_precision_score`.

    Args:
        probabilities: N×K.
        label: N, class of each item.

    Returns:
        0…1; NaN without items.

    Example:
        >>> p = np.array([[0.9, 0.1], [0.6, 0.4], [0.7, 0.3]])
        >>> round(mean_average_precision(p, np.array([0, 0, 1])), 4)
        0.6667
    """
    found = [_average_precision(probabilities[:, k], label == k) for k in np.unique(label)]
    return float(np.mean(found)) if found else NAN


def _average_precision(score: Float, true: NDArray[np.bool_]) -> float:
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(true[order])
    ends = np.r_[np.flatnonzero(np.diff(score[order]) != 0), len(order) - 1]
    gained = np.diff(np.r_[0, hits[ends]])
    return float((gained * hits[ends] / (ends + 1)).sum() / hits[-1])


_COUNTED: Final[tuple[tuple[str, str, Callable[[Float], Float]], ...]] = (
    ("accuracy", "Accuracy", accuracy_of),
    ("uar", "Recall averaged over classes (UAR)", average_recall_of),
    ("macro_f1", "F1 averaged over classes (macro-F1)", average_f1_of),
    ("macro_precision", "Precision averaged over classes (“mAP” of the MEC challenge)", average_precision_of_classes),
)

MEASURES: Final = (*(name for name, _, _ in _COUNTED), "mean_average_precision", "cross_entropy", "ece")
"""Names of all measures, in the order of tables."""


def score_categories(
    probabilities: NDArray[np.floating],
    target: NDArray[np.floating],
    subject: Codes,
    votes: Float | None = None,
) -> CategoryScores:
    """Compare predicted probabilities with labels, over the items that have both.

    Args:
        probabilities: N×K, rows sum to one; a row with NaN was not predicted. Ties go to the first class.
        target: N×K shares, rows sum to one or are zero for an item without a label; the label is the largest share.
        subject: N, number of the person that an item shows.
        votes: N×K, how many raters chose each class; cross-entropy is then measured to their shares, else to `target`.

    Returns:
        All measures; those of the confusion, cross-entropy and mean average precision with an interval over subjects.

    Example:
        >>> p = np.array([[0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
        >>> t = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
        >>> found = score_categories(p, t, np.array([0, 1, 2]))
        >>> found.n, round(found.measures["accuracy"].value, 3), found.confusion.tolist()
        (3, 0.667, [[1, 0], [1, 1]])
        >>> found.measures["accuracy"].reason
        'only 3 units to resample, 5 are needed for an interval'
    """
    known = np.isfinite(probabilities).all(axis=1) & (target.sum(axis=1) > 0)
    p, t = probabilities[known].astype(np.float64), target[known].astype(np.float64)
    label, said = (t.argmax(axis=1), p.argmax(axis=1)) if len(t) else (np.zeros(0, int), np.zeros(0, int))
    people, who = np.unique(subject[known], return_inverse=True)
    k = target.shape[1]
    each = np.bincount((who * k + label) * k + said, minlength=len(people) * k * k)
    by_subject = each.reshape(len(people), k, k).astype(np.float64)
    confusion = by_subject.sum(axis=0)
    without = confusion - by_subject
    measures = {name: _measure(name, title, float(of(confusion)), of(without)) for name, title, of in _COUNTED}
    wished = t if votes is None else _shares(votes[known], t)
    left = [who != number for number in range(len(people))]
    measures["mean_average_precision"] = _measure(
        "mean_average_precision",
        "Mean average precision",
        mean_average_precision(p, label),
        np.array([mean_average_precision(p[keep], label[keep]) for keep in left]),
    )
    measures["cross_entropy"] = _measure(
        "cross_entropy",
        "Cross-entropy to people's votes, nats" if votes is not None else "Cross-entropy to the labels, nats",
        cross_entropy(p, wished),
        np.array([cross_entropy(p[keep], wished[keep]) for keep in left]),
        share=False,
    )
    ece = expected_calibration_error(p, label)
    measures["ece"] = Measure("ece", "Expected calibration error", ece, reason="no interval is computed for it")
    whole = confusion.astype(np.int64)
    return CategoryScores(len(p), len(people), whole, recall_of(confusion), precision_of(confusion), measures)


def _measure(name: str, title: str, value: float, left_out: Float, *, share: bool = True) -> Measure:
    found = jackknife_interval(value, np.asarray(left_out, np.float64), scale="angle" if share else "plain")
    return Measure(name, title, value, found.low, found.high, found.reason)


def _shares(votes: Float, otherwise: Float) -> Float:
    total = votes.sum(axis=1, keepdims=True)
    return np.where(total > 0, votes / np.where(total > 0, total, 1.0), otherwise)


@dataclass(frozen=True, eq=False)
class HumanCeiling:
    """How well a rater predicts the others: what a model can be expected to reach.

    Attributes:
        accuracy: Share of a rater's answers that equal the clear plurality of the other raters.
        uar: The same averaged over the classes that the others chose.
        votes_entropy: Mean entropy of the votes in nats: no prediction has a lower cross-entropy to them.
        n: Answers that could be compared.
        raters: Raters with such an answer.
    """

    accuracy: Measure
    uar: Measure
    votes_entropy: float
    n: int
    raters: int


def human_ceiling(said: Codes, classes: int, subject: Codes) -> HumanCeiling:
    """Compare every rater's category with the plurality of the other raters of the same item.

    Items on which the others tie, or which nobody else judged, tell nothing and are left out.

    Args:
        said: N×R, class chosen by each rater, negative where there is none.
        classes: K.
        subject: N, number of the person that an item shows; intervals are over them.

    Example:
        >>> said = np.array([[0, 0, 0], [1, 1, 0], [1, 1, 1], [0, -1, 0]])
        >>> found = human_ceiling(said, 2, np.array([0, 1, 2, 3]))
        >>> round(found.accuracy.value, 4), found.n, found.raters
        (0.8889, 9, 3)
    """
    rows, raters = np.nonzero(said >= 0)
    votes = np.bincount(rows * classes + said[rows, raters], minlength=len(said) * classes)
    votes = votes.reshape(len(said), classes).astype(np.float64)
    own = said[rows, raters]
    others = votes[rows].copy()
    others[np.arange(len(rows)), own] -= 1
    label = label_gold(np.asarray(others, np.float64), "plurality").label
    clear = label >= 0
    people, who = np.unique(subject[rows[clear]], return_inverse=True)
    cell = (who * classes + label[clear]) * classes + own[clear]
    by_subject = np.bincount(cell, minlength=len(people) * classes**2)
    by_subject = by_subject.reshape(len(people), classes, classes).astype(np.float64)
    whole = by_subject.sum(axis=0)
    without = whole - by_subject
    total = votes.sum(axis=1)
    shares = votes[total > 0] / total[total > 0][:, None]
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return HumanCeiling(
        accuracy=_measure("accuracy", "Accuracy", float(accuracy_of(whole)), accuracy_of(without)),
        uar=_measure(
            "uar", "Recall averaged over classes (UAR)", float(average_recall_of(whole)), average_recall_of(without)
        ),
        votes_entropy=float(entropy.mean()) if len(entropy) else NAN,
        n=int(clear.sum()),
        raters=len(np.unique(raters[clear])),
    )


def _over(above: Float, below: Float) -> Float:
    there = below > 0
    return np.asarray(np.where(there, above / np.where(there, below, 1.0), NAN))


def _mean(values: Float) -> Float:
    """Return the mean over the last axis of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    return _over(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))
