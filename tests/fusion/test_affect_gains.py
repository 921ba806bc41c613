"""What a fusion of valence and arousal gains, against worked examples and known truths."""

import numpy as np
import pytest

from app.agreement.ccc import ccc
from app.fusion.affect import AffectTable, fused_affect
from app.fusion.affect_gains import affect_without_each, error_pairs, item_errors, joint_gain, weights_of
from app.fusion.affect_scores import applied_affect, rows_of
from app.fusion.gains import FUSION
from app.fusion.partition import Deal, Partition, dealt
from app.fusion.table import Kind
from tests.fusion.affect_world import world


def fused_world(way="ccc", **more):
    table = world(**more)
    partition = dealt(table.rule, "folds")
    fusion = fused_affect(table, table.frames(partition.search), way)
    fused = applied_affect(table, partition, fusion, way)
    return table, partition, fusion, fused


def test_the_joint_gain_is_the_mean_over_both_dimensions_against_the_best_members():
    table, partition, fusion, fused = fused_world()
    rows = rows_of(table, partition, fusion, "ccc")
    found = joint_gain(table, partition, rows, fused)
    assert found.best == ("m0", "m0")  # the one with least noise, chosen by the people who chose
    mine = [row for row in rows if row.name == FUSION]
    best = [row for row in rows if row.name == "m0"]
    assert found.new == pytest.approx(np.mean([row.held_out.ccc for row in mine]))
    assert found.old == pytest.approx(np.mean([row.held_out.ccc for row in best]))
    assert found.gain == pytest.approx(np.mean([row.gain for row in best]))
    assert 0 < found.interval[0] < found.gain < found.interval[1]
    assert found.n_subjects == 10


def test_labels_that_say_nothing_of_the_members_give_no_gain():
    table = world()
    table.gold[:] = np.random.default_rng(1).permutation(table.gold)
    partition = dealt(table.rule, "folds")
    fusion = fused_affect(table, table.frames(partition.search), "ccc")
    rows = rows_of(table, partition, fusion, "ccc")
    found = joint_gain(table, partition, rows, applied_affect(table, partition, fusion, "ccc"))
    assert found.interval[0] <= 0


def test_without_each_member_weights_are_chosen_anew():
    table, partition, _, fused = fused_world()
    found = affect_without_each(table, partition, "ccc", (), 0, fused)
    assert [(each.member, each.dimension) for each in found[:3]] == [
        ("m0", "valence"), ("m0", "arousal"), ("m1", "valence")
    ]  # fmt: skip
    rest = table.without(0)
    assert rest.members == ("m1", "m2")
    again = fused_affect(rest, rest.frames(partition.search), "ccc")
    held = table.frames(partition.result)
    said = again.predict(rest.said[:, held])
    assert found[0].held_out == pytest.approx(ccc(said[:, 0], table.gold[held, 0]))
    assert found[0].gain > 0  # the best member is missed
    assert affect_without_each(table.without(2), partition, "ccc", (), 0, fused) == ()
    # Given weights: the others keep theirs, or count the same if all are 0.
    fixed = affect_without_each(table, partition, "fixed", (1.0, 0.0, 0.0), 0, fused)
    equal = affect_without_each(table, partition, "equal", (), 0, fused)
    assert fixed[0].held_out == pytest.approx(equal[0].held_out)


def test_errors_worked_by_hand():
    gold = np.zeros((4, 2))
    said = np.array([[[0.1, 0.3]] * 2 + [[0.2, 0.0]] * 2, [[0.3, 0.3]] * 2 + [[0.4, 0.0]] * 2])
    kind = np.full((2, 2), int(Kind.HELD_OUT), np.int8)
    table = AffectTable(("a", "b"), ("one", "two"), ("S1", "S2"), kind, np.array([0, 0, 1, 1]), said, gold)
    partition = Partition("folds", np.array([0]), (Deal(np.array([0]), np.array([0, 1])),), ())
    found = item_errors(table, partition, np.full((4, 2), 0.5))
    assert [(each.item, each.dimension) for each in found] == [
        ("one", "valence"), ("one", "arousal"), ("two", "valence"), ("two", "arousal")
    ]  # fmt: skip
    assert found[0].fusion == pytest.approx(0.5)
    assert found[0].members == pytest.approx((0.1, 0.3))
    pairs = error_pairs(table, partition)
    assert [(each.first, each.second, each.frames) for each in pairs] == [("a", "b", 4)] * 2
    assert [each.correlation for each in pairs] == pytest.approx([1.0, 1.0])


def test_shares_of_weights_sum_to_one():
    for way in ("ccc", "stacking", "equal"):
        *_, fusion, _ = fused_world(way, people=8)
        np.testing.assert_allclose(weights_of(fusion).sum(axis=0), 1.0)
