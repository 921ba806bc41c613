"""Joins a trained network of system E and its frame model to one ONNX model of the family "face_sequence"."""

from typing import Any

import numpy as np
import onnx
from onnx import helper, version_converter

from app.domain.traces import COLUMNS
from app.learning.affect.build import AffectNetwork
from app.learning.affect.graph import recurrent_head
from app.learning.affect.networks import CnnRnnAffect, FrameHead, RecurrentHead, ResNetAffect, VggAffect
from app.learning.blocks.onnx_graph import VERSIONS, Graph, per_frame, tensor
from app.learning.blocks.onnx_layers import chain


def state_size(network: AffectNetwork) -> int:
    """Return the number of values of a track's state.

    A network without time has one value that it passes on unchanged.
    """
    body = network.body
    if isinstance(body, RecurrentHead):
        return body.state_size
    return body.head.state_size if isinstance(body, CnnRnnAffect) else 1


def assemble(
    network: AffectNetwork,
    frame_model: onnx.ModelProto,
    *,
    points: int,
    dimension: str,
    grey_range: tuple[float, float] = (0.0, 255.0),
) -> onnx.ModelProto:
    """Build the whole graph.

    Inputs `face` N×T×C×H×W in the frame model's range, `landmarks` N×T×points, `state` N×S. Outputs
    `valence_arousal` N×T×2 in −1…1, `state_out` N×S, and the frame model's `expression` and `fer` where it has them.

    Args:
        network: The trained network in evaluation mode.
        frame_model: The frame model whose embedding the head reads. Its expressions, and the dimension that the network
            does not predict, are passed on.
        points: Number of landmark values per frame.
        dimension: "both", "valence" or "arousal".
        grey_range: The frame model's values for black and white.
    """
    graph = Graph()
    wanted = VERSIONS["opset_imports"][0].version
    if frame_model.opset_import[0].version != wanted:
        frame_model = version_converter.convert_version(frame_model, wanted)
    shape = [d.dim_value for d in frame_model.graph.input[0].type.tensor_type.shape.dim][1:]
    frame = per_frame(graph, frame_model, "face")
    size = state_size(network)
    predicted, state = _network(graph, network, frame, grey_range)
    graph.one("Identity", _both(graph, predicted, dimension, frame), to="valence_arousal")
    graph.one("Identity", state, to="state_out")
    outputs = [tensor("valence_arousal", "N", "T", 2), tensor("state_out", "N", size)]
    sizes = {out.name: out.type.tensor_type.shape.dim[1].dim_value for out in frame_model.graph.output}
    for name in ("expression", "fer"):
        if name in frame:
            graph.one("Identity", frame[name], to=name)
            outputs.append(tensor(name, "N", "T", sizes[name]))
    inputs = [tensor("face", "N", "T", *shape), tensor("landmarks", "N", "T", points), tensor("state", "N", size)]
    made = helper.make_graph(graph.nodes, "affect", inputs, outputs, graph.constants)
    model = helper.make_model(made, producer_name="affectograph", **VERSIONS)
    _drop_unused(model)
    onnx.checker.check_model(model, full_check=True)
    return model


def _network(
    graph: Graph, network: AffectNetwork, frame: dict[str, str], grey_range: tuple[float, float]
) -> tuple[str, str]:
    """Return the names of N×T×outputs in −1…1 and of the state afterwards."""
    body = network.body
    if isinstance(body, RecurrentHead):
        return recurrent_head(graph, body, frame["embedding"], "landmarks", "state")
    if isinstance(body, FrameHead):
        x = frame["embedding"]
        joined = graph.one("Concat", x, "landmarks", axis=2) if body.landmarks else x
        ends = graph.constant(np.float32(-1)), graph.constant(np.float32(1))
        return graph.one("Clip", chain(graph, body.head, joined), *ends), "state"
    lead = graph.one("Shape", "face", start=0, end=2)
    pictures = graph.one("Reshape", "face", graph.one("Concat", graph.constant(_flat()), _rest(graph), axis=0))
    # The network learned on −1 for black and 1 for white.
    low, high = grey_range
    scaled = graph.one("Mul", pictures, graph.constant(np.float32(2 / (high - low))))
    pixels = graph.one("Sub", scaled, graph.constant(np.float32(1 + 2 * low / (high - low))))
    if isinstance(body, CnnRnnAffect):
        features = _unflat(graph, chain(graph, body.backbone.layers, pixels), lead)
        return recurrent_head(graph, body.head, features, "landmarks", "state")
    if isinstance(body, ResNetAffect):
        x = chain(graph, body.backbone.layers, pixels)
    elif isinstance(body, VggAffect):
        x = chain(graph, body.first, chain(graph, body.backbone.layers, pixels))
    else:
        raise TypeError(f"{type(body).__name__} has no ONNX form here")
    if body.landmarks:
        points = graph.one("Reshape", "landmarks", graph.constant(np.array([-1, body.landmarks], np.int64)))
        x = graph.one("Concat", x, points, axis=1)
    bounds = graph.constant(np.float32(-1)), graph.constant(np.float32(1))
    clipped = graph.one("Clip", chain(graph, body.head, x), *bounds)
    return _unflat(graph, clipped, lead), "state"


def _flat() -> Any:
    return np.array([-1], np.int64)


def _rest(graph: Graph) -> str:
    return graph.one("Shape", "face", start=2)


def _unflat(graph: Graph, x: str, lead: str) -> str:
    whole = graph.one("Concat", lead, graph.constant(_flat()), axis=0)
    return graph.one("Reshape", x, whole)


def _both(graph: Graph, predicted: str, dimension: str, frame: dict[str, str]) -> str:
    """Return two columns: a network of one dimension leaves the other to the frame model."""
    if len(COLUMNS[dimension]) == 2:
        return predicted
    other = 1 - COLUMNS[dimension][0]
    column = graph.one("Gather", frame["valence_arousal"], graph.constant(np.array([other], np.int64)), axis=2)
    order = (predicted, column) if other == 1 else (column, predicted)
    return graph.one("Concat", *order, axis=2)


def _drop_unused(model: onnx.ModelProto) -> None:
    """Remove the parts of the frame model that lead to no output."""
    needed = {output.name for output in model.graph.output}
    kept = []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed.update(node.input)
    constants = [t for t in model.graph.initializer if t.name in needed]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(reversed(kept))
    model.graph.initializer.extend(constants)
