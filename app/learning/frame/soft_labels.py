"""Soft labels of the training images from checkpoints or from a frame model's file, from which a student is distilled.

`python -m app.learning.frame.soft_labels --checkpoint A --checkpoint B --data DIR --out soft.npz`, or `--model
models_onnx/affectograph_face/model.onnx` instead of checkpoints.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from app.files import replacing
from app.inference.quantise import run_batches
from app.learning.frame.data import load_train
from app.learning.frame.evaluate import mean_logits, predict, softmax
from app.learning.frame.localise import VIEW, load_localiser, maps_of, zoomed
from app.learning.frame.networks import load_net
from app.learning.process import program


def soft_labels(
    checkpoints: Sequence[Path], images: npt.NDArray[np.uint8], localiser: Path | None = None, side: int = 48
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the mean probabilities of the networks, each averaged over the face and its mirror image.

    Args:
        checkpoints: Training checkpoints.
        images: N×48×48.
        localiser: Checkpoint of the network that aligns the faces.
        side: Side in pixels of the faces that the networks read, as at the end of their training.

    Returns:
        N×8 over FERPLUS and N×7 over FER.
    """
    maps = zoomed(maps_of(load_localiser(localiser), images), VIEW) if localiser else None
    pairs = [predict(load_net(path), images, flip=True, side=side, maps=maps) for path in checkpoints]
    return mean_logits([(softmax(expression), softmax(fer)) for expression, fer in pairs])


def _label(given: argparse.Namespace) -> None:
    torch.set_num_threads(given.threads)
    images = load_train(given.data).images
    if given.model is not None:
        said = run_batches(given.model, "face", images[:, None].astype(np.float32), threads=given.threads)
        expression, fer = said["expression"], said["fer"]
    else:
        expression, fer = soft_labels(given.checkpoint, images, given.localiser, given.side)
    with replacing(given.out) as temporary, temporary.open("wb") as file:
        np.savez(file, expression=expression, fer=fer)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.soft_labels", "Write soft labels of the training images.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, action="append", help="may be given more than once")
    source.add_argument("--model", type=Path, help="ONNX file of a frame model that gives expression and fer")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--localiser", type=Path)
    parser.add_argument(
        "--side", type=int, default=48, help="side of the faces, as at the end of the training (default: 48)"
    )
    parser.add_argument("--threads", type=int, default=2)
    return program.run(parser, _label, argv)


if __name__ == "__main__":
    sys.exit(main())
