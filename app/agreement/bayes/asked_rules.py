"""Which judgements a study's rules let a batch ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.next_best import Allowed, Candidates

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Pair = tuple[int, int]
"""(stimulus, rater), both as codes."""


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules of a study for one batch.

    Attributes:
        stimulus: int64 (items,), items with the same code show the same moments.
        shows_context: bool (conditions,).
        context_seen: Pairs that have a context shown or planned already: their bare faces come too late.
        faces_may_follow: Whether bare faces may come after contexts.
        design: "within", "between" or "rotated", as in a study.
        first: The condition that each pair has already, for "rotated".
        group: The condition of each rater, −1 where none is set yet, for "between": int64 (raters,).
        most_each: Largest number of judgements that one rater is given, int64 (raters,).
    """

    stimulus: Int
    shows_context: Bool
    context_seen: Collection[Pair]
    faces_may_follow: bool
    design: str
    first: dict[Pair, int]
    group: Int
    most_each: Int


class RuledBatch(Allowed):
    """What a batch may still ask for. Within a batch, bare faces are shown first, so both may be asked for.

    Args:
        candidates: What could be judged.
        rules: The rules.

    Example:
        >>> rules = Rules(np.array([0]), np.array([False, True]), {(0, 0)}, False, "within", {}, np.array([-1, -1]),
        ...               np.array([1, 1]))
        >>> two = Candidates(np.zeros(4, np.int64), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))
        >>> batch = RuledBatch(two, rules)
        >>> batch.now().tolist()
        [False, True, True, True]
        >>> batch.chosen(2)
        >>> batch.now().tolist()
        [False, True, False, False]
    """

    def __init__(self, candidates: Candidates, rules: Rules) -> None:
        super().__init__(len(candidates))
        self._of, self._rules = candidates, rules
        self._stimulus = rules.stimulus[candidates.item]
        self._left = rules.most_each.copy()
        self._close_late_faces()
        for (stimulus, rater), condition in rules.first.items():
            self._one_condition(stimulus, rater, condition)
        for rater, condition in enumerate(rules.group.tolist()):
            if condition >= 0:
                self._group(rater, condition)
        self._close_full(candidates.rater)

    def _close_late_faces(self) -> None:
        rules, of = self._rules, self._of
        if rules.faces_may_follow or not rules.context_seen:
            return
        n = int(of.rater.max(initial=0)) + 1
        late = np.array([s * n + r for s, r in rules.context_seen if r < n], np.int64)
        bare = ~rules.shows_context[of.condition]
        self._open &= ~(bare & np.isin(self._stimulus * n + of.rater, late))

    def _one_condition(self, stimulus: int, rater: int, condition: int) -> None:
        if self._rules.design == "rotated":
            same = (self._stimulus == stimulus) & (self._of.rater == rater)
            self._open &= ~(same & (self._of.condition != condition))

    def _group(self, rater: int, condition: int) -> None:
        if self._rules.design == "between":
            self._open &= ~((self._of.rater == rater) & (self._of.condition != condition))

    def _close_full(self, raters: Int) -> None:
        self._open &= ~(np.isin(self._of.rater, raters) & (self._left[self._of.rater] <= 0))

    def chosen(self, which: int) -> None:
        """Hear which one was chosen."""
        super().chosen(which)
        rater, condition = int(self._of.rater[which]), int(self._of.condition[which])
        self._left[rater] -= 1
        self._one_condition(int(self._stimulus[which]), rater, condition)
        self._group(rater, condition)
        self._close_full(self._of.rater[which : which + 1])
