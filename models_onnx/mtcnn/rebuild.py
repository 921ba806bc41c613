"""Builds pnet.onnx, rnet.onnx and onet.onnx from the weights in the `mtcnn` package, and their card.

The package imports TensorFlow on import; its weights are plain lists of numpy arrays in Keras order and are read here
without importing it. Needs: `pip install --no-deps mtcnn==1.0.0` and `pip install lz4 joblib onnx`. Run in the clone:

    python models_onnx/mtcnn/rebuild.py            # writes the three networks and card.toml beside this file
    python models_onnx/mtcnn/rebuild.py --check    # builds in memory and compares with the files
"""

import argparse
import hashlib
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnx
import tomli_w
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
OPSET = 17
IR_VERSION = 8
Array = NDArray[np.float32]


@dataclass
class Graph:
    """Collects nodes and weights in the order of the Keras layers.

    Attributes:
        weights: The package's arrays, taken from the front as layers are added.
        nodes: ONNX nodes so far.
        initializers: ONNX weights so far.
        last: Name of the tensor the next layer reads.
    """

    weights: list[Array]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    initializers: list[onnx.TensorProto] = field(default_factory=list)
    last: str = "image"

    def _add(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def _weight(self, name: str, array: Array) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def conv(self, name: str, source: str | None = None) -> str:
        """A valid convolution, stride one; Keras' H×W×I×O kernel becomes O×I×H×W."""
        kernel, bias = self.weights.pop(0), self.weights.pop(0)
        inputs = [
            source or self.last,
            self._weight(f"{name}.weight", kernel.transpose(3, 2, 0, 1)),
            self._weight(f"{name}.bias", bias),
        ]
        return self._add("Conv", inputs, name, kernel_shape=list(kernel.shape[:2]))

    def conv_prelu(self, name: str) -> None:
        """A convolution and a PReLU with one slope a channel."""
        output = self.conv(name)
        slope = self.weights.pop(0).reshape(-1, 1, 1)
        self.last = self._add("PRelu", [output, self._weight(f"{name}.slope", slope)], f"{name}.prelu")

    def pool(self, name: str, size: int, ceil: bool) -> None:
        """Maximum pooling, stride two; Keras' `same` equals ceiling mode for these sizes."""
        self.last = self._add(
            "MaxPool", [self.last], name, kernel_shape=[size, size], strides=[2, 2], ceil_mode=int(ceil)
        )

    def flatten(self) -> None:
        """Rows of W, H, C order, as the dense layers were trained (the package permutes before it flattens)."""
        turned = self._add("Transpose", [self.last], "turned", perm=[0, 3, 2, 1])
        self.last = self._add("Flatten", [turned], "flat", axis=1)

    def dense(self, name: str) -> str:
        """A dense layer on the last tensor."""
        kernel, bias = self.weights.pop(0), self.weights.pop(0)
        inputs = [self.last, self._weight(f"{name}.weight", kernel), self._weight(f"{name}.bias", bias)]
        return self._add("Gemm", inputs, name)

    def dense_prelu(self, name: str) -> None:
        """A dense layer and a PReLU with one slope a unit."""
        output = self.dense(name)
        self.last = self._add("PRelu", [output, self._weight(f"{name}.slope", self.weights.pop(0))], f"{name}.prelu")

    def softmax(self, source: str) -> None:
        """Probabilities over axis one under the name `scores`."""
        self._add("Softmax", [source], "scores", axis=1)

    def model(self, name: str, input_shape: list[Any], outputs: dict[str, list[Any]]) -> onnx.ModelProto:
        """Closes the graph; every weight must have been used."""
        if self.weights:
            raise ValueError(f"{len(self.weights)} arrays of {name} were not used")
        values = [helper.make_tensor_value_info(k, TensorProto.FLOAT, shape) for k, shape in outputs.items()]
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, input_shape)
        graph = helper.make_graph(self.nodes, name, [image], values, self.initializers)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="affectograph models_onnx/mtcnn/rebuild.py",
        )
        onnx.checker.check_model(model, full_check=True)
        return model


def rename(graph: Graph, old: str, new: str) -> None:
    """Gives the output of a layer its public name."""
    for node in graph.nodes:
        node.output[:] = [new if value == old else value for value in node.output]


def build_pnet(weights: list[Array]) -> onnx.ModelProto:
    """Proposal network: fully convolutional, any height and width from 12."""
    g = Graph(weights)
    g.conv_prelu("conv1")
    g.pool("pool1", 2, ceil=True)
    g.conv_prelu("conv2")
    g.conv_prelu("conv3")
    rename(g, g.conv("conv4-1"), "boxes")
    g.softmax(g.conv("conv4-2"))
    return g.model(
        "pnet",
        ["batch", 3, "height", "width"],
        {"boxes": ["batch", 4, "rows", "columns"], "scores": ["batch", 2, "rows", "columns"]},
    )


def build_rnet(weights: list[Array]) -> onnx.ModelProto:
    """Refinement network on 24×24 crops."""
    g = Graph(weights)
    g.conv_prelu("conv1")
    g.pool("pool1", 3, ceil=True)
    g.conv_prelu("conv2")
    g.pool("pool2", 3, ceil=False)
    g.conv_prelu("conv3")
    g.flatten()
    g.dense_prelu("fc4")
    rename(g, g.dense("fc5-1"), "boxes")
    g.softmax(g.dense("fc5-2"))
    return g.model("rnet", ["batch", 3, 24, 24], {"boxes": ["batch", 4], "scores": ["batch", 2]})


def build_onet(weights: list[Array]) -> onnx.ModelProto:
    """Output network on 48×48 crops."""
    g = Graph(weights)
    g.conv_prelu("conv1")
    g.pool("pool1", 3, ceil=True)
    g.conv_prelu("conv2")
    g.pool("pool2", 3, ceil=False)
    g.conv_prelu("conv3")
    g.pool("pool3", 2, ceil=True)
    g.conv_prelu("conv4")
    g.flatten()
    g.dense_prelu("fc5")
    rename(g, g.dense("fc6-1"), "boxes")
    rename(g, g.dense("fc6-2"), "landmarks")
    g.softmax(g.dense("fc6-3"))
    outputs = {"boxes": ["batch", 4], "landmarks": ["batch", 10], "scores": ["batch", 2]}
    return g.model("onet", ["batch", 3, 48, 48], outputs)


BUILDERS = {"pnet": build_pnet, "rnet": build_rnet, "onet": build_onet}


def package_weights(name: str) -> list[Array]:
    """The arrays of one network in Keras order, read from the installed `mtcnn` package without importing it."""
    for entry in metadata.files("mtcnn") or []:
        if entry.name == f"{name}.lz4":
            return [np.asarray(array, np.float32) for array in joblib.load(entry.locate())]
    raise SystemExit("the mtcnn package is not installed: pip install --no-deps mtcnn==1.0.0")


def card(files: dict[str, bytes]) -> dict[str, Any]:
    """The card's table for the three files."""

    def tensor(net: str, name: str, shape: list[Any], **more: Any) -> dict[str, Any]:
        return {"file": net, "name": name, "shape": shape, "dtype": "float32", **more}

    crop = {"colour": "RGB", "range": [-1.0, 1.0], "preprocessing": "(pixel - 127.5) / 128"}
    return {
        "name": "mtcnn",
        "title": "MTCNN face detector",
        "version": "1.0.0",
        "kind": "face_detector",
        "licence": "MIT",
        "summary": "Finds faces and five landmarks in three steps: proposals, refinement, output.",
        "source": "Weights of the Python package mtcnn 1.0.0 by Iván de Paz Centeno, converted by rebuild.py.",
        "paper": "Zhang, Zhang, Li and Qiao 2016, Joint face detection and alignment using multitask cascaded "
        "convolutional networks, IEEE Signal Processing Letters 23(10)",
        "weaknesses": [
            "Profiles beyond some 60 degrees and faces covered by half are missed.",
            "Now and then a hit on something that is no face; a track is therefore born after three hits.",
            "Not measured: accuracy by skin tone and age.",
        ],
        "file": {
            net: {"path": f"{net}.onnx", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for net, data in files.items()
        },
        "input": {
            "pnet_image": tensor("pnet", "image", ["batch", 3, "height", "width"], warm_up=[1, 3, 108, 192], **crop),
            "rnet_image": tensor("rnet", "image", ["batch", 3, 24, 24], warm_up=[16, 3, 24, 24], **crop),
            "onet_image": tensor("onet", "image", ["batch", 3, 48, 48], warm_up=[1, 3, 48, 48], **crop),
        },
        "output": {
            "pnet_boxes": tensor("pnet", "boxes", ["batch", 4, "rows", "columns"]),
            "pnet_scores": tensor("pnet", "scores", ["batch", 2, "rows", "columns"]),
            "rnet_boxes": tensor("rnet", "boxes", ["batch", 4]),
            "rnet_scores": tensor("rnet", "scores", ["batch", 2]),
            "onet_boxes": tensor("onet", "boxes", ["batch", 4]),
            "onet_landmarks": tensor("onet", "landmarks", ["batch", 10]),
            "onet_scores": tensor("onet", "scores", ["batch", 2]),
        },
    }


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    args = parser.parse_args()
    files = {net: build(package_weights(net)).SerializeToString(deterministic=True) for net, build in BUILDERS.items()}
    if args.check:
        wrong = [net for net, data in files.items() if (HERE / f"{net}.onnx").read_bytes() != data]
        print(f"differ: {', '.join(wrong)}" if wrong else "all three files are what this script builds")
        return 1 if wrong else 0
    for net, data in files.items():
        (HERE / f"{net}.onnx").write_bytes(data)
        print(f"{net}.onnx {len(data)} bytes")
    (HERE / "card.toml").write_text(tomli_w.dumps(card(files)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
