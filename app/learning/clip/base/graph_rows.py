"""The rows of N items in a graph that is being built, with the steps that several members need."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from onnx import TensorProto

from app.learning.blocks.onnx_graph import Graph

FEATURES: Final = "features"
FACES: Final = "faces"
LENGTH: Final = "length"
PROBABILITY: Final = "probability"
ATTENTION: Final = "attention"
"""Names of the graphs' inputs and outputs."""


@dataclass(frozen=True)
class GraphRows:
    """The rows of N items side by side, padded at the end, in a graph.

    Attributes:
        graph: The graph.
        x: Name of float32 N×T×D.
        size: Name of int64 1, which holds T.
        length: Name of int64 N, the number of frames of each item, from 1 to T.
        raw: Name of the rows before they were scaled.
    """

    graph: Graph
    x: str
    size: str
    length: str
    raw: str

    @cached_property
    def double(self) -> str:
        """The rows in double precision."""
        return self.graph.cast(self.x, TensorProto.DOUBLE)

    @cached_property
    def inside(self) -> str:
        """Whether each frame is one of its item: bool N×T."""
        return self.graph.one("Less", unsqueezed(self.graph, self.places, 0), unsqueezed(self.graph, self.length, 1))

    @cached_property
    def places(self) -> str:
        """0…T−1 as int64."""
        zero, one = self.graph.constant(np.int64(0)), self.graph.constant(np.int64(1))
        count = self.graph.one("Squeeze", self.size, self.graph.constant(np.array([0], np.int64)))
        return self.graph.one("Range", zero, count, one)

    def mean(self, x: str) -> str:
        """Return the mean over an item's own frames of N×T×D double: N×D."""
        weight = unsqueezed(self.graph, self.graph.cast(self.inside, TensorProto.DOUBLE), 2)
        axis = self.graph.constant(np.array([1], np.int64))
        total = self.graph.one("ReduceSum", self.graph.one("Mul", x, weight), axis, keepdims=0)
        return self.graph.one("Div", total, self.graph.one("ReduceSum", weight, axis, keepdims=0))


def unsqueezed(graph: Graph, name: str, *axes: int) -> str:
    """Add axes of length one."""
    return graph.one("Unsqueeze", name, graph.constant(np.array(axes, np.int64)))
