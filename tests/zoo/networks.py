"""Small ONNX networks with the inputs and outputs of models of the zoo."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def picture_network(path, side, columns, *, batch="N", name="input", output="output", seed=0, channels=3, scale=1.0):
    """N×channels×side×side → N×columns: a seeded linear map of each channel's mean, so that answers can be computed."""
    weights = np.random.default_rng(seed).normal(0, scale, (channels, columns)).astype(np.float32)
    nodes = [
        helper.make_node("ReduceMean", [name], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], [output]),
    ]
    graph = helper.make_graph(
        nodes,
        "stand-in",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, channels, side, side])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [batch, columns])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return weights
