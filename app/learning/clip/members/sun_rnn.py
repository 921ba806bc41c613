"""The plain recurrent networks of Sun et al. 2018, section IV: Face-, Context-, Parallel- and Concatenated-RNN."""

from collections.abc import Iterable, Sequence
from typing import Final

import torch
from onnx import TensorProto
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from app.domain.item_data import ItemData
from app.learning.blocks.onnx_graph import Graph, linear
from app.learning.blocks.onnx_loop import lstm
from app.learning.clip.base.graph_rows import GraphRows
from app.learning.clip.base.member import Network, Values
from app.learning.clip.base.reading import Blocks, Part, blocks_of, taken, taken_in, width


def adam(values: Values, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return Adam with the recipe's learning rate, as in section IV-C."""
    return torch.optim.Adam(weights, lr=float(values["learning_rate"]), weight_decay=float(values["weight_decay"]))


class Branch(nn.Module):
    """Encoders of one or several streams, whose codes one LSTM reads side by side.

    Args:
        blocks: The columns of each stream.
        encoded: Number of values of each code.
        hidden: Number of units of each layer.
        layers: Number of layers.
    """

    def __init__(self, blocks: Sequence[Blocks], *, encoded: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.blocks = tuple(blocks)
        self.encoders = nn.ModuleList(nn.Linear(width(each), encoded) for each in blocks)
        self.lstm = nn.LSTM(encoded * len(blocks), hidden, layers, batch_first=True)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D frames, padded at the end, and N numbers of frames to the last state N×hidden of the top layer."""
        codes = [encoder(taken(frames, each)) for encoder, each in zip(self.encoders, self.blocks, strict=True)]
        packed = pack_padded_sequence(torch.cat(codes, dim=-1), length.cpu(), batch_first=True, enforce_sorted=False)
        _, (state, _) = self.lstm(packed)
        last: Tensor = state[-1]
        return last

    def add_to(self, graph: Graph, rows: GraphRows) -> str:
        """Add the branch to a graph and return the name of the last state."""
        pairs = zip(self.encoders, self.blocks, strict=True)
        codes = [linear(graph, taken_in(graph, rows.x, each), layer) for layer, each in pairs]  # type: ignore[arg-type]
        joint = codes[0] if len(codes) == 1 else graph.one("Concat", *codes, axis=2)
        lengths = graph.cast(rows.length, TensorProto.INT32)
        return lstm(graph, self.lstm, graph.one("Transpose", joint, perm=[1, 0, 2]), lengths)[1]


class BranchedRnn(nn.Module):
    """Branches whose last states one linear layer classifies together.

    Args:
        branches: One for each LSTM.
        classes: Number of categories.
        dropout: Probability of dropout before the classifier.
    """

    def __init__(self, branches: Sequence[Branch], classes: int, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(sum(branch.lstm.hidden_size for branch in branches), classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes before the softmax."""
        states = [branch(frames, length) for branch in self.branches]
        result: Tensor = self.last(self.drop(torch.cat(states, dim=1)))
        return result


def _of(*branches: tuple[Part, ...]) -> "_Build":
    return _Build(branches)


class _Build:
    """Builds a network from the parts that each of its branches reads."""

    def __init__(self, branches: tuple[tuple[Part, ...], ...]) -> None:
        self._branches = branches

    def __call__(self, values: Values, data: ItemData) -> BranchedRnn:
        sizes = {"encoded": int(values["encoded"]), "hidden": int(values["hidden"]), "layers": int(values["layers"])}
        made = [Branch([blocks_of(data, part) for part in parts], **sizes) for parts in self._branches]
        return BranchedRnn(made, len(data.classes), dropout=float(values["dropout"]))


def _head(graph: Graph, body: BranchedRnn, rows: GraphRows) -> str:
    states = [branch.add_to(graph, rows) for branch in body.branches if isinstance(branch, Branch)]
    joint = states[0] if len(states) == 1 else graph.one("Concat", *states, axis=1)
    return linear(graph, joint, body.last)


MEMBERS: Final = tuple(
    Network(name, build, _head, adam, draw="first")
    for name, build in (
        ("face_rnn", _of(("face",))),
        ("context_rnn", _of(("context",))),
        ("parallel_rnn", _of(("face",), ("context",))),
        ("concatenated_rnn", _of(("face", "context"))),
    )
)
