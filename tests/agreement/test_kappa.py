"""Kappa of pairs and of repeated answers: within emotions, by the values of the scores, clustered by item."""

import numpy as np
import pytest
from scipy import stats

from app.agreement.kappa import cohen_kappa, cohen_table
from app.agreement.pair_kappa import MOST_INTERVALS, Places, mean_kappa, pair_kappas
from app.agreement.retest import retest_reliability
from app.domain.ratings import Factor, Items, RatingTable
from app.interchange.tidy_ratings import read_ratings


def places(cell, item):
    cell, item = np.asarray(cell, np.int64), np.asarray(item, np.int64)
    return Places(cell, item, item, "item", f"{np.unique(cell).size} emotions")


def test_weights_follow_the_values_of_the_scores():
    rng = np.random.default_rng(0)
    a = rng.choice([0.0, 1, 5], 80)
    b = np.where(rng.random(80) < 0.5, a, rng.choice([0.0, 1, 5], 80))
    used, full = np.array([0.0, 1, 5]), np.arange(6.0)
    for weights in ("linear", "quadratic"):
        want = cohen_kappa(cohen_table(a, b, full), weights).value
        assert cohen_kappa(cohen_table(a, b, used), weights, labels=used).value == pytest.approx(want, abs=1e-12)
        assert abs(cohen_kappa(cohen_table(a, b, used), weights).value - want) > 1e-3
    moments = mean_kappa(a, b, places(np.zeros(80), np.arange(80))).value
    assert moments == pytest.approx(want, abs=1e-12)
    with pytest.raises(ValueError, match="one label"):
        cohen_kappa(np.eye(3), "linear", labels=full)


def test_levels_of_emotions_are_no_agreement_on_items():
    rng = np.random.default_rng(1)
    level = np.repeat(np.arange(9) // 2, 200)
    a, b = (np.clip(level + rng.integers(0, 2, level.size), 0, 5).astype(float) for _ in range(2))
    found = mean_kappa(a, b, places(np.repeat(np.arange(9), 200), np.tile(np.arange(200), 9)))
    each = [cohen_kappa(cohen_table(x, y, np.arange(6.0)), "quadratic").value
            for x, y in zip(a.reshape(9, -1), b.reshape(9, -1), strict=True)]  # fmt: skip
    assert found.value == pytest.approx(np.mean(each), abs=1e-12)
    assert abs(found.value) < 0.1
    assert cohen_kappa(cohen_table(a, b, np.arange(6.0)), "quadratic").value > 0.7
    assert found.estimator.endswith("mean over 9 emotions")
    assert (found.n_items, found.n_ratings, found.n_units) == (200, 3600, 200)
    assert found.low < found.value < found.high


def test_it_is_said_over_which_emotions_the_mean_is():
    """Of five emotions one has always the same answer and one no pair: the mean is over the other three."""
    rng = np.random.default_rng(6)
    cell, item = np.repeat(np.arange(5), 12), np.tile(np.arange(12), 5)
    a, b = (rng.integers(0, 6, 60).astype(float) for _ in range(2))
    a[cell == 1] = b[cell == 1] = 2.0
    b[cell == 4] = np.nan
    found = mean_kappa(a, b, places(cell, item))
    each = [mean_kappa(a[cell == k], b[cell == k], places(np.zeros(12), np.arange(12))).value for k in (0, 2, 3)]
    assert found.value == pytest.approx(np.mean(each), abs=1e-12)
    said = "the mean is over 3 of 5 emotions: in 1 all answers are the same, in 1 no item was judged by both"
    assert said in found.missing
    assert said in found.sentence()
    (one,) = pair_kappas(np.stack([a, b], axis=1), places(cell, item), ("A", "B")).values()
    assert (one.value, one.missing) == (found.value, found.missing)
    many_raters = np.repeat(np.stack([a, b], axis=1), 11, axis=1)  # so many that only the values are computed
    found = pair_kappas(many_raters, places(cell, item), [f"R{k}" for k in range(22)])
    assert said in found[0, 21].missing
    whole = mean_kappa(a[cell == 0], b[cell == 0], places(np.zeros(12), np.arange(12)))
    assert "the mean is over" not in whole.missing


def test_answers_to_one_item_are_not_taken_for_independent():
    rng = np.random.default_rng(2)
    a, b = (rng.integers(0, 6, 40).astype(float) for _ in range(2))
    b = np.where(rng.random(40) < 0.5, a, b)
    one = mean_kappa(a, b, places(np.zeros(40), np.arange(40)))
    nine = mean_kappa(np.tile(a, 9), np.tile(b, 9), places(np.repeat(np.arange(9), 40), np.tile(np.arange(40), 9)))
    np.testing.assert_allclose([nine.low, nine.high], [one.low, one.high], atol=1e-12)
    assert nine.n_items == 40


def test_the_interval_of_a_table_is_that_of_leaving_out_each_item():
    rng = np.random.default_rng(3)
    a = rng.integers(0, 4, 25).astype(float)
    b = np.where(rng.random(25) < 0.6, a, rng.integers(0, 4, 25))
    labels = np.arange(4.0)
    got = cohen_kappa(cohen_table(a, b, labels), "quadratic")
    keep = ~np.eye(25, dtype=bool)
    left = np.array([cohen_kappa(cohen_table(a[k], b[k], labels), "quadratic").value for k in keep])
    z = -np.sqrt(1 - left)
    d = z - z.mean()
    freedom = min(max(2 * 25 / (25 * (d**4).sum() / (d**2).sum() ** 2 - 1), 2), 24)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(24 / 25 * (d**2).sum())
    centre = -np.sqrt(1 - got.value)
    np.testing.assert_allclose([got.low, got.high], [1 - (centre - half) ** 2, 1 - (centre + half) ** 2], atol=1e-12)


def test_no_interval_passes_one_or_has_no_width():
    same = cohen_kappa(np.diag([9.0, 5.0, 6.0]), "quadratic")
    assert same.value == pytest.approx(1, abs=1e-12)
    assert same.interval is None
    assert "no unit changes the value" in same.reason
    near = cohen_kappa(np.array([[9.0, 1, 0], [0, 5, 1], [1, 0, 6]]))
    assert near.low < near.value < near.high <= 1


def test_a_pair_whose_answers_are_all_alike_is_left_out_of_the_mean_and_counted():
    a = np.array([0.0, 0, 0, 0, 1, 2, 1, 0, 2, 1])
    b = np.array([0.0, 0, 0, 0, 1, 1, 1, 0, 2, 2])
    cell = np.array([0] * 4 + [1] * 6)
    found = mean_kappa(a, b, places(cell, np.arange(10)))
    assert found.value == pytest.approx(mean_kappa(a[4:], b[4:], places(cell[4:] - 1, np.arange(6))).value)
    assert "the mean is over 1 of 2 emotions: in 1 all answers are the same" in found.missing
    empty = pair_kappas(np.array([[1.0, np.nan], [np.nan, 1.0]]), places([0, 0], [0, 1]), ("A", "B"))[0, 1]
    assert not empty.defined
    assert "no item was judged by both" in empty.reason


def retest_table(n_items=100, n_emotions=9):
    """One rater, twice, at random within each emotion."""
    rng = np.random.default_rng(7)
    level = np.arange(n_emotions) // 2
    scores = np.clip(level[None, :, None] + rng.integers(0, 2, (n_items, n_emotions, 2)), 0, 5).astype(float)
    item, emotion, number = (x.ravel().astype(np.int32) for x in np.indices(scores.shape))
    return RatingTable(
        Items.of_clips([f"c{i}" for i in range(n_items)]), item, Factor.constant("all", item.size),
        Factor.constant("A", item.size), Factor(emotion, tuple(f"e{k}" for k in range(n_emotions))), scores.ravel(),
        number + 1,
    )  # fmt: skip


def test_retest_counts_items_and_one_rater():
    (one,) = retest_reliability(retest_table())
    assert abs(one.kappa.value) < 0.15
    assert (one.kappa.n_items, one.kappa.n_raters, one.kappa.n_ratings) == (100, 1, 1800)
    assert "100 items, 1 rater" in one.kappa.sentence()
    assert "mean over 9 emotions" in one.kappa.sentence()


def test_the_reference_tables_give_their_right_values(shared):
    folder = shared / "reference" / "referee"
    table = read_ratings(folder / "kappa_unused_levels.csv").of_pass(1)
    a, b = (table.score[table.rater.codes == k] for k in (0, 1))
    found = mean_kappa(a, b, places(np.zeros(a.size), np.arange(a.size)))
    assert found.value == pytest.approx(0.412, abs=5e-4)
    table = read_ratings(folder / "kappa_pooled_over_emotions.csv").of_pass(1)
    order = np.lexsort((table.item, table.emotion.codes))
    first, second = (order[table.rater.codes[order] == k] for k in (0, 1))
    here = places(table.emotion.codes[first], table.item[first])
    assert mean_kappa(table.score[first], table.score[second], here).value == pytest.approx(0.004, abs=5e-4)


def test_of_many_pairs_all_values_are_those_of_each_pair():
    rng = np.random.default_rng(4)
    raters, items, cells = 24, 15, 3
    assert raters * (raters - 1) // 2 > MOST_INTERVALS
    scores = rng.integers(0, 5, (items * cells, raters)).astype(float)
    scores[rng.random(scores.shape) < 0.6] = np.nan
    scores[:, 0], scores[:, 1], scores[:15, 2] = np.nan, 3.0, 2.0  # absent, always the same, the same in one cell
    scores[:15, 3] = np.where(np.arange(15) < 4, 2.0, np.nan)
    where = Places(
        np.repeat(np.arange(cells), items), np.tile(np.arange(items), cells), np.tile(np.arange(items) // 2, cells),
        "clip", "3 emotions",
    )  # fmt: skip
    codes = tuple(f"R{k}" for k in range(raters))
    found = pair_kappas(scores, where, codes, about="all")
    assert len(found) == raters * (raters - 1) // 2
    silent = 0
    for (a, b), one in found.items():
        about = f"raters {codes[a]} and {codes[b]}, all"
        want = mean_kappa(scores[:, a], scores[:, b], where, about=about, with_interval=False)
        assert one.value == pytest.approx(want.value, abs=1e-12, nan_ok=True)
        facts = ("n_items", "n_units", "n_ratings", "missing", "reason", "estimator", "about", "unit", "n_raters")
        assert [getattr(one, name) for name in facts] == [getattr(want, name) for name in facts]
        silent += "all answers are the same" in one.missing
    assert silent
    assert {one.reason for one in found.values()} >= {"", "no item was judged by both"}
