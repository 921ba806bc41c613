"""Ordinal alpha of many resamples where scores have too many levels to count every pair of them.

Krippendorff's ordinal difference of two levels is the difference of their mid-ranks among the pairable values, so every
resample has its own.  Observed disagreement is a sum over the pairs of levels that meet in an item; how often they meet
in a resample is one product of a sparse matrix with the resampling weights.  Expected disagreement needs the marginals
only: sum n_c n_k (r_c - r_k)^2 over c < k equals n sum n_c r_c^2 - (sum n_c r_c)^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.agreement.alpha import ranks_of
from app.agreement.resample import Real

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Float = NDArray[np.float64]

ROWS_AT_ONCE = 64
PAIRS_AT_ONCE = 16_384


@dataclass(frozen=True, eq=False)
class LevelPairs:
    """Pairable ratings of one cell, summed per cluster.

    Attributes:
        low: (pairs,) lower level of each pair of different levels that meet in an item.
        high: (pairs,) upper level.
        mass: (pairs, clusters) sparse, sum over the cluster's items of n_low n_high / (m - 1).
        counts: (levels, clusters) sparse, pairable ratings at each level.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    mass: csr_array
    counts: csr_array

    @classmethod
    def of(
        cls,
        cluster: NDArray[np.int64],
        item: NDArray[np.int64],
        code: NDArray[np.integer],
        n_clusters: int,
        n_levels: int,
    ) -> LevelPairs:
        """From long columns of ratings whose items have two ratings or more.

        Args:
            cluster: (n,) cluster of the rating's item.
            item: (n,) item.
            code: (n,) level.
            n_clusters: number of clusters.
            n_levels: number of levels.
        """
        from scipy.sparse import csr_array

        key, repeat = np.unique(item * n_levels + code, return_counts=True)
        owner, level = key // n_levels, key % n_levels
        m = np.bincount(item)
        of_owner = np.zeros(m.size, dtype=np.int64)
        of_owner[item] = cluster
        first, second = _within(owner)
        # Keys are sorted by item and level, so the first of two has the lower level.
        pair = level[first] * n_levels + level[second]
        known, row = np.unique(pair, return_inverse=True)
        value = repeat[first] * repeat[second] / (m[owner[first]] - 1.0)
        mass = csr_array((value, (row, of_owner[owner[first]])), shape=(known.size, n_clusters))
        counts = csr_array((repeat.astype(np.float64), (level, of_owner[owner])), shape=(n_levels, n_clusters))
        return cls(known // n_levels, known % n_levels, mass, counts)

    def alpha(self, weights: Real) -> Float:
        """(rows,) ordinal alpha of each resample, NaN where undefined.

        Args:
            weights: (rows, clusters) how often each cluster was drawn.
        """
        parts = [self._alpha(weights[a : a + ROWS_AT_ONCE]) for a in range(0, weights.shape[0], ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _alpha(self, weights: Real) -> Float:
        columns = np.ascontiguousarray(weights.T, dtype=np.float64)
        marginals = self.counts @ columns
        n = marginals.sum(axis=0)
        # Ranks in units of n keep fourth powers of large counts within the digits of a double.
        rank = ranks_of(marginals.T).T / np.maximum(n, 1.0)
        total = (marginals * rank).sum(axis=0)
        expected = n * (marginals * rank**2).sum(axis=0) - total**2
        observed = np.zeros(n.size)
        for a in range(0, self.low.size, PAIRS_AT_ONCE):
            part = slice(a, a + PAIRS_AT_ONCE)
            gap = rank[self.high[part]] - rank[self.low[part]]
            observed += ((self.mass[part] @ columns) * gap**2).sum(axis=0)
        defined = ((marginals > 0).sum(axis=0) > 1) & (n > 1)
        return np.where(defined, 1.0 - (n - 1.0) * observed / np.where(defined, expected, 1.0), np.nan)


def _within(owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return positions (first, second) of all pairs of entries of one owner; owners are sorted."""
    size = np.bincount(owner)
    start = np.cumsum(size) - size
    first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for many in np.unique(size[size > 1]):
        a, b = np.triu_indices(int(many), 1)
        begin = start[size == many]
        first.append((begin[:, None] + a).ravel())
        second.append((begin[:, None] + b).ravel())
    return np.concatenate(first), np.concatenate(second)
