"""Weighted sums, worked by hand."""

import numpy as np

from app.fusion.combine import combined, rescaled, summed

NAN = float("nan")


def test_weights_are_rescaled_for_each_class_by_itself() -> None:
    # First class: 2 + 6 = 8, so a quarter and three quarters; second: 1 + 1; third: nothing, so equal.
    found = rescaled(np.array([[2.0, 1.0, 0.0], [6.0, 1.0, 0.0]]))
    np.testing.assert_allclose(found, [[0.25, 0.5, 0.5], [0.75, 0.5, 0.5]])


def test_a_sum_worked_by_hand_is_not_normalised_before_classes_are_compared() -> None:
    said = np.array([[[0.6, 0.4]], [[0.1, 0.9]]])
    weights = np.array([[0.75, 0.25], [0.25, 0.75]])
    # Class a: 0.75·0.6 + 0.25·0.1 = 0.475; class b: 0.25·0.4 + 0.75·0.9 = 0.775.
    np.testing.assert_allclose(summed(said, weights), [[0.475, 0.775]])
    np.testing.assert_allclose(combined(said, weights), [[0.475 / 1.25, 0.775 / 1.25]])


def test_without_a_member_the_weights_of_the_others_are_rescaled() -> None:
    said = np.array([[[0.6, 0.4]], [[0.2, 0.8]], [[NAN, NAN]]])
    weights = np.array([[0.1, 0.2], [0.3, 0.2], [0.6, 0.6]])
    # Class a: 0.1/0.4 and 0.3/0.4; class b: a half each.
    np.testing.assert_allclose(summed(said, weights), [[0.25 * 0.6 + 0.75 * 0.2, 0.5 * 0.4 + 0.5 * 0.8]])


def test_members_left_without_any_weight_count_the_same() -> None:
    said = np.array([[[0.6, 0.4]], [[0.2, 0.8]], [[NAN, NAN]]])
    weights = np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(summed(said, weights), [[0.4, 0.4]])


def test_an_item_of_which_nobody_says_anything_has_no_verdict() -> None:
    said = np.array([[[0.6, 0.4], [NAN, NAN]], [[0.2, 0.8], [NAN, NAN]]])
    found = combined(said, np.ones((2, 2)))
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
