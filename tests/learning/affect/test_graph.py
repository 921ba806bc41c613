import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import helper

from app.learning.affect.graph import recurrent_head
from app.learning.affect.networks import RecurrentHead
from app.learning.blocks.onnx_graph import VERSIONS, Graph, per_frame, tensor


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def head_model(head, features, points):
    graph = Graph()
    predicted, state = recurrent_head(graph, head, "features", "landmarks", "state")
    inputs = [tensor("features", "N", "T", features), tensor("landmarks", "N", "T", points)]
    inputs.append(tensor("state", "N", head.state_size))
    outputs = [tensor(predicted, "N", "T", 2), tensor(state, "N", head.state_size)]
    made = helper.make_graph(graph.nodes, "head", inputs, outputs, graph.constants)
    model = helper.make_model(made, **VERSIONS)
    onnx.checker.check_model(model, full_check=True)
    return model


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("layers", [1, 2])
def test_onnx_equals_torch_for_any_batch_and_time(cell, layers):
    torch.manual_seed(1)
    head = RecurrentHead(6, landmarks=4, units=9, hidden=5, layers=layers, cell=cell).eval()
    run = session(head_model(head, 6, 4))
    for batch, time in ((1, 1), (2, 7), (3, 4)):
        x, points, state = torch.randn(batch, time, 6), torch.randn(batch, time, 4), torch.randn(batch, head.state_size)
        with torch.no_grad():
            expected, after = head(x, points, state)
        got, kept = run.run(None, {"features": x.numpy(), "landmarks": points.numpy(), "state": state.numpy()})
        np.testing.assert_allclose(got, expected.clamp(-1, 1).numpy(), atol=1e-5)
        np.testing.assert_allclose(kept, after.numpy(), atol=1e-5)


def test_a_frame_model_is_run_on_every_frame():
    weight = np.arange(12, dtype=np.float32).reshape(4, 3)
    inner = helper.make_graph(
        [helper.make_node("Flatten", ["face"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["embedding"])],
        "frame",
        [tensor("face", "N", 1, 2, 2)],
        [tensor("embedding", "N", 3)],
        [onnx.numpy_helper.from_array(weight, "w")],
    )
    frame_model = helper.make_model(inner, **VERSIONS)
    graph = Graph()
    outputs = per_frame(graph, frame_model, "faces")
    made = helper.make_graph(
        graph.nodes,
        "clip",
        [tensor("faces", "N", "T", 1, 2, 2)],
        [tensor(outputs["embedding"], "N", "T", 3)],
        graph.constants,
    )
    model = helper.make_model(made, **VERSIONS)
    onnx.checker.check_model(model, full_check=True)
    faces = np.random.default_rng(0).normal(size=(2, 5, 1, 2, 2)).astype(np.float32)
    (got,) = session(model).run(None, {"faces": faces})
    np.testing.assert_allclose(got, faces.reshape(2, 5, 4) @ weight, rtol=1e-5)
