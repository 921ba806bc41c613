"""The training process of system E: `python -m app.learning.affect.train --snapshot DIR --recipe NAME --out DIR`.

It runs in a process of its own, on a frozen snapshot: a crash here cannot touch a label. A checkpoint is written after
every epoch; started again with the same arguments it goes on from there and ends with the same model. The file `stop`
in the output folder means: finish with the best epoch so far. Killing it means: discard.
"""

import argparse
import copy
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from app.domain.recipes import Recipe, Value, find_recipe
from app.domain.snapshot import Snapshot, Split, load_snapshot, split_subjects
from app.errors import UserError
from app.files import replacing
from app.learning.affect import checkpoint
from app.learning.affect.build import DIMENSIONS, AffectNetwork, build_network
from app.learning.affect.journal import Journal
from app.learning.affect.losses import LossName, affect_loss
from app.learning.affect.scores import Scores, score
from app.learning.affect.sequences import Stretch, collate, cut, draw_weights, epoch_batches

STOP_FILE: Final = "stop"
BEST: Final = "best.pt"


@dataclass(eq=False)
class Run:
    """Everything a run is made of; only `state` of it changes from epoch to epoch."""

    recipe: Recipe
    values: dict[str, Value]
    snapshot: Snapshot
    split: Split
    network: AffectNetwork
    optimiser: torch.optim.Optimizer
    device: torch.device
    out: Path
    batch: int
    epoch: int = 0
    step: int = 0
    best_epoch: int = -1
    best_score: float = -math.inf
    best_weights: dict[str, torch.Tensor] | None = None
    seconds: float = 0.0

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns of the target that the network predicts."""
        return DIMENSIONS[str(self.values["dimension"])]

    @property
    def images(self) -> bool:
        """Whether the network reads pixels."""
        return self.recipe.network not in ("head", "frame_head")

    @property
    def length(self) -> int:
        """Frames a stretch; a network without time sees each frame alone."""
        return int(self.values.get("length", 1))


def pick_device(wish: str) -> torch.device:
    """The device to train on.

    Args:
        wish: "auto", "cpu", "cuda" or "mps".

    Raises:
        UserError: The wish cannot be met.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wish == "auto":
        return torch.device(next(name for name in ("cuda", "mps", "cpu") if there[name]))
    if not there.get(wish, False):
        raise UserError(f"torch cannot train on {wish} here.", "Take --device auto or cpu, or install torch for it.")
    return torch.device(wish)


def prepare(recipe: Recipe, values: dict[str, Value], snapshot: Snapshot, out: Path, device: torch.device) -> Run:
    """Build network and optimiser, and take up the last checkpoint when there is one.

    Raises:
        UserError: The snapshot does not fit the recipe, or the checkpoint belongs to another run.
    """
    seed = int(values["seed"])
    torch.manual_seed(seed)
    split = split_of(snapshot, seed, float(values["share"]))
    network = build_network(recipe, values, snapshot).to(device)
    learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        learned, lr=float(values["learning_rate"]), weight_decay=float(values["weight_decay"])
    )
    run = Run(recipe, values, snapshot, split, network, optimiser, device, out, int(values["batch"]))
    state = checkpoint.load(out)
    if state is not None:
        if state["identity"] != identity(run):
            raise UserError(f"{out} holds a run with other settings or data.", "Choose another folder for --out.")
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        for name in ("epoch", "step", "best_epoch", "best_score", "best_weights", "batch", "seconds"):
            setattr(run, name, state[name])
    return run


def split_of(snapshot: Snapshot, seed: int, share: float) -> Split:
    """Who is learned from: the snapshot's own split, or one by seed where it has none.

    Args:
        snapshot: The data.
        seed: For snapshots without a split.
        share: Of the training subjects that are used, for learning curves.

    Raises:
        UserError: There are too few subjects.
    """
    with_labels = {int(i) for i in np.unique(snapshot.subject[snapshot.labelled])}
    parts = snapshot.manifest.get("split")
    if parts is None:
        order = sorted(with_labels)
        dealt = split_subjects(len(order), seed)
        found = [[order[i] for i in part] for part in (dealt.train, dealt.validation, dealt.test)]
    else:
        number = {name: i for i, name in enumerate(snapshot.subjects)}
        found = [
            [number[name] for name in parts[part] if number[name] in with_labels]
            for part in ("train", "validation", "test")
        ]
    if not all(found):
        raise UserError("A part of the subjects has no labels.", "Label clips of more subjects.")
    used = found[0][: max(1, round(share * len(found[0])))]
    return Split(tuple(used), tuple(found[1]), tuple(found[2]))


def identity(run: Run) -> str:
    """What must be equal for a checkpoint to be taken up: recipe, values without the epoch limit, data."""
    values = {key: value for key, value in run.values.items() if key != "epochs"}
    return json.dumps([run.recipe.name, values, run.snapshot.sha256], sort_keys=True)


def save(run: Run) -> None:
    """Write the checkpoint of a finished epoch."""
    state = {
        name: getattr(run, name) for name in ("epoch", "step", "best_epoch", "best_score", "best_weights", "batch")
    }
    state |= {"identity": identity(run), "network": run.network.state_dict(), "seconds": run.seconds}
    checkpoint.save(run.out, state | {"optimiser": run.optimiser.state_dict()})


def learning_rate(run: Run) -> float:
    """Exponential decay in stairs, as in the paper: × decay every decay_steps."""
    stairs = run.step // int(run.values["decay_steps"])
    return float(run.values["learning_rate"]) * float(run.values["decay"]) ** stairs


def train_epoch(run: Run, stretches: list[Stretch], weights: NDArray[np.float64]) -> float:
    """One pass; returns the mean loss. All chance comes from (seed, epoch), so that a resumed run repeats it."""
    seed = int(run.values["seed"])
    rng = np.random.default_rng([seed, run.epoch])
    torch.manual_seed(seed * 100_003 + run.epoch)
    run.network.train()
    losses: list[float] = []
    # A network without time takes single frames: `batch` counts those.
    batches = epoch_batches(run.snapshot, stretches, weights, run.batch, run.columns, rng, images=run.images)
    for each in batches:
        batch = each.to(run.device)
        for group in run.optimiser.param_groups:
            group["lr"] = learning_rate(run)
        with torch.autocast(run.device.type, torch.bfloat16, enabled=run.device.type == "cuda"):
            predicted = run.network(batch.x, batch.landmarks)
        name: LossName = run.values["loss"]  # type: ignore[assignment]  # checked by the recipe's choices
        loss = affect_loss(predicted.float().flatten(0, 1), batch.target.flatten(0, 1), batch.weight.flatten(), name)
        run.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
        run.optimiser.step()
        run.step += 1
        losses.append(float(loss.detach()))
    return float(np.mean(losses)) if losses else math.nan


@torch.no_grad()
def predict(run: Run, subjects: tuple[int, ...]) -> NDArray[np.float32]:
    """Predictions for all frames of some subjects: float32 N×D over the snapshot's rows, NaN elsewhere."""
    run.network.eval()
    result = np.full((len(run.snapshot.target), len(run.columns)), np.nan, np.float32)
    stretches = cut(run.snapshot, subjects, 512, whole=run.recipe.network != "cnn")
    for stretch in stretches:
        batch = collate(run.snapshot, [stretch], run.columns, images=run.images).to(run.device)
        predicted = run.network(batch.x, batch.landmarks).float().cpu().numpy()
        result[batch.rows[0]] = predicted[0]
    return np.clip(result, -1, 1)


def scores_of(run: Run, subjects: tuple[int, ...]) -> list[Scores]:
    """CCC, MSE and the rest, pooled over some subjects, for each dimension the network predicts."""
    return score(predict(run, subjects), run.snapshot.target[:, list(run.columns)])


def halve_on_shortage(run: Run, journal: Journal, error: RuntimeError) -> None:
    """Go on with half the batch where memory ran out; raise anything else.

    Raises:
        UserError: When a single sequence is already too much.
        RuntimeError: When it was another error.
    """
    short = isinstance(error, torch.OutOfMemoryError) or "not enough memory" in str(error) or "alloc" in str(error)
    if not short:
        raise error
    if run.batch <= 1:
        raise UserError(
            "There is not enough memory for one sequence.", "Shorten the sequences or scale down."
        ) from error
    run.batch //= 2
    run.optimiser.zero_grad(set_to_none=True)
    if run.device.type == "cuda":
        torch.cuda.empty_cache()
    journal.tell("memory", batch=run.batch, text=f"Memory ran out: going on with batches of {run.batch}.")


def fit(run: Run, journal: Journal) -> str:
    """Train until the epochs are done, patience is out, or somebody asks to stop. Returns which it was."""
    stretches = cut(run.snapshot, run.split.train, run.length, whole=False)
    if not stretches:
        raise UserError("No training subject has a labelled frame.", "Label more clips, or set their subjects.")
    weights = draw_weights(run.snapshot, stretches, balance=bool(run.values["balance"]))
    epochs, patience = int(run.values["epochs"]), int(run.values["patience"])
    while run.epoch < epochs:
        if (run.out / STOP_FILE).exists():
            return "stopped"
        if run.best_epoch >= 0 and run.epoch - run.best_epoch > patience:
            return "patience"
        began_s = time.perf_counter()
        # Steps taken before memory ran out stay taken; the epoch starts over with smaller batches.
        try:
            loss = train_epoch(run, stretches, weights)
        except RuntimeError as error:
            halve_on_shortage(run, journal, error)
            continue
        validation = scores_of(run, run.split.validation)
        goal = float(np.nanmean([each.ccc for each in validation] or [math.nan]))
        if goal > run.best_score:
            run.best_score, run.best_epoch = goal, run.epoch
            run.best_weights = copy.deepcopy(run.network.state_dict())
        run.epoch += 1
        run.seconds += time.perf_counter() - began_s
        save(run)
        journal.tell(
            "epoch",
            epoch=run.epoch,
            epochs=epochs,
            loss=loss,
            learning_rate=learning_rate(run),
            validation={each.name: each.ccc for each in named(run, validation)},
            best_epoch=run.best_epoch + 1,
            left_s=run.seconds / run.epoch * (epochs - run.epoch),
        )
        journal.curve("loss", loss, run.epoch)
        for each in named(run, validation):
            journal.curve(f"ccc/{each.name}", each.ccc, run.epoch)
    return "epochs"


def named(run: Run, scores: list[Scores]) -> list[Scores]:
    """Scores with their dimensions' names."""
    names = ("valence", "arousal")
    return [each.called(names[column]) for each, column in zip(scores, run.columns, strict=True)]


def finish(run: Run, journal: Journal, ending: str) -> None:
    """Take the best weights, score the held-out subjects, and write what export and comparison need."""
    if run.best_weights is not None:
        run.network.load_state_dict(run.best_weights)
    with replacing(run.out / BEST) as temporary:
        torch.save(run.network.state_dict(), temporary)
    held_out = predict(run, run.split.test)
    with replacing(run.out / "held_out.npz") as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, predicted=held_out, columns=np.array(run.columns))
    scores = named(run, score(held_out, run.snapshot.target[:, list(run.columns)]))
    names = run.snapshot.subjects
    facts: dict[str, Any] = {
        "recipe": run.recipe.name,
        "values": run.values,
        "snapshot_sha256": run.snapshot.sha256,
        "epochs": run.epoch,
        "best_epoch": run.best_epoch + 1,
        "ending": ending,
        "seconds": run.seconds,
        "device": str(run.device),
        "subjects": {
            "train": [names[i] for i in run.split.train],
            "validation": [names[i] for i in run.split.validation],
            "test": [names[i] for i in run.split.test],
        },
        "test": {each.name: each.as_dict() for each in scores},
    }
    with replacing(run.out / "result.json") as temporary:
        temporary.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    journal.tell("done", ending=ending, epochs=run.epoch, test={each.name: each.ccc for each in scores})


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments and train; exit status 1 with one line on stderr where the user can mend it."""
    parser = argparse.ArgumentParser(description="Train a network of system E on a frozen snapshot.")
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 is one fewer than there are cores")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings")
    args = parser.parse_args(argv)
    # The window must stay responsive beside us: a core to spare.
    torch.set_num_threads(args.threads or max(1, (os.cpu_count() or 2) - 1))
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        recipe = find_recipe(args.recipe)
        values = recipe.values(dict(pair.split("=", 1) for pair in args.settings))
        run = prepare(recipe, values, load_snapshot(args.snapshot), args.out, pick_device(args.device))
        journal = Journal(args.out)
        try:
            journal.tell("start", recipe=recipe.name, epoch=run.epoch, device=str(run.device), values=values)
            finish(run, journal, fit(run, journal))
        finally:
            journal.close()
    except UserError as error:
        print(json.dumps({"event": "refused", "what": error.what, "todo": error.todo}), flush=True)  # noqa: T201
        print(f"affectograph: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    # Low priority, for the same reason.
    if hasattr(os, "nice"):
        os.nice(10)
    sys.exit(main())
