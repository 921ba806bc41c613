"""One bootstrap shared by all cells and contrasts of a report, so that contrasts keep their pairing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.cells import CategoryCell, Clusters, IntensityCell, Statistics
from app.agreement.effect import Paired, difference_columns
from app.agreement.resample import SINGLE_PRECISION_FROM, Real, bootstrap_weights, weighted_sums

Float = NDArray[np.float64]
Cell = IntensityCell | CategoryCell


@dataclass(frozen=True, eq=False)
class Draws:
    """Observed and resampled statistics of all cells, and resampled sums of the paired differences.

    Attributes:
        observed: per cell, see the cells' `evaluate`.
        resampled: per cell, arrays over resamples.
        differences: per family (replicates, 2 * comparisons) sums of `difference_columns`, side by side.
    """

    observed: list[Statistics]
    resampled: list[Statistics]
    differences: list[Float]


class _Patterns:
    """Sums of cells whose clusters are items with few distinct answers: count patterns first, then weigh each once.

    Counting is a product with a sparse matrix of ones, exact in single precision, and the sums of the few hundred
    patterns are then formed in double precision.
    """

    def __init__(self, cells: Sequence[Cell]) -> None:
        from scipy.sparse import csr_array

        rows, self.tables, self.edges = [], [], [0]
        for cell in cells:
            if not isinstance(cell, IntensityCell) or cell.pattern is None:
                raise ValueError("this cell has no patterns")
            _, first, code = np.unique(cell.pattern, return_index=True, return_inverse=True)
            rows.append(code + self.edges[-1])
            self.tables.append(cell.columns[first])
            self.edges.append(self.edges[-1] + first.size)
        items = rows[0].size
        row = np.concatenate(rows)
        column = np.tile(np.arange(items), len(rows))
        shape = (self.edges[-1], items)
        self.ones = csr_array((np.ones(row.size, dtype=np.float32), (row, column)), shape=shape)

    def sums(self, weights: Real) -> list[Float]:
        """Per cell (rows, p) sums of its columns under (rows, clusters) weights."""
        counts = np.asarray(self.ones @ np.ascontiguousarray(weights.T, dtype=np.float32), dtype=np.float64).T
        return [counts[:, a:b] @ t for a, b, t in zip(self.edges, self.edges[1:], self.tables, strict=False)]


def resample(
    cells: Sequence[Cell], families: list[list[Paired]], clusters: Clusters, replicates: int, seed: int
) -> Draws:
    """Evaluate all cells on the observed clusters and on resampled ones.

    Args:
        cells: cells of one table.
        families: comparisons, by family.
        clusters: what is resampled together.
        replicates: number of resamples.
        seed: seed of the draws.
    """
    sums = [np.empty((replicates, c.columns.shape[1])) for c in cells]
    ordinal = {
        i: np.empty(replicates) for i, c in enumerate(cells) if isinstance(c, IntensityCell) and not c.levels.size
    }
    large = clusters.count > SINGLE_PRECISION_FROM
    few = [i for i, c in enumerate(cells) if large and isinstance(c, IntensityCell) and c.pattern is not None]
    dense = [i for i in range(len(cells)) if i not in few]
    parts = [difference_columns(p, clusters) for family in families for p in family]
    blocks = [cells[i].columns for i in dense] + parts
    edges = np.cumsum([0, *(b.shape[1] for b in blocks)])
    columns = np.concatenate(blocks, axis=1) if blocks else np.empty((clusters.count, 0))
    contrasts = np.empty((replicates, int(edges[-1] - edges[len(dense)])))
    if replicates and clusters.count:
        patterns = _Patterns([cells[i] for i in few]) if few else None
        # With thousands of clusters rounding to single precision is far below the Monte Carlo error of an interval;
        # sums of squares of scores with many levels are differenced later and keep double precision.
        single = large and not ordinal
        factors: Real = columns.astype(np.float32) if single else columns
        start = 0
        for weights in bootstrap_weights(clusters.count, replicates, seed, single=single):
            stop = start + weights.shape[0]
            flat = weighted_sums(weights, factors)
            for place, i in enumerate(dense):
                sums[i][start:stop] = flat[:, edges[place] : edges[place + 1]]
            contrasts[start:stop] = flat[:, edges[len(dense)] :]
            if patterns is not None:
                for i, drawn in zip(few, patterns.sums(weights), strict=True):
                    sums[i][start:stop] = drawn
            for i, store in ordinal.items():
                store[start:stop] = _ordinal(cells[i], weights.astype(np.float64))
            start = stop
    observed, resampled = [], []
    for i, cell in enumerate(cells):
        now, drawn_statistics = cell.evaluate(cell.columns.sum(axis=0)), cell.evaluate(sums[i])
        if i in ordinal:
            now["alpha_ordinal"] = _ordinal(cell, np.ones((1, clusters.count)))[0]
            drawn_statistics["alpha_ordinal"] = ordinal[i]
        observed.append(now)
        resampled.append(drawn_statistics)
    differences, at = [], 0
    for family in families:
        differences.append(contrasts[:, at : at + 2 * len(family)])
        at += 2 * len(family)
    return Draws(observed, resampled, differences)


def _ordinal(cell: Cell, weights: Float) -> Float:
    if not isinstance(cell, IntensityCell):
        raise TypeError("categories have no order")
    return cell.ordinal_by_weights(weights)
