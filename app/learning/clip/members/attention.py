"""Attention pooling: transformer layers over the frames, then a weighted mean of them."""

from typing import Final

import numpy as np
import torch
from onnx import TensorProto
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph, array, linear
from app.learning.clip.base.graph_rows import ATTENTION, GraphRows, unsqueezed
from app.learning.clip.base.member import Network, Values


class AttentionClip(nn.Module):
    """Transformer layers over the frames, then a weighted mean whose weights say which frames decided.

    Source: Vaswani et al. 2017 for layers and sinusoidal positions; Ilse et al. 2018, eq. 8, for the pooling.

    Args:
        features: Number of values of a frame.
        classes: Number of categories.
        width: Number of values of a frame inside the layers.
        layers: Number of transformer layers; with 0, only the pooling remains.
        heads: Number of attention heads, which divides the width.
        dropout: Probability of dropout inside the layers and before the classifier.
    """

    def __init__(
        self, features: int, classes: int, *, width: int, layers: int, heads: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.first = nn.Linear(features, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 2 * width, dropout, batch_first=True, norm_first=True)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.score = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(width, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        return self.explain(frames, length)[0]

    def explain(self, frames: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
        """Do as `forward`, and return the frames' weights, too: N×classes, and N×T whose rows sum to one."""
        padding = torch.arange(frames.shape[1], device=frames.device) >= length[:, None]
        x = self.first(frames) + _positions(frames.shape[1], self.first.out_features, frames)
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=padding)
        x = self.norm(x)
        weight = self.score(x)[..., 0].masked_fill(padding, float("-inf")).softmax(dim=1)
        pooled = (weight[..., None] * x).sum(dim=1)
        return self.last(self.drop(pooled)), weight


def _positions(count: int, width: int, like: Tensor) -> Tensor:
    """Return sinusoidal positions count×width (Vaswani et al. 2017, section 3.5)."""
    place = torch.arange(count, device=like.device, dtype=like.dtype)[:, None]
    column = torch.arange(width, device=like.device, dtype=like.dtype)
    angle = place / 10_000.0 ** (2 * torch.floor(column / 2) / width)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos())


def _build(values: Values, data: ItemData) -> AttentionClip:
    width, heads = int(values["width"]), int(values["heads"])
    if width % heads:
        raise UserError(
            f"{heads} heads do not divide a width of {width}.", "Choose a width that is a multiple of the heads."
        )
    layers, dropout = int(values["layers"]), float(values["dropout"])
    return AttentionClip(
        data.features.shape[1], len(data.classes), width=width, layers=layers, heads=heads, dropout=dropout
    )


def _head(graph: Graph, body: AttentionClip, rows: GraphRows) -> str:
    """Return the weighted mean of an item's frames, classified; the weights become the output `attention`."""
    never = graph.constant(np.float32(-1e30))  # finite: where every score is −∞ a softmax has no value
    x = graph.one("Add", linear(graph, rows.x, body.first), _graph_positions(graph, rows, body.first.out_features))
    for layer in body.layers:
        if not isinstance(layer, nn.TransformerEncoderLayer):
            raise TypeError(f"{type(layer).__name__} has no ONNX form here")
        x = _transformer(graph, layer, x, unsqueezed(graph, rows.inside, 1, 2), never)
    x = _normalised(graph, body.norm, x)
    first, last = body.score[0], body.score[2]
    if not (isinstance(first, nn.Linear) and isinstance(last, nn.Linear)):
        raise TypeError("the score is two linear layers")
    score = linear(graph, graph.one("Tanh", linear(graph, x, first)), last)  # N×T×1
    score = graph.one("Where", unsqueezed(graph, rows.inside, 2), score, never)
    weight = graph.one("Softmax", score, axis=1)
    graph.one("Squeeze", weight, graph.constant(np.array([2], np.int64)), to=ATTENTION)
    pooled = graph.one("ReduceSum", graph.one("Mul", weight, x), graph.constant(np.array([1], np.int64)), keepdims=0)
    return linear(graph, pooled, body.last)


def _graph_positions(graph: Graph, rows: GraphRows, width: int) -> str:
    """Return the nodes of `_positions` in the graph: T×width."""
    column = np.arange(width, dtype=np.float32)
    divisor = (10_000.0 ** (2 * np.floor(column / 2) / width)).astype(np.float32)
    place = unsqueezed(graph, graph.cast(rows.places, TensorProto.FLOAT), 1)
    angle = graph.one("Div", place, graph.constant(divisor[None]))
    even = graph.constant(np.arange(width)[None] % 2 == 0)
    return graph.one("Where", even, graph.one("Sin", angle), graph.one("Cos", angle))


def _normalised(graph: Graph, norm: nn.LayerNorm, x: str) -> str:
    weights = [graph.constant(array(each)) for each in (norm.weight, norm.bias)]
    return graph.one("LayerNormalization", x, *weights, axis=-1, epsilon=norm.eps)


def _transformer(graph: Graph, layer: nn.TransformerEncoderLayer, x: str, inside: str, never: str) -> str:
    """Return a layer that normalises first: attention among an item's own frames, then two linear layers."""
    attention = layer.self_attn
    heads, width = attention.num_heads, attention.embed_dim
    normal = _normalised(graph, layer.norm1, x)
    joint = graph.one("MatMul", normal, graph.constant(array(attention.in_proj_weight).T))
    joint = graph.one("Add", joint, graph.constant(array(attention.in_proj_bias)))
    shape = graph.constant(np.array([0, 0, heads, width // heads], np.int64))
    # Query and value as N×heads×T×width of a head, the key turned over for the product.
    query, key, value = (
        graph.one("Transpose", graph.one("Reshape", part, shape), perm=perm)
        for part, perm in zip(
            graph.add("Split", joint, outputs=3, axis=2, num_outputs=3),
            ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]),
            strict=True,
        )
    )
    score = graph.one("Mul", graph.one("MatMul", query, key), graph.constant(np.float32((width // heads) ** -0.5)))
    share = graph.one("Softmax", graph.one("Where", inside, score, never), axis=-1)
    mixed = graph.one("Transpose", graph.one("MatMul", share, value), perm=[0, 2, 1, 3])
    mixed = graph.one("Reshape", mixed, graph.constant(np.array([0, 0, width], np.int64)))
    x = graph.one("Add", x, linear(graph, mixed, attention.out_proj))
    inner = graph.one("Relu", linear(graph, _normalised(graph, layer.norm2, x), layer.linear1))
    return graph.one("Add", x, linear(graph, inner, layer.linear2))


MEMBERS: Final = (Network("attention", _build, _head, evidence=(ATTENTION,)),)
