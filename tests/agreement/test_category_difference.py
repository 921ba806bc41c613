"""The paired difference of two models of categories: hand-worked values, and intervals that hold what they say."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from app.agreement.category_difference import category_difference


def made(seed, *, old, new, subjects=20, items=6, k=4):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, k, subjects * items)
    subject = np.repeat(np.arange(subjects), items)

    def said(right):
        told = np.where(rng.random(len(label)) < right, label, rng.integers(0, k, len(label)))
        return np.eye(k)[told]

    return said(old), said(new), np.eye(k)[label], subject, label


def test_values_are_those_of_scikit_learn():
    old, new, target, subject, label = made(1, old=0.4, new=0.7)
    found = category_difference(old, new, target, subject)
    for name, score in (("accuracy", accuracy_score), ("uar", balanced_accuracy_score)):
        each = found.measures[name]
        assert each.old == pytest.approx(score(label, old.argmax(axis=1)))
        assert each.new == pytest.approx(score(label, new.argmax(axis=1)))
        assert each.interval[0] < each.difference < each.interval[1]


def test_a_better_model_is_found_and_an_equal_one_is_not():
    better = category_difference(*made(2, old=0.3, new=0.8)[:4])
    assert better.joint[0] > 0
    worse = category_difference(*made(2, old=0.8, new=0.3)[:4])
    assert all(each.worse for each in worse.measures.values())
    said = [category_difference(*made(seed, old=0.5, new=0.5)[:4], seed).joint for seed in range(40)]
    assert sum(low > 0 or high < 0 for low, high in said) <= 6  # 5 % of 40, and what chance adds to it


def test_what_only_one_has_predicted_is_passed_over():
    old, new, target, subject, _ = made(3, old=0.5, new=0.5)
    old[:6] = np.nan
    target[6:12] = 0
    found = category_difference(old, new, target, subject)
    assert (found.n, found.n_subjects) == (len(old) - 12, 18)
    none = category_difference(old * np.nan, new, target, subject)
    assert (none.n, none.measures) == (0, {})


def test_few_subjects_have_no_interval():
    old, new, target, subject, _ = made(4, old=0.2, new=0.9, subjects=3)
    assert all(
        np.isnan(each.interval).all() for each in category_difference(old, new, target, subject).measures.values()
    )
