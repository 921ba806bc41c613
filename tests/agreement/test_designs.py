"""Who judged what: the unit that is resampled, and raters who differ between conditions."""

from itertools import combinations

import numpy as np
import pytest

from app.agreement.alpha import krippendorff_alpha
from app.agreement.rater_effect import Panel, exchange_raters
from app.agreement.rater_spread import rater_spread
from app.agreement.report import agreement_report
from app.agreement.resample import smallest_p
from app.agreement.settings import AgreementSettings
from app.domain.ratings import Factor, Items, ProjectRatings, RatingTable
from app.services.agreement.choose import best_unit
from tests.agreement.test_rounding import paired_table


def with_subjects(table, subjects, clips=None):
    items = Items(table.items.names, Factor.encode(clips) if clips else table.items.clip, Factor.encode(subjects))
    return RatingTable(items, table.item, table.condition, table.rater, table.emotion, table.score, table.pass_no)


def panels(rng, n_items=40, raters=5, spread=0.5):
    """Both conditions alike, each with its own raters."""
    bias, noise = rng.normal(0, 0.6, 2 * raters), np.exp(rng.normal(0, spread, 2 * raters))
    latent = rng.uniform(0, 5, n_items) * (rng.random(n_items) < 0.6)
    x = np.clip(np.rint(latent[:, None] + bias + rng.normal(size=(n_items, 2 * raters)) * noise), 0, 5)
    a, b = x.copy(), x.copy()
    a[:, raters:], b[:, :raters] = np.nan, np.nan
    return a, b


def test_the_highest_level_that_is_named_is_resampled():
    table = paired_table(np.random.default_rng(0).integers(0, 6, (12, 3)), np.zeros((12, 3)), per_clip=2)
    assert best_unit(ProjectRatings(intensities=table)) == "clip"
    named = with_subjects(table, [f"s{k % 3}" for k in range(12)])
    assert best_unit(ProjectRatings(intensities=named)) == "subject"
    assert best_unit(ProjectRatings(intensities=with_subjects(table, ["", "s"] * 6))) == "subject"
    lone = with_subjects(table, ["s"] * 12)
    assert best_unit(ProjectRatings(intensities=lone)) == "clip"
    said = agreement_report(lone, None, AgreementSettings(unit="clip")).warnings
    assert any("about one subject, s" in w for w in said)
    assert best_unit(ProjectRatings(intensities=with_subjects(table, ["s"] * 12, ["c"] * 12))) == "item"


@pytest.mark.parametrize(("n", "least"), [(4, 0.125), (5, 0.0625), (6, 0.03125)])
def test_few_units_say_how_small_p_can_become(n, least):
    rng = np.random.default_rng(n)
    a, b = rng.integers(0, 6, (n * 4, 4)), np.repeat(rng.integers(0, 6, (n * 4, 1)), 4, axis=1)
    table = with_subjects(paired_table(a, b), [f"s{k % n}" for k in range(4 * n)])
    report = agreement_report(table, None, AgreementSettings(unit="subject"))
    pair = report.pairs[0]
    assert pair.smallest_p == least
    assert pair.p == least
    assert any("no p below" in w for w in report.warnings) == (least > 0.05)
    assert smallest_p(np.zeros((5, 2))) == 1


def test_exchanging_raters_lists_every_assignment():
    a, b = panels(np.random.default_rng(1), 12, 3)
    found = exchange_raters([Panel(a, b)])
    x = np.where(np.isnan(a), b, a)
    gaps = []
    for first in combinations(range(6), 3):
        other = [k for k in range(6) if k not in first]
        gaps.append(abs((x[:, list(first)].var(axis=1, ddof=1) - x[:, other].var(axis=1, ddof=1)).mean()))
    assert found.assignments == 20
    assert found.smallest == pytest.approx(0.1)
    assert found.raw[0] == pytest.approx(np.mean(np.array(gaps) >= gaps[0] - 1e-12))


def test_swapping_the_conditions_of_raters_who_have_both():
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 6, (2, 10, 4)).astype(float)
    found = exchange_raters([Panel(a, b)])
    gaps = []
    for k in range(16):
        swap = (k >> np.arange(4)) & 1 == 1
        one, two = np.where(swap, b, a), np.where(swap, a, b)
        gaps.append(abs((one.var(axis=1, ddof=1) - two.var(axis=1, ddof=1)).mean()))
    assert found.raw[0] == pytest.approx(np.mean(np.array(gaps) >= gaps[0] - 1e-12))


def alpha_of(table):
    return krippendorff_alpha(table, "ordinal").value


def mean_variance(table):
    return np.nanvar(table, axis=1, ddof=1).mean()


@pytest.mark.parametrize(("what", "measure"), [("disagreement", mean_variance), ("alpha", alpha_of)])
def test_the_variance_from_raters_is_that_of_leaving_each_out_less_that_of_single_ratings(what, measure):
    rng = np.random.default_rng(3)
    a, b = panels(rng, 20, 5)
    x, y = np.clip(a[:, :5] + rng.normal(0, 1.5, 5).round(), 0, 5), np.clip(b[:, 5:], 0, 5)
    want, freedom = 0.0, 0.0
    for table in (x, y):
        left = [measure(np.delete(table, k, 1)) for k in range(5)]
        of_raters = 4 / 5 * ((left - np.mean(left)) ** 2).sum()
        want += of_raters
        freedom += of_raters**2 / (4.0 if what == "disagreement" else 6.0)
    for table in (x, y):
        for i in range(20):
            without = []
            for k in range(5):
                less = table.copy()
                less[i, k] = np.nan
                without.append(measure(less))
            want -= 4 / 5 * ((without - np.mean(without)) ** 2).sum()
    assert want > 0.0
    nothing = np.full((20, 5), np.nan)
    found = rater_spread(Panel(np.hstack([x, nothing]), np.hstack([nothing, y])), what, np.ones(20, bool))
    assert found.variance == pytest.approx(want, rel=1e-9)
    assert found.freedom == pytest.approx(want**2 / freedom, rel=1e-9)


def test_raters_who_are_alike_add_next_to_nothing_and_keep_their_degrees_of_freedom():
    rng = np.random.default_rng(8)
    latent = rng.uniform(0, 5, (200, 1))
    one, two = (np.rint(latent + rng.normal(size=(200, 5))) for _ in range(2))
    nothing = np.full((200, 5), np.nan)
    panel = Panel(np.hstack([one, nothing]), np.hstack([nothing, two]))
    found = rater_spread(panel, "disagreement", np.ones(200, bool))
    of_items = ((one.var(axis=1, ddof=1) - two.var(axis=1, ddof=1)).var(ddof=1)) / 200
    assert 0.0 < found.variance < 0.5 * of_items
    # Satterthwaite's sum counts the square of the variance over its freedom: that of all raters, not of what is left.
    assert found.variance**2 / found.freedom > 1e-3 * of_items**2


def test_different_raters_are_told_and_counted():
    a, b = panels(np.random.default_rng(4))
    report = agreement_report(paired_table(a, b), None, AgreementSettings(unit="item"))
    pair = report.pairs[0]
    assert pair.design.kind == "between"
    assert pair.p_adjusted == max(pair.p_units, pair.p_raters)
    assert any("between raters" in w for w in report.warnings)
    assert "generalised over raters (5 in a only, 5 in b only, 0 in both)" in pair.difference.sentence()
    alone = agreement_report(paired_table(a[:, :5], b[:, 5:]), None, AgreementSettings(unit="item")).pairs[0]
    assert alone.design.kind == "within"
    assert alone.difference.value == pytest.approx(pair.difference.value, abs=1e-12)
    for one, other in ((pair.difference, alone.difference), (pair.delta_alpha, alone.delta_alpha)):
        assert one.high - one.low > 1.2 * (other.high - other.low)


def test_the_same_raters_are_what_a_result_is_conditional_on():
    rng = np.random.default_rng(5)
    a, b = rng.integers(0, 6, (2, 30, 5))
    pair = agreement_report(paired_table(a, b), None, AgreementSettings(unit="item")).pairs[0]
    assert pair.difference.scope == pair.delta_alpha.scope == "conditional on these 5 raters"
    assert "conditional on these 5 raters" in pair.difference.sentence()
    assert pair.over_raters.value == pair.difference.value
    assert pair.over_raters.high - pair.over_raters.low > pair.difference.high - pair.difference.low


def test_two_raters_a_condition_have_no_interval_over_raters():
    a, b = panels(np.random.default_rng(6), raters=2)
    pair = agreement_report(paired_table(a, b), None, AgreementSettings(unit="item")).pairs[0]
    assert pair.difference.defined
    assert pair.difference.interval is None
    assert "too few raters" in pair.difference.reason


@pytest.mark.slow
def test_own_raters_of_each_condition_make_no_effect():
    rng = np.random.default_rng(7)
    false, alone = 0, 0
    for k in range(60):
        a, b = panels(rng)
        false += (
            agreement_report(paired_table(a, b), None, AgreementSettings(unit="item", seed=k)).pairs[0].p_adjusted
            <= 0.05
        )
        alone += (
            agreement_report(paired_table(a[:, :5], b[:, 5:]), None, AgreementSettings(unit="item")).pairs[0].p <= 0.05
        )
    assert false <= 8  # the upper 1 % of the binomial at 7 %
    assert alone > 20  # what items alone would have called an effect


def test_an_emotion_that_nobody_judged_has_no_p_and_changes_none():
    rng = np.random.default_rng(0)
    first, second = np.full((20, 10), np.nan), np.full((20, 10), np.nan)
    first[:, :5], second[:, 5:] = rng.normal(0, 2, (20, 5)), rng.normal(0, 1, (20, 5))
    empty = np.full((20, 10), np.nan)
    alone = exchange_raters([Panel(first, second)])
    both = exchange_raters([Panel(first, second), Panel(empty, empty)])
    assert both.raw[0] == alone.raw[0]
    assert np.isnan(both.raw[1])
