"""Small ONNX models for the tests, built node by node."""

import hashlib

import numpy as np
import onnx
import tomli_w
from onnx import TensorProto, helper, numpy_helper

EIGHT = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]


def save(path, nodes, inputs, outputs, weights=(), domain=""):
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(n, t, s) for n, t, s in inputs],
        [helper.make_tensor_value_info(n, t, s) for n, t, s in outputs],
        [numpy_helper.from_array(np.asarray(v), n) for n, v in weights],
    )
    opsets = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def double(path):
    """y = 2 x, free batch."""
    return save(
        path,
        [helper.make_node("Mul", ["x", "two"], ["y"])],
        [("x", TensorProto.FLOAT, ["batch", 3])],
        [("y", TensorProto.FLOAT, ["batch", 3])],
        [("two", np.float32([2]))],
    )


def face_model(path, side=8, channels=1, columns=8, name="expression", batch="N"):
    """Logits that are a known linear map of the picture's mean: column k is k × mean / 255."""
    return save(
        path,
        [
            helper.make_node("ReduceMean", ["face"], ["mean"], axes=[1, 2, 3], keepdims=0),
            helper.make_node("Unsqueeze", ["mean", "one"], ["column"]),
            helper.make_node("MatMul", ["column", "weights"], [name]),
        ],
        [("face", TensorProto.FLOAT, [batch, channels, side, side])],
        [(name, TensorProto.FLOAT, [batch, columns])],
        [("one", np.int64([1])), ("weights", np.arange(columns, dtype=np.float32)[None] / 255)],
    )


def card(folder, table, file="model.onnx"):
    data = (folder / file).read_bytes()
    table.setdefault("name", folder.name)
    table.setdefault("kind", "test")
    table.setdefault("file", {"path": file, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)})
    (folder / "card.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
    return table


def with_external_data(path, location):
    """A model whose weight lies in another file."""
    model = onnx.load(str(double(path)))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location
    path.write_bytes(model.SerializeToString())
    return path
