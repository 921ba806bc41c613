"""System E's networks as one ONNX graph: face crops in, valence and arousal out, recurrent state carried in and out.

The recurrent head is written with ONNX's own GRU and LSTM operators (LSTM has peepholes there), so that batch and time
stay free; torch's exporter would freeze the time of a second recurrent network in one process. One file serves clips
(any number of frames at once) and live video (one frame a call, the state handed back).
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from app.learning.affect.networks import RecurrentHead
from app.learning.blocks.peephole import PeepholeLstm

VERSIONS: Final[dict[str, Any]] = {"opset_imports": [helper.make_opsetid("", 18)], "ir_version": 10}
"""Keyword arguments of `make_model`: onnx writes its newest IR by default, which ONNX Runtime may not read yet."""
Floats = NDArray[np.float32]


@dataclass
class Graph:
    """Nodes and constants of a graph under construction; names are unique by a running number."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    count: int = 0

    def name(self, kind: str) -> str:
        """A fresh name."""
        self.count += 1
        return f"{kind.lower()}_{self.count}"

    def constant(self, value: Any) -> str:
        """Add a constant; its name."""
        name = self.name("constant")
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, outputs: int = 1, to: str = "", **attributes: Any) -> list[str]:
        """Add a node; the names of its outputs. `to` names the first output."""
        names = [self.name(kind) for _ in range(outputs)]
        if to:
            names[0] = to
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=self.name(f"node_{kind}"), **attributes))
        return names

    def one(self, kind: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        """Add a node with one output; its name."""
        return self.add(kind, *inputs, to=to, **attributes)[0]


def _array(parameter: Any) -> Floats:
    return np.asarray(parameter.detach().cpu().numpy(), np.float32)


def linear(graph: Graph, x: str, layer: nn.Linear, to: str = "") -> str:
    """x·Wᵀ + b over the last axis."""
    product = graph.one("MatMul", x, graph.constant(_array(layer.weight).T))
    return graph.one("Add", product, graph.constant(_array(layer.bias)), to=to)


def recurrent_head(graph: Graph, head: RecurrentHead, features: str, landmarks: str, state: str) -> tuple[str, str]:
    """The nodes of a recurrent head in evaluation mode.

    Args:
        graph: Where to add them.
        head: The trained head.
        features: Name of N×T×features.
        landmarks: Name of N×T×P; not read where the head has none.
        state: Name of N×state_size.

    Returns:
        Names of N×T×outputs in −1…1 and of the state after the last step, N×state_size.
    """
    x = graph.one("Concat", features, landmarks, axis=2) if head.landmarks else features
    first = head.first[0]
    if not isinstance(first, nn.Linear):
        raise TypeError("the head begins with a linear layer")
    x = graph.one("Relu", linear(graph, x, first))
    x = graph.one("Transpose", x, perm=[1, 0, 2])  # T×N×units, as ONNX's recurrent operators want it
    each = 1 if head.cell == "gru" else 2
    sizes = graph.constant(np.full(head.layers * each, head.hidden, np.int64))
    parts = graph.add("Split", state, sizes, outputs=head.layers * each, axis=1)
    lead, squeezed = graph.constant(np.array([0], np.int64)), graph.constant(np.array([1], np.int64))
    after: list[str] = []
    for number, layer in enumerate(head.recurrent):
        before = [graph.one("Unsqueeze", part, lead) for part in parts[number * each : (number + 1) * each]]
        y, kept = _gru(graph, layer, x, before) if isinstance(layer, nn.GRU) else _lstm(graph, layer, x, before)
        x = graph.one("Squeeze", y, squeezed)
        after += [graph.one("Squeeze", last, lead) for last in kept]
    x = graph.one("Transpose", x, perm=[1, 0, 2])
    bounds = graph.constant(np.float32(-1)), graph.constant(np.float32(1))
    predicted = graph.one("Clip", linear(graph, x, head.last), *bounds)
    return predicted, graph.one("Concat", *after, axis=1)


def _reordered(weight: Floats, order: tuple[int, ...]) -> Floats:
    """Gate blocks in another order, with the leading axis of one direction."""
    blocks = np.split(weight, len(order))
    return np.concatenate([blocks[i] for i in order])[None]


def _gru(graph: Graph, layer: nn.GRU, x: str, before: list[str]) -> tuple[str, list[str]]:
    # torch: reset, update, new; ONNX: update, reset, new. torch resets after the product, hence linear_before_reset.
    order = (1, 0, 2)
    names = [
        graph.constant(_reordered(_array(layer.weight_ih_l0), order)),
        graph.constant(_reordered(_array(layer.weight_hh_l0), order)),
        graph.constant(
            np.concatenate([_reordered(_array(b), order) for b in (layer.bias_ih_l0, layer.bias_hh_l0)], axis=1)
        ),
    ]
    y, last = graph.add("GRU", x, *names, "", *before, outputs=2, hidden_size=layer.hidden_size, linear_before_reset=1)
    return y, [last]


def _lstm(graph: Graph, layer: nn.Module, x: str, before: list[str]) -> tuple[str, list[str]]:
    if not isinstance(layer, PeepholeLstm):
        raise TypeError(f"{type(layer).__name__} has no ONNX form here")
    # ours: input, forget, cell, output; ONNX: input, output, forget, cell; its peepholes: input, output, forget.
    order = (0, 3, 1, 2)
    bias = _reordered(_array(layer.bias), order)
    peephole = _array(layer.peephole)[[0, 2, 1]].reshape(1, -1)
    names = [
        graph.constant(_reordered(_array(layer.weight_input), order)),
        graph.constant(_reordered(_array(layer.weight_hidden), order)),
        graph.constant(np.concatenate([bias, np.zeros_like(bias)], axis=1)),
    ]
    y, h, c = graph.add("LSTM", x, *names, "", *before, graph.constant(peephole), outputs=3, hidden_size=layer.hidden)
    return y, [h, c]


def per_frame(graph: Graph, frame_model: onnx.ModelProto, faces: str) -> dict[str, str]:
    """Put a frame model into the graph, fed with every frame of every sequence.

    Args:
        graph: Where to add it.
        frame_model: One input N×C×H×W; outputs N×….
        faces: Name of N×T×C×H×W.

    Returns:
        For each output of the frame model the name of N×T×….
    """
    inner = frame_model.graph
    source = inner.input[0].name
    rename = {source: graph.one("Reshape", faces, graph.constant(_flat_shape(inner.input[0])))}
    prefix = graph.name("frame")

    def inside(name: str) -> str:
        return rename.setdefault(name, f"{prefix}/{name}") if name else ""

    for tensor in inner.initializer:
        copy = onnx.TensorProto()
        copy.CopyFrom(tensor)
        copy.name = inside(tensor.name)
        graph.constants.append(copy)
    for node in inner.node:
        twin = onnx.NodeProto()
        twin.CopyFrom(node)
        twin.name = graph.name(f"{prefix}/{node.op_type}")
        del twin.input[:], twin.output[:]
        twin.input.extend(inside(name) for name in node.input)
        twin.output.extend(inside(name) for name in node.output)
        graph.nodes.append(twin)
    shape = graph.one("Shape", faces, start=0, end=2)
    result = {}
    for output in inner.output:
        rest = [d.dim_value for d in output.type.tensor_type.shape.dim][1:]
        whole = graph.one("Concat", shape, graph.constant(np.array(rest, np.int64)), axis=0)
        result[output.name] = graph.one("Reshape", inside(output.name), whole)
    return result


def _flat_shape(value: onnx.ValueInfoProto) -> NDArray[np.int64]:
    sizes = [d.dim_value for d in value.type.tensor_type.shape.dim]
    return np.array([-1, *sizes[1:]], np.int64)


def tensor(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    """A float32 input or output; text stands for a free size."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
