"""What the two viewing conditions of people add: members that learned from face only beside those of full context.

The members of one viewing condition form a view, whose prediction is the mean of theirs. Two views, or a view and the
fusion, are compared on the same items of the result: how often each is right, and how much probability each gives to
the label. Intervals are expanded percentile intervals of a paired bootstrap over subjects (Hesterberg 2015).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement.pooled import REPLICATES, expanded_interval
from app.agreement.resample import bootstrap_sums
from app.fusion.combine import combined
from app.fusion.gains import FUSION, Said

Float = NDArray[np.float64]
ORDER = ("face_only", "context_only", "full_context")
"""Viewing conditions from the one that shows least; those of other names come last."""


@dataclass(frozen=True, eq=False)
class View:
    """The predictions of the members of one viewing condition for the items of the result.

    Attributes:
        name: Name of the condition, or `FUSION`.
        members: Names of its members.
        said: float64 n×K, their mean; NaN where none of them says anything.
    """

    name: str
    members: tuple[str, ...]
    said: Float


@dataclass(frozen=True)
class EmotionGain:
    """Two views on the items of one category, or on all.

    Attributes:
        category: The category that people gave the items; empty for all items.
        n: Items.
        n_subjects: People whom they show.
        right: Share of the items on which each view is right, first and second.
        gain: The second share minus the first.
        interval: Its interval over subjects; NaN where there are too few.
        label: Mean probability that each view gives the label.
        label_gain: The second minus the first.
        label_interval: Its interval over subjects.
    """

    category: str
    n: int
    n_subjects: int
    right: tuple[float, float]
    gain: float
    interval: tuple[float, float]
    label: tuple[float, float]
    label_gain: float
    label_interval: tuple[float, float]


@dataclass(frozen=True)
class ItemGain:
    """One item in two views.

    Attributes:
        place: Number of the item in the result.
        says: Number of the class that each view predicts.
        gain: Probability of the label in the second view minus that in the first.
    """

    place: int
    says: tuple[int, int]
    gain: float


@dataclass(frozen=True, eq=False)
class ViewGain:
    """What the second view gains over the first.

    Attributes:
        first: The view that shows less.
        second: The view that shows more, or the fusion.
        emotions: All items first, then those of each category in the order of the classes.
        items: Items for which both have a prediction, the largest gain first.
    """

    first: View
    second: View
    emotions: tuple[EmotionGain, ...]
    items: tuple[ItemGain, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the gains by category as plain values; NaN stays."""
        return {
            "first": self.first.name,
            "second": self.second.name,
            "emotions": [asdict(each) for each in self.emotions],
        }


def views_of(said: Said, members: Sequence[str], conditions: Mapping[str, str]) -> tuple[View, ...]:
    """Return a view for each viewing condition of the members, the one that shows least first.

    Args:
        said: What was said of the result.
        members: Names of the members, in the order of `said`.
        conditions: Viewing condition of each member's labels; empty where it is not known.
    """
    names = sorted({conditions[name] for name in members} - {""}, key=lambda name: (_rank(name), name))
    found = []
    for name in names:
        mine = [number for number, member in enumerate(members) if conditions[member] == name]
        own = said.members[mine]
        mean = combined(own, np.ones((len(mine), own.shape[2])))
        found.append(View(name, tuple(members[number] for number in mine), mean))
    return tuple(found)


def view_gains(
    said: Said,
    members: Sequence[str],
    conditions: Mapping[str, str],
    label: NDArray[np.int64],
    who: NDArray[np.int64],
    classes: Sequence[str],
) -> tuple[ViewGain, ...]:
    """Compare every two viewing conditions, then the fusion with each; empty with members of fewer than two.

    Args:
        said: What was said of the result.
        members: Names of the members.
        conditions: Viewing condition of each member's labels.
        label: int64 n, the label of each item of the result.
        who: int64 n, the person whom it shows.
        classes: Names of the classes.
    """
    views = views_of(said, members, conditions)
    if len(views) < 2:
        return ()
    fusion = View(FUSION, tuple(members), said.fusion)
    pairs = [*combinations(views, 2), *((view, fusion) for view in views)]
    return tuple(view_gain(first, second, label, who, classes) for first, second in pairs)


def view_gain(
    first: View, second: View, label: NDArray[np.int64], who: NDArray[np.int64], classes: Sequence[str]
) -> ViewGain:
    """Compare two views on the labelled items for which both have a prediction.

    Args:
        first: The view that shows less.
        second: The view that shows more.
        label: int64 n, −1 without a label.
        who: int64 n, the person whom each item shows.
        classes: Names of the classes.

    Example:
        >>> face = View("face_only", ("a",), np.array([[0.6, 0.4], [0.7, 0.3]]))
        >>> whole = View("full_context", ("b",), np.array([[0.9, 0.1], [0.2, 0.8]]))
        >>> found = view_gain(face, whole, np.array([0, 1]), np.array([0, 1]), ("happy", "sad"))
        >>> [(each.category, each.right, round(each.label_gain, 2)) for each in found.emotions]
        [('', (0.5, 1.0), 0.4), ('happy', (1.0, 1.0), 0.3), ('sad', (0.0, 1.0), 0.5)]
        >>> [(each.place, each.says, round(each.gain, 2)) for each in found.items]
        [(1, (0, 1), 0.5), (0, (0, 0), 0.3)]
    """
    both = np.stack([first.said, second.said])
    known = np.flatnonzero(np.isfinite(both).all(axis=(0, 2)) & (label >= 0))
    says = both[:, known].argmax(axis=2)
    right = (says == label[known]).astype(np.float64)
    share = both[:, known, label[known]]
    groups = [("", np.ones(len(known), np.bool_))]
    groups += [(name, label[known] == number) for number, name in enumerate(classes)]
    emotions = tuple(
        _emotion(name, right[:, mine], share[:, mine], who[known][mine]) for name, mine in groups if mine.any()
    )
    gain = share[1] - share[0]
    items = tuple(
        ItemGain(int(known[n]), (int(says[0, n]), int(says[1, n])), float(gain[n]))
        for n in np.argsort(-gain, kind="stable")
    )
    return ViewGain(first, second, emotions, items)


def _emotion(name: str, right: Float, share: Float, who: NDArray[np.int64]) -> EmotionGain:
    """Sum up 2×n of being right and of the label's probability, with intervals over the people of the items."""
    people, number = np.unique(who, return_inverse=True)
    apart = np.stack([np.ones(right.shape[1]), right[1] - right[0], share[1] - share[0]], axis=1)
    sums = np.zeros((len(people), 3))
    np.add.at(sums, number, apart)
    drawn = bootstrap_sums(sums, REPLICATES, 0)
    ends = [expanded_interval(drawn[:, column] / drawn[:, 0], len(people)) for column in (1, 2)]
    was, now = (float(each.mean()) for each in right)
    label_was, label_now = (float(each.mean()) for each in share)
    return EmotionGain(
        name, right.shape[1], len(people), (was, now), now - was, ends[0], (label_was, label_now),
        label_now - label_was, ends[1],
    )  # fmt: skip


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
