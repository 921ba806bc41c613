"""Whether one model tells categories better than another on the same items: paired differences over subjects."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.category_prediction import accuracy_of, average_recall_of
from app.agreement.pooled import REPLICATES, expanded_interval
from app.agreement.resample import bootstrap_sums

Float = NDArray[np.float64]

COMPARED: Final = {"accuracy": accuracy_of, "uar": average_recall_of}
"""Measures that are compared: name → from confusions …×K×K."""


@dataclass(frozen=True)
class MeasureDifference:
    """One measure of two models on the same items.

    Attributes:
        old: Of the old model, 0…1.
        new: Of the new one.
        difference: New minus old.
        interval: Bootstrap interval of the difference over subjects; NaN where there are too few.
    """

    old: float
    new: float
    difference: float
    interval: tuple[float, float]

    @property
    def worse(self) -> bool:
        """Whether the interval lies below 0."""
        return self.interval[1] < 0


@dataclass(frozen=True)
class CategoryDifference:
    """Two models on the same items.

    Attributes:
        measures: By name, see `COMPARED`.
        joint: Interval of the mean difference over all measures.
        n: Items.
        n_subjects: Persons they show.
    """

    measures: dict[str, MeasureDifference]
    joint: tuple[float, float]
    n: int
    n_subjects: int


def category_difference(
    old: NDArray[np.floating], new: NDArray[np.floating], target: NDArray[np.floating], subject: NDArray[np.integer],
    seed: int = 0,
) -> CategoryDifference:  # fmt: skip
    """Compare two models on the items that both have predicted; subjects are resampled, never items.

    Args:
        old: N×K probabilities by the old model; a row with NaN was not predicted.
        new: N×K probabilities by the new one.
        target: N×K shares; the label is the largest, a row of zeros has none.
        subject: N, number of the person that an item shows.
        seed: Of the bootstrap.

    Example:
        >>> t = np.eye(2)[[0, 1, 0, 1]]
        >>> found = category_difference(np.eye(2)[[0, 0, 0, 0]], t, t, np.arange(4))
        >>> found.measures["accuracy"].difference, found.n
        (0.5, 4)
    """
    known = np.isfinite(old).all(axis=1) & np.isfinite(new).all(axis=1) & (target.sum(axis=1) > 0)
    label = target[known].argmax(axis=1) if known.any() else np.zeros(0, np.int64)
    people, who = np.unique(subject[known], return_inverse=True)
    k = target.shape[1]
    # Per subject the confusions of both models, one behind the other, so that both see the same draws.
    columns = [_confusions(label, said[known].argmax(axis=1), who, len(people), k) for said in (old, new) if len(label)]
    if not columns:
        return CategoryDifference({}, (np.nan, np.nan), 0, 0)
    sums = np.concatenate(columns, axis=1)
    drawn = bootstrap_sums(sums, REPLICATES, seed)
    whole = sums.sum(axis=0, keepdims=True)
    measures, draws = {}, []
    for name, of in COMPARED.items():
        was, now = (of(half.reshape(-1, k, k)) for half in np.split(whole, 2, axis=1))
        differences = [of(half.reshape(-1, k, k)) for half in np.split(drawn, 2, axis=1)]
        draws.append(differences[1] - differences[0])
        interval = expanded_interval(draws[-1], len(people))
        measures[name] = MeasureDifference(float(was[0]), float(now[0]), float(now[0] - was[0]), interval)
    joint = expanded_interval(np.mean(draws, axis=0), len(people))
    return CategoryDifference(measures, joint, len(label), len(people))


def _confusions(
    label: NDArray[np.integer], said: NDArray[np.integer], who: NDArray[np.integer], people: int, k: int
) -> Float:
    """Confusions of each subject: people×K²."""
    cell = (who * k + label) * k + said
    return np.bincount(cell, minlength=people * k * k).reshape(people, k * k).astype(np.float64)
