"""Made-up items with streams of given names and sizes, and the comparison of a head with its network."""

import subprocess
import sys

import numpy as np
import onnx
import torch

from app.domain.item_data import ItemData
from app.domain.recipes import find_recipe
from app.learning.clip import graph
from app.learning.clip.run import build

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


def streams_of(sizes, classes=8, lengths=(), seed=0, shapes=()):
    """Return items with the streams of a mapping from names to numbers of columns, without labels."""
    rng = np.random.default_rng(seed)
    frames, width = sum(lengths), sum(sizes.values())
    facts = [{"name": name, "features": size, "geometry": {}} for name, size in sizes.items()]
    for fact, shape in zip(facts, shapes, strict=False):
        fact["geometry"]["shape"] = list(shape)
    return ItemData(
        features=rng.normal(size=(frames, width)).astype(np.float32),
        probabilities=np.zeros((frames, 0), np.float32),
        times_s=np.arange(frames) / 5,
        first=np.r_[0, np.cumsum(lengths)].astype(np.int64),
        target=np.zeros((len(lengths), classes), np.float32),
        said=np.zeros((len(lengths), 1), np.int16),
        subject=np.zeros(len(lengths), np.int32),
        items=tuple(f"item {n}" for n in range(len(lengths))),
        subjects=("S0",),
        classes=tuple(f"class {n}" for n in range(classes)),
        frame_classes=(),
        manifest={"streams": facts},
        sha256="",
    )


def network_of(name, data, **values):
    """Return the untrained network of a recipe, in evaluation mode, with seeded weights."""
    torch.manual_seed(1)
    recipe = find_recipe(name)
    return build(recipe, recipe.values(values), data).eval()


def side_by_side(data):
    """Return the items padded at the end, and their lengths."""
    length = np.diff(data.first)
    frames = np.zeros((len(length), int(length.max()), data.features.shape[1]), np.float32)
    for item, count in enumerate(length):
        frames[item, :count] = data.features[data.first[item] : data.first[item + 1]]
    return {"features": frames, "length": length}


def said_by(network, feeds):
    """Return the probabilities of a network in evaluation mode."""
    with torch.no_grad():
        return network(*(torch.from_numpy(feeds[key]) for key in ("features", "length"))).softmax(1).numpy()


def in_plain_runtime(model, feeds, place):
    """Run a head in a process without this program: side by side, one by one, and its last output."""
    onnx.save(model, str(place / "head.onnx"))
    np.savez(place / "feeds.npz", **feeds)
    command = [sys.executable, "-I", "-c", PLAIN, *(str(place / n) for n in ("head.onnx", "feeds.npz", "out.npz"))]
    subprocess.run(command, check=True, cwd=place)
    with np.load(place / "out.npz") as file:
        return {name: file[name] for name in file.files}


def head_of(name, network, data):
    """Return the head of a network."""
    return graph.head(network, find_recipe(name).network, data.features.shape[1], len(data.classes))


def nodes_of(model):
    """Return the number of nodes, with those inside of loops."""
    inner = [a.g for node in model.graph.node for a in node.attribute if a.HasField("g")]
    return len(model.graph.node) + sum(len(each.node) for each in inner)
