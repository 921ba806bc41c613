"""The verdict on a claim, by an interval over subjects and by the seeds, never by a bare comparison."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.pooled import LEAST_SUBJECTS, expanded_interval
from app.agreement.resample import bootstrap_sums

Float = NDArray[np.float64]
Answer = Literal["held", "not held", "undecided"]

REPLICATES: Final = 9999
SHARE_OF_SEEDS: Final = 0.8
"""Share of the seeds that must agree: four of five."""


@dataclass(frozen=True)
class Verdict:
    """The verdict of the trainings on one claim.

    Attributes:
        difference: Score of the variant that should be better minus that of the other, mean over seeds.
        interval: Interval of the difference over subjects; NaN with few subjects.
        agree: Number of seeds in which the variant is better.
        seeds: Number of seeds.
        answer: "held" if the interval lies above 0 and four of five seeds agree, "not held" if it lies below 0 and four
            of five seeds agree with that, and otherwise "undecided".
        reason: The reason why it is undecided; empty otherwise.
    """

    difference: float
    interval: tuple[float, float]
    agree: int
    seeds: int
    answer: Answer
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict in plain values; an interval that is not known is None."""
        return {
            "difference": self.difference,
            "interval": None if math.isnan(self.interval[0]) else list(self.interval),
            "verdict": self.answer,
            "reason": self.reason,
            "seeds": self.agree,
        }


def judge(by_subject: Float, differences: Callable[[Float], Float], seed: int = 0) -> Verdict:
    """Judge a claim by sums that add up over subjects.

    Args:
        by_subject: subjects×columns, sums of each held-out subject.
        differences: A function from sums (rows, columns) to (rows, seeds), the differences that should be above 0 by
            the claim.
        seed: Seed of the resampling of subjects.
    """
    subjects = len(by_subject)
    each = differences(by_subject.sum(axis=0, keepdims=True))[0]
    agree, seeds = int((each > 0).sum()), len(each)
    draws = differences(bootstrap_sums(by_subject, REPLICATES, seed)).mean(axis=1)
    low, high = expanded_interval(draws, subjects)
    answer, reason = _answer(low, high, agree, int((each < 0).sum()), (seeds, subjects))
    return Verdict(float(each.mean()), (low, high), agree, seeds, answer, reason)


def judge_shares(terms: Sequence[tuple[float, Sequence[Float], Sequence[Float]]], seed: int = 0) -> Verdict:
    """Judge a claim about shares of items, such as accuracy, or about a weighted sum of several shares.

    Args:
        terms: For each term its weight (1 and −1 for a plain difference), and for each seed two columns over the same
            subjects: the number of right items, and the number of all items.
        seed: Seed of the resampling of subjects.
    """
    columns = [column for _, right, asked in terms for pair in zip(right, asked, strict=True) for column in pair]
    by_subject = np.stack([np.asarray(column, np.float64) for column in columns], axis=1)
    weights = np.array([weight for weight, _, _ in terms])

    def differences(sums: Float) -> Float:
        pairs = sums.reshape(len(sums), len(terms), -1, 2)
        shares = pairs[..., 0] / np.maximum(pairs[..., 1], 1.0)
        return np.asarray(np.einsum("rts,t->rs", shares, weights), np.float64)

    return judge(by_subject, differences, seed)


def _answer(low: float, high: float, agree: int, against: int, size: tuple[int, int]) -> tuple[Answer, str]:
    seeds, subjects = size
    enough = SHARE_OF_SEEDS * seeds
    if np.isnan(low):
        return "undecided", f"{subjects} held-out subjects are too few for an interval, which needs {LEAST_SUBJECTS}"
    if low > 0 and agree >= enough:
        return "held", ""
    if high < 0 and against >= enough:
        return "not held", ""
    reasons = []
    if low <= 0 <= high:
        reasons.append("the interval over subjects contains 0")
    if max(agree, against) < enough:
        reasons.append("the seeds do not agree")
    return "undecided", " and ".join(reasons)
