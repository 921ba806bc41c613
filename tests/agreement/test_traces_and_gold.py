"""Holds, lags, fusion, warping and labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agreement.ccc import ccc
from app.agreement.gold import combine, ewe_weights, gold_standard
from app.agreement.label_gold import dawid_skene, label_gold
from app.agreement.lag_sums import lag_profile
from app.agreement.lags import relative_lags
from app.agreement.prediction import (
    class_score,
    human_ceiling,
    human_class_ceiling,
    place_classes,
    series_score,
    soft_cross_entropy,
)
from app.agreement.settings import AgreementSettings
from app.agreement.traces import RaterLag, absolute_lags, reaction_lag, shift_samples
from app.agreement.warping import barycentre, warping_path
from app.domain.emotions import FERPLUS

RATE = 25.0


def wander(n=1700, seed=0):
    """A smooth random signal, (n,)."""
    steps = np.random.default_rng(seed).normal(size=n + 60)
    return np.convolve(steps, np.hanning(61), mode="valid")[:n] / 8.0


def late(truth, lags, seed=1, noise=0.05):
    """(raters, n) the signal as raters give it, each `lag` samples late."""
    rng = np.random.default_rng(seed)
    rows = [np.r_[np.full(lag, np.nan), truth[: truth.size - lag]] for lag in lags]
    return np.stack(rows) + rng.normal(0, noise, (len(lags), truth.size))


def test_known_lags_are_recovered_to_a_sample():
    lags = [0, 30, 45, 60, 100]
    found = relative_lags([late(wander(), lags)], RATE)
    assert all(f.accepted for f in found)
    np.testing.assert_allclose([f.lag_s * RATE for f in found], lags, atol=1.01)


def test_lags_are_pooled_over_clips_and_survive_gaps_and_offsets():
    lags = [10, 0, 35]
    clips = []
    for seed in range(5):
        clip = late(wander(400, seed), lags, seed, noise=0.1) * np.array([[1.0], [0.6], [1.4]]) + 0.2 * seed
        clip[1, 100:140] = np.nan
        clips.append(clip)
    found = relative_lags(clips, RATE, max_lag_s=3.0)
    np.testing.assert_allclose([f.lag_s * RATE for f in found], lags, atol=1.01)
    assert found[0].n == 5


def test_zero_padding_would_pull_the_peak_to_zero_but_overlap_does_not():
    truth = wander(300, 5) + 2.0
    x, y = np.r_[np.full(100, truth[0]), truth[:-100]], truth
    profile = lag_profile([x], [y], 150)
    assert int(np.nanargmax(profile)) - 150 == 100
    padded = np.correlate(x, y, mode="full")
    assert int(padded.argmax()) - (y.size - 1) != 100


def test_lags_that_cannot_be_known_are_rejected_with_a_reason():
    rng = np.random.default_rng(0)
    truth = wander()
    series = np.stack([truth, truth, rng.normal(size=truth.size), np.full(truth.size, 0.3)])
    found = relative_lags([series], RATE)
    assert [f.accepted for f in found] == [True, True, False, False]
    assert "below" in found[2].reason
    assert "no lag" in found[3].reason
    edge = relative_lags([late(truth, [0, 100])], RATE, max_lag_s=3.0)
    assert not all(f.accepted for f in edge)
    assert relative_lags([truth[None, :]], RATE)[0].reason == "fewer than two raters"
    assert relative_lags([], RATE) == ()


def test_shifting_there_and_back_restores_the_middle():
    series = late(wander(200), [0, 7])
    back = shift_samples(shift_samples(series, np.array([5, -5])), np.array([-5, 5]))
    np.testing.assert_array_equal(back[:, 5:-5], series[:, 5:-5])
    assert np.isnan(shift_samples(series, np.array([300, 0]))[0]).all()


def test_reaction_lag_from_known_onsets():
    onsets = np.array([2.0, 6.0, 10.0, 14.0])
    level = np.array([0.8, -0.8, 0.8, -0.8])
    times = np.r_[0.0, onsets + np.array([1.1, 1.3, 1.2, 9.0])]
    values = np.r_[0.0, level]
    found = reaction_lag(times, values, onsets)
    assert found.accepted
    assert found.lag_s == pytest.approx(1.2)
    assert found.peak == 0.75
    still = reaction_lag(times, np.zeros(5), onsets)
    assert not still.accepted
    assert "does not move" in still.reason
    rare = reaction_lag(times[:2], values[:2], onsets)
    assert not rare.accepted
    assert "of 4 onsets" in rare.reason


def test_absolute_lags_extend_calibration_to_all_raters():
    relative = (RaterLag(0.0, 0.9, True), RaterLag(0.4, 0.9, True), RaterLag(np.nan, 0.1, False, "flat"))
    calibrated = (RaterLag(1.0, 1.0, True), None, None)
    found = absolute_lags(relative, calibrated)
    assert [f.lag_s for f in found[:2]] == [1.0, 1.4]
    assert not found[2].accepted
    assert absolute_lags(relative, (None, None, None))[0].reason == "no rater was calibrated"


def test_gold_standards_of_traces_come_closer_to_the_truth_when_lags_are_removed():
    truth, lags = wander(), [0, 30, 45, 60, 100]
    series = late(truth, lags)
    found = np.array([f.lag_s for f in relative_lags([series], RATE)])
    plain = gold_standard(series, "mean", kind="trace")
    aligned = gold_standard(series, "mean", kind="trace", lags_s=found, rate_hz=RATE)
    assert ccc(aligned.values, truth) > 0.99 > ccc(plain.values, truth)
    assert aligned.recipe.lags_s == tuple(found)
    assert gold_standard(series, "mean", kind="trace").values.tobytes() == plain.values.tobytes()
    with pytest.raises(ValueError, match="sampling rate"):
        gold_standard(series, lags_s=found)


def test_mean_median_spread_and_missing():
    m = np.array([[1.0, 2.0, np.nan, np.nan], [3.0, np.nan, np.nan, 4.0], [8.0, 4.0, np.nan, np.nan]])
    mean, median = gold_standard(m), gold_standard(m, "median")
    np.testing.assert_allclose(mean.values, [4.0, 3.0, np.nan, 4.0])
    np.testing.assert_allclose(median.values, [3.0, 3.0, np.nan, 4.0])
    np.testing.assert_allclose(mean.spread, [np.std([1, 3, 8], ddof=1), np.sqrt(2.0), np.nan, np.nan])
    assert mean.n.tolist() == [3, 2, 0, 1]
    assert mean.recipe.as_dict()["method"] == "mean"


def test_weights_ignore_who_contradicts_and_fall_back_to_equal_ones():
    t = np.linspace(0, 10, 300)
    rng = np.random.default_rng(0)
    good = np.sin(t) + rng.normal(0, 0.1, (3, 300))
    series = np.vstack([good, -np.sin(t)])
    gold = gold_standard(series, "ewe")
    assert gold.weights[3] == 0
    assert ccc(gold.values, np.sin(t)) > 0.98
    opposed = np.stack([np.sin(t), -np.sin(t)])
    weights, fallback = ewe_weights(opposed)
    assert fallback
    np.testing.assert_array_equal(weights, [0.5, 0.5])
    assert "weigh the same" in gold_standard(opposed, "ewe").notes[0]
    given_weights = gold_standard(series, "ewe", weights=np.array([1.0, 1.0, 0.0, 0.0]))
    np.testing.assert_allclose(given_weights.values, series[:2].mean(axis=0))
    assert given_weights.recipe.scope == "given"


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 25), st.integers(2, 25), st.integers(1, 30))
def test_warping_finds_the_cheapest_path(seed, n, m, window):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=n), rng.normal(size=m)
    cost, path = warping_path(x, y, window)
    band = max(window, abs(n - m), 1)
    table = np.full((n + 1, m + 1), np.inf)
    table[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            if abs(i - j) <= band:
                table[i, j] = (x[i - 1] - y[j - 1]) ** 2 + min(table[i - 1, j], table[i, j - 1], table[i - 1, j - 1])
    assert cost == pytest.approx(np.sqrt(table[n, m]), abs=1e-12)
    assert cost**2 == pytest.approx(((x[path[:, 0]] - y[path[:, 1]]) ** 2).sum(), abs=1e-9)
    assert path[0].tolist() == [0, 0]
    assert path[-1].tolist() == [n - 1, m - 1]
    assert set(map(tuple, np.diff(path, axis=0))) <= {(1, 1), (1, 0), (0, 1)}


def test_barycentre_of_shifted_series_keeps_the_shape():
    truth = wander(160, 3)
    series = late(truth, [0, 3, 6], noise=0.01)
    gold = gold_standard(series, "barycentre", kind="trace", rate_hz=RATE, window_s=1.0)
    assert np.isnan(gold.values[:6]).all()
    shape = np.nanmax([ccc(gold.values[6 + s : 150 + s], truth[6:150]) for s in range(-6, 7)])
    assert shape > 0.97
    assert gold.recipe.window == 25
    same = np.tile(truth[:40], (3, 1))
    np.testing.assert_allclose(barycentre(same, 5), truth[:40])


@pytest.mark.parametrize(
    ("method", "label", "state"),
    [
        ("plurality", [0, -1, 1, -1, 2], ["clear", "tie", "clear", "no_votes", "clear"]),
        ("majority", [0, -1, -1, -1, 2], ["clear", "tie", "no_majority", "no_votes", "clear"]),
        ("ferplus", [0, -1, 1, -1, -1], ["clear", "tie", "clear", "no_votes", "no_votes"]),
    ],
)
def test_labels_from_votes(method, label, state):
    votes = np.array([[6, 3, 1], [4, 4, 2], [1, 2, 1], [0, 0, 0], [0, 0, 1.0]])
    got = label_gold(votes, method)
    assert got.label.tolist() == label
    assert list(got.state) == state
    sums = got.distribution.sum(axis=1)
    assert set(np.round(sums, 12)) <= {0.0, 1.0}


def test_dawid_skene_learns_who_is_careless():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 300)
    skill = np.array([0.9, 0.85, 0.9, 0.35, 0.4])
    item, rater = (a.ravel() for a in np.indices((300, 5)))
    right = rng.random(item.size) < skill[rater]
    label = np.where(right, truth[item], rng.integers(0, 3, item.size))
    keep = rng.random(item.size) < 0.9
    got = dawid_skene(item[keep], rater[keep], label[keep], (300, 5, 3))
    assert got.converged
    seen = np.bincount(item[keep], minlength=300) > 0
    model = (got.posterior.argmax(axis=1) == truth)[seen].mean()
    votes = np.zeros((300, 3))
    np.add.at(votes, (item[keep], label[keep]), 1)
    assert model > (votes.argmax(axis=1) == truth)[seen].mean()
    diagonal = got.confusion[:, np.arange(3), np.arange(3)].mean(axis=1)
    assert diagonal[:3].min() > 0.8 > 0.65 > diagonal[3:].max()
    np.testing.assert_allclose(got.confusion.sum(axis=2), 1.0)


def test_predictions_stand_beside_the_human_ceiling():
    truth = wander(800, 2)
    raters = late(truth, [0, 0, 0], noise=0.15)
    gold = combine(raters, np.full(3, 1 / 3))
    score = series_score(truth * 0.5, gold)
    assert score.pearson > 0.95 > score.ccc
    assert score.rmse == pytest.approx(np.sqrt(score.mse))
    assert 0 < score.sagr <= 1
    ceiling = human_ceiling(raters)
    assert ceiling.low_ccc <= ceiling.mean_ccc <= ceiling.high_ccc
    assert score.ccc < ceiling.mean_ccc
    assert series_score(np.array([np.nan]), np.array([1.0])).n == 0


def test_classes_against_people_and_confused_has_no_prediction():
    labels = np.array([[0, 1, 1, -1], [0, 1, 0, 2], [0, 0, 0, 2]])
    scores = human_class_ceiling(labels, 3)
    assert scores[0].n == 2
    assert scores[0].accuracy == 0.5
    assert np.isnan(class_score(np.array([-1]), np.array([0]), 2).accuracy)
    p = np.full((4, 8), 0.125)
    placed = place_classes(p, FERPLUS)
    assert placed["confused"] is None
    np.testing.assert_allclose(placed["happy"], 0.125)
    assert soft_cross_entropy(p, np.eye(8)[:4]) == pytest.approx(np.log(8))
    assert np.isnan(soft_cross_entropy(p, np.zeros((4, 8))))


def test_trace_agreement_of_a_study():
    from app.agreement.alpha import krippendorff_alpha
    from app.agreement.trace_report import trace_agreement
    from app.domain.ratings import TraceLabel
    from app.domain.traces import TraceSamples

    traces = []
    for i in range(6):
        series = late(wander(280, i), [0, 5, 12], i, noise=0.1)
        for k, row in enumerate(series):
            keep = ~np.isnan(row)
            times = np.flatnonzero(keep) / RATE
            both = np.stack([row[keep], np.full(keep.sum(), np.nan)], axis=1).astype(np.float32)
            samples = TraceSamples(times, both, times, "simulated")
            traces.append(TraceLabel(f"i{i}", f"c{i}", "face_only", f"R{k}", 1, samples))
    (result,) = trace_agreement(traces, AgreementSettings(unit="item"))
    assert (result.condition, result.dimension, result.raters) == ("face_only", "valence", ("R0", "R1", "R2"))
    np.testing.assert_allclose([lag.lag_s * RATE for lag in result.lags], [0, 5, 12], atol=1.01)
    assert result.pairwise[0, 1] > result.pairwise[0, 2]
    assert result.leave_one_out.argmax() == 1
    assert result.mean_pairwise.low < result.mean_pairwise.value < result.mean_pairwise.high
    assert result.alpha.low < result.alpha.value < result.alpha.high
    assert result.per_item[0][1] <= result.per_item[-1][1]
    held = np.full((3, 6 * 280), np.nan)
    for t in traces:
        i, k = int(t.item[1:]), int(t.rater[1:])
        at = np.rint(t.samples.times_s * RATE).astype(int)
        held[k, i * 280 + at] = t.samples.values[:, 0]
    assert result.alpha.value == pytest.approx(krippendorff_alpha(held.T, "interval").value, abs=1e-9)
    assert "over time points for valence in face_only" in result.alpha.sentence()
    assert trace_agreement([]) == []


def test_a_rater_who_stops_early_does_not_enter_agreement_afterwards():
    from app.agreement.trace_report import trace_agreement
    from app.domain.ratings import TraceLabel
    from app.domain.traces import TraceSamples

    times = np.arange(0, 8.0, 0.04)
    values = np.repeat(np.sin(times)[:, None], 2, axis=1).astype(np.float32)
    early = times <= 4.0
    traces = [
        TraceLabel("i", "c", "face_only", rater, 1, TraceSamples(times[keep], values[keep], times[keep], "mouse"))
        for rater, keep in (("A", np.ones(times.size, bool)), ("B", np.ones(times.size, bool)), ("C", early))
    ]
    result = trace_agreement(traces, AgreementSettings(replicates=0))[0]
    np.testing.assert_allclose(result.pairwise[0, 2], 1.0)
    np.testing.assert_allclose(result.alpha.value, 1.0)
    assert result.alpha.n_ratings == 2 * times.size + early.sum()


def test_a_trace_of_eight_seconds_beside_two_of_sixty_says_nothing_afterwards():
    from app.agreement.as_json import traces_json
    from app.agreement.trace_report import trace_agreement
    from app.domain.ratings import TraceLabel
    from app.domain.traces import TraceSamples

    times, rng = np.arange(1500) / RATE, np.random.default_rng(4)
    traces, held = [], []
    for rater, n in (("A", 1500), ("B", 1500), ("C", 194)):
        wobble = np.convolve(rng.normal(size=1560), np.hanning(61), mode="valid")[:1500] / 6
        values = (0.6 * np.sin(times / 3) + wobble)[:n]
        both = np.stack([values, values], axis=1).astype(np.float32)
        traces.append(TraceLabel("i", "c", "face_only", rater, 1, TraceSamples(times[:n], both, times[:n], "mouse")))
        held.append(np.r_[values, np.full(1500 - n, values[-1])])
    (found, _) = trace_agreement(traces, AgreementSettings(replicates=0))

    def plain(x, y):
        (a, c), (_, b) = np.cov(x, y, bias=True)
        return 2 * c / (a + b + (x.mean() - y.mean()) ** 2)

    def mean_of_pairs(n_of_c):
        ends = {(0, 1): 1500, (0, 2): n_of_c, (1, 2): n_of_c}
        return np.mean([plain(held[a][:n], held[b][:n]) for (a, b), n in ends.items()])

    assert mean_of_pairs(194) == pytest.approx(0.2011, abs=5e-5)  # right
    assert mean_of_pairs(1500) == pytest.approx(0.1322, abs=5e-5)  # with 1,306 samples that nobody gave
    assert found.mean_pairwise.value == pytest.approx(0.2011, abs=5e-5)
    assert traces_json([found])[0]["ccc_mean_pairwise"]["value"] == found.mean_pairwise.value
    assert (found.pairs[0, 2].n_ratings, found.alpha.n_ratings) == (2 * 194, 2 * 1500 + 194)
