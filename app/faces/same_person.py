"""Groups tracks that may be of one person, from how alike they are in pairs (average linkage, Sokal and Michener 1958).

Tracks that are in sight together are of different people, and so are tracks that somebody gave to different people.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST: Final = 0.7
"""Least mean likeness within a group."""

Doubles = NDArray[np.float64]


def groups_of(
    likeness: Doubles, apart: NDArray[np.bool_], people: Sequence[str], least: float = LEAST
) -> list[list[int]]:
    """Return the groups of tracks, each with its numbers in order; every track is in one group.

    Args:
        likeness: float64 N×N, symmetric, 0–1.
        apart: bool N×N, symmetric: tracks that cannot be of one person.
        people: N codes of people that were decided; empty where nobody decided. Those of one code stay together.
        least: Least mean likeness of two groups that are joined.
    """
    score, forbidden = likeness.copy(), apart.copy()
    groups = [[number] for number in range(len(score))]
    for i, one in enumerate(people):
        for j, other in enumerate(people[:i]):
            if one and other:
                forbidden[i, j] = forbidden[j, i] = one != other
                if one == other:
                    score[i, j] = score[j, i] = np.inf
    np.fill_diagonal(forbidden, True)
    while True:
        free = np.where(forbidden, -np.inf, score)
        if not free.size or float(free.max()) < least:
            return sorted(sorted(group) for group in groups if group)
        i, j = sorted(divmod(int(free.argmax()), len(score)))
        a, b = len(groups[i]), len(groups[j])
        joined = (a * score[i] + b * score[j]) / (a + b)
        score[i], score[:, i] = joined, joined
        barred = forbidden[i] | forbidden[j]
        forbidden[i], forbidden[:, i] = barred, barred
        forbidden[j], forbidden[:, j] = True, True
        groups[i] += groups[j]
        groups[j] = []
