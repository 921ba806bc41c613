"""Moments of normalised frame features and a linear support vector machine. Xu et al. 2017, section 3.1."""

from typing import Final

import numpy as np

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.learning.blocks.onnx_graph import Graph, columns
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Arrays, Float, Machine, Solved, Values
from app.learning.clip.base.pooled import solve_svm
from app.learning.clip.base.pooling import moments
from app.learning.clip.base.svm_graph import svm_graph


def _pool(values: Values, data: ItemData) -> Float:
    variance = values["moments"] == "mean_variance"
    return np.stack([_moments(data, item, variance=variance) for item in range(len(data))])


def _moments(data: ItemData, item: int, *, variance: bool) -> Float:
    """Return the moments of each stream separately, so that none is drowned by the length of another."""
    frames = np.asarray(data.features[data.frames(item)], np.float32)
    return np.concatenate([moments(frames[:, block], variance=variance) for block in data.blocks])


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    more = {
        "variance": np.array(values["moments"] == "mean_variance"),
        "blocks": np.array([(block.start, block.stop) for block in data.blocks], np.int64),
    }
    return solve_svm("linear", values, data, pooled, split, more)


def _head(graph: Graph, numbers: Arrays, rows: GraphRows) -> str:
    variance = bool(numbers["variance"])
    pooled = [
        graph_moments(graph, rows, columns(graph, rows.double, block), variance=variance) for block in numbers["blocks"]
    ]
    return svm_graph(graph, graph.one("Concat", *pooled, axis=1), numbers)


def graph_moments(graph: Graph, rows: GraphRows, x: str, *, variance: bool) -> str:
    """Add `pooling.moments` of N×T×D double: N×2D, or N×D without the variance."""
    across = graph.constant(np.array([2], np.int64))
    rooted = graph.one("Mul", graph.one("Sign", x), graph.one("Sqrt", graph.one("Abs", x)))
    length = graph.one("Sqrt", graph.one("ReduceSum", graph.one("Mul", rooted, rooted), across, keepdims=1))
    some = graph.one("Greater", length, graph.constant(np.float64(0)))
    unit = graph.one("Div", rooted, graph.one("Where", some, length, graph.constant(np.float64(1))))
    mean = rows.mean(unit)
    if not variance:
        return mean
    apart = graph.one("Sub", unit, unsqueezed(graph, mean, 1))
    return graph.one("Concat", mean, rows.mean(graph.one("Mul", apart, apart)), axis=1)


MEMBERS: Final = (Machine("aggregation", _pool, _solve, _head),)
