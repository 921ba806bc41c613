"""Measures against rated emotions: the correlation, its interval, and what stands in their way."""

import numpy as np
import pytest
from scipy import stats

from app.agreement.measured import LEAST_ITEMS, mean_scores, relations
from app.agreement.settings import AgreementSettings
from app.domain.ratings import Factor, Items, RatingTable


def table(scores, clips=None, subjects=None):
    """Ratings of items (items × raters) of one emotion in one condition."""
    n, raters = scores.shape
    item = np.repeat(np.arange(n, dtype=np.int32), raters)
    names = tuple(f"item{i}" for i in range(n))
    clip = Factor.encode(clips if clips is not None else names)
    subject = Factor.encode(subjects) if subjects is not None else Factor.missing(n)
    return RatingTable(
        Items(names, clip, subject),
        item,
        Factor.constant("full_context", n * raters),
        Factor.encode([f"R{r}" for r in range(raters)] * n),
        Factor.constant("happy", n * raters),
        scores.reshape(-1).astype(np.float64),
        np.ones(n * raters, np.int32),
        scale=(0.0, 5.0),
        simulated=True,
    )


@pytest.fixture
def drawn():
    rng = np.random.default_rng(7)
    scores = rng.integers(0, 6, (40, 3)).astype(np.float64)
    measure = scores.mean(axis=1) * 0.1 + rng.normal(0, 0.1, 40)
    return scores, np.column_stack([measure, rng.normal(size=40)])


def test_the_correlation_is_scipys(drawn):
    scores, values = drawn
    found = relations(table(scores), values, ["corner_pull", "jaw_drop"], AgreementSettings(unit="item"))
    assert [one.measure for one in found] == ["corner_pull", "jaw_drop"]
    for number, one in enumerate(found):
        assert one.estimate.value == pytest.approx(stats.pearsonr(values[:, number], scores.mean(axis=1)).statistic)
        assert one.estimate.n_items == one.estimate.n_units == 40
        assert one.estimate.low < one.estimate.value < one.estimate.high
    assert found[0].estimate.low > 0
    assert found[1].estimate.low < 0 < found[1].estimate.high


def test_the_interval_is_near_fishers_for_independent_items(drawn):
    scores, values = drawn
    (one,) = relations(table(scores), values[:, :1], ["corner_pull"], AgreementSettings(unit="item"))
    fisher = stats.pearsonr(values[:, 0], scores.mean(axis=1)).confidence_interval()
    assert one.estimate.low == pytest.approx(fisher.low, abs=0.12)
    assert one.estimate.high == pytest.approx(fisher.high, abs=0.12)


def test_items_of_one_clip_are_no_independent_evidence(drawn):
    scores, values = drawn
    again = np.repeat(np.arange(40), 4)  # four items of each clip that say the same
    clips = [f"clip{i}" for i in again]
    repeated = table(scores[again], clips)
    (by_clip,) = relations(repeated, values[again, :1], ["corner_pull"], AgreementSettings(unit="clip"))
    (by_item,) = relations(repeated, values[again, :1], ["corner_pull"], AgreementSettings(unit="item"))
    (once,) = relations(table(scores), values[:, :1], ["corner_pull"], AgreementSettings(unit="item"))
    wide = by_clip.estimate.high - by_clip.estimate.low
    assert by_clip.estimate.value == pytest.approx(once.estimate.value)
    assert wide == pytest.approx(once.estimate.high - once.estimate.low, rel=1e-6)
    assert by_item.estimate.high - by_item.estimate.low < 0.6 * wide


def test_a_bootstrap_gives_about_the_same_interval(drawn):
    scores, values = drawn
    both = [
        relations(table(scores), values[:, :1], ["m"], AgreementSettings(unit="item", interval=how, seed=1))[0].estimate
        for how in ("jackknife", "bootstrap")
    ]
    assert both[0].low == pytest.approx(both[1].low, abs=0.1)
    assert both[0].high == pytest.approx(both[1].high, abs=0.1)
    assert (both[1].seed, both[1].replicates) == (1, 1000)


def test_missing_measures_and_ratings_are_left_out(drawn):
    scores, values = drawn
    values = values.copy()
    values[:5, 0] = np.nan
    scores = scores.copy()
    scores[10] = np.nan
    one, two = relations(table(scores), values, ["a", "b"], AgreementSettings(unit="item"))
    keep = np.r_[5:10, 11:40]
    assert one.estimate.n_items == 34
    assert two.estimate.n_items == 39
    assert one.estimate.value == pytest.approx(stats.pearsonr(values[keep, 0], scores[keep].mean(axis=1)).statistic)
    assert np.isnan(mean_scores(table(scores), "full_context", "happy")[10])


def test_where_there_is_nothing_to_correlate_the_reason_is_told(drawn):
    scores, values = drawn
    few = values.copy()
    few[LEAST_ITEMS - 1 :] = np.nan
    one, _ = relations(table(scores), few, ["a", "b"], AgreementSettings(unit="item"))
    assert np.isnan(one.estimate.value)
    assert "only 4 items" in one.estimate.reason
    flat, _ = relations(table(scores), values * 0 + 1, ["a", "b"], AgreementSettings(unit="item"))
    assert "same for all items" in flat.estimate.reason
    none, _ = relations(table(scores), values * np.nan, ["a", "b"], AgreementSettings(unit="item"))
    assert none.estimate.n_items == 0
    quick, _ = relations(table(scores), values, ["a", "b"], AgreementSettings(unit="item", replicates=0))
    assert quick.estimate.defined
    assert quick.estimate.interval is None
