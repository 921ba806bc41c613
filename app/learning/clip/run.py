"""A training of a network on whole items: its data, in addition to the state that every training has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Split
from app.errors import UserError
from app.learning.clip.networks import AttentionClip, Cell, RecurrentClip
from app.learning.process.state import TrainingState


class ClipNetwork(nn.Module):
    """A body behind the scaling of its features; the scaling is part of the weights.

    Args:
        body: A `RecurrentClip` or an `AttentionClip`.
        features: Number of values of a frame.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, body: RecurrentClip | AttentionClip, features: int) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        result: Tensor = self.body((frames - self.mean) / self.scale, length)
        return result


@dataclass(eq=False, kw_only=True)
class ClipRun(TrainingState):
    """A training of a network on whole items.

    Attributes:
        data: The items.
        split: The subjects for training, for early stopping and for the test.
        network: The network that is trained.
    """

    data: ItemData
    split: Split
    network: ClipNetwork

    @property
    def most(self) -> int:
        """Largest number of frames of an item that are read."""
        return int(self.values["frames"])


def prepare(
    recipe: Recipe,
    values: dict[str, Value],
    data: ItemData,
    out: Path,
    device: torch.device,
    split: Split,
    *,
    fold: int = 0,
    folds: int = 0,
    home: Path | None = None,
) -> ClipRun:
    """Build network and optimiser, and load the last checkpoint if there is one.

    Args:
        recipe: The recipe to train: irnn, gru or attention.
        values: All parameters of the recipe.
        data: The items.
        out: Folder for checkpoint and results.
        device: The device to train on.
        split: The subjects for training, early stopping and test.
        fold: Number of a fold; 0 for the model itself.
        folds: Number of folds.
        home: Folder of the model's run, if it is not `out`.

    Raises:
        UserError: No training subject has a labelled item, or the checkpoint belongs to another run.
    """
    torch.manual_seed(int(values["seed"]))
    network = build(recipe, values, data)
    _scale(network, data, split)
    network.to(device)
    run = ClipRun(
        recipe=recipe,
        values=values,
        data_sha256=data.sha256,
        data=data,
        split=split,
        network=network,
        optimiser=_optimiser(recipe, values, network),
        device=device,
        out=out,
        batch=int(values["batch"]),
        fold=fold,
        folds=folds,
        home=home or out,
    )
    run.take_up()
    return run


def build(recipe: Recipe, values: Mapping[str, Value], data: ItemData) -> ClipNetwork:
    """Return the untrained network of a recipe for some data.

    Raises:
        UserError: The sizes of the recipe do not fit together.
        ValueError: The recipe's network is none of irnn, gru and attention.
    """
    return ClipNetwork(_body(recipe, values, data), data.features.shape[1])


def _body(recipe: Recipe, values: Mapping[str, Value], data: ItemData) -> RecurrentClip | AttentionClip:
    size, classes, dropout = data.features.shape[1], len(data.classes), float(values["dropout"])
    if recipe.network == "attention":
        width, heads = int(values["width"]), int(values["heads"])
        if width % heads:
            raise UserError(
                f"{heads} heads do not divide a width of {width}.", "Choose a width that is a multiple of the heads."
            )
        return AttentionClip(size, classes, width=width, layers=int(values["layers"]), heads=heads, dropout=dropout)
    if recipe.network in ("irnn", "gru"):
        cell: Cell = recipe.network
        identity = float(values.get("identity", 1.0))
        return RecurrentClip(size, classes, cell=cell, hidden=int(values["hidden"]), dropout=dropout, identity=identity)
    raise ValueError(f"there is no network of clips called {recipe.network}")


def _optimiser(recipe: Recipe, values: Mapping[str, Value], network: nn.Module) -> torch.optim.Optimizer:
    rate, decay = float(values["learning_rate"]), float(values["weight_decay"])
    if recipe.network == "irnn":
        return torch.optim.SGD(network.parameters(), lr=rate, weight_decay=decay)
    return torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)


def _scale(network: ClipNetwork, data: ItemData, split: Split) -> None:
    """Set the scaling from the frames of the training subjects, item by item."""
    items = data.items_of(split.train)
    if not len(items):
        raise UserError("No training subject has a labelled item.", "Label more clips, or set their subjects.")
    count, total, square = 0, np.zeros(data.features.shape[1]), np.zeros(data.features.shape[1])
    for item in items:
        frames = data.features[data.frames(int(item))].astype(np.float64)
        count, total, square = count + len(frames), total + frames.sum(axis=0), square + (frames**2).sum(axis=0)
    mean = total / count
    spread = np.sqrt(np.maximum(square / count - mean**2, 0.0))
    network.mean.copy_(torch.from_numpy(mean))
    network.scale.copy_(torch.from_numpy(np.where(spread > 1e-6, spread, 1.0)))
