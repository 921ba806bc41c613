"""The predictions of several members on common items, and how each prediction came about."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


class Kind(IntEnum):
    """How a member's prediction of an item came about; only some kinds may choose weights or be a result."""

    NONE = 0
    """There is no prediction: no face, no sound, or the item was never read."""
    SEEN = 1
    """The member was trained on this person. Such a prediction says nothing about new people."""
    STOPPED = 2
    """The person was not trained on, but decided when the training stopped or which settings were taken."""
    OUT_OF_FOLD = 3
    """A model of a fold made it, and this fold had left the person out altogether."""
    HELD_OUT = 4
    """The member itself made it, and the person was held out from all of its training."""
    UNKNOWN = 5
    """The member does not state which people it learned from, like most models from elsewhere."""


CLEAN = (Kind.OUT_OF_FOLD, Kind.HELD_OUT, Kind.UNKNOWN)
"""Kinds of predictions that may choose a member's weight."""
UNSEEN = (Kind.HELD_OUT, Kind.UNKNOWN)
"""Kinds of predictions that may be the result: those of the member itself, on people whom it has never seen."""


@dataclass(frozen=True, eq=False)
class MemberTable:
    """The prediction of each of M members for each of N items, in K common classes or dimensions.

    Attributes:
        members: Names of the M members.
        classes: Names of the K categories; the dimensions for valence and arousal.
        items: Names of the N items.
        subjects: The present name of the person whom each item shows, N.
        said: float64 M×N×K; a row is NaN where the member has no prediction for the item.
        kind: int8 M×N of `Kind`.
        target: float64 N×K, shares that sum to one, or zeros without a label. For valence and arousal the labels
            themselves, NaN where there is none.
        votes: float64 N×K, how many raters chose each category; zeros where nobody was asked.
    """

    members: tuple[str, ...]
    classes: tuple[str, ...]
    items: tuple[str, ...]
    subjects: tuple[str, ...]
    said: Float
    kind: NDArray[np.int8]
    target: Float
    votes: Float

    def __post_init__(self) -> None:
        m, n, k = self.said.shape
        right = self.kind.shape == (m, n) and self.target.shape == self.votes.shape == (n, k)
        if not right or len(self.members) != m or len(self.items) != n or len(self.subjects) != n:
            raise ValueError("the columns of a table of members do not fit together")

    def __len__(self) -> int:
        return len(self.items)

    @property
    def people(self) -> tuple[str, ...]:
        """The names of all subjects, in the order of the items."""
        return tuple(dict.fromkeys(self.subjects))

    @property
    def who(self) -> NDArray[np.int64]:
        """int64 N, the number of each item's subject in `people`."""
        place = {name: number for number, name in enumerate(self.people)}
        return np.array([place[name] for name in self.subjects], np.int64)

    @property
    def labelled(self) -> Bool:
        """Whether each item has a label: bool N."""
        return np.asarray(np.isfinite(self.target).all(axis=1) & (np.abs(self.target).sum(axis=1) > 0), np.bool_)

    @property
    def label(self) -> NDArray[np.int64]:
        """The category with the largest share, −1 without a label: int64 N."""
        return np.where(self.labelled, np.nan_to_num(self.target).argmax(axis=1), -1)

    @property
    def present(self) -> Bool:
        """Whether each member has a prediction for each item: bool M×N."""
        return np.asarray(np.isfinite(self.said).all(axis=2), np.bool_)

    def only(self, rows: NDArray[Any]) -> "MemberTable":
        """Return the table of some items."""
        rows = np.arange(len(self))[rows]
        return MemberTable(
            self.members,
            self.classes,
            tuple(self.items[row] for row in rows),
            tuple(self.subjects[row] for row in rows),
            self.said[:, rows],
            self.kind[:, rows],
            self.target[rows],
            self.votes[rows],
        )

    def without(self, member: int) -> "MemberTable":
        """Return the table without one member."""
        keep = [number for number in range(len(self.members)) if number != member]
        return MemberTable(
            tuple(self.members[number] for number in keep),
            self.classes,
            self.items,
            self.subjects,
            self.said[keep],
            self.kind[keep],
            self.target,
            self.votes,
        )
