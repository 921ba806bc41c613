"""Facts about the category of an item, ready to be drawn: shares of the model and of people in the same classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.vocabularies import carry_over
from app.domain.words import many, plain
from app.ui.look.language import tr


@dataclass(frozen=True, eq=False)
class VoteShares:
    """The distribution of people's votes in one viewing condition.

    Attributes:
        condition: Name of the condition.
        shares: float64 K over the model's classes; votes without a counterpart are missing from their sum.
        raters: Number of raters who chose.
        lost: Number of votes without a counterpart among the model's classes.
    """

    condition: str
    shares: NDArray[np.float64]
    raters: int
    lost: int

    @property
    def words(self) -> str:
        """The condition, and the number of people who judged in it."""
        left = tr(", {lost} for other words", lost=self.lost) if self.lost else ""
        return f"{plain(self.condition)}, {many(self.raters, tr('rater'), tr('raters'))}{left}"


@dataclass(frozen=True, eq=False)
class CategorySaid:
    """A verdict beside people's votes.

    Attributes:
        title: The span of the verdict, such as "Whole item" or "Last 3.2 s".
        model: Name of the model.
        classes: Names of its K classes.
        probabilities: float32 K; None if there is no verdict yet.
        votes: The votes in each viewing condition.
        caption: What to do if there is no verdict.
        note: What else there is to say: the verdict on the whole item, or why there is none on the last seconds.
        members: Name and float32 K of each member of a fusion; NaN where one says nothing. Empty for other models.
        label: The category that people gave the item; empty where it is not told.
    """

    title: str
    model: str
    classes: tuple[str, ...]
    probabilities: NDArray[np.float32] | None
    votes: tuple[VoteShares, ...] = ()
    caption: str = ""
    note: str = ""
    members: tuple[tuple[str, NDArray[np.float32]], ...] = ()
    label: str = ""

    @property
    def answer(self) -> str:
        """The most probable category with its share; empty if there is no verdict."""
        return "" if self.probabilities is None else top_of(self.classes, self.probabilities)


def top_of(classes: tuple[str, ...], shares: NDArray[np.float32]) -> str:
    """Return the most probable category with its share; empty where nothing is said.

    Args:
        classes: Names of the K classes.
        shares: float32 K, or NaN.
    """
    if not np.isfinite(shares).all():
        return ""
    top = int(np.argmax(shares))
    return f"{classes[top]} {100 * float(shares[top]):.0f} %"


@dataclass(frozen=True, eq=False)
class Band:
    """Verdicts on the last seconds over time, for the timeline.

    Attributes:
        classes: Names of the K classes.
        times_s: float64 N, ascending, the times of the verdicts.
        probabilities: float32 N×K.
    """

    classes: tuple[str, ...] = ()
    times_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    probabilities: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))


def vote_shares(votes: Mapping[str, Mapping[str, int]], classes: tuple[str, ...]) -> tuple[VoteShares, ...]:
    """Count people's votes in a model's classes.

    Args:
        votes: For each viewing condition and category the number of people who chose it.
        classes: Classes of the model.
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
