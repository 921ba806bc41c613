"""The statistics of a fusion."""

import numpy as np
import pytest

from app.fusion.diversity import diversity
from app.fusion.gains import EQUAL, FUSION, applied, best_member, left_out, rows_of, turned, without_each
from app.fusion.partition import Partition, dealt
from app.fusion.table import Kind, MemberTable
from app.fusion.ways import Way, fused, measured
from tests.fusion.tables import table_of, world


def studied(seed: int = 0) -> tuple[MemberTable, Partition]:
    table = world(people=30, seed=seed)
    table.kind[:, :200] = int(Kind.OUT_OF_FOLD)
    return table, dealt(table, "folds")


def test_search_part_and_held_out_part_stand_side_by_side() -> None:
    table, partition = studied()
    fusion = fused(table.only(partition.search), Way("equal"))
    said = applied(table, partition, [fusion])
    rows = rows_of(table, partition, fusion, said)
    assert [row.name for row in rows] == ["m0", "m1", "m2", EQUAL, FUSION]
    last = rows[-1]
    assert (last.search.n, last.held_out.n) == (200, 100)
    assert last.held_out.measures["accuracy"].value == pytest.approx(
        measured(said.fusion, table.only(said.rows), "accuracy")
    )
    assert last.gain is None
    gain = rows[0].gain
    assert gain is not None
    assert gain.measures["accuracy"].difference == pytest.approx(
        last.held_out.measures["accuracy"].value - rows[0].held_out.measures["accuracy"].value
    )
    assert gain.measures["accuracy"].interval[0] > 0
    assert best_member(rows, table.members) == "m0"


def test_nested_results_come_from_weights_that_others_chose() -> None:
    table, _ = studied(1)
    partition = dealt(table, "nested", folds=3)
    fusions = [fused(table.only(deal.search), Way("stacking")) for deal in partition.deals]
    said = applied(table, partition, fusions)
    assert len(said.rows) == len(table)
    first = partition.deals[0].result
    np.testing.assert_allclose(said.fusion[np.isin(said.rows, first)], fusions[0].predict(table.said[:, first]))


def test_each_member_is_left_out_once() -> None:
    table, partition = studied(2)
    fusion = fused(table.only(partition.search), Way("equal"))
    said = applied(table, partition, [fusion])
    asked: list[int] = []
    values, without = without_each(table, partition, Way("equal"), asked.append)
    found = left_out(table, said, values, without)
    assert [each.member for each in found] == ["m0", "m1", "m2"]
    assert asked == [0, 1, 2]
    two = table.only(said.rows).said[1:].mean(axis=0)
    assert found[0].held_out == pytest.approx(measured(two, table.only(said.rows), "accuracy"))
    assert found[0].gain.measures["accuracy"].difference > found[2].gain.measures["accuracy"].difference


def test_items_won_and_lost_are_named() -> None:
    said = [[[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], [[0.2, 0.8], [0.4, 0.6], [0.1, 0.9]]]
    table = table_of(said, [0, 1, 1], ["A", "B", "C"])
    whole = np.arange(3)
    partition = Partition("folds", whole, (type(dealt(world(), "nested").deals[0])(whole, whole),), ())
    fusion = fused(table, Way("equal"))
    result = applied(table, partition, [fusion])
    # Sums: [.55, .45] right, [.6, .4] wrong, [.2, .8] right. The second member is wrong, right, right.
    found = turned(result, table, result.members[1])
    assert found.won.tolist() == [0]
    assert found.lost.tolist() == [1]


def test_diversity_of_pairs() -> None:
    table, _ = studied(3)
    found = diversity(table)
    assert found.q.shape == (3, 3)
    np.testing.assert_allclose(np.diag(found.q), 1)
    np.testing.assert_allclose(np.diag(found.disagreement), 0)
    np.testing.assert_allclose(found.q, found.q.T)
    assert abs(found.error_correlation[0, 1]) < 0.3  # they err independently
    assert found.n[0, 1] == len(table)
