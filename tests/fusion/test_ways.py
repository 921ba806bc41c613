"""The ways of fusion, on members whose errors are known."""

import json

import numpy as np
import pytest

from app.errors import UserError
from app.fusion.ways import Fusion, Way, WayName, fused, measured
from tests.fusion.tables import world

ALL: tuple[WayName, ...] = ("equal", "model", "class", "stacking")


@pytest.mark.parametrize("name", ALL)
def test_fusing_independent_members_beats_the_best_of_them_on_new_people(name: WayName) -> None:
    search, new = world(people=30, seed=1), world(people=30, seed=2)
    found = fused(search, Way(name, draws=300))
    alone = max(measured(each, new, "accuracy") for each in new.said)
    assert measured(found.predict(new.said), new, "accuracy") > alone + 0.05


@pytest.mark.parametrize("name", ["model", "class", "stacking"])
def test_what_is_chosen_is_never_below_equal_weights_or_a_member_on_its_own_part(name: WayName) -> None:
    for seed in range(4):
        table = world(people=5, each=4, strengths=(1.5, 0.0, 0.0), seed=seed)
        found = fused(table, Way(name, draws=50))
        alone = [measured(each, table, "accuracy") for each in table.said]
        equal = fused(table, Way("equal")).value
        assert found.value >= max(*alone, equal) - 1e-9
        assert found.value == pytest.approx(measured(found.predict(table.said), table, "accuracy"))


def test_fixed_weights_are_taken_as_given_in_any_unit() -> None:
    found = fused(world(), Way("fixed", (2, 1, 1)))
    np.testing.assert_allclose(found.weights, np.repeat([[0.5], [0.25], [0.25]], 4, axis=1))
    for wrong in ((1, 1), (1, -1, 1), (0, 0, 0)):
        with pytest.raises(UserError, match="do not fit 3 members"):
            fused(world(), Way("fixed", tuple(map(float, wrong))))


@pytest.mark.parametrize("name", ALL)
def test_a_fusion_survives_being_written_down(name: WayName) -> None:
    table = world(people=6)
    table.said[1, :5] = np.nan
    found = fused(table, Way(name, draws=40))
    again = Fusion.of(json.loads(json.dumps(found.as_dict())))
    np.testing.assert_allclose(again.predict(table.said), found.predict(table.said))
    assert np.isfinite(found.predict(table.said)).all()


def test_stacking_says_for_a_missing_member_what_it_says_on_average() -> None:
    table = world(people=12)
    found = fused(table, Way("stacking")).stack
    assert found is not None
    said = table.said.copy()
    said[2] = np.nan
    logs = np.log(said[:2]) / found.temperature[:2, None, None]
    logs -= np.log(np.exp(logs).sum(axis=2, keepdims=True))
    scores = logs[0] @ found.weight[0] + logs[1] @ found.weight[1] + found.mean[2] @ found.weight[2] + found.bias
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.predict(said), expected, atol=1e-5)


@pytest.mark.parametrize("name", ["model", "stacking"])
def test_copies_of_an_overfitted_member_do_no_harm(name: WayName) -> None:
    search, new = (
        world(people=30, strengths=(0.5, 0.4, 0.0), seed=3),
        world(people=30, strengths=(0.5, 0.4, 0.0), seed=4),
    )
    three = [np.concatenate([each.said, each.said[2:], each.said[2:]]) for each in (search, new)]
    tables = [
        type(each)(
            tuple("abcde"), each.classes, each.items, each.subjects, said, np.full(said.shape[:2], 4, np.int8),
            each.target, each.votes,
        )
        for each, said in zip((search, new), three, strict=True)
    ]  # fmt: skip
    before = measured(fused(search, Way(name, draws=1000)).predict(new.said), new, "accuracy")
    after = measured(fused(tables[0], Way(name, draws=1000)).predict(tables[1].said), new, "accuracy")
    assert after > before - 0.04
