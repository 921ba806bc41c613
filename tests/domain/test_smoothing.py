import numpy as np
import pytest

from app.domain.smoothing import Filter, OneEuro, SmoothingSettings, smooth_track
from app.errors import UserError


def noisy(n=300, seed=0):
    rng = np.random.default_rng(seed)
    times_s = np.arange(n) / 30
    clean = np.where(times_s[:, None] < 5, -0.5, 0.5) * np.ones((1, 2))
    return times_s, clean, (clean + rng.normal(0, 0.1, clean.shape)).astype(np.float32)


def test_a_still_face_gives_a_still_curve_and_a_change_stays_where_it_was():
    times_s, clean, values = noisy()
    smooth = smooth_track(times_s, values)
    still = np.r_[30:130, 170:270]
    assert np.abs(smooth[still] - clean[still]).std() < 0.5 * np.abs(values[still] - clean[still]).std()
    crossing_s = times_s[np.flatnonzero(smooth[:, 0] > 0)[0]]
    assert crossing_s == pytest.approx(5, abs=0.1)


def test_live_never_looks_ahead():
    times_s, _, values = noisy()
    whole, part = OneEuro(), OneEuro()
    first = [whole.step(t, v) for t, v in zip(times_s, values, strict=True)][:100]
    again = [part.step(t, v) for t, v in zip(times_s[:100], values[:100], strict=True)]
    np.testing.assert_array_equal(first, again)


def test_it_starts_anew_after_a_gap_or_a_seek():
    smooth = OneEuro()
    smooth.step(0, [0.0])
    smooth.step(0.03, [0.0])
    assert smooth.step(10, [1.0])[0] == 1
    assert smooth.step(2, [-1.0])[0] == -1


def test_missing_values_hold():
    smooth = OneEuro()
    smooth.step(0, [0.4])
    assert smooth.step(0.03, [np.nan])[0] == pytest.approx(0.4)


def test_constant_stays_constant():
    times_s = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.08, 50))
    np.testing.assert_allclose(smooth_track(times_s, np.full((50, 2), 0.3, np.float32)), 0.3, atol=1e-6)


def test_a_bad_card_is_refused():
    assert SmoothingSettings.from_card({"beta": 0, "other": 1}).beta == 0
    with pytest.raises(UserError, match="min_cutoff_hz"):
        SmoothingSettings.from_card({"min_cutoff_hz": -1})


def test_past_and_future_count_alike():
    times_s, _, values = noisy()
    there = smooth_track(times_s, values)
    back = smooth_track(times_s[-1] - times_s[::-1], values[::-1])[::-1]
    np.testing.assert_allclose(there, back, atol=1e-6)


def test_the_names_of_paper_and_card_are_understood():
    settings = SmoothingSettings.from_card({"derivative_cutoff_hz": 2, "max_gap_s": 0.25})
    assert settings.speed_cutoff_hz == 2
    assert settings.gap_s == 0.25


def stepped(times_s, values, settings=None):
    smooth = OneEuro(settings)
    return np.stack([smooth.step(t, row) for t, row in zip(times_s, values, strict=True)])


@pytest.mark.parametrize("seed", range(20))
def test_all_at_once_equals_step_by_step(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 200))
    steps_s = rng.uniform(0.005, 0.1, count)
    steps_s[rng.random(count) < 0.1] = 0.0  # the same time twice
    steps_s[rng.random(count) < 0.05] = 1.5  # a gap
    steps_s[rng.random(count) < 0.05] *= -1  # a step back
    values = rng.normal(0, 0.5, (count, 3)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[: int(rng.integers(0, 4))] = np.nan
    settings = SmoothingSettings(beta=float(rng.uniform(0, 3)))
    times_s = np.cumsum(steps_s)
    np.testing.assert_allclose(
        Filter(times_s, settings).over(values), stepped(times_s, values, settings), rtol=1e-5, atol=1e-6
    )


def test_a_track_that_begins_without_values_is_smoothed_from_its_first_value():
    values = np.array([[np.nan], [np.nan], [0.5], [0.5], [np.nan], [0.5]], np.float32)
    times_s = np.arange(6) / 30
    for smooth in (stepped(times_s, values), Filter(times_s).over(values)):
        assert np.isnan(smooth[:2]).all()
        np.testing.assert_allclose(smooth[2:], 0.5)
