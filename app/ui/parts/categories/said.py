"""What is known of the category of an item, ready to be drawn: the model's shares and people's, in the same classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.vocabularies import carry_over
from app.domain.words import many, plain


@dataclass(frozen=True, eq=False)
class VoteShares:
    """How people's votes are spread in one viewing condition.

    Attributes:
        condition: Name of the condition.
        shares: float64 K over the model's classes; what has no counterpart is missing from their sum.
        raters: Raters who chose.
        lost: Votes without a counterpart among the model's classes.
    """

    condition: str
    shares: NDArray[np.float64]
    raters: int
    lost: int

    @property
    def words(self) -> str:
        """The condition and how many judged in it."""
        left = f", {self.lost} for other words" if self.lost else ""
        return f"{plain(self.condition)}, {many(self.raters, 'rater')}{left}"


@dataclass(frozen=True, eq=False)
class CategorySaid:
    """A verdict beside people's votes.

    Attributes:
        title: What the verdict is on: "Whole item", "Last 3.2 s".
        model: Name of the model.
        classes: Names of its K classes.
        probabilities: float32 K; None where the model has said nothing yet.
        votes: One a viewing condition.
        caption: What to do where the model has said nothing.
    """

    title: str
    model: str
    classes: tuple[str, ...]
    probabilities: NDArray[np.float32] | None
    votes: tuple[VoteShares, ...] = ()
    caption: str = ""

    @property
    def answer(self) -> str:
        """The most probable category with its share; empty where nothing was said."""
        if self.probabilities is None:
            return ""
        top = int(np.argmax(self.probabilities))
        return f"{self.classes[top]} {100 * float(self.probabilities[top]):.0f} %"


@dataclass(frozen=True, eq=False)
class Band:
    """Verdicts on the last seconds over time, for the timeline.

    Attributes:
        classes: Names of the K classes.
        times_s: float64 N, rising, when each was given.
        probabilities: float32 N×K.
    """

    classes: tuple[str, ...] = ()
    times_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    probabilities: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))


def vote_shares(votes: Mapping[str, Mapping[str, int]], classes: tuple[str, ...]) -> tuple[VoteShares, ...]:
    """People's votes in a model's classes.

    Args:
        votes: Viewing condition → category → how many chose it.
        classes: Of the model.
    """
    found = []
    for condition in sorted(votes):
        words = list(votes[condition])
        counts = np.array([[votes[condition][word] for word in words]], np.float64)
        carried = carry_over(counts, words, classes)
        total = int(counts.sum())
        lost = round(sum(carried.lost.values()))
        found.append(VoteShares(condition, carried.values[0] / max(total, 1), total, lost))
    return tuple(found)
