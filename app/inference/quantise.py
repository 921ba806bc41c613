"""Smaller variants of an ONNX model, and the plain runs that compare them with the original."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.errors import UserError

Array = npt.NDArray[Any]

_EXTRA = "Install the program with the extra `train`."


def run_file(path: Path, feeds: Mapping[str, Array], threads: int = 1) -> dict[str, Array]:
    """Run one of our own models once on the CPU, outside the session cache.

    Args:
        path: The ONNX file, which must be trusted, because it is not checked.
        feeds: Inputs by name.
        threads: Threads inside an operator.

    Returns:
        Outputs by name.
    """
    return loaded(path, threads)(feeds)


def loaded(path: Path, threads: int = 1) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
    """Load a trusted model on the CPU and return a function from its inputs to its outputs."""
    session = _session(path, threads)
    names = [output.name for output in session.get_outputs()]
    return lambda feeds: dict(zip(names, session.run(names, dict(feeds)), strict=True))


def run_batches(path: Path, name: str, rows: Array, batch: int = 64, threads: int = 1) -> dict[str, Array]:
    """Run a model of one input over many rows in batches and join the outputs along the first axis."""
    session = _session(path, threads)
    names = [output.name for output in session.get_outputs()]
    parts = [session.run(names, {name: rows[at : at + batch]}) for at in range(0, len(rows), batch)]
    return {output: np.concatenate([part[i] for part in parts]) for i, output in enumerate(names)}


def largest_difference(one: Mapping[str, Array], other: Mapping[str, Array]) -> float:
    """Return the largest absolute difference over all outputs of two runs on the same input."""
    return max(float(np.abs(one[name].astype(np.float64) - other[name]).max()) for name in one)


def milliseconds(paths: Sequence[Path], feeds: Mapping[str, Array], repeats: int = 30, threads: int = 1) -> list[float]:
    """Return the median time of one run of each file in milliseconds.

    The files take turns, so that load affects all alike.
    """
    sessions = [_session(path, threads) for path in paths]
    for session in sessions:
        session.run(None, dict(feeds))
    times: list[list[float]] = [[] for _ in paths]
    for _ in range(repeats):
        for place, session in enumerate(sessions):
            start = time.perf_counter()
            session.run(None, dict(feeds))
            times[place].append((time.perf_counter() - start) * 1e3)
    return [statistics.median(row) for row in times]


def to_half(source: Path, target: Path) -> None:
    """Write a model whose weights and arithmetic are 16-bit floats; inputs and outputs stay 32-bit.

    Raises:
        UserError: The converter is not installed.
    """
    try:
        import onnx
        from onnxruntime.transformers.float16 import convert_float_to_float16
        from onnxruntime.transformers.onnx_model import OnnxModel
    except ImportError as error:
        raise UserError(
            "The tools for FP16 are not installed.", "Install the program with the extra `train`."
        ) from error
    half = convert_float_to_float16(onnx.load(str(source)), keep_io_types=True)
    # The converter puts its casts last, and a larger graph that takes this one in wants them in order.
    OnnxModel(half).topological_sort()
    partial = target.with_suffix(".partial.onnx")
    onnx.save(half, str(partial))
    os.replace(partial, target)


def to_int8(source: Path, target: Path, name: str, calibration: Array, batch: int = 32) -> None:
    """Write a statically quantised model (QDQ, unsigned 8-bit activations, signed 7-bit weights per channel).

    Unsigned times signed is what VNNI instructions multiply, two to three times faster than FP32. Processors without
    VNNI add pairs of such products in 16 bits and clip them; weights of seven bits cannot reach that limit, so the file
    gives the same everywhere. The nodes that decide where GridSample looks stay in floating point, because half a pixel
    matters there.

    Args:
        source: The FP32 model.
        target: The file for the INT8 model.
        name: Name of the input.
        calibration: Rows that stand for real input, N×….
        batch: Rows in each calibration step.

    Raises:
        UserError: The quantisation tools are not installed.
    """
    try:
        import onnx
        from onnxruntime import quantization as tools
        from onnxruntime.quantization.shape_inference import quant_pre_process
    except ImportError as error:
        raise UserError(
            "The tools for INT8 are not installed.", "Install the program with the extra `train`."
        ) from error

    class Reader(tools.CalibrationDataReader):  # type: ignore[misc]
        """Feeds the calibration rows batch by batch."""

        def __init__(self) -> None:
            self._parts: Iterator[Array] = (calibration[at : at + batch] for at in range(0, len(calibration), batch))

        def get_next(self) -> dict[str, Array] | None:
            part = next(self._parts, None)
            return None if part is None else {name: part}

    prepared = target.with_suffix(".prepared.onnx")
    partial = target.with_suffix(".partial.onnx")
    try:
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        kept = ancestors(onnx.load(str(prepared)), "GridSample")
        tools.quantize_static(
            str(prepared),
            str(partial),
            Reader(),
            quant_format=tools.QuantFormat.QDQ,
            activation_type=tools.QuantType.QUInt8,
            weight_type=tools.QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["Conv", "Add", "Relu", "AveragePool"],
            nodes_to_exclude=kept,
            calibrate_method=tools.CalibrationMethod.MinMax,
        )
        os.replace(partial, target)
    finally:
        prepared.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)


def ancestors(model: Any, op_type: str) -> list[str]:
    """Return the names of the nodes that a node of the given type depends on, in the order of the graph.

    Args:
        model: A loaded `onnx.ModelProto`.
        op_type: For instance "GridSample".
    """
    maker = {output: node for node in model.graph.node for output in node.output}
    waiting = [node for node in model.graph.node if node.op_type == op_type]
    found: set[str] = set()
    while waiting:
        for source in waiting.pop().input:
            node = maker.get(source)
            if node is not None and node.name not in found:
                found.add(node.name)
                waiting.append(node)
    return [node.name for node in model.graph.node if node.name in found]


def _session(path: Path, threads: int) -> Any:
    from app.inference.runtime import ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
