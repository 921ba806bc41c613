"""Pyramid, statistics, curves: what the timeline draws is what there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.words import figure
from app.ui.parts.timeline.curves import Annotation, bridge, empty_prediction, mean_of
from app.ui.parts.timeline.plots import strip
from app.ui.parts.timeline.pyramid import Pyramid
from app.ui.parts.timeline.stats import fit, in_window


def whole_columns(times, values, start_s, end_s, width):
    """The extremes of straight lines between neighbouring values in each column, one column at a time."""
    edges = np.linspace(start_s, end_s, width + 1)
    at_edges = np.interp(edges, times, values, left=np.nan, right=np.nan)
    low, high = np.full(width, np.nan), np.full(width, np.nan)
    for column in range(width):
        last = column == width - 1
        inside = (times >= edges[column]) & ((times <= edges[column + 1]) if last else (times < edges[column + 1]))
        known = np.r_[at_edges[column : column + 2], values[inside]]
        known = known[~np.isnan(known)]
        if len(known):
            low[column], high[column] = known.min(), known.max()
    return low, high


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 900), st.integers(2, 300), st.integers(0, 10_000))
def test_columns_are_the_extremes_of_the_lines_between_values(n, width, seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.01, 0.1, n))
    values = rng.standard_normal(n).astype(np.float32)
    start_s, end_s = np.sort(rng.uniform(times[0] - 1, times[-1] + 1, 2))
    low, high = Pyramid(times, values).columns(start_s, end_s, width)
    np.testing.assert_allclose(low, whole_columns(times, values, start_s, end_s, width)[0], atol=1e-3)
    np.testing.assert_allclose(high, whole_columns(times, values, start_s, end_s, width)[1], atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 30_000), st.integers(16, 2000), st.integers(0, 10_000))
def test_columns_of_a_long_curve_keep_its_extremes_and_its_gaps(n, width, seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.01, 0.1, n))
    values = rng.standard_normal(n).astype(np.float32)
    values[rng.random(n) < 0.05] = np.nan
    gap = slice(n // 3, n // 2)
    values[gap] = np.nan
    low, high = Pyramid(times, values).columns(times[0], times[-1], width)
    if not np.isnan(values).all():
        assert np.nanmax(high) == np.nanmax(values)
        assert np.nanmin(low) == np.nanmin(values)
    step_s = (times[-1] - times[0]) / width
    middles = times[0] + step_s * (np.arange(width) + 0.5)
    if gap.stop > gap.start:
        within = (middles > times[gap.start] + 2 * step_s) & (middles < times[gap.stop - 1] - 2 * step_s)
        assert np.isnan(high[within]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20_000), st.integers(0, 10_000))
def test_values_changed_in_place_are_taken_over(n, seed):
    rng = np.random.default_rng(seed)
    times, values = np.arange(n) / 25.0, rng.standard_normal((n, 2)).astype(np.float32)
    pyramid = Pyramid(times, values)
    first, last = np.sort(rng.integers(0, n + 1, 2))
    values[first:last] = rng.standard_normal((last - first, 2)) * 10
    pyramid.update(int(first), int(last))
    for changed, fresh in zip(
        pyramid.columns(0, n / 25, 200), Pyramid(times, values).columns(0, n / 25, 200), strict=True
    ):
        np.testing.assert_array_equal(changed, fresh)


def test_a_close_window_shows_the_samples_themselves_and_one_beyond_each_end():
    times = np.arange(100_000) / 100
    values = np.sin(times).astype(np.float32)
    drawn_t, drawn = Pyramid(times, values).points(500.0, 501.0)
    assert drawn_t[0] < 500.0 <= drawn_t[1]
    assert drawn_t[-2] <= 501.0 < drawn_t[-1]
    np.testing.assert_array_equal(drawn, values[np.searchsorted(times, drawn_t)])


def test_fit_equals_the_formulas_on_what_both_know():
    rng = np.random.default_rng(3)
    x = rng.standard_normal(500).astype(np.float32)
    y = (0.6 * x + 0.2 + 0.3 * rng.standard_normal(500)).astype(np.float32)
    x[:20] = np.nan
    both = ~np.isnan(x)
    a, b = x[both].astype(float), y[both].astype(float)
    expected = 2 * np.cov(a, b, ddof=0)[0, 1] / (a.var() + b.var() + (a.mean() - b.mean()) ** 2)
    result = fit(x, y)
    assert result.n == 480
    assert result.ccc == pytest.approx(expected)
    assert result.mse == pytest.approx(((a - b) ** 2).mean())
    assert result.pearson == pytest.approx(np.corrcoef(a, b)[0, 1])


def test_fit_without_common_points_is_a_dash():
    nothing = np.full(5, np.nan)
    result = fit(nothing, np.zeros(5))
    assert (result.n, figure(result.ccc), figure(result.mse), figure(result.pearson)) == (0, "–", "–", "–")
    assert figure(-0.256) == "−0.26"


def test_in_window_takes_both_ends():
    times = np.array([0.0, 0.5, 1.0, 1.5])
    assert in_window(times, 0.5, 1.0) == slice(1, 3)


def test_the_mean_leaves_out_who_has_no_value():
    a = Annotation("a", "A", np.float32([[0.2, 0], [np.nan, np.nan], [0.4, 0]]))
    b = Annotation("b", "B", np.float32([[0.4, 0], [np.nan, np.nan], [np.nan, np.nan]]))
    np.testing.assert_allclose(mean_of([a, b]).values[:, 0], [0.3, np.nan, 0.4], rtol=1e-6)


def test_live_answers_are_joined_over_frames_between_but_not_over_jumps():
    live = empty_prediction(np.arange(100) / 25.0)
    bridge(live.times_s, live.values, -1, 10, np.array([0.0, 0.0]))
    bridge(live.times_s, live.values, 10, 14, np.array([0.4, 0.8]))
    np.testing.assert_allclose(live.values[10:15, 0], [0, 0.1, 0.2, 0.3, 0.4], atol=1e-6)
    bridge(live.times_s, live.values, 14, 80, np.array([1.0, 1.0]))
    assert np.isnan(live.values[15:80]).all()
    assert np.isnan(live.values[:10]).all()


def test_the_strip_takes_the_largest_probability_under_each_pixel():
    times = np.arange(1000) / 25.0
    shares = np.zeros((1000, 3), np.float32)
    shares[517, 1] = 1.0
    picture = strip(times, shares, 0.0, 40.0, 200, 0.04)
    assert picture.shape == (3, 200)
    assert picture[1].max() == 255
    assert np.flatnonzero(picture[1]).tolist() == [517 // 5]
    close = strip(times, shares, 20.6, 20.8, 500, 0.04)
    assert 0.15 < (close[1] == 255).mean() < 0.25
    assert strip(times[:0], shares[:0], 0, 1, 50, 0.04) is None
