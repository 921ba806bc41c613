"""Pooling of frames by hand-worked numbers."""

import numpy as np
import pytest

from app.domain.item_frames import at_rate, thinned
from app.learning.clip.base.pooling import k_average, log_probabilities, moments, normalised


def test_bins_average_consecutive_frames_and_keep_their_order():
    frames = np.arange(12.0).reshape(6, 2)
    np.testing.assert_array_equal(k_average(frames, 3), [1, 2, 5, 6, 9, 10])


def test_frames_are_repeated_locally_where_there_are_fewer_than_bins():
    np.testing.assert_array_equal(k_average(np.array([[1.0], [2.0]]), 5), [1, 1, 1, 2, 2])


@pytest.mark.parametrize("count", [1, 14, 15, 16, 31, 400])
def test_every_frame_is_in_one_bin(count):
    frames = np.eye(count)
    pooled = k_average(frames, 15).reshape(15, count)
    np.testing.assert_allclose(pooled.sum(axis=1), 1)
    assert ((pooled > 0).sum(axis=0) >= 1).all()


def test_moments_are_those_of_frames_of_length_one():
    frames = np.array([[9.0, -16.0], [0.0, 0.0]])
    np.testing.assert_allclose(normalised(frames), [[0.6, -0.8], [0, 0]])
    np.testing.assert_allclose(moments(frames), [0.3, -0.4, 0.09, 0.16])
    np.testing.assert_allclose(moments(frames, variance=False), [0.3, -0.4])


def test_log_probabilities_are_the_logits_up_to_a_constant():
    logits = np.array([[1.0, 2.0, 4.0]])
    p = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(log_probabilities(p), logits - logits.mean())


def test_thinning_keeps_both_ends():
    assert thinned(3, 10).tolist() == [0, 1, 2]
    found = thinned(1000, 10)
    assert (len(found), found[0], found[-1]) == (10, 0, 999)
    assert (np.diff(found) > 0).all()


def test_video_of_another_rate_is_read_at_the_rate_that_was_learned_from():
    times_s = np.arange(50) / 50.0
    found = at_rate(times_s, 10)
    np.testing.assert_allclose(np.diff(times_s[found]), 0.1)
    assert found[-1] == 49
    slow = np.arange(6) / 5.0
    np.testing.assert_array_equal(at_rate(slow, 10), [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    assert at_rate(np.array([3.0]), 25).tolist() == [0]


def test_an_item_without_frames_cannot_be_pooled():
    for pool in (lambda x: k_average(x, 3), moments):
        with pytest.raises(ValueError, match="without a frame"):
            pool(np.zeros((0, 2)))
