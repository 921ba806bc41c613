"""Miyoshi et al. 2019: convolutional LSTMs over short clips beside slim ResNets on their dynamic images."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.errors import UserError
from app.learning.blocks.clip_pictures import ClipPictures, around, around_in
from app.learning.blocks.convlstm import ConvLstmCell
from app.learning.blocks.onnx_graph import Graph, linear
from app.learning.blocks.onnx_layers import adaptive_pool, chain
from app.learning.blocks.pictures import pictures_of
from app.learning.blocks.slim_resnet import SlimResNet50
from app.learning.blocks.weights import start_for_rectifiers
from app.learning.clip.base.convlstm_graph import stacked_layer
from app.learning.clip.base.graph_rows import GraphRows
from app.learning.clip.base.member import Network, Values
from app.learning.clip.base.windows import Windows

KERNELS: Final = (5, 5, 3, 3)
"""Sides of the kernels of the four layers (section 3.1)."""


def dynamic_image(clip: Tensor, *, ranked: bool) -> Tensor:
    """Return one picture for each clip N×T×C×H×W: N×C×H×W.

    The paper adds the frames up, by which their order is lost (section 3.2). With `ranked`, frame t of T counts
    2t − T − 1 times, so that later frames count for and earlier ones against it (approximate rank pooling, Bilen et
    al. 2016, "Dynamic image networks for action recognition").
    """
    return torch.einsum("t,ntchw->nchw", frame_weights(clip.shape[1], ranked=ranked).to(clip), clip)


def frame_weights(count: int, *, ranked: bool) -> Tensor:
    """Return the weight of each of `count` frames in a dynamic image."""
    return 2.0 * torch.arange(1, count + 1) - count - 1.0 if ranked else torch.ones(count)


class ConvLstmStream(nn.Module):
    """Four layers of cells over a clip; after the first layers pictures are halved.

    Args:
        inputs: Number of channels of the pictures.
        channels: Number of channels of every layer.
        maps: Number of feature maps.
        enhanced: Whether the cells are the enhanced ones.
        groups: Number of groups that are normalised.
        halved: Number of layers after which pictures are halved.
    """

    def __init__(self, inputs: int, channels: int, maps: int, *, enhanced: bool, groups: int, halved: int) -> None:
        super().__init__()
        sizes = [inputs, *[channels] * (len(KERNELS) - 1)]
        self.cells = nn.ModuleList(
            ConvLstmCell(size, channels, kernel, enhanced=enhanced, groups=groups)
            for size, kernel in zip(sizes, KERNELS, strict=True)
        )
        self.halved = halved
        self.pool = nn.AvgPool2d(2)
        self.to_maps = nn.Conv2d(channels, maps, 1)

    @property
    def layers(self) -> list[ConvLstmCell]:
        """The cells, from the first layer to the last one."""
        return [cell for cell in self.cells if isinstance(cell, ConvLstmCell)]

    def forward(self, clip: Tensor) -> Tensor:
        """Map N×T×C×H×W to the feature maps of the last step: N×`maps`×H'×W'."""
        frames = list(clip.unbind(dim=1))
        for number, cell in enumerate(self.layers):
            states, told = cell.begin(frames[0]), []
            for x in frames:
                states = cell(x, states)
                told.append(self.pool(states[0]) if number < self.halved else states[0])
            frames = told
        result: Tensor = self.to_maps(frames[-1])
        return result


class FourStreams(nn.Module):
    """Streams of one or several kinds of pictures, whose feature maps are added and classified by three linear layers.

    Args:
        pictures: The pictures, for which each kind of stream is made once.
        relative: Whether cells read pixels less their mean over the clip.
        classes: Number of categories.
        windows: The clips into which items are divided.
        resnet: Whether slim ResNets read the dynamic images.
        cells: "plain" or "enhanced" cells, or "" for none.
        channels: Number of channels of the cells.
        width: Factor of the ResNets' numbers of channels.
        groups: Number of groups that the enhanced cells normalise.
        halved: Number of layers of cells after which pictures are halved.
        grid: Side of the feature maps when they are added.
        units: Numbers of units of the first two linear layers.
        ranked: Whether dynamic images are made by rank pooling.
        dropout: Probability of dropout before each linear layer.
    """

    def __init__(
        self,
        pictures: ClipPictures,
        classes: int,
        windows: Windows,
        *,
        relative: bool,
        resnet: bool,
        cells: str,
        channels: int,
        width: float,
        groups: int,
        halved: int,
        grid: int,
        units: tuple[int, int],
        ranked: bool,
        dropout: float,
    ) -> None:
        super().__init__()
        self.pictures, self.windows, self.relative, self.ranked, self.grid = pictures, windows, relative, ranked, grid
        self.resnets = nn.ModuleList(SlimResNet50(each.channels, width) for each in pictures.streams if resnet)
        maps = SlimResNet50(1, width).channels
        self.lstms = nn.ModuleList(
            ConvLstmStream(each.channels, channels, maps, enhanced=cells == "enhanced", groups=groups, halved=halved)
            for each in pictures.streams
            if cells
        )
        self.pool = nn.AdaptiveAvgPool2d(grid)
        sizes = [maps * grid**2, *units]
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(units[-1], classes)
        # With torch's usual start, the second layer is soon silent for every clip, and nothing is learned from then on.
        start_for_rectifiers(self.hidden)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes: logarithms of mean probabilities."""
        clips, own = self.windows.cut(frames, length)
        said = self.last.weight.new_zeros(*own.shape, self.last.out_features)
        # Windows behind an item's end would disturb the normalisation.
        said[own] = self.of_clips(clips[own]).to(said.dtype)
        return self.windows.mean(said, own)

    def of_clips(self, clips: Tensor) -> Tensor:
        """Map clips N×T×D to N×classes before the softmax."""
        seen = self.pictures(clips)
        moving = [around(each) for each in seen] if self.relative else seen
        parts = [self.pool(lstm(each)) for lstm, each in zip(self.lstms, moving, strict=False)]
        for resnet, each in zip(self.resnets, seen, strict=False):
            # tanh, so that both kinds of streams have one scale (section 3.2)
            parts.append(torch.tanh(self.pool(resnet(dynamic_image(each, ranked=self.ranked)))))
        x = torch.stack(parts).sum(dim=0).flatten(1)
        for layer in self.hidden:
            x = torch.relu(layer(self.drop(x)))
        result: Tensor = self.last(self.drop(x))
        return result


_VARIANTS: Final = {
    "a": (True, ""),
    "b": (False, "plain"),
    "c": (False, "enhanced"),
    "d": (True, "plain"),
    "e": (True, "enhanced"),
}
"""Variants of Table 2: whether there are ResNets, and which cells."""


def _build(values: Values, data: ItemData) -> FourStreams:
    channels, groups = int(values["channels"]), int(values["groups"])
    if channels % groups:
        raise UserError(f"{groups} groups do not divide {channels} channels.", "Choose other groups.")
    streams = pictures_of(data)
    if len({(each.height, each.width) for each in streams}) > 1:
        raise UserError("The streams of pixels differ in size.", "Choose one size for all, such as face_pixels:32.")
    crop, side, shift = (int(values[name]) for name in ("crop", "side", "shift"))
    pictures = ClipPictures(streams, crop=crop, side=side, shift=shift)
    smallest = 2 ** int(values["halved"])
    if min(pictures.crop, pictures.side) < smallest or streams[0].height != streams[0].width:
        raise UserError("The pictures are too small to be halved.", f"Choose a side of at least {smallest} pixels.")
    resnet, cells = _VARIANTS[str(values["variant"])]
    return FourStreams(
        pictures,
        len(data.classes),
        Windows(int(values["clip_frames"]), int(values["clip_step"])),
        relative=bool(values["relative"]),
        resnet=resnet,
        cells=cells,
        channels=channels,
        width=float(values["width"]),
        groups=groups,
        halved=int(values["halved"]),
        grid=int(values["grid"]),
        units=(int(values["units"]), max(1, int(values["units"]) // 4)),
        ranked=values["dynamic"] == "rank",
        dropout=float(values["dropout"]),
    )


def _momentum(values: Values, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return stochastic gradient descent with momentum (section 4)."""
    return torch.optim.SGD(
        weights,
        lr=float(values["learning_rate"]),
        momentum=float(values["momentum"]),
        weight_decay=float(values["weight_decay"]),
    )


def _head(graph: Graph, body: FourStreams, rows: GraphRows) -> str:
    clips, own = body.windows.cut_in(graph, rows)
    seen, side = body.pictures.nodes(graph, clips), body.pictures.side
    parts = []
    lstms = [each for each in body.lstms if isinstance(each, ConvLstmStream)]
    if lstms:
        parts.append(_cells(graph, body, lstms, seen))
    for resnet, each in zip(body.resnets, seen, strict=False):
        if isinstance(resnet, SlimResNet50):
            maps = chain(graph, resnet.layers, _dynamic(graph, body, each))
            parts.append(graph.one("Tanh", adaptive_pool(graph, maps, -(-side // 8), body.grid)))
    joint = parts[0]
    for part in parts[1:]:
        joint = graph.one("Add", joint, part)
    x = graph.one("Flatten", joint, axis=1)
    for layer in body.hidden:
        if isinstance(layer, nn.Linear):
            x = graph.one("Relu", linear(graph, x, layer))
    return body.windows.mean_in(graph, linear(graph, x, body.last), own)


def _dynamic(graph: Graph, body: FourStreams, clip: str) -> str:
    """Return the nodes of `dynamic_image`, from N×T×C×H×W."""
    weight = frame_weights(body.windows.frames, ranked=body.ranked).numpy().astype(np.float32)
    weighted = graph.one("Mul", clip, graph.constant(weight[None, :, None, None, None]))
    return graph.one("ReduceSum", weighted, graph.constant(np.array([1], np.int64)), keepdims=0)


def _cells(graph: Graph, body: FourStreams, lstms: list[ConvLstmStream], seen: list[str]) -> str:
    """Add the cells of all streams side by side, one loop for each layer, and return the sum of the feature maps."""
    side, grid = body.pictures.side, body.grid
    layers = [lstm.layers for lstm in lstms]
    most = max(cells[0].inputs for cells in layers)
    x = graph.one(
        "Concat",
        *(_widened(graph, each, cells[0].inputs, most) for cells, each in zip(layers, seen, strict=True)),
        axis=2,
    )
    x = around_in(graph, x) if body.relative else x
    x = graph.one("Reshape", x, graph.constant(np.array([0, 0, len(lstms), most, side, side], np.int64)))
    x = graph.one("Transpose", x, perm=[1, 0, 2, 3, 4, 5])
    for number in range(len(KERNELS)):
        halve = number < lstms[0].halved
        cells = [each[number] for each in layers]
        x = stacked_layer(graph, cells, x, side, halve=halve, last=number == len(KERNELS) - 1)
        side = side // 2 if halve else side
    split = graph.add("Split", x, outputs=len(lstms), axis=1, num_outputs=len(lstms)) if len(lstms) > 1 else [x]
    maps = [
        adaptive_pool(graph, chain(graph, lstm.to_maps, part), side, grid)
        for lstm, part in zip(lstms, split, strict=True)
    ]
    joint = maps[0]
    for part in maps[1:]:
        joint = graph.one("Add", joint, part)
    return joint


def _widened(graph: Graph, clip: str, own: int, most: int) -> str:
    """Add channels of zeros, so that all streams have as many."""
    if own == most:
        return clip
    pads = np.zeros(10, np.int64)
    pads[7] = most - own
    return graph.one("Pad", clip, graph.constant(pads))


MEMBERS: Final = (Network("convlstm", _build, _head, _momentum, scaled=False, draw="clips"),)
