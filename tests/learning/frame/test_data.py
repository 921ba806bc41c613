import numpy as np
import pytest

from app.errors import UserError
from app.learning.frame.affect import coordinates, valence_arousal
from app.learning.frame.data import (
    expression_target,
    expression_weight,
    fer_target,
    load,
    load_train,
)


def votes(*rows):
    return np.array(rows, dtype=np.uint8)


def test_single_votes_are_dropped_from_the_distribution():
    given = votes([6, 1, 3, 0, 0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(expression_target(given)[0, :3], [6 / 9, 0, 3 / 9], rtol=1e-6)


def test_single_votes_stay_when_nothing_else_remains():
    target = expression_target(votes([1, 1, 0, 0, 0, 0, 0, 0, 8, 0]))
    np.testing.assert_allclose(target[0, :2], [0.5, 0.5])


def test_an_image_without_emotion_votes_is_uniform_and_weighs_nothing():
    given = votes([0, 0, 0, 0, 0, 0, 0, 0, 9, 1])
    np.testing.assert_allclose(expression_target(given), 1 / 8)
    assert expression_weight(given).tolist() == [0.0]


def test_weight_is_the_share_of_emotion_votes():
    np.testing.assert_allclose(expression_weight(votes([4, 3, 0, 0, 0, 0, 0, 0, 2, 1])), [0.7])


def test_smoothed_labels_sum_to_one_and_keep_their_top():
    target = fer_target(np.array([0, 6], np.int8), 0.1)
    np.testing.assert_allclose(target.sum(axis=1), 1, rtol=1e-6)
    assert target.argmax(axis=1).tolist() == [0, 6]
    np.testing.assert_allclose(target[0, 1], 0.1 / 7, rtol=1e-5)


def test_training_files_are_joined_in_order(data_folder):
    whole = load_train(data_folder)
    first = load(data_folder / "fer2013_train_0.npz")
    assert len(whole) == 192
    np.testing.assert_array_equal(whole.images[:96], first.images)


def test_missing_folder_and_broken_files_are_explained(tmp_path):
    with pytest.raises(UserError, match="no fer2013_train"):
        load_train(tmp_path)
    with pytest.raises(UserError, match="does not exist"):
        load(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(UserError, match="cannot be read"):
        load(tmp_path / "text.npz")
    np.savez(tmp_path / "odd.npz", images=np.zeros((2, 48, 48)), fer_label=np.zeros(2), ferplus_votes=np.zeros((2, 10)))
    with pytest.raises(UserError, match="wrong shape"):
        load(tmp_path / "odd.npz")


def test_valence_and_arousal_are_expectations_of_the_words():
    happy, sad = np.eye(8, dtype=np.float32)[[1, 3]]
    np.testing.assert_allclose(valence_arousal(np.stack([happy, sad])), [[0.81, 0.51], [-0.63, -0.27]], atol=1e-6)
    mixed = valence_arousal(np.full((1, 8), 1 / 8, np.float32))
    np.testing.assert_allclose(mixed[0], coordinates().mean(axis=0), atol=1e-6)
    assert np.abs(coordinates()).max() <= 1
