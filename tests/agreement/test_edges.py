"""Scores with many levels, one cluster, no resamples: what is computed in another way, or not at all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreement.alpha import alpha_counts, level_codes, level_counts
from app.agreement.as_json import report_json
from app.agreement.many_levels import LevelPairs
from app.agreement.raters import alpha_changes
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from tests.agreement.test_report import simulated, votes_table


def columns(n_items, n_levels, raters, seed):
    """(item, level) of items with two ratings or more."""
    rng = np.random.default_rng(seed)
    n = rng.integers(2, raters + 1, n_items)
    return np.repeat(np.arange(n_items), n), rng.integers(0, n_levels, n.sum())


@pytest.mark.parametrize(("n_levels", "raters"), [(2, 2), (7, 3), (60, 9)])
@pytest.mark.parametrize("clip", [1, 3])
def test_pairs_of_levels_give_the_alpha_of_each_resample(n_levels, raters, clip):
    item, code = columns(30, n_levels, raters, 1)
    of_item = np.arange(30) // clip
    pairs = LevelPairs.of(of_item[item], item, code, int(of_item.max()) + 1, n_levels)
    weights = np.random.default_rng(2).integers(0, 4, (70, of_item.max() + 1)).astype(float)
    weights[0] = 1.0
    levels = np.arange(n_levels, dtype=float)
    counts = level_counts(code.astype(float), item, 30, levels)
    want = [alpha_counts(np.repeat(counts, w[of_item].astype(int), axis=0), levels, "ordinal") for w in weights]
    np.testing.assert_allclose(pairs.alpha(weights), want, atol=1e-12)
    np.testing.assert_allclose(pairs.alpha(weights.astype(np.float32)), want, atol=1e-12)


def test_pairs_of_one_level_are_undefined():
    item = np.repeat(np.arange(4), 2)
    pairs = LevelPairs.of(item, item, np.zeros(8, int), 4, 1)
    assert np.isnan(pairs.alpha(np.ones((3, 4)))).all()
    assert pairs.alpha(np.ones((0, 4))).shape == (0,)


@given(st.lists(st.floats(-50, 50).map(lambda x: round(x, 1)) | st.integers(-9, 9).map(float), max_size=40))
def test_level_codes_are_those_of_sorting(values):
    array = np.array(values, dtype=np.float64)
    levels, code = level_codes(array)
    want, place = np.unique(array, return_inverse=True)
    np.testing.assert_array_equal(levels, want)
    np.testing.assert_array_equal(code, place)


@pytest.mark.parametrize("step", [1.0, 0.25, 0.05])
def test_many_levels_change_nothing_but_the_way(monkeypatch, step):
    table, _ = simulated(40, step=step)
    settings = AgreementSettings(unit="clip", replicates=40)
    want = agreement_report(table, None, settings)
    for limit in (1, 1000):
        monkeypatch.setattr("app.agreement.cells.COUNTED_LEVELS", limit)
        found = agreement_report(table, None, settings)
        for a, b in zip(want.emotions, found.emotions, strict=True):
            for x, y in zip(a.estimates(), b.estimates(), strict=True):
                np.testing.assert_allclose([y.value, y.low, y.high], [x.value, x.low, x.high], atol=1e-9)


def test_items_beyond_16_bits_are_counted_in_single_precision(monkeypatch):
    table, _ = simulated(60)
    monkeypatch.setattr("app.agreement.draws.SINGLE_PRECISION_FROM", 50)
    settings = AgreementSettings(unit="item", replicates=40)
    narrow = agreement_report(table, None, settings)
    monkeypatch.setattr("app.agreement.draws.FITS_16_BITS", 10)
    wide = agreement_report(table, None, settings)
    assert [r.alpha_ordinal for r in wide.emotions] == [r.alpha_ordinal for r in narrow.emotions]


def test_raters_with_many_levels_have_their_change_of_alpha(monkeypatch):
    table, _ = simulated(30)
    table = table.where(~np.isnan(table.score))
    want = alpha_changes(table)
    monkeypatch.setattr("app.agreement.raters.MANY_LEVELS", 1)
    np.testing.assert_allclose(alpha_changes(table), want, atol=1e-12)
    assert not np.isnan(want).any()


def test_one_cluster_has_no_interval_and_says_so():
    table, _ = simulated(20, per_clip=20)
    report = agreement_report(table, None, AgreementSettings(unit="clip", replicates=50))
    assert all(e.defined and e.interval is None and e.reason for r in report.emotions for e in r.estimates())
    assert all(p.difference.interval is None and p.delta_alpha.interval is None for p in report.pairs)
    assert any("cannot be resampled" in w for w in report.warnings)
    cell = report_json(report)["conditions"]["face_only"]["emotions"]["sad"]
    assert cell["alpha_ordinal"] is not None
    assert cell["alpha_ordinal_interval"] is None
    assert "alpha_ordinal: one clip cannot be resampled" in cell["reason"]


def nulls(value, path=""):
    """(path, object around) of every null of the summary."""
    if isinstance(value, dict):
        for key, one in value.items():
            if one is None:
                yield f"{path}.{key}", value
            else:
                yield from nulls(one, f"{path}.{key}")
    elif isinstance(value, list):
        for k, one in enumerate(value):
            yield from nulls(one, f"{path}[{k}]")


@pytest.mark.parametrize("replicates", [0, 30])
def test_every_null_of_the_summary_has_a_reason_beside_it(replicates):
    table, _ = simulated(12)
    flat = replace(table, score=np.where(table.emotion.codes == 1, 0.0, table.score))
    alone = flat.where(~((flat.emotion.codes == 2) & (flat.condition.codes == 1) & (flat.rater.codes > 0)))
    out = report_json(agreement_report(alone, votes_table(3, ("face_only",)), AgreementSettings("item", replicates)))
    found = list(nulls({"conditions": out["conditions"], "pairs": out["pairs"]}))
    assert any("sad.alpha_ordinal" in path for path, _ in found)
    for path, around in found:
        if not path.endswith("].emotion"):
            name = path.rsplit(".", 1)[1].removesuffix("_interval") or path
            assert around.get("reason"), path
            key = "difference" if name == "interval" else name
            assert key in around["reason"] or name in around["reason"], (path, around["reason"])
