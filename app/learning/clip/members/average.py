"""Frame averaging: the frame model's class probabilities, averaged over the item. Kahou et al. 2015, section 2.3."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.domain.vocabularies import carry_over
from app.learning.blocks.onnx_graph import Graph
from app.learning.clip.base.graph_rows import GraphRows
from app.learning.clip.base.member import Arrays, Float, Machine, Solved, Values
from app.learning.clip.base.pooled import probabilities_of


def _pool(values: Values, data: ItemData) -> Float:
    return np.stack([frames.astype(np.float64).mean(axis=0) for frames in probabilities_of(data)])


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    """Carry the frame model's classes over to the labels' vocabulary; a class that it lacks is never said."""
    test = data.items_of(split.test)
    out = np.full((len(data), len(data.classes)), np.nan, np.float32)
    carried = _carried(pooled, data)
    total = carried.sum(axis=1, keepdims=True)
    uniform = np.full_like(carried, 1.0 / carried.shape[1])
    out[test] = np.where(total > 0, carried / np.where(total > 0, total, 1.0), uniform)[test]
    return Solved(out, numbers={"carry": _carried(np.eye(len(data.frame_classes)), data)})


def _carried(values: Float, data: ItemData) -> Float:
    return carry_over(values, data.frame_classes, data.classes).values


def _head(graph: Graph, numbers: Arrays, rows: GraphRows) -> str:
    return _averaged(graph, rows.mean(rows.double), numbers["carry"])


def _averaged(graph: Graph, mean: str, carry: NDArray[Any]) -> str:
    """Return averaged classes in the labels' vocabulary; if nothing maps to it, all classes are equally probable."""
    carried = graph.one("MatMul", mean, graph.constant(carry.astype(np.float64)))
    total = graph.one("ReduceSum", carried, graph.constant(np.array([1], np.int64)), keepdims=1)
    some = graph.one("Greater", total, graph.constant(np.float64(0)))
    share = graph.one("Div", carried, graph.one("Where", some, total, graph.constant(np.float64(1))))
    return graph.one("Where", some, share, graph.constant(np.full((1, carry.shape[1]), 1.0 / carry.shape[1])))


MEMBERS: Final = (Machine("average", _pool, _solve, _head),)
