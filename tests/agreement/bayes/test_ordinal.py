"""The model of raters for intensities: its derivatives, what it recovers, and its calibration in short."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from app.agreement.bayes.columns import columns_of
from app.agreement.bayes.cumulative import log_probability
from app.agreement.bayes.fit import FitSettings, fit
from app.agreement.bayes.hmc import sample
from app.agreement.bayes.joint import Joint
from app.agreement.bayes.local import own_cov, propagate, regrid, start
from app.agreement.bayes.ordinal_data import ordinal_data
from app.agreement.bayes.pass_over import cuts_of, equations, grid_likelihood
from app.agreement.bayes.posterior import raters_of, truths_of
from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
from app.agreement.plan_world import StudySize, World, as_table, draw_scores
from app.errors import UserError


@pytest.fixture(scope="module")
def study():
    return draw_study(StudyShape(60, 8, 2, 2, share=0.8), np.random.default_rng(7), TYPICAL)


@pytest.fixture(scope="module")
def fitted(study):
    return fit(study[0])


def marginal(columns, effects, spread):
    """Log marginal likelihood of one condition by a fine grid, which uses nothing of the fit."""
    nodes = np.linspace(-7.0, 7.0, 150) * spread
    cuts = cuts_of(columns, effects)
    prior = np.exp(-0.5 * (nodes / spread) ** 2)
    total = np.empty((columns.n_units, nodes.size))
    for j, node in enumerate(nodes):
        each = log_probability(cuts, np.full(columns.cell.size, node))
        total[:, j] = np.bincount(columns.cell, each, minlength=columns.n_units)
    top = total.max(axis=1, keepdims=True)
    return float((top[:, 0] + np.log((np.exp(total - top) * (prior / prior.sum())).sum(axis=1))).sum())


def test_derivatives_of_the_marginal_likelihood_are_those_by_differences():
    data, _ = draw_study(StudyShape(10, 3, 1, 1), np.random.default_rng(3), TYPICAL)
    columns, spread = columns_of(data), 1.5
    rng = np.random.default_rng(0)
    effects = columns.start() + 0.2 * rng.normal(size=columns.size)
    prior = own_cov(np.full(12, spread), 1.0, 1)
    cuts, local = cuts_of(columns, effects), start(prior)
    for _ in range(6):
        local = propagate(regrid(local), prior, grid_likelihood(columns, cuts, regrid(local)))
    found = equations(columns, effects, cuts, local)

    def moved(k, by):
        there = effects.copy()
        there[k] += by
        return marginal(columns, there, spread)

    h = 1e-4
    steps = np.array([(moved(k, h) - moved(k, -h)) / (2 * h) for k in range(columns.size)])
    np.testing.assert_allclose(found.gradient, steps, atol=2e-3)
    for kind in ("level", "bias", "drift"):  # of the curved ones the curvature is left out
        k = columns.where[kind].start
        second = -(moved(k, 0.01) - 2 * moved(k, 0.0) + moved(k, -0.01)) / 0.01**2
        assert (found.complete - found.missing)[k, k] == pytest.approx(second, rel=0.1, abs=0.05)


def test_gradient_of_the_whole_density_is_that_by_differences():
    joint = Joint(columns_of(draw_study(StudyShape(3, 3, 2, 2), np.random.default_rng(1))[0]))
    point = np.random.default_rng(2).normal(size=joint.size) * 0.5
    _, gradient = joint(point)
    for k in range(joint.size):
        away = np.zeros(joint.size)
        away[k] = 1e-5
        step = (joint(point + away)[0] - joint(point - away)[0]) / 2e-5
        assert gradient[k] == pytest.approx(step, abs=1e-5)


def test_planted_parameters_are_recovered(study, fitted):
    _, planted = study
    truths, raters = truths_of(fitted), raters_of(fitted)
    assert fitted.converged
    cells = planted.truth[fitted.columns.unit_item, fitted.columns.unit_emotion]
    assert np.corrcoef(truths.latent.mean.ravel(), cells.ravel())[0, 1] > 0.9
    assert np.corrcoef(raters.bias.mean.ravel(), planted.bias.ravel())[0, 1] > 0.9
    assert np.corrcoef(np.log(raters.noise.mean), np.log(planted.noise))[0, 1] > 0.8
    assert np.abs(raters.thresholds.mean - planted.thresholds).mean() < 0.3
    assert 0.8 < truths.latent.holds(cells).mean() < 0.98
    assert raters.bias.holds(planted.bias).mean() > 0.7


def test_points_stay_on_the_scale_and_context_is_their_difference(fitted):
    truths = truths_of(fitted)
    for end in (truths.points.low, truths.points.mean, truths.points.high):
        assert end.min() >= 0.0
        assert end.max() <= 5.0
    shown = truths.points.mean[:, 1] - truths.points.mean[:, 0]
    assert np.corrcoef(shown, truths.context.mean[:, 0])[0, 1] > 0.98
    assert (truths.context.high >= truths.context.low).all()


def test_more_ratings_narrow_the_intervals(study, fitted):
    data, _ = study
    half = fit(data.where(np.arange(len(data)) % 2 == 0))
    assert truths_of(fitted).points.width.mean() < 0.9 * truths_of(half).points.width.mean()


def test_a_start_from_a_fit_ends_at_the_same_place_sooner(study, fitted):
    again = fit(study[0], FitSettings(start=fitted))
    assert again.steps < fitted.steps
    np.testing.assert_allclose(again.effects, fitted.effects, atol=0.02)


@pytest.mark.parametrize(
    "shape",
    [StudyShape(8, 1, 1, 1), StudyShape(5, 2, 2, 2, levels=2), StudyShape(12, 3, 2, 2, subjects=3, hours=0.0)],
    ids=["one rater", "two levels", "subjects"],
)
def test_odd_designs_are_fitted(shape):
    data, _ = draw_study(shape, np.random.default_rng(5), TYPICAL)
    found = fit(data)
    assert np.isfinite(truths_of(found).points.width).all()
    assert np.isfinite(raters_of(found).bias.sd).all()


def test_a_table_of_ratings_is_read_with_groups_and_classes():
    size = StudySize(6, 2, 4)
    table = as_table(draw_scores(World(step=0.0), size, np.random.default_rng(0)), size, World(step=0.0))
    data = ordinal_data(table)
    assert data.points.size <= 10
    assert "classes" in data.notes[0]
    assert data.groups[0][0] == "subject"
    with pytest.raises(UserError, match="no ratings"):
        ordinal_data(table.where(np.zeros(len(table), dtype=bool)))


def test_draws_have_the_moments_of_a_known_density():
    sizes = np.array([0.3, 1.0, 2.0])
    found = sample(lambda x: (-0.5 * float((x / sizes) @ (x / sizes)), -x / sizes**2), np.ones(3),
                   np.random.default_rng(0), draws=1500)  # fmt: skip
    np.testing.assert_allclose(found.points.std(axis=0), sizes, rtol=0.15)


@pytest.mark.slow
def test_intervals_hold_what_was_planted():
    path = Path(__file__).resolve().parents[3] / "benchmarks" / "bayes_coverage.py"
    spec = importlib.util.spec_from_file_location("bayes_coverage", path)
    study = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = study
    spec.loader.exec_module(study)
    held = [study.ordinal(seed, StudyShape(30, 6, 2, 2)) for seed in range(8)]
    for name in ("truth", "bias", "thresholds"):
        inside, total = np.sum([one[name] for one in held], axis=0)
        assert 0.8 < inside / total < 0.98, name
