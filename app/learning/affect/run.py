"""A training of system E: its network and data, in addition to the state that every training has."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Snapshot, Split, split_subjects
from app.domain.traces import COLUMNS
from app.errors import UserError
from app.learning.affect.build import AffectNetwork, build_network
from app.learning.process.state import TrainingState, wished_folds


@dataclass(eq=False, kw_only=True)
class AffectRun(TrainingState):
    """A training of a network that predicts every frame.

    Attributes:
        snapshot: The data.
        split: The subjects for training, for early stopping and for the test.
        network: The network of system E.
    """

    snapshot: Snapshot
    split: Split
    network: AffectNetwork

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
        """Number of frames in a stretch; a network without time reads each frame alone."""
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
    """Build network and optimiser, and load the last checkpoint if there is one.

    Args:
        recipe: The recipe to train.
        values: All parameters of the recipe.
        snapshot: The data.
        out: Folder for checkpoint and results.
        device: The device to train on.
        split: The subjects for training, early stopping and test; None for the snapshot's own split.
        fold: Number of a fold; 0 for the model itself.
        home: Folder of the model's run, if it is not `out`.

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
    run = AffectRun(
        recipe=recipe,
        values=values,
        data_sha256=snapshot.sha256,
        snapshot=snapshot,
        split=split,
        network=network,
        optimiser=optimiser,
        device=device,
        out=out,
        batch=int(values["batch"]),
        fold=fold,
        folds=wished_folds(values),
        home=home or out,
    )
    run.take_up()
    return run


def split_of(snapshot: Snapshot, seed: int, share: float) -> Split:
    """Return the split into subjects: the snapshot's own, or one drawn by seed if it has none.

    Args:
        snapshot: The data.
        seed: Seed for snapshots without a split.
        share: Share of the training subjects that are used, for learning curves.

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
