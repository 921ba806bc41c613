"""Builds ONNX graphs by hand, with batch and time left free, where torch's exporter freezes or fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from torch import nn  # graphs of trained parts are put together without it

VERSIONS: Final[dict[str, Any]] = {"opset_imports": [helper.make_opsetid("", 18)], "ir_version": 10}
"""Keyword arguments of `make_model`. By default onnx writes its newest IR, which ONNX Runtime may not read yet."""
Floats = NDArray[np.float32]


@dataclass
class Graph:
    """Nodes and constants of a graph under construction; a running number makes names unique."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    count: int = 0

    def name(self, kind: str) -> str:
        """Return a fresh name."""
        self.count += 1
        return f"{kind.lower()}_{self.count}"

    def constant(self, value: Any) -> str:
        """Add a constant and return its name."""
        name = self.name("constant")
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, outputs: int = 1, to: str = "", **attributes: Any) -> list[str]:
        """Add a node and return the names of its outputs. `to` names the first output."""
        names = [self.name(kind) for _ in range(outputs)]
        if to:
            names[0] = to
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=self.name(f"node_{kind}"), **attributes))
        return names

    def one(self, kind: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        return self.add(kind, *inputs, to=to, **attributes)[0]

    def cast(self, x: str, dtype: int, to: str = "") -> str:
        """Convert to another element type (`TensorProto.DOUBLE` …) and return the name of the result."""
        name = to or self.name("cast")
        self.nodes.append(helper.make_node("Cast", [x], [name], name=self.name("node_cast"), to=dtype))
        return name


def array(parameter: Any) -> Floats:
    """Return a parameter of a network as float32."""
    return np.asarray(parameter.detach().cpu().numpy(), np.float32)


def linear(graph: Graph, x: str, layer: "nn.Linear", to: str = "") -> str:
    """Add x·Wᵀ + b over the last axis and return the name of the result."""
    product = graph.one("MatMul", x, graph.constant(array(layer.weight).T))
    return graph.one("Add", product, graph.constant(array(layer.bias)), to=to)


def reordered(weight: Floats, order: tuple[int, ...]) -> Floats:
    """Put blocks of gates into another order, and add the leading axis of one direction."""
    blocks = np.split(weight, len(order))
    return np.concatenate([blocks[i] for i in order])[None]


def gru_weights(graph: Graph, layer: "nn.GRU") -> list[str]:
    """Add W, R and B of ONNX's GRU and return their names.

    The node needs `linear_before_reset=1`, because torch resets after the product.
    """
    order = (1, 0, 2)  # torch: reset, update, new; ONNX: update, reset, new
    biases = [reordered(array(bias), order) for bias in (layer.bias_ih_l0, layer.bias_hh_l0)]
    return [
        graph.constant(reordered(array(layer.weight_ih_l0), order)),
        graph.constant(reordered(array(layer.weight_hh_l0), order)),
        graph.constant(np.concatenate(biases, axis=1)),
    ]


def per_frame(graph: Graph, frame_model: onnx.ModelProto, faces: str) -> dict[str, str]:
    """Put a frame model into the graph, fed with every frame of every sequence.

    Args:
        graph: The graph that receives it.
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
    """Return a float32 input or output; text stands for a free size."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def columns(graph: Graph, x: str, bounds: Sequence[Any] | None, axis: int = 2) -> str:
    """Return the columns from the first bound up to the second; all columns without bounds."""
    if bounds is None:
        return x
    ends = [graph.constant(np.array([int(value)], np.int64)) for value in bounds]
    return graph.one("Slice", x, *ends, graph.constant(np.array([axis], np.int64)))
