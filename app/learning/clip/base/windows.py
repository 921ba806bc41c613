"""Short clips within items: windows of a fixed number of frames that overlap, in training, prediction and graphs.

An item with fewer frames than a window repeats its last one. Frames behind the last whole window are not read.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from torch import Tensor

from app.learning.blocks.onnx_graph import Graph
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed


@dataclass(frozen=True)
class Windows:
    """How items are divided.

    Attributes:
        frames: Number of frames of a window.
        step: Number of frames from the beginning of a window to that of the next.
    """

    frames: int
    step: int

    def starts(self, count: int) -> NDArray[np.int64]:
        """Return the first frames of the windows of an item with `count` frames."""
        return np.arange(0, max(count - self.frames, 0) + 1, self.step)

    def cut(self, frames: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
        """Cut items into windows.

        Args:
            frames: N×T×D, padded at the end.
            length: N numbers of frames.

        Returns:
            N×W×`frames`×D, and whether each window is one of its item: bool N×W.
        """
        start = torch.arange(0, max(frames.shape[1] - self.frames, 0) + 1, self.step, device=frames.device)
        length = length.to(frames.device)
        own = (start[None] + self.frames <= length[:, None]) | (start[None] == 0)
        inside = torch.arange(self.frames, device=frames.device)
        place = torch.minimum(start[None, :, None] + inside, length[:, None, None] - 1)
        rows = torch.arange(len(frames), device=frames.device)[:, None, None]
        return frames[rows, place], own

    def cut_in(self, graph: Graph, rows: GraphRows) -> tuple[str, str]:
        """Do as `cut` in a graph: (N·W)×`frames`×D, and bool N×W."""
        one, zero = graph.constant(np.int64(1)), graph.constant(np.int64(0))
        count = graph.one("Squeeze", rows.size, graph.constant(np.array([0], np.int64)))
        most = graph.one("Max", graph.one("Sub", count, graph.constant(np.int64(self.frames))), zero)
        end = graph.one("Add", most, one)
        start = unsqueezed(graph, graph.one("Range", zero, end, graph.constant(np.int64(self.step))), 0)  # 1×W
        length = unsqueezed(graph, rows.length, 1)
        whole = graph.one("LessOrEqual", graph.one("Add", start, graph.constant(np.int64(self.frames))), length)
        own = graph.one("Or", whole, graph.one("Equal", start, zero))
        inside = graph.constant(np.arange(self.frames, dtype=np.int64)[None, None])
        last = unsqueezed(graph, graph.one("Sub", rows.length, one), 1, 2)
        place = graph.one("Min", graph.one("Add", unsqueezed(graph, start, 2), inside), last)  # N×W×frames
        taken = graph.one("GatherND", rows.x, unsqueezed(graph, place, 3), batch_dims=1)
        size = graph.one("Shape", rows.x, start=2, end=3)
        shape = graph.one("Concat", graph.constant(np.array([-1, self.frames], np.int64)), size, axis=0)
        return graph.one("Reshape", taken, shape), own

    def mean(self, said: Tensor, own: Tensor) -> Tensor:
        """Return the logarithm of the mean probabilities of an item's own windows.

        Args:
            said: N×W×K before the softmax.
            own: See `cut`.
        """
        share = said.softmax(dim=2) * own[:, :, None]
        return (share.sum(dim=1) / own.sum(dim=1, keepdim=True)).clamp_min(1e-12).log()

    def mean_in(self, graph: Graph, said: str, own: str) -> str:
        """Do as `mean` in a graph, from (N·W)×K before the softmax and bool N×W."""
        weight = unsqueezed(graph, graph.cast(own, TensorProto.FLOAT), 2)
        classes = graph.one("Shape", said, start=1, end=2)
        shape = graph.one("Concat", graph.one("Shape", own), classes, axis=0)
        share = graph.one("Reshape", graph.one("Softmax", said, axis=1), shape)
        axis = graph.constant(np.array([1], np.int64))
        total = graph.one("ReduceSum", graph.one("Mul", share, weight), axis, keepdims=0)
        mean = graph.one("Div", total, graph.one("ReduceSum", weight, axis, keepdims=0))
        return graph.one("Log", graph.one("Max", mean, graph.constant(np.float32(1e-12))))
