"""Writes the features of a frame network as an ONNX model, which the stream `face:NAME` reads.

    python -m app.learning.frame.face_features --recipe vgg_fc6 --weights FILE --out DIR
    python -m app.learning.frame.face_features --recipe vgg_fc6 --run RUN --out DIR

The first takes the weights of a local file, such as VGG-Face, in the sizes of the paper (Xu et al. 2017); the second
takes those that a training of the recipe learned on the project's faces. `model.onnx` and `card.toml` in the folder are
installed by `affectograph models add DIR/model.onnx --card DIR/card.toml`. The model's name holds the first digits of
its weights' hash, so that features of other weights never pass for these.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import helper
from torch import nn

from app.domain.recipes import find_recipe
from app.domain.training_events import BEST, EXPORTED, RESULT
from app.errors import UserError
from app.files import replacing, sha256_of
from app.inference.cards import write_card
from app.inference.geometry import CropGeometry
from app.learning.blocks.onnx_graph import VERSIONS, Graph, tensor
from app.learning.blocks.onnx_layers import chain
from app.learning.blocks.pictures import SCALES
from app.learning.clip.base.member import Values
from app.learning.clip.members.frame_features import resnet10_trunk, vgg_trunk
from app.learning.process import checkpoint, program

TRUNKS: Final = {"vgg_fc6": vgg_trunk, "resnet10_fc1": resnet10_trunk}
_LEAD: Final = "body.trunk."


def _of_run(recipe: str, run: Path) -> tuple[nn.Sequential, int, Values]:
    """Return the trunk that a finished training learned, its number of features, and the recipe's values."""
    try:
        result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{run} does not hold a finished run.", "Let the training end.") from error
    if result["recipe"] != recipe:
        raise UserError(f"{run} is a run of {result['recipe']}, not of {recipe}.", "Name the recipe of the run.")
    values = find_recipe(recipe).values({k: v for k, v in result["values"].items() if k != "weights"})
    trunk, size = TRUNKS[recipe](values, "")
    state = checkpoint.read(run / BEST)
    trunk.load_state_dict({k.removeprefix(_LEAD): v for k, v in state.items() if k.startswith(_LEAD)})
    return trunk, size, values


def _crop(values: Values, stream: int) -> dict[str, Any]:
    """Return the place of the face in a crop as training cut it: `crop` pixels out of pictures of `stream` pixels."""
    plain, crop = CropGeometry(), int(values["crop"])
    share = crop / stream if 0 < crop < stream else 1.0
    return {
        "size": int(values["side"]),
        "colour": "rgb",
        "alignment": "eyes",
        "scale": plain.scale / share,
        "eye_y": (plain.eye_y - (1 - share) / 2) / share,
    }


def write(recipe: str, out: Path, *, weights: Path | None = None, run: Path | None = None, stream: int = 0) -> Path:
    """Write the model and its card.

    Args:
        recipe: "vgg_fc6" or "resnet10_fc1".
        out: Folder for both.
        weights: File that `torch.save` wrote from a state_dict.
        run: Folder of a finished training of the recipe; exactly one of both is given.
        stream: Side of the pictures that the run read, if it cut crops out of them.

    Returns:
        The file of the model.

    Raises:
        UserError: The weights or the run cannot be used, or the folder cannot be written.
    """
    if (weights is None) == (run is None):
        raise UserError("Either weights or a run are needed.", "Give --weights FILE or --run DIR.")
    scale = "levels"
    if run is not None:
        trunk, size, values = _of_run(recipe, run)
    else:
        values = find_recipe(recipe).values()
        trunk, size = TRUNKS[recipe](values, str(weights))
        scale = "vgg_face" if recipe == "vgg_fc6" else "levels"
    trunk.eval()
    digits = _hash(trunk)[:8]
    side = int(values["side"])
    out.mkdir(parents=True, exist_ok=True)
    file = out / "model.onnx"
    with replacing(file) as temporary:
        onnx.save(_model(trunk, side, size), str(temporary))
    mean, spread = ([float(v) / 255 for v in part] for part in SCALES[scale])
    face = {
        "name": "face", "dtype": "float32", "shape": ["N", 3, side, side], "range": [0.0, 1.0], "mean": mean,
        "std": spread, **_crop(values, stream or side),
    }  # fmt: skip
    table: dict[str, Any] = {
        "name": f"{recipe}_{digits}",
        "title": f"{find_recipe(recipe).title}, features ({digits})",
        "version": "1",
        "kind": "face_frame",
        "licence": "that of the weights" if weights is not None else "the project's own",
        "summary": "Features of faces for the stream face:NAME (Xu et al. 2017, II-B).",
        "weaknesses": ["It names no classes: a recipe has to learn from its features."],
        "file": {"path": file.name, "sha256": sha256_of(file), "bytes": file.stat().st_size},
        "input": {"face": face},
        "output": {"embedding": {"name": "embedding", "dtype": "float32", "shape": ["N", size]}},
        "origin": {"weights": (weights or run or out).name},
    }
    write_card(out, table)
    return file


def _hash(trunk: nn.Module) -> str:
    found = hashlib.sha256()
    for value in trunk.state_dict().values():
        found.update(np.ascontiguousarray(value.cpu().numpy()).tobytes())
    return found.hexdigest()


def _model(trunk: nn.Sequential, side: int, size: int) -> onnx.ModelProto:
    graph = Graph()
    graph.one("Relu", chain(graph, trunk, "face"), to="embedding")
    inputs, outputs = [tensor("face", "N", 3, side, side)], [tensor("embedding", "N", size)]
    model = helper.make_model(helper.make_graph(graph.nodes, "features", inputs, outputs, graph.constants), **VERSIONS)
    onnx.checker.check_model(model)
    return model


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, write the files, and return the exit status."""
    parser = program.arguments("app.learning.frame.face_features", "Write a frame network's features as an ONNX model.")
    parser.add_argument("--recipe", choices=sorted(TRUNKS), required=True)
    parser.add_argument("--weights", type=Path, help="a file of torch.save with the network's weights")
    parser.add_argument("--run", type=Path, help="folder of a finished training of the recipe")
    parser.add_argument("--stream", type=int, default=0, help="side of the pictures that the run read, if it cut crops")
    parser.add_argument("--out", type=Path, required=True, help="folder for model.onnx and card.toml")

    def work(args: argparse.Namespace) -> None:
        torch.set_num_threads(1)
        file = write(args.recipe, args.out, weights=args.weights, run=args.run, stream=args.stream)
        program.tell(EXPORTED, file=str(file))

    return program.run(parser, work, argv)


if __name__ == "__main__":
    sys.exit(main())
