"""Writes SqueezeNet's features as an ONNX model: `python -m app.learning.frame.squeezenet --weights FILE --out DIR`.

Sun et al. 2018, section IV-B, read the surroundings of a face with SqueezeNet, trained on ImageNet. Its weights are not
shipped. Given a local file of them, such as torchvision's `squeezenet1_1`, this program writes `model.onnx` and
`card.toml` into the folder, which `affectograph models add DIR/model.onnx --card DIR/card.toml` installs; the stream
`context:squeezenet` reads it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import onnx
import torch
from onnx import helper
from torch import Tensor, nn

from app.domain.training_events import EXPORTED
from app.files import replacing, sha256_of
from app.inference.cards import write_card
from app.learning.blocks.onnx_graph import VERSIONS, Graph, tensor
from app.learning.blocks.onnx_layers import chain
from app.learning.blocks.weights import take_weights
from app.learning.process import program

SIDE: Final = 224
FIRES: Final = (
    (16, 64), (16, 64), None, (32, 128), (32, 128), None, (48, 192), (48, 192), (64, 256), (64, 256),
)  # fmt: skip
"""Channels of the squeezing convolution and of each of the two that expand, of fire2 to fire9; None halves the map."""
FEATURES: Final = 512


class Fire(nn.Module):
    """A squeezing 1×1 convolution, and 1×1 and 3×3 convolutions of its output side by side."""

    def __init__(self, inside: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inside, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×2·expanded×H×W."""
        x = torch.relu(self.squeeze(x))
        return torch.relu(torch.cat([self.expand1x1(x), self.expand3x3(x)], dim=1))

    def nodes(self, graph: Graph, x: str) -> str:
        """Add the same to a graph."""
        x = graph.one("Relu", chain(graph, self.squeeze, x))
        both = graph.one("Concat", chain(graph, self.expand1x1, x), chain(graph, self.expand3x3, x), axis=1)
        return graph.one("Relu", both)


class SqueezeNetFeatures(nn.Module):
    """SqueezeNet 1.1 up to fire9 (Iandola et al. 2016), and the mean over the picture: 512 values.

    Args:
        maps: Whether the values are the map in 7×7 parts, 25,088 values, instead of its mean.
    """

    def __init__(self, *, maps: bool = False) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, 64, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2)]
        inside = 64
        for fire in FIRES:
            if fire is None:
                layers.append(nn.MaxPool2d(3, 2))
            else:
                layers.append(Fire(inside, *fire))
                inside = 2 * fire[1]
        self.layers = nn.ModuleList(layers)
        self.maps = maps
        self.pool: nn.Module = nn.AvgPool2d(3, 2, 1) if maps else nn.AdaptiveAvgPool2d(1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map N×3×224×224 to N×512, or to N×25088."""
        x = pictures
        for layer in self.layers:
            x = layer(x)
        result: Tensor = self.pool(x).flatten(1)
        return result

    def model(self) -> onnx.ModelProto:
        """Return the ONNX model with the input `picture` and the output `embedding`."""
        graph = Graph()
        x = "picture"
        for layer in self.layers:
            x = layer.nodes(graph, x) if isinstance(layer, Fire) else chain(graph, layer, x)
        if self.maps:
            more: dict[str, Any] = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1] * 4}
            x = graph.one("AveragePool", x, count_include_pad=1, **more)
        else:
            x = graph.one("GlobalAveragePool", x)
        graph.one("Flatten", x, axis=1, to="embedding")
        size = FEATURES * (49 if self.maps else 1)
        made = helper.make_graph(
            graph.nodes,
            "squeezenet",
            [tensor("picture", "N", 3, SIDE, SIDE)],
            [tensor("embedding", "N", size)],
            graph.constants,
        )
        model = helper.make_model(made, **VERSIONS)
        onnx.checker.check_model(model)
        return model


def write(weights: Path, out: Path, *, maps: bool) -> Path:
    """Write the model and its card.

    Args:
        weights: File that `torch.save` wrote from a state_dict of SqueezeNet 1.1.
        out: Folder for both.
        maps: Whether the map in 7×7 parts is written.

    Returns:
        The file of the model.

    Raises:
        UserError: The weights cannot be read or are those of another network, or the folder cannot be written.
    """
    network = SqueezeNetFeatures(maps=maps).eval()
    take_weights(network, weights)
    out.mkdir(parents=True, exist_ok=True)
    file = out / "model.onnx"
    with replacing(file) as temporary:
        onnx.save(network.model(), str(temporary))
    shape = ["N", FEATURES * (49 if maps else 1)]
    picture = {
        "name": "picture", "dtype": "float32", "shape": ["N", 3, SIDE, SIDE], "size": SIDE, "colour": "rgb",
        "alignment": "box", "range": [0.0, 1.0], "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225],
    }  # fmt: skip
    table: dict[str, Any] = {
        "name": "squeezenet_map" if maps else "squeezenet",
        "title": "SqueezeNet 1.1, features",
        "version": "1",
        "kind": "face_frame",
        "licence": "that of the weights",
        "summary": "Features of whole pictures for the stream context:squeezenet (Sun et al. 2018, IV-B).",
        "weaknesses": ["It was trained on objects of ImageNet and recognises nothing about faces by itself."],
        "file": {"path": file.name, "sha256": sha256_of(file), "bytes": file.stat().st_size},
        "input": {"face": picture},
        "output": {"embedding": {"name": "embedding", "dtype": "float32", "shape": shape}},
        "origin": {"weights": weights.name, "weights_sha256": sha256_of(weights)},
    }
    write_card(out, table)
    return file


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, write the files, and return the exit status."""
    parser = program.arguments("app.learning.frame.squeezenet", "Write SqueezeNet's features as an ONNX model.")
    parser.add_argument("--weights", type=Path, required=True, help="a file of torch.save, such as squeezenet1_1-….pth")
    parser.add_argument("--out", type=Path, required=True, help="folder for model.onnx and card.toml")
    parser.add_argument("--maps", action="store_true", help="the map in 7×7 parts instead of its mean")

    def work(args: argparse.Namespace) -> None:
        program.tell(EXPORTED, file=str(write(args.weights, args.out, maps=args.maps)))

    return program.run(parser, work, argv)


if __name__ == "__main__":
    sys.exit(main())
