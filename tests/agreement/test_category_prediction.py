"""Measures of predicted categories against scikit-learn and hand-worked tables; their intervals and the ceiling."""

import numpy as np
import pytest
from sklearn import metrics

from app.agreement.category_prediction import (
    accuracy_of,
    average_f1_of,
    average_precision_of_classes,
    average_recall_of,
    human_ceiling,
    mean_average_precision,
    score_categories,
)


def made_up(k, n=240, people=24, seed=0, missing=None):
    rng = np.random.default_rng(seed)
    classes = [c for c in range(k) if c != missing]
    label = rng.choice(classes, n)
    logits = rng.normal(0, 1, (n, k))
    logits[np.arange(n), label] += 1.2
    p = np.exp(logits)
    return p / p.sum(axis=1, keepdims=True), label, rng.integers(0, people, n)


@pytest.mark.parametrize("k", [6, 7, 8])
@pytest.mark.parametrize("missing", [None, 2])
def test_measures_equal_scikit_learn(k, missing):
    p, label, subject = made_up(k, missing=missing, seed=k)
    found = score_categories(p, np.eye(k)[label], subject)
    said, there = p.argmax(axis=1), np.unique(label)
    value = {name: each.value for name, each in found.measures.items()}
    assert value["accuracy"] == pytest.approx(metrics.accuracy_score(label, said))
    assert value["uar"] == pytest.approx(metrics.recall_score(label, said, labels=there, average="macro"))
    assert value["macro_precision"] == pytest.approx(
        metrics.precision_score(label, said, labels=there, average="macro", zero_division=0)
    )
    assert value["macro_f1"] == pytest.approx(metrics.f1_score(label, said, average="macro"))
    each = [metrics.average_precision_score(label == c, p[:, c]) for c in there]
    assert value["mean_average_precision"] == pytest.approx(np.mean(each))
    assert value["cross_entropy"] == pytest.approx(metrics.log_loss(label, p, labels=range(k)))
    np.testing.assert_array_equal(found.confusion, metrics.confusion_matrix(label, said, labels=range(k)))


def test_macro_precision_and_mean_average_precision_are_two_things():
    # Two classes, four items; worked by hand.
    p = np.array([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8]])
    label = np.array([0, 0, 1, 1])
    found = score_categories(p, np.eye(2)[label], np.arange(4)).measures
    assert found["macro_precision"].value == pytest.approx((1 + 2 / 3) / 2)
    assert found["mean_average_precision"].value == 1.0


def test_ties_of_probability_count_as_in_scikit_learn():
    score = np.array([0.5, 0.5, 0.5, 0.2, 0.2])
    label = np.array([1, 0, 1, 0, 1])
    p = np.c_[1 - score, score]
    each = [metrics.average_precision_score(label == c, p[:, c]) for c in (0, 1)]
    assert mean_average_precision(p, label) == pytest.approx(np.mean(each))


def test_items_without_a_label_or_a_prediction_are_left_out():
    p = np.array([[0.9, 0.1], [np.nan, np.nan], [0.2, 0.8]])
    t = np.array([[1, 0], [0, 1], [0, 0.0]])
    found = score_categories(p, t, np.arange(3))
    assert (found.n, found.n_subjects) == (1, 1)
    nothing = score_categories(p[1:2], t[1:2], np.arange(1))
    assert nothing.n == 0
    assert np.isnan(nothing.measures["accuracy"].value)


def test_intervals_over_subjects_cover():
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        ease = np.clip(rng.normal(0.7, 0.15, 20), 0, 1)  # subjects differ in how well they are told
        subject = np.repeat(np.arange(20), 12)
        label = rng.integers(0, 2, 240)
        right = rng.random(240) < ease[subject]
        said = np.where(right, label, 1 - label)
        found = score_categories(np.eye(2)[said], np.eye(2)[label], subject).measures["accuracy"]
        inside += found.low <= 0.7 <= found.high
    assert 0.9 <= inside / 200 <= 0.99


def test_with_fewer_than_five_subjects_there_is_no_interval():
    p, label, subject = made_up(3, people=4)
    found = score_categories(p, np.eye(3)[label], subject).measures["accuracy"]
    assert np.isnan(found.low)
    assert "5 are needed" in found.reason


def test_the_ceiling_of_raters_who_agree_is_one_and_of_guessing_is_chance():
    agreed = np.repeat(np.arange(3)[:, None], 4, axis=1)
    assert human_ceiling(agreed, 3, np.arange(3)).accuracy.value == 1.0
    assert human_ceiling(agreed, 3, np.arange(3)).votes_entropy == 0.0
    rng = np.random.default_rng(0)
    guessed = human_ceiling(rng.integers(0, 4, (4000, 5)), 4, np.arange(4000) % 40)
    assert guessed.accuracy.value == pytest.approx(0.25, abs=0.02)
    assert guessed.uar.low < 0.25 < guessed.uar.high


def test_an_equal_rater_more_scores_what_the_ceiling_says():
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 4, 3000)
    said = np.where(rng.random((3000, 6)) < 0.6, truth[:, None], rng.integers(0, 4, (3000, 6)))
    ceiling = human_ceiling(said[:, :5], 4, np.arange(3000) % 50)
    # A sixth person against four others, as each of the five was.
    other = human_ceiling(said[:, 1:], 4, np.arange(3000) % 50)
    assert other.accuracy.value == pytest.approx(ceiling.accuracy.value, abs=0.01)


def test_confusions_may_be_stacked():
    rng = np.random.default_rng(1)
    stack = rng.integers(0, 9, (5, 4, 4)).astype(float)
    for of in (accuracy_of, average_recall_of, average_f1_of, average_precision_of_classes):
        np.testing.assert_allclose(of(stack), [of(one) for one in stack])
