"""k-average bins and an RBF support vector machine. Kahou et al. 2015, section 2.3."""

from typing import Final

import numpy as np
from onnx import TensorProto

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.learning.blocks.onnx_graph import Graph
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Arrays, Float, Machine, Solved, Values
from app.learning.clip.base.pooled import probabilities_of, solve_svm
from app.learning.clip.base.pooling import k_average, log_probabilities
from app.learning.clip.base.svm_graph import svm_graph


def _pool(values: Values, data: ItemData) -> Float:
    bins = int(values["bins"])
    return np.stack([k_average(log_probabilities(frames), bins) for frames in probabilities_of(data)])


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    return solve_svm("rbf", values, data, pooled, split, {"bins": np.array(int(values["bins"]))})


def _head(graph: Graph, numbers: Arrays, rows: GraphRows) -> str:
    return svm_graph(graph, graph_bins(graph, rows, rows.double, int(numbers["bins"])), numbers)


def graph_bins(graph: Graph, rows: GraphRows, x: str, bins: int) -> str:
    """Add `pooling.k_average` of `pooling.log_probabilities` of N×T×P double: N×(bins·P).

    A weight says which frames are in each bin.
    """
    logs = graph.one("Log", graph.one("Max", x, graph.constant(np.float64(1e-6))))
    across = graph.constant(np.array([2], np.int64))
    logs = graph.one("Sub", logs, graph.one("ReduceMean", logs, across, keepdims=1))
    count, one = graph.constant(np.int64(bins)), graph.constant(np.int64(1))
    numbers = graph.constant(np.arange(bins + 1, dtype=np.int64)[None])
    edges = graph.one("Div", graph.one("Mul", unsqueezed(graph, rows.length, 1), numbers), count)  # N×(bins+1)
    row = graph.constant(np.array([1], np.int64))
    zero, last, end = (graph.constant(np.array([value], np.int64)) for value in (0, bins, bins + 1))
    start = graph.one("Slice", edges, zero, last, row)
    # An item with fewer frames than bins repeats frames: each bin holds one at the least.
    stop = graph.one("Max", graph.one("Slice", edges, row, end, row), graph.one("Add", start, one))
    place = unsqueezed(graph, rows.places, 0, 1)
    after = graph.one("GreaterOrEqual", place, unsqueezed(graph, start, 2))
    before = graph.one("Less", place, unsqueezed(graph, stop, 2))
    inside = graph.cast(graph.one("And", after, before), TensorProto.DOUBLE)
    share = graph.one("Div", inside, graph.one("ReduceSum", inside, across, keepdims=1))
    means = graph.one("MatMul", share, logs)  # N×bins×P
    return graph.one("Flatten", means, axis=1)


MEMBERS: Final = (Machine("kaverage", _pool, _solve, _head),)
