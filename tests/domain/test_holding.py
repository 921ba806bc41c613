"""The one rule by which a trace is read at other times: start, gaps, end, lags, and traces side by side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.holding import HOLD_S, held_until, zero_order_hold
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side, span_s, uniform_times
from app.domain.traces import TraceSamples

NAN = np.nan


def samples(times, valence, arousal=None):
    values = np.stack([valence, valence if arousal is None else arousal], axis=1).astype(np.float32)
    return TraceSamples(np.array(times, np.float64), values, np.array(times, np.float64), "mouse")


def trace(rater, given):
    return TraceLabel("i", "c", "face_only", rater, 1, given)


def test_a_value_holds_from_its_sample_until_the_next_and_is_never_interpolated():
    times, values = np.array([1.0, 2.0, 4.0]), np.array([-0.5, 0.7, 0.1])
    at = np.array([0.0, 0.999, 1.0, 1.5, 2.0, 3.999, 4.0])
    np.testing.assert_array_equal(zero_order_hold(times, values, at), [NAN, NAN, -0.5, -0.5, 0.7, 0.7, 0.1])


def test_the_last_sample_holds_for_a_frame_and_then_nobody_judges():
    times, values = np.array([1.0, 2.0]), np.array([0.1, 0.5])
    assert held_until(times) == 2.0 + HOLD_S
    at = np.array([2.0, 2.0 + 0.9 * HOLD_S, 2.0 + HOLD_S, 2.5, 9.0])
    np.testing.assert_array_equal(zero_order_hold(times, values, at), [0.5, 0.5, NAN, NAN, NAN])


def test_a_stated_end_is_kept():
    times, values = np.array([1.0, 2.0]), np.array([0.1, 0.5])
    at = np.array([0.5, 1.5, 2.5, 3.999, 4.0, 4.5])
    np.testing.assert_array_equal(zero_order_hold(times, values, at, end_s=4.0), [NAN, 0.1, 0.5, 0.5, NAN, NAN])
    np.testing.assert_array_equal(zero_order_hold(times, values, at, end_s=1.2), np.full(6, NAN))
    assert zero_order_hold(times, values, np.array([1e9]), end_s=np.inf) == [0.5]


def test_a_resting_hand_holds_over_any_gap_and_a_pause_is_missing():
    times, values = np.array([0.0, 100.0, 101.0, 102.0]), np.array([0.3, 0.5, NAN, 0.2])
    at = np.array([99.9, 100.5, 101.0, 101.9, 102.0])
    np.testing.assert_array_equal(zero_order_hold(times, values, at), [0.3, 0.5, NAN, NAN, 0.2])


def test_of_samples_at_the_same_time_the_last_counts():
    assert zero_order_hold(np.array([1.0, 1.0, 2.0]), np.array([0.1, 0.2, 0.3]), np.array([1.0])) == [0.2]


def test_no_samples_and_no_times():
    assert held_until(np.empty(0)) == -np.inf
    assert np.isnan(zero_order_hold(np.empty(0), np.empty(0), np.array([1.0]))).all()
    assert zero_order_hold(np.empty(0), np.empty((0, 2)), np.array([1.0])).shape == (1, 2)
    assert zero_order_hold(np.array([1.0]), np.array([1.0]), np.empty(0)).shape == (0,)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=20), st.floats(0, 3))
def test_a_lag_is_taken_out_and_given_back(times, lag):
    t = np.sort(np.array(times))
    values = np.arange(t.size, dtype=np.float64)
    at, before = np.linspace(0, 12, 50), values.copy()
    np.testing.assert_array_equal(zero_order_hold(t, values, at, lag_s=lag), zero_order_hold(t, values, at + lag))
    np.testing.assert_array_equal(values, before)


@given(st.integers(0, 200), st.integers(1, 400), st.integers(0, 100))
def test_sums_that_do_not_meet_exactly_are_the_same_moment(first, n, lag):
    times, values = (first + np.arange(n)) / 25, np.arange(n, dtype=np.float64)
    at = (first - lag + np.arange(n)) / 25  # the frames on which the shifted samples lie
    np.testing.assert_array_equal(zero_order_hold(times, values, at, lag_s=lag / 25), values)
    assert np.isnan(zero_order_hold(times, values, at[-1:] + HOLD_S, lag_s=lag / 25)).all()


def test_frames_of_a_variable_rate_keep_their_times():
    got = zero_order_hold(np.array([0.05, 0.205]), np.array([1.0, 2.0]), np.array([0.0, 0.04, 0.2, 0.21, 0.5]))
    np.testing.assert_array_equal(got, [NAN, NAN, 1.0, 2.0, NAN])


def test_both_dimensions_of_millions_of_times_are_read_at_once_and_in_any_order():
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.uniform(0.001, 0.02, 200_000))
    values = rng.uniform(-1, 1, (200_000, 2)).astype(np.float32)
    at = rng.uniform(0, times[-1], 2_000_000)
    held = zero_order_hold(times, values, at)
    assert held.shape == (2_000_000, 2)
    for k in rng.integers(0, at.size, 200):
        before = values[times <= at[k] + 1e-6]
        np.testing.assert_array_equal(held[k], before[-1] if len(before) else [NAN, NAN])


def test_the_samples_themselves_are_read_by_the_rule():
    given_ = samples([1.0, 2.0], [0.1, 0.5], [0.2, NAN])
    values = given_.resampled(np.array([0.5, 1.5, 2.0, 2.5]))
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, [[NAN, NAN], [0.1, 0.2], [0.5, NAN], [NAN, NAN]], rtol=1e-6)


def test_an_even_grid_ends_where_it_should():
    grid = uniform_times(0.0, 1.0, RATE_HZ)
    assert (grid.size, grid[-1]) == (26, 1.0)
    assert uniform_times(0.1, 0.1 + 29 / 25, RATE_HZ).size == 30  # the product is a hair under 29
    assert uniform_times(0.0, 0.99, RATE_HZ)[-1] == 0.96


def test_a_lag_that_is_taken_out_moves_start_and_end():
    a, b = trace("A", samples([0.0, 1.0, 2.0], [0.1, 0.2, 0.3])), trace("B", samples([0.4, 2.0], [0.5, 0.6]))
    assert span_s([a, b]) == (0.0, 2.0)
    assert span_s([a, b], {"B": 0.5}) == pytest.approx((-0.1, 2.0))
    grid = even_times([b], {"B": 0.4})
    held = side_by_side([a, b], ["A", "B"], grid, {"B": 0.4})
    assert (grid[0], held.shape) == (0.0, (2, 41, 2))
    assert grid[-1] == pytest.approx(1.6)
    assert not np.isnan(held[1]).any()
    after = side_by_side([a, b], ["A", "B"], np.array([1.6, 1.7, 2.0]), {"B": 0.4})
    np.testing.assert_allclose(after[:, :, 0], [[0.2, 0.2, 0.3], [0.6, NAN, NAN]], rtol=1e-6)


def test_two_traces_of_a_rater_fill_each_others_gaps_and_others_are_left_out():
    nothing = [NAN, NAN]
    valence, arousal = samples([0.0, 1.0], [0.1, 0.2], nothing), samples([0.5, 1.0], nothing, [0.3, 0.4])
    at = np.array([0.2, 0.6, 1.0])
    held = side_by_side([trace("A", valence), trace("A", arousal), trace("C", valence)], ["B", "A"], at)
    assert np.isnan(held[0]).all()
    np.testing.assert_allclose(held[1], [[0.1, NAN], [0.1, 0.3], [0.2, 0.4]], rtol=1e-6)
