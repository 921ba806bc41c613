"""What a fusion gains: scores of members and fusion side by side, each member's part, and items won and lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.category_difference import CategoryDifference, category_difference
from app.agreement.category_prediction import CategoryScores, score_categories
from app.fusion.combine import combined
from app.fusion.partition import Partition
from app.fusion.table import MemberTable
from app.fusion.ways import Fusion, Way, fused, measured

Float = NDArray[np.float64]
FUSION: Final = "fusion"
EQUAL: Final = "equal weights"


@dataclass(frozen=True, eq=False)
class Row:
    """One member, equal weights or the fusion, on both parts.

    Attributes:
        name: Name of the member, `EQUAL` or `FUSION`.
        search: Scores on the items that chose the weights.
        held_out: Scores on the result, which chose nothing.
        gain: Fusion minus this one on the result, paired over subjects; None for the fusion itself.
    """

    name: str
    search: CategoryScores
    held_out: CategoryScores
    gain: CategoryDifference | None


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The fusion without one member, with newly chosen weights.

    Attributes:
        member: Name of the member that is left out.
        search: Accuracy without it, on the items that chose the weights.
        held_out: Accuracy without it on the result.
        gain: Whole fusion minus the fusion without it on the result, paired over subjects.
    """

    member: str
    search: float
    held_out: float
    gain: CategoryDifference


@dataclass(frozen=True, eq=False)
class Said:
    """The predictions for the items of the result.

    Attributes:
        rows: int64 n, numbers of the items in the table.
        fusion: float64 n×K, probabilities of the fusion; each item by weights that its person did not choose.
        equal: float64 n×K, probabilities of equal weights.
        members: float64 M×n×K, probabilities of the members; NaN where one has no prediction.
    """

    rows: NDArray[np.int64]
    fusion: Float
    equal: Float
    members: Float


def applied(table: MemberTable, partition: Partition, fusions: Sequence[Fusion]) -> Said:
    """Apply the weights of each deal to its result.

    Args:
        table: The predictions of the members.
        partition: Its deals.
        fusions: The fusion of each deal, whose weights the deal's other people chose.
    """
    rows = partition.result
    place = {int(row): n for n, row in enumerate(rows)}
    out = np.full((len(rows), len(table.classes)), np.nan)
    for deal, fusion in zip(partition.deals, fusions, strict=True):
        here = [place[int(row)] for row in deal.result]
        out[here] = fusion.predict(table.said[:, deal.result])
    equal = Fusion(
        table.members, np.full((len(table.members), len(table.classes)), 1 / len(table.members)), None, "", 0
    )
    return Said(rows, out, equal.predict(table.said[:, rows]), table.said[:, rows])


def rows_of(table: MemberTable, partition: Partition, fusion: Fusion, said: Said) -> tuple[Row, ...]:
    """Score members, equal weights and fusion on both parts, with paired differences on the result."""
    search, result = table.only(partition.search), table.only(said.rows)
    equal = combined(search.said, np.ones_like(fusion.weights))
    named = [
        *((name, search.said[n], said.members[n]) for n, name in enumerate(table.members)),
        (EQUAL, equal, said.equal),
        (FUSION, fusion.predict(search.said), said.fusion),
    ]
    return tuple(
        Row(
            name,
            _scores(before, search),
            _scores(after, result),
            None if name == FUSION else category_difference(after, said.fusion, result.target, result.who),
        )
        for name, before, after in named
    )


def best_member(rows: Sequence[Row], members: Sequence[str]) -> str:
    """Return the member with the best accuracy on the items that chose the weights: the result takes no part."""
    return max(
        (row for row in rows if row.name in members),
        key=lambda row: np.nan_to_num(row.search.measures["accuracy"].value),
    ).name


def without_each(
    table: MemberTable, partition: Partition, way: Way, on_member: Callable[[int], None] | None = None
) -> tuple[Float, Float]:
    """Fuse without each member in turn, with newly chosen weights on the same deals.

    Args:
        table: The predictions of the members.
        partition: Its deals.
        way: How to fuse.
        on_member: Called with the number of each member before it is left out.

    Returns:
        The measure on the items that chose (M), and the probabilities of the result (M×n×K). Both are empty with fewer
        than three members.
    """
    rows = partition.result
    count = len(table.members) if len(table.members) > 2 else 0
    values, said = np.zeros(count), np.zeros((count, len(rows), len(table.classes)))
    for number in range(count):
        if on_member is not None:
            on_member(number)
        rest, own = table.without(number), way_without(way, number)
        fusions = [fused(rest.only(deal.search), own) for deal in partition.deals]
        said[number] = applied(rest, partition, fusions).fusion
        values[number] = (fused(rest.only(partition.search), own) if len(fusions) > 1 else fusions[0]).value
    return values, said


def left_out(table: MemberTable, said: Said, values: Float, without: Float) -> tuple[LeftOut, ...]:
    """Compare the fusion with those that lack one member.

    Args:
        table: The predictions of the members.
        said: What was said of the result.
        values: See `without_each`.
        without: See `without_each`.
    """
    result = table.only(said.rows)
    return tuple(
        LeftOut(
            table.members[number],
            float(values[number]),
            measured(each, result, "accuracy"),
            category_difference(each, said.fusion, result.target, result.who),
        )
        for number, each in enumerate(without)
    )


def way_without(way: Way, member: int) -> Way:
    """Return a way for all members but one."""
    weights = tuple(each for number, each in enumerate(way.weights) if number != member)
    if way.weights and sum(weights) <= 0:
        weights = (1.0,) * len(weights)
    return Way(way.name, weights, way.draws, way.measure, way.seed)


@dataclass(frozen=True, eq=False)
class Turned:
    """Items on which the fusion and one member differ.

    Attributes:
        won: Places in the result where the fusion is right and the member is wrong.
        lost: Places where the member is right and the fusion is wrong.
    """

    won: NDArray[np.int64]
    lost: NDArray[np.int64]


def turned(said: Said, table: MemberTable, member: Float) -> Turned:
    """Return which items of the result the fusion wins and loses against a member.

    Args:
        said: What was said of the result.
        table: The table of all items.
        member: n×K, the predictions of the member for the items of the result.
    """
    label = table.label[said.rows]
    right = said.fusion.argmax(axis=1) == label
    known = np.isfinite(said.fusion).all(axis=1)
    other = np.isfinite(member).all(axis=1) & (np.nan_to_num(member).argmax(axis=1) == label)
    return Turned(np.flatnonzero(right & known & ~other), np.flatnonzero(~(right & known) & other))


def _scores(said: Float, table: MemberTable) -> CategoryScores:
    votes = table.votes if table.votes.any() else None
    return score_categories(said, table.target, table.who, votes)
