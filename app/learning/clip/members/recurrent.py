"""Recurrent layers over the frames: the IRNN of Kahou et al. 2015, and the GRU."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Final, Literal

import numpy as np
import torch
from onnx import TensorProto
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from app.domain.item_data import ItemData
from app.learning.blocks.onnx_graph import Graph, array, gru_weights, linear
from app.learning.clip.base.graph_rows import GraphRows
from app.learning.clip.base.member import Network, Values

Cell = Literal["irnn", "gru"]


class RecurrentClip(nn.Module):
    """A recurrent layer over the frames, whose state after the last frame decides.

    Source: Kahou et al. 2015, section 2.2, for the IRNN: rectified units whose recurrent weights start at a scaled
    identity and whose biases start at zero (Le et al. 2015); the GRU replaces the cell and nothing else.

    Args:
        features: Number of values of a frame.
        classes: Number of categories.
        cell: "irnn" or "gru".
        hidden: Number of units of the recurrent layer.
        dropout: Probability of dropout after the input and before the classifier.
        identity: Scale of the identity that the IRNN starts from.
    """

    def __init__(
        self, features: int, classes: int, *, cell: Cell, hidden: int, dropout: float = 0.0, identity: float = 1.0
    ) -> None:
        super().__init__()
        self.cell = cell
        self.drop = nn.Dropout(dropout)
        if cell == "irnn":
            self.recurrent: nn.RNN | nn.GRU = nn.RNN(features, hidden, nonlinearity="relu", batch_first=True)
            start = {
                "weight_ih_l0": torch.randn(hidden, features) * 1e-3,
                "weight_hh_l0": identity * torch.eye(hidden),
                "bias_ih_l0": torch.zeros(hidden),
                "bias_hh_l0": torch.zeros(hidden),
            }
            self.recurrent.load_state_dict(start)
        else:
            self.recurrent = nn.GRU(features, hidden, batch_first=True)
        self.last = nn.Linear(hidden, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        result: Tensor = self.last(self.drop(self.state(frames, length)))
        return result

    def state(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map the same to the state after each item's last frame: N×hidden."""
        packed = pack_padded_sequence(self.drop(frames), length.cpu(), batch_first=True, enforce_sorted=False)
        _, state = self.recurrent(packed)
        last: Tensor = state[0]
        return last


def _build(cell: Cell, values: Values, data: ItemData) -> RecurrentClip:
    return RecurrentClip(
        data.features.shape[1],
        len(data.classes),
        cell=cell,
        hidden=int(values["hidden"]),
        dropout=float(values["dropout"]),
        identity=float(values.get("identity", 1.0)),
    )


def descent(values: Values, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return plain stochastic gradient descent, as in the paper."""
    return torch.optim.SGD(weights, lr=float(values["learning_rate"]), weight_decay=float(values["weight_decay"]))


def _head(graph: Graph, body: RecurrentClip, rows: GraphRows) -> str:
    return graph_classified(graph, body, graph_state(graph, body, rows.x, rows.length))


def graph_classified(graph: Graph, body: RecurrentClip, state: str) -> str:
    """Add the classifier on N×hidden."""
    return linear(graph, state, body.last)


def graph_state(graph: Graph, body: RecurrentClip, rows: str, length: str) -> str:
    """Add the recurrent layer over N×T×D and return the state after each item's last frame: N×hidden."""
    x = graph.one("Transpose", rows, perm=[1, 0, 2])
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
    return graph.one("Squeeze", state, graph.constant(np.array([0], np.int64)))


MEMBERS: Final = (
    Network("irnn", partial(_build, "irnn"), _head, descent),
    Network("gru", partial(_build, "gru"), _head),
)
