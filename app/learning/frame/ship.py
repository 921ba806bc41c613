"""Makes a model folder from checkpoints: `python -m app.learning.frame.ship --checkpoint FILE --data DIR --out DIR`.

Fits the temperatures, exports in a fresh process, checks ONNX against torch, makes the FP16 and INT8 variants, measures
all of them on the validation set and writes the card. Every figure of the card comes from the files themselves.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from app.child import child_command
from app.domain.class_metrics import cross_entropy
from app.domain.training_events import EPOCH, EXPORTED, NOTE, events_of, facts_of
from app.errors import UserError
from app.inference.cards import write_card
from app.inference.quantise import largest_difference, run_batches, run_file, to_half
from app.learning.frame.card import card_table
from app.learning.frame.data import VALID, FaceSet, expression_target, expression_weight, load, load_train
from app.learning.frame.evaluate import fit_temperature, mean_logits, predict
from app.learning.frame.export import OUTPUTS, assemble
from app.learning.frame.localise import VIEW, load_localiser, maps_of, zoomed
from app.learning.frame.measure import measure
from app.learning.frame.networks import load_net
from app.learning.frame.plan import PLAN
from app.learning.frame.variants import HALF_TOLERANCE, make_variants
from app.learning.process import program

PARITY_BATCHES = (1, 3, 16)
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Shipment:
    """The parts of the model file.

    Attributes:
        checkpoints: Checkpoints of the networks whose logits are averaged.
        flip: Whether to average over the face and its mirror image.
        side: Side in pixels of the faces that the networks read.
        localiser: Localiser of the network that aligns the faces, or None.
    """

    checkpoints: Sequence[Path]
    flip: bool
    side: int
    localiser: Path | None = None


def temperatures(parts: Shipment, faces: FaceSet) -> tuple[float, float]:
    """Return the temperatures of the expression and FER logits that fit the vote distributions and the labels best."""
    maps = zoomed(maps_of(load_localiser(parts.localiser), faces.images), VIEW) if parts.localiser else None
    pairs = [predict(load_net(path), faces.images, parts.flip, parts.side, maps) for path in parts.checkpoints]
    expression, fer = mean_logits(pairs)
    voted = expression_weight(faces.votes) > 0
    target = expression_target(faces.votes)[voted]
    labels = np.eye(7)[faces.fer_label.astype(np.intp)]
    return (
        fit_temperature(expression[voted], lambda p: cross_entropy(p, target)),
        fit_temperature(fer, lambda p: cross_entropy(p, labels)),
    )


def export_in_child(parts: Shipment, heat: tuple[float, float], out: Path) -> None:
    """Run `app.learning.frame.export` in a fresh process."""
    command = child_command("app.learning.frame.export", "--out", str(out))
    for path in parts.checkpoints:
        command += ["--checkpoint", str(path)]
    command += ["--temperature-expression", repr(heat[0]), "--temperature-fer", repr(heat[1])]
    command += ["--side", str(parts.side)] + (["--flip"] if parts.flip else [])
    command += ["--localiser", str(parts.localiser)] if parts.localiser else []
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, stderr=subprocess.DEVNULL)


def parity(parts: Shipment, heat: tuple[float, float], out: Path, faces: FaceSet) -> float:
    """Return the largest difference between torch and the file over all outputs at three batch sizes.

    Raises:
        RuntimeError: The difference is above 1e-4.
    """
    shipped = assemble(parts.checkpoints, heat, parts.flip, parts.side, parts.localiser)
    worst = 0.0
    for batch in PARITY_BATCHES:
        face = faces.images[:batch, None].astype(np.float32)
        with torch.inference_mode():
            ours = {name: value.numpy() for name, value in zip(OUTPUTS, shipped(torch.from_numpy(face)), strict=True)}
        worst = max(worst, largest_difference(ours, run_file(out, {"face": face})))
    if worst > TOLERANCE:
        raise RuntimeError(f"ONNX and torch differ by {worst:g}")
    return worst


def halved(main: Path, faces: FaceSet) -> Path:
    """Replace `model.onnx` by a file of half its size, whose weights and arithmetic are 16-bit floats.

    Returns:
        The new file, `model.fp16.onnx`.

    Raises:
        RuntimeError: An output differs by more than 1e-2 on the first 64 faces; the old file is kept.
    """
    half = main.with_suffix(".fp16.onnx")
    to_half(main, half)
    face = {"face": faces.images[:64, None].astype(np.float32)}
    difference = largest_difference(run_file(main, face), run_file(half, face))
    if difference > HALF_TOLERANCE:
        half.unlink()
        raise RuntimeError(f"FP16 and FP32 differ by {difference:g}")
    main.unlink()
    program.tell(NOTE, text=f"{half.name} differs from FP32 by at most {difference:.2g}.")
    return half


def ship(
    parts: Shipment,
    data: Path,
    out: Path,
    version: str,
    commit: str,
    with_variants: bool,
    history: str,
    only_half: bool,
) -> None:
    """Write `model.onnx`, on request its variants or FP16 in its place, and `card.toml` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    valid, train = load(data / VALID), load_train(data)
    heat = temperatures(parts, valid)
    main = out / "model.onnx"
    export_in_child(parts, heat, main)
    difference = parity(parts, heat, main, valid)
    if only_half:
        main = halved(main, valid)
    whole = measure(run_batches(main, "face", valid.images[:, None].astype(np.float32)), valid)
    sizes = [load_net(path).embedding_size for path in parts.checkpoints]
    runs = [_run_of(path) for path in parts.checkpoints]
    table = card_table(
        main,
        version=version,
        commit=commit,
        embedding_size=sum(sizes),
        flip=parts.flip,
        side=parts.side,
        heat=heat,
        parity=difference,
        runs=runs,
        metrics=whole.table,
        variants=make_variants(out, train, valid, whole, seed=0) if with_variants and not only_half else [],
        history=history,
        localiser=_named(parts.localiser),
    )
    write_card(out, table)
    program.tell(EXPORTED, fer=whole.fer_accuracy, ferplus=whole.ferplus_accuracy, heat=heat, parity=difference)


def _named(localiser: Path | None) -> str:
    """Return the localiser as the card's command names it: a checkpoint by its name, a frame model with its folder."""
    if localiser is None or localiser.suffix != ".onnx":
        return "" if localiser is None else localiser.name
    return f"{localiser.parent.name}/{localiser.name}"


def _run_of(path: Path) -> dict[str, Any]:
    """Return the plan of the run that a checkpoint belongs to, and what its last epoch told.

    Raises:
        UserError: They do not lie beside the checkpoint.
    """
    epochs = [event for event in events_of(path.parent) if event["event"] == EPOCH]
    plan = path.parent / PLAN
    if not epochs or not plan.is_file():
        raise UserError(
            f"{path.parent} is not the folder of a training: {PLAN} or the journal is missing.",
            "Name a checkpoint in the folder that it was trained in.",
        )
    return {"plan": json.loads(plan.read_text(encoding="utf-8")), "last": facts_of(epochs[-1])}


def _ship(given: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    parts = Shipment(given.checkpoint, not given.no_flip, given.side, given.localiser)
    ship(
        parts, given.data, given.out, given.version, given.commit, not given.no_variants, given.history, given.only_half
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.ship", "Make a model folder from checkpoints of frame networks.")
    parser.add_argument("--checkpoint", type=Path, action="append", required=True, help="may be given more than once")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-flip", action="store_true", help="do not average with the mirrored face")
    parser.add_argument("--localiser", type=Path, help="checkpoint of the network that aligns the faces")
    parser.add_argument("--no-variants", action="store_true", help="make no FP16 and INT8 files")
    parser.add_argument("--only-half", action="store_true", help="make an FP16 file and no other")
    parser.add_argument(
        "--side", type=int, default=48, help="side of the faces that the networks read; the file takes 48×48"
    )
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--history", default="the course of the run, in words (default: one run, as the command says)")
    parser.add_argument("--commit", default="", help="commit of the training code")
    return program.run(parser, _ship, argv)


if __name__ == "__main__":
    sys.exit(main())
