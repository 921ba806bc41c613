"""The training process of system E: `python -m app.learning.affect.train --snapshot DIR --recipe NAME --out DIR`.

It runs in a separate process on a frozen snapshot, so that a crash cannot touch a label. A checkpoint is written after
every epoch. Started again with the same arguments, the training continues from there and ends with the same model. The
file `stop` in the output folder asks it to finish with the best epoch so far. Killing it discards the training.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.domain.snapshot import load_snapshot
from app.domain.training_events import BEST, DONE, HELD_OUT, RESULT, START, STOPPED, STOPPED_BY
from app.files import replacing
from app.learning.affect.fit import fit, named, predict
from app.learning.affect.folds import cross_validate
from app.learning.affect.run import AffectRun, prepare
from app.learning.affect.scores import Scores, score
from app.learning.process import checkpoint, program, together, training_program
from app.learning.process.journal import Journal


def finish(run: AffectRun, ending: str, validated: dict[str, Any] | None = None) -> list[Scores]:
    """Take the best weights, score the held-out subjects, and write what export and comparison need.

    Args:
        run: The model's own run.
        ending: The reason why it ended.
        validated: The result of the cross-validation, if there was one.

    Returns:
        The scores on the held-out subjects.
    """
    run.take_best()
    checkpoint.write(run.out / BEST, run.network.state_dict())
    held_out = predict(run, run.split.test)
    for name, said in ((HELD_OUT, held_out), (STOPPED_BY, predict(run, run.split.validation))):
        with replacing(run.out / name) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, predicted=said, columns=np.array(run.columns))
    scores = named(run, score(held_out, run.snapshot.target[:, list(run.columns)]))
    names = run.snapshot.subjects
    facts: dict[str, Any] = {
        "recipe": run.recipe.name,
        "values": run.values,
        "snapshot_sha256": run.snapshot.sha256,
        "epochs": run.epoch,
        "best_epoch": run.best_epoch + 1,
        "ending": ending,
        "seconds": run.seconds,
        "device": str(run.device),
        "subjects": {
            "train": [names[i] for i in run.split.train],
            "validation": [names[i] for i in run.split.validation],
            "test": [names[i] for i in run.split.test],
        },
        "test": {each.name: each.as_dict() for each in scores},
    }
    if validated is not None:
        facts["cross_validation"] = validated
    with replacing(run.out / RESULT) as temporary:
        temporary.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    return scores


def run_all(run: AffectRun, journal: Journal) -> None:
    """Train the model first and then the folds, so that the model exists if somebody stops in between."""
    journal.tell(
        START,
        recipe=run.recipe.name,
        epoch=run.epoch,
        device=str(run.device),
        values=run.values,
        folds=run.folds,
    )
    ending = fit(run, journal)
    scores = finish(run, ending)
    if run.folds and ending != STOPPED:
        validated = cross_validate(run, journal)
        if validated is not None:
            finish(run, ending, validated)
    journal.tell(DONE, ending=ending, epochs=run.epoch, test={each.name: each.ccc for each in scores})


def _train(args: argparse.Namespace) -> None:
    recipe, values, device = training_program.begin(args)
    with together.joined(args.out) as out:
        run = prepare(recipe, values, load_snapshot(args.snapshot), out, device)
        journal = Journal(out)
        try:
            run_all(run, journal)
        finally:
            journal.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, train, and return the exit status; see `app.learning.process.program.run`."""
    parser = training_program.arguments(
        "app.learning.affect.train", "Train a network of system E on a frozen snapshot.", "--snapshot"
    )
    return program.run(parser, _train, argv)


if __name__ == "__main__":
    program.step_back()
    sys.exit(main())
