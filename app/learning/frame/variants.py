"""The smaller files of a frame model: `python -m app.learning.frame.variants --model FOLDER --data DIR --version V`.

As a program, it makes the files of a model again without its checkpoints, and updates the card.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.training_events import NOTE
from app.files import sha256_of
from app.inference.cards import load_card, write_card
from app.inference.quantise import largest_difference, milliseconds, run_batches, run_file, to_half, to_int8
from app.learning.frame.data import CONTENTS, VALID, FaceSet, load, load_train
from app.learning.frame.measure import Measured, measure
from app.learning.process import program

HALF_TOLERANCE = 1e-2
MAX_LOSS_POINTS = 0.5


def make_variants(folder: Path, train: FaceSet, valid: FaceSet, whole: Measured, seed: int) -> list[dict[str, Any]]:
    """Make FP16 and INT8 files beside `model.onnx` and keep those that are worth it.

    FP16 is kept for GPUs when it agrees to 1e-2; INT8 for CPUs when it loses no more than half a point on either label
    set and is faster than FP32 here.
    """
    main = folder / "model.onnx"
    half, small = folder / "model.fp16.onnx", folder / "model.int8.onnx"
    face = valid.images[:, None].astype(np.float32)
    reference = run_file(main, {"face": face[:64]})
    to_half(main, half)
    rows = np.random.default_rng(seed).choice(len(train), 512, replace=False)
    to_int8(main, small, "face", train.images[rows][:, None].astype(np.float32))
    made = []
    for name, path, device in (("fp16", half, "cuda"), ("int8", small, "cpu")):
        difference = largest_difference(reference, run_file(path, {"face": face[:64]}))
        got = measure(run_batches(path, "face", face), valid)
        one = milliseconds([main, path], {"face": face[:1]})
        many = milliseconds([main, path], {"face": face[:16]}, repeats=10)
        fer_loss = 100 * (whole.fer_accuracy - got.fer_accuracy)
        ferplus_loss = 100 * (whole.ferplus_accuracy - got.ferplus_accuracy)
        entry = {
            "name": name,
            "path": path.name,
            "sha256": sha256_of(path),
            "bytes": path.stat().st_size,
            "precision": name,
            "devices": [device],
            "accuracy_loss": round(max(fer_loss, ferplus_loss, 0.0), 3),
            "parity": difference,
            "fer_accuracy": got.fer_accuracy,
            "ferplus_accuracy": got.ferplus_accuracy,
            "ms_batch_1": round(one[1], 2),
            "ms_batch_16": round(many[1], 2),
            "fp32_ms_batch_1": round(one[0], 2),
            "fp32_ms_batch_16": round(many[0], 2),
        }
        if name == "int8":
            entry["speed"] = round(one[0] / one[1], 2)
        wins = difference <= HALF_TOLERANCE if name == "fp16" else one[1] < one[0]
        if wins and max(fer_loss, ferplus_loss) <= MAX_LOSS_POINTS:
            made.append(entry)
        else:
            program.tell(NOTE, text=f"{path.name} is not worth keeping and was left out.", **entry)
            path.unlink()
    return made


def _renew(given: argparse.Namespace) -> None:
    card = load_card(given.model)
    valid, train = load(given.data / VALID), load_train(given.data)
    face = valid.images[:, None].astype(np.float32)
    whole = measure(run_batches(card.path(), "face", face), valid)
    made = make_variants(given.model, train, valid, whole, seed=0)
    write_card(given.model, {**card.raw, "version": given.version, "variant": made})


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.variants", "Make the smaller files of a frame model again.")
    parser.add_argument("--model", type=Path, required=True, help="the model's folder")
    parser.add_argument("--data", type=Path, required=True, help=CONTENTS)
    parser.add_argument("--version", required=True, help="the model's new version")
    return program.run(parser, _renew, argv)


if __name__ == "__main__":
    sys.exit(main())
