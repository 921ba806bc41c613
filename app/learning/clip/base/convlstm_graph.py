"""A layer of convolutional LSTM cells in a graph: the cells of several streams side by side in one loop over time."""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from app.learning.blocks.convlstm import ConvLstmCell
from app.learning.blocks.onnx_graph import Floats, Graph, array
from app.learning.blocks.onnx_loop import scan


def stacked_layer(graph: Graph, cells: Sequence[ConvLstmCell], x: str, side: int, *, halve: bool, last: bool) -> str:
    """Add one layer of S streams, whose cells are of one kind and size.

    Args:
        graph: The graph that receives it.
        cells: The cells of the streams.
        x: Name of float32 T×N×S×C×H×W; a cell that reads fewer channels ignores the last ones of its part.
        side: H and W.
        halve: Whether the outputs are halved in size.
        last: Whether only the last output is wanted.

    Returns:
        Name of T×N×S×channels×H'×W', or of N×(S·channels)×H'×W' of the last step.
    """
    streams, channels = len(cells), cells[0].channels
    weight, bias = _weights(cells)
    kernel = weight.shape[-1]
    enhanced = cells[0].enhanced
    apart = graph.constant(np.array([0, streams, -1, side, side], np.int64))
    flat = graph.constant(np.array([0, -1, side, side], np.int64))
    w, b = graph.constant(weight), graph.constant(bias)
    peephole = graph.constant(np.stack([array(cell.peephole) for cell in cells])[None, :, :, None, None])

    def step(inner: Graph, states: list[str], inputs: list[str]) -> tuple[list[str], list[str]]:
        before, earlier, memory = states
        pair = inner.one("Concat", inputs[0], before, axis=2)
        convolved = inner.one(
            "Conv",
            inner.one("Reshape", pair, flat),
            w,
            b,
            kernel_shape=[kernel, kernel],
            pads=[kernel // 2] * 4,
            group=streams,
        )
        sizes = [3 * channels, channels, channels] if enhanced else [3 * channels, channels]
        parts = inner.add(
            "Split",
            inner.one("Reshape", convolved, apart),
            inner.constant(np.array(sizes, np.int64)),
            outputs=len(sizes),
            axis=2,
        )
        three = inner.one("Concat", memory, memory, memory, axis=2)
        gates = inner.one("Sigmoid", inner.one("Add", parts[0], inner.one("Mul", three, peephole)))
        take, keep, give = inner.add("Split", gates, outputs=3, axis=2, num_outputs=3)
        taken = inner.one("Mul", take, inner.one("Tanh", parts[1]))
        new = inner.one("Add", inner.one("Mul", keep, memory), taken)
        out = inner.one("Mul", give, inner.one("Tanh", new))
        if enhanced:
            out = inner.one("Add", inner.one("Add", out, parts[2]), earlier)
            out = _normalised(inner, cells, out, side)
        return [out, before, new], [] if last else [out]

    batch = graph.one("Shape", x, start=1, end=2)
    rest = graph.constant(np.array([streams, channels, side, side], np.int64))
    zero = graph.one("ConstantOfShape", graph.one("Concat", batch, rest, axis=0))
    ends, told = scan(graph, step, [zero] * 3, [(x, TensorProto.FLOAT)], 0 if last else 1)
    if last:
        joint = graph.one("Reshape", ends[0], flat)
        return graph.one("AveragePool", joint, kernel_shape=[2, 2], strides=[2, 2]) if halve else joint
    return _halved(graph, told[0], streams * channels, side, streams) if halve else told[0]


def _halved(graph: Graph, x: str, channels: int, side: int, streams: int) -> str:
    """Average squares of two by two of T×N×S×channels×H×W."""
    lead = graph.one("Shape", x, start=0, end=2)
    one = graph.one("Reshape", x, graph.constant(np.array([-1, channels, side, side], np.int64)))
    half = graph.one("AveragePool", one, kernel_shape=[2, 2], strides=[2, 2])
    rest = graph.constant(np.array([streams, channels // streams, side // 2, side // 2], np.int64))
    return graph.one("Reshape", half, graph.one("Concat", lead, rest, axis=0))


def _normalised(graph: Graph, cells: Sequence[ConvLstmCell], x: str, side: int) -> str:
    """Group normalisation of N×S×channels×H×W."""
    norms = [cell.norm for cell in cells if cell.norm is not None]
    groups = len(norms) * norms[0].num_groups
    ones, zeros = np.ones(groups, np.float32), np.zeros(groups, np.float32)
    wide = graph.one("Reshape", x, graph.constant(np.array([0, groups, -1], np.int64)))
    even = graph.one("InstanceNormalization", wide, graph.constant(ones), graph.constant(zeros), epsilon=norms[0].eps)
    shape = graph.constant(np.array([0, len(norms), norms[0].num_channels, side, side], np.int64))
    even = graph.one("Reshape", even, shape)
    scale, shift = (
        graph.constant(np.stack([array(each) for each in part])[None, :, :, None, None])
        for part in ([norm.weight for norm in norms], [norm.bias for norm in norms])
    )
    return graph.one("Add", graph.one("Mul", even, scale), shift)


def _weights(cells: Sequence[ConvLstmCell]) -> tuple[Floats, Floats]:
    """Return the weights of one grouped convolution of each stream's input and state: gates, candidate and skip."""
    most = max(cell.of_input.in_channels for cell in cells)
    weights, biases = [], []
    for cell in cells:
        of_input, of_state = array(cell.of_input.weight), array(cell.of_state.weight)
        bias = array(cell.of_input.bias)
        if cell.skip is not None:
            of_input = np.concatenate([of_input, array(cell.skip.weight)])
            of_state = np.concatenate([of_state, np.zeros((cell.channels, *of_state.shape[1:]), np.float32)])
            bias = np.concatenate([bias, np.zeros(cell.channels, np.float32)])
        missing = most - of_input.shape[1]
        of_input = np.pad(of_input, ((0, 0), (0, missing), (0, 0), (0, 0)))
        weights.append(np.concatenate([of_input, of_state], axis=1))
        biases.append(bias)
    return np.concatenate(weights), np.concatenate(biases)
