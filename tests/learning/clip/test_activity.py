"""The words of motion: blocks and the autoencoder worked by hand, and the head in ONNX Runtime alone."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.item_data import load_items
from app.domain.recipes import find_recipe
from app.errors import UserError
from app.learning.blocks.synchrony import SynchronyAutoencoder, train_synchrony
from app.learning.clip import graph
from app.learning.clip.members.activity import block_frames, corners, patch_places, words
from app.learning.clip.solved import SolvedMember
from app.learning.clip.train import split_of
from tests.learning.clip.data import made_up
from tests.learning.clip.pixel_data import made_pixels
from tests.learning.clip.test_graph import in_plain_runtime, side_by_side

SET = {
    "blocks": 300, "components": 12, "hidden": 10, "passes": 3, "words": 8, "grid": "1", "gamma": "1", "step": 4,
    "time_step": 3, "frames": 40,
}  # fmt: skip


def test_blocks_lie_within_picture_and_item():
    assert corners(48, 16).tolist() == [0, 16, 32]
    assert corners(20, 8).tolist() == [0]
    places = patch_places(20, 4)
    assert places.shape == (4, 256)
    assert places[1, :3].tolist() == [4, 5, 6]
    assert places[2, 16] == 4 * 20 + 20
    assert block_frames(1, 5).tolist() == [[0] * 10]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 12))
def test_every_block_has_ten_frames_of_its_item(count, step):
    frames = block_frames(count, step)
    assert frames.shape[1] == 10
    assert frames.min() == 0
    assert frames.max() < count
    assert (np.diff(frames, axis=1) >= 0).all()
    assert len(frames) == max(count - 10, 0) // step + 1


def test_a_unit_fires_by_the_square_of_its_filter():
    net = SynchronyAutoencoder(2, 1)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[0.6, 0.8]]))
    block = torch.tensor([[1.0, 2.0]])  # W·v = 2.2
    fired = 1 / (1 + np.exp(-(2.2**2)))
    assert net.encode(block).item() == pytest.approx(fired)
    assert net.encode(-block).item() == pytest.approx(fired)  # motion has no sign
    np.testing.assert_allclose(net(block).detach().numpy(), [[0.6 * 2.2 * fired, 0.8 * 2.2 * fired]], rtol=1e-6)
    rows = block.clone().requires_grad_()
    (slope,) = torch.autograd.grad(net.encode(rows).sum(), rows)
    assert net.contraction(block).item() == pytest.approx(float((slope**2).sum()), rel=1e-5)


def test_the_autoencoder_learns_the_direction_of_its_blocks_and_repeats_itself():
    rng = np.random.default_rng(0)
    blocks = rng.normal(size=(128, 1)) * np.array([[0.8, -0.6, 0.0]]) + rng.normal(0, 0.05, (128, 3))
    found = [train_synchrony(blocks, 1, epochs=200, rate=0.02, contraction=0.0, seed=1) for _ in range(2)]
    np.testing.assert_array_equal(*found)
    unit = found[0] / np.linalg.norm(found[0], axis=1, keepdims=True)
    assert np.abs(unit @ np.array([0.8, -0.6, 0.0])).max() > 0.98


def test_the_nearest_centre_is_the_word():
    centres = np.array([[0.0, 0.0], [1.0, 1.0]])
    assert words(np.array([[0.2, 0.1], [0.9, 0.6]]), centres).tolist() == [0, 1]


@pytest.mark.process
def test_the_head_says_what_was_solved(tmp_path):
    data = load_items(made_pixels(tmp_path / "items", frames=(2, 36), clips=5))
    recipe, split = find_recipe("activity"), split_of(data, 1.0)
    solved = SolvedMember(recipe, recipe.values(SET), data).solve(split)
    tested = data.items_of(split.test)
    model = graph.head(solved.numbers, "activity", data.features.shape[1], len(data.classes))
    rows = [np.asarray(data.features[data.frames(i)], np.float32) for i in tested]
    said = in_plain_runtime(model, side_by_side(rows), tmp_path)
    np.testing.assert_allclose(said["joint"], solved.predicted[tested], atol=1e-5)
    np.testing.assert_allclose(said["alone"], solved.predicted[tested], atol=1e-5)


def test_rows_without_pixels_and_pictures_smaller_than_a_block_are_refused(tmp_path):
    recipe = find_recipe("activity")
    with pytest.raises(UserError, match="pixels"):
        SolvedMember(recipe, recipe.values(SET), load_items(made_up(tmp_path / "rows", subjects=6, clips=2)))
