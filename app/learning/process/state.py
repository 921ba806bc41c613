"""The state of a training, whatever it learns: taken up where a killed process left it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import torch
from torch import nn

from app.domain.recipe import Recipe, Value
from app.learning.process import checkpoint

KEPT: Final = ("epoch", "step", "best_epoch", "best_score", "best_weights", "batch", "seconds")
"""Fields of a training that its checkpoint holds beside network and optimiser."""


@dataclass(eq=False, kw_only=True)
class TrainingState:
    """What every training is made of; what the checkpoint holds changes from epoch to epoch.

    Attributes:
        recipe: What is trained.
        values: All parameters of the recipe.
        data_sha256: Hash of the data it learns from.
        network: The network that is trained.
        optimiser: Its optimiser.
        device: Where it is trained.
        out: Folder of checkpoint and results.
        batch: Examples a step.
        epoch: Epochs that are done.
        step: Steps that are done.
        best_epoch: The epoch with the best validation score, from 0; −1 before the first.
        best_score: The validation score of that epoch.
        best_weights: The weights of that epoch.
        seconds: Time that the epochs have taken.
        fold: 0 for the model itself, else the number of a fold of the cross-validation.
        folds: How many folds follow the model.
        home: Folder of the model's own run, where somebody who wants it to stop says so.
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
        """What must be equal for a checkpoint to be taken up: recipe, values without the epoch limit, data."""
        values = {key: value for key, value in self.values.items() if key != "epochs"}
        facts = [self.recipe.name, values, self.data_sha256]
        return json.dumps([*facts, self.fold] if self.fold else facts, sort_keys=True)

    def take_up(self) -> None:
        """Go on from the last checkpoint where there is one.

        Raises:
            UserError: The checkpoint is damaged or belongs to another training.
        """
        state = checkpoint.load(self.out, self.identity)
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
        state = {name: getattr(self, name) for name in KEPT}
        state |= {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict()}
        checkpoint.save(self.out, self.identity, state)

    def take_best(self) -> None:
        """Put the weights of the best epoch into the network."""
        if self.best_weights is not None:
            self.network.load_state_dict(self.best_weights)


def wished_folds(values: Mapping[str, Value]) -> int:
    """Folds of the cross-validation; 0 for none."""
    folds = int(values.get("folds", 1))
    return folds if folds > 1 else 0
