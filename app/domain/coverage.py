"""Which items a study judges, which of them are judged together, and where raters are lacking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.domain.project import ItemRecord
from app.domain.slots import Slot, Target
from app.domain.study import Study

Closed = tuple[str, str]
"""(item, condition) of a cell that cannot be shown, or whose partner in another condition cannot."""


def targets_of(items: Sequence[ItemRecord]) -> list[Target]:
    """Turn items into targets of the assignment; overlapping ranges of one clip form one stimulus."""
    targets = []
    by_clip: dict[int, list[ItemRecord]] = {}
    for item in items:
        by_clip.setdefault(item.clip_id, []).append(item)
    for ranges in by_clip.values():
        ranges.sort(key=lambda item: (_begin(item), _end(item), item.name))
        group, until = ranges[0].name, float("-inf")
        for item in ranges:
            if _begin(item) >= until:
                group = item.name
            until = max(until, _end(item))
            targets.append(Target(item.name, group))
    return targets


def _begin(item: ItemRecord) -> float:
    return item.start_s if item.start_s is not None else float("-inf")


def _end(item: ItemRecord) -> float:
    return item.end_s if item.end_s is not None else float("inf")


def shown_elsewhere(study: Study) -> set[str]:
    """Return the names of the items that practice clips and attention checks show."""
    return ({clip.item for clip in study.practice} | {check.item for check in study.attention}) - {""}


def judged_stimuli(study: Study, targets: Iterable[Target], closed: Collection[Closed] = ()) -> dict[str, list[str]]:
    """Group items by stimulus; both are ordered by name.

    A stimulus is left out as a whole if a practice clip or an attention check shows one of its items. An item is left
    out if no condition can show it.

    Args:
        study: Its conditions, practice clips and attention checks.
        targets: What there is to judge.
        closed: Cells that cannot be shown.
    """
    names = [condition.name for condition in study.conditions]
    stimulus_of = {target.item: target.stimulus for target in targets}
    used = {stimulus_of[item] for item in shown_elsewhere(study) if item in stimulus_of}
    stimuli: dict[str, list[str]] = defaultdict(list)
    for item, stimulus in sorted(stimulus_of.items()):
        if stimulus not in used and any((item, name) not in closed for name in names):
            stimuli[stimulus].append(item)
    return dict(stimuli)


def lacking(
    study: Study, stimuli: Mapping[str, Sequence[str]], slots: Iterable[Slot], closed: Collection[Closed] = ()
) -> dict[tuple[str, str], int]:
    """Count the raters that each (item, condition) lacks; a rater counts once all passes and kinds are planned.

    Args:
        study: The study, which sets how many raters each item and condition is to have.
        stimuli: What is judged, see `judged_stimuli`.
        slots: An assignment.
        closed: Cells that cannot be shown: nobody is lacking for them.
    """
    wanted = study.passes * len(study.kinds)
    planned = Counter((slot.item, slot.condition, slot.rater) for slot in slots if slot.purpose == "main")
    have = Counter((item, condition) for (item, condition, _), n in planned.items() if n >= wanted)
    k, names = study.raters_per_cell, [condition.name for condition in study.conditions]
    cells = ((item, name) for items in stimuli.values() for item in items for name in names)
    return {cell: k - have[cell] for cell in cells if have[cell] < k and cell not in closed}
