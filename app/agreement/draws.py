"""What all cells and contrasts of a report become without each unit, or in each bootstrap resample.

Cells and contrasts share the units left out, or the resamples, so that contrasts keep their pairing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.agreement.cells import IntensityCell
from app.agreement.clusters import Clusters, Statistics
from app.agreement.jackknife import left_out_weights
from app.agreement.many_levels import LevelPairs
from app.agreement.paired import Paired, difference_columns
from app.agreement.resample import SINGLE_PRECISION_FROM, Real, bootstrap_weights, weighted_sums
from app.agreement.settings import AgreementSettings
from app.agreement.vote_cells import CategoryCell

Float = NDArray[np.float64]
Cell = IntensityCell | CategoryCell

FITS_16_BITS = 65_536
RESIDUE = 1e-12


@dataclass(frozen=True, eq=False)
class Draws:
    """Observed and resampled statistics of all cells, and resampled sums of the paired differences.

    Attributes:
        observed: per cell, see the cells' `evaluate`.
        resampled: per cell, arrays over resamples, or over the units left out.
        differences: per family (rows, 2 * comparisons) sums of `difference_columns`, side by side.
    """

    observed: list[Statistics]
    resampled: list[Statistics]
    differences: list[Float]


class _Patterns:
    """Sums of cells whose clusters are items with few distinct answers: count patterns first, then weigh each once.

    Counting is a product with a sparse matrix of ones.  Its whole numbers fit into 16 bits while there are fewer
    items than that, which halves the memory that goes through the processor; the sums of the few hundred patterns are
    then formed in double precision.
    """

    ROWS_AT_ONCE = 64

    def __init__(self, cells: Sequence[Cell], n_clusters: int) -> None:
        from scipy.sparse import csr_array

        self.tables = [c.columns for c in cells]
        self.edges = np.cumsum([0, *(t.shape[0] for t in self.tables)])
        row = np.concatenate([_pattern(c) + edge for c, edge in zip(cells, self.edges, strict=False)])
        self.type: type[np.uint16] | type[np.float32] = np.uint16 if n_clusters < FITS_16_BITS else np.float32
        self.ones = csr_array(
            (np.ones(row.size, dtype=self.type), (row, np.tile(np.arange(n_clusters), len(cells)))),
            shape=(int(self.edges[-1]), n_clusters),
        )

    def sums(self, weights: Real) -> list[Float]:
        """Per cell (rows, p) sums of its columns under (rows, clusters) weights."""
        counts = np.empty((weights.shape[0], int(self.edges[-1])))
        for start in range(0, weights.shape[0], self.ROWS_AT_ONCE):
            part = weights[start : start + self.ROWS_AT_ONCE]
            counts[start : start + part.shape[0]] = (self.ones @ np.ascontiguousarray(part.T, dtype=self.type)).T
        return [counts[:, a:b] @ t for a, b, t in zip(self.edges, self.edges[1:], self.tables, strict=False)]


def _pattern(cell: Cell) -> NDArray[np.int64]:
    if not isinstance(cell, IntensityCell) or cell.pattern is None:
        raise ValueError("this cell has no patterns")
    return cell.pattern


@dataclass(frozen=True, eq=False)
class Summed:
    """What is summed over resampled clusters: all of it is the same for every block of resamples.

    Attributes:
        factors: (clusters, p) columns of cells without patterns, and of the differences.
        patterns: cells with few distinct answers; None without any.
        pairs: by the cell's number, the pairs of cells whose ordinal alpha needs all of them.
    """

    factors: Real
    patterns: _Patterns | None
    pairs: dict[int, LevelPairs]


Block = tuple[Float, list[Float], dict[int, Float]]
"""Sums of the factors, of each cell with patterns, and ordinal alphas of one block of resamples."""


class Each(Protocol):
    """Applies a function to something shared and each of some blocks, and yields what it returns in their order."""

    def __call__(
        self, function: Callable[[Summed, Real], Block], shared: Summed, blocks: Iterator[Real]
    ) -> Iterator[Block]:
        """Yield `function(shared, block)` of each block."""


def one_by_one(function: Callable[[Summed, Real], Block], shared: Summed, blocks: Iterator[Real]) -> Iterator[Block]:
    """Apply a function to each block in this process, see `Each`.

    Example:
        >>> list(one_by_one(lambda shared, block: block + 1, 0, iter([1, 2])))
        [2, 3]
    """
    return (function(shared, block) for block in blocks)


def block_sums(summed: Summed, weights: Real) -> Block:
    """Sum everything over the resampled clusters of one block.

    Args:
        summed: what is summed.
        weights: (rows, clusters), how often each cluster was drawn; whole numbers of any type.

    Example:
        >>> flat, patterns, alphas = block_sums(Summed(np.array([[1.0], [10.0]]), None, {}), np.array([[2, 0], [1, 1]]))
        >>> flat.tolist(), patterns, alphas
        ([[2.0], [11.0]], [], {})
    """
    exact: Any = weights.astype(summed.factors.dtype, copy=False)
    patterns = [] if summed.patterns is None else summed.patterns.sums(exact)
    return weighted_sums(exact, summed.factors), patterns, {i: one.alpha(exact) for i, one in summed.pairs.items()}


def resample(
    cells: Sequence[Cell],
    families: list[list[Paired]],
    clusters: Clusters,
    settings: AgreementSettings,
    each: Each = one_by_one,
) -> Draws:
    """Evaluate all cells on the observed clusters, and without each of them or on bootstrap resamples of them.

    Args:
        cells: cells of one table.
        families: comparisons, by family.
        clusters: what is resampled together.
        settings: jackknife or bootstrap; no rows at all where no intervals are asked for.
        each: who sums the blocks of a bootstrap; the sums are the same.

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> draws = resample(cells, [], clusters, AgreementSettings(unit="item"))
        >>> round(float(draws.observed[0]["disagreement"]), 3), draws.resampled[0]["disagreement"].shape
        (0.625, (8,))
    """
    if settings.interval == "jackknife" and settings.replicates and clusters.count > 1:
        return _left_out(cells, families, clusters)
    return _bootstrap(cells, families, clusters, settings, each)


def _left_out(cells: Sequence[Cell], families: list[list[Paired]], clusters: Clusters) -> Draws:
    """Return all cells without each cluster in turn: totals less the cluster's own columns."""
    observed, resampled = [], []
    for cell in cells:
        total = _observed(cell)
        rest = total - cell.columns
        # What rounding leaves of a column that one cluster held alone is nothing.
        rest[np.abs(rest) <= RESIDUE * np.abs(total)] = 0.0
        now, without = cell.evaluate(total), cell.evaluate(rest)
        if isinstance(cell, IntensityCell):
            if cell.pattern is not None:
                # Items with the same answers leave the same behind.
                without = {key: values[cell.pattern] for key, values in without.items()}
            if cell.pairs is not None:
                now["alpha_ordinal"] = cell.pairs.alpha(np.ones((1, clusters.count)))[0]
                without["alpha_ordinal"] = cell.pairs.alpha(left_out_weights(clusters.count))
        observed.append(now)
        resampled.append(without)
    differences = []
    for family in families:
        columns = [difference_columns(pair, clusters) for pair in family]
        both = np.concatenate(columns, axis=1) if columns else np.empty((clusters.count, 0))
        differences.append(both.sum(axis=0) - both)
    return Draws(observed, resampled, differences)


def _bootstrap(
    cells: Sequence[Cell], families: list[list[Paired]], clusters: Clusters, settings: AgreementSettings, each: Each
) -> Draws:
    replicates = settings.replicates
    sums = [np.empty((replicates, c.columns.shape[1])) for c in cells]
    pairs = {i: c.pairs for i, c in enumerate(cells) if isinstance(c, IntensityCell) and c.pairs is not None}
    ordinal = {i: np.empty(replicates) for i in pairs}
    large = clusters.count > SINGLE_PRECISION_FROM
    few = [i for i, c in enumerate(cells) if large and isinstance(c, IntensityCell) and c.pattern is not None]
    dense = [i for i in range(len(cells)) if i not in few]
    parts = [difference_columns(p, clusters) for family in families for p in family]
    blocks = [_per_cluster(cells[i]) for i in dense] + parts
    edges = np.cumsum([0, *(b.shape[1] for b in blocks)])
    columns = np.concatenate(blocks, axis=1) if blocks else np.empty((clusters.count, 0))
    contrasts = np.empty((replicates, int(edges[-1] - edges[len(dense)])))
    if replicates and clusters.count:
        patterns = _Patterns([cells[i] for i in few], clusters.count) if few else None
        # With thousands of clusters rounding to single precision is far below the Monte Carlo error of an interval;
        # sums of squares of scores with many levels are differenced later and keep double precision.
        single = large and not ordinal
        factors: Real = columns.astype(np.float32) if single else columns
        drawn = bootstrap_weights(clusters.count, replicates, settings.seed, single=single)
        start = 0
        for flat, counted, alphas in each(block_sums, Summed(factors, patterns, pairs), drawn):
            stop = start + flat.shape[0]
            for place, i in enumerate(dense):
                sums[i][start:stop] = flat[:, edges[place] : edges[place + 1]]
            contrasts[start:stop] = flat[:, edges[len(dense)] :]
            for i, of_cell in zip(few, counted, strict=False):
                sums[i][start:stop] = of_cell
            for i, of_cell in alphas.items():
                ordinal[i][start:stop] = of_cell
            start = stop
    observed, resampled = [], []
    for i, cell in enumerate(cells):
        now, drawn_statistics = cell.evaluate(_observed(cell)), cell.evaluate(sums[i])
        if i in pairs:
            now["alpha_ordinal"] = pairs[i].alpha(np.ones((1, clusters.count)))[0]
            drawn_statistics["alpha_ordinal"] = ordinal[i]
        observed.append(now)
        resampled.append(drawn_statistics)
    differences, at = [], 0
    for family in families:
        differences.append(contrasts[:, at : at + 2 * len(family)])
        at += 2 * len(family)
    return Draws(observed, resampled, differences)


def _per_cluster(cell: Cell) -> Float:
    return cell.per_cluster() if isinstance(cell, IntensityCell) else cell.columns


def _observed(cell: Cell) -> Float:
    total: Float = cell.observed() if isinstance(cell, IntensityCell) else cell.columns.sum(axis=0)
    return total
