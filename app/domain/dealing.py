"""Deals stimuli and conditions to raters: the first half of an assignment.

The unit dealt is the stimulus: all items that show overlapping moments of one clip. So a rater who judges one of two
faces in a picture judges the other too, and seeing a context for one face never spoils the bare view of the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.domain.balance import Edge, deal_colours, ticket
from app.domain.slots import Slot
from app.domain.study import Study

Shares = dict[Edge, list[str]]
"""(stimulus, rater) → the conditions in the order in which the rater meets them."""


class Dealer:
    """Deals stimuli to raters. Make a new one for each plan.

    Attributes:
        shown: (stimulus, rater) → conditions in which the rater has seen it already.
    """

    def __init__(
        self,
        study: Study,
        stimuli: Mapping[str, Sequence[str]],
        stimulus_of: Mapping[str, str],
        raters: Sequence[str],
        seed: int,
        old: Sequence[Slot],
        closed: Collection[tuple[str, str]] = (),
    ) -> None:
        """Start from an earlier plan.

        Args:
            study: The design.
            stimuli: Stimulus → its items, without those used for practice.
            stimulus_of: Item → stimulus, all of them.
            raters: Codes of the raters who take part now.
            seed: Seed of all chance.
            old: The earlier plan's slots by rater and position.
            closed: (item, condition) cells that cannot be shown.
        """
        self.study, self.seed, self.stimuli = study, seed, stimuli
        self.raters = sorted(raters, key=lambda rater: ticket(seed, "rater", rater))
        self.order = sorted(stimuli, key=lambda s: (-len(stimuli[s]), ticket(seed, "stimulus", s)))
        self.names = [condition.name for condition in study.conditions]
        self._open = {
            stimulus: [name for name in self.names if any((item, name) not in closed for item in items)]
            for stimulus, items in stimuli.items()
        }
        self._context = {condition.name: condition.shows_context for condition in study.conditions}
        self.shown: dict[Edge, set[str]] = defaultdict(set)
        self._held: dict[Edge, list[str]] = defaultdict(list)  # shown or planned conditions, in the rater's order
        for slot in old:
            if slot.purpose != "main" or slot.item not in stimulus_of:
                continue
            edge = (stimulus_of[slot.item], slot.rater)
            if slot.state != "planned":
                self.shown[edge].add(slot.condition)
            if edge[0] in stimuli and (slot.state != "planned" or slot.rater in self.raters):
                self._held[edge].append(slot.condition)
        self._release(newcomers=set(self.raters) - {slot.rater for slot in old} if old else set())
        self._load: Counter[str] = Counter()
        self._holders: dict[str, list[str]] = defaultdict(list)
        for (stimulus, rater), conditions in self._held.items():
            self._holders[stimulus].append(rater)
            self._load[rater] += len(stimuli[stimulus]) * len(set(conditions))

    def deal(self) -> Shares:
        """Return the stimuli and conditions of each rater."""
        if self.study.design == "rotated":
            return self._rotated()
        if self.study.design == "between":
            return self._between()
        return self._within()

    def shows_context(self, name: str) -> bool:
        """Whether a condition shows what surrounds the face; one that only an earlier version had counts as such."""
        return self._context.get(name, True)

    def allowed(self, stimulus: str, rater: str, condition: str) -> bool:
        """Return whether a rater may still see a stimulus in a condition, after what that rater has seen of it."""
        if self.study.context_before_face or self.shows_context(condition):
            return True
        return not any(map(self.shows_context, self.shown.get((stimulus, rater), ())))

    def _release(self, newcomers: set[str]) -> None:
        """Take presentations that newcomers can judge as well from the end of long lists; nothing else moves."""
        if not newcomers:
            return
        weight = {edge: len(self.stimuli[edge[0]]) for edge in self._held}
        load = Counter[str]()
        for edge in self._held:
            load[edge[1]] += weight[edge]
        fair = sum(load[rater] for rater in self.raters) / len(self.raters)
        for edge in reversed(list(self._held)):
            rater = edge[1]
            if rater in self.raters and edge not in self.shown and load[rater] - weight[edge] >= fair:
                load[rater] -= weight[edge]
                del self._held[edge]

    def _choose(self, stimulus: str, wanted: int, among: Sequence[str], conditions: int = 1) -> list[str]:
        """Return the least busy raters who do not have the stimulus yet; equally busy ones come in random order."""
        holders = set(self._holders[stimulus])
        free = [rater for rater in among if rater not in holders]
        free.sort(key=lambda rater: (self._load[rater], ticket(self.seed, "deal", stimulus, rater)))
        chosen = free[: max(wanted, 0)]
        for rater in chosen:
            self._holders[stimulus].append(rater)
            self._load[rater] += len(self.stimuli[stimulus]) * conditions
        return chosen

    def _within(self) -> Shares:
        k, active = self.study.raters_per_cell, set(self.raters)
        edges: dict[Edge, set[str]] = {}
        for stimulus in self.order:
            have: Counter[str] = Counter()
            names = self._open[stimulus]
            for rater in self._holders[stimulus]:
                conditions = set(self.shown.get((stimulus, rater), ())) & set(self.names)
                if rater in active:
                    conditions |= {name for name in names if self.allowed(stimulus, rater, name)}
                edges[stimulus, rater] = conditions
                have.update(conditions)
            while lacking := [name for name in names if have[name] < k]:
                wanted = k - max(have[name] for name in lacking)
                chosen = self._choose(stimulus, wanted, self.raters, len(lacking))
                if not chosen:
                    break
                for rater in chosen:
                    edges[stimulus, rater] = set(lacking)
                    have.update(lacking)
        return self._turned(edges)

    def _rotated(self) -> Shares:
        k, q = self.study.raters_per_cell, len(self.names)
        fixed = self._first_conditions()
        edges = list(fixed)
        for stimulus in self.order:
            old = sum(1 for rater in self._holders[stimulus] if (stimulus, rater) in fixed)
            edges += [(stimulus, rater) for rater in self._choose(stimulus, k * q - old, self.raters)]
        colours = deal_colours(edges, q, fixed, quota=k)
        return {edge: [self.names[c]] for edge, c in colours.items() if self.names[c] in self._open[edge[0]]}

    def _between(self) -> Shares:
        group: dict[str, str] = {}
        for (_, rater), conditions in self._held.items():
            for name in conditions:
                if name in self.names:
                    group.setdefault(rater, name)
        sizes = Counter(group.values())
        for rater in self.raters:
            if rater not in group:
                group[rater] = min(self.names, key=lambda name: (sizes[name], self.names.index(name)))
                sizes[group[rater]] += 1
        shares: Shares = {edge: [group[edge[1]]] for edge in self._held if edge[1] in group}
        for name in self.names:
            members = [rater for rater in self.raters if group[rater] == name]
            for stimulus in self.order:
                if name not in self._open[stimulus]:
                    continue
                old = sum(1 for rater in self._holders[stimulus] if group.get(rater) == name)
                for rater in self._choose(stimulus, self.study.raters_per_cell - old, members):
                    shares[stimulus, rater] = [name]
        return shares

    def _first_conditions(self) -> dict[Edge, int]:
        """Return the number of the condition with which an earlier plan began each stimulus."""
        firsts: dict[Edge, int] = {}
        for edge, conditions in self._held.items():
            known = [self.names.index(name) for name in conditions if name in self.names]
            if known:
                firsts[edge] = known[0]
        return firsts

    def _turned(self, edges: Mapping[Edge, Iterable[str]]) -> Shares:
        """Counter-balance the order in which a rater meets the conditions of a stimulus."""
        n = len(self.names)
        fixed = {edge: first for edge, first in self._first_conditions().items() if edge in edges}
        if self.study.condition_blocks:
            turn_of = self._turns_of_raters(fixed)
            turns = {edge: turn_of.get(edge[1], 0) for edge in edges}
        else:
            turns = deal_colours(list(edges), n, fixed)
        shares: Shares = {}
        for edge, conditions in edges.items():
            turned = [self.names[(turns[edge] + i) % n] for i in range(n)]
            shares[edge] = [name for name in turned if name in set(conditions)]
        return shares

    def _turns_of_raters(self, fixed: Mapping[Edge, int]) -> dict[str, int]:
        """Choose each rater's order of conditions, for designs that show conditions in blocks."""
        turns: dict[str, int] = {}
        for (_, rater), first in fixed.items():
            turns.setdefault(rater, first)
        used = Counter(turns.values())
        for rater in self.raters:
            if rater not in turns:
                turns[rater] = min(range(len(self.names)), key=lambda turn: (used[turn], turn))
                used[turns[rater]] += 1
        return turns
