"""System E's networks as one ONNX graph, which reads face crops and a state and gives affect and the next state.

The recurrent head is written with ONNX's own GRU and LSTM operators (LSTM has peepholes there), so that batch and time
stay free; torch's exporter would freeze the time of a second recurrent network in one process. One file serves clips
(any number of frames at once) and live video (one frame per call, with the state passed back).
"""

import numpy as np
from torch import nn

from app.learning.affect.networks import RecurrentHead
from app.learning.blocks.onnx_graph import Graph, array, gru_weights, linear, reordered
from app.learning.blocks.peephole import PeepholeLstm


def recurrent_head(graph: Graph, head: RecurrentHead, features: str, landmarks: str, state: str) -> tuple[str, str]:
    """Add the nodes of a recurrent head in evaluation mode.

    Args:
        graph: The graph that receives them.
        head: The trained head.
        features: Name of N×T×features.
        landmarks: Name of N×T×P; ignored if the head reads none.
        state: Name of N×state_size.

    Returns:
        Names of N×T×outputs in −1…1 and of the state after the last step, N×state_size.
    """
    x = graph.one("Concat", features, landmarks, axis=2) if head.landmarks else features
    first = head.first[0]
    if not isinstance(first, nn.Linear):
        raise TypeError("the head begins with a linear layer")
    x = graph.one("Relu", linear(graph, x, first))
    x = graph.one("Transpose", x, perm=[1, 0, 2])  # T×N×units, as ONNX's recurrent operators want it
    each = 1 if head.cell == "gru" else 2
    sizes = graph.constant(np.full(head.layers * each, head.hidden, np.int64))
    parts = graph.add("Split", state, sizes, outputs=head.layers * each, axis=1)
    lead, squeezed = graph.constant(np.array([0], np.int64)), graph.constant(np.array([1], np.int64))
    after: list[str] = []
    for number, layer in enumerate(head.recurrent):
        before = [graph.one("Unsqueeze", part, lead) for part in parts[number * each : (number + 1) * each]]
        y, kept = _gru(graph, layer, x, before) if isinstance(layer, nn.GRU) else _lstm(graph, layer, x, before)
        x = graph.one("Squeeze", y, squeezed)
        after += [graph.one("Squeeze", last, lead) for last in kept]
    x = graph.one("Transpose", x, perm=[1, 0, 2])
    bounds = graph.constant(np.float32(-1)), graph.constant(np.float32(1))
    predicted = graph.one("Clip", linear(graph, x, head.last), *bounds)
    return predicted, graph.one("Concat", *after, axis=1)


def _gru(graph: Graph, layer: nn.GRU, x: str, before: list[str]) -> tuple[str, list[str]]:
    names = gru_weights(graph, layer)
    y, last = graph.add("GRU", x, *names, "", *before, outputs=2, hidden_size=layer.hidden_size, linear_before_reset=1)
    return y, [last]


def _lstm(graph: Graph, layer: nn.Module, x: str, before: list[str]) -> tuple[str, list[str]]:
    if not isinstance(layer, PeepholeLstm):
        raise TypeError(f"{type(layer).__name__} has no ONNX form here")
    # ours: input, forget, cell, output; ONNX: input, output, forget, cell; its peepholes: input, output, forget.
    order = (0, 3, 1, 2)
    bias = reordered(array(layer.bias), order)
    peephole = array(layer.peephole)[[0, 2, 1]].reshape(1, -1)
    names = [
        graph.constant(reordered(array(layer.weight_input), order)),
        graph.constant(reordered(array(layer.weight_hidden), order)),
        graph.constant(np.concatenate([bias, np.zeros_like(bias)], axis=1)),
    ]
    y, h, c = graph.add("LSTM", x, *names, "", *before, graph.constant(peephole), outputs=3, hidden_size=layer.hidden)
    return y, [h, c]
