import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.domain.class_metrics import cross_entropy, expected_calibration_error, ferplus_majority, score_classes


def test_scores_of_a_hand_made_table():
    probabilities = np.array([[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.6, 0.4, 0.0], [0.1, 0.8, 0.1]])
    scores = score_classes(probabilities, np.array([0, 1, 1, 1]))
    assert scores.accuracy == 0.75
    np.testing.assert_array_equal(scores.confusion, [[1, 0, 0], [1, 2, 0], [0, 0, 0]])
    np.testing.assert_allclose(scores.recall, [1, 2 / 3, np.nan])


def test_majority_rule_drops_single_votes_and_ties():
    votes = np.array(
        [
            [6, 4, 0, 0, 0, 0, 0, 0, 0, 0],  # 6 of 10: kept
            [5, 5, 0, 0, 0, 0, 0, 0, 0, 0],  # half is not more than half
            [3, 1, 1, 1, 1, 1, 0, 0, 1, 1],  # single votes go: 3 of 3
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # nothing remains
            [2, 0, 0, 0, 0, 0, 0, 0, 8, 0],  # unknown wins: never a label
        ]
    )
    keep, top = ferplus_majority(votes)
    np.testing.assert_array_equal(keep, [True, False, True, False, False])
    assert top[0] == top[2] == 0


def test_majority_rule_keeps_3199_images_of_the_validation_set(shared):
    with np.load(shared / "data" / "fer2013_valid.npz") as file:
        keep, _ = ferplus_majority(file["ferplus_votes"])
    assert keep.sum() == 3199


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    probabilities = np.tile([0.8, 0.2], (10, 1))
    labels = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.2)
    assert expected_calibration_error(np.tile([1.0, 0.0], (5, 1)), np.zeros(5, np.int64)) == 0


@given(arrays(np.float64, (7, 4), elements=st.floats(0.01, 1)))
def test_cross_entropy_is_least_for_the_truth(raw):
    truth = raw / raw.sum(axis=1, keepdims=True)
    other = np.full_like(truth, 0.25)
    assert cross_entropy(truth, truth) <= cross_entropy(other, truth) + 1e-12
