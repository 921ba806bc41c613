"""What labels of two viewing conditions teach: accuracies and their differences, paired over subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.jackknife import jackknife_interval

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """A share of items that were told right, or a weighted sum of such shares.

    Attributes:
        value: NaN without items.
        low: Lower end of the 95 % interval over subjects, NaN where there is none.
        high: Upper end.
        reason: Why there is no interval; empty with one.
    """

    value: float
    low: float
    high: float
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Told:
    """Which items a model told right.

    Attributes:
        right: bool N.
        known: bool N, the items that have a label and a prediction.
    """

    right: NDArray[np.bool_]
    known: NDArray[np.bool_]


def told(predicted: NDArray[np.floating], target: NDArray[np.floating]) -> Told:
    """Compare predictions with labels.

    Args:
        predicted: N×K probabilities, NaN for items that were not predicted.
        target: N×K shares, zero for items without a label; the label is the largest share.

    Example:
        >>> found = told(np.array([[0.9, 0.1], [0.6, 0.4], [np.nan, np.nan]]), np.array([[1.0, 0], [0, 1], [1, 0]]))
        >>> found.right, found.known
        (array([ True, False, False]), array([ True,  True, False]))
    """
    known = np.isfinite(predicted).all(axis=1) & (target.sum(axis=1) > 0)
    right = known & (np.nan_to_num(predicted).argmax(axis=1) == target.argmax(axis=1))
    return Told(np.asarray(right, np.bool_), np.asarray(known, np.bool_))


def weighted(terms: Sequence[tuple[float, Told]], subject: NDArray[np.integer]) -> Difference:
    """Return a weighted sum of accuracies over the same people, such as a difference, or a difference of differences.

    The interval leaves out one subject at a time in all terms at once, so that what is common to them cancels.

    Args:
        terms: Weight and items of each accuracy.
        subject: N, number of the person that each item shows.

    Example:
        >>> a = Told(np.array([True, True, True, False]), np.ones(4, bool))
        >>> b = Told(np.array([True, False, False, False]), np.ones(4, bool))
        >>> weighted([(1.0, a), (-1.0, b)], np.array([0, 0, 1, 1])).value
        0.5
    """
    seen = np.any([each.known for _, each in terms], axis=0)
    people, who = np.unique(subject[seen], return_inverse=True)
    value, left_out = 0.0, np.zeros(len(people))
    for weight, each in terms:
        right = np.bincount(who, weights=each.right[seen], minlength=len(people))
        asked = np.bincount(who, weights=each.known[seen], minlength=len(people))
        with np.errstate(divide="ignore", invalid="ignore"):
            value += weight * float(np.float64(right.sum()) / np.float64(asked.sum()))
            left_out += weight * (right.sum() - right) / (asked.sum() - asked)
    found = jackknife_interval(value, left_out, scale="plain")
    return Difference(value, found.low, found.high, found.reason)
