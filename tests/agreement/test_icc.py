"""Intraclass correlations: impossible values, incomplete tables, intervals without a distribution."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from app.agreement.icc import icc
from app.agreement.jackknife import jackknife_interval
from app.agreement.reml import components
from app.interchange.tidy_ratings import read_ratings
from tests.agreement import published as pub

REVERSED = [[5, 0], [0, 2], [2, 5], [4, 2], [3, 3], [5, 0], [2, 4], [2, 5], [5, 4], [2, 5]]


def crossed(n_items, n_raters, seed, missing=0.3, sd=(1.0, 0.6, 1.0)):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, sd[0], (n_items, 1)) + rng.normal(0, sd[1], (1, n_raters))
    x = x + rng.normal(0, sd[2], (n_items, n_raters))
    x[rng.random(x.shape) < missing] = np.nan
    return x


def test_what_is_no_correlation_is_undefined_with_its_reason():
    result = icc(np.array(REVERSED, float))
    assert not result.agreement_mean.defined
    assert "-2.857" in result.agreement_mean.reason
    assert "not a correlation" in result.agreement_mean.sentence()
    for e in icc(np.array(REVERSED, float), interval="F").all():
        assert e.interval is None or e.low <= e.value <= e.high <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=2, max_size=12), st.sampled_from(["jackknife", "F"]))
def test_every_value_and_interval_is_possible(rows, interval):
    for e in icc(np.array(rows, float), interval=interval).all():
        assert e.defined or e.reason
        if e.defined:
            assert -1 <= e.value <= 1
        if e.interval is not None:
            assert e.low <= e.value + 1e-12
            assert e.value <= e.high + 1e-12
            assert e.high <= 1 + 1e-12
        else:
            assert e.reason


def test_the_interval_leaves_out_one_unit_at_a_time():
    x = crossed(24, 4, 1, missing=0.0)
    unit = np.arange(24) // 3
    got = icc(x, unit=unit, unit_name="clip").agreement
    left = np.array([icc(x[unit != u], interval="F").agreement.value for u in range(8)])
    z = -np.sqrt(1 - left)
    d = z - z.mean()
    half = stats.t.ppf(0.975, 9) * np.sqrt(7 / 8 * (d**2).sum())
    centre = -np.sqrt(1 - got.value)
    np.testing.assert_allclose([got.low, got.high], [1 - (centre - half) ** 2, 1 - (centre + half) ** 2], atol=1e-10)
    assert (got.unit, got.n_units) == ("clip", 8)


def test_incomplete_tables_have_a_mixed_model_on_all_ratings():
    x = crossed(40, 5, 2)
    result = icc(x, about="happy in face_only")
    mixed = result.mixed_agreement
    assert mixed is not None
    assert mixed.n_ratings == (~np.isnan(x)).sum()
    assert mixed.n_items == 40
    assert result.agreement.n_items == (~np.isnan(x).any(axis=1)).sum()
    assert "for happy in face_only" in mixed.sentence()
    assert mixed.low < mixed.value < mixed.high
    assert icc(x[~np.isnan(x).any(axis=1)]).mixed_agreement is None


@pytest.mark.parametrize("table", [pub.SHROUT_FLEISS, pub.WINE])
def test_on_complete_tables_the_mixed_model_is_the_closed_form(table):
    # Where no component is negative, REML equals the analysis of variance (Searle, Casella & McCulloch 1992, 4.8).
    x = np.array(table, float)
    found, closed = components(x), icc(x)
    assert closed.agreement.value < closed.consistency.value
    assert found.agreement == pytest.approx(closed.agreement.value, abs=1e-5)
    assert found.consistency == pytest.approx(closed.consistency.value, abs=1e-5)


def by_statsmodels(x):
    smf = pytest.importorskip("statsmodels.formula.api")
    pd = pytest.importorskip("pandas")
    i, r = np.nonzero(~np.isnan(x))
    frame = pd.DataFrame({"y": x[i, r], "i": i, "r": r, "g": 0}).reset_index(drop=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = smf.mixedlm("y ~ 1", frame, groups="g", re_formula="0", vc_formula={"i": "0 + C(i)", "r": "0 + C(r)"})
        fit = model.fit(reml=True, method=["lbfgs", "powell"])
    item, rater = fit.vcomp
    return item / (item + rater + fit.scale), item / (item + fit.scale)


@pytest.mark.parametrize(("shape", "missing", "seed"), [((30, 5), 0.3, 3), ((20, 8), 0.6, 4), ((25, 4), 0.45, 5)])
def test_the_mixed_model_equals_that_of_statsmodels(shape, missing, seed):
    x = crossed(*shape, seed, missing)
    found = components(x)
    np.testing.assert_allclose([found.agreement, found.consistency], by_statsmodels(x), atol=1e-4)


def test_raters_without_offsets_have_no_variance_and_do_no_harm():
    x = crossed(200, 4, 6, 0.3, (1.0, 0.0, 1.0))
    x -= np.nanmean(x, axis=0)
    found = components(x)
    assert found.rater == pytest.approx(0, abs=1e-6)
    assert found.agreement == pytest.approx(found.consistency, abs=1e-6)


@pytest.mark.parametrize("sd", [(1.0, 0.6, 1.0), (1.0, 0.0, 1.0), (0.0, 0.5, 1.0), (0.0, 0.0, 1.0), (3.0, 1.0, 0.3)])
@pytest.mark.parametrize("scores", [False, True])
def test_a_fit_from_that_of_the_whole_is_the_fit_from_anywhere(sd, scores):
    x = crossed(24, 5, 11, 0.4, sd)
    if scores:
        x = np.clip(np.round(x * 1.5 + 1), 0, 5)
    whole = components(x)
    for left_out in range(6):
        rest = x[np.arange(24) % 6 != left_out]
        near, anywhere = components(rest, start=whole.ratios), components(rest)
        assert near.agreement == pytest.approx(anywhere.agreement, abs=2e-6)
        assert near.consistency == pytest.approx(anywhere.consistency, abs=2e-6)


def test_complete_cases_alone_mislead_where_what_is_missing_is_not_random():
    # Raters leave out the items that they find hard: complete items are the easy ones.
    rng = np.random.default_rng(0)
    hard = rng.random(600) < 0.6
    x = rng.normal(0, 1, (600, 1)) + rng.normal(0, 1, (600, 4)) * np.where(hard, 1.6, 0.4)[:, None]
    gone = (rng.random(x.shape) < 0.4) & hard[:, None]
    gone[:, 0] = False
    y = np.where(gone, np.nan, x)
    truth, found = icc(x).agreement.value, icc(y, interval="F")
    assert abs(found.mixed_agreement.value - truth) < 0.1
    assert found.agreement.value > truth + 0.1


@pytest.mark.parametrize("x", [np.full((3, 3), np.nan), np.ones((4, 3)), np.array([[1.0, np.nan], [2.0, np.nan]])])
def test_tables_without_variance_or_ratings_are_undefined(x):
    assert components(x) is None


def test_the_reference_table_is_undefined(shared):
    table = read_ratings(shared / "reference" / "referee" / "icc_reversed_interval.csv")
    x = np.full((len(table.items), 2), np.nan)
    x[table.item, table.rater.codes] = table.score
    assert not icc(x).agreement_mean.defined
    assert icc(x).agreement_mean.reason


@pytest.mark.slow
def test_raters_who_agree_perfectly_leave_no_rest_in_an_incomplete_table():
    table = np.repeat(np.array([[2.0], [1], [0], [3], [3], [2], [4], [1]]), 5, axis=1)
    table[np.random.default_rng(1).random(table.shape) < 0.3] = np.nan
    for seed in range(20):
        chance = np.random.default_rng(seed)
        mixed = table[chance.permutation(8)][:, chance.permutation(5)]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert components(mixed) is None


def near_the_pole(seed):
    """Twelve items of two to five raters, of whom the second mostly says the opposite of the first."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(12, 2 + seed % 4)) + rng.normal(size=(12, 1)) * 0.3 * (seed % 3)
    if seed % 2:
        table[:, 1] = -table[:, 0] * 0.5 + rng.normal(size=12) * 0.5
    return table


def test_near_a_pole_there_is_no_interval_that_holds_every_value():
    reasons = set()
    for seed in range(400):
        for one in icc(near_the_pole(seed)).all():
            if not one.reason:
                assert one.low > -0.999 or one.high < 0.999, (seed, one)
                assert one.low <= one.value <= one.high
            elif not np.isnan(one.value):
                assert np.isnan(one.low)
                assert np.isnan(one.high)
                reasons.add(one.reason.split(" gives ")[0][:36])
    assert "without one item the formula" in reasons
    assert "the interval would hold every value " in reasons


@pytest.mark.parametrize("scale", ["share", "root_below_one", "coefficients", "angle", "fisher"])
def test_an_interval_of_the_whole_scale_is_none_on_every_scale_with_ends(scale):
    left_out = np.array([0.001, 0.999, 0.001, 0.999, 0.001, 0.999]) if scale == "angle" else np.array(
        [-0.99, 0.99, -0.99, 0.99, -0.99, 0.99]
    )  # fmt: skip
    found = jackknife_interval(0.3, left_out, scale=scale)
    assert np.isnan(found.low)
    assert "every value" in found.reason


def test_a_value_of_one_without_a_unit_has_no_interval_on_fishers_scale():
    found = jackknife_interval(0.9, np.array([0.9, 0.85, 1.0, 0.92, 0.88]), scale="fisher")
    assert np.isnan(found.low)
    assert "Fisher" in found.reason
