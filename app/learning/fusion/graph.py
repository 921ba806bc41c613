"""A fusion as one ONNX graph, which holds all of its members.

The graph takes the rows of all streams once. Each member reads its own columns and its own frames; then the predictions
of the members are mapped to common classes and fused. A member whose number of frames is 0 has no prediction for the
item; the rules for that are those of `app.fusion.combine` and `app.fusion.stacking`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
import onnx.inliner
from numpy.typing import NDArray
from onnx import TensorProto, helper

from app.errors import UserError
from app.fusion.stacking import LEAST
from app.fusion.ways import Fusion
from app.learning.blocks.onnx_graph import VERSIONS, Graph, tensor
from app.learning.clip.base.graph_rows import FEATURES, LENGTH, PROBABILITY

ROWS: Final = "rows"
MEMBERS: Final = "members"
"""Names of an input and an output that only fusions have."""
_ROW: Final = np.array([1], np.int64)


@dataclass(frozen=True, eq=False)
class Part:
    """A member in the graph.

    Attributes:
        name: Name of the member.
        model: Its head, from `features` and `length` to `probability`.
        columns: int64, the columns of the joint rows that it reads, in its own order.
        carry: float64 own classes × common classes, see `app.services.fusion.collect.carry_matrix`.
    """

    name: str
    model: onnx.ModelProto
    columns: NDArray[np.int64]
    carry: NDArray[np.float64]


def fused_graph(parts: Sequence[Part], fusion: Fusion, width: int) -> onnx.ModelProto:
    """Build the graph of a fusion.

    Args:
        parts: The M members, in the order of the fusion.
        fusion: The chosen weights, or the regression.
        width: D, columns of the joint rows.

    Returns:
        A model with the inputs `features` (float32 N×T×D), `rows` (int64 N×M×R, which frames each member reads, padded
        at the end) and `length` (int64 N×M, how many of them, 0 for a member without a prediction), and the outputs
        `probability` (N×K) and `members` (N×M×K, the predictions of each member, zeros for one without).

    Raises:
        UserError: The operator sets of the members do not go together.
    """
    graph = Graph()
    imports = _imports(parts)
    said, there = [], []
    for number, part in enumerate(parts):
        probability, present = _member(graph, part, number)
        said.append(probability)
        there.append(present)
    joint = graph.one("Concat", *said, axis=1)  # N×M×K
    present = graph.one("Concat", *there, axis=1)  # N×M×1
    probability = (
        _weighted(graph, joint, present, fusion) if fusion.stack is None else _stacked(graph, joint, present, fusion)
    )
    graph.cast(probability, TensorProto.FLOAT, to=PROBABILITY)
    graph.cast(joint, TensorProto.FLOAT, to=MEMBERS)
    m, k = fusion.weights.shape
    inputs = [
        tensor(FEATURES, "N", "T", width),
        helper.make_tensor_value_info(ROWS, TensorProto.INT64, ["N", m, "R"]),
        helper.make_tensor_value_info(LENGTH, TensorProto.INT64, ["N", m]),
    ]
    outputs = [tensor(PROBABILITY, "N", k), tensor(MEMBERS, "N", m, k)]
    made = helper.make_graph(graph.nodes, "fusion", inputs, outputs, graph.constants)
    model = helper.make_model(made, **{**VERSIONS, "opset_imports": imports})
    onnx.checker.check_model(model)
    return model


def _imports(parts: Sequence[Part]) -> list[onnx.OperatorSetIdProto]:
    """Return the operator sets that all members use."""
    found: dict[str, int] = {each.domain: each.version for each in VERSIONS["opset_imports"]}
    for part in parts:
        for each in part.model.opset_import:
            domain = "" if each.domain == "ai.onnx" else each.domain
            if found.setdefault(domain, each.version) != each.version:
                raise UserError(
                    f"{part.name} uses version {each.version} of the operators {domain or 'of ONNX'}, and other "
                    f"members version {found[domain]}.",
                    "Train or export it again with this program, or leave it out.",
                )
    return [helper.make_opsetid(domain, version) for domain, version in found.items()]


def _member(graph: Graph, part: Part, number: int) -> tuple[str, str]:
    """Add a member, and return the names of its prediction (double N×1×K) and of whether it has one (bool N×1×1)."""
    own = graph.one("Gather", FEATURES, graph.constant(part.columns), axis=2)
    at, axis = graph.constant(np.array([number], np.int64)), graph.constant(_ROW)
    rows = graph.one("Squeeze", graph.one("Gather", ROWS, at, axis=1), axis)  # N×R
    frames = graph.one("GatherND", own, graph.one("Unsqueeze", rows, graph.constant(np.array([2]))), batch_dims=1)
    count = graph.one("Squeeze", graph.one("Gather", LENGTH, at, axis=1), axis)  # N
    some = graph.one("Greater", count, graph.constant(np.int64(0)))
    least = graph.one("Max", count, graph.constant(np.int64(1)))
    answers = inlined(graph, part.model, f"member{number}/", {FEATURES: frames, LENGTH: least})
    said = graph.cast(answers[PROBABILITY], TensorProto.DOUBLE)
    k = part.carry.shape[1]
    if part.carry.shape[0] != k or not np.array_equal(part.carry, np.eye(k)):
        said = _shares(graph, graph.one("MatMul", said, graph.constant(part.carry)), k)
    said = graph.one("Unsqueeze", said, graph.constant(_ROW))
    present = graph.one("Unsqueeze", some, graph.constant(np.array([1, 2])))
    return graph.one("Where", present, said, graph.constant(np.float64(0))), present


def inlined(graph: Graph, model: onnx.ModelProto, prefix: str, feeds: Mapping[str, str]) -> dict[str, str]:
    """Put a whole model into a graph.

    Args:
        graph: The graph that receives it.
        model: The model.
        prefix: What all of its names get in front.
        feeds: Name of each of its inputs → name in the graph.

    Returns:
        For each output of the model its name in the graph.
    """
    if model.functions:
        model = onnx.inliner.inline_local_functions(model)
    inner = onnx.GraphProto()
    inner.CopyFrom(model.graph)
    _rename(inner, prefix)
    for name, source in feeds.items():
        graph.nodes.append(helper.make_node("Identity", [source], [f"{prefix}{name}"], name=f"{prefix}feed/{name}"))
    graph.constants.extend(inner.initializer)
    graph.nodes.extend(inner.node)
    return {each.name: f"{prefix}{each.name}" for each in model.graph.output}


def _rename(graph: onnx.GraphProto, prefix: str) -> None:
    """Put a prefix before every name, at any depth: `onnx.compose` forgets constants that a loop takes from outside."""
    for node in graph.node:
        node.name = f"{prefix}{node.name}" if node.name else ""
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                names[place] = f"{prefix}{name}" if name else ""
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _rename(attribute.g, prefix)
            for each in attribute.graphs:
                _rename(each, prefix)
    for described in (graph.input, graph.output, graph.initializer, graph.value_info):
        for one in described:
            one.name = f"{prefix}{one.name}"


def _shares(graph: Graph, scores: str, k: int) -> str:
    """Return the nodes of `combine.shares`: each row of N×K divided by its sum, or equal shares for a row of zeros."""
    total = graph.one("ReduceSum", scores, graph.constant(_ROW), keepdims=1)
    some = graph.one("Greater", total, graph.constant(np.float64(0)))
    share = graph.one("Div", scores, graph.one("Where", some, total, graph.constant(np.float64(1))))
    return graph.one("Where", some, share, graph.constant(np.full((1, k), 1.0 / k)))


def _weighted(graph: Graph, said: str, present: str, fusion: Fusion) -> str:
    """Return the nodes of `combine.combined` for N×M×K."""
    zero, one = graph.constant(np.float64(0)), graph.constant(np.float64(1))
    axis = graph.constant(_ROW)
    own = graph.one("Where", present, graph.constant(fusion.weights[None]), zero)
    total = graph.one("ReduceSum", own, axis, keepdims=1)
    there = graph.cast(present, TensorProto.DOUBLE)
    count = graph.one("Max", graph.one("ReduceSum", there, axis, keepdims=1), one)
    some = graph.one("Greater", total, zero)
    scaled = graph.one("Div", own, graph.one("Where", some, total, one))
    own = graph.one("Where", some, scaled, graph.one("Div", there, count))
    return _shares(
        graph, graph.one("ReduceSum", graph.one("Mul", own, said), axis, keepdims=0), fusion.weights.shape[1]
    )


def _stacked(graph: Graph, said: str, present: str, fusion: Fusion) -> str:
    """Return the nodes of `Stack.predict` for N×M×K."""
    stack = fusion.stack
    if stack is None:
        raise ValueError("the fusion has no regression")
    m, k = fusion.weights.shape
    logs = graph.one("Log", graph.one("Max", said, graph.constant(np.float64(LEAST))))
    logs = graph.one("Div", logs, graph.constant(stack.temperature[None, :, None]))
    logs = graph.one("LogSoftmax", logs, axis=2)
    logs = graph.one("Where", present, logs, graph.constant(stack.mean[None]))
    flat = graph.one("Reshape", logs, graph.constant(np.array([-1, m * k], np.int64)))
    score = graph.one("MatMul", flat, graph.constant(stack.weight.reshape(m * k, k)))
    return graph.one("Softmax", graph.one("Add", score, graph.constant(stack.bias[None])), axis=1)


def columns_of(streams: Sequence[Mapping[str, Any]], own: Sequence[str], reads: str) -> NDArray[np.int64]:
    """Return which columns of the joint rows a member reads.

    Args:
        streams: The streams of the fusion in order, as cards state them; all of their columns stand side by side.
        own: Names of the member's streams, in its order.
        reads: "features", "probabilities" or "both", see `app.services.predict.categories.read_features`.
    """
    first, at = {}, 0
    for stream in streams:
        first[str(stream["name"])] = (at, int(stream["columns"]), len(stream.get("frame_classes", ())))
        at += int(stream["columns"])
    places = [first[name] for name in own]
    features = [np.arange(start, start + width - classes) for start, width, classes in places]
    said = [np.arange(start + width - classes, start + width) for start, width, classes in places if classes]
    if reads != "features" and said:
        features = said[:1] if reads == "probabilities" else [*features, said[0]]
    return np.concatenate(features)
