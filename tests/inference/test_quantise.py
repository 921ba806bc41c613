"""The small files: what INT8 keeps, and that its products fit the 16 bits that older processors add them in."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from app.inference.quantise import run_file, to_half, to_int8
from tests.inference.models import save


def convolution(path):
    weights = np.random.default_rng(2).normal(0, 1, (6, 1, 3, 3)).astype(np.float32)
    return save(
        path,
        [
            helper.make_node("Conv", ["face", "weights"], ["wide"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["wide"], ["maps"]),
        ],
        [("face", TensorProto.FLOAT, ["N", 1, 8, 8])],
        [("maps", TensorProto.FLOAT, ["N", 6, 8, 8])],
        [("weights", weights)],
    )


def faces(n):
    return np.random.default_rng(3).uniform(0, 255, (n, 1, 8, 8)).astype(np.float32)


def test_int8_stays_close_and_its_pairs_of_products_fit_16_bits(tmp_path):
    whole, small = convolution(tmp_path / "whole.onnx"), tmp_path / "small.onnx"
    to_int8(whole, small, "face", faces(32))
    one, other = (run_file(path, {"face": faces(4)})["maps"] for path in (whole, small))
    assert np.abs(one - other).max() < 0.03 * np.abs(one).max()
    stored = [numpy_helper.to_array(t) for t in onnx.load(small).graph.initializer if t.data_type == TensorProto.INT8]
    weights = np.concatenate([values.ravel() for values in stored]).astype(int)
    # Two neighbouring products of an unsigned activation and a weight are added in a signed 16-bit number.
    assert 2 * 255 * np.abs(weights).max() <= np.iinfo(np.int16).max
    assert np.abs(weights).max() >= 60
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.onnx", "whole.onnx"]


def test_half_precision_takes_and_gives_whole_floats(tmp_path):
    whole, half = convolution(tmp_path / "whole.onnx"), tmp_path / "half.onnx"
    to_half(whole, half)
    onnx.checker.check_model(onnx.load(str(half)))  # its nodes are in order, so that a larger graph can take it in
    one, other = (run_file(path, {"face": faces(4)})["maps"] for path in (whole, half))
    assert other.dtype == np.float32
    np.testing.assert_allclose(one, other, atol=0.01 * np.abs(one).max())
    assert {t.data_type for t in onnx.load(half).graph.initializer} == {TensorProto.FLOAT16}
