"""Plans which rater judges which item in which condition, pass and order, from a seed, balanced and extendable.

`app.domain.dealing` deals stimuli to raters; here each rater's presentations are put in order.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from app.domain.balance import shuffled, ticket
from app.domain.coverage import judged_stimuli, lacking
from app.domain.dealing import Dealer
from app.domain.sequence import arrange
from app.domain.slots import Assignment, Cell, Slot, Target
from app.domain.study import Study
from app.errors import UserError

Queue = list[tuple[Cell, tuple[int, ...]]]
"""Presentations of one stimulus to one rater in the order they must have, each with the rank of its block."""


def plan_study(
    study: Study,
    targets: Iterable[Target],
    raters: Iterable[str],
    seed: int,
    existing: Iterable[Slot] = (),
    closed: Collection[tuple[str, str]] = (),
) -> Assignment:
    """Make an assignment, or extend one.

    Args:
        study: The design.
        targets: Items to judge; those that practice clips or attention checks show are left out with a note.
        raters: Codes of the raters who take part now.
        seed: Equal arguments, in whatever order items and raters are listed, give equal plans.
        existing: An earlier plan. What is started or answered keeps its place, also of raters no longer listed.
            Of the rest only what newcomers take over moves, and a rater whose share does not change keeps their order.
        closed: (item, condition) cells that cannot be shown: nobody gets them, and nobody is lacking for them.

    Raises:
        UserError: The distance asked for cannot be kept; the sentence names the largest that can.
    """
    return _Planner(study, targets, raters, seed, existing, frozenset(closed)).plan()


def fitting_distance(
    study: Study,
    targets: Iterable[Target],
    raters: Iterable[str],
    seed: int,
    closed: Collection[tuple[str, str]] = (),
) -> int:
    """Return the largest distance up to the study's own that a fresh plan can keep."""
    listed, codes = list(targets), list(raters)
    for distance in range(study.min_distance, 0, -1):
        try:
            plan_study(replace(study, min_distance=distance), listed, codes, seed, (), closed)
        except UserError:
            continue
        return distance
    return 0


class _Planner:
    """One run of the algorithm."""

    def __init__(
        self,
        study: Study,
        targets: Iterable[Target],
        raters: Iterable[str],
        seed: int,
        existing: Iterable[Slot],
        closed: frozenset[tuple[str, str]],
    ) -> None:
        self.study, self.seed, self.closed = study, seed, closed
        self.notes: list[str] = []
        self.reached = study.min_distance
        self.old = sorted(existing, key=lambda slot: (slot.rater, slot.position))
        self.kept = [slot for slot in self.old if slot.state != "planned"]
        self.raters = sorted(set(raters))
        listed = list(targets)
        self.stimulus_of = {target.item: target.stimulus for target in listed}
        self.stimuli = judged_stimuli(study, listed)
        left_out = sorted(item for item, stimulus in self.stimulus_of.items() if stimulus not in self.stimuli)
        if left_out:
            self.notes.append(f"Left out because they serve as practice or attention check: {', '.join(left_out)}.")
        self.stimuli = judged_stimuli(study, listed, closed)
        self.dealer = Dealer(study, self.stimuli, self.stimulus_of, self.raters, seed, self.old, closed)

    def plan(self) -> Assignment:
        """Deal the items, order them, and report."""
        share_of: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for (stimulus, rater), conditions in self.dealer.deal().items():
            share_of[rater][stimulus] = conditions
        slots: list[Slot] = []
        for rater in sorted({*self.raters, *(slot.rater for slot in self.kept)}):
            slots += self._slots_of(rater, share_of[rater])
        if self.reached < self.study.min_distance:
            raise UserError(
                f"With so few clips, two presentations of one clip cannot be kept {self.study.min_distance} apart.",
                f"Set “Other clips between repeats” to {self.reached}, or add clips.",
                f"Set min_distance to {self.reached} by "
                f"`affectograph study set P {self.study.name} --min-distance {self.reached}`; or add clips.",
            )
        return Assignment(tuple(slots), lacking(self.study, self.stimuli, slots, self.closed), tuple(self.notes))

    def _slots_of(self, rater: str, share: Mapping[str, Sequence[str]]) -> list[Slot]:
        kept = [slot for slot in self.kept if slot.rater == rater]
        if rater not in self.raters:
            return kept
        new = self._new_cells(rater, share, kept)
        old = [slot for slot in self.old if slot.rater == rater]
        open_cells = {slot.cell for slot in old if slot.purpose == "main" and slot.state == "planned"}
        if old and open_cells == {cell for queue in new.values() for cell, _ in queue}:
            return old
        return kept + self._numbered(rater, self._arranged(rater, new, kept), kept)

    def _new_cells(self, rater: str, share: Mapping[str, Sequence[str]], kept: Sequence[Slot]) -> dict[str, Queue]:
        """Return stimulus → its open cells."""
        study, dealer = self.study, self.dealer
        done = {slot.cell for slot in kept if slot.purpose == "main"}
        staged = self._staged(share)
        cells: dict[str, Queue] = {}
        for stimulus, conditions in share.items():
            queue: list[tuple[tuple[int, ...], Cell, tuple[int, ...]]] = []
            for place, name in enumerate(conditions):
                if not dealer.allowed(stimulus, rater, name):
                    continue
                stage = int(dealer.shows_context(name)) if not study.context_before_face else 0
                for item in self.stimuli[stimulus]:
                    for pass_no in range(1, study.passes + 1):
                        for kind_no, kind in enumerate(study.kinds):
                            cell: Cell = (item, name, pass_no, kind)
                            if cell in done or (item, name) in self.closed:
                                continue
                            block = (stage if staged else 0, pass_no, kind_no, place if study.condition_blocks else 0)
                            queue.append(((*block, stage, place), cell, block))
            chance = random.Random(ticket(self.seed, "items", rater, stimulus))
            queue = sorted(shuffled(sorted(queue), chance), key=lambda entry: entry[0])
            if queue:
                cells[stimulus] = [(cell, block) for _, cell, block in queue]
        return cells

    def _staged(self, share: Mapping[str, Sequence[str]]) -> bool:
        """Return whether all bare faces must come before all contexts: where passes or kinds come one after another."""
        study = self.study
        if study.context_before_face:
            return False
        both = any(len({self.dealer.shows_context(name) for name in names}) > 1 for names in share.values())
        return both and (study.passes > 1 or len(study.kinds) > 1 or study.condition_blocks)

    def _arranged(self, rater: str, new: Mapping[str, Queue], kept: Sequence[Slot]) -> list[Cell]:
        ranks = sorted({block for queue in new.values() for _, block in queue})
        blocks = [{s: [cell for cell, b in queue if b == rank] for s, queue in new.items()} for rank in ranks]
        before = [self.stimulus_of.get(slot.item, "") for slot in kept if slot.purpose == "main"]
        wanted = self.study.min_distance
        for distance in range(wanted, -1, -1):
            order = arrange(blocks, distance, random.Random(ticket(self.seed, "order", rater, distance)), before)
            if order is None:
                continue
            if distance < wanted and not self.old:
                self.reached = min(self.reached, distance)
            elif distance < wanted:
                self.notes.append(f"The rest of {rater}'s list keeps a distance of {distance} only: too few are left.")
            return order
        return []

    def _numbered(self, rater: str, order: Sequence[Cell], kept: Sequence[Slot]) -> list[Slot]:
        """Give places, practice first, attention checks in between."""
        study, rng = self.study, random.Random(ticket(self.seed, "attention", rater))
        position = max((slot.position for slot in kept), default=0)
        slots: list[Slot] = []
        practised = {(slot.item, slot.condition, slot.kind) for slot in kept if slot.purpose == "practice"}
        if order and not any(slot.purpose == "main" for slot in kept):
            for number, clip in enumerate(study.practice, 1):
                if (clip.item, clip.condition) in self.closed:
                    self.notes.append(f"Practice clip {clip.item} cannot be shown as {clip.condition} and is left out.")
                elif (clip.item, clip.condition, clip.kind) not in practised:
                    position += 1
                    slots.append(Slot(rater, position, clip.item, clip.condition, number, clip.kind, "practice"))
        asked = sum(1 for slot in kept if slot.purpose == "attention")
        checks = [one for one in study.attention if (one.item, one.condition) not in self.closed]
        due = self._gap(rng) if checks else -1
        for item, condition, pass_no, kind in order:
            position += 1
            slots.append(Slot(rater, position, item, condition, pass_no, kind))
            due -= 1
            if due == 0:
                check = checks[asked % len(checks)]
                asked, position, due = asked + 1, position + 1, self._gap(rng)
                slots.append(
                    Slot(rater, position, check.item, check.condition, asked, check.kind, "attention", check.name)
                )
        return slots

    def _gap(self, rng: random.Random) -> int:
        """Return the number of items until the next attention check, drawn at random so that nobody expects it."""
        every = self.study.attention_every
        return max(1, round(every * (0.5 + rng.random()))) if every else -1
