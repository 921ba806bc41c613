import numpy as np
import pytest

from app.faces.blinks import find_blinks


def opening(times_s, *blinks, open_=0.3):
    """An eye that closes wholly around each (middle, width) in seconds."""
    values = np.full(len(times_s), open_)
    for middle, width in blinks:
        values = np.minimum(values, open_ * np.clip(np.abs(times_s - middle) / width, 0, 1))
    return values


def test_blinks_are_found_with_onset_duration_rate_and_depth():
    times = np.arange(0, 20, 1 / 60)
    found = find_blinks(times, opening(times, (3, 0.2), (11.5, 0.2), (15, 0.2)))
    assert [b.onset_s for b in found.blinks] == pytest.approx([2.9, 11.4, 14.9], abs=0.01)
    assert [b.duration_s for b in found.blinks] == pytest.approx([0.2] * 3, abs=0.02)
    assert all(b.depth > 0.9 for b in found.blinks)
    assert found.rate_per_min == pytest.approx(9, rel=0.02)
    assert found.perclos == pytest.approx(3 * 0.08 / 20, rel=0.25)
    assert found.closing.sum() == pytest.approx(3 * 0.2 * 60, abs=3)


def test_a_long_closure_is_no_blink_but_counts_for_perclos():
    times = np.arange(0, 10, 1 / 30)
    values = np.where((times > 4) & (times < 6), 0.01, 0.3)
    found = find_blinks(times, values)
    assert found.blinks == ()
    assert found.perclos == pytest.approx(0.2, abs=0.02)


def test_where_the_face_is_unseen_there_is_no_blink():
    times = np.arange(0, 10, 1 / 30)
    values = opening(times, (5, 0.2))
    values[(times > 4.6) & (times < 5.02)] = np.nan
    assert find_blinks(times, values).blinks == ()
    nothing = find_blinks(times, np.full(len(times), np.nan))
    assert (nothing.blinks, nothing.rate_per_min, nothing.perclos) == ((), None, None)


def test_eyes_that_stay_open_never_blink():
    times = np.arange(0, 10, 1 / 30)
    noise = np.random.default_rng(1).normal(0.3, 0.02, len(times))
    assert find_blinks(times, noise).blinks == ()
