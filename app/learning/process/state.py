"""The state of any training, which continues where a killed process left it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import torch
from torch import nn

from app.domain.recipe import Recipe, Value
from app.learning.process import checkpoint, together

KEPT: Final = ("epoch", "step", "best_epoch", "best_score", "best_weights", "batch", "seconds")
"""Fields of a training that its checkpoint holds in addition to network and optimiser."""


@dataclass(eq=False, kw_only=True)
class TrainingState:
    """The parts of every training. Those that the checkpoint holds change from epoch to epoch.

    Attributes:
        recipe: The recipe that is trained.
        values: All parameters of the recipe.
        data_sha256: Hash of the data.
        network: The network that is trained.
        optimiser: The network's optimiser.
        device: The device that it is trained on.
        out: Folder for checkpoint and results.
        batch: Number of examples in a step.
        epoch: Number of epochs that are done.
        step: Number of steps that are done.
        best_epoch: The epoch with the best validation score, from 0; −1 before the first.
        best_score: The validation score of that epoch.
        best_weights: The weights of that epoch.
        seconds: Time that the epochs have taken, in seconds.
        fold: Number of a fold of the cross-validation; 0 for the model itself.
        folds: Number of folds that follow the model.
        home: Folder of the model's own run, in which a request to stop is placed.
    """

    recipe: Recipe
    values: dict[str, Value]
    data_sha256: str
    network: nn.Module
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
    def identity(self) -> str:
        """Return what must be equal to continue a checkpoint: recipe, values without the epoch limit, data."""
        values = {key: value for key, value in self.values.items() if key != "epochs"}
        facts = [self.recipe.name, values, self.data_sha256]
        return json.dumps([*facts, self.fold] if self.fold else facts, sort_keys=True)

    def take_up(self) -> None:
        """Continue from the last checkpoint if there is one.

        Raises:
            UserError: The checkpoint is damaged or belongs to another training.
        """
        together.prepare(self.network)
        state = together.first(lambda: checkpoint.load(self.out, self.identity))
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        for name in KEPT:
            setattr(self, name, state[name])

    def save(self) -> None:
        """Write the checkpoint of a finished epoch.

        Raises:
            UserError: The disk is full or the folder cannot be written.
        """
        if not together.is_first():
            return
        state = {name: getattr(self, name) for name in KEPT}
        state |= {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict()}
        checkpoint.save(self.out, self.identity, state)

    def take_best(self) -> None:
        """Put the weights of the best epoch into the network."""
        if self.best_weights is not None:
            self.network.load_state_dict(self.best_weights)


def wished_folds(values: Mapping[str, Value]) -> int:
    """Return the wanted number of folds of the cross-validation; 0 for none."""
    folds = int(values.get("folds", 1))
    return folds if folds > 1 else 0
