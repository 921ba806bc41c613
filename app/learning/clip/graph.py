"""Members for categories as ONNX graphs, which read features of the frames of N items and give category probabilities.

The numbers of items and frames stay free. Items of unequal length lie side by side, padded at the end, and `length`
says how long each is. Support vector machines compute in double precision, as scikit-learn does, because distances
cancel in single precision.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch import nn

from app.domain.recipe import reads_probabilities
from app.inference.cards import ModelCard
from app.inference.face_frame import class_columns
from app.learning.blocks.onnx_graph import VERSIONS, Graph, array, gru_weights, linear, per_frame, tensor
from app.learning.clip.networks import AttentionClip, RecurrentClip
from app.learning.clip.run import ClipNetwork

FEATURES: Final = "features"
FACES: Final = "faces"
LENGTH: Final = "length"
PROBABILITY: Final = "probability"
ATTENTION: Final = "attention"
"""Names of the graphs' inputs and outputs."""

Arrays = Mapping[str, NDArray[Any]]


def head(member: ClipNetwork | Arrays, network: str, size: int, classes: int) -> onnx.ModelProto:
    """Build the graph from features of frames to probabilities.

    Args:
        member: A trained network in evaluation mode, or the numbers of a member that was solved at once.
        network: Name of the recipe's network.
        size: D, number of values of a frame.
        classes: K, number of categories.

    Returns:
        A model with inputs `features` (float32 N×T×D) and `length` (int64 N), and the output `probability` (N×K);
        attention pooling also gives `attention` (N×T), each frame's weight, which is zero in the padding.
    """
    graph = Graph()
    outputs = _member(graph, member, network, FEATURES)
    return _model(graph, tensor(FEATURES, "N", "T", size), outputs, classes)


def whole_item(
    member: ClipNetwork | Arrays, network: str, frame_model: onnx.ModelProto, frame_card: ModelCard, classes: int
) -> onnx.ModelProto:
    """Build the graph from face crops to probabilities: the frame model on every frame, then the head.

    Args:
        member: See `head`.
        network: See `head`.
        frame_model: The frame model's file.
        frame_card: Card of the frame model.
        classes: K, number of categories.

    Returns:
        A model as `head` makes it, with the input `faces` (float32 N×T×C×H×W) instead of `features`.
    """
    graph = Graph()
    answers = per_frame(graph, frame_model, FACES)
    if reads_probabilities(network):
        spec, columns = class_columns(frame_card)
        said = _columns(graph, answers[spec.name], spec.more.get("columns"))
        if str(spec.more.get("activation", "none")) == "softmax":
            said = graph.one("Softmax", said, axis=-1)
        features = graph.one("MatMul", said, graph.constant(columns))
    else:
        spec = frame_card.outputs["embedding"]
        features = _columns(graph, answers[spec.name], spec.more.get("columns"))
    shape = [d.dim_value for d in frame_model.graph.input[0].type.tensor_type.shape.dim][1:]
    outputs = _member(graph, member, network, features)
    return _model(graph, tensor(FACES, "N", "T", *shape), outputs, classes)


def _model(graph: Graph, first: onnx.ValueInfoProto, outputs: Sequence[str], classes: int) -> onnx.ModelProto:
    length = helper.make_tensor_value_info(LENGTH, TensorProto.INT64, ["N"])
    sizes: dict[str, list[int | str]] = {PROBABILITY: ["N", classes], ATTENTION: ["N", "T"]}
    values = [tensor(name, *sizes[name]) for name in outputs]
    made = helper.make_graph(graph.nodes, "categories", [first, length], values, graph.constants)
    model = helper.make_model(made, **VERSIONS)
    onnx.checker.check_model(model)
    return model


def _columns(graph: Graph, answer: str, columns: Any) -> str:
    """Return the part of a joint output that a card names."""
    if columns is None:
        return answer
    bounds = [graph.constant(np.array([int(value)], np.int64)) for value in columns]
    return graph.one("Slice", answer, *bounds, graph.constant(np.array([2], np.int64)))


def _member(graph: Graph, member: ClipNetwork | Arrays, network: str, frames: str) -> tuple[str, ...]:
    """Add a member that reads `frames`; which outputs it has."""
    size = graph.one("Shape", frames, start=1, end=2)  # T, as one value
    one = graph.constant(np.array([1], np.int64))
    # Padding beyond the frames, and items without any, come from callers that try a file with made-up numbers.
    length = graph.one("Min", graph.one("Max", LENGTH, one), size)
    if isinstance(member, ClipNetwork):
        return _network(graph, member, frames, size, length)
    x = graph.cast(frames, TensorProto.DOUBLE)
    if network == "average":
        said = _averaged(graph, _mean(graph, x, _inside(graph, size, length)), member["carry"])
    elif network == "kaverage":
        said = _machine(graph, _binned(graph, x, size, length, int(member["bins"])), member)
    elif network == "aggregation":
        inside, variance = _inside(graph, size, length), bool(member["variance"])
        # Moments of each stream on its own, as in training.
        pooled = [_moments(graph, _columns(graph, x, b), inside, variance=variance) for b in member["blocks"]]
        said = _machine(graph, graph.one("Concat", *pooled, axis=1), member)
    else:
        raise ValueError(f"there is no graph for members called {network}")
    graph.cast(said, TensorProto.FLOAT, to=PROBABILITY)
    return (PROBABILITY,)


def _places(graph: Graph, size: str) -> str:
    """0…T−1 as int64."""
    zero, one = graph.constant(np.int64(0)), graph.constant(np.int64(1))
    count = graph.one("Squeeze", size, graph.constant(np.array([0], np.int64)))
    return graph.one("Range", zero, count, one)


def _unsqueezed(graph: Graph, name: str, *axes: int) -> str:
    return graph.one("Unsqueeze", name, graph.constant(np.array(axes, np.int64)))


def _inside(graph: Graph, size: str, length: str) -> str:
    """Return whether each frame is one of its item: bool N×T."""
    return graph.one("Less", _unsqueezed(graph, _places(graph, size), 0), _unsqueezed(graph, length, 1))


def _mean(graph: Graph, x: str, inside: str) -> str:
    """Return the mean over an item's own frames of N×T×D double: N×D."""
    weight = _unsqueezed(graph, graph.cast(inside, TensorProto.DOUBLE), 2)
    axis = graph.constant(np.array([1], np.int64))
    total = graph.one("ReduceSum", graph.one("Mul", x, weight), axis, keepdims=0)
    return graph.one("Div", total, graph.one("ReduceSum", weight, axis, keepdims=0))


def _averaged(graph: Graph, mean: str, carry: NDArray[Any]) -> str:
    """Averaged classes in the labels' vocabulary; where nothing is carried over, every class is as probable."""
    carried = graph.one("MatMul", mean, graph.constant(carry.astype(np.float64)))
    total = graph.one("ReduceSum", carried, graph.constant(np.array([1], np.int64)), keepdims=1)
    some = graph.one("Greater", total, graph.constant(np.float64(0)))
    share = graph.one("Div", carried, graph.one("Where", some, total, graph.constant(np.float64(1))))
    return graph.one("Where", some, share, graph.constant(np.full((1, carry.shape[1]), 1.0 / carry.shape[1])))


def _binned(graph: Graph, x: str, size: str, length: str, bins: int) -> str:
    """`pooling.k_average` of `pooling.log_probabilities`: N×(bins·P). A weight says which frames are in each bin."""
    logs = graph.one("Log", graph.one("Max", x, graph.constant(np.float64(1e-6))))
    across = graph.constant(np.array([2], np.int64))
    logs = graph.one("Sub", logs, graph.one("ReduceMean", logs, across, keepdims=1))
    count, one = graph.constant(np.int64(bins)), graph.constant(np.int64(1))
    numbers = graph.constant(np.arange(bins + 1, dtype=np.int64)[None])
    edges = graph.one("Div", graph.one("Mul", _unsqueezed(graph, length, 1), numbers), count)  # N×(bins+1)
    row = graph.constant(np.array([1], np.int64))
    zero, last, end = (graph.constant(np.array([value], np.int64)) for value in (0, bins, bins + 1))
    start = graph.one("Slice", edges, zero, last, row)
    # An item with fewer frames than bins repeats frames: each bin holds one at the least.
    stop = graph.one("Max", graph.one("Slice", edges, row, end, row), graph.one("Add", start, one))
    place = _unsqueezed(graph, _places(graph, size), 0, 1)
    after = graph.one("GreaterOrEqual", place, _unsqueezed(graph, start, 2))
    before = graph.one("Less", place, _unsqueezed(graph, stop, 2))
    inside = graph.cast(graph.one("And", after, before), TensorProto.DOUBLE)
    share = graph.one("Div", inside, graph.one("ReduceSum", inside, across, keepdims=1))
    means = graph.one("MatMul", share, logs)  # N×bins×P
    return graph.one("Flatten", means, axis=1)


def _moments(graph: Graph, x: str, inside: str, *, variance: bool) -> str:
    """`pooling.moments`: N×2D, or N×D without the variance."""
    across = graph.constant(np.array([2], np.int64))
    rooted = graph.one("Mul", graph.one("Sign", x), graph.one("Sqrt", graph.one("Abs", x)))
    length = graph.one("Sqrt", graph.one("ReduceSum", graph.one("Mul", rooted, rooted), across, keepdims=1))
    some = graph.one("Greater", length, graph.constant(np.float64(0)))
    unit = graph.one("Div", rooted, graph.one("Where", some, length, graph.constant(np.float64(1))))
    mean = _mean(graph, unit, inside)
    if not variance:
        return mean
    apart = graph.one("Sub", unit, _unsqueezed(graph, mean, 1))
    return graph.one("Concat", mean, _mean(graph, graph.one("Mul", apart, apart), inside), axis=1)


def _machine(graph: Graph, pooled: str, numbers: Arrays) -> str:
    """Return a `CalibratedSvm` on N×D double: N×K."""
    x = graph.one("Sub", pooled, graph.constant(numbers["mean"]))
    x = graph.one("Div", x, graph.constant(numbers["scale"]))
    if "vectors" in numbers:
        vectors = numbers["vectors"]
        row = graph.constant(np.array([1], np.int64))
        own = graph.one("ReduceSum", graph.one("Mul", x, x), row, keepdims=1)
        theirs = graph.constant((vectors**2).sum(axis=1)[None])
        product = graph.one("MatMul", x, graph.constant((-2.0 * vectors).T))
        distance = graph.one("Add", graph.one("Add", own, theirs), product)
        x = graph.one("Exp", graph.one("Mul", distance, graph.constant(-np.float64(numbers["gamma"]))))
    decided = graph.one(
        "Add", graph.one("MatMul", x, graph.constant(numbers["weight"])), graph.constant(numbers["bias"])
    )
    calibrated = graph.one("MatMul", decided, graph.constant(numbers["calibration_weight"]))
    calibrated = graph.one("Add", calibrated, graph.constant(numbers["calibration_bias"]))
    probability = graph.one("Softmax", calibrated, axis=1)
    placed = graph.one("MatMul", probability, graph.constant(numbers["place"]))
    return graph.one("Add", placed, graph.constant(np.float64(numbers["rest"])))


def _network(graph: Graph, network: ClipNetwork, frames: str, size: str, length: str) -> tuple[str, ...]:
    x = graph.one("Sub", frames, graph.constant(array(network.mean)))
    x = graph.one("Div", x, graph.constant(array(network.scale)))
    body = network.body
    if isinstance(body, RecurrentClip):
        graph.one("Softmax", _recurrent(graph, body, x, length), axis=1, to=PROBABILITY)
        return (PROBABILITY,)
    graph.one("Softmax", _attention(graph, body, x, size, length), axis=1, to=PROBABILITY)
    return PROBABILITY, ATTENTION


def _recurrent(graph: Graph, body: RecurrentClip, x: str, length: str) -> str:
    """Return the state after each item's last frame, classified."""
    x = graph.one("Transpose", x, perm=[1, 0, 2])
    lengths = graph.cast(length, TensorProto.INT32)
    layer = body.recurrent
    if isinstance(layer, nn.GRU):
        more: dict[str, Any] = {"hidden_size": layer.hidden_size, "linear_before_reset": 1}
        _, state = graph.add("GRU", x, *gru_weights(graph, layer), lengths, outputs=2, **more)
    else:
        biases = np.concatenate([array(layer.bias_ih_l0), array(layer.bias_hh_l0)])[None]
        names = [array(layer.weight_ih_l0)[None], array(layer.weight_hh_l0)[None], biases]
        more = {"hidden_size": layer.hidden_size, "activations": ["Relu"]}
        _, state = graph.add("RNN", x, *(graph.constant(each) for each in names), lengths, outputs=2, **more)
    return linear(graph, graph.one("Squeeze", state, graph.constant(np.array([0], np.int64))), body.last)


def _attention(graph: Graph, body: AttentionClip, x: str, size: str, length: str) -> str:
    """Return the weighted mean of an item's frames, classified; the weights become the output `attention`."""
    inside = _inside(graph, size, length)
    never = graph.constant(np.float32(-1e30))  # finite: where every score is −∞ a softmax has no value
    x = graph.one("Add", linear(graph, x, body.first), _positions(graph, size, body.first.out_features))
    for layer in body.layers:
        if not isinstance(layer, nn.TransformerEncoderLayer):
            raise TypeError(f"{type(layer).__name__} has no ONNX form here")
        x = _transformer(graph, layer, x, _unsqueezed(graph, inside, 1, 2), never)
    x = _normalised(graph, body.norm, x)
    first, last = body.score[0], body.score[2]
    if not (isinstance(first, nn.Linear) and isinstance(last, nn.Linear)):
        raise TypeError("the score is two linear layers")
    score = linear(graph, graph.one("Tanh", linear(graph, x, first)), last)  # N×T×1
    score = graph.one("Where", _unsqueezed(graph, inside, 2), score, never)
    weight = graph.one("Softmax", score, axis=1)
    graph.one("Squeeze", weight, graph.constant(np.array([2], np.int64)), to=ATTENTION)
    pooled = graph.one("ReduceSum", graph.one("Mul", weight, x), graph.constant(np.array([1], np.int64)), keepdims=0)
    return linear(graph, pooled, body.last)


def _positions(graph: Graph, size: str, width: int) -> str:
    """`networks._positions`: T×width."""
    column = np.arange(width, dtype=np.float32)
    divisor = (10_000.0 ** (2 * np.floor(column / 2) / width)).astype(np.float32)
    place = _unsqueezed(graph, graph.cast(_places(graph, size), TensorProto.FLOAT), 1)
    angle = graph.one("Div", place, graph.constant(divisor[None]))
    even = graph.constant(np.arange(width)[None] % 2 == 0)
    return graph.one("Where", even, graph.one("Sin", angle), graph.one("Cos", angle))


def _normalised(graph: Graph, norm: nn.LayerNorm, x: str) -> str:
    weights = [graph.constant(array(each)) for each in (norm.weight, norm.bias)]
    return graph.one("LayerNormalization", x, *weights, axis=-1, epsilon=norm.eps)


def _transformer(graph: Graph, layer: nn.TransformerEncoderLayer, x: str, inside: str, never: str) -> str:
    """Return a layer that normalises first: attention among an item's own frames, then two linear layers."""
    attention = layer.self_attn
    heads, width = attention.num_heads, attention.embed_dim
    normal = _normalised(graph, layer.norm1, x)
    joint = graph.one("MatMul", normal, graph.constant(array(attention.in_proj_weight).T))
    joint = graph.one("Add", joint, graph.constant(array(attention.in_proj_bias)))
    shape = graph.constant(np.array([0, 0, heads, width // heads], np.int64))
    # Query and value as N×heads×T×width of a head, the key turned over for the product.
    query, key, value = (
        graph.one("Transpose", graph.one("Reshape", part, shape), perm=perm)
        for part, perm in zip(
            graph.add("Split", joint, outputs=3, axis=2, num_outputs=3),
            ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]),
            strict=True,
        )
    )
    score = graph.one("Mul", graph.one("MatMul", query, key), graph.constant(np.float32((width // heads) ** -0.5)))
    share = graph.one("Softmax", graph.one("Where", inside, score, never), axis=-1)
    mixed = graph.one("Transpose", graph.one("MatMul", share, value), perm=[0, 2, 1, 3])
    mixed = graph.one("Reshape", mixed, graph.constant(np.array([0, 0, width], np.int64)))
    x = graph.one("Add", x, linear(graph, mixed, attention.out_proj))
    inner = graph.one("Relu", linear(graph, _normalised(graph, layer.norm2, x), layer.linear1))
    return graph.one("Add", x, linear(graph, inner, layer.linear2))
