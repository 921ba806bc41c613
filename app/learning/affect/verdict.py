"""Does a claim hold?  By an interval over subjects and by the seeds, never by a bare comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.pooled import LEAST_SUBJECTS, ccc_of_moments, expanded_interval
from app.agreement.resample import bootstrap_sums

Float = NDArray[np.float64]
Answer = Literal["held", "not held", "undecided"]

REPLICATES: Final = 9999
SHARE_OF_SEEDS: Final = 0.8
"""Four of five seeds must agree."""


@dataclass(frozen=True)
class Verdict:
    """What the trainings say about one claim.

    Attributes:
        difference: CCC of the variant that should be better minus that of the other, mean over seeds and dimensions.
        interval: Of the difference, over subjects; NaN with few of them.
        agree: Seeds in which the variant is better.
        seeds: Seeds.
        answer: held where the interval lies above 0 and four of five seeds agree; not held where it lies below 0 and
            four of five seeds agree with that; else undecided.
        reason: Why it is undecided; empty otherwise.
    """

    difference: float
    interval: tuple[float, float]
    agree: int
    seeds: int
    answer: Answer
    reason: str = ""


def verdict(better: Sequence[Float], than: Sequence[Float], seed: int = 0) -> Verdict:
    """Judge a claim.

    Args:
        better: Per seed (subjects, dimensions, 6) float64 sums of the held-out frames of the variant that should be
            better, as `app.agreement.pooled.moments` gives them.
        than: The same of the other variant, of the same subjects.
        seed: Of the resampling of subjects.
    """
    both = np.stack([np.stack(better), np.stack(than)])  # (2, seeds, subjects, dimensions, 6)
    _, seeds, subjects, dimensions, width = both.shape
    flat = np.moveaxis(both, 2, 0).reshape(subjects, -1)

    def differences(sums: Float) -> Float:
        """(rows, seeds) of the mean over dimensions."""
        found = ccc_of_moments(sums.reshape(-1, width)).reshape(sums.shape[0], 2, seeds, dimensions).mean(axis=3)
        return np.asarray(found[:, 0] - found[:, 1], np.float64)

    each = differences(flat.sum(axis=0, keepdims=True))[0]
    agree = int((each > 0).sum())
    low, high = expanded_interval(differences(bootstrap_sums(flat, REPLICATES, seed)).mean(axis=1), subjects)
    answer, reason = _answer(low, high, agree, int((each < 0).sum()), (seeds, subjects))
    return Verdict(float(each.mean()), (low, high), agree, seeds, answer, reason)


def _answer(low: float, high: float, agree: int, against: int, size: tuple[int, int]) -> tuple[Answer, str]:
    seeds, subjects = size
    enough = SHARE_OF_SEEDS * seeds
    if np.isnan(low):
        return "undecided", f"{subjects} held-out subjects are too few for an interval, {LEAST_SUBJECTS} are needed"
    if low > 0 and agree >= enough:
        return "held", ""
    if high < 0 and against >= enough:
        return "not held", ""
    reasons = []
    if low <= 0 <= high:
        reasons.append("the interval over subjects holds 0")
    if max(agree, against) < enough:
        reasons.append("the seeds do not agree")
    return "undecided", " and ".join(reasons)
