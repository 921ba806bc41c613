"""Fusion of valence and arousal: concordance on the part that chooses, and members that are missing."""

import json

import numpy as np
import pytest

from app.agreement.ccc import ccc
from app.errors import UserError
from app.fusion.affect import AffectFusion, AffectTable, AffectWay, ccc_weights, fused_affect, weighted
from app.fusion.partition import dealt
from app.fusion.table import Kind
from tests.fusion.affect_world import world

NAN = float("nan")


def on(table: AffectTable, fusion: AffectFusion, frames: np.ndarray) -> list[float]:
    said = fusion.predict(table.said[:, frames])
    return [ccc(said[:, d], table.gold[frames, d]) for d in range(2)]


@pytest.mark.parametrize("way", ["ccc", "stacking"])
def test_the_fused_concordance_is_never_below_the_best_member_on_its_weighting_part(way: AffectWay) -> None:
    for seed in range(5):
        table = world(people=6, frames=5, seed=seed, noise=(0.1, 1.0, 2.0))
        frames = table.frames(dealt(table.rule, "folds").search)
        found = fused_affect(table, frames, way)
        for d in range(2):
            alone = [ccc(each[frames, d], table.gold[frames, d]) for each in table.said]
            assert found.value[d] >= max(alone) - 1e-9
            assert found.value[d] == pytest.approx(on(table, found, frames)[d])


@pytest.mark.parametrize("way", ["equal", "ccc", "stacking"])
def test_it_beats_every_member_on_people_who_chose_nothing(way: AffectWay) -> None:
    table = world()
    partition = dealt(table.rule, "folds")
    found = fused_affect(table, table.frames(partition.search), way)
    held = table.frames(partition.result)
    for d, value in enumerate(on(table, found, held)):
        assert value > max(ccc(each[held, d], table.gold[held, d]) for each in table.said)


def test_weights_worked_by_hand() -> None:
    # Gold −1, 0, 1. One member says it exactly, the other is one half too high: weights (1, 0) have concordance 1.
    gold = np.array([-1.0, 0.0, 1.0])
    np.testing.assert_allclose(ccc_weights(np.stack([gold, gold + 0.5]), gold), [1, 0], atol=1e-6)
    # One is a third too high, the other a third too low: only their mean is right.
    found = ccc_weights(np.stack([gold + 1 / 3, gold - 1 / 3]), gold)
    np.testing.assert_allclose(found, [0.5, 0.5], atol=1e-4)


def test_a_missing_member_worked_by_hand() -> None:
    said = np.array([[0.2, 0.2, NAN], [0.8, NAN, NAN], [0.5, 0.5, NAN]])
    # All: 0.2·0.5 + 0.8·0.25 + 0.5·0.25 = 0.425; without the second: (0.2·0.5 + 0.5·0.25)/0.75 = 0.3.
    np.testing.assert_allclose(weighted(said, np.array([0.5, 0.25, 0.25])), [0.425, 0.3, NAN])
    # The only one with a weight is missing: the others count the same.
    np.testing.assert_allclose(weighted(said, np.array([0.0, 1.0, 0.0]))[1], 0.35)


def test_a_member_of_one_dimension_has_no_weight_in_the_other() -> None:
    table = world()
    table.said[0, :, 1] = NAN
    found = fused_affect(table, table.frames(np.arange(10)), "ccc")
    assert found.weights[0, 1] == 0
    assert found.weights[0, 0] > 0
    assert np.isfinite(found.predict(table.said)).all()


@pytest.mark.parametrize("way", ["equal", "ccc", "stacking"])
def test_a_fusion_survives_being_written_down(way: AffectWay) -> None:
    table = world(people=6)
    found = fused_affect(table, table.frames(np.arange(3)), way)
    again = AffectFusion.of(json.loads(json.dumps(found.as_dict())))
    table.said[1, :20] = NAN
    np.testing.assert_allclose(again.predict(table.said), found.predict(table.said))


def test_the_partition_rule_holds_for_curves_as_well() -> None:
    table = world()
    table.kind[2, 3] = int(Kind.SEEN)
    with pytest.raises(UserError, match="m2 learned from P03"):
        dealt(table.rule, "folds")


def test_fixed_weights_must_fit() -> None:
    table = world(people=6)
    assert fused_affect(table, np.arange(50), "fixed", (3, 1, 0)).weights[:, 0].tolist() == [0.75, 0.25, 0]
    with pytest.raises(UserError, match="do not fit 3 members"):
        fused_affect(table, np.arange(50), "fixed", (1, 1))
