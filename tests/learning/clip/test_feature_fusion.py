"""The fusion of features: regulariser worked by hand, what it learns, and the head in ONNX Runtime alone."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.item_data import load_items, save_items
from app.domain.recipes import find_recipe
from app.domain.training_events import BEST, HELD_OUT, NUMBERS, RESULT
from app.errors import UserError
from app.learning.blocks.fusion_net import FusionNet, FusionSetting, train_fusion
from app.learning.clip import graph
from app.learning.clip.joined import as_read
from app.learning.clip.run import build
from app.learning.clip.second import Staged
from app.learning.clip.train import main
from app.learning.process import checkpoint
from tests.learning.clip.data import made_up
from tests.learning.clip.test_graph import in_plain_runtime, side_by_side

SMALL = {
    "epochs": 3, "folds": 1, "hidden": 6, "bins": 3, "components": 2, "fusion_epochs": 5, "cnn_units": 4,
    "sound_units": 2, "rnn_units": 3, "common_units": 5, "batch": 8,
}  # fmt: skip
SETTING = FusionSetting((4, 3), 5, 1.0, 0.9, 0.0, 0.0, 200, 200, 64, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Items of two streams: a face with probabilities, and sound."""
    place = tmp_path_factory.mktemp("fusion")
    data = load_items(made_up(place / "one", subjects=12, clips=4, frames=(1, 25)))
    facts = {key: value for key, value in data.manifest.items() if key not in ("sha256", "columns", "rows")}
    facts["streams"] = [
        {"name": "face", "features": 4, "geometry": {}},
        {"name": "audio", "features": 2, "geometry": {"of": "sound"}},
    ]
    names = ("features", "probabilities", "times_s", "first", "target", "said", "subject")
    return save_items({name: np.array(getattr(data, name)) for name in names}, facts, place / "two")


def test_sharing_is_small_where_modalities_use_the_same_unit():
    net = FusionNet((2, 1), (2, 1), 2, 2)
    with torch.no_grad():
        net.own[0].weight.copy_(torch.tensor([[3.0, 0.0], [0.0, 0.0]]))
        net.own[1].weight.copy_(torch.tensor([[4.0]]))
        # Both modalities use unit 0: √(3² + 4²).
        assert net.sharing().item() == pytest.approx(5.0, abs=1e-4)
        assert net.sparseness().item() == 7.0
        net.own[0].weight.copy_(torch.tensor([[0.0, 0.0], [3.0, 0.0]]))
        assert net.sharing().item() == pytest.approx(7.0, abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4)), min_size=1, max_size=3), st.integers(1, 4))
def test_every_weight_has_a_gradient(sizes, items):
    net = FusionNet([size for size, _ in sizes], [units for _, units in sizes], 3, 2)
    said = net([torch.randn(items, size) for size, _ in sizes])
    assert said.shape == (items, 2)
    (said.square().sum() + net.sharing() + net.sparseness()).backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def test_two_modalities_say_together_what_neither_says_alone():
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 2, 60), rng.integers(0, 2, 60)
    target = np.eye(2)[one ^ two]
    parts = [2.0 * one[:, None] - 1, 2.0 * two[:, None] - 1]
    net = train_fusion(parts, target, np.arange(40), np.arange(40, 60), SETTING)
    again = train_fusion(parts, target, np.arange(40), np.arange(40, 60), SETTING)
    said = net([torch.from_numpy(part) for part in parts]).argmax(dim=1).numpy()
    assert (said == (one ^ two)).mean() > 0.95
    assert torch.equal(net.last.weight, again.last.weight)


def test_data_without_probabilities_or_sound_are_refused(folder, tmp_path):
    recipe, data = find_recipe("feature_fusion"), load_items(folder)
    with pytest.raises(UserError, match="probabilities"):
        as_read(recipe, replace(data, probabilities=np.zeros((len(data.features), 0), np.float32)))
    alone = replace(data, manifest={"streams": data.manifest["streams"][:1]})
    with pytest.raises(UserError, match="sound"):
        build(recipe, recipe.values(SMALL), alone)


@pytest.mark.process
@pytest.mark.parametrize("setting", ["stable", "paper"])
def test_a_head_says_what_the_training_said(folder, tmp_path, setting):
    run, recipe = tmp_path / "run", find_recipe("feature_fusion")
    words = [word for key, value in (SMALL | {"setting": setting}).items() for word in ("--set", f"{key}={value}")]
    lead = ["--threads", "1", "--device", "cpu", "--items", str(folder), "--recipe", recipe.name, "--out", str(run)]
    assert main([*lead, *words]) == 0
    told = json.loads((run / RESULT).read_text())
    assert told["chosen"]["rate"] == {"stable": 0.001, "paper": 0.1}[setting]
    data = as_read(recipe, load_items(folder))
    network = build(recipe, recipe.values(told["values"]), data)
    network.load_state_dict(checkpoint.read(run / BEST))
    with np.load(run / NUMBERS) as file:
        member = Staged(network.eval(), dict(file))
    with np.load(run / HELD_OUT) as file:
        expected = file["predicted"]
    tested = np.flatnonzero(np.isfinite(expected).all(axis=1))
    rows = [np.asarray(data.features[data.frames(i)], np.float32) for i in tested]
    model = graph.head(member, recipe.network, rows[0].shape[1], len(data.classes))
    said = in_plain_runtime(model, side_by_side(rows), tmp_path)
    np.testing.assert_allclose(said["joint"], expected[tested], atol=1e-5)
    np.testing.assert_allclose(said["alone"], expected[tested], atol=1e-5)
    assert len(model.graph.node) < 200
