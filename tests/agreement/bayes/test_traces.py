"""The model of traces: its density is that of the normal distribution it stands for, and a panel is found again."""

import numpy as np
import pytest

from app.agreement.bayes.trace_density import LEVEL_SD, OFFSET_SD, TraceDensity
from app.agreement.bayes.trace_draw import draw_traces, matern
from app.agreement.bayes.trace_fit import fit_traces
from app.agreement.bayes.trace_model import TracePanel, traces_model
from app.domain.ratings import TraceLabel
from app.domain.traces import TraceSamples

RATE = 5.0


def samples(clips):
    """(item, rater, sample, value, stretch) of all that was given, each float64 or int64 of one length."""
    rows, stretch = [], -1
    for i, clip in enumerate(clips):
        for r, row in enumerate(clip):
            before = False
            for t, value in enumerate(row):
                if not np.isnan(value):
                    stretch += not before
                    rows.append((i, r, t, value, stretch))
                before = not np.isnan(value)
    return (np.array(column) for column in zip(*rows, strict=True))


def test_the_density_and_the_truth_are_those_of_one_large_normal_distribution():
    rng = np.random.default_rng(0)
    clips = [0.1 * rng.normal(size=(3, 40)).cumsum(axis=1) for _ in range(2)]
    clips[0][1, 10:15], clips[1][0, :3] = np.nan, np.nan
    density = TraceDensity(clips, RATE)

    def both(at):
        values = density.unfold(at)
        item, rater, sample, given, stretch = samples(clips)
        time = sample / RATE - values.lag_s[rater]
        together = (item[:, None] == item) * values.gain[rater][:, None] * values.gain[rater]
        cov = together * (LEVEL_SD**2 + values.spread**2 * matern(time[:, None] - time, values.length_s))
        cov += OFFSET_SD**2 * (np.eye(3) - 1 / 3)[rater][:, rater]
        slow = np.exp(-np.abs(sample[:, None] - sample) / RATE / values.hand_s)
        cov += (stretch[:, None] == stretch) * values.noise[rater][:, None] ** 2 * slow
        likelihood = -0.5 * np.linalg.slogdet(cov)[1] - 0.5 * given @ np.linalg.solve(cov, given)
        at_s = np.arange(40) / RATE
        across = (item == 1) * values.gain[rater] * (
            LEVEL_SD**2 + values.spread**2 * matern(at_s[:, None] - time, values.length_s)
        )  # fmt: skip
        truth = across @ np.linalg.solve(cov, given)
        variance = LEVEL_SD**2 + values.spread**2 - np.einsum("ij,ji->i", across, np.linalg.solve(cov, across.T))
        return likelihood, truth, variance

    points = [density.start(np.array([0.5, -0.3, 0.1])) + 0.1 * rng.normal(size=density.size) for _ in range(2)]
    found = [density.likelihood(density.unfold(at)) for at in points]
    wanted = [both(at) for at in points]
    assert found[0] - found[1] == pytest.approx(wanted[0][0] - wanted[1][0], abs=0.05)
    known = density.known(points[0], with_variance=True)
    np.testing.assert_allclose(known.truths[1], wanted[0][1], atol=1e-3)
    np.testing.assert_allclose(known.variances[1], wanted[0][2], rtol=1e-2)


def test_lags_gains_and_truth_of_a_panel_are_found_again():
    drawn = draw_traces(np.random.default_rng(3), raters=4, seconds=(60.0, 60.0))
    found = fit_traces(drawn.clips, RATE, rounds=150)
    assert found.converged
    assert np.abs(found.lag_s.mean - drawn.lag_s).max() < 0.6
    assert np.abs(np.log(found.gain.mean / drawn.gain)).max() < 0.4
    for band, truth in zip(found.truths, drawn.truths, strict=True):
        assert np.corrcoef(band.mean, truth)[0, 1] > 0.9
        assert 0.6 < band.holds(truth).mean() <= 1.0
    again = fit_traces(drawn.clips, RATE, rounds=150)
    np.testing.assert_array_equal(again.lag_s.mean, found.lag_s.mean)  # seeded


def label(rater, values, item="a"):
    times = np.arange(len(values)) / RATE
    both = np.stack([values, np.full(len(values), np.nan)], axis=1).astype(np.float32)
    return TraceLabel(item, item, "face_only", rater, 1, TraceSamples(times, both, times, "mouse"))


def test_a_panel_is_of_one_dimension_and_says_who_runs_behind_in_words():
    drawn = draw_traces(np.random.default_rng(5), raters=2, seconds=(90.0,))
    wave = 0.5 * np.sin(np.arange(450) / 9.0) + 0.3 * np.sin(np.arange(450) / 4.1)
    rows = [np.roll(wave, by) + 0.2 * (row - row.mean()) for by, row in zip((0, 6), drawn.clips[0], strict=True)]
    (panel,) = traces_model([label(name, row) for name, row in zip(("R1", "R2"), rows, strict=True)]).panels
    assert isinstance(panel, TracePanel)
    assert (panel.dimension, panel.raters, panel.items) == ("valence", ("R1", "R2"), ("a",))
    assert panel.model.lag_s.mean[1] - panel.model.lag_s.mean[0] == pytest.approx(1.2, abs=0.3)
    assert "behind the panel" in panel.words(1)
    truth = panel.at("a", np.array([-5.0, 10.03, 200.0]))
    assert np.isnan(truth.mean).tolist() == [True, False, True]


def test_one_rater_alone_is_no_panel():
    assert traces_model([label("R1", np.sin(np.arange(300) / 8.0))]).panels == ()


def test_clips_of_a_moment_and_hands_that_never_move_are_fitted_too():
    rows = [np.array([0.1, 0.2, 0.4]), np.array([0.0, 0.3, 0.3]), np.array([0.2, 0.2, 0.2])]
    (panel,) = traces_model([label(f"R{k}", row) for k, row in enumerate(rows)]).panels
    assert panel.raters == ("R0", "R1", "R2")
    assert np.isfinite(panel.model.truths[0].mean).all()
    assert (panel.model.lag_s.width > 1.0).all()  # so little says nothing of lags
    assert panel.words(0) == "The lag cannot be told."
