"""Makes a model folder of checkpoints: `python -m app.learning.frame.ship --checkpoint FILE --data DIR --out DIR`.

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
import numpy.typing as npt
import torch

from app.child import child_command
from app.domain.class_metrics import cross_entropy, expected_calibration_error, ferplus_majority, score_classes
from app.domain.emotions import FER, FERPLUS
from app.inference.cards import sha256_of, write_card
from app.inference.quantise import largest_difference, milliseconds, run_batches, run_file, to_half, to_int8
from app.learning.frame.card import card_table
from app.learning.frame.data import FaceSet, expression_target, expression_weight, load, load_train
from app.learning.frame.evaluate import fit_temperature, mean_logits, predict
from app.learning.frame.export import OUTPUTS, assemble
from app.learning.frame.localise import VIEW, load_localiser, maps_of, zoomed
from app.learning.frame.recipes import load_net

PARITY_BATCHES = (1, 3, 16)
TOLERANCE = {"fp32": 1e-4, "fp16": 1e-2}
MAX_LOSS_POINTS = 0.5


@dataclass(frozen=True)
class Measured:
    """What a file does on the validation set: accuracies and ECEs as fractions, cross-entropies in nats."""

    fer_accuracy: float
    ferplus_accuracy: float
    table: dict[str, Any]


def measure(outputs: dict[str, npt.NDArray[Any]], faces: FaceSet) -> Measured:
    """Scores the outputs of a file on labelled faces."""
    fer, expression = outputs["fer"], outputs["expression"]
    kept, top = ferplus_majority(faces.votes)
    by_fer = score_classes(fer, faces.fer_label)
    by_vote = score_classes(expression[kept], top[kept])
    voted = expression_weight(faces.votes) > 0
    table = {
        "data": "fer2013_valid.npz",
        "fer_accuracy": by_fer.accuracy,
        "fer_n": by_fer.n,
        "ferplus_accuracy": by_vote.accuracy,
        "ferplus_n": by_vote.n,
        "ece": expected_calibration_error(expression[kept], top[kept]),
        "ece_fer": expected_calibration_error(fer, faces.fer_label),
        "cross_entropy": cross_entropy(expression[voted], expression_target(faces.votes)[voted]),
        "cross_entropy_fer": cross_entropy(fer, np.eye(7)[faces.fer_label.astype(np.intp)]),
        "per_class_recall_fer": _named(FER, by_fer.recall),
        "per_class_recall_ferplus": _named(FERPLUS, by_vote.recall),
        "confusion_fer": by_fer.confusion.tolist(),
        "confusion_ferplus": by_vote.confusion.tolist(),
    }
    return Measured(by_fer.accuracy, by_vote.accuracy, table)


def _named(names: Sequence[str], recall: npt.NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, recall, strict=True) if np.isfinite(value)}


@dataclass(frozen=True)
class Recipe:
    """What goes into the file.

    Attributes:
        checkpoints: Of the networks whose logits are averaged.
        flip: Average over the face and its mirror image.
        side: Side that the networks see.
        localiser: Of the network that aligns the faces, or None.
    """

    checkpoints: Sequence[Path]
    flip: bool
    side: int
    localiser: Path | None = None


def temperatures(recipe: Recipe, faces: FaceSet) -> tuple[float, float]:
    """Temperatures of the expression and FER logits that fit the vote distributions and the labels best."""
    maps = zoomed(maps_of(load_localiser(recipe.localiser), faces.images), VIEW) if recipe.localiser else None
    pairs = [predict(load_net(path), faces.images, recipe.flip, recipe.side, maps) for path in recipe.checkpoints]
    expression, fer = mean_logits(pairs)
    voted = expression_weight(faces.votes) > 0
    target = expression_target(faces.votes)[voted]
    labels = np.eye(7)[faces.fer_label.astype(np.intp)]
    return (
        fit_temperature(expression[voted], lambda p: cross_entropy(p, target)),
        fit_temperature(fer, lambda p: cross_entropy(p, labels)),
    )


def export_in_child(recipe: Recipe, heat: tuple[float, float], out: Path) -> None:
    """Runs `app.learning.frame.export` in a fresh process."""
    command = child_command("app.learning.frame.export", "--out", str(out))
    for path in recipe.checkpoints:
        command += ["--checkpoint", str(path)]
    command += ["--temperature-expression", repr(heat[0]), "--temperature-fer", repr(heat[1])]
    command += ["--side", str(recipe.side)] + (["--flip"] if recipe.flip else [])
    command += ["--localiser", str(recipe.localiser)] if recipe.localiser else []
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, stderr=subprocess.DEVNULL)


def parity(recipe: Recipe, heat: tuple[float, float], out: Path, faces: FaceSet) -> float:
    """Largest difference between torch and the file over all outputs at three batch sizes.

    Raises:
        RuntimeError: It is above 1e-4.
    """
    shipped = assemble(recipe.checkpoints, heat, recipe.flip, recipe.side, recipe.localiser)
    worst = 0.0
    for batch in PARITY_BATCHES:
        face = faces.images[:batch, None].astype(np.float32)
        with torch.inference_mode():
            ours = {name: value.numpy() for name, value in zip(OUTPUTS, shipped(torch.from_numpy(face)), strict=True)}
        worst = max(worst, largest_difference(ours, run_file(out, {"face": face})))
    if worst > TOLERANCE["fp32"]:
        raise RuntimeError(f"ONNX and torch differ by {worst:g}")
    return worst


def variants(folder: Path, train: FaceSet, valid: FaceSet, whole: Measured, seed: int) -> list[dict[str, Any]]:
    """Makes FP16 and INT8 files beside `model.onnx` and keeps those that are worth it.

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
        wins = difference <= TOLERANCE["fp16"] if name == "fp16" else one[1] < one[0]
        if wins and max(fer_loss, ferplus_loss) <= MAX_LOSS_POINTS:
            made.append(entry)
        else:
            sys.stdout.write(f"left out: {json.dumps(entry)}\n")
            path.unlink()
    return made


def ship(recipe: Recipe, data: Path, out: Path, version: str, commit: str, with_variants: bool, history: str) -> None:
    """Writes `model.onnx`, on request its variants, and `card.toml` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    valid, train = load(data / "fer2013_valid.npz"), load_train(data)
    heat = temperatures(recipe, valid)
    main = out / "model.onnx"
    export_in_child(recipe, heat, main)
    difference = parity(recipe, heat, main, valid)
    whole = measure(run_batches(main, "face", valid.images[:, None].astype(np.float32)), valid)
    sizes = [load_net(path).embedding_size for path in recipe.checkpoints]
    plans = [json.loads((path.parent / "plan.json").read_text(encoding="utf-8")) for path in recipe.checkpoints]
    curves = [(path.parent / "curves.jsonl").read_text(encoding="utf-8").splitlines() for path in recipe.checkpoints]
    table = card_table(
        main,
        version=version,
        commit=commit,
        embedding_size=sum(sizes),
        flip=recipe.flip,
        side=recipe.side,
        heat=heat,
        parity=difference,
        runs=[{"plan": plan, "last": json.loads(lines[-1])} for plan, lines in zip(plans, curves, strict=True)],
        metrics=whole.table,
        variants=variants(out, train, valid, whole, seed=0) if with_variants else [],
        history=history,
    )
    write_card(out, table)
    sys.stdout.write(json.dumps({"fer": whole.fer_accuracy, "ferplus": whole.ferplus_accuracy, "heat": heat}) + "\n")


def main(arguments: list[str] | None = None) -> None:
    """Entry of the command line."""
    line = argparse.ArgumentParser(prog="app.learning.frame.ship", description=__doc__)
    line.add_argument("--checkpoint", type=Path, action="append", required=True, help="may be given more than once")
    line.add_argument("--data", type=Path, required=True)
    line.add_argument("--out", type=Path, required=True)
    line.add_argument("--no-flip", action="store_true", help="do not average with the mirrored face")
    line.add_argument("--localiser", type=Path, help="checkpoint of the network that aligns the faces")
    line.add_argument("--no-variants", action="store_true", help="no FP16 and INT8 files")
    line.add_argument("--side", type=int, default=48, help="side that the networks see; the file takes 48×48")
    line.add_argument("--version", default="1.0.0")
    line.add_argument("--history", default="one run, as the command says")
    line.add_argument("--commit", default="", help="commit of the training code")
    given = line.parse_args(arguments)
    torch.set_num_threads(1)
    recipe = Recipe(given.checkpoint, not given.no_flip, given.side, given.localiser)
    ship(recipe, given.data, given.out, given.version, given.commit, not given.no_variants, given.history)


if __name__ == "__main__":
    main()
