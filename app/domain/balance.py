"""Colours the edges of a bipartite graph so that every vertex has each colour equally often.

Raters and stimuli are the two sides, "rater judges stimulus" is an edge, and a colour is a condition or an order of
conditions. A balanced colouring always exists (de Werra 1971): split every vertex of degree d into ⌈d/q⌉ vertices of
degree ≤ q and colour the edges of the result properly with q colours (König 1916).
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
Edge = tuple[str, str]


def ticket(seed: int, *words: object) -> int:
    """Return a pseudo-random number that is the same on every machine, in every version and order of calls."""
    text = "\x1f".join([str(seed), *map(str, words)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def shuffled(items: Iterable[T], rng: random.Random) -> list[T]:
    """The items in random order. Only `random()` is promised to stay the same over Python versions, so it is used."""
    keyed = [(rng.random(), item) for item in items]
    return [item for _, item in sorted(keyed, key=lambda pair: pair[0])]


def deal_colours(
    edges: Sequence[Edge], n_colours: int, fixed: Mapping[Edge, int] | None = None, quota: int = 0
) -> dict[Edge, int]:
    """Colour the edges so that at every vertex the uses of any two colours differ by at most one.

    Args:
        edges: (stimulus, rater) pairs, no pair twice; their order decides among equally good answers.
        n_colours: q ≥ 1.
        fixed: Colours that stand already. With any, the balance is as good as going through the edges once can make
            it; without, it is exact on both sides.
        quota: With `fixed`, how often a stimulus may use one colour while another is free; 0 for no limit.

    Returns:
        Colour 0…q−1 of every edge in `edges`.
    """
    if n_colours <= 1:
        return dict.fromkeys(edges, 0)
    if fixed:
        return _greedy(edges, n_colours, fixed, quota)
    return _exact(edges, n_colours)


def _exact(edges: Sequence[Edge], n_colours: int) -> dict[Edge, int]:
    """Return a proper edge colouring of the split graph, found by alternating paths."""
    seen: Counter[tuple[int, str]] = Counter()
    ends: list[tuple[tuple[int, str, int], tuple[int, str, int]]] = []
    for stimulus, rater in edges:
        pair = []
        for side, vertex in ((0, stimulus), (1, rater)):
            pair.append((side, vertex, seen[side, vertex] // n_colours))
            seen[side, vertex] += 1
        ends.append((pair[0], pair[1]))
    at: dict[tuple[int, str, int], dict[int, int]] = defaultdict(dict)  # vertex → colour → edge number
    colour = [0] * len(edges)
    for number, (left, right) in enumerate(ends):
        a = next(c for c in range(n_colours) if c not in at[left])
        b = next(c for c in range(n_colours) if c not in at[right])
        if a != b and a in at[right]:
            _swap_path(right, a, b, at, ends, colour)
        colour[number] = a
        at[left][a] = at[right][a] = number
    return {edge: colour[number] for number, edge in enumerate(edges)}


def _swap_path(
    start: tuple[int, str, int],
    a: int,
    b: int,
    at: dict[tuple[int, str, int], dict[int, int]],
    ends: Sequence[tuple[tuple[int, str, int], tuple[int, str, int]]],
    colour: list[int],
) -> None:
    """Exchange colours a and b along the path that leaves `start` by a, which frees a there (b was free)."""
    path, vertex, wanted = [], start, a
    while wanted in at[vertex]:
        number = at[vertex][wanted]
        path.append(number)
        left, right = ends[number]
        vertex = right if vertex == left else left
        wanted = b if wanted == a else a
    for number in path:
        for end in ends[number]:
            del at[end][colour[number]]
    for number in path:
        colour[number] = b if colour[number] == a else a
    for number in path:
        for end in ends[number]:
            at[end][colour[number]] = number


def _greedy(edges: Sequence[Edge], n_colours: int, fixed: Mapping[Edge, int], quota: int) -> dict[Edge, int]:
    by_stimulus: dict[str, Counter[int]] = defaultdict(Counter)
    by_rater: dict[str, Counter[int]] = defaultdict(Counter)
    dealt: dict[Edge, int] = {}
    for (stimulus, rater), colour in fixed.items():
        by_stimulus[stimulus][colour] += 1
        by_rater[rater][colour] += 1
    for edge in edges:
        stimulus, rater = edge
        if edge in fixed:
            dealt[edge] = fixed[edge]
            continue

        def cost(colour: int, stimulus: str = stimulus, rater: str = rater) -> tuple[bool, int, int, int]:
            used = by_stimulus[stimulus][colour]
            return (bool(quota) and used >= quota, used + by_rater[rater][colour], used, colour)

        best = min(range(n_colours), key=cost)
        dealt[edge] = best
        by_stimulus[stimulus][best] += 1
        by_rater[rater][best] += 1
    return dealt
