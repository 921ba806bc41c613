"""Members for categories as ONNX graphs, which read features of the frames of N items and give category probabilities.

The numbers of items and frames stay free. Items of unequal length lie side by side, padded at the end, and `length`
says how long each is.
"""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper

from app.domain.training_events import numbered
from app.inference.cards import ModelCard
from app.inference.face_frame import class_columns
from app.learning.blocks.onnx_graph import VERSIONS, Graph, array, columns, per_frame, tensor
from app.learning.clip.base.graph_rows import ATTENTION, FACES, FEATURES, LENGTH, PROBABILITY, GraphRows
from app.learning.clip.base.member import Arrays, Machine
from app.learning.clip.members import member_of
from app.learning.clip.run import ClipNetwork
from app.learning.clip.second import Staged

Member = ClipNetwork | Staged | Arrays


def head(member: Member, network: str, size: int, classes: int) -> onnx.ModelProto:
    """Build the graph from features of frames to probabilities.

    Args:
        member: A trained network in evaluation mode, the same with the machine that follows it, or the numbers of a
            machine that was solved.
        network: Name of the recipe's network.
        size: D, number of values of a frame.
        classes: K, number of categories.

    Returns:
        A model with inputs `features` (float32 N×T×D) and `length` (int64 N), and the output `probability` (N×K);
        networks that attend to frames also give `attention` (N×T), each frame's weight, which is zero in the padding.
    """
    graph = Graph()
    outputs = _member(graph, member, network, FEATURES)
    return _model(graph, [tensor(FEATURES, "N", "T", size)], outputs, classes)


def whole_item(
    member: Member,
    network: str,
    frame_models: Sequence[tuple[onnx.ModelProto, ModelCard]],
    classes: int,
    *,
    probabilities: bool,
) -> onnx.ModelProto:
    """Build the graph from face crops to probabilities: a frame model on every frame of each stream, then the head.

    Args:
        member: See `head`.
        network: See `head`.
        frame_models: For each stream that is read the frame model's file and card, in the order of the streams.
        classes: K, number of categories.
        probabilities: Whether the member reads the class probabilities of the only frame model, and not features.

    Returns:
        A model as `head` makes it, with an input for each stream instead of `features`: `faces` (float32 N×T×C×H×W)
        for the first one, `faces_2` for the second one, and so on.
    """
    graph = Graph()
    faces, parts = [], []
    for number, (frame_model, frame_card) in enumerate(frame_models):
        answers = per_frame(graph, frame_model, numbered(FACES, number))
        shape = [d.dim_value for d in frame_model.graph.input[0].type.tensor_type.shape.dim][1:]
        faces.append(tensor(numbered(FACES, number), "N", "T", *shape))
        if probabilities:
            spec, carried = class_columns(frame_card)
            said = columns(graph, answers[spec.name], spec.more.get("columns"))
            if str(spec.more.get("activation", "none")) == "softmax":
                said = graph.one("Softmax", said, axis=-1)
            parts.append(graph.one("MatMul", said, graph.constant(carried)))
        else:
            spec = frame_card.outputs["embedding"]
            parts.append(columns(graph, answers[spec.name], spec.more.get("columns")))
    features = parts[0] if len(parts) == 1 else graph.one("Concat", *parts, axis=-1)
    return _model(graph, faces, _member(graph, member, network, features), classes)


def _model(graph: Graph, rows: Sequence[onnx.ValueInfoProto], outputs: Sequence[str], classes: int) -> onnx.ModelProto:
    length = helper.make_tensor_value_info(LENGTH, TensorProto.INT64, ["N"])
    sizes: dict[str, list[int | str]] = {PROBABILITY: ["N", classes], ATTENTION: ["N", "T"]}
    values = [tensor(name, *sizes[name]) for name in outputs]
    made = helper.make_graph(graph.nodes, "categories", [*rows, length], values, graph.constants)
    model = helper.make_model(made, **VERSIONS)
    onnx.checker.check_model(model)
    return model


def _member(graph: Graph, member: Member, network: str, frames: str) -> tuple[str, ...]:
    """Add a member that reads `frames`; which outputs it has."""
    stated = member_of(network)
    size = graph.one("Shape", frames, start=1, end=2)  # T, as one value
    one = graph.constant(np.array([1], np.int64))
    # Padding beyond the frames, and items without any, come from callers that try a file with made-up numbers.
    length = graph.one("Min", graph.one("Max", LENGTH, one), size)
    if isinstance(member, ClipNetwork | Staged):
        trained = member.network if isinstance(member, Staged) else member
        if isinstance(stated, Machine):
            raise TypeError(f"{network} is not a network")
        x = frames
        if stated.scaled:
            x = graph.one("Sub", frames, graph.constant(array(trained.mean)))
            x = graph.one("Div", x, graph.constant(array(trained.scale)))
        rows = GraphRows(graph, x, size, length, frames)
        if isinstance(member, Staged):
            if stated.then is None:
                raise TypeError(f"nothing follows {network}")
            said = stated.then.head(graph, trained.body, member.numbers, rows)
            graph.cast(said, TensorProto.FLOAT, to=PROBABILITY)
            return (PROBABILITY,)
        graph.one("Softmax", stated.head(graph, trained.body, rows), axis=1, to=PROBABILITY)
        return PROBABILITY, *stated.evidence
    if not isinstance(stated, Machine):
        raise TypeError(f"{network} is not a machine")
    said = stated.head(graph, member, GraphRows(graph, frames, size, length, frames))
    graph.cast(said, TensorProto.FLOAT, to=PROBABILITY)
    return (PROBABILITY,)
