"""Raters who tire: their answers part from the others' more and more in the course of a session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.suspects import LEAST_ITEMS, Float, Z, centred
from app.domain.words import figure


@dataclass(frozen=True)
class Tired:
    """A rater whose answers part from the others' more and more.

    Attributes:
        rater: Code.
        n_items: Items that others judged, too.
        grows: Rank correlation of the distance from the others with the time in the session, −1 to 1.
        low: Lower end of its 99 % interval.
        high: Upper end.
    """

    rater: str
    n_items: int
    grows: float
    low: float
    high: float

    @property
    def short(self) -> str:
        """What it means in a few words, for a profile."""
        return "parts from the others more and more in a session"

    @property
    def words(self) -> str:
        """What it means and what to do, in sentences."""
        said = f"{figure(self.grows)} [{figure(self.low)}, {figure(self.high)}]"
        return (
            f"{self.rater} {self.short}, as raters who tire do (rank correlation with the time {said}, {self.n_items} "
            "items). Plan shorter sessions or breaks."
        )


def tired_of(data: OrdinalData) -> tuple[Tired, ...]:
    """Return the raters whose distance from the mean of the others grows in the course of a session.

    The distance of an item is the mean over emotions of how far the rater's score is from what the others' mean makes
    expect, both about the rater's own means. Its rank correlation with the time (Spearman) has an interval by Fisher's
    z with the variance 1.06 / (n − 3) (Fieller, Hartley & Pearson 1957).

    Args:
        data: The ratings; nothing is said where times are unknown.

    Example:
        >>> from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
        >>> tired_of(draw_study(StudyShape(20, 4, 3, 1), np.random.default_rng(1), TYPICAL)[0])
        ()
    """
    if not data.timed or len(data.raters) < 3:
        return ()
    own, others, known = centred(data)
    out = []
    for r, code in enumerate(data.raters):
        rows = known & (data.rater == r)
        key = data.item[rows].astype(np.int64) * len(data.conditions) + data.condition[rows]
        at = np.unique(key, return_inverse=True)[1]
        n = int(at.max()) + 1 if at.size else 0
        if n < LEAST_ITEMS:
            continue
        count = np.bincount(at, minlength=n)
        away = np.bincount(at, _distance(own[rows], others[rows]), n) / count
        time = np.bincount(at, data.hours[rows], n) / count
        if np.ptp(away) == 0.0 or np.ptp(time) == 0.0:
            continue
        grows = float(np.corrcoef(rankdata(away), rankdata(time))[0, 1])
        half = Z * np.sqrt(1.06 / (n - 3))
        low, high = (float(np.tanh(np.arctanh(np.clip(grows, -0.999, 0.999)) + sign * half)) for sign in (-1, 1))
        if low > 0.0:
            out.append(Tired(code, n, grows, low, high))
    return tuple(out)


def _distance(own: Float, others: Float) -> Float:
    slope = float(own @ others) / max(float(others @ others), 1e-9)
    return np.abs(own - slope * others)
