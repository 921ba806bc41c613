"""A training of a network on whole items: its data, in addition to the state that every training has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.domain.item_frames import FrameRule
from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Split
from app.errors import UserError
from app.inference.onnx_scan import MAX_FILE_BYTES
from app.learning.clip.base.member import Machine, Network
from app.learning.clip.members import member_of
from app.learning.process.state import TrainingState


class ClipNetwork(nn.Module):
    """A body behind the scaling of its features; the scaling is part of the weights.

    Args:
        body: The body that a `Network` builds.
        features: Number of values of a frame.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, body: nn.Module, features: int) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        result: Tensor = self.body(self.scaled(frames), length)
        return result

    def scaled(self, frames: Tensor) -> Tensor:
        """Return the rows as the body reads them."""
        return (frames - self.mean) / self.scale


@dataclass(eq=False, kw_only=True)
class ClipRun(TrainingState):
    """A training of a network on whole items.

    Attributes:
        data: The items.
        split: The subjects for training, for early stopping and for the test.
        network: The network that is trained.
        stated: What the network states of itself.
    """

    data: ItemData
    split: Split
    network: ClipNetwork
    stated: Network[Any]

    @property
    def rule(self) -> FrameRule:
        """The frames of an item that are read."""
        return FrameRule.of(self.values)


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
        recipe: The recipe to train.
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
    stated = _network(recipe)
    network = build(recipe, values, data)
    if not len(data.items_of(split.train)):
        raise UserError("No training subject has a labelled item.", "Label more clips, or set their subjects.")
    if stated.scaled:
        _scale(network, data, split)
    network.to(device)
    run = ClipRun(
        recipe=recipe,
        values=values,
        data_sha256=data.sha256,
        data=data,
        split=split,
        network=network,
        stated=stated,
        optimiser=stated.optimiser(values, network.parameters()),
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
        UserError: The sizes of the recipe do not fit together, or the data lack a stream that it reads.
        ValueError: The recipe's network is unknown.
    """
    return ClipNetwork(_network(recipe).build(values, data), data.features.shape[1])


def too_large(network: nn.Module) -> str:
    """Return a sentence if the file of a network would be larger than those that the program opens, else nothing."""
    size = sum(each.numel() for each in network.parameters()) * 4
    if size <= MAX_FILE_BYTES:
        return ""
    return (
        f"This network takes {size / 2**20:.0f} MiB as a file, and the program opens files of at most "
        f"{MAX_FILE_BYTES // 2**20} MiB: it can be trained and tested, but not exported."
    )


def _network(recipe: Recipe) -> Network[Any]:
    member = member_of(recipe.network)
    if isinstance(member, Machine):
        raise TypeError(f"{recipe.name} is solved at once")
    return member


def _scale(network: ClipNetwork, data: ItemData, split: Split) -> None:
    """Set the scaling from the frames of the training subjects, item by item."""
    items = data.items_of(split.train)
    count, total, square = 0, np.zeros(data.features.shape[1]), np.zeros(data.features.shape[1])
    for item in items:
        frames = data.features[data.frames(int(item))].astype(np.float64)
        count, total, square = count + len(frames), total + frames.sum(axis=0), square + (frames**2).sum(axis=0)
    mean = total / count
    spread = np.sqrt(np.maximum(square / count - mean**2, 0.0))
    network.mean.copy_(torch.from_numpy(mean))
    network.scale.copy_(torch.from_numpy(np.where(spread > 1e-6, spread, 1.0)))
