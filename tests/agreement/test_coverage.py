"""The short form of benchmarks/coverage_condition.py."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def study():
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "coverage_condition.py"
    spec = importlib.util.spec_from_file_location("coverage_condition", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.slow
def test_intervals_cover_the_truth_and_nulls_stay_null(study):
    world = study.default_world()
    true = study.truth(world, n_items=200_000)
    null = world.noise[0] == world.noise[1]
    assert (true[0][null] == 0).all()
    assert (true[0][~null] > 0.1).all()
    result = study.repeat_study(world, true, repetitions=40, n_items=150, replicates=300)
    # 360 intervals: three standard errors below 95 %; 40 families: the upper 0.2 % of the binomial at 7 %.
    assert 0.91 <= result.covered.mean() <= 0.99
    assert result.false_positive.sum() <= 8
    assert result.power[~null].min() > 0.5


def test_brute_force_agrees_with_plain_variance(study):
    world = study.default_world()
    scores = study.draw_scores(world, 400, np.random.default_rng(0))
    assert np.nanmin(scores) == 0.0
    assert np.nanmax(scores) == 5.0
    assert set(np.unique(scores[~np.isnan(scores)])) <= set(range(6))
    table = study.as_table(scores)
    assert table.simulated
    assert table.score[5] == pytest.approx(scores.ravel()[5], nan_ok=True)
