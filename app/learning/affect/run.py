"""A training run: its network, data and state, taken up where a killed process left it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from app.domain.recipes import Recipe, Value
from app.domain.snapshot import Snapshot, Split, split_subjects
from app.domain.traces import COLUMNS
from app.errors import UserError
from app.learning.affect.build import AffectNetwork, build_network
from app.learning.process import checkpoint


@dataclass(eq=False)
class AffectRun:
    """Everything a run is made of; what the checkpoint holds changes from epoch to epoch.

    Attributes:
        out: Folder of checkpoint and results.
        batch: Stretches, or frames, a step.
        best_epoch: From 0; −1 before the first.
        fold: 0 for the model itself, else the number of a fold of the cross-validation.
        folds: How many folds follow the model.
        home: Folder of the model's own run, where somebody who wants it to stop says so.
    """

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
    fold: int = 0
    folds: int = 0
    home: Path = field(default_factory=Path)

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns of the target that the network predicts."""
        return COLUMNS[str(self.values["dimension"])]

    @property
    def images(self) -> bool:
        """Whether the network reads pixels."""
        return self.recipe.network not in ("head", "frame_head")

    @property
    def length(self) -> int:
        """Frames a stretch; a network without time sees each frame alone."""
        return int(self.values.get("length", 1))


def prepare(
    recipe: Recipe,
    values: dict[str, Value],
    snapshot: Snapshot,
    out: Path,
    device: torch.device,
    *,
    split: Split | None = None,
    fold: int = 0,
    home: Path | None = None,
) -> AffectRun:
    """Build network and optimiser, and take up the last checkpoint when there is one.

    Args:
        recipe: What is trained.
        values: All its parameters.
        snapshot: The data.
        out: Folder of checkpoint and results.
        device: Where it is trained.
        split: Who is learned from; None for the snapshot's own split.
        fold: Number of a fold, 0 for the model itself.
        home: Folder of the model's run, where it is not `out`.

    Raises:
        UserError: The snapshot does not fit the recipe, or the checkpoint belongs to another run.
    """
    seed = int(values["seed"])
    torch.manual_seed(seed)
    split = split or split_of(snapshot, seed, float(values["share"]))
    network = build_network(recipe, values, snapshot).to(device)
    learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        learned, lr=float(values["learning_rate"]), weight_decay=float(values["weight_decay"])
    )
    run = AffectRun(recipe, values, snapshot, split, network, optimiser, device, out, int(values["batch"]), fold=fold)
    run.home, run.folds = home or out, wished_folds(values)
    state = checkpoint.load(out, identity(run))
    if state is not None:
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        for name in ("epoch", "step", "best_epoch", "best_score", "best_weights", "batch", "seconds"):
            setattr(run, name, state[name])
    return run


def wished_folds(values: Mapping[str, Value]) -> int:
    """Folds of the cross-validation; 0 for none."""
    folds = int(values.get("folds", 1))
    return folds if folds > 1 else 0


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


def identity(run: AffectRun) -> str:
    """What must be equal for a checkpoint to be taken up: recipe, values without the epoch limit, data."""
    values = {key: value for key, value in run.values.items() if key != "epochs"}
    facts = [run.recipe.name, values, run.snapshot.sha256]
    return json.dumps([*facts, run.fold] if run.fold else facts, sort_keys=True)


def save(run: AffectRun) -> None:
    """Write the checkpoint of a finished epoch."""
    state = {
        name: getattr(run, name) for name in ("epoch", "step", "best_epoch", "best_score", "best_weights", "batch")
    }
    state |= {"network": run.network.state_dict(), "optimiser": run.optimiser.state_dict(), "seconds": run.seconds}
    checkpoint.save(run.out, identity(run), state)
