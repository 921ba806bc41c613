"""Intervals: what the jackknife is, where there is none, and what alpha is compared on."""

import numpy as np
import pytest
from scipy import stats

from app.agreement.alpha import krippendorff_alpha
from app.agreement.jackknife import jackknife_interval, spread
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from tests.agreement.test_report import CONDITIONS, EMOTIONS, simulated
from tests.agreement.test_rounding import paired_table


def by_hand(value, left_out, there, back, few=0):
    """The interval written out: variance, kurtosis, degrees of freedom, t."""
    n, d = len(left_out), there(left_out) - there(left_out).mean()
    variance = (n - 1) / n * (d**2).sum()
    kurtosis = n * (d**4).sum() / (d**2).sum() ** 2
    freedom = min(max(2 * n / (kurtosis - 1), 2), n - 1) if n >= 10 else n - 1 + few
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    return back(there(value) - half), back(there(value) + half)


@pytest.mark.parametrize("step", [1.0, 0.05])
@pytest.mark.parametrize("unit", ["clip", "subject"])
def test_the_interval_is_that_of_leaving_out_each_unit(step, unit):
    table, scores = simulated(40, step=step, per_clip=4)
    report = agreement_report(table, None, AgreementSettings(unit=unit))
    of_item = np.arange(40) // 4 if unit == "clip" else np.arange(40) % 9
    m, other = scores[:, 1, :, 0], scores[:, 1, :, 1]
    units = np.unique(of_item)
    cell = report.emotion("face_only", "sad")
    for metric, got in (("ordinal", cell.alpha_ordinal), ("interval", cell.alpha_interval)):
        left = np.array([krippendorff_alpha(m[of_item != u], metric).value for u in units])
        low, high = by_hand(got.value, left, lambda v: -np.sqrt(1 - v), lambda z: 1 - z**2, 2)
        np.testing.assert_allclose([got.low, got.high], [low, high], atol=1e-9)
        assert (got.unit, got.n_units) == (unit, units.size)
    pair = report.pairs[1]
    both = (~np.isnan(m)).sum(1) >= 2
    both &= (~np.isnan(other)).sum(1) >= 2
    gaps = np.array(
        [
            np.subtract(*(krippendorff_alpha(x[both & (of_item != u)], "ordinal").value for x in (m, other)))
            for u in units
        ]
    )
    want = by_hand(pair.delta_alpha.value, gaps, lambda v: v, lambda z: z, 2)
    np.testing.assert_allclose([pair.delta_alpha.low, pair.delta_alpha.high], want, atol=1e-9)


def test_a_mean_has_the_interval_of_students_t():
    x = np.random.default_rng(1).uniform(size=11)
    left = (x.sum() - x) / 10
    want = stats.t.interval(0.95, 10, x.mean(), stats.sem(x))
    found = jackknife_interval(x.mean(), left)
    np.testing.assert_allclose([found.low, found.high], want, atol=1e-12)


def test_a_variance_of_few_units_has_as_many_degrees_of_freedom_as_units():
    x = np.array([0.4, 0.9, 1.3, 0.7, 1.1])
    left = (x.sum() - x) / 4
    there, back = np.sqrt, np.square
    found = jackknife_interval(x.mean(), left, scale="root")
    np.testing.assert_allclose([found.low, found.high], by_hand(x.mean(), left, there, back, 1), atol=1e-12)
    same = jackknife_interval(x.mean(), left, scale="variances")
    want = by_hand(x.mean(), left, lambda v: v, lambda z: z, 1)
    np.testing.assert_allclose([same.low, same.high], want, atol=1e-12)
    many = np.tile(x, 2)
    left = (many.sum() - many) / 9
    found = jackknife_interval(many.mean(), left, scale="root")
    np.testing.assert_allclose([found.low, found.high], by_hand(many.mean(), left, there, back), atol=1e-12)


def test_what_few_units_carry_has_few_degrees_of_freedom():
    x = np.zeros(200)
    x[:3] = 5.0
    left = (x.sum() - x) / 199
    assert spread(left)[1] < 8
    assert spread((np.arange(200.0).sum() - np.arange(200.0)) / 199)[1] == 199


@pytest.mark.parametrize(("per_clip", "why"), [(40, "one clip"), (10, "only 4 clips")])
def test_fewer_than_five_units_have_no_interval_but_exact_flips(per_clip, why):
    table, _ = simulated(40, per_clip=per_clip)
    report = agreement_report(table, None, AgreementSettings(unit="clip"))
    for estimate in report.emotions[0].estimates():
        assert estimate.defined
        assert estimate.interval is None
        assert why in estimate.reason
    assert all(p.p_adjusted >= 2 / 2 ** (40 // per_clip) for p in report.pairs)
    assert any("cannot be resampled" in w for w in report.warnings)


def test_a_rare_emotion_has_no_interval_and_says_why():
    scores = np.zeros((40, 4))
    scores[:3, :2] = (2, 3)
    report = agreement_report(paired_table(scores, scores), None, AgreementSettings(unit="item"))
    alpha = report.emotions[0].alpha_ordinal
    assert alpha.defined
    assert alpha.interval is None
    assert "only 3 items of 40 hold another rating" in alpha.reason


@pytest.mark.parametrize("interval", ["jackknife", "bootstrap"])
def test_no_interval_leaves_the_range_of_its_statistic_or_has_no_width(interval):
    rng = np.random.default_rng(3)
    for seed in range(30):
        scores = np.repeat(rng.integers(0, 6, (12, 1)), 3, axis=1).astype(float)
        scores[rng.random(scores.shape) < 0.08] += 1
        settings = AgreementSettings(unit="item", seed=seed, interval=interval, replicates=200)
        report = agreement_report(paired_table(scores, scores[::-1]), None, settings)
        for e in (e for cell in report.emotions for e in cell.estimates()):
            if e.interval is not None:
                assert e.low < e.high
                assert e.high <= (1 if "variance" not in e.estimator else np.inf)
                assert e.low >= (0 if "alpha" not in e.estimator else -np.inf)


def test_alpha_is_compared_on_the_items_of_both_conditions():
    rng = np.random.default_rng(0)
    latent = rng.integers(0, 6, (120, 1))
    face = np.clip(np.rint(latent + rng.normal(0, 1, (120, 4))), 0, 5)
    full = np.clip(np.rint(latent + rng.normal(0, 1, (120, 4))), 0, 5)
    face[50:] = rng.integers(0, 6, (70, 4))
    full[50:] = np.nan
    pair = agreement_report(paired_table(face, full), None, AgreementSettings(unit="item")).pairs[0]
    want = krippendorff_alpha(face[:50], "ordinal").value - krippendorff_alpha(full[:50], "ordinal").value
    assert pair.delta_alpha.value == pytest.approx(want, abs=1e-12)
    assert pair.delta_alpha.n_items == 50
    assert pair.delta_alpha.n_ratings == 400
    assert pair.delta_alpha.n_units == 50
    assert "paired items" in pair.delta_alpha.estimator


def test_alpha_of_conditions_without_a_common_item_is_called_unpaired():
    face, full = np.full((2, 60, 3), np.nan)
    rng = np.random.default_rng(5)
    face[:20], full[20:] = rng.integers(0, 6, (20, 3)), rng.integers(0, 6, (40, 3))
    pair = agreement_report(paired_table(face, full), None, AgreementSettings(unit="item")).pairs[0]
    assert not pair.difference.defined
    assert pair.delta_alpha.defined
    assert "unpaired, 20 and 40 items" in pair.delta_alpha.estimator
    assert pair.delta_alpha.interval is not None


def test_the_seed_does_not_move_an_interval():
    table, _ = simulated()
    one, two = (agreement_report(table, None, AgreementSettings(seed=s)) for s in (0, 1))
    for condition in CONDITIONS:
        for emotion in EMOTIONS:
            assert one.emotion(condition, emotion) == two.emotion(condition, emotion)
