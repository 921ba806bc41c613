"""Support vector machines in a graph.

They compute in double precision, as scikit-learn does, because distances cancel in single
precision.
"""

import numpy as np

from app.learning.blocks.onnx_graph import Graph
from app.learning.clip.base.member import Arrays


def svm_graph(graph: Graph, pooled: str, numbers: Arrays) -> str:
    """Return a `CalibratedSvm` on N×D double: N×K."""
    x = graph.one("Sub", pooled, graph.constant(numbers["mean"]))
    x = graph.one("Div", x, graph.constant(numbers["scale"]))
    if "vectors" in numbers:
        vectors = numbers["vectors"]
        row = graph.constant(np.array([1], np.int64))
        own = graph.one("ReduceSum", graph.one("Mul", x, x), row, keepdims=1)
        theirs = graph.constant((vectors**2).sum(axis=1)[None])
        product = graph.one("MatMul", x, graph.constant((-2.0 * vectors).T))
        distance = graph.one("Add", graph.one("Add", own, theirs), product)
        x = graph.one("Exp", graph.one("Mul", distance, graph.constant(-np.float64(numbers["gamma"]))))
    decided = graph.one(
        "Add", graph.one("MatMul", x, graph.constant(numbers["weight"])), graph.constant(numbers["bias"])
    )
    calibrated = graph.one("MatMul", decided, graph.constant(numbers["calibration_weight"]))
    calibrated = graph.one("Add", calibrated, graph.constant(numbers["calibration_bias"]))
    probability = graph.one("Softmax", calibrated, axis=1)
    placed = graph.one("MatMul", probability, graph.constant(numbers["place"]))
    return graph.one("Add", placed, graph.constant(np.float64(numbers["rest"])))
