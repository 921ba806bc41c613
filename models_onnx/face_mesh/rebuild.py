"""Builds the networks of face_mesh and iris from MediaPipe's files, and their cards.

The two TensorFlow Lite files lie in the Python package mediapipe 0.10.14 (Apache-2.0). They need nothing but standard
operators, which this script writes down as ONNX one by one, without change of a weight: 16-bit weights stay 16-bit and
are widened when the network is loaded. Only PReLU is written otherwise, as `a x + (1 - a) max(x, 0)` by two
convolutions of single channels: on a CPU, ONNX Runtime's own PRelu takes longer than all convolutions together, and
every tensor is rearranged for it. Run in the clone:

    pip download --no-deps --only-binary=:all: -d WHEELS mediapipe==0.10.14
    pip install tflite==2.18.0 onnx
    python models_onnx/face_mesh/rebuild.py --wheel WHEELS/mediapipe-….whl           # writes both networks and cards
    python models_onnx/face_mesh/rebuild.py --wheel WHEELS/mediapipe-….whl --check   # builds in memory and compares

`--folder FOLDER` instead of `--wheel` names a folder with face_landmark.tflite and iris_landmark.tflite.
"""

import argparse
import hashlib
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tflite
import tomli_w
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MODELS = Path(__file__).resolve().parent.parent
OPSET = 17
IR_VERSION = 8
SOURCES = {
    "face_landmark": "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    "iris_landmark": "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
}
"""SHA-256 of each source file."""

DTYPES = {tflite.TensorType.FLOAT32: "<f4", tflite.TensorType.FLOAT16: "<f2", tflite.TensorType.INT32: "<i4"}
NHWC_AXES = (0, 2, 3, 1)
"""Where each axis of TensorFlow's order lies in ONNX's order."""


class Converter:
    """Writes the operators of one TensorFlow Lite file down as ONNX nodes.

    TensorFlow orders the axes of pictures as batch, height, width, channels; the ONNX graph orders them as batch,
    channels, height, width.
    """

    def __init__(self, data: bytes) -> None:
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.graph = self.model.Subgraphs(0)
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.names: dict[int, str] = {}
        self.halves: dict[int, int] = {}
        self.codes = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}

    def shape(self, tensor: int) -> list[int]:
        """Sizes of a tensor, in TensorFlow's order."""
        return [int(size) for size in self.graph.Tensors(tensor).ShapeAsNumpy()]

    def constant(self, tensor: int) -> NDArray[Any]:
        """The numbers of a stored tensor; of a widened one those that were stored."""
        entry = self.graph.Tensors(self.halves.get(tensor, tensor))
        raw = self.model.Buffers(entry.Buffer()).DataAsNumpy()
        return np.frombuffer(raw.tobytes(), DTYPES[entry.Type()]).reshape(self.shape(tensor))

    def weight(self, tensor: int, arrange: Callable[[NDArray[Any]], NDArray[Any]] = np.asarray) -> str:
        """Stores a tensor's numbers and returns the name under which a node reads them as 32-bit floats."""
        name = f"w{tensor}"
        array = np.ascontiguousarray(arrange(self.constant(tensor)))
        self.initializers.append(numpy_helper.from_array(array, name))
        if array.dtype != np.float16:
            return name
        self.nodes.append(helper.make_node("Cast", [name], [f"{name}.wide"], to=TensorProto.FLOAT, name=f"{name}.wide"))
        return f"{name}.wide"

    def add(self, op: str, inputs: list[str], output: int, **attributes: Any) -> None:
        """Adds a node whose only output is a tensor of the file."""
        name = self.names[output] = f"t{output}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))

    def convert(self, inputs: dict[str, int], outputs: dict[str, tuple[str, list[int]]], name: str) -> onnx.ModelProto:
        """Converts the whole file.

        Args:
            inputs: The name of the only input and the side of its square picture.
            outputs: By name the tensor's name in the file and the sizes that follow the batch.
            name: Name of the graph.
        """
        ((image, side),) = inputs.items()
        self.names[self.graph.Inputs(0)] = image
        for index in range(self.graph.OperatorsLength()):
            op = self.graph.Operators(index)
            kind = self.codes[self.model.OperatorCodes(op.OpcodeIndex()).BuiltinCode()]
            getattr(self, f"_{kind.lower()}")(op, [int(i) for i in op.InputsAsNumpy()], int(op.Outputs(0)))
        values = []
        for output, (stored, sizes) in outputs.items():
            (tensor,) = (i for i in self.names if self.graph.Tensors(i).Name().decode() == stored)
            self.initializers.append(numpy_helper.from_array(np.array([0, *sizes], np.int64), f"{output}.shape"))
            self.nodes.append(helper.make_node("Reshape", [self.names[tensor], f"{output}.shape"], [output]))
            values.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", *sizes]))
        value = helper.make_tensor_value_info(image, TensorProto.FLOAT, ["batch", 3, side, side])
        model = helper.make_model(
            helper.make_graph(self.nodes, name, [value], values, self.initializers),
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="affectograph models_onnx/face_mesh/rebuild.py",
        )
        onnx.checker.check_model(model, full_check=True)
        return model

    def _options(self, op: Any, kind: Any) -> Any:
        options, table = kind(), op.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        if options.FusedActivationFunction() != tflite.ActivationFunctionType.NONE:
            raise ValueError("a fused activation is not expected in these files")
        return options

    def _window(self, options: Any, kernel: list[int], source: int, output: int) -> dict[str, list[int]]:
        """Attributes of a window; with padding `same`, TensorFlow adds the odd row or column after the picture."""
        strides = [options.StrideH(), options.StrideW()]
        before, after = [0, 0], [0, 0]
        if options.Padding() == tflite.Padding.SAME:
            for axis in (0, 1):
                size, result = self.shape(source)[1 + axis], self.shape(output)[1 + axis]
                missing = max(0, (result - 1) * strides[axis] + kernel[axis] - size)
                before[axis], after[axis] = missing // 2, missing - missing // 2
        return {"kernel_shape": kernel, "strides": strides, "pads": before + after}

    def _conv_2d(self, op: Any, inputs: list[int], output: int) -> None:
        options = self._options(op, tflite.Conv2DOptions)
        kernel = self.weight(inputs[1], lambda w: w.transpose(0, 3, 1, 2))
        window = self._window(options, self.shape(inputs[1])[1:3], inputs[0], output)
        self.add("Conv", [self.names[inputs[0]], kernel, self.weight(inputs[2])], output, **window)

    def _depthwise_conv_2d(self, op: Any, inputs: list[int], output: int) -> None:
        options = self._options(op, tflite.DepthwiseConv2DOptions)
        kernel = self.weight(inputs[1], lambda w: w.transpose(3, 0, 1, 2))
        window = self._window(options, self.shape(inputs[1])[1:3], inputs[0], output)
        channels = self.shape(inputs[0])[3]
        self.add("Conv", [self.names[inputs[0]], kernel, self.weight(inputs[2])], output, group=channels, **window)

    def _max_pool_2d(self, op: Any, inputs: list[int], output: int) -> None:
        options = self._options(op, tflite.Pool2DOptions)
        window = self._window(options, [options.FilterHeight(), options.FilterWidth()], inputs[0], output)
        self.add("MaxPool", [self.names[inputs[0]]], output, **window)

    def _prelu(self, _op: Any, inputs: list[int], output: int) -> None:
        slope = self.constant(inputs[1]).astype(np.float32).reshape(-1, 1, 1, 1)
        values, group = self.names[inputs[0]], len(slope)
        self.nodes.append(helper.make_node("Relu", [values], [f"t{output}.above"], name=f"t{output}.above"))
        for part, source, weight in (("all", values, slope), ("more", f"t{output}.above", 1 - slope)):
            name = f"t{output}.{part}"
            self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(weight), f"w{output}.{part}"))
            one = helper.make_node(
                "Conv", [source, f"w{output}.{part}"], [name], name, group=group, kernel_shape=[1, 1]
            )
            self.nodes.append(one)
        self.add("Add", [f"t{output}.all", f"t{output}.more"], output)

    def _add(self, op: Any, inputs: list[int], output: int) -> None:
        self._options(op, tflite.AddOptions)
        self.add("Add", [self.names[i] for i in inputs], output)

    def _pad(self, _op: Any, inputs: list[int], output: int) -> None:
        pads = np.zeros((4, 2), np.int64)
        pads[list(NHWC_AXES)] = self.constant(inputs[1])
        name = f"w{output}.pads"
        self.initializers.append(numpy_helper.from_array(pads.T.ravel().copy(), name))
        self.add("Pad", [self.names[inputs[0]], name], output)

    def _dequantize(self, _op: Any, inputs: list[int], output: int) -> None:
        self.halves[output] = inputs[0]

    def _reshape(self, _op: Any, inputs: list[int], output: int) -> None:
        # From batch, 1, 1, channels to batch, channels; the outputs get their own shape.
        self.names[output] = self.names[inputs[0]]


def build(sources: dict[str, bytes]) -> dict[str, bytes]:
    """The two ONNX files by the name of their folder."""
    face = Converter(sources["face_landmark"]).convert(
        {"image": 192}, {"points": ("conv2d_21", [468, 3]), "presence": ("conv2d_31", [1])}, "face_mesh"
    )
    iris = Converter(sources["iris_landmark"]).convert(
        {"image": 64},
        {"contour": ("output_eyes_contours_and_brows", [71, 3]), "iris": ("output_iris", [5, 3])},
        "iris",
    )
    return {"face_mesh": face.SerializeToString(deterministic=True), "iris": iris.SerializeToString(deterministic=True)}


def cards(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """The table of each card."""

    def common(name: str, source: str) -> dict[str, Any]:
        data = files[name]
        return {
            "name": name,
            "version": "0.10.14",
            "licence": "Apache-2.0",
            "source": f"{source}.tflite of the Python package mediapipe 0.10.14 (The MediaPipe Authors), SHA-256 "
            f"{SOURCES[source]}, converted by models_onnx/face_mesh/rebuild.py.",
            "file": {"path": "model.onnx", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)},
        }

    def image(side: int, crop: str) -> dict[str, Any]:
        return {
            "name": "image",
            "shape": ["batch", 3, side, side],
            "dtype": "float32",
            "warm_up": [1, 3, side, side],
            "colour": "RGB",
            "range": [0.0, 1.0],
            "preprocessing": "pixel / 255",
            "crop": crop,
        }

    def output(name: str, shape: list[int], meaning: str) -> dict[str, Any]:
        return {"name": name, "shape": ["batch", *shape], "dtype": "float32", "meaning": meaning}

    pixels = "x, y in pixels of the crop (its edges are 0 and the side), z in the same unit, smaller towards the camera"
    face = {
        **common("face_mesh", "face_landmark"),
        "title": "MediaPipe face mesh",
        "kind": "landmarks",
        "summary": "Finds 468 points of a face in three dimensions, and says whether there is a face.",
        "paper": "Kartynnik, Ablavatski, Grishchenko and Grundmann 2019, Real-time facial surface geometry from "
        "monocular video on mobile GPUs, arXiv:1907.06724",
        "weaknesses": [
            "Depth is learned, not measured; it is relative to the middle of the head and of unknown scale.",
            "Points of the hidden side of a face that is turned by more than some 60 degrees are guesses.",
            "The jaw's points lie on the outline of the face as it is seen, not on fixed places of the skin.",
            "Not measured here: accuracy by skin tone and age. The authors' own model card reports it by region.",
        ],
        "input": {"image": image(192, "square around all points, 1.5 times their longer side, eyes level")},
        "output": {
            "points": output("points", [468, 3], pixels),
            "presence": output("presence", [1], "logit of the probability that the crop shows a face"),
        },
    }
    iris = {
        **common("iris", "iris_landmark"),
        "title": "MediaPipe iris",
        "kind": "landmarks",
        "summary": "Finds 5 points of the iris and 71 points around the eye and on the brow.",
        "paper": "Ablavatski, Vakunov, Grishchenko, Raveendran and Zhdanovich 2020, Real-time pupil tracking from "
        "monocular video for digital puppetry, arXiv:2006.11341",
        "weaknesses": [
            "It always answers: of a closed eye the iris is a guess.",
            "Below some 20 pixels from corner to corner of the eye its points are unsteady.",
        ],
        "input": {"image": image(64, "square around both corners of the eye, 2.3 times as wide as they are apart")},
        "output": {
            "contour": output("contour", [71, 3], pixels),
            "iris": output("iris", [5, 3], f"centre and four points of its edge; {pixels}"),
        },
    }
    return {"face_mesh": face, "iris": iris}


def read_sources(wheel: Path | None, folder: Path | None) -> dict[str, bytes]:
    """The source files, checked by their SHA-256."""
    found = {}
    for name, digest in SOURCES.items():
        if wheel is not None:
            with zipfile.ZipFile(wheel) as archive:
                data = archive.read(f"mediapipe/modules/{name}/{name}.tflite")
        elif folder is not None:
            data = (folder / f"{name}.tflite").read_bytes()
        else:
            raise SystemExit("name the wheel with --wheel, or the folder of its files with --folder")
        if hashlib.sha256(data).hexdigest() != digest:
            raise SystemExit(f"{name}.tflite is not the file of mediapipe 0.10.14")
        found[name] = data
    return found


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="the wheel of mediapipe 0.10.14")
    parser.add_argument("--folder", type=Path, help="a folder with the two .tflite files")
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    args = parser.parse_args()
    files = build(read_sources(args.wheel, args.folder))
    if args.check:
        wrong = [name for name, data in files.items() if (MODELS / name / "model.onnx").read_bytes() != data]
        print(f"differ: {', '.join(wrong)}" if wrong else "both files are what this script builds")
        return 1 if wrong else 0
    for name, table in cards(files).items():
        (MODELS / name / "model.onnx").write_bytes(files[name])
        (MODELS / name / "card.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
        print(f"{name}/model.onnx {len(files[name])} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
