"""Simulated raters err as their profile says: what was put in can be measured again."""

import numpy as np
import pytest

from app.domain.emotions import RATED
from app.domain.ratings import Items
from app.synthetic.paths import demo_path, ornstein_uhlenbeck, random_path
from app.synthetic.raters import (
    DEMO_CONDITIONS,
    DEMO_RATERS,
    ConditionEffect,
    SimulatedRater,
    cast,
    category_table,
    demo_traces,
    intensity_table,
    simulate_categories,
    simulate_intensities,
    simulate_trace,
)

FRAMES_S = np.arange(1500) / 25
QUIET = SimulatedRater("Q", noise=0.0, lag_s=1.0, late_s=0.0)


def best_lag_s(trace, truth):
    """The shift at which trace and truth correlate best, by trying all."""
    held = trace.resampled(truth.times_s)[:, 0].astype(float)
    scores = []
    for k in range(80):
        a, b = held[k:], truth.valence[: len(held) - k]
        ok = np.isfinite(a)
        scores.append(np.corrcoef(a[ok], b[ok])[0, 1])
    return int(np.argmax(scores)) / 25


@pytest.mark.parametrize("lag_s", [0.0, 0.5, 1.2, 2.4])
def test_lag_can_be_measured_again(lag_s):
    truth = random_path(FRAMES_S, seed=4)
    rater = SimulatedRater("L", noise=0.03, lag_s=lag_s, late_s=0.2)
    trace = simulate_trace(truth.times_s, truth.valence, truth.arousal, rater, seed=1)
    assert best_lag_s(trace, truth) == pytest.approx(lag_s, abs=0.081)


def test_bias_and_gain_can_be_measured_again():
    truth = random_path(FRAMES_S, seed=5)
    rater = SimulatedRater("B", bias=(0.1, -0.15), gain=0.6, noise=0.0, lag_s=0.0, motor_s=0.0, late_s=0.0)
    held = simulate_trace(truth.times_s, truth.valence, truth.arousal, rater, seed=1).resampled(FRAMES_S)
    for column, values in enumerate((truth.valence, truth.arousal)):
        slope, offset = np.polyfit(values[5:], held[5:, column], 1)
        assert slope == pytest.approx(0.6, abs=0.02)
        assert offset == pytest.approx(rater.bias[column], abs=0.01)


def test_noise_has_the_spread_and_memory_asked_for():
    rng = np.random.default_rng(0)
    times_s = np.cumsum(rng.uniform(0.01, 0.03, 200_000))
    noise = ornstein_uhlenbeck(times_s, 0.2, 1.5, rng)
    assert noise.std() == pytest.approx(0.2, rel=0.1)
    even = np.interp(np.arange(0, times_s[-1], 0.5), times_s, noise)
    assert np.corrcoef(even[:-3], even[3:])[0, 1] == pytest.approx(np.exp(-1), abs=0.06)


def test_trace_is_like_a_recorded_one():
    truth = demo_path(FRAMES_S[:500], seed=1)
    trace = simulate_trace(truth.times_s, truth.valence, truth.arousal, DEMO_RATERS[0], seed=9)
    assert trace.device == "simulated"
    assert (np.diff(trace.times_s) >= 0).all()
    assert (np.diff(trace.monotonic_s) > 0).all()
    assert np.isin(trace.times_s, truth.times_s).all()  # the time of the frame on screen
    span_s = trace.monotonic_s[-1] - trace.monotonic_s[0]
    assert len(trace) / span_s >= 60
    assert trace.times_s[0] >= DEMO_RATERS[0].late_s - 0.05
    assert np.abs(trace.values).max() <= 1
    assert np.isnan(trace.resampled(np.array([0.0]))).all()  # the lead-in is missing, not zero


def test_same_seed_same_trace_other_seed_or_item_another():
    truth = demo_path(FRAMES_S[:250], seed=1)

    def values(seed, item):
        return simulate_trace(*(truth.times_s, truth.valence, truth.arousal), DEMO_RATERS[0], seed, item=item).values

    np.testing.assert_array_equal(values(1, "a"), values(1, "a"))
    assert not np.array_equal(values(1, "a")[:200], values(2, "a")[:200])
    assert not np.array_equal(values(1, "a")[:200], values(1, "b")[:200])


def test_lapses_leave_the_hand_resting():
    truth = random_path(FRAMES_S, seed=6)
    awake = simulate_trace(truth.times_s, truth.valence, truth.arousal, QUIET, seed=2)
    dozing = SimulatedRater("Q", noise=0.0, lag_s=1.0, late_s=0.0, lapses_per_min=10, lapse_s=3)
    asleep = simulate_trace(truth.times_s, truth.valence, truth.arousal, dozing, seed=2)

    def longest_rest(trace):
        moved = np.flatnonzero(np.abs(np.diff(trace.values, axis=0)).max(axis=1) > 0)
        return np.diff(trace.monotonic_s[moved]).max()

    # Gliding between stations takes about two of every three seconds.
    assert longest_rest(asleep) > longest_rest(awake) + 1.0


def test_demo_traces_agree_with_the_truth_but_differ():
    truth = demo_path(FRAMES_S[:500], seed=7)
    traces = demo_traces(truth)
    assert list(traces) == ["R1", "R2", "R3"]
    for trace in traces.values():
        held = trace.resampled(truth.times_s)
        ok = np.isfinite(held[:, 0])
        assert 0.5 < np.corrcoef(held[ok, 0], truth.valence[ok])[0, 1] < 0.995


def test_intensities_are_answers_on_the_scale():
    truth = np.random.default_rng(0).uniform(0, 5, (400, len(RATED)))
    rater = SimulatedRater("I", score_noise=0.6, missing=0.1)
    scores = simulate_intensities(truth, rater, ConditionEffect("full_context"), seed=1)
    assert scores.shape == truth.shape
    given = scores[np.isfinite(scores)]
    assert set(np.unique(given)) == {0, 1, 2, 3, 4, 5}
    assert np.isnan(scores).mean() == pytest.approx(0.1, abs=0.02)
    assert np.corrcoef(truth[np.isfinite(scores)], given)[0, 1] > 0.9


def test_a_condition_adds_disagreement_where_it_says():
    items = 600
    truth = np.full((items, len(RATED)), 2.5)
    raters = cast(5, seed=2)
    variances = {}
    for effect in DEMO_CONDITIONS:
        scores = np.stack([simulate_intensities(truth, rater, effect, seed=3) for rater in raters])
        variances[effect.condition] = np.nanvar(scores, axis=0, ddof=1).mean(axis=0)
    difference = dict(zip(RATED, variances["face_only"] - variances["full_context"], strict=True))
    assert difference["fear"] > 0.5
    assert difference["sad"] > 0.3
    assert abs(difference["happy"]) < 0.15
    assert abs(difference["neutral"]) < 0.15


def test_tables_hold_every_cell_once_and_are_marked():
    items = Items.of_clips([f"clip{i}" for i in range(7)], [f"s{i % 3}" for i in range(7)])
    truth = np.random.default_rng(1).uniform(0, 5, (7, len(RATED)))
    table = intensity_table(items, truth, DEMO_RATERS, DEMO_CONDITIONS, seed=1)
    assert table.simulated
    assert len(table) == 7 * 9 * 3 * 2
    keys = np.stack([table.item, table.condition.codes, table.rater.codes, table.emotion.codes])
    assert np.unique(keys, axis=1).shape[1] == len(table)
    row = (table.item == 4) & (table.rater.codes == 1) & (table.condition.codes == 1)
    expected = simulate_intensities(truth, DEMO_RATERS[1], DEMO_CONDITIONS[1], 1)[4]
    np.testing.assert_array_equal(table.score[row], expected)

    shares = np.random.default_rng(2).dirichlet(np.ones(8), 7)
    named = category_table(items, shares, RATED[:8], DEMO_RATERS, DEMO_CONDITIONS, seed=1)
    assert named.simulated
    assert len(named) == 7 * 3 * 2


def test_categories_follow_the_shares():
    shares = np.tile([0.7, 0.2, 0.1], (4000, 1))
    exact = simulate_categories(shares, SimulatedRater("C", score_noise=1.0), ConditionEffect("full_context"), seed=1)
    np.testing.assert_allclose(np.bincount(exact, minlength=3) / 4000, [0.7, 0.2, 0.1], atol=0.03)
    sharp = simulate_categories(shares, SimulatedRater("C", score_noise=0.4), ConditionEffect("full_context"), seed=1)
    flat = simulate_categories(shares, SimulatedRater("C", score_noise=0.4), DEMO_CONDITIONS[1], seed=1)
    assert (sharp == 0).mean() > (exact == 0).mean() > 0.6
    assert (flat == 0).mean() < (sharp == 0).mean() - 0.1
    assert (flat == -1).any()


def test_a_trace_needs_a_clip():
    with pytest.raises(ValueError, match="frames"):
        simulate_trace(np.empty(0), np.empty(0), np.empty(0), QUIET, seed=1)
