"""The machine on the sound of items: components worked by hand, what it learns, and its head in ONNX Runtime alone."""

from dataclasses import replace

import numpy as np
import pytest

from app.domain.item_data import load_items
from app.domain.recipes import find_recipe
from app.errors import UserError
from app.learning.clip import graph
from app.learning.clip.members.sound import components, heard, projected
from app.learning.clip.solved import SolvedMember
from app.learning.clip.train import split_of
from tests.learning.clip.data import made_up
from tests.learning.clip.test_graph import in_plain_runtime, side_by_side

SET = {"grid": "1,10", "gamma": "0.3,1"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    found = load_items(made_up(tmp_path_factory.mktemp("sound"), subjects=12, clips=5, frames=(1, 30)))
    found.manifest["streams"] = [
        {"name": "face", "features": 2, "geometry": {}},
        {"name": "audio", "features": 4, "geometry": {"of": "sound"}},
    ]
    found.__dict__["features"] = np.ascontiguousarray(found.features[:, [1, 2, 0, 3, 4, 5]])
    return found


def test_components_of_a_line_are_that_line():
    x = np.array([[0.0, 0.0, 5.0], [2.0, 4.0, 5.0], [4.0, 8.0, 5.0]])
    numbers = components(x, 0.99, 0)
    # Both columns are brought to deviation one; the third stands still and counts for nothing.
    np.testing.assert_allclose(numbers["pca"][:, 0], [np.sqrt(0.5), np.sqrt(0.5), 0], atol=1e-12)
    np.testing.assert_allclose(projected(x, numbers)[:, 0], np.sqrt(3) * np.array([-1, 0, 1]), atol=1e-12)


def test_share_and_number_of_components_limit_each_other():
    x = np.random.default_rng(0).normal(size=(40, 6))
    assert components(x, 1.0, 0)["pca"].shape == (6, 6)
    assert components(x, 1.0, 2)["pca"].shape == (6, 2)
    assert components(x, 0.3, 0)["pca"].shape[1] < 4
    assert components(x[:3], 1.0, 0)["pca"].shape[1] == 2  # three points lie in a plane


def test_only_the_sound_is_heard(data):
    pooled = heard(data)
    assert pooled.shape == (len(data), 8)
    np.testing.assert_allclose(pooled[3, :4], data.features[data.frames(3), 2:].mean(axis=0), atol=1e-6)
    with pytest.raises(UserError, match="sound"):
        heard(replace(data, manifest={"streams": data.manifest["streams"][:1]}))


@pytest.mark.process
def test_the_head_says_what_was_solved(data, tmp_path):
    recipe = find_recipe("audio")
    solved = SolvedMember(recipe, recipe.values(SET), data).solve(split_of(data, 1.0))
    tested = np.flatnonzero(np.isfinite(solved.predicted).all(axis=1))
    label = data.label[tested]
    assert (solved.predicted[tested].argmax(axis=1) == label).mean() > 0.5
    model = graph.head(solved.numbers, "audio", data.features.shape[1], len(data.classes))
    said = in_plain_runtime(model, side_by_side([data.features[data.frames(i)] for i in tested]), tmp_path)
    np.testing.assert_allclose(said["joint"], solved.predicted[tested], atol=2e-6)
    np.testing.assert_allclose(said["alone"], solved.predicted[tested], atol=2e-6)


def test_silence_gives_probabilities_and_no_nan(data):
    recipe = find_recipe("audio")
    member = SolvedMember(recipe, recipe.values(SET), data)
    member.pooled = np.zeros_like(member.pooled)
    solved = member.solve(split_of(data, 1.0))
    known = solved.predicted[data.items_of(split_of(data, 1.0).test)]
    assert np.isfinite(known).all()
