"""Cross-validation of system E: folds share the quadrants of the plane equally and are scored by concordance."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement.pooled import pooled_ccc
from app.domain import json_values
from app.domain.recipe import Value
from app.domain.snapshot import Snapshot, Split
from app.domain.traces import DIMENSIONS
from app.domain.training_events import STOPPED
from app.learning.affect.fit import fit, named, predict
from app.learning.affect.run import AffectRun, prepare
from app.learning.affect.scores import score
from app.learning.affect.sequences import quadrant
from app.learning.process import folds as process
from app.learning.process.folds import FoldModel
from app.learning.process.journal import Journal


def deal(snapshot: Snapshot, subjects: Sequence[int], folds: int, seed: int) -> list[Split]:
    """Deal subjects into folds by the quadrant that each is mostly in; see `app.learning.process.folds.deal`.

    Args:
        snapshot: The data whose labels say in which quadrant a subject mostly is.
        subjects: Indices of the subjects to deal.
        folds: Wanted number of folds.
        seed: Equal seeds give equal folds.
    """
    return process.deal({subject: _mostly(snapshot, subject) for subject in subjects}, subjects, folds, seed)


def _mostly(snapshot: Snapshot, subject: int) -> int:
    rows = snapshot.labelled & (snapshot.subject == subject)
    return int(np.bincount(quadrant(snapshot.target[rows]), minlength=4).argmax())


class FoldedAffect:
    """A finished training of system E, whose recipe, values, data and batch size are those of its folds.

    Args:
        run: The model's own run, already trained.
    """

    def __init__(self, run: AffectRun) -> None:
        self.run = run
        self.recipe = run.recipe.name
        self.values: Mapping[str, Value] = run.values
        self.data_sha256 = run.data_sha256
        self.subject = run.snapshot.subject
        self.subjects = run.snapshot.subjects
        self.outputs = len(run.columns)
        self.home = run.home

    def train(self, number: int, of: int, split: Split, out: Path, journal: Journal) -> FoldModel | None:
        """Train the model of a fold, or continue its training; see `app.learning.process.folds.Folded`."""
        run = self.run
        fold = prepare(run.recipe, run.values, run.snapshot, out, run.device, split=split, fold=number, home=run.home)
        fold.folds = of
        # What did not fit into memory for the model does not fit for a fold.
        fold.batch = min(fold.batch, run.batch)
        if fit(fold, journal) == STOPPED:
            return None
        fold.take_best()
        return FoldModel(predict(fold, split.test), fold.epoch, fold.best_epoch + 1)

    def scores(self, predicted: NDArray[np.float32]) -> dict[str, Any]:
        """Return the CCC of each dimension."""
        run = self.run
        found = named(run, score(predicted, run.snapshot.target[:, list(run.columns)]))
        return {each.name: json_values.number(each.ccc) for each in found}

    def summary(self, predicted: NDArray[np.float32]) -> dict[str, Any]:
        """Return the CCC over all subjects with its interval by subject.

        Each is predicted by the fold that left it out.
        """
        found: dict[str, Any] = {}
        for at, column in enumerate(self.run.columns):
            gold = self.run.snapshot.target[:, column].astype(np.float64)
            pooled = pooled_ccc(gold, predicted[:, at].astype(np.float64), self.subject)
            found[DIMENSIONS[column]] = {
                "ccc": json_values.number(pooled.ccc),
                "interval": [json_values.number(end) for end in pooled.interval],
                "n_subjects": pooled.n_subjects,
            }
        return found


def cross_validate(run: AffectRun, journal: Journal) -> dict[str, Any] | None:
    """Cross-validate a finished training; see `app.learning.process.folds.cross_validate`.

    Args:
        run: The model's own run, already trained.
        journal: Receives the events.

    Returns:
        For each dimension the CCC over all folds' subjects with its interval by subject, and the folds. None if there
        are too few subjects, or if somebody asked to stop.
    """
    split = run.split
    splits = deal(run.snapshot, (*split.train, *split.validation), run.folds, int(run.values["seed"]))
    done = process.cross_validate(FoldedAffect(run), splits, journal)
    return None if done is None else done.facts
