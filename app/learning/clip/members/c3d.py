"""C3D on windows of frames, averaged over each item, and a linear support vector machine on it. Xu et al. 2017."""

from collections.abc import Iterable
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
from app.learning.blocks.c3d import C3d, windows_of
from app.learning.blocks.onnx_graph import Graph, linear
from app.learning.blocks.onnx_layers import chain
from app.learning.blocks.pictures import Pictures, colour_pictures
from app.learning.blocks.weights import start_for_rectifiers, take_weights
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Arrays, Float, Network, Seen, Solved, Then, Values
from app.learning.clip.base.pooled import solve_svm
from app.learning.clip.base.svm_graph import svm_graph

FLOOR: Final = 0.05
"""Least scale of a network's feature for the machine, as a share of its mean."""
LITERAL: Final = (1, 128, 128, 171)
"""Windows, frames, height and width as Xu et al. 2017 print them."""


class C3dClip(nn.Module):
    """C3D on several windows of each item; the mean of their features decides.

    A step of the training reads one window of each item.

    Args:
        pictures: Makes pictures of the rows.
        network: C3D for one window.
        classes: Number of categories.
        windows: Windows of an item in evaluation.
        frames: Frames of a window.
        hidden: Length of the network's features.
        dropout: Probability of dropout before the classifier.
    """

    def __init__(
        self, pictures: Pictures, network: C3d, classes: int, *, windows: int, frames: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        self.pictures, self.network = pictures, network
        self.windows, self.frames, self.hidden = windows, frames, hidden
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(hidden, classes)

    def embed(self, rows: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×hidden."""
        count = 1 if self.training else self.windows
        read = windows_of(length.to(rows.device), count, self.frames)
        shown = torch.stack([self.pictures.moved(item[which]) for item, which in zip(rows, read, strict=True)])
        shape = (-1, self.frames, *shown.shape[2:])
        found: Tensor = self.network(shown.reshape(shape).transpose(1, 2))
        return found.reshape(len(rows), count, -1).mean(dim=1)

    def forward(self, rows: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes before the softmax."""
        result: Tensor = self.last(self.drop(self.embed(rows, length)))
        return result


def _build(values: Values, data: ItemData) -> C3dClip:
    side = int(values["side"])
    windows, frames, height, width = int(values["windows"]), int(values["window"]), side, side
    if values["form"] == "literal":
        windows, frames, height, width = LITERAL
    pixels, crop = colour_pictures(data), 0 if values["form"] == "literal" else int(values["crop"])
    weights = str(values["weights"])
    pictures = Pictures(pixels, height, width, crop=crop, scale="caffe" if weights else "levels")
    share, hidden, dropout = float(values["width"]), int(values["hidden"]), float(values["dropout"])
    widths = [max(1, round(share * each)) for each in (64, 128, 256, 256, 512, 512, 512, 512)]
    try:
        network = C3d(frames, height, width, widths=widths, hidden=hidden, dropout=dropout)
    except ValueError as error:
        raise UserError(f"C3D cannot be built: {error}.", "Choose windows of 16 frames and a side of 16.") from error
    if weights:
        take_weights(network, Path(weights))
    else:
        start_for_rectifiers(network)
    return C3dClip(pictures, network, len(data.classes), windows=windows, frames=frames, hidden=hidden, dropout=dropout)


def draw_window(values: Values, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a random run of consecutive frames of an item, as many as a window has, or all that there are."""
    frames = LITERAL[1] if values["form"] == "literal" else int(values["window"])
    start = int(rng.integers(max(count - frames, 0) + 1))
    return np.arange(start, min(start + frames, count))


def descent(values: Values, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return stochastic gradient descent with the recipe's rate, momentum and weight decay."""
    rate, decay = float(values["learning_rate"]), float(values["weight_decay"])
    return torch.optim.SGD(weights, lr=rate, momentum=float(values["momentum"]), weight_decay=decay)


def _graph_embed(graph: Graph, body: C3dClip, rows: GraphRows) -> str:
    """Return the nodes of `C3dClip.embed` in evaluation mode: N×hidden."""
    read = _graph_windows(graph, body, rows)
    x = graph.one("GatherND", rows.x, unsqueezed(graph, read, 2), batch_dims=1)  # N×M×D
    pictures = body.pictures
    x = pictures.nodes(graph, x)
    shape = [-1, body.frames, 3, pictures.height, pictures.width]
    x = graph.one("Reshape", x, graph.constant(np.array(shape, np.int64)))
    x = chain(graph, body.network.layers, graph.one("Transpose", x, perm=[0, 2, 1, 3, 4]))
    for layer in (body.network.fc6, body.network.fc7):
        x = graph.one("Relu", linear(graph, x, layer))
    x = graph.one("Reshape", x, graph.constant(np.array([-1, body.windows, body.hidden], np.int64)))
    return graph.one("ReduceMean", x, graph.constant(np.array([1], np.int64)), keepdims=0)


def _graph_windows(graph: Graph, body: C3dClip, rows: GraphRows) -> str:
    """Return the nodes of `windows_of`: int64 N×(windows·frames)."""
    length = unsqueezed(graph, rows.length, 1)
    zero, frames = graph.constant(np.int64(0)), graph.constant(np.int64(body.frames))
    spare = graph.one("Max", graph.one("Sub", length, frames), zero)  # N×1
    if body.windows > 1:
        number = graph.constant(np.arange(body.windows, dtype=np.int64)[None])
        start = graph.one("Div", graph.one("Mul", spare, number), graph.constant(np.int64(body.windows - 1)))
    else:
        start = graph.one("Div", spare, graph.constant(np.int64(2)))
    step = graph.constant(np.arange(body.frames, dtype=np.int64)[None])
    shown = graph.one("Min", step, graph.one("Div", graph.one("Mul", step, length), frames))
    both = graph.one("Add", unsqueezed(graph, start, 2), unsqueezed(graph, shown, 1))
    return graph.one("Flatten", both, axis=1)


def _head(graph: Graph, body: C3dClip, rows: GraphRows) -> str:
    return linear(graph, _graph_embed(graph, body, rows), body.last)


def _pool(values: Values, data: ItemData, seen: Seen) -> Float:
    return seen.each(lambda body, rows, length: body.embed(rows, length))


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    return solve_svm("linear", values, data, pooled, split, floor=FLOOR)


def _both(graph: Graph, body: C3dClip, numbers: Arrays, rows: GraphRows) -> str:
    return svm_graph(graph, graph.cast(_graph_embed(graph, body, rows), TensorProto.DOUBLE), numbers)


MEMBERS: Final = (
    Network("c3d", _build, _head, descent, scaled=False, draw=draw_window, then=Then(_pool, _solve, _both)),
)
