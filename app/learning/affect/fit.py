"""The training loop: seeded epochs, early stopping, checkpoints; a batch is halved when memory runs out."""

import copy
import math
import time
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from app.domain.traces import DIMENSIONS
from app.domain.training_events import EPOCH, MEMORY, STOPPED, asked_to_stop
from app.errors import UserError
from app.learning.affect.losses import LossName, affect_loss
from app.learning.affect.run import AffectRun, save
from app.learning.affect.scores import Scores, score
from app.learning.affect.sequences import Stretch, collate, cut, draw_weights, epoch_batches
from app.learning.process.journal import Journal

PIECE: Final = 4096
"""Frames of features that are predicted at once."""


def learning_rate(run: AffectRun) -> float:
    """Exponential decay in stairs, as in the paper: × decay every decay_steps."""
    stairs = run.step // int(run.values["decay_steps"])
    return float(run.values["learning_rate"]) * float(run.values["decay"]) ** stairs


def train_epoch(run: AffectRun, stretches: list[Stretch], weights: NDArray[np.float64]) -> float:
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
def predict(run: AffectRun, subjects: tuple[int, ...]) -> NDArray[np.float32]:
    """Predictions for all frames of some subjects: float32 N×D over the snapshot's rows, NaN elsewhere."""
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


def scores_of(run: AffectRun, subjects: tuple[int, ...]) -> list[Scores]:
    """CCC, MSE and the rest, pooled over some subjects, for each dimension the network predicts."""
    return score(predict(run, subjects), run.snapshot.target[:, list(run.columns)])


def halve_on_shortage(run: AffectRun, journal: Journal, error: RuntimeError) -> None:
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
    journal.tell(MEMORY, batch=run.batch, text=f"Memory ran out: going on with batches of {run.batch}.")


def fit(run: AffectRun, journal: Journal) -> str:
    """Train until the epochs are done, patience is out, or somebody asks to stop. Returns which it was."""
    stretches = cut(run.snapshot, run.split.train, run.length, whole=False)
    if not stretches:
        raise UserError("No training subject has a labelled frame.", "Label more clips, or set their subjects.")
    weights = draw_weights(run.snapshot, stretches, balance=bool(run.values["balance"]))
    epochs, patience = int(run.values["epochs"]), int(run.values["patience"])
    while run.epoch < epochs:
        if asked_to_stop(run.home):
            return STOPPED
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
            EPOCH,
            fold=run.fold,
            folds=run.folds,
            epoch=run.epoch,
            epochs=epochs,
            loss=loss,
            learning_rate=learning_rate(run),
            validation={each.name: each.ccc for each in named(run, validation)},
            best_epoch=run.best_epoch + 1,
            left_s=run.seconds / run.epoch * (epochs - run.epoch + epochs * (run.folds - run.fold)),
        )
        lead = f"fold{run.fold}/" if run.fold else ""
        journal.curve(f"{lead}loss", loss, run.epoch)
        for each in named(run, validation):
            journal.curve(f"{lead}ccc/{each.name}", each.ccc, run.epoch)
    return "epochs"


def named(run: AffectRun, scores: list[Scores]) -> list[Scores]:
    """Scores with their dimensions' names."""
    names = DIMENSIONS
    return [each.called(names[column]) for each, column in zip(scores, run.columns, strict=True)]


def take_best(run: AffectRun) -> None:
    """Put the weights of the best epoch into the network."""
    if run.best_weights is not None:
        run.network.load_state_dict(run.best_weights)
