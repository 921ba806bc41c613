"""CACA-RNN A and B of Sun et al. 2018: one recurrent network reads the other's states by attention."""

from functools import partial
from typing import Final

import numpy as np
import torch
from onnx import TensorProto
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from app.domain.item_data import ItemData
from app.learning.blocks.onnx_graph import Graph, linear
from app.learning.blocks.onnx_loop import lstm, lstm_step, scan
from app.learning.clip.base.graph_rows import ATTENTION, GraphRows, unsqueezed
from app.learning.clip.base.member import Network, Values
from app.learning.clip.base.reading import Blocks, Part, blocks_of, taken, taken_in, width
from app.learning.clip.members.sun_rnn import adam

SUBMITTED: Final = "submitted"
STATE_AND_ATTENTION: Final = "state_attention"


class CacaRnn(nn.Module):
    """Two recurrent networks in a cascade with soft dot attention.

    The first network reads its whole stream. The second starts from the first one's last state and memory. After each
    of its steps, the attention c_i is the mean of the first network's states, weighted by the softmax of their products
    with the second one's state h_i (eq. 2, 3 and 5), and is read at step i + 1 beside the input. Printed literally,
    eq. 5 would need h_i before h_i is known. The state after the last step decides, with or without the attention.

    Args:
        first: Columns of the first network.
        second: Columns of the second network.
        classes: Number of categories.
        hidden: Number of units of both networks.
        encoded: Number of values to which a frame of each stream is encoded; 0 reads the stream itself.
        layers: Number of layers of each network.
        attention_decides: Whether the classifier reads the last attention beside the last state (eq. 4).
        dropout: Probability of dropout before the classifier.
    """

    def __init__(
        self,
        first: Blocks,
        second: Blocks,
        classes: int,
        *,
        hidden: int,
        encoded: tuple[int, int],
        layers: tuple[int, int],
        attention_decides: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.first, self.second = first, second
        sizes = [code or width(blocks) for code, blocks in zip(encoded, (first, second), strict=True)]
        self.encode_first = nn.Linear(width(first), encoded[0]) if encoded[0] else nn.Identity()
        self.encode_second = nn.Linear(width(second), encoded[1]) if encoded[1] else nn.Identity()
        self.leader = nn.LSTM(sizes[0], hidden, layers[0], batch_first=True)
        inputs = [sizes[1] + hidden, *[hidden] * (layers[1] - 1)]
        self.follower = nn.ModuleList(nn.LSTMCell(size, hidden) for size in inputs)
        self.attention_decides = attention_decides
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(2 * hidden if attention_decides else hidden, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes before the softmax."""
        return self.explain(frames, length)[0]

    def explain(self, frames: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
        """Do as `forward`, and return how much each frame of the first stream was read.

        The weights N×T are the mean of eq. 2 over the steps of the second network; rows sum to one.
        """
        steps = frames.shape[1]
        packed = pack_padded_sequence(
            self.encode_first(taken(frames, self.first)), length.cpu(), batch_first=True, enforce_sorted=False
        )
        states, (top, memory) = self.leader(packed)
        known, _ = pad_packed_sequence(states, batch_first=True, total_length=steps)
        inside = torch.arange(steps, device=frames.device) < length.to(frames.device)[:, None]
        x = self.encode_second(taken(frames, self.second))
        own = [(top[-1], memory[-1]) for _ in self.follower]
        attention, total = torch.zeros_like(top[-1]), torch.zeros_like(inside, dtype=frames.dtype)
        for step in range(steps):
            told, after = torch.cat([x[:, step], attention], dim=1), []
            for cell, state in zip(self.follower, own, strict=True):
                after.append(cell(told, state))
                told = after[-1][0]
            weight = (known @ told[:, :, None])[..., 0].masked_fill(~inside, float("-inf")).softmax(dim=1)
            now = inside[:, step : step + 1]
            attention = torch.where(now, (weight[:, None] @ known)[:, 0], attention)
            own = [
                (torch.where(now, new[0], old[0]), torch.where(now, new[1], old[1]))
                for new, old in zip(after, own, strict=True)
            ]
            total = total + torch.where(now, weight, torch.zeros_like(weight))
        decided = torch.cat([own[-1][0], attention], dim=1) if self.attention_decides else own[-1][0]
        return self.last(self.drop(decided)), total / length.to(frames.device)[:, None]


def _build(first: Part, second: Part, values: Values, data: ItemData) -> CacaRnn:
    hidden, code = int(values["hidden"]), int(values["encoded"])
    if values["configuration"] == SUBMITTED:
        # IV-C: the map of the context network goes straight into its LSTM; only the face is encoded,
        # and only its network has several layers.
        encoded = (0, code) if first == "context" else (code, 0)
        layers = (1, int(values["layers"])) if first == "context" else (int(values["layers"]), 1)
    else:
        encoded, layers = (code, code), (int(values["layers"]), 1)
    return CacaRnn(
        blocks_of(data, first),
        blocks_of(data, second),
        len(data.classes),
        hidden=hidden,
        encoded=encoded,
        layers=layers,
        attention_decides=values["classifier"] == STATE_AND_ATTENTION,
        dropout=float(values["dropout"]),
    )


def _head(graph: Graph, body: CacaRnn, rows: GraphRows) -> str:
    """Return the classified state; the mean weights over the steps become the output `attention`."""
    lengths = graph.cast(rows.length, TensorProto.INT32)
    first, second = (
        graph.one("Transpose", _encoded(graph, layer, taken_in(graph, rows.x, blocks)), perm=[1, 0, 2])
        for layer, blocks in ((body.encode_first, body.first), (body.encode_second, body.second))
    )
    known, top, memory = lstm(graph, body.leader, first, lengths)
    known = graph.one("Transpose", known, perm=[1, 0, 2])  # N×T×H
    inside = rows.inside
    never, zero = graph.constant(np.float32(-1e30)), graph.constant(np.float32(0))
    cells = [cell for cell in body.follower if isinstance(cell, nn.LSTMCell)]

    def step(inner: Graph, states: list[str], inputs: list[str]) -> tuple[list[str], list[str]]:
        attention, total, own = states[0], states[1], states[2:]
        x, now = inputs[0], unsqueezed(inner, inputs[1], 1)
        told, after = inner.one("Concat", x, attention, axis=1), []
        for number, cell in enumerate(cells):
            told, kept = lstm_step(inner, cell, told, *own[2 * number : 2 * number + 2])
            after += [told, kept]
        last = inner.constant(np.array([2], np.int64))
        score = inner.one("Squeeze", inner.one("MatMul", known, unsqueezed(inner, told, 2)), last)
        weight = inner.one("Softmax", inner.one("Where", inside, score, never), axis=1)
        middle = inner.constant(np.array([1], np.int64))
        read = inner.one("Squeeze", inner.one("MatMul", unsqueezed(inner, weight, 1), known), middle)
        total = inner.one("Add", total, inner.one("Where", now, weight, zero))
        pairs = zip([read, *after], [attention, *own], strict=True)
        held = [inner.one("Where", now, new, old) for new, old in pairs]
        return [held[0], total, *held[1:]], []

    none = graph.one("Mul", top, zero)
    nothing = graph.one("Mul", graph.cast(inside, TensorProto.FLOAT), zero)
    active = graph.one("Transpose", inside, perm=[1, 0])
    begin = [none, nothing, *[top, memory] * len(cells)]
    ends, _ = scan(graph, step, begin, [(second, TensorProto.FLOAT), (active, TensorProto.BOOL)])
    count = unsqueezed(graph, graph.cast(rows.length, TensorProto.FLOAT), 1)
    graph.one("Div", ends[1], count, to=ATTENTION)
    decided = graph.one("Concat", ends[-2], ends[0], axis=1) if body.attention_decides else ends[-2]
    return linear(graph, decided, body.last)


def _encoded(graph: Graph, layer: nn.Module, x: str) -> str:
    return linear(graph, x, layer) if isinstance(layer, nn.Linear) else x


MEMBERS: Final = (
    Network("caca_a", partial(_build, "context", "face"), _head, adam, evidence=(ATTENTION,), draw="first"),
    Network("caca_b", partial(_build, "face", "context"), _head, adam, evidence=(ATTENTION,), draw="first"),
)
