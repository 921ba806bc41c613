"""Every published vector, from the text of this repository and, where at hand, from the shared reference file."""

import json

import numpy as np
import pytest

from app.agreement.alpha import alpha_continuous, alpha_without_each, krippendorff_alpha
from app.agreement.ccc import ccc, ccc_videos, pearson
from app.agreement.gold import combine, ewe_weights, reliability
from app.agreement.icc import icc
from app.agreement.kappa import cohen_ase, cohen_kappa, cohen_table, fleiss_kappa
from app.agreement.resample import holm, sign_flip_max_t
from app.agreement.variance import disagreement, item_moments, matrix_columns
from tests.agreement import published as pub


def matrix(rows):
    """Raters or items as given, None as NaN."""
    return np.array(rows, dtype=np.float64)


def test_disagreement_sample_and_population():
    m = matrix(pub.WITHIN)
    moments = item_moments(*matrix_columns(m), m.shape[0])
    np.testing.assert_allclose(moments.sample, [1.0, 0.2, 0.0, 2.0, np.nan])
    sample, population = disagreement(m), disagreement(m, population=True)
    assert sample.value == pytest.approx(0.8, abs=1e-12)
    assert population.value == pytest.approx(0.4566666667, abs=1e-10)
    assert (sample.n_items, sample.n_ratings, sample.n_raters) == (4, 13, 5)


@pytest.mark.parametrize(("rows", "expected"), [(pub.SHROUT_FLEISS, pub.SHROUT_FLEISS_ICC), (pub.WINE, pub.WINE_ICC)])
def test_icc_published(rows, expected):
    result = icc(matrix(rows), interval="F")
    for name, (rounded, value, low, high) in expected.items():
        got = getattr(result, name)
        digits = 2 if rows is pub.SHROUT_FLEISS else 3
        assert round(got.value, digits) == rounded
        np.testing.assert_allclose([got.value, got.low, got.high], [value, low, high], atol=2e-9)


def test_icc_consistency_mean_is_cronbach_alpha():
    assert icc(matrix(pub.CRONBACH)).consistency_mean.value == pytest.approx(0.5917188485995826, abs=1e-12)


def test_icc_one_way_unbalanced():
    result = icc(matrix(pub.K4).T)
    assert result.one_way.value == pytest.approx(0.8532959763, abs=1e-10)
    assert result.one_way.n_items == 11
    assert result.one_way.low < result.one_way.value < result.one_way.high


@pytest.mark.parametrize(("rows", "expected"), [(pub.K4, pub.K4_ALPHA), (pub.K3, pub.K3_ALPHA)])
def test_krippendorff_published(rows, expected):
    for metric, (rounded, value) in expected.items():
        got = krippendorff_alpha(matrix(rows).T, metric)
        assert round(got.value, 3) == rounded
        assert got.value == pytest.approx(value, abs=1e-10)


def test_krippendorff_binary_and_letters():
    assert krippendorff_alpha(matrix(pub.BINARY).T, "nominal").value == pytest.approx(0.09523809524, abs=1e-10)
    letters = np.array([[ord(c) for c in row] for row in pub.LETTERS], dtype=np.float64)
    assert krippendorff_alpha(letters.T, "nominal").value == pytest.approx(0.6919642857, abs=1e-10)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval"])
def test_leaving_each_coder_out(metric):
    np.testing.assert_allclose(alpha_without_each(matrix(pub.K4).T, metric), pub.K4_WITHOUT[metric], atol=1e-9)


def test_closed_form_interval_alpha():
    values, item = matrix_columns(matrix(pub.K4).T)
    assert alpha_continuous(values, item, 12) == pytest.approx(0.8491071429, abs=1e-10)


def test_alpha_without_variation_is_undefined_and_never_one():
    got = krippendorff_alpha(np.full((5, 4), 3.0), "nominal")
    assert np.isnan(got.value)
    assert "only one value" in got.reason
    one = np.array([[3, 3, 3, 3], [3, 3, 3, 3], [3, 3, np.nan, 3], [3, 3, np.nan, 1], [3, 3, 3, 3]])
    assert krippendorff_alpha(one, "nominal").value == pytest.approx(0.0, abs=1e-12)


def test_fleiss_published():
    assert fleiss_kappa(matrix(pub.FLEISS_WIKIPEDIA)).value == pytest.approx(0.2099307044, abs=1e-10)
    votes = np.array([[row.count(c) for c in "12345"] for row in pub.FLEISS_1971], dtype=np.float64)
    assert fleiss_kappa(votes).value == pytest.approx(0.4302445201, abs=1e-10)
    assert fleiss_kappa(matrix([[7, 1], [3, 5]])).value == pytest.approx(0.161905, abs=1e-6)
    assert fleiss_kappa(matrix([[6, 1, 0], [0, 7, 0]])).value == pytest.approx(0.708333, abs=1e-6)


def test_cohen_published_with_standard_errors():
    plain, linear = cohen_kappa(matrix(pub.COHEN_SAS)), cohen_kappa(matrix(pub.COHEN_SAS), "linear")
    assert plain.value == pytest.approx(0.4841628959, abs=1e-10)
    assert cohen_ase(matrix(pub.COHEN_SAS)) == pytest.approx(0.1380, abs=5e-5)
    half = 1.959964 * cohen_ase(matrix(pub.COHEN_SAS))
    np.testing.assert_allclose([plain.value - half, plain.value + half], [0.2137, 0.7547], atol=5e-5)
    assert linear.value == pytest.approx(0.4701195219, abs=1e-10)
    assert cohen_ase(matrix(pub.COHEN_SAS), "linear") == pytest.approx(0.1457, abs=5e-5)
    fun = matrix(pub.SEXUAL_FUN)
    assert round(cohen_kappa(fun).value, 4) == 0.1293
    assert round(cohen_ase(fun), 4) == 0.0686
    assert round(cohen_kappa(fun, "linear").value, 4) == 0.2374


def test_cohen_keeps_unused_levels_of_the_scale():
    a, b = np.array(pub.ANXIETY_2_3, dtype=np.float64).T
    full = cohen_table(a, b, np.arange(1.0, 7.0))
    used = cohen_table(a, b, np.array([1.0, 2.0, 3.0, 4.0, 6.0]))
    assert cohen_kappa(full).value == pytest.approx(-0.006289308176, abs=1e-10)
    assert cohen_kappa(full, "linear").value == pytest.approx(0.1262135922, abs=1e-9)
    assert cohen_kappa(full, "quadratic").value == pytest.approx(0.2297979798, abs=1e-9)
    assert cohen_kappa(used, "linear").value == pytest.approx(0.1459075, abs=1e-6)
    with pytest.raises(ValueError, match="not among the labels"):
        cohen_table(a, b, np.arange(1.0, 6.0))


def test_ccc_published():
    assert ccc(np.array([2.5, 0.0, 2, 8]), np.array([3, -0.5, 2, 7])) == pytest.approx(0.9767891683, abs=1e-10)
    assert ccc(np.array([0.0, 1, 1]), np.array([0.0, 1, 2])) == pytest.approx(2 / 3, abs=1e-12)
    large, mini = np.array(pub.PEFR_LARGE, dtype=np.float64), np.array(pub.PEFR_MINI, dtype=np.float64)
    assert ccc(large, mini) == pytest.approx(0.9427424314, abs=1e-10)
    assert pearson(large, mini) == pytest.approx(0.9432794469, abs=1e-10)


def test_ccc_pooled_and_per_video_can_disagree():
    pairs = [(np.array(g), np.array(p)) for g, p in zip(pub.VIDEO_GOLD, pub.VIDEO_MODEL, strict=True)]
    got = ccc_videos(pairs, replicates=0)
    assert got.pooled.value == pytest.approx(0.998481215, abs=1e-9)
    np.testing.assert_allclose(got.per_video, [-0.9, -0.9], atol=1e-12)
    assert got.mean.value == pytest.approx(-0.9, abs=1e-12)


@pytest.mark.parametrize("weighting", ["mean_all", "leave_one_out", "mean_pairwise_ccc"])
def test_evaluator_weighted_estimator(weighting):
    series = np.array(pub.EWE)
    r, fused = pub.EWE_RESULT[weighting]
    np.testing.assert_allclose(reliability(series, weighting), r, atol=1e-9)
    weights, fallback = ewe_weights(series, weighting)
    assert not fallback
    assert weights[3] == 0
    np.testing.assert_allclose(combine(series, weights), fused, atol=1e-9)


def test_exact_sign_flips_and_holm():
    d = np.array(pub.DEPRESSION_X) - np.array(pub.DEPRESSION_Y)
    raw, adjusted = sign_flip_max_t(d[:, None])
    assert raw[0] == pytest.approx(0.02734375, abs=1e-12)
    assert adjusted[0] == raw[0]
    np.testing.assert_allclose(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09], atol=1e-12)
    np.testing.assert_allclose(holm([0.04, np.nan, 0.01]), [0.04, np.nan, 0.02])


def test_typed_vectors_are_those_of_the_shared_file(shared):
    """The shared reference, entry by entry, against the functions themselves."""
    ref = json.loads((shared / "reference" / "stats_reference.json").read_text())
    for key, metrics in (("krippendorff_4coders_12units", None), ("krippendorff_3coders_15units", None)):
        entry = ref[key]
        for metric in ("nominal", "ordinal", "interval"):
            got = krippendorff_alpha(matrix(entry["data"]).T, metric).value
            assert got == pytest.approx(entry["full_precision"][metric], abs=1e-10), (key, metric, metrics)
    names = {
        "one_way": "ICC(1,1)", "one_way_mean": "ICC(1,k)", "agreement": "ICC(2,1)=ICC(A,1)",
        "agreement_mean": "ICC(2,k)=ICC(A,k)", "consistency": "ICC(3,1)=ICC(C,1)",
        "consistency_mean": "ICC(3,k)=ICC(C,k)",
    }  # fmt: skip
    for key in ("icc_shrout_fleiss_1979", "icc_wine"):
        result = icc(matrix(ref[key]["data"]), interval="F")
        for ours, theirs in names.items():
            want = ref[key]["full_precision"][theirs]
            got = getattr(result, ours)
            np.testing.assert_allclose([got.value, got.low, got.high], [want["value"], *want["ci95"]], atol=2e-9)
    for weighting in ("mean_all", "leave_one_out", "mean_pairwise_ccc"):
        series = np.array(ref["ewe"]["ratings"])
        weights, _ = ewe_weights(series, weighting)
        np.testing.assert_allclose(weights, ref["ewe"][weighting]["weights"], atol=1e-9)
        np.testing.assert_allclose(combine(series, weights), ref["ewe"][weighting]["fused"], atol=1e-9)
    assert fleiss_kappa(matrix(ref["fleiss_wikipedia"]["data"])).value == pytest.approx(
        ref["fleiss_wikipedia"]["full_precision"], abs=1e-10
    )
    votes = np.array([[r.count(c) for c in "12345"] for r in ref["fleiss_1971_diagnoses"]["data"]], dtype=np.float64)
    assert fleiss_kappa(votes).value == pytest.approx(ref["fleiss_1971_diagnoses"]["full_precision"], abs=1e-10)
    alpha = krippendorff_alpha(
        np.array(
            [[c for c, n in enumerate(row) for _ in range(n)] for row in ref["fleiss_wikipedia"]["data"]], dtype=float
        ),
        "nominal",
    )
    assert alpha.value == pytest.approx(ref["fleiss_wikipedia"]["krippendorff_alpha_nominal"], abs=1e-10)
    for case in ref["fleiss_randolph_small"]["cases"]:
        assert fleiss_kappa(matrix(case["counts"])).value == pytest.approx(case["fleiss"], abs=1e-6)
    for metric in ("nominal", "ordinal", "interval"):
        want = ref["leave_one_coder_out_alpha_K4"][metric]
        got = alpha_without_each(matrix(ref["krippendorff_4coders_12units"]["data"]).T, metric)
        np.testing.assert_allclose(got, want, atol=1e-9)
    want = ref["icc1_unbalanced_K4"]["icc1"]
    assert icc(matrix(ref["krippendorff_4coders_12units"]["data"]).T).one_way.value == pytest.approx(want, abs=1e-10)
    within = ref["within_item_variance"]
    assert disagreement(matrix(within["data"])).value == pytest.approx(within["mean_sample_over_items_with_2plus"])
    assert icc(matrix(ref["cronbach_alpha"]["data"])).consistency_mean.value == pytest.approx(
        ref["cronbach_alpha"]["value"]
    )
    pefr = ref["ccc_pefr_bland_altman_1986"]
    got = ccc(np.array(pefr["wright_large_first"], dtype=float), np.array(pefr["mini_wright_first"], dtype=float))
    assert got == pytest.approx(pefr["ccc_ddof0_lin"], abs=1e-10)
    x = np.array(ref["ccc_identities"]["x"])
    assert ccc(x, x) == 1.0
    assert ccc(x, x + 0.5) == pytest.approx(ref["ccc_identities"]["ccc_x_xplus_c"], abs=1e-10)
