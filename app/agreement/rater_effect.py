"""The choice of raters as a source of chance in the comparison of two conditions.

Where each condition has its own raters, a condition and a panel cannot be told apart by leaving out items, however
many.  Under the null hypothesis the raters may be exchanged between the conditions: those with one condition by
permuting which is whose, those with both by swapping theirs.  Every assignment gives the difference anew, and the
observed one is ranked among them (Pesarin & Salmaso 2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.cells import IntensityCell
from app.agreement.estimate import NAN

Float = NDArray[np.float64]

MOST_ASSIGNMENTS: Final = 9_999
WORK: Final = 400_000_000
LEAST_ASSIGNMENTS: Final = 499
MOST_CELLS: Final = 20_000_000
"""Larger tables of items x raters are not laid out; their results speak of their raters only."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Ratings of one emotion in two conditions, laid out for exchanging raters.

    Attributes:
        first: (items, raters) scores in the first condition, NaN for missing.
        second: (items, raters) scores in the second.
    """

    first: Float
    second: Float

    @property
    def groups(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Raters of the first condition only, of the second only, of both."""
        in_first, in_second = (~np.isnan(self.first)).any(axis=0), (~np.isnan(self.second)).any(axis=0)
        return (
            np.flatnonzero(in_first & ~in_second),
            np.flatnonzero(in_second & ~in_first),
            np.flatnonzero(in_first & in_second),
        )


def panel_of(a: IntensityCell, b: IntensityCell) -> Panel | None:
    """Arrange the two cells as tables of items x raters; None where that would be too large.

    Args:
        a: one emotion in the first condition.
        b: the same in the second.

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> cells, _ = intensity_cells(ratings(), "item")
        >>> panel = panel_of(cells[0], cells[2])
        >>> panel.first[0], panel.second[0]
        (array([0., 1., 0.]), array([0., 0., 0.]))
    """
    if a.source is None or b.source is None:
        return None
    n_items = a.moments.n.size
    n_raters = int(max(a.source.rater.max(initial=-1), b.source.rater.max(initial=-1))) + 1
    if n_items * n_raters > MOST_CELLS:
        return None
    out = []
    for source in (a.source, b.source):
        table = np.full((n_items, n_raters), NAN)
        table[source.item, source.rater] = source.levels[source.code]
        out.append(table)
    return Panel(out[0], out[1])


@dataclass(frozen=True, eq=False)
class RaterTest:
    """p of the exchange of raters.

    Attributes:
        raw: (emotions,) two-sided p.
        adjusted: (emotions,) adjusted over emotions by the largest standardised difference (single-step max-T).
        assignments: number of assignments of raters looked at.
        smallest: smallest p that can occur.
    """

    raw: Float
    adjusted: Float
    assignments: int
    smallest: float


def exchange_raters(panels: list[Panel], *, seed: int = 0) -> RaterTest:
    """Test whether the difference of disagreement is larger than exchanging the raters would make it.

    Args:
        panels: one for each emotion, all with the same raters.
        seed: seed of the assignments; all of them are listed where they are few.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> first, second = np.full((20, 10), np.nan), np.full((20, 10), np.nan)
        >>> first[:, :5], second[:, 5:] = rng.normal(0, 2, (20, 5)), rng.normal(0, 1, (20, 5))
        >>> found = exchange_raters([Panel(first, second)])
        >>> found.assignments, round(float(found.raw[0]), 3), round(found.smallest, 3)
        (252, 0.008, 0.008)
    """
    groups = tuple(np.unique(np.concatenate([p.groups[i] for p in panels])) for i in range(3))
    both = np.union1d(groups[2], np.intersect1d(groups[0], groups[1]))
    only_a, only_b = (np.setdiff1d(g, both) for g in groups[:2])
    n_raters = panels[0].first.shape[1]
    n_items = sum(p.first.shape[0] for p in panels)
    most = int(np.clip(WORK // max(n_items, 1), LEAST_ASSIGNMENTS, MOST_ASSIGNMENTS))
    number = comb(only_a.size + only_b.size, only_a.size) * 2 ** int(both.size)
    listed = number <= most + 1
    swaps = _all(only_a, only_b, both, n_raters) if listed else _random(only_a, only_b, both, n_raters, most, seed)
    drawn = np.concatenate([_differences(panels, block) for block in swaps])
    observed = _differences(panels, np.zeros((1, n_raters), dtype=bool))[0]
    known_draws = np.isfinite(drawn).sum(axis=0)  # none for an emotion that two raters never judged together
    size = np.sqrt(np.nansum(drawn**2, axis=0) / np.maximum(known_draws, 1))
    size = np.where(size > 1e-12, size, np.inf)
    t, t_drawn = np.abs(observed) / size, np.abs(drawn) / size
    bar = t * (1.0 - 1e-9)
    extra = 0 if listed else 1
    known = np.where(np.isnan(t_drawn), -np.inf, t_drawn)
    count = drawn.shape[0] + extra
    raw = ((known >= bar).sum(axis=0) + extra) / count
    adjusted = ((known.max(axis=1)[:, None] >= bar).sum(axis=0) + extra) / count
    undefined = np.isnan(observed)
    # An assignment and its mirror image differ in sign only where both conditions have as many raters.
    mirrored = only_a.size == only_b.size
    smallest = (2 if mirrored else 1) / number if listed else 1 / count
    return RaterTest(np.where(undefined, NAN, raw), np.where(undefined, NAN, adjusted), drawn.shape[0], smallest)


def _all(
    only_a: NDArray[np.intp], only_b: NDArray[np.intp], both: NDArray[np.intp], n: int
) -> Iterator[NDArray[np.bool_]]:
    """Every assignment: (block, raters) whether a rater's conditions are exchanged."""
    single = np.concatenate([only_a, only_b])
    rows = []
    for first in combinations(range(single.size), only_a.size):
        swap = np.zeros(n, dtype=bool)
        stays = np.zeros(single.size, dtype=bool)
        stays[list(first)] = True
        swap[single] = stays != (np.arange(single.size) < only_a.size)
        for signs in product((False, True), repeat=int(both.size)):
            swap[both] = signs
            rows.append(swap.copy())
            if len(rows) == 64:
                yield np.stack(rows)
                rows = []
    if rows:
        yield np.stack(rows)


def _random(
    only_a: NDArray[np.intp], only_b: NDArray[np.intp], both: NDArray[np.intp], n: int, number: int, seed: int
) -> Iterator[NDArray[np.bool_]]:
    rng = np.random.default_rng([seed, 3])
    single = np.concatenate([only_a, only_b])
    was_first = np.arange(single.size) < only_a.size
    for start in range(0, number, 64):
        rows = min(64, number - start)
        swap = np.zeros((rows, n), dtype=bool)
        for row in swap:
            row[single] = rng.permutation(was_first) != was_first
        swap[:, both] = rng.random((rows, both.size)) < 0.5
        yield swap


def _differences(panels: list[Panel], swap: NDArray[np.bool_]) -> Float:
    """(block, emotions) mean difference of within-item variances under assignments of raters."""
    out = np.full((swap.shape[0], len(panels)), NAN)
    stay, move = (~swap).astype(np.float64).T, swap.astype(np.float64).T
    for e, panel in enumerate(panels):
        ends = []
        parts = []
        centre = np.nanmean(panel.first) if np.isfinite(panel.first).any() else 0.0
        for table in (panel.first, panel.second):
            there = ~np.isnan(table)
            y = np.where(there, table - centre, 0.0)
            parts.append((there.astype(np.float64), y, y * y))
        for one, other in ((stay, move), (move, stay)):
            n, s, q = (p @ one + r @ other for p, r in zip(*parts, strict=True))
            two = n >= 2
            ends.append(np.where(two, (q - s * s / np.maximum(n, 1.0)) / np.maximum(n - 1.0, 1.0), NAN))
        gap = ends[0] - ends[1]
        known = ~np.isnan(gap)
        total = np.where(known, gap, 0.0).sum(axis=0)
        count = known.sum(axis=0)
        out[:, e] = np.where(count > 0, total / np.maximum(count, 1), NAN)
    return out
