"""What must hold for every table: identities, degenerate input and invariances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.agreement.alpha import krippendorff_alpha
from app.agreement.ccc import ccc, ccc_estimate, ccc_videos, leave_one_out_ccc, mean_pairwise, pairwise_ccc
from app.agreement.icc import icc
from app.agreement.resample import bootstrap_sums, bootstrap_weights, sign_flip_max_t, weighted_sums
from app.agreement.variance import disagreement
from tests.agreement.test_oracles import tables

series = hnp.arrays(np.float64, st.integers(2, 40), elements=st.floats(-1, 1, width=32))


@given(series)
def test_ccc_of_a_series_with_itself_is_one_or_undefined(x):
    value = ccc(x, x.copy())
    if np.ptp(x) == 0:
        assert np.isnan(value)
    else:
        assert value == pytest.approx(1.0, abs=1e-12)


@given(series, st.floats(-2, 2, width=32))
def test_ccc_with_a_constant_is_zero_and_of_two_constants_undefined(x, c):
    constant = np.full(x.size, c)
    if np.ptp(x) == 0:
        got = ccc_estimate(x, constant)
        assert np.isnan(got.value)
        assert got.reason == "both series are constant"
        assert "undefined" in got.sentence()
    else:
        assert ccc(x, constant) == 0.0
        assert "constant" in ccc_estimate(x, constant).reason


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 1000])
def test_ccc_of_equal_constants_never_scores(n):
    assert np.isnan(ccc(np.full(n, 0.1), np.full(n, 0.1)))


def test_ccc_needs_two_common_points():
    x = np.array([0.1, np.nan, 0.3])
    got = ccc_estimate(x, np.array([np.nan, 0.2, 0.3]))
    assert np.isnan(got.value)
    assert "fewer than two" in got.reason


@given(series, st.floats(-3, 3), st.floats(0.1, 4))
def test_ccc_is_symmetric_and_unchanged_by_a_common_shift_and_scale(x, shift, scale):
    y = np.roll(x, 1) * 0.7 + 0.1
    assert ccc(x, y) == pytest.approx(ccc(y, x), abs=1e-12, nan_ok=True)
    if np.ptp(x) > 1e-3:
        assert ccc(x * scale + shift, y * scale + shift) == pytest.approx(ccc(x, y), abs=1e-6)
        assert -1.0 - 1e-12 <= ccc(x, y) <= 1.0 + 1e-12


@given(tables(), st.randoms(use_true_random=False), st.floats(-5, 5), st.floats(0.2, 3))
def test_order_of_raters_and_items_and_the_origin_of_the_scale_do_not_matter(m, random, shift, scale):
    rows, cols = list(range(m.shape[0])), list(range(m.shape[1]))
    random.shuffle(rows)
    random.shuffle(cols)
    mixed = m[np.ix_(rows, cols)]
    for metric in ("nominal", "ordinal", "interval"):
        plain = krippendorff_alpha(m, metric).value
        assert krippendorff_alpha(mixed, metric).value == pytest.approx(plain, abs=1e-12, nan_ok=True)
        moved = krippendorff_alpha(m * scale + shift, metric).value
        assert moved == pytest.approx(plain, abs=1e-9, nan_ok=True)
    assert disagreement(mixed).value == pytest.approx(disagreement(m).value, abs=1e-12, nan_ok=True)
    assert disagreement(m + shift).value == pytest.approx(disagreement(m).value, abs=1e-9, nan_ok=True)


# The two-way model that comes with it is fitted by search where a table is degenerate, which takes seconds.
@pytest.mark.slow
@settings(max_examples=20)
@given(tables(), st.randoms(use_true_random=False))
def test_order_of_raters_and_items_does_not_matter_to_the_one_way_icc(m, random):
    rows, cols = list(range(m.shape[0])), list(range(m.shape[1]))
    random.shuffle(rows)
    random.shuffle(cols)
    mixed = m[np.ix_(rows, cols)]
    assert icc(mixed).one_way.value == pytest.approx(icc(m).one_way.value, abs=1e-9, nan_ok=True)


@settings(deadline=None)
@given(tables())
def test_ordinal_and_nominal_alpha_depend_on_order_or_identity_alone(m):
    bent = m**3 + 1.0
    assert krippendorff_alpha(bent, "ordinal").value == pytest.approx(
        krippendorff_alpha(m, "ordinal").value, abs=1e-12, nan_ok=True
    )
    labels = (m * 5) % 7
    assert krippendorff_alpha(labels, "nominal").value == pytest.approx(
        krippendorff_alpha(m, "nominal").value, abs=1e-12, nan_ok=True
    )


def test_a_rater_offset_lowers_absolute_agreement_only():
    rng = np.random.default_rng(0)
    m = rng.normal(0, 1, (50, 1)) + rng.normal(0, 0.3, (50, 4))
    offset = m + np.array([0.0, 0.5, 1.0, 1.5])
    assert icc(offset).consistency.value == pytest.approx(icc(m).consistency.value, abs=1e-12)
    assert icc(offset).agreement.value < icc(m).agreement.value - 0.1


@pytest.mark.parametrize(
    "m",
    [
        np.full((1, 3), np.nan),
        np.array([[1.0, np.nan]]),
        np.full((4, 3), 2.0),
        np.array([[1.0, 2.0]]),
        np.empty((0, 3)),
    ],
)
def test_degenerate_tables_are_undefined_with_a_reason(m):
    result = icc(m)
    for estimate in (*result.all(), krippendorff_alpha(m, "ordinal"), krippendorff_alpha(m, "interval")):
        assert np.isnan(estimate.value) or m.shape == (1, 2)
        if np.isnan(estimate.value):
            assert estimate.reason
            assert estimate.as_dict()["value"] is None


def test_pairwise_and_leave_one_out_ccc_of_traces():
    t = np.linspace(0, 6, 200)
    raters = np.stack([np.sin(t), np.sin(t) + 0.1, np.cos(t)])
    m = pairwise_ccc(raters)
    assert m[0, 0] == 1.0
    assert m[0, 1] == m[1, 0] > 0.9
    assert mean_pairwise(m) == pytest.approx((m[0, 1] + m[0, 2] + m[1, 2]) / 3)
    loo = leave_one_out_ccc(raters)
    assert loo[2] < loo[0]


def test_intervals_of_video_ccc_resample_videos():
    rng = np.random.default_rng(3)
    pairs = []
    for _ in range(12):
        x = rng.normal(size=80).cumsum()
        pairs.append((x, x + rng.normal(0, 2.0, 80)))
    got = ccc_videos(pairs, replicates=400, seed=4)
    assert got.pooled.low < got.pooled.value < got.pooled.high
    assert got.mean.low < got.mean.value < got.mean.high
    again = ccc_videos(pairs, replicates=400, seed=4)
    assert again.pooled.interval == got.pooled.interval
    assert "videos" in got.pooled.sentence()


def test_bootstrap_weights_do_not_depend_on_blocks_or_precision(monkeypatch):
    whole = np.concatenate(list(bootstrap_weights(40, 25, 7)))
    single = np.concatenate(list(bootstrap_weights(40, 25, 7, single=True)))
    monkeypatch.setattr("app.agreement.resample.CHUNK_BYTES", 40 * 8 * 4)
    parts = list(bootstrap_weights(40, 25, 7))
    assert len(parts) == 7
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(single, whole)
    assert (whole.sum(axis=1) == 40).all()
    columns = np.random.default_rng(0).normal(size=(40, 3))
    np.testing.assert_allclose(bootstrap_sums(columns, 25, 7), whole @ columns, atol=1e-12)
    monkeypatch.setattr("app.agreement.resample.SUM_PIECE", 7)
    np.testing.assert_allclose(weighted_sums(whole, columns), whole @ columns, atol=1e-12)


def test_random_sign_flips_agree_with_listing_all_of_them():
    rng = np.random.default_rng(1)
    d = rng.normal(0.35, 1.0, (13, 3))
    exact, exact_adjusted = sign_flip_max_t(d, flips=9_999)
    many = np.concatenate([d, np.zeros((9, 3))])
    np.testing.assert_allclose(sign_flip_max_t(many)[0], exact)
    monte = [sign_flip_max_t(np.concatenate([d, 1e-9 * rng.normal(size=(2, 3))]), flips=20_000, seed=s) for s in (1, 2)]
    for raw, adjusted in monte:
        np.testing.assert_allclose(raw, exact, atol=0.015)
        np.testing.assert_allclose(adjusted, exact_adjusted, atol=0.02)
    assert (exact_adjusted >= exact).all()


def test_sign_flips_in_single_precision_give_the_same_p(monkeypatch):
    d = np.random.default_rng(2).normal(0.03, 1.0, (3_000, 4))
    single = sign_flip_max_t(d, seed=5)
    monkeypatch.setattr("app.agreement.resample.SINGLE_PRECISION_FROM", 10**9)
    double = sign_flip_max_t(d, seed=5)
    np.testing.assert_allclose(single, double, atol=3e-4)


def test_equal_emotions_share_their_adjusted_p():
    d = np.random.default_rng(2).normal(0.3, 1.0, (40, 1))
    raw, adjusted = sign_flip_max_t(np.repeat(d, 5, axis=1))
    # Perfectly correlated tests cost no correction, where Holm would take five times the raw p.
    np.testing.assert_allclose(adjusted, raw, atol=1e-12)
    assert sign_flip_max_t(np.zeros((5, 2)))[1].tolist() == [1.0, 1.0]
