"""Puts one rater's presentations into a random order that keeps two of the same stimulus apart."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from app.domain.balance import shuffled

T = TypeVar("T", bound=Hashable)
ATTEMPTS = 24


def arrange(
    blocks: Sequence[Mapping[str, Sequence[T]]],
    distance: int,
    rng: random.Random,
    before: Sequence[str] = (),
) -> list[T] | None:
    """Order blocks one after the other. Within a block the order is random, but each queue keeps its own order.

    Args:
        blocks: Per block, stimulus → its presentations in the order they must have.
        distance: At least so many presentations of other stimuli lie between two of one stimulus, across blocks too.
        rng: Source of all randomness.
        before: Stimuli already shown, in order; the new presentations follow them.

    Returns:
        The presentations in order, or None where no order was found. Later attempts follow the rule "most left goes
        first", which finds an order of a single block whenever there is one.
    """
    for attempt in range(ATTEMPTS):
        order = _attempt(blocks, distance, rng, before, greed=attempt / (ATTEMPTS - 1))
        if order is not None:
            return order
    return None


def nearest(shown: Sequence[str]) -> float:
    """The smallest number of presentations between two of one stimulus in a list; infinite if none comes twice."""
    last: dict[str, int] = {}
    fewest = float("inf")
    for place, stimulus in enumerate(shown):
        if stimulus in last:
            fewest = min(fewest, place - last[stimulus] - 1)
        last[stimulus] = place
    return fewest


def _attempt(
    blocks: Sequence[Mapping[str, Sequence[T]]], distance: int, rng: random.Random, before: Sequence[str], greed: float
) -> list[T] | None:
    order: list[T] = []
    resting: deque[str] = deque(before[-distance:] if distance else ())
    for block in blocks:
        if not _fill(block, distance, rng, greed, resting, order):
            return None
    return order


def _fill(
    block: Mapping[str, Sequence[T]],
    distance: int,
    rng: random.Random,
    greed: float,
    resting: deque[str],
    order: list[T],
) -> bool:
    """Append one block to `order`; `resting` holds the last `distance` stimuli shown. False where it got stuck."""
    next_of = dict.fromkeys(block, 0)
    left = {stimulus: len(queue) for stimulus, queue in block.items() if queue}
    counts: dict[int, int] = {}  # how many stimuli, resting or not, have so many presentations left
    ready: dict[int, list[str]] = {}  # those of them that may be shown now
    asleep = set(resting)
    for stimulus in shuffled(sorted(left), rng):
        counts[left[stimulus]] = counts.get(left[stimulus], 0) + 1
        if stimulus not in asleep:
            ready.setdefault(left[stimulus], []).append(stimulus)
    for remaining in range(sum(left.values()), 0, -1):
        most = max(count for count, n in counts.items() if n)
        tight = (most - 1) * (distance + 1) + counts[most] >= remaining
        free = [count for count, names in ready.items() if names]
        if not free:
            return False
        count = max(free) if tight or rng.random() < greed else _weighted(free, ready, rng)
        names = ready[count]
        pick = int(rng.random() * len(names))
        names[pick], names[-1] = names[-1], names[pick]
        stimulus = names.pop()
        order.append(block[stimulus][next_of[stimulus]])
        next_of[stimulus] += 1
        counts[count] -= 1
        left[stimulus] = count - 1
        if count > 1:
            counts[count - 1] = counts.get(count - 1, 0) + 1
        _rest(stimulus, distance, left, ready, resting)
    return True


def _rest(
    stimulus: str, distance: int, left: Mapping[str, int], ready: dict[int, list[str]], resting: deque[str]
) -> None:
    """Let the stimulus just shown rest, and free the one that has rested long enough."""
    resting.append(stimulus)
    while len(resting) > distance:
        awake = resting.popleft()
        if left.get(awake) and awake not in resting:
            ready.setdefault(left[awake], []).append(awake)


def _weighted(free: Sequence[int], ready: Mapping[int, Sequence[str]], rng: random.Random) -> int:
    """Draw one of the counts as if drawing a presentation from all that are ready."""
    total = sum(count * len(ready[count]) for count in free)
    draw = rng.random() * total
    for count in free:
        draw -= count * len(ready[count])
        if draw < 0:
            return count
    return free[-1]
