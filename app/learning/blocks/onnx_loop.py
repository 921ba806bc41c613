"""Recurrent parts of ONNX graphs: LSTM layers as nodes, and loops over time as `Scan`."""

from collections.abc import Callable, Sequence

import numpy as np
from onnx import TensorProto, helper
from torch import nn

from app.learning.blocks.onnx_graph import Graph, array, reordered

Step = Callable[[Graph, list[str], list[str]], tuple[list[str], list[str]]]
"""Adds one step to the inner graph: from the names of states and inputs to those of new states and outputs."""
_APART = 1_000_000


def lstm(graph: Graph, layer: nn.LSTM, x: str, lengths: str) -> tuple[str, str, str]:
    """Add an LSTM of one direction, layer after layer.

    Args:
        graph: The graph that receives it.
        layer: The trained layers, which read the batch first and have two biases.
        x: Name of float32 T×N×D.
        lengths: Name of int32 N.

    Returns:
        Names of the top layer's states T×N×H, zero in the padding, and of its last state and last cell N×H.
    """
    first = graph.constant(np.array([0], np.int64))
    second = graph.constant(np.array([1], np.int64))
    state = cell = ""
    for number in range(layer.num_layers):
        order = (0, 3, 1, 2)  # torch: input, forget, cell, output; ONNX: input, output, forget, cell
        w, r, bi, bh = (
            reordered(array(getattr(layer, f"{kind}_l{number}")), order)
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        weights = [graph.constant(each) for each in (w, r, np.concatenate([bi, bh], axis=1))]
        y, state, cell = graph.add("LSTM", x, *weights, lengths, outputs=3, hidden_size=layer.hidden_size)
        x = graph.one("Squeeze", y, second)
    return x, graph.one("Squeeze", state, first), graph.one("Squeeze", cell, first)


def lstm_step(graph: Graph, cell: nn.LSTMCell, x: str, state: str, memory: str) -> tuple[str, str]:
    """Add one step of an LSTM cell: from N×D, and state and memory N×H, to the new state and memory."""
    drive = graph.one("MatMul", x, graph.constant(array(cell.weight_ih).T))
    back = graph.one("MatMul", state, graph.constant(array(cell.weight_hh).T))
    bias = graph.constant(array(cell.bias_ih) + array(cell.bias_hh))
    gates = graph.one("Add", graph.one("Add", drive, back), bias)
    i, f, g, o = graph.add("Split", gates, outputs=4, axis=1, num_outputs=4)
    i, f, o = (graph.one("Sigmoid", gate) for gate in (i, f, o))
    kept = graph.one("Mul", f, memory)
    memory = graph.one("Add", kept, graph.one("Mul", i, graph.one("Tanh", g)))
    return graph.one("Mul", o, graph.one("Tanh", memory)), memory


def scan(
    graph: Graph,
    step: Step,
    states: Sequence[str],
    inputs: Sequence[tuple[str, int]],
    outputs: int = 0,
) -> tuple[list[str], list[str]]:
    """Add a loop over the first axis.

    Args:
        graph: The graph that receives it. The step may read everything in it.
        step: Adds one step.
        states: Names of the states before the first step.
        inputs: For each sequence its name and its element type; a step reads one entry of the first axis.
        outputs: Number of outputs of a step that are collected.

    Returns:
        Names of the states after the last step, and of the collected outputs, whose first axis is time.
    """
    inner = Graph(count=graph.count + _APART)  # names inside and outside must differ
    before = [inner.name("state") for _ in states]
    seen = [inner.name("input") for _ in inputs]
    after, told = step(inner, list(before), list(seen))
    if (len(after), len(told)) != (len(states), outputs):
        raise ValueError(f"the step gives {len(after)} states and {len(told)} outputs")
    # Each output of the inner graph has a name of its own and comes from a node within it.
    used = {name for node in graph.nodes for name in node.output} | {*before, *seen}
    given = []
    for name in (*after, *told):
        given.append(inner.one("Identity", name) if name in used else name)
        used.add(name)
    after, told = given[: len(after)], given[len(after) :]
    takes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in before]
    takes += [helper.make_tensor_value_info(name, kind, None) for name, (_, kind) in zip(seen, inputs, strict=True)]
    gives = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in (*after, *told)]
    body = helper.make_graph(inner.nodes, inner.name("loop"), takes, gives, inner.constants)
    names = graph.add(
        "Scan",
        *states,
        *(name for name, _ in inputs),
        outputs=len(states) + outputs,
        body=body,
        num_scan_inputs=len(inputs),
    )
    return names[: len(states)], names[len(states) :]
