"""The 2D-3D-CNN of Sun et al. 2018, section VI: maps of a frame network, then convolutions in space and time."""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from onnx import TensorProto
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.learning.blocks.onnx_graph import Graph, linear
from app.learning.blocks.onnx_layers import chain
from app.learning.blocks.pictures import PictureColumns, pictures_of
from app.learning.blocks.weights import take_weights
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Network, Values
from app.learning.clip.members.sun_rnn import adam

MAPS: Final = (16, 32, 64)
"""Channels of the frame network's convolutions, for a width of 1."""
DEEP: Final = (64, 128)
"""Channels of the convolutions in space and time, for a width of 1."""


class FramesThenTime(nn.Module):
    """A convolutional network on every frame, then convolutions over its maps in space and time, for any length.

    Frames behind an item's end are set to zero before every convolution in time, as if nothing lay there; the mean
    over an item's own frames and over the picture is the adaptive pooling.

    Args:
        pictures: The pictures that are read.
        classes: Number of categories.
        width: Factor of all numbers of channels.
        weights: File with the frame network's weights, which are then kept as they are; None trains them, too.
        dropout: Probability of dropout before the classifier.

    Raises:
        UserError: The weights do not fit.
    """

    def __init__(
        self,
        pictures: PictureColumns,
        classes: int,
        *,
        width: float = 1.0,
        weights: Path | None = None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.pictures = pictures
        layers: list[nn.Module] = []
        before = pictures.channels
        for channels in (max(1, round(width * each)) for each in MAPS):
            layers += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            before = channels
        self.frame = nn.Sequential(*layers)
        if weights is not None:
            take_weights(self.frame, weights)
            self.frame.requires_grad_(requires_grad=False)
        deep = []
        for channels in (max(1, round(width * each)) for each in DEEP):
            deep.append(nn.Conv3d(before, channels, 3, padding=1))
            before = channels
        self.deep = nn.ModuleList(deep)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(before, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes before the softmax."""
        count, steps = frames.shape[:2]
        inside = torch.arange(steps, device=frames.device) < length.to(frames.device)[:, None]
        share = inside[:, None, :, None, None].to(frames.dtype)
        maps = self.frame(self.pictures.of(frames).flatten(0, 1)).unflatten(0, (count, steps))
        x = maps.transpose(1, 2)
        for layer in self.deep:
            x = torch.relu(layer(x * share))
        pooled = (x * share).sum(dim=(2, 3, 4)) / (share.sum(dim=(2, 3, 4)) * x.shape[3] * x.shape[4])
        result: Tensor = self.last(self.drop(pooled))
        return result


def _build(values: Values, data: ItemData) -> FramesThenTime:
    weights = str(values["weights"])
    return FramesThenTime(
        pictures_of(data)[0],
        len(data.classes),
        width=float(values["width"]),
        weights=Path(weights) if weights else None,
        dropout=float(values["dropout"]),
    )


def _head(graph: Graph, body: FramesThenTime, rows: GraphRows) -> str:
    share = unsqueezed(graph, graph.cast(rows.inside, TensorProto.FLOAT), 1, 3, 4)
    seen = body.pictures.of_in(graph, rows.x)
    size = graph.constant(np.array([-1, body.pictures.channels, body.pictures.height, body.pictures.width], np.int64))
    maps = chain(graph, body.frame, graph.one("Reshape", seen, size))
    lead, rest = graph.one("Shape", rows.x, start=0, end=2), graph.one("Shape", maps, start=1, end=4)
    x = graph.one("Reshape", maps, graph.one("Concat", lead, rest, axis=0))
    x = graph.one("Transpose", x, perm=[0, 2, 1, 3, 4])
    for layer in body.deep:
        x = graph.one("Relu", chain(graph, layer, graph.one("Mul", x, share)))
    picture = graph.one("ReduceMean", x, graph.constant(np.array([3, 4], np.int64)), keepdims=1)
    axes = graph.constant(np.array([2, 3, 4], np.int64))
    total = graph.one("ReduceSum", graph.one("Mul", picture, share), axes, keepdims=0)
    return linear(graph, graph.one("Div", total, graph.one("ReduceSum", share, axes, keepdims=0)), body.last)


MEMBERS: Final = (Network("cnn3d", _build, _head, adam, scaled=False, draw="first"),)
