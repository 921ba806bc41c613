"""The training process for categories: `python -m app.learning.clip.train --items DIR --recipe NAME --out DIR`.

It runs in a separate process on frozen items, so that a crash cannot touch a label. Started again with the same
arguments, it continues from its last checkpoint. The file `stop` in the output folder asks it to finish with the best
epoch so far. Every training stores the probabilities of each held-out item, and those of each other item from the fold
that left its subject out. Reports, comparison and fusion read nothing else.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from app.agreement.category_prediction import MEASURES, CategoryScores, score_categories
from app.domain.item_data import ItemData, load_items
from app.domain.json_values import number
from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Split
from app.domain.training_events import BEST, DONE, HELD_OUT, NOTE, NUMBERS, OUT_OF_FOLD, RESULT, SOLVED, START, STOPPED
from app.files import replacing
from app.learning.clip.base.member import Machine, Solved
from app.learning.clip.joined import as_read
from app.learning.clip.members import member_of
from app.learning.clip.run import ClipRun, prepare, too_large
from app.learning.clip.second import followed
from app.learning.clip.solved import SolvedMember
from app.learning.clip.task import ClipTask
from app.learning.process import checkpoint, folds, loop, program, together, training_program
from app.learning.process.folds import FoldModel
from app.learning.process.journal import Journal
from app.learning.process.state import wished_folds


class FoldedClip:
    """A recipe for categories, as cross-validation sees it.

    Args:
        recipe: The recipe to train.
        values: All parameters of the recipe.
        data: The items.
        home: Folder of the model's run.
        device: The device to train on.
    """

    def __init__(
        self, recipe: Recipe, values: dict[str, Value], data: ItemData, home: Path, device: torch.device
    ) -> None:
        self._recipe, self.data, self.device = recipe, data, device
        self.recipe = recipe.name
        self._values = values
        self.values: Mapping[str, Value] = values
        self.data_sha256 = data.sha256
        self.subject = data.subject
        self.subjects = data.subjects
        self.outputs = len(data.classes)
        self.home = home
        self.member = SolvedMember(recipe, values, data) if isinstance(member_of(recipe.network), Machine) else None
        self.batch: int | None = None
        self.chosen: dict[str, object] = {}

    def model(self, split: Split, journal: Journal) -> tuple[FoldModel, str]:
        """Train the model itself, predict the held-out subjects, and return both with the reason for the ending."""
        if self.member is not None:
            alone = self.member.solve(split)
            self._keep(alone)
            return FoldModel(alone.predicted), SOLVED
        run = self._run(split, self.home, 0, wished_folds(self.values))
        note = too_large(run.network)
        if note:
            journal.tell(NOTE, text=note)
        ending = loop.fit(run, ClipTask(run), split.validation, journal)
        self.batch = run.batch
        run.take_best()
        checkpoint.write(self.home / BEST, run.network.state_dict())
        solved = followed(run)
        if solved is not None:
            self._keep(solved)
        return self._predicted(run, solved), ending

    def train(self, number: int, of: int, split: Split, out: Path, journal: Journal) -> FoldModel | None:
        """Train the model of a fold, or continue its training; None if somebody asked to stop."""
        if self.member is not None:
            return FoldModel(self.member.solve(split).predicted)
        run = self._run(split, out, number, of)
        run.batch = min(run.batch, self.batch or run.batch)
        if loop.fit(run, ClipTask(run), split.validation, journal) == STOPPED:
            return None
        run.take_best()
        return self._predicted(run, followed(run))

    def scores(self, predicted: NDArray[np.float32]) -> dict[str, Any]:
        """Return the measures of one fold."""
        return {name: each.value for name, each in self._scored(predicted).measures.items()}

    def summary(self, predicted: NDArray[np.float32]) -> dict[str, Any]:
        """Return the measures over all folds, with intervals by subject."""
        return as_dict(self._scored(predicted))

    def _scored(self, predicted: NDArray[np.float32]) -> CategoryScores:
        return score_categories(predicted, self.data.target, self.data.subject, self.data.votes)

    def _run(self, split: Split, out: Path, fold: int, of: int) -> ClipRun:
        return prepare(
            self._recipe, self._values, self.data, out, self.device, split, fold=fold, folds=of, home=self.home
        )

    def _keep(self, solved: Solved) -> None:
        """Write the numbers of a machine, and note its settings."""
        self.chosen = solved.chosen
        with replacing(self.home / NUMBERS) as temporary, temporary.open("wb") as file:
            np.savez(file, **dict[str, Any](solved.numbers))

    def _predicted(self, run: ClipRun, solved: Solved | None) -> FoldModel:
        said = ClipTask(run).predict(run.split.test) if solved is None else solved.predicted
        return FoldModel(said, run.epoch, run.best_epoch + 1)


def as_dict(scores: CategoryScores) -> dict[str, Any]:
    """Return scores for JSON: `n`, `n_subjects`, and `value`, `low` and `high` of each measure.

    A measure that is undefined is null.
    """
    found: dict[str, Any] = {"n": scores.n, "n_subjects": scores.n_subjects}
    for name in MEASURES:
        each = scores.measures[name]
        found[name] = {"value": number(each.value), "low": number(each.low), "high": number(each.high)}
    return found


def split_of(data: ItemData, share: float) -> Split:
    """Return the split of the manifest as numbers of subjects.

    Args:
        data: The items.
        share: Share of the training subjects that are used, for learning curves.
    """
    place = {name: i for i, name in enumerate(data.subjects)}
    parts = data.manifest["split"]
    train, validation, test = (tuple(place[name] for name in parts[part]) for part in ("train", "validation", "test"))
    return Split(train[: max(1, round(share * len(train)))], validation, test)


def deal(data: ItemData, subjects: Sequence[int], wished: int, seed: int) -> list[Split]:
    """Deal subjects into folds by the category that each shows most often.

    Args:
        data: The items.
        subjects: Numbers of the subjects to deal.
        wished: Wanted number of folds; 0 leaves out one official group of subjects at a time, or one subject if there
            are not groups.
        seed: Equal seeds give equal folds.
    """
    groups = data.manifest.get("groups", {})
    if not wished and all(data.subjects[subject] in groups for subject in subjects):
        return _by_group(data, subjects, groups, seed)
    strata = {
        subject: int(np.bincount(data.label[data.items_of((subject,))], minlength=len(data.classes)).argmax())
        for subject in subjects
    }
    return folds.deal(strata, subjects, wished or len(subjects), seed)


def _by_group(data: ItemData, subjects: Sequence[int], groups: Mapping[str, str], seed: int) -> list[Split]:
    """Return a fold for each group of subjects; some of the others' subjects decide when to stop."""
    splits = []
    for group in sorted({groups[data.subjects[subject]] for subject in subjects}):
        test = [subject for subject in subjects if groups[data.subjects[subject]] == group]
        rest = [subject for subject in subjects if subject not in test]
        if len(rest) < 2:
            return []
        dealt = np.random.default_rng([seed, 523]).permutation(np.array(rest)).tolist()
        stop_by = max(1, round(folds.STOP_SHARE * len(rest)))
        splits.append(Split(tuple(sorted(dealt[stop_by:])), tuple(sorted(dealt[:stop_by])), tuple(sorted(test))))
    return splits


def run_all(recipe: Recipe, values: dict[str, Value], data: ItemData, out: Path, device: torch.device) -> None:
    """Train the model first and then the folds, so that the model exists if somebody stops in between."""
    journal = Journal(out)
    try:
        split = split_of(data, float(values["share"]))
        folded = FoldedClip(recipe, values, data, out, device)
        wished = int(values["folds"])
        journal.tell(START, recipe=recipe.name, epoch=0, device=str(device), values=values, folds=wished)
        model, ending = folded.model(split, journal)
        _save(out / HELD_OUT, data, model.predicted)
        facts: dict[str, Any] = {
            "recipe": recipe.name,
            "values": values,
            "items_sha256": data.sha256,
            "ending": ending,
            "epochs": model.epochs,
            "best_epoch": model.best_epoch,
            "chosen": folded.chosen,
            "device": str(device),
            "subjects": data.manifest["split"],
            "test": folded.summary(model.predicted),
        }
        _write(out, facts)
        if wished != 1 and ending != STOPPED:
            splits = deal(data, (*split.train, *split.validation), wished, int(values["seed"]))
            done = folds.cross_validate(folded, splits, journal)
            if done is not None:
                _save(out / OUT_OF_FOLD, data, done.predicted)
                _write(out, {**facts, "cross_validation": done.facts})
        journal.tell(DONE, ending=ending, epochs=model.epochs, test=facts["test"])
    finally:
        journal.close()


def _save(path: Path, data: ItemData, predicted: NDArray[np.float32]) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, predicted=predicted, classes=np.array(data.classes), items=np.array(data.items))


def _write(out: Path, facts: Mapping[str, Any]) -> None:
    with replacing(out / RESULT) as temporary:
        temporary.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def _train(args: argparse.Namespace) -> None:
    recipe, values, device = training_program.begin(args)
    with together.joined(args.out) as out:
        run_all(recipe, values, as_read(recipe, load_items(args.items)), out, device)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, train, and return the exit status; see `app.learning.process.program.run`."""
    parser = training_program.arguments(
        "app.learning.clip.train", "Train a model of categories on frozen items.", "--items"
    )
    return program.run(parser, _train, argv)


if __name__ == "__main__":
    program.step_back()
    sys.exit(main())
