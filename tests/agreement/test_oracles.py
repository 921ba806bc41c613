"""Our numpy statistics against the reference packages on random tables with missing ratings."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.agreement.alpha import alpha_counts, krippendorff_alpha, level_counts
from app.agreement.clusters import Clusters
from app.agreement.effect_size import rank_biserial
from app.agreement.icc import icc
from app.agreement.kappa import cohen_ase, cohen_kappa, cohen_table, fleiss_kappa
from app.agreement.paired import Paired
from app.agreement.prediction import class_score, soft_cross_entropy
from app.agreement.prevalence import prevalence_adjusted


@st.composite
def tables(draw, *, missing=0.3, top=5, min_raters=2):
    """(items, raters) scores 0..top with NaN."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    items, raters = draw(st.integers(2, 30)), draw(st.integers(min_raters, 6))
    base = rng.integers(0, top + 1, (items, 1))
    noise = draw(st.sampled_from([0, 1, 3]))
    m = np.clip(base + rng.integers(-noise, noise + 1, (items, raters)), 0, top).astype(np.float64)
    m[rng.random(m.shape) < missing] = np.nan
    return m


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_equals_the_krippendorff_package(m, metric):
    krippendorff = pytest.importorskip("krippendorff")
    got = krippendorff_alpha(m, metric)
    paired = m[(~np.isnan(m)).sum(axis=1) >= 2]
    if np.unique(paired[~np.isnan(paired)]).size < 2:
        assert np.isnan(got.value)
        assert got.reason
        return
    # Only pairable values enter; the package counts the levels of single ratings too, which changes no distance.
    want = krippendorff.alpha(paired.T, level_of_measurement=metric)
    assert got.value == pytest.approx(want, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(tables(missing=0.4), st.sampled_from(["nominal", "ordinal"]))
def test_alpha_with_many_levels_takes_the_sparse_way_to_the_same_value(m, metric):
    spread = m * 17.0 + np.arange(m.shape[1]) % 2
    levels = np.unique(spread[~np.isnan(spread)])
    counts = level_counts(spread[~np.isnan(spread)], np.nonzero(~np.isnan(spread))[0], m.shape[0], levels)
    from app.agreement.alpha import alpha_sparse
    from app.agreement.variance import matrix_columns

    sparse = alpha_sparse(*matrix_columns(spread), m.shape[0], metric)
    np.testing.assert_allclose(sparse, alpha_counts(counts, levels, metric), atol=1e-12)


@settings(max_examples=12, deadline=None)
@given(tables(missing=0.0, min_raters=3))
def test_icc_equals_pingouin(m):
    pg = pytest.importorskip("pingouin")
    pd = pytest.importorskip("pandas")
    assume(m.shape[0] >= 5)
    residual = m - m.mean(axis=1, keepdims=True) - m.mean(axis=0) + m.mean()
    assume(np.abs(residual).sum() > 1e-6)
    assume(np.ptp(m.mean(axis=1)) > 1e-6)
    rows, cols = np.indices(m.shape)
    frame = pd.DataFrame({"t": rows.ravel(), "r": cols.ravel(), "s": m.ravel()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = pg.intraclass_corr(frame, targets="t", raters="r", ratings="s").set_index("Type")
    result = icc(m)
    want = [table.loc[k, "ICC"] for k in ("ICC(1,1)", "ICC(1,k)", "ICC(A,1)", "ICC(A,k)", "ICC(C,1)", "ICC(C,k)")]
    got = [e.value for e in (result.one_way, result.one_way_mean, result.agreement, result.agreement_mean,
                             result.consistency, result.consistency_mean)]  # fmt: skip
    # What is not a correlation is undefined here and printed as it falls there.
    want = [w if abs(w) <= 1 else np.nan for w in want]
    np.testing.assert_allclose(got, want, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(tables(missing=0.0))
def test_kappas_equal_statsmodels_and_scikit_learn(m):
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    from sklearn.metrics import cohen_kappa_score

    assume(np.unique(m).size > 1)
    votes = np.stack([(m == level).sum(axis=1) for level in range(6)], axis=1).astype(np.float64)
    assert fleiss_kappa(votes).value == pytest.approx(inter_rater.fleiss_kappa(votes), abs=1e-12)
    a, b = m[:, 0], m[:, 1]
    assume(np.unique(np.r_[a, b]).size > 1)
    table = cohen_table(a, b, np.arange(6.0))
    for weights, name in (("none", None), ("linear", "linear"), ("quadratic", "quadratic")):
        want = cohen_kappa_score(a, b, labels=range(6), weights=name)
        assert cohen_kappa(table, weights).value == pytest.approx(want, abs=1e-12)
    ours = cohen_kappa(table)
    if ours.value < 0.999 and np.ptp(a) and np.ptp(b):
        with np.errstate(all="ignore"):
            theirs = inter_rater.cohens_kappa(table)
        assert cohen_ase(table) == pytest.approx(theirs.std_kappa, abs=1e-9)


def test_fleiss_with_unequal_votes_is_gwets_generalisation():
    votes = np.array([[3, 1, 0], [0, 2, 0], [1, 0, 0], [2, 2, 1], [0, 0, 0], [0, 0, 5.0]])
    n = votes.sum(axis=1)
    observed = np.mean(
        [sum(v * (v - 1) for v in row) / (t * (t - 1)) for row, t in zip(votes, n, strict=True) if t >= 2]
    )
    share = np.mean([row / t for row, t in zip(votes, n, strict=True) if t >= 1], axis=0)
    chance = (share**2).sum()
    got = fleiss_kappa(votes)
    assert got.value == pytest.approx((observed - chance) / (1 - chance), abs=1e-12)
    assert "Gwet" in got.estimator
    assert got.n_items == 4


@pytest.mark.slow
def test_one_way_interval_of_unbalanced_tables_covers_the_truth():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        m = rng.normal(0, 1, (40, 1)) + rng.normal(0, 1, (40, 5))
        m[rng.random(m.shape) < 0.35] = np.nan
        e = icc(m, interval="F").one_way
        held += e.low <= 0.5 <= e.high
    assert 0.915 <= held / 300 <= 0.985


def test_prevalence_adjustment_is_least_squares_with_each_cluster_left_out():
    sm = pytest.importorskip("statsmodels.api")
    from app.agreement.jackknife import jackknife_interval

    rng = np.random.default_rng(2)
    variance, mean = rng.random((2, 80)), rng.random((2, 80)) * 5
    group = np.repeat(np.arange(20), 4)
    pair = Paired("happy", "intensity", variance, mean, np.full((2, 80), 5.0), "ordinal")
    got = prevalence_adjusted(pair, Clusters("clip", group.astype(np.int64), 20))
    x = np.stack([np.ones(80), mean[0] - mean[1], mean[0] ** 2 - mean[1] ** 2], axis=1)
    d = variance[0] - variance[1]
    left = np.array([sm.OLS(d[group != g], x[group != g]).fit().params[0] for g in range(20)])
    want = jackknife_interval(sm.OLS(d, x).fit().params[0], left)
    np.testing.assert_allclose([got.low, got.high], [want.low, want.high], atol=1e-10)
    fit = sm.OLS(d, x).fit(cov_type="cluster", cov_kwds={"groups": group}, use_t=True)
    assert got.value == pytest.approx(fit.params[0], abs=1e-10)
    # Leaving out clusters is a little more cautious than the usual cluster-robust error.
    assert 1.0 < (got.high - got.low) / np.diff(fit.conf_int()[0])[0] < 1.2
    assert got.p_value == pytest.approx(fit.pvalues[0], abs=0.03)


def test_rank_biserial_equals_the_signed_rank_sums():
    stats = pytest.importorskip("scipy.stats")
    d = np.array([0.3, -0.1, 0.0, 0.5, 0.2, -0.2, 0.7])
    nonzero = d[d != 0]
    ranks = stats.rankdata(np.abs(nonzero))
    assert rank_biserial(d) == pytest.approx((ranks[nonzero > 0].sum() - ranks[nonzero < 0].sum()) / ranks.sum())
    assert rank_biserial(np.abs(d)) == 1.0
    assert np.isnan(rank_biserial(np.zeros(3)))


def test_class_scores_equal_scikit_learn():
    from sklearn.metrics import balanced_accuracy_score, f1_score, log_loss

    rng = np.random.default_rng(0)
    gold, told = rng.integers(0, 5, 200), rng.integers(0, 5, 200)
    got = class_score(told, gold, 5)
    assert got.macro_f1 == pytest.approx(f1_score(gold, told, average="macro"), abs=1e-12)
    assert got.balanced_accuracy == pytest.approx(balanced_accuracy_score(gold, told), abs=1e-12)
    p = rng.dirichlet(np.ones(5), 200)
    assert soft_cross_entropy(p, np.eye(5)[gold]) == pytest.approx(log_loss(gold, p, labels=range(5)), abs=1e-9)
