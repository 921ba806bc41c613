"""Scores of a fusion of valence and arousal: concordance on both parts, with paired intervals over subjects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import ccc
from app.agreement.pooled import PooledCcc, ccc_of_moments, expanded_interval, moments, pooled_ccc
from app.agreement.resample import bootstrap_sums
from app.agreement.tables import Cell, ResultTable
from app.domain.traces import DIMENSIONS
from app.fusion.affect import AffectFusion, AffectTable, AffectWay, fused_affect
from app.fusion.gains import EQUAL, FUSION
from app.fusion.partition import Partition

REPLICATES: Final = 9999
Float = NDArray[np.float64]


@dataclass(frozen=True)
class AffectRow:
    """A member, equal weights or the fusion, in one dimension.

    Attributes:
        name: Its name.
        dimension: "valence" or "arousal".
        search: Concordance on the frames that chose.
        held_out: Concordance on the result, with its interval over subjects.
        gain: Fusion minus this one on the result.
        interval: Bootstrap interval of the gain over subjects.
    """

    name: str
    dimension: str
    search: float
    held_out: PooledCcc
    gain: float
    interval: tuple[float, float]


def applied_affect(
    table: AffectTable,
    partition: Partition,
    fusion: AffectFusion,
    way: AffectWay,
    weights: Sequence[float] = (),
    seed: int = 0,
) -> Float:
    """Return the predictions of the fusion for the result, each frame by weights that its person did not choose.

    Returns:
        float64 N×2 over all frames of the table, NaN outside the result.
    """
    fused = np.full((len(table.gold), 2), np.nan)
    for deal in partition.deals:
        whole = len(partition.deals) == 1
        own = fusion if whole else fused_affect(table, table.frames(deal.search), way, weights, seed)
        held = table.frames(deal.result)
        fused[held] = own.predict(table.said[:, held])
    return fused


def rows_of(
    table: AffectTable,
    partition: Partition,
    fusion: AffectFusion,
    way: AffectWay,
    weights: Sequence[float] = (),
    seed: int = 0,
) -> tuple[AffectRow, ...]:
    """Score members, equal weights and fusion on both parts, with paired intervals over subjects on the result."""
    search, result = table.frames(partition.search), table.frames(partition.result)
    equal = fused_affect(table, search, "equal")
    fused = applied_affect(table, partition, fusion, way, weights, seed)
    found = []
    for d, dimension in enumerate(DIMENSIONS):
        gold, who = table.gold[result, d], table.who[result]
        mine = fused[result, d]
        named = [
            *((name, table.said[n, search, d], table.said[n, result, d]) for n, name in enumerate(table.members)),
            (EQUAL, equal.predict(table.said[:, search])[:, d], equal.predict(table.said[:, result])[:, d]),
            (FUSION, fusion.predict(table.said[:, search])[:, d], mine),
        ]
        for name, before, after in named:
            gain, interval = gain_of(gold, after, mine, who)
            held_out = pooled_ccc(gold, after, who, seed)
            found.append(AffectRow(name, dimension, ccc(before, table.gold[search, d]), held_out, gain, interval))
    return tuple(found)


def table_of(rows: Sequence[AffectRow]) -> ResultTable:
    """Return the scores of both parts side by side as a table."""
    header = (
        "model",
        "dimension",
        "ccc_search",
        "ccc_held_out",
        "low",
        "high",
        "fusion_minus_this",
        "gain_low",
        "gain_high",
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (row.name, row.dimension, row.search, row.held_out.ccc, *row.held_out.interval, row.gain, *row.interval)
        for row in rows
    )
    return ResultTable("Concordance: the part that chose the weights beside the held-out part", header, cells)


def gain_of(gold: Float, old: Float, new: Float, who: NDArray[np.int64]) -> tuple[float, tuple[float, float]]:
    """Return the difference of concordance, new minus old, with its bootstrap interval over subjects.

    Args:
        gold: N labels of one dimension, NaN where there is none.
        old: N predictions.
        new: N predictions.
        who: N, number of the person in each frame.
    """
    known = np.isfinite(gold) & np.isfinite(old) & np.isfinite(new)
    people = np.unique(who[known])
    if not len(people):
        return float("nan"), (float("nan"), float("nan"))
    mine = [known & (who == person) for person in people]
    sums = np.stack([moments(gold[rows], old[rows], new[rows]) for rows in mine])
    whole = sums.sum(axis=0, keepdims=True)
    drawn = bootstrap_sums(sums, REPLICATES, 0)
    gain = float(ccc_of_moments(whole, 1)[0] - ccc_of_moments(whole, 0)[0])
    return gain, expanded_interval(ccc_of_moments(drawn, 1) - ccc_of_moments(drawn, 0), len(people))
