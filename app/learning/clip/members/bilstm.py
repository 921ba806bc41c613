"""A residual bidirectional LSTM over frame features, whose last step decides. Xu et al. 2017, section II-B-3."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import torch
from onnx import TensorProto
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from app.domain.item_data import ItemData
from app.learning.blocks.onnx_graph import Floats, Graph, array, linear, reordered
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Network, Values


class ResidualLayer(nn.Module):
    """A bidirectional LSTM whose two directions are joined to the input's width and added to the input.

    Args:
        units: Width of input and output, and units of each direction.
    """

    def __init__(self, units: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(units, units, batch_first=True, bidirectional=True)
        self.join = nn.Linear(2 * units, units)

    def forward(self, x: Tensor, length: Tensor) -> Tensor:
        """Map N×T×units, padded at the end, to the same shape."""
        packed = pack_padded_sequence(x, length.cpu(), batch_first=True, enforce_sorted=False)
        both, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])
        result: Tensor = x + torch.relu(self.join(both))
        return result


class ResidualBiLstm(nn.Module):
    """Frame features, narrowed to the units, then residual layers; the step of the last frame decides.

    Xu et al. 2017 state a bidirectional residual LSTM with "28 hidden layers" and cite a network of 28 units (Chevalier
    2016), whose rectified linear layers before and after each LSTM are taken over. They state no number of layers.

    Args:
        features: Number of values of a frame.
        classes: Number of categories.
        units: Units of each direction.
        layers: Number of residual layers.
        dropout: Probability of dropout after the input and before the classifier.
    """

    def __init__(self, features: int, classes: int, *, units: int = 28, layers: int = 2, dropout: float = 0.0) -> None:
        super().__init__()
        self.first = nn.Linear(features, units)
        self.layers = nn.ModuleList(ResidualLayer(units) for _ in range(layers))
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(units, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        x = torch.relu(self.first(self.drop(frames)))
        for layer in self.layers:
            x = layer(x, length)
        end = x[torch.arange(len(x), device=x.device), length.to(x.device) - 1]
        result: Tensor = self.last(self.drop(end))
        return result


def _build(values: Values, data: ItemData) -> ResidualBiLstm:
    return ResidualBiLstm(
        data.features.shape[1],
        len(data.classes),
        units=int(values["units"]),
        layers=int(values["layers"]),
        dropout=float(values["dropout"]),
    )


def _adam(values: Values, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return Adam, as in the paper."""
    return torch.optim.Adam(weights, lr=float(values["learning_rate"]), weight_decay=float(values["weight_decay"]))


def _head(graph: Graph, body: ResidualBiLstm, rows: GraphRows) -> str:
    x = graph.one("Relu", linear(graph, rows.x, body.first))
    lengths = graph.cast(rows.length, TensorProto.INT32)
    for layer in body.layers:
        if not isinstance(layer, ResidualLayer):
            raise TypeError(f"{type(layer).__name__} has no ONNX form here")
        x = graph.one("Add", x, graph.one("Relu", linear(graph, _lstm(graph, layer.lstm, x, lengths), layer.join)))
    last = unsqueezed(graph, graph.one("Sub", rows.length, graph.constant(np.int64(1))), 1)
    return linear(graph, graph.one("GatherND", x, last, batch_dims=1), body.last)


def _lstm(graph: Graph, layer: nn.LSTM, x: str, lengths: str) -> str:
    """Add a bidirectional LSTM over N×T×units: N×T×2·units, the forward direction first."""
    order = (0, 3, 1, 2)  # torch: input, forget, cell, output; ONNX: input, output, forget, cell

    def both(name: str) -> Floats:
        return np.concatenate([reordered(array(getattr(layer, f"{name}_l0{end}")), order) for end in ("", "_reverse")])

    biases = np.concatenate([both("bias_ih"), both("bias_hh")], axis=1)
    names = [graph.constant(each) for each in (both("weight_ih"), both("weight_hh"), biases)]
    more: dict[str, Any] = {"hidden_size": layer.hidden_size, "direction": "bidirectional"}
    out = graph.one("LSTM", graph.one("Transpose", x, perm=[1, 0, 2]), *names, lengths, **more)  # T×2×N×units
    return graph.one("Reshape", graph.one("Transpose", out, perm=[2, 0, 1, 3]), _joined(graph, layer.hidden_size))


def _joined(graph: Graph, units: int) -> str:
    return graph.constant(np.array([0, 0, 2 * units], np.int64))


MEMBERS: Final = (Network("bilstm", _build, _head, _adam, draw="any"),)
