"""Whom a member learned from, by names, and what kind of prediction follows for each item.

Names of items lead from the person that a training knew to the person that the project knows now. The rule therefore
holds after people were renamed, and after two names turned out to be one person: whoever shares an item with the
training counts as seen with all of their items. The names that the training knew count as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.fusion.table import Kind


@dataclass(frozen=True)
class Learned:
    """What a member learned from.

    Attributes:
        known: Whether the member states which people it learned from.
        people: The part that each subject had, by the name at the time: "train", "validation" or "test".
        items: The subject of each item at the time of the training.
        folds: Names of the subjects that each fold of the cross-validation left out, at the time of the training.
    """

    known: bool
    people: Mapping[str, str]
    items: Mapping[str, str]
    folds: tuple[frozenset[str], ...] = ()

    def seen(self, subjects: Mapping[str, str], parts: tuple[str, ...] = ("train", "validation")) -> frozenset[str]:
        """Return the present names of everybody who had one of some parts in the training.

        Args:
            subjects: Name of each item → the present name of its subject.
            parts: The parts that count.
        """
        old = {name for name, part in self.people.items() if part in parts}
        now = {subjects[item] for item, name in self.items.items() if name in old and item in subjects}
        return frozenset(old | now)


def kinds(
    learned: Learned,
    items: Sequence[str],
    subjects: Mapping[str, str],
    said: NDArray[np.bool_],
    by_fold: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Return the kind of each prediction of a member.

    Args:
        learned: Whom the member learned from.
        items: Names of N items.
        subjects: Name of every item of the project → the present name of its subject.
        said: Whether the member says something of each item: bool N.
        by_fold: Whether a model of a fold made the prediction, instead of the member itself: bool N.

    Returns:
        int8 N of `Kind`.

    Example:
        >>> learned = Learned(True, {"A": "train", "B": "test"}, {"a1": "A", "b1": "B"})
        >>> now = {"a1": "Anna", "b1": "Anna"}  # A and B turned out to be one person
        >>> kinds(learned, ["a1", "b1"], now, np.array([True, True]), np.array([False, False])).tolist()
        [1, 1]
    """
    trained, stopped = learned.seen(subjects, ("train",)), learned.seen(subjects, ("validation",))
    mixed = _in_several_folds(learned, subjects)
    found = np.full(len(items), Kind.NONE, np.int8)
    for row, item in enumerate(items):
        if not said[row]:
            continue
        person = subjects[item]
        if by_fold[row]:
            found[row] = Kind.SEEN if person in mixed else Kind.OUT_OF_FOLD
        elif not learned.known:
            found[row] = Kind.UNKNOWN
        elif person in trained:
            found[row] = Kind.SEEN
        else:
            found[row] = Kind.STOPPED if person in stopped else Kind.HELD_OUT
    return found


def _in_several_folds(learned: Learned, subjects: Mapping[str, str]) -> frozenset[str]:
    """Return the present names of people whom no single fold left out altogether, because names were joined."""
    fold_of = {name: number for number, fold in enumerate(learned.folds) for name in fold}
    left: dict[str, set[int]] = {}
    for item, name in learned.items.items():
        if item in subjects and learned.people.get(name) in ("train", "validation"):
            left.setdefault(subjects[item], set()).add(fold_of.get(name, -1))
    return frozenset(person for person, folds in left.items() if len(folds) > 1 or -1 in folds)


def require_stopped(people: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse members whose trainings nobody stopped, for a partition that asks those who did.

    Args:
        people: Name of each member → the part that each subject had, see `Learned`.

    Raises:
        UserError: There are such members.
    """
    never = [name for name, parts in people.items() if "validation" not in parts.values()]
    if never:
        raise UserError(
            f"Nobody stopped the training of {', '.join(never)}: everybody but the held-out people was learned from.",
            "“As in D” is for networks, which stop early. Take the partition “folds”.",
        )
