"""The exported heads say what the training said, in ONNX Runtime alone."""

import json
import subprocess
import sys

import numpy as np
import onnx
import pytest
import torch

from app.domain.item_data import load_items
from app.domain.item_frames import thinned
from app.domain.recipes import find_recipe
from app.domain.training_events import BEST, HELD_OUT, NUMBERS, RESULT
from app.learning.clip import graph
from app.learning.clip.members.attention import AttentionClip
from app.learning.clip.members.recurrent import RecurrentClip
from app.learning.clip.run import ClipNetwork, build
from app.learning.clip.solved import SolvedMember
from app.learning.clip.train import main, split_of
from app.learning.process import checkpoint
from tests.learning.clip.data import made_up
from tests.learning.clip.test_train import FAST, words

PLAIN = """
import sys, numpy, onnxruntime
assert not any(name == "app" or name.startswith("app.") or name == "torch" for name in sys.modules)
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
feeds = numpy.load(sys.argv[2])
joint = session.run(None, {name: feeds[name] for name in ("features", "length")})
alone = [
    session.run(None, {"features": row[None, :n], "length": numpy.array([n])})[0]
    for row, n in zip(feeds["features"], feeds["length"])
]
numpy.savez(sys.argv[3], joint=joint[0], alone=numpy.concatenate(alone), evidence=joint[-1])
"""
"""Runs a head side by side and item by item in a process that has nothing of ours."""


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    return made_up(tmp_path_factory.mktemp("items"), subjects=10, clips=5, frames=(1, 40))


def in_plain_runtime(model, feeds, place):
    onnx.save(model, str(place / "head.onnx"))
    np.savez(place / "feeds.npz", **feeds)
    command = [sys.executable, "-I", "-c", PLAIN, *(str(place / n) for n in ("head.onnx", "feeds.npz", "out.npz"))]
    subprocess.run(command, check=True, cwd=place)
    with np.load(place / "out.npz") as file:
        return {name: file[name] for name in file.files}


def side_by_side(rows):
    frames = np.zeros((len(rows), max(map(len, rows)), rows[0].shape[1]), np.float32)
    for place, each in enumerate(rows):
        frames[place, : len(each)] = each
    return {"features": frames, "length": np.array([len(each) for each in rows])}


@pytest.mark.parametrize("name", FAST)
def test_a_head_says_what_the_training_said(items, tmp_path, name):
    run, recipe = tmp_path / "run", find_recipe(name)
    assert main(words(items, name, run, folds=1, **({"epochs": 3} if "epochs" in FAST[name] else {}))) == 0
    data, values = load_items(items), recipe.values(json.loads((run / RESULT).read_text())["values"])
    with np.load(run / HELD_OUT) as file:
        expected = file["predicted"]
    if (run / NUMBERS).is_file():
        with np.load(run / NUMBERS) as file:
            member = dict(file)
    else:
        member = build(recipe, values, data)
        member.load_state_dict(checkpoint.read(run / BEST))
    tested = np.flatnonzero(np.isfinite(expected).all(axis=1))
    assert len(tested) >= 10
    source = data.probabilities if recipe.reads == "probabilities" else data.features
    rows = [source[data.frames(i)] for i in tested]
    rows = [row[thinned(len(row), int(values.get("frames", 0)))] for row in rows]
    model = graph.head(member, recipe.network, rows[0].shape[1], len(data.classes))
    said = in_plain_runtime(model, side_by_side(rows), tmp_path)
    np.testing.assert_allclose(said["joint"], expected[tested], atol=2e-6)
    np.testing.assert_allclose(said["alone"], expected[tested], atol=2e-6)
    np.testing.assert_allclose(said["joint"].sum(axis=1), 1, atol=1e-5)
    if name == "attention":
        np.testing.assert_allclose(said["evidence"].sum(axis=1), 1, atol=1e-5)
        assert all((weights[len(row) :] == 0).all() for weights, row in zip(said["evidence"], rows, strict=True))


@pytest.mark.parametrize("seen", [2, 3])
def test_a_machine_that_never_saw_some_categories_is_exported_whole(items, tmp_path, seen):
    data = load_items(items)
    recipe = find_recipe("kaverage")
    member = SolvedMember(recipe, recipe.values({"grid": "1", "gamma": "1", "bins": 3}), data)
    split = split_of(data, 1.0)
    kept = np.isin(data.label, np.arange(seen))
    member.data.__dict__["target"] = np.where(kept[:, None], data.target, 0)
    solved = member.solve(split)
    tested = np.flatnonzero(np.isfinite(solved.predicted).all(axis=1))
    assert (solved.predicted[tested][:, seen:] < 0.05).all()
    model = graph.head(solved.numbers, "kaverage", 3, len(data.classes))
    said = in_plain_runtime(model, side_by_side([data.probabilities[data.frames(i)] for i in tested]), tmp_path)
    np.testing.assert_allclose(said["joint"], solved.predicted[tested], atol=2e-6)


def test_streams_of_unlike_size_are_pooled_each_on_its_own(items, tmp_path):
    data = load_items(items)
    recipe = find_recipe("aggregation")
    other = np.random.default_rng(2).normal(0, 50, (len(data.features), 3)).astype(np.float32)
    data.__dict__["features"] = np.concatenate([data.features, other], axis=1)
    data.manifest["streams"] = [{"features": 6}, {"features": 3}]
    assert len(data.blocks) == 2
    solved = SolvedMember(recipe, recipe.values({"grid": "1"}), data).solve(split_of(data, 1.0))
    tested = np.flatnonzero(np.isfinite(solved.predicted).all(axis=1))
    model = graph.head(solved.numbers, "aggregation", data.features.shape[1], len(data.classes))
    said = in_plain_runtime(model, side_by_side([data.features[data.frames(i)] for i in tested]), tmp_path)
    np.testing.assert_allclose(said["joint"], solved.predicted[tested], atol=2e-6)


@pytest.mark.parametrize("layers", [0, 2])
def test_a_transformer_of_any_depth_and_a_long_irnn_keep_their_numbers(tmp_path, layers):
    torch.manual_seed(3)
    bodies = {
        "attention": AttentionClip(7, 5, width=12, layers=layers, heads=3, dropout=0.4),
        "irnn": RecurrentClip(7, 5, cell="irnn", hidden=9),
    }
    rng = np.random.default_rng(1)
    feeds = side_by_side([rng.normal(size=(n, 7)).astype(np.float32) for n in (1, 300, 17)])
    for name, body in bodies.items():
        network = ClipNetwork(body, 7).eval()
        network.mean.copy_(torch.arange(7.0) / 7)
        network.scale.copy_(1 + torch.arange(7.0))
        with torch.no_grad():
            expected = network(*(torch.from_numpy(feeds[key]) for key in ("features", "length"))).softmax(1).numpy()
        said = in_plain_runtime(graph.head(network, name, 7, 5), feeds, tmp_path)
        np.testing.assert_allclose(said["joint"], expected, atol=3e-6)
