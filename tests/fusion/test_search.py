"""The random search, against hand-worked stages and a plain loop over the same draws."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.fusion.combine import combined, rescaled
from app.fusion.search import Scorer, SearchPlan, SearchState, begin, candidates, drawn, search, step
from tests.fusion.tables import table_of, world

SMALL = SearchPlan(draws=300, sigma=0.5, shrink=0.5, least=0.1)
NAN = float("nan")


def test_the_plan_of_the_paper_has_82_stages_of_100_000_draws() -> None:
    plan = SearchPlan()
    sigmas = list(plan.sigmas())
    assert plan.stages == 82  # one uniform, 81 local
    assert sigmas[0] == 0.5
    assert sigmas[-1] >= 1e-4 > sigmas[-1] * 0.9
    assert plan.stages * plan.draws == 8_200_000


def test_local_draws_lie_around_the_best_so_far_and_shrink() -> None:
    centre = np.array([[0.7, 0.2], [0.3, 0.8]])
    plan = SearchPlan(draws=4000, seed=3)
    state = SearchState(1, 0, centre, 0.5)
    rng = np.random.default_rng([3, 1, 0])
    own = np.maximum(centre.astype(np.float32) + np.float32(0.5) * rng.standard_normal((4000, 2, 2), np.float32), 0)
    np.testing.assert_array_equal(drawn(plan, state, (2, 2)), rescaled(own))
    wide = drawn(plan, state, (2, 2)).std(axis=0)
    narrow = drawn(plan, replace(state, stage=20), (2, 2)).std(axis=0)
    assert plan.sigma_of(20) == pytest.approx(0.5 * 0.9**19)
    assert (narrow < wide / 2).all()


def test_draws_are_rescaled_so_that_members_sum_to_one_for_each_class() -> None:
    for stage in (0, 1):
        found = drawn(SMALL, SearchState(stage, 0, np.full((3, 4), 1 / 3), 0.0), (3, 4))
        assert found.shape == (300, 3, 4)
        np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
        assert (found >= 0).all()


def test_one_weight_a_member_is_the_same_for_all_classes() -> None:
    found = drawn(replace(SMALL, per_class=False), begin(Scorer.of(world())), (3, 4))
    np.testing.assert_array_equal(found, np.repeat(found[:, :, :1], 4, axis=2))


@pytest.mark.parametrize("measure", ["accuracy", "uar"])
def test_the_measure_is_that_of_the_sum_with_missing_members(measure: str) -> None:
    table = world(people=8, each=5, seed=4)
    table.said[0, ::3] = np.nan
    table.said[:, 5] = np.nan
    scorer = Scorer.of(table, "uar" if measure == "uar" else "accuracy")
    label = table.label
    weights = drawn(SMALL, begin(scorer), scorer.shape)[:50]
    for each, value in zip(weights, scorer.values(weights), strict=True):
        said = combined(table.said, each.astype(np.float64))
        known = np.isfinite(said).all(axis=1)
        right = said[known].argmax(axis=1) == label[known]
        by_class = [right[label[known] == k].mean() for k in np.unique(label[known])]
        assert value == pytest.approx(right.mean() if measure == "accuracy" else np.mean(by_class))


def test_a_tie_goes_to_the_first_class() -> None:
    scorer = Scorer.of(table_of([[[0.5, 0.5], [0.5, 0.5]], [[0.25, 0.25], [0.25, 0.25]]], [0, 1]))
    assert scorer.values(candidates(2, 2).astype(np.float32)).tolist() == [0.5, 0.5, 0.5]


def test_the_accepted_optimum_is_that_of_a_plain_loop_over_the_same_draws() -> None:
    table = world(people=10, each=6, seed=5)
    scorer = Scorer.of(table)
    fast = search(scorer, SMALL)
    state, label = begin(scorer), table.label
    for stage in range(SMALL.stages):
        state = replace(state, stage=stage, chunk=0)
        best, value = state.weights, state.value
        for weights in drawn(SMALL, state, scorer.shape):
            scores = (table.said * weights[:, None, :]).sum(axis=0)
            found = float((scores.argmax(axis=1) == label).mean())
            if found > value + 1e-12:
                best, value = weights.astype(np.float64), found
        state = replace(state, weights=best, value=value)
    np.testing.assert_array_equal(fast.weights, state.weights)
    assert fast.value == pytest.approx(state.value)
    assert fast.value > begin(scorer).value


def test_the_result_is_never_below_a_member_alone_or_equal_weights() -> None:
    for seed in range(5):
        table = world(people=6, each=4, strengths=(0.9, 0.05, 0.0), seed=seed)
        scorer = Scorer.of(table)
        floor = scorer.values(candidates(3, 4).astype(np.float32)).max()
        assert search(scorer, replace(SMALL, draws=5, seed=seed)).value >= floor


def test_a_search_goes_on_where_it_was_interrupted_and_ends_the_same() -> None:
    scorer = Scorer.of(world(seed=6))
    plan = replace(SMALL, draws=11_000, least=0.3)
    whole = search(scorer, plan)
    part = search(scorer, plan, on_chunk=lambda state: not (state.stage == 1 and state.chunk == 1))
    assert (part.stage, part.chunk) == (1, 1)
    again = search(scorer, plan, SearchState.of(json.loads(json.dumps(part.as_dict()))))
    np.testing.assert_array_equal(again.weights, whole.weights)
    assert (again.value, again.draws, again.accepted) == (whole.value, whole.draws, whole.accepted)
    assert whole.draws == plan.stages * plan.draws


def test_equal_seeds_give_equal_weights_and_other_seeds_others() -> None:
    scorer = Scorer.of(world(seed=7))
    one, two = search(scorer, SMALL), search(scorer, SMALL)
    np.testing.assert_array_equal(one.weights, two.weights)
    assert not np.array_equal(one.weights, search(scorer, replace(SMALL, seed=1)).weights)


def test_a_draw_that_is_only_as_good_does_not_replace_the_best_worked_by_hand() -> None:
    # Second item: equal weights say (0.9 + 0.4)/2 = 0.65 for the wrong class. The second member alone is right on both.
    table = table_of([[[0.9, 0.1], [0.9, 0.1]], [[0.6, 0.4], [0.4, 0.6]]], [0, 1])
    scorer = Scorer.of(table)
    first = begin(scorer)
    assert first.value == 1.0
    np.testing.assert_allclose(first.weights, [[0, 0], [1, 1]])
    after = step(SMALL, first, scorer)
    assert (after.stage, after.chunk, after.draws, after.accepted) == (1, 0, 300, 0)
