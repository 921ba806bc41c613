"""What a fusion of valence and arousal gains: over its best members, by each member, and clip by clip."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import ccc
from app.agreement.pooled import REPLICATES, ccc_of_moments, expanded_interval, moments
from app.agreement.resample import bootstrap_sums
from app.domain.traces import DIMENSIONS
from app.fusion.affect import AffectFusion, AffectTable, AffectWay, fused_affect
from app.fusion.affect_scores import AffectRow, applied_affect, gain_of
from app.fusion.partition import Partition

Float = NDArray[np.float64]


@dataclass(frozen=True)
class JointGain:
    """The fusion against the member that is best in each dimension on the frames that chose.

    Attributes:
        best: Name of that member for valence and for arousal; the result plays no part in the choice.
        old: Mean concordance of both dimensions by these members, on the result.
        new: That of the fusion.
        gain: New minus old.
        interval: Bootstrap interval of the gain over subjects; NaN where there are too few.
        n_subjects: People of the result.
    """

    best: tuple[str, str]
    old: float
    new: float
    gain: float
    interval: tuple[float, float]
    n_subjects: int


@dataclass(frozen=True)
class AffectLeftOut:
    """The fusion without one member, with weights chosen anew, in one dimension.

    Attributes:
        member: Name of the member that is left out.
        dimension: "valence" or "arousal".
        search: Concordance without it on the frames that chose.
        held_out: Concordance without it on the result.
        gain: Whole fusion minus the fusion without it on the result.
        interval: Bootstrap interval of the gain over subjects.
    """

    member: str
    dimension: str
    search: float
    held_out: float
    gain: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class ErrorPair:
    """How alike two members err in one dimension.

    Attributes:
        first: Name of a member.
        second: Name of another one.
        dimension: "valence" or "arousal".
        correlation: Correlation of their errors on the result; NaN where it is not defined.
        frames: Frames that were compared.
    """

    first: str
    second: str
    dimension: str
    correlation: float
    frames: int


@dataclass(frozen=True)
class ItemErrors:
    """One clip of the result in one dimension.

    Attributes:
        item: Name of the clip.
        subject: The person whom it shows.
        dimension: "valence" or "arousal".
        fusion: Root mean squared error of the fusion.
        members: That of each member; NaN for one without a prediction.
    """

    item: str
    subject: str
    dimension: str
    fusion: float
    members: tuple[float, ...]


def joint_gain(table: AffectTable, partition: Partition, rows: Sequence[AffectRow], fused: Float) -> JointGain:
    """Compare the fusion with its best members over both dimensions, paired over the people of the result.

    Args:
        table: The predictions of the members.
        partition: Its deals.
        rows: The scores, see `app.fusion.affect_scores.rows_of`.
        fused: float64 N×2, see `app.fusion.affect_scores.applied_affect`.
    """
    best = tuple(_best(rows, table.members, dimension) for dimension in DIMENSIONS)
    frames = table.frames(partition.result)
    gold, new, who = table.gold[frames], fused[frames], table.who[frames]
    old = np.stack([table.said[table.members.index(name), frames, d] for d, name in enumerate(best)], axis=1)
    known = np.isfinite(gold) & np.isfinite(old) & np.isfinite(new)
    people = np.unique(who[known.any(axis=1)])
    parts = []
    for d in range(2):
        mine = [known[:, d] & (who == person) for person in people]
        parts.append(np.stack([moments(gold[own, d], old[own, d], new[own, d]) for own in mine]))
    sums = np.concatenate(parts, axis=1)
    whole, drawn = sums.sum(axis=0, keepdims=True), bootstrap_sums(sums, REPLICATES, 0)
    was, now = (float(_mean_ccc(whole, which)[0]) for which in range(2))
    interval = expanded_interval(_mean_ccc(drawn, 1) - _mean_ccc(drawn, 0), len(people))
    return JointGain((best[0], best[1]), was, now, now - was, interval, len(people))


def _mean_ccc(sums: Float, which: int) -> Float:
    """Mean over both dimensions of the concordance; a dimension without values does not count."""
    both = np.stack([ccc_of_moments(half, which) for half in np.split(sums, 2, axis=1)])
    known = np.isfinite(both)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, both, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _best(rows: Sequence[AffectRow], members: Sequence[str], dimension: str) -> str:
    mine = [row for row in rows if row.dimension == dimension and row.name in members]
    return max(mine, key=lambda row: np.nan_to_num(row.search, nan=-2.0)).name


def affect_without_each(
    table: AffectTable,
    partition: Partition,
    way: AffectWay,
    weights: Sequence[float],
    seed: int,
    fused: Float,
) -> tuple[AffectLeftOut, ...]:
    """Fuse without each member in turn, with newly chosen weights on the same deals; empty with fewer than three.

    Args:
        table: The predictions of the members.
        partition: Its deals.
        way: How to fuse.
        weights: For "fixed" one weight for each member.
        seed: Seed of everything random.
        fused: float64 N×2, the predictions of the whole fusion for the result.
    """
    found = []
    for number, member in enumerate(table.members if len(table.members) > 2 else ()):
        rest = table.without(number)
        own = tuple(each for place, each in enumerate(weights) if place != number)
        if way == "fixed" and sum(own) <= 0:
            own = (1.0,) * len(own)
        search, result = rest.frames(partition.search), rest.frames(partition.result)
        fusion = fused_affect(rest, search, way, own, seed)
        said = applied_affect(rest, partition, fusion, way, own, seed)[result]
        before = fusion.predict(rest.said[:, search])
        for d, dimension in enumerate(DIMENSIONS):
            gold = rest.gold[result, d]
            gain, interval = gain_of(gold, said[:, d], fused[result, d], rest.who[result])
            value = ccc(before[:, d], rest.gold[search, d])
            found.append(AffectLeftOut(member, dimension, value, ccc(said[:, d], gold), gain, interval))
    return tuple(found)


def error_pairs(table: AffectTable, partition: Partition) -> tuple[ErrorPair, ...]:
    """Correlate the errors of every two members on the frames of the result."""
    frames = table.frames(partition.result)
    error = table.said[:, frames] - table.gold[frames]
    found = []
    for i, first in enumerate(table.members):
        for j in range(i + 1, len(table.members)):
            for d, dimension in enumerate(DIMENSIONS):
                both = np.isfinite(error[[i, j], :, d]).all(axis=0)
                a, b = error[i, both, d], error[j, both, d]
                able = both.sum() > 1 and a.std() > 0 and b.std() > 0
                value = float(np.corrcoef(a, b)[0, 1]) if able else float("nan")
                found.append(ErrorPair(first, table.members[j], dimension, value, int(both.sum())))
    return tuple(found)


def item_errors(table: AffectTable, partition: Partition, fused: Float) -> tuple[ItemErrors, ...]:
    """Return the error of fusion and members on each clip of the result, with labels."""
    found = []
    for item in partition.result.tolist():
        frames = np.flatnonzero(table.item == item)
        for d, dimension in enumerate(DIMENSIONS):
            gold = table.gold[frames, d]
            mine = _rms(fused[frames, d] - gold)
            if np.isfinite(mine):
                others = tuple(_rms(said[frames, d] - gold) for said in table.said)
                found.append(ItemErrors(table.items[item], table.subjects[item], dimension, mine, others))
    return tuple(found)


def _rms(error: Float) -> float:
    known = error[np.isfinite(error)]
    return float(np.sqrt((known**2).mean())) if len(known) else float("nan")


def weights_of(fusion: AffectFusion) -> Float:
    """Return for each member and dimension its share of the weights, M×2; absolute values where it is a regression."""
    size = np.abs(fusion.weights)
    total = size.sum(axis=0, keepdims=True)
    return np.where(total > 0, size / np.where(total > 0, total, 1.0), 1.0 / len(size))
