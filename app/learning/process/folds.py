"""Cross-validation by subject: shows how well a recipe does on people who are new to the model.

The subjects held out for the comparison stay out of it, so that nobody can tune settings on them by these numbers. It
comes after the model of the run, so that stopping it half-way costs nothing but the numbers.
"""

import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.recipe import Value
from app.domain.snapshot import Split
from app.domain.training_events import (
    CHECKPOINT,
    CROSS_VALIDATED,
    FOLD,
    FOLD_PREDICTED,
    FOLD_RESULT,
    FOLDS,
    NOTE,
)
from app.files import replacing
from app.learning.process import together
from app.learning.process.journal import Journal

STOP_SHARE: Final = 0.2
"""Share of the subjects outside a fold that its training uses for early stopping."""


@dataclass(frozen=True, eq=False)
class FoldModel:
    """The result of training one fold.

    Attributes:
        predicted: float32 rows × outputs over all rows of the data; those of the fold's subjects are read.
        epochs: Number of epochs that were trained; 0 for a model that is solved at once.
        best_epoch: The epoch that was taken, from 1; 0 if there are no epochs.
    """

    predicted: NDArray[np.float32]
    epochs: int = 0
    best_epoch: int = 0


class Folded(Protocol):
    """A recipe on data, as cross-validation sees it."""

    recipe: str
    """Name of the recipe."""
    values: Mapping[str, Value]
    """Its parameters."""
    data_sha256: str
    """Hash of the data."""
    subject: NDArray[np.int32]
    """Subject of each row of the data."""
    subjects: tuple[str, ...]
    """Names of the subjects."""
    outputs: int
    """Columns of a prediction."""
    home: Path
    """Folder of the model's own run."""

    def train(self, number: int, of: int, split: Split, out: Path, journal: Journal) -> FoldModel | None:
        """Train the model of a fold in the folder `out`; None if somebody asked to stop."""

    def scores(self, predicted: NDArray[np.float32]) -> dict[str, Any]:
        """Return scores of the predicted rows for JSON; rows of NaN were not predicted."""

    def summary(self, predicted: NDArray[np.float32]) -> dict[str, Any]:
        """Return scores over all folds' subjects for JSON, with intervals by subject."""


def deal(strata: Mapping[int, int], subjects: Sequence[int], folds: int, seed: int) -> list[Split]:
    """Deal subjects into folds so that each fold has its share of every stratum.

    Args:
        strata: The stratum of each subject: what it mostly shows.
        subjects: Indices of the subjects to deal.
        folds: Wanted number of folds; with few subjects there may be fewer or more.
        seed: Equal seeds give equal folds.

    Returns:
        One split for each fold, whose `test` is the fold. Every subject is in one fold, and at least two are outside
        each, for training and for early stopping. Empty if that is impossible.
    """
    n = len(subjects)
    folds = min(folds, n)
    while folds <= n and n - math.ceil(n / folds) < 2:
        folds += 1
    if folds < 2 or folds > n:
        return []
    mixed = np.random.default_rng([seed, 523]).permutation(np.asarray(subjects, np.int64))
    order = sorted((int(subject) for subject in mixed), key=lambda subject: strata[subject])
    splits = []
    for fold in range(folds):
        test = order[fold::folds]
        rest = [subject for subject in order if subject not in test]
        stop_by = max(1, round(STOP_SHARE * len(rest)))
        step = len(rest) // stop_by
        validation = rest[fold % step :: step][:stop_by]
        train = [subject for subject in rest if subject not in validation]
        splits.append(Split(tuple(sorted(train)), tuple(sorted(validation)), tuple(sorted(test))))
    return splits


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """The result of all folds.

    Attributes:
        predicted: float32 rows × outputs; each row by the fold that left its subject out, NaN outside the folds.
        facts: The number of folds, the summary and the parts, for JSON.
    """

    predicted: NDArray[np.float32]
    facts: dict[str, Any]


def cross_validate(folded: Folded, splits: Sequence[Split], journal: Journal) -> CrossValidated | None:
    """Train once for each fold and score its subjects. Finished folds are read; an interrupted one is continued.

    Args:
        folded: The recipe and its data.
        splits: See `deal`.
        journal: Receives a `fold` event for every fold, and `cross_validated` at the end.

    Returns:
        Predictions and scores. None if there are too few subjects, or if somebody asked to stop.
    """
    if not splits:
        journal.tell(NOTE, text="There are too few subjects to cross-validate.")
        return None
    predicted = np.full((len(folded.subject), folded.outputs), np.nan, np.float32)
    parts = []
    for number, split in enumerate(splits, 1):
        known = together.first(partial(_finished, folded, number, len(splits)))
        if known is not None:
            part, values = known
            predicted[_rows(folded, part)] = values
        else:
            out = folded.home / FOLDS / str(number)
            out.mkdir(parents=True, exist_ok=True)
            model = folded.train(number, len(splits), split, out, journal)
            if model is None:
                journal.tell(
                    NOTE, text=f"Stopped in fold {number} of {len(splits)}, so the model is not cross-validated."
                )
                return None
            part = _finish(folded, number, len(splits), split, model, predicted)
            journal.tell(FOLD, **part)
        parts.append(part)
    summary = {"folds": len(parts), **folded.summary(predicted), "parts": parts}
    journal.tell(CROSS_VALIDATED, **summary)
    return CrossValidated(predicted, summary)


def _finish(
    folded: Folded, number: int, of: int, split: Split, model: FoldModel, predicted: NDArray[np.float32]
) -> dict[str, Any]:
    """Put a fold's predictions into `predicted` and write them down; its checkpoint is needed no more."""
    rows = np.isin(folded.subject, split.test)
    predicted[rows] = model.predicted[rows]
    part = {
        "fold": number,
        "folds": of,
        "subjects": [folded.subjects[i] for i in split.test],
        "epochs": model.epochs,
        "best_epoch": model.best_epoch,
        "test": folded.scores(model.predicted),
    }
    out = folded.home / FOLDS / str(number)
    with replacing(out / FOLD_PREDICTED) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, predicted=model.predicted[rows])
    with replacing(out / FOLD_RESULT) as temporary:
        temporary.write_text(json.dumps({"identity": _identity(folded, number, of), **part}) + "\n", "utf-8")
    (out / CHECKPOINT).unlink(missing_ok=True)
    return part


def _finished(folded: Folded, number: int, of: int) -> tuple[dict[str, Any], NDArray[np.float32]] | None:
    """Return the facts and predictions of a fold trained before; None if there is none of this run."""
    folder = folded.home / FOLDS / str(number)
    try:
        part: dict[str, Any] = json.loads((folder / FOLD_RESULT).read_text("utf-8"))
        if part.pop("identity") != _identity(folded, number, of):
            shutil.rmtree(folder)
            return None
        with np.load(folder / FOLD_PREDICTED, allow_pickle=False) as file:
            return part, file["predicted"]
    except (OSError, ValueError, KeyError):
        return None


def _rows(folded: Folded, part: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Return which rows of the data belong to the people of a fold."""
    found: NDArray[np.bool_] = np.isin(folded.subject, [folded.subjects.index(name) for name in part["subjects"]])
    return found


def _identity(folded: Folded, number: int, of: int) -> str:
    """Return all that a fold's numbers depend on; a run may go on with more epochs, a finished fold may not."""
    facts = [folded.recipe, dict(folded.values), folded.data_sha256, number, of]
    return json.dumps(facts, sort_keys=True)
