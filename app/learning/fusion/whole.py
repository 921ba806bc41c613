"""A fusion as one graph from pictures: the frame networks of its streams, then the graph of all members.

Each stream of a frame network has an input for its pictures. The rows of the other streams, of sound or of movement,
come in side by side, because they are not made of single pictures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from app.domain.training_events import numbered
from app.inference.cards import ModelCard
from app.inference.face_frame import CropReader, class_columns, read_outputs
from app.inference.quantise import loaded
from app.learning.blocks.onnx_graph import VERSIONS, Graph, columns, per_frame, tensor
from app.learning.clip.base.frame_files import network_of
from app.learning.clip.base.graph_rows import FACES, FEATURES, LENGTH, PROBABILITY
from app.learning.fusion.graph import MEMBERS, ROWS, inlined

Floats = NDArray[np.float32]
HEAD: Final = "head/"


@dataclass(frozen=True, eq=False)
class Seen:
    """A stream that a frame network gives.

    Attributes:
        stream: The stream, as cards state it.
        card: Card of the network.
    """

    stream: Mapping[str, Any]
    card: ModelCard

    @property
    def face(self) -> Any:
        """The network's input."""
        return next(iter(self.card.inputs.values()))

    def rows(self, pixels: Floats) -> Floats:
        """Return the rows of N pictures as the network gives them when it runs by itself."""
        said = read_outputs(self.card, loaded(self.card.path())({self.face.name: pixels}), len(pixels))
        if said.embedding is None:
            raise ValueError(f"{self.card.name} gives no features")
        parts = [said.embedding, said.probabilities] if self.stream.get("frame_classes") else [said.embedding]
        return np.concatenate(parts, axis=1).astype(np.float32)


def seen_of(streams: Sequence[Mapping[str, Any]], networks: Mapping[str, ModelCard]) -> list[Seen | None]:
    """Return for each stream its network; None for a stream that no network gives.

    Args:
        streams: The streams of the fusion, in order.
        networks: Cards of networks by the SHA-256 of their file.
    """
    found: list[Seen | None] = []
    for each in streams:
        card = networks.get(str(each.get("weights", ""))) if network_of(each) else None
        found.append(Seen(each, card) if card is not None else None)
    return found


def whole_graph(
    head: onnx.ModelProto, streams: Sequence[Mapping[str, Any]], seen: Sequence[Seen | None]
) -> onnx.ModelProto:
    """Build the graph from pictures to a verdict.

    Args:
        head: The graph of all members, see `app.learning.fusion.graph.fused_graph`.
        streams: The streams in the order of its rows.
        seen: The network of each stream, see `seen_of`; one at least.

    Returns:
        A model with the inputs and outputs of the head, but with `faces` (float32 N×T×C×H×W) for the first stream of a
        network, `faces_2` for the second one, and so on, and with `features` (N×T×D) for the other streams alone; it
        has no `features` where there are none.
    """
    graph = Graph()
    inputs, parts, at, number = [], [], 0, 0
    for stream, own in zip(streams, seen, strict=True):
        width = int(stream["columns"])
        if own is None:
            parts.append(columns(graph, FEATURES, (at, at + width)))
            at += width
            continue
        name = numbered(FACES, number)
        number += 1
        model = onnx.load(str(own.card.path()))
        shape = [each.dim_value for each in model.graph.input[0].type.tensor_type.shape.dim][1:]
        inputs.append(tensor(name, "N", "T", *shape))
        parts.append(_rows(graph, own, per_frame(graph, model, name)))
    if at:
        inputs.append(tensor(FEATURES, "N", "T", at))
    rows = parts[0] if len(parts) == 1 else graph.one("Concat", *parts, axis=-1)
    answers = inlined(graph, head, HEAD, {FEATURES: rows, ROWS: ROWS, LENGTH: LENGTH})
    for output in (PROBABILITY, MEMBERS):
        graph.one("Identity", answers[output], to=output)
    inputs += [each for each in head.graph.input if each.name in (ROWS, LENGTH)]
    made = helper.make_graph(graph.nodes, "fusion", inputs, list(head.graph.output), graph.constants)
    model = helper.make_model(made, **{**VERSIONS, "opset_imports": list(head.opset_import)})
    onnx.checker.check_model(model)
    return model


def whole_inputs(streams: Sequence[Mapping[str, Any]], seen: Sequence[Seen | None], members: int) -> dict[str, Any]:
    """Return the inputs of the graph as cards state them.

    Args:
        streams: The streams in order.
        seen: The network of each stream.
        members: How many members read it.
    """
    found: dict[str, Any] = {}
    others = 0
    for stream, own in zip(streams, seen, strict=True):
        if own is None:
            others += int(stream["columns"])
            continue
        name = numbered(FACES, len(found))
        raw = next(iter(own.card.raw["input"].values()))
        shape = ["N", "T", *list(raw["shape"])[1:]]
        means = f"pictures of the stream {stream['name']}"
        found[name] = {**raw, "name": name, "file": "model", "shape": shape, "dtype": "float32", "means": means}
    if others:
        names = [str(stream["name"]) for stream, own in zip(streams, seen, strict=True) if own is None]
        found["whole_features"] = {
            "name": FEATURES,
            "file": "model",
            "shape": ["N", "T", others],
            "dtype": "float32",
            "means": f"rows of the streams {', '.join(names)}",
        }
    for name, shape in ((ROWS, ["N", members, "R"]), (LENGTH, ["N", members])):
        found[f"whole_{name}"] = {"name": name, "file": "model", "shape": shape, "dtype": "int64"}
    return found


def _rows(graph: Graph, own: Seen, answers: Mapping[str, str]) -> str:
    """Return the rows of a stream, N×T×columns: the embedding, then the class probabilities if the stream has them."""
    spec = own.card.outputs["embedding"]
    embedding = columns(graph, answers[spec.name], spec.more.get("columns"))
    if not own.stream.get("frame_classes"):
        return embedding
    said_by, carried = class_columns(own.card)
    said = columns(graph, answers[said_by.name], said_by.more.get("columns"))
    if str(said_by.more.get("activation", "none")) == "softmax":
        said = graph.one("Softmax", said, axis=-1)
    return graph.one("Concat", embedding, graph.one("MatMul", said, graph.constant(carried)), axis=-1)


def against_parts(
    whole: Any,
    head: Any,
    streams: Sequence[Mapping[str, Any]],
    seen: Sequence[Seen | None],
    rows: Floats,
    more: Mapping[str, NDArray[Any]],
) -> float:
    """Return the largest difference of the whole graph from the networks and the head run one after the other.

    The pictures are made up from a fixed seed, because what is tried is the graph and not the networks.

    Args:
        whole: Runs the whole graph.
        head: Runs the graph of all members.
        streams: The streams in order.
        seen: The network of each stream.
        rows: float32 T×D, real rows of an item, of which those of the other streams are read.
        more: The inputs `rows` and `length` of the item.
    """
    rng = np.random.default_rng(7)
    joint, feeds, others, at = rows.copy(), dict(more), [], 0
    for stream, own in zip(streams, seen, strict=True):
        place = slice(at, at := at + int(stream["columns"]))
        if own is None:
            others.append(rows[:, place])
            continue
        reader = CropReader(own.card.name, own.face)
        size, grey = reader.geometry.size, reader.geometry.grey
        shape = (len(rows), size, size) if grey else (len(rows), size, size, 3)
        pixels = reader.pixels(rng.integers(0, 256, shape, dtype=np.uint8))
        joint[:, place] = own.rows(pixels)
        feeds[numbered(FACES, len(feeds) - len(more))] = pixels[None]
    if others:
        feeds[FEATURES] = np.concatenate(others, axis=1)[None]
    expected, found = head({FEATURES: joint[None], **more}), whole(feeds)
    return float(max(np.abs(found[name] - expected[name]).max() for name in (PROBABILITY, MEMBERS)))
