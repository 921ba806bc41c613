"""VGG-16's fc6 and ResNet-10's fc1, fine-tuned on single frames and pooled over each item. Xu et al. 2017."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.errors import UserError
from app.learning.blocks.backbones import VGG_WIDTHS, VggBackbone
from app.learning.blocks.frame_networks import ResNet10Trunk
from app.learning.blocks.onnx_graph import Graph, linear
from app.learning.blocks.onnx_layers import chain
from app.learning.blocks.pictures import Pictures, Scale, colour_pictures
from app.learning.blocks.weights import read_weights, start_for_rectifiers, take_weights
from app.learning.clip.base.graph_rows import GraphRows
from app.learning.clip.base.member import Arrays, Float, Network, Seen, Solved, Then, Values
from app.learning.clip.base.pooled import solve_svm
from app.learning.clip.base.svm_graph import svm_graph
from app.learning.clip.members.aggregation import graph_moments
from app.learning.clip.members.c3d import FLOOR, descent

AT_ONCE: Final = 32
"""Largest number of pictures that go through a network at once without training."""


class FrameClip(nn.Module):
    """A network of single frames. In training it reads one frame of each item, whose label is the item's.

    Args:
        pictures: Makes pictures of the rows.
        trunk: Maps pictures to features before they are rectified.
        features: Number of features.
        classes: Number of categories.
        dropout: Probability of dropout before the classifier.
    """

    def __init__(self, pictures: Pictures, trunk: nn.Sequential, features: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.pictures, self.trunk, self.features = pictures, trunk, features
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(features, classes)

    def embed(self, rows: Tensor) -> Tensor:
        """Map M×D rows to M×features, rectified."""
        if self.training:
            return torch.relu(self.trunk(self.pictures(rows)))
        parts = [torch.relu(self.trunk(self.pictures(part))) for part in torch.split(rows, AT_ONCE)]
        return torch.cat(parts)

    def forward(self, rows: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes.

        Returns:
            The logarithm of the frames' mean probabilities; with a single frame this is its log-softmax.
        """
        inside = torch.arange(rows.shape[1], device=rows.device) < length.to(rows.device)[:, None]
        said = self.last(self.drop(self.embed(rows[inside]))).float().softmax(dim=1)
        each = torch.stack([part.mean(dim=0) for part in torch.split(said, length.tolist())])
        return each.clamp(min=1e-12).log()

    def moments(self, rows: Tensor, length: Tensor) -> Tensor:
        """Map the same to N×2·features, the `moments` of each item's frames (see `base.pooling`)."""
        found = []
        for item, count in zip(rows, length.tolist(), strict=True):
            features = self.embed(item[:count]).double()
            rooted = features.sign() * features.abs().sqrt()
            size = rooted.norm(dim=1, keepdim=True)
            unit = rooted / torch.where(size > 0, size, torch.ones_like(size))
            found.append(torch.cat([unit.mean(dim=0), unit.var(dim=0, unbiased=False)]))
        return torch.stack(found)


def vgg_trunk(values: Values, weights: str) -> tuple[nn.Sequential, int]:
    """Return VGG-16 up to fc6, before it is rectified, and the number of its features.

    Args:
        values: Values of the recipe vgg_fc6.
        weights: File of starting weights; empty for random ones.

    Raises:
        UserError: The sizes or the weights do not fit.
    """
    share, units = float(values["width"]), int(values["units"])
    try:
        backbone = VggBackbone(
            widths=tuple(max(1, round(share * each)) for each in VGG_WIDTHS), side=int(values["side"])
        )
    except ValueError as error:
        raise UserError(f"VGG-16 cannot be built: {error}.", "Choose a side that is a multiple of 32.") from error
    trunk = nn.Sequential(*backbone.layers, nn.Linear(backbone.size, units))
    if weights:
        take_weights(trunk, Path(weights))
    else:
        start_for_rectifiers(trunk)
    return trunk, units


def resnet10_trunk(values: Values, weights: str) -> tuple[nn.Sequential, int]:
    """Return ResNet-10 up to fc1, before it is rectified, and the number of its features; see `vgg_trunk`."""
    share, units = float(values["width"]), int(values["units"])
    parts = ResNet10Trunk(int(values["side"]), 3, [max(1, round(share * each)) for each in (64, 128, 256, 512)], units)
    trunk = nn.Sequential(*parts.body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), parts.fc1)
    if weights:
        try:
            trunk.load_state_dict(read_weights(Path(weights)))
        except RuntimeError as error:
            raise UserError(
                f"{Path(weights).name} does not fit ResNet-10 of these sizes.",
                "Give weights that this program trained, or train from scratch.",
            ) from error
    return trunk, units


def _build(
    make: Callable[[Values, str], tuple[nn.Sequential, int]], own: Scale, values: Values, data: ItemData
) -> FrameClip:
    weights, side = str(values["weights"]), int(values["side"])
    scale: Scale = own if weights else "levels"
    if weights and values.get("start") == "torchvision":
        scale = "torchvision"
    pictures = Pictures(
        colour_pictures(data), side, side, crop=int(values["crop"]), scale=scale, turn=float(values["turn"])
    )
    trunk, units = make(values, weights)
    return FrameClip(pictures, trunk, units, len(data.classes), float(values["dropout"]))


def draw_frame(values: Values, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return one random frame of an item."""
    return rng.integers(count, size=1)


def _graph_embed(graph: Graph, body: FrameClip, rows: GraphRows) -> str:
    """Return the nodes of `FrameClip.embed` for all frames: float32 N×T×features."""
    x = graph.one("Relu", chain(graph, body.trunk, body.pictures.nodes(graph, rows.x)))
    shape = graph.one("Concat", graph.one("Shape", rows.x, start=0, end=2), _number(graph, body.features), axis=0)
    return graph.one("Reshape", x, shape)


def _number(graph: Graph, value: int) -> str:
    return graph.constant(np.array([value], np.int64))


def _head(graph: Graph, body: FrameClip, rows: GraphRows) -> str:
    said = graph.one("Softmax", linear(graph, _graph_embed(graph, body, rows), body.last), axis=-1)
    mean = graph.cast(rows.mean(graph.cast(said, TensorProto.DOUBLE)), TensorProto.FLOAT)
    return graph.one("Log", graph.one("Max", mean, graph.constant(np.float32(1e-12))))


def _pool(values: Values, data: ItemData, seen: Seen) -> Float:
    return seen.each(lambda body, rows, length: body.moments(rows, length))


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    return solve_svm("linear", values, data, pooled, split, floor=FLOOR)


def _both(graph: Graph, body: FrameClip, numbers: Arrays, rows: GraphRows) -> str:
    x = graph.cast(_graph_embed(graph, body, rows), TensorProto.DOUBLE)
    return svm_graph(graph, graph_moments(graph, rows, x, variance=True), numbers)


_THEN: Final = Then(_pool, _solve, _both)


def _build_vgg(values: Values, data: ItemData) -> FrameClip:
    return _build(vgg_trunk, "vgg_face", values, data)


def _build_resnet10(values: Values, data: ItemData) -> FrameClip:
    return _build(resnet10_trunk, "levels", values, data)


MEMBERS: Final = (
    Network("vgg_fc6", _build_vgg, _head, descent, scaled=False, draw=draw_frame, then=_THEN),
    Network("resnet10_fc1", _build_resnet10, _head, descent, scaled=False, draw=draw_frame, then=_THEN),
)
