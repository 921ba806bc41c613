"""Pooled concordance with an interval over subjects."""

import numpy as np
import pytest

from app.agreement.ccc import ccc
from app.agreement.pooled import ccc_of_moments, expanded_interval, moments, pooled_ccc


def made(subjects, frames=60, noise=0.3, seed=0):
    rng = np.random.default_rng(seed)
    gold = np.cumsum(rng.normal(0, 0.1, subjects * frames))
    who = np.repeat(np.arange(subjects), frames)
    return gold, gold + rng.normal(0, noise, len(gold)), who


def test_sums_of_clips_give_the_ccc_of_their_frames_together():
    gold, predicted, who = made(3)
    sums = sum(moments(gold[who == n], predicted[who == n], -predicted[who == n]) for n in range(3))[None]
    assert ccc_of_moments(sums)[0] == pytest.approx(ccc(gold, predicted), abs=1e-12)
    assert ccc_of_moments(sums, 1)[0] == pytest.approx(ccc(gold, -predicted), abs=1e-12)


def test_the_interval_holds_the_value_and_shrinks_with_more_subjects():
    few, many = pooled_ccc(*made(5)), pooled_ccc(*made(40))
    for found, n in ((few, 5), (many, 40)):
        assert found.n_subjects == n
        assert found.interval[0] < found.ccc < found.interval[1]
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


def test_frames_without_a_label_or_a_prediction_do_not_count():
    gold, predicted, who = made(5)
    gold[who == 4] = np.nan
    predicted[:10] = np.nan
    found = pooled_ccc(gold, predicted, who)
    assert found.n_subjects == 4
    assert found.ccc == pytest.approx(ccc(gold, predicted), abs=1e-12)


def test_with_three_subjects_there_is_a_value_and_no_interval():
    found = pooled_ccc(*made(3))
    assert np.isfinite(found.ccc)
    assert np.isnan(found.interval).all()
    nothing = pooled_ccc(np.full(4, np.nan), np.zeros(4), np.zeros(4, int))
    assert np.isnan(nothing.ccc)
    assert nothing.n_subjects == 0


def test_the_expanded_interval_is_wider_than_plain_percentiles():
    draws = np.random.default_rng(0).normal(size=9999)
    low, high = expanded_interval(draws, 6)
    assert low < np.quantile(draws, 0.025)
    assert high > np.quantile(draws, 0.975)
