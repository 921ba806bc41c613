"""A small frame model with a card, and a snapshot whose features are what that model says about its crops."""

import hashlib
import json

import numpy as np
import onnx
from onnx import helper, numpy_helper

from app.files import sha256_of
from app.inference.cards import write_card
from app.inference.face_frame import FaceFrameModel
from app.inference.session import open_model

SIDE = 16


def write_frame_model(folder, name="small_face", seed=0, colour=False, **input_facts):
    """Grey or coloured 16×16 crops in 0…255 → expression, valence and arousal, embedding of 6."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    constants = {
        "grey": np.float32(1 / 255),
        "w": (rng.normal(size=((3 if colour else 1) * SIDE * SIDE, 6)) / SIDE).astype(np.float32),
        "we": rng.normal(size=(6, 8)).astype(np.float32),
        "wv": rng.normal(size=(6, 2)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Flatten", ["face"], ["flat"]),
        helper.make_node("Mul", ["flat", "grey"], ["small"]),
        helper.make_node("MatMul", ["small", "w"], ["embedding"]),
        helper.make_node("MatMul", ["embedding", "we"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["expression"]),
        helper.make_node("MatMul", ["embedding", "wv"], ["va"]),
        helper.make_node("Tanh", ["va"], ["valence_arousal"]),
    ]

    def info(tensor, *shape):
        return helper.make_tensor_value_info(tensor, onnx.TensorProto.FLOAT, list(shape))

    outputs = [info("expression", "N", 8), info("valence_arousal", "N", 2), info("embedding", "N", 6)]
    weights = [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()]
    graph = helper.make_graph(nodes, "small", [info("face", "N", 3 if colour else 1, SIDE, SIDE)], outputs, weights)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), folder / "model.onnx"
    )
    names = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
    return write_card(
        folder,
        {
            "name": name,
            "kind": "face_frame",
            "version": "1",
            "file": {"path": "model.onnx", "sha256": sha256_of(folder / "model.onnx")},
            "input": {
                "face": {
                    "shape": ["N", 3 if colour else 1, SIDE, SIDE], "dtype": "float32",
                    "colour": "rgb" if colour else "grey", "size": [SIDE, SIDE],
                    "alignment": "eyes", "scale": 0.375, "eye_y": 0.39, "range": [0.0, 255.0], **input_facts,
                }
            },
            "output": {
                "expression": {"shape": ["N", 8], "dtype": "float32", "classes": names},
                "valence_arousal": {"shape": ["N", 2], "dtype": "float32"},
                "embedding": {"shape": ["N", 6], "dtype": "float32"},
            },
            "smoothing": {"method": "one_euro", "min_cutoff_hz": 0.8, "beta": 0.6},
        },
    )  # fmt: skip


def embed(folder, card):
    """Put the frame model's features of the crops in the place of a snapshot's features."""
    with np.load(folder / "data.npz") as file:
        arrays = {name: file[name] for name in file.files}
    model = FaceFrameModel(open_model(card, "cpu"), card)
    if not model.crop_geometry.grey:
        tint = np.array([1.0, 0.7, 0.4])
        arrays["images"] = (arrays["images"][..., None] * tint).astype(np.uint8)
    arrays["features"] = model.predict(arrays["images"]).embedding
    np.savez(folder / "data.npz", **arrays)
    manifest = json.loads((folder / "snapshot.json").read_text())
    manifest["sha256"] = hashlib.sha256((folder / "data.npz").read_bytes()).hexdigest()
    manifest["frame_model"] = {"name": card.name, "sha256": card.file().sha256}
    (folder / "snapshot.json").write_text(json.dumps(manifest))
    return folder
