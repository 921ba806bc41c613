"""Cross-validation by subject: how well a recipe does on people whom the model of that fold has never met.

The subjects held out for the comparison stay out of it, so that whoever tries settings by these numbers learns nothing
of them. It comes after the model of the run: stopped half-way, it costs the user nothing but the numbers.
"""

import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.pooled import pooled_ccc
from app.domain import json_values
from app.domain.snapshot import Snapshot, Split
from app.domain.traces import DIMENSIONS
from app.domain.training_events import (
    CHECKPOINT,
    CROSS_VALIDATED,
    FOLD,
    FOLD_PREDICTED,
    FOLD_RESULT,
    FOLDS,
    NOTE,
    STOPPED,
)
from app.files import replacing
from app.learning.affect.fit import fit, named, predict, take_best
from app.learning.affect.run import AffectRun, prepare
from app.learning.affect.scores import score
from app.learning.affect.sequences import quadrant
from app.learning.process.journal import Journal

STOP_SHARE: Final = 0.2
"""Of the subjects outside a fold, those that its training stops by."""


def deal(snapshot: Snapshot, subjects: Sequence[int], folds: int, seed: int) -> list[Split]:
    """Deal subjects into folds, so that each fold has its part of those in every quadrant of the plane.

    Args:
        snapshot: Whose labels say in which quadrant a subject mostly is.
        subjects: Indices of subjects to deal.
        folds: How many are wished for; with few subjects there may be fewer or more.
        seed: Equal seeds give equal folds.

    Returns:
        One split a fold: `test` is the fold. Every subject is in one fold; at least two are outside each, to learn from
        and to stop by. Empty where that cannot be.
    """
    n = len(subjects)
    folds = min(folds, n)
    while folds <= n and n - math.ceil(n / folds) < 2:
        folds += 1
    if folds < 2 or folds > n:
        return []
    mixed = np.random.default_rng([seed, 523]).permutation(np.asarray(subjects, np.int64))
    order = sorted((int(subject) for subject in mixed), key=lambda subject: _mostly(snapshot, subject))
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


def _mostly(snapshot: Snapshot, subject: int) -> int:
    rows = snapshot.labelled & (snapshot.subject == subject)
    return int(np.bincount(quadrant(snapshot.target[rows]), minlength=4).argmax())


def cross_validate(run: AffectRun, journal: Journal) -> dict[str, Any] | None:
    """Train once for each fold and score the fold's subjects; finished folds are read, a broken-off one goes on.

    Args:
        run: The model's own run, already trained: its recipe, values, data and batch size are those of the folds.
        journal: Gets an `epoch` event with the fold's number for every epoch, a `fold` event for every fold, and
            `cross_validated` in the end.

    Returns:
        For each dimension CCC over all folds' subjects with its interval by subject; the folds. None where there are
        too few subjects, or somebody asked to stop.
    """
    splits = deal(run.snapshot, (*run.split.train, *run.split.validation), run.folds, int(run.values["seed"]))
    if not splits:
        journal.tell(NOTE, text="There are too few subjects to cross-validate.")
        return None
    run = replace(run, folds=len(splits))
    predicted = np.full((len(run.snapshot.target), len(run.columns)), np.nan, np.float32)
    parts = []
    for number, split in enumerate(splits, 1):
        part = _finished(run, number, predicted)
        if part is None:
            fold = fold_run(run, number, split)
            if fit(fold, journal) == STOPPED:
                journal.tell(NOTE, text=f"Stopped in fold {number} of {len(splits)}: not cross-validated.")
                return None
            part = _finish(fold, predicted)
            journal.tell(FOLD, **part)
        parts.append(part)
    summary = summarise(run, predicted, parts)
    journal.tell(CROSS_VALIDATED, **summary)
    return summary


def fold_run(run: AffectRun, number: int, split: Split) -> AffectRun:
    """The run of one fold, with its last checkpoint taken up."""
    out = run.home / FOLDS / str(number)
    out.mkdir(parents=True, exist_ok=True)
    fold = prepare(run.recipe, run.values, run.snapshot, out, run.device, split=split, fold=number, home=run.home)
    fold.folds = run.folds
    # What did not fit into memory for the model does not fit for a fold.
    fold.batch = min(fold.batch, run.batch)
    return fold


def _finish(run: AffectRun, predicted: NDArray[np.float32]) -> dict[str, Any]:
    """Predict a trained fold's subjects, into `predicted`, and write that down; its checkpoint is needed no more."""
    take_best(run)
    values = predict(run, run.split.test)
    rows = np.isin(run.snapshot.subject, run.split.test)
    predicted[rows] = values[rows]
    scores = named(run, score(values, run.snapshot.target[:, list(run.columns)]))
    part = {
        "fold": run.fold,
        "folds": run.folds,
        "subjects": [run.snapshot.subjects[i] for i in run.split.test],
        "epochs": run.epoch,
        "best_epoch": run.best_epoch + 1,
        "test": {each.name: json_values.number(each.ccc) for each in scores},
    }
    with replacing(run.out / FOLD_PREDICTED) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, predicted=values[rows])
    with replacing(run.out / FOLD_RESULT) as temporary:
        temporary.write_text(json.dumps({"identity": _identity(run), **part}) + "\n", "utf-8")
    (run.out / CHECKPOINT).unlink(missing_ok=True)
    return part


def _finished(run: AffectRun, number: int, predicted: NDArray[np.float32]) -> dict[str, Any] | None:
    """A fold trained before, its predictions put into `predicted`; None where it is not there or of another run."""
    folder = run.home / FOLDS / str(number)
    try:
        part: dict[str, Any] = json.loads((folder / FOLD_RESULT).read_text("utf-8"))
        if part.pop("identity") != _identity(replace(run, fold=number)):
            shutil.rmtree(folder)
            return None
        with np.load(folder / FOLD_PREDICTED, allow_pickle=False) as file:
            values = file["predicted"]
    except (OSError, ValueError, KeyError):
        return None
    names = run.snapshot.subjects
    rows = np.isin(run.snapshot.subject, [names.index(name) for name in part["subjects"]])
    predicted[rows] = values
    return part


def _identity(run: AffectRun) -> str:
    """All that a fold's numbers depend on; a run may go on with more epochs, a finished fold may not."""
    facts = [run.recipe.name, run.values, run.snapshot.sha256, run.fold, run.folds]
    return json.dumps(facts, sort_keys=True)


def summarise(run: AffectRun, predicted: NDArray[np.float32], parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Concordance over all subjects, each predicted by the fold that left it out; plain values for JSON."""
    found: dict[str, Any] = {}
    for at, column in enumerate(run.columns):
        gold = run.snapshot.target[:, column].astype(np.float64)
        pooled = pooled_ccc(gold, predicted[:, at].astype(np.float64), run.snapshot.subject)
        found[DIMENSIONS[column]] = {
            "ccc": json_values.number(pooled.ccc),
            "interval": [json_values.number(end) for end in pooled.interval],
            "n_subjects": pooled.n_subjects,
        }
    return {"folds": len(parts), **found, "parts": list(parts)}
