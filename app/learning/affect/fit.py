"""Training of system E: the loss of a step, predictions of whole tracks, and the score for early stopping."""

import math
from collections.abc import Iterator
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.domain.traces import DIMENSIONS
from app.errors import UserError
from app.learning.affect.losses import LossName, affect_loss
from app.learning.affect.run import AffectRun
from app.learning.affect.scores import Scores, score
from app.learning.affect.sequences import Quadrants, Stretch, collate, cut, draw_weights, epoch_batches
from app.learning.process import loop, together
from app.learning.process.journal import Journal
from app.learning.process.loop import Measured

PIECE: Final = 4096
"""Number of frames of features that are predicted at once."""


class AffectTask:
    """What the training loop learns for system E: the labels of every frame, in stretches of a track.

    Args:
        run: The training, with network, data and split.

    Raises:
        UserError: No training subject has a labelled frame.
    """

    def __init__(self, run: AffectRun) -> None:
        self.run = run
        self.stretches = cut(run.snapshot, run.split.train, run.length, whole=False)
        if not self.stretches:
            raise UserError("No training subject has a labelled frame.", "Label more clips, or set their subjects.")
        self.weights = draw_weights(
            run.snapshot,
            self.stretches,
            balance=bool(run.values["balance"]),
            quadrants=cast(Quadrants, run.values["quadrants"]),
        )

    def losses(self, rng: np.random.Generator) -> Iterator[Tensor]:
        """Yield the loss of each step of one epoch."""
        run = self.run
        # A network without time takes single frames: `batch` counts those.
        batches = epoch_batches(
            run.snapshot, self.stretches, self.weights, run.batch, run.columns, rng, images=run.images
        )
        name: LossName = run.values["loss"]  # type: ignore[assignment]  # checked by the recipe's choices
        for each in batches:
            batch = each.to(run.device)
            cast = torch.autocast(run.device.type, torch.bfloat16, enabled=run.device.type == "cuda")
            with cast, together.sharing(len(batch.x)) as mine:
                predicted = together.gathered(run.network(batch.x[mine], batch.landmarks[mine]))
            flat = predicted.float().flatten(0, 1)
            yield affect_loss(flat, batch.target.flatten(0, 1), batch.weight.flatten(), name)

    def predict(self, subjects: tuple[int, ...]) -> NDArray[np.float32]:
        """Return predictions for all frames of some subjects, see `predict`."""
        return predict(self.run, subjects)

    def measure(self, predicted: NDArray[np.float32]) -> Measured:
        """Return the CCC of each dimension; the goal is their mean."""
        scores = named(self.run, score(predicted, self.run.snapshot.target[:, list(self.run.columns)]))
        goal = float(np.nanmean([each.ccc for each in scores] or [math.nan]))
        return Measured(goal, "ccc", {each.name: each.ccc for each in scores})


@torch.no_grad()
def predict(run: AffectRun, subjects: tuple[int, ...]) -> NDArray[np.float32]:
    """Return predictions for all frames of some subjects: float32 N×D over the snapshot's rows, NaN elsewhere."""
    run.network.eval()
    result = np.full((len(run.snapshot.target), len(run.columns)), np.nan, np.float32)
    # Pieces that are no larger than a step of training fit into memory where that did.
    piece = run.batch * run.length if run.images else PIECE
    for whole in cut(run.snapshot, subjects, piece, whole=True):
        state: torch.Tensor | None = None
        for first in range(whole.first, whole.last, piece):
            part = Stretch(first, min(first + piece, whole.last))
            batch = collate(run.snapshot, [part], run.columns, images=run.images).to(run.device)
            predicted, state = run.network.advance(batch.x, batch.landmarks, state)
            result[batch.rows[0]] = predicted[0].float().cpu().numpy()
    return np.clip(result, -1, 1)


def fit(run: AffectRun, journal: Journal) -> str:
    """Train until all epochs are done, patience has run out, or somebody asks to stop, and return the reason.

    Raises:
        UserError: No training subject has a labelled frame, there is not enough memory for a single sequence, or the
            disk is full.
    """
    return loop.fit(run, AffectTask(run), run.split.validation, journal)


def named(run: AffectRun, scores: list[Scores]) -> list[Scores]:
    """Give scores the names of their dimensions."""
    names = DIMENSIONS
    return [each.called(names[column]) for each, column in zip(scores, run.columns, strict=True)]
