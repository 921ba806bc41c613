"""Lags: equal to the plain sums, with intervals, a least material, and raters who oppose the group set aside."""

import numpy as np
import pytest
from scipy.signal import lfilter

from app.agreement.ccc import mean_of_others
from app.agreement.gold import weak_raters
from app.agreement.lag_sums import lag_profile, pair_sums
from app.agreement.lags import LEAST_S, REFERENCE, relative_lags
from app.agreement.set_aside import never_moving, opposing
from app.agreement.settings import AgreementSettings
from app.agreement.trace_report import trace_agreement
from app.agreement.trace_sums import set_aside
from app.agreement.trace_tables import printed_traces, trace_notes, trace_rater_table
from app.domain.ratings import TraceLabel
from app.domain.traces import TraceSamples

RATE = 25.0


def smooth(n, rng):
    window = np.hanning(63)[1:-1]
    return np.convolve(rng.normal(size=n + 60), window / np.sqrt((window**2).sum()), mode="valid")


def clips_of(lags_s, n_clips=8, length_s=12, own=0.7, seed=0):
    """Per clip (raters, n): the same signal late by each rater's lag, with wobble of the rater's own."""
    out = []
    for clip in range(n_clips):
        rng = np.random.default_rng([seed, clip])
        n = round(length_s * RATE)
        truth = smooth(n + 200, rng)
        starts = [200 - round(lag * RATE) for lag in lags_s]
        out.append(np.stack([truth[a : a + n] + own * smooth(n, rng) for a in starts]))
    return out


def records(clips, raters="ABCDEF", item="i"):
    out = []
    for number, clip in enumerate(clips):
        for rater, row in zip(raters, clip, strict=False):
            times = np.arange(row.size) / RATE
            both = np.stack([row, np.full(row.size, np.nan)], axis=1).astype(np.float32)
            samples = TraceSamples(times, both, times, "mouse")
            out.append(TraceLabel(f"{item}{number}", f"c{number}", "face_only", rater, 1, samples))
    return out


def plainly(xs, ys, max_lag):
    """The profile from its definition, lag by lag."""
    full = sum((~np.isnan(x) & ~np.isnan(y)).sum() for x, y in zip(xs, ys, strict=True))
    out = []
    for lag in range(-max_lag, max_lag + 1):
        sums = np.zeros(4)
        for x, y in zip(xs, ys, strict=True):
            n = x.size - abs(lag)
            late, base = (x[lag:], y[:n]) if lag >= 0 else (x[:n], y[-lag:])
            both = ~np.isnan(late) & ~np.isnan(base)
            if both.sum() < 2 or np.ptp(late[both]) == 0 or np.ptp(base[both]) == 0:
                continue
            a, b = late[both] - late[both].mean(), base[both] - base[both].mean()
            sums += (a * b).sum(), (a * a).sum(), (b * b).sum(), both.sum()
        out.append(sums[0] / np.sqrt(sums[1] * sums[2]) if sums[3] >= 0.5 * full and sums[1] * sums[2] > 0 else np.nan)
    return np.array(out)


def test_the_profile_equals_its_definition_with_gaps_and_still_clips():
    rng = np.random.default_rng(0)
    xs = [np.cumsum(rng.normal(size=n)) + 100.0 for n in (120, 300, 80)]
    ys = [np.roll(x, -20) + rng.normal(size=x.size) for x in xs]
    xs[0][40:60], ys[1][:90], ys[2][:] = np.nan, np.nan, 1.0
    np.testing.assert_allclose(lag_profile(xs, ys, 60), plainly(xs, ys, 60), atol=1e-10)


def test_lags_have_intervals_over_clips_that_hold_the_truth():
    lags = [0.0, 0.6, 1.2]
    found = relative_lags(clips_of(lags, 12, 20), RATE, replicates=300)
    np.testing.assert_allclose([one.lag_s for one in found], lags, atol=0.15)
    assert (found[0].interval, found[0].interval_reason) == (None, REFERENCE)
    for one, true in zip(found[1:], lags[1:], strict=True):
        assert one.low <= true <= one.high
        assert 0 < one.high - one.low < 0.6
    again = relative_lags(clips_of(lags, 12, 20), RATE, replicates=300)
    assert [one.interval for one in again] == [one.interval for one in found]
    few = relative_lags(clips_of(lags, 4, 20), RATE, replicates=300)
    assert few[1].accepted
    assert few[1].interval_reason == "only 4 units to resample, 5 are needed for an interval"


def test_without_a_minute_in_common_there_is_no_lag():
    (clip,) = clips_of([0.0, 0.6, 1.2], 1, 6, own=0.05)
    for one in relative_lags([clip], RATE):
        assert not one.accepted
        assert np.isnan(one.lag_s)
        assert one.reason == f"only 6 s traced in common with another rater, {LEAST_S:.0f} s are needed"
    long = clips_of([0.0, 0.6, 1.2], 1, 60.5, own=0.05)
    assert all(one.accepted for one in relative_lags(long, RATE))


def test_a_rater_who_follows_something_else_moves_nobody():
    clips = clips_of([0.0, 0.6, 1.2], 10, 12)
    rng = np.random.default_rng(3)
    more = [np.vstack([clip, smooth(clip.shape[1], rng)]) for clip in clips]
    found = relative_lags(more, RATE)
    assert not found[3].accepted
    assert [one.lag_s for one in found[:3]] == [one.lag_s for one in relative_lags(clips, RATE)]


def test_smoothing_counts_as_lag_and_is_said():
    clips = clips_of([0.0, 0.0, 0.0], 10, 20, seed=1)
    keep = np.exp(-1 / (RATE * 0.5))
    slow = [np.stack([a, b, lfilter([1 - keep], [1, -keep], c)]) for a, b, c in clips]
    a, b, c = (one.lag_s for one in relative_lags(slow, RATE))
    assert c - (a + b) / 2 == pytest.approx(0.4, abs=0.1)
    (found,) = trace_agreement(records(slow), AgreementSettings(unit="item", replicates=50))
    assert "by about 0.4 s at a time constant of 0.5 s" in found.lag_estimates[2].sentence()
    assert "by about 0.4 s at a time constant of 0.5 s" in " ".join(trace_notes([found]))


@pytest.mark.parametrize("raters", [3, 5])
def test_an_inverted_rater_is_set_aside_and_moves_nobody(raters):
    lags = [0.0, 0.6, 1.2, 1.6, 0.3][:raters]
    clips = clips_of(lags, 10, 12)
    inverted = [clip * np.r_[np.ones(raters - 1), -1.0][:, None] for clip in clips]
    sums = pair_sums(inverted, 150)
    assert list(opposing(sums, RATE)) == [raters - 1]
    assert opposing(pair_sums(clips, 150), RATE) == {}
    (found,) = trace_agreement(records(inverted), AgreementSettings(unit="item", replicates=50))
    last = "ABCDE"[raters - 1]
    assert list(found.aside) == [last]
    assert found.lags[-1].reason == found.aside[last]
    alone = relative_lags([clip[:-1] for clip in clips], RATE)
    assert [one.lag_s for one in found.lags[:-1]] == [one.lag_s for one in alone]
    assert f"Rater {last} opposes the other raters in valence" in trace_notes([found])[0]
    assert trace_rater_table([found]).rows[-1][-1] == found.aside[last]
    (back,) = trace_agreement(records(inverted), AgreementSettings(unit="item", replicates=0), take_back=[last])
    assert back.aside == {}


def test_of_two_raters_nobody_opposes_and_of_a_few_seconds_nothing_is_told():
    two = [clip * np.array([[1.0], [-1.0]]) for clip in clips_of([0.0, 0.3], 10, 12)]
    assert set_aside(records(two)) == {}
    short = [clip * np.array([[1.0], [1.0], [-1.0]]) for clip in clips_of([0.0, 0.3, 0.6], 1, 20)]
    assert set_aside(records(short)) == {}


def test_who_never_moves_is_set_aside_where_others_moved_for_a_minute():
    clips = [np.vstack([clip, np.full(clip.shape[1], 0.2)]) for clip in clips_of([0.0, 0.3], 6, 12)]
    assert never_moving(clips, RATE) == [2]
    assert set_aside(records(clips)) == {"C": "never moves"}
    assert set_aside(records(clips), take_back=["C"]) == {}
    assert never_moving(clips[:4], RATE) == []
    clips[5][2, 30] = 0.3
    assert never_moving(clips, RATE) == []


def test_the_terminal_shows_every_coefficient_with_its_interval():
    (found,) = trace_agreement(
        records(clips_of([0.0, 0.6, 1.2], 10, 12)), AgreementSettings(unit="item", replicates=200)
    )
    joint, alone, pairs = printed_traces([found])
    assert all(table.title.endswith("reaction lags left in") for table in (joint, alone, pairs))
    assert joint.rows[0][4].count("[") == 1  # the ceiling
    assert [row[2] for row in pairs.rows] == ["A and B", "A and C", "B and C"]
    assert all("[" in row[3] for row in (*pairs.rows, *alone.rows))
    assert [("[" in row[4]) for row in alone.rows] == [k != 0 for k in range(3)]
    ceiling = np.mean([one.value for one in found.ceilings])
    assert found.ceiling.value == pytest.approx(ceiling, abs=1e-12)
    assert found.ceiling.low < found.ceiling.value < found.ceiling.high
    for one in (*found.ceilings, *found.pairs.values(), found.ceiling):
        assert "for" in one.sentence()
        assert "valence in face_only" in one.sentence()
        assert "reaction lags left in" in one.sentence()


def test_the_mean_of_others_is_misled_by_whom_the_weights_count_less():
    clips = clips_of([0.0, 0.0, 0.0], 10, 12, own=0.3)
    rng = np.random.default_rng(8)
    series = np.concatenate([np.vstack([clip, smooth(clip.shape[1], rng)]) for clip in clips], axis=1)
    from app.agreement.gold import reliability

    r = reliability(series)
    assert weak_raters(r) == [3]
    assert weak_raters(r[:3]) == []
    assert np.corrcoef(series[3], mean_of_others(series, 3))[0, 1] == pytest.approx(r[3])
