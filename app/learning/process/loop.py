"""The one training loop: seeded epochs, early stopping, checkpoints; a batch is halved if memory runs out.

A `Task` is what is learned. It gives the loss of each step and says how good the network is on some people. Systems
that predict every frame and systems that predict a whole clip share everything else.
"""

import copy
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.domain.training_events import EPOCH, MEMORY, STOPPED, asked_to_stop
from app.errors import UserError
from app.learning.process import together
from app.learning.process.journal import Journal
from app.learning.process.state import TrainingState


@dataclass(frozen=True)
class Measured:
    """The scores of a network on some people.

    Attributes:
        goal: The number that early stopping maximises; NaN if nothing could be measured.
        kind: The kind of the scores, such as "ccc", for the names of curves.
        scores: Numbers by name, as the `epoch` event tells them under `validation`.
    """

    goal: float
    kind: str
    scores: Mapping[str, float]


class Task(Protocol):
    """What a training learns, as the loop sees it."""

    def losses(self, rng: np.random.Generator) -> Iterator[Tensor]:
        """Yield the loss of each step of one epoch, with its graph. The network is in training mode.

        Args:
            rng: Decides the order of everything.
        """

    def predict(self, subjects: tuple[int, ...]) -> NDArray[np.float32]:
        """Return predictions for all rows of some subjects: float32 rows × outputs, NaN elsewhere."""

    def measure(self, predicted: NDArray[np.float32]) -> Measured:
        """Compare predictions with labels, over the rows that have both."""


def learning_rate(run: TrainingState) -> float:
    """Return the learning rate, which decays exponentially in steps (Kollias et al. 2017, section 3.2)."""
    stairs = run.step // int(run.values["decay_steps"])
    return float(run.values["learning_rate"]) * float(run.values["decay"]) ** stairs


def train_epoch(run: TrainingState, task: Task) -> float:
    """Pass once over the training data. All randomness comes from (seed, epoch), so that a resumed run repeats it.

    Returns:
        The mean loss of the steps; NaN if there are none.
    """
    seed = int(run.values["seed"])
    rng = np.random.default_rng([seed, run.epoch])
    torch.manual_seed(seed * 100_003 + run.epoch)
    run.network.train()
    clip = float(run.values.get("clip", 1.0))
    losses: list[float] = []
    for loss in task.losses(rng):
        for group in run.optimiser.param_groups:
            group["lr"] = learning_rate(run)
        run.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        together.sum_gradients(run.network)
        torch.nn.utils.clip_grad_norm_(run.network.parameters(), clip)
        run.optimiser.step()
        run.step += 1
        losses.append(float(loss.detach()))
    return float(np.mean(losses)) if losses else math.nan


def fit(run: TrainingState, task: Task, validation: tuple[int, ...], journal: Journal) -> str:
    """Train until the epochs are done, patience is out, or somebody asks to stop.

    Args:
        run: The training, whose state advances.
        task: The task that is learned.
        validation: Indices of subjects for early stopping.
        journal: Receives an `epoch` event for each epoch, and `memory` when a batch was halved.

    Returns:
        The reason why it ended: "epochs", "patience" or `STOPPED`.

    Raises:
        UserError: There is not enough memory for a single example, or the disk is full.
    """
    epochs, patience = int(run.values["epochs"]), int(run.values["patience"])
    while run.epoch < epochs:
        if together.first(lambda: asked_to_stop(run.home)):
            return STOPPED
        if run.best_epoch >= 0 and run.epoch - run.best_epoch > patience:
            return "patience"
        began_s = time.perf_counter()
        # Steps taken before memory ran out stay taken; the epoch starts over with smaller batches.
        try:
            loss = train_epoch(run, task)
        except RuntimeError as error:
            halve_on_shortage(run, journal, error)
            continue
        measured = task.measure(task.predict(validation))
        if measured.goal > run.best_score:
            run.best_score, run.best_epoch = measured.goal, run.epoch
            run.best_weights = copy.deepcopy(run.network.state_dict())
        run.epoch += 1
        run.seconds += time.perf_counter() - began_s
        run.save()
        _tell(run, loss, measured, journal)
    return "epochs"


def _tell(run: TrainingState, loss: float, measured: Measured, journal: Journal) -> None:
    epochs = int(run.values["epochs"])
    journal.tell(
        EPOCH,
        fold=run.fold,
        folds=run.folds,
        epoch=run.epoch,
        epochs=epochs,
        loss=loss,
        learning_rate=learning_rate(run),
        validation=dict(measured.scores),
        best_epoch=run.best_epoch + 1,
        left_s=run.seconds / run.epoch * (epochs - run.epoch + epochs * (run.folds - run.fold)),
    )
    lead = f"fold{run.fold}/" if run.fold else ""
    journal.curve(f"{lead}loss", loss, run.epoch)
    for name, value in measured.scores.items():
        journal.curve(f"{lead}{measured.kind}/{name}", value, run.epoch)


def halve_on_shortage(run: TrainingState, journal: Journal, error: RuntimeError) -> None:
    """Continue with half the batch if memory ran out; raise any other error again.

    Raises:
        UserError: There is not enough memory for a single example.
        RuntimeError: It was another error.
    """
    short = isinstance(error, torch.OutOfMemoryError) or "not enough memory" in str(error) or "alloc" in str(error)
    if not short:
        raise error
    if together.size() > 1:
        raise UserError(
            "There is not enough memory for the share of one process.",
            "Choose a smaller batch, or start more processes.",
        ) from error
    if run.batch <= 1:
        raise UserError(
            "There is not enough memory for one sequence.", "Shorten the sequences or choose a smaller scale."
        ) from error
    run.batch //= 2
    run.optimiser.zero_grad(set_to_none=True)
    if run.device.type == "cuda":
        torch.cuda.empty_cache()
    journal.tell(MEMORY, batch=run.batch, text=f"Memory ran out, so training continues with batches of {run.batch}.")
