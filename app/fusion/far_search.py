"""The random search with its draws scored by the workers of a cluster; the result is the same to the last bit."""

import numpy as np
from numpy.typing import NDArray

from app.cluster import Cluster
from app.fusion.search import BLOCK, Scorer
from app.jobs import Context

Float = NDArray[np.float64]


class FarScorer:
    """Scores weights as a `Scorer` does, each worker some of the blocks in which it would score them alone.

    Args:
        scorer: The scorer, which is sent to the workers once.
        cluster: The cluster.
        ctx: Can cancel the waiting.
    """

    def __init__(self, scorer: Scorer, cluster: Cluster, ctx: Context) -> None:
        self.shape = scorer.shape
        self._shared, self._cluster, self._ctx = cluster.share(scorer), cluster, ctx

    def values(self, weights: NDArray[np.float32]) -> Float:
        """Return the measure of each of B sets of rescaled weights B×M×K: float64 B."""
        blocks = -(-len(weights) // BLOCK)
        each = -(-blocks // self._cluster.workers) * BLOCK
        parts = [
            self._cluster.send(_values, self._shared, weights[start : start + each], turn=turn)
            for turn, start in enumerate(range(0, len(weights), each))
        ]
        return np.concatenate([part.result(self._ctx) for part in parts])


def _values(scorer: Scorer, weights: NDArray[np.float32]) -> Float:
    return scorer.values(weights)
