"""The training process of system E: `python -m app.learning.affect.train --snapshot DIR --recipe NAME --out DIR`.

It runs in a process of its own, on a frozen snapshot: a crash here cannot touch a label. A checkpoint is written after
every epoch; started again with the same arguments it goes on from there and ends with the same model. The file `stop`
in the output folder means: finish with the best epoch so far. Killing it means: discard.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from app.domain.recipes import find_recipe
from app.domain.snapshot import load_snapshot
from app.errors import UserError
from app.files import replacing
from app.learning.affect.fit import fit, named, predict, take_best
from app.learning.affect.folds import cross_validate
from app.learning.affect.run import Run, pick_device, prepare
from app.learning.affect.scores import Scores, score
from app.learning.process.journal import Journal

BEST: Final = "best.pt"


def finish(run: Run, ending: str, validated: dict[str, Any] | None = None) -> list[Scores]:
    """Take the best weights, score the held-out subjects, and write what export and comparison need.

    Args:
        run: The model's own run.
        ending: Why it ended.
        validated: What cross-validation found, where there was one.

    Returns:
        The scores on the held-out subjects.
    """
    take_best(run)
    with replacing(run.out / BEST) as temporary:
        torch.save(run.network.state_dict(), temporary)
    held_out = predict(run, run.split.test)
    with replacing(run.out / "held_out.npz") as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, predicted=held_out, columns=np.array(run.columns))
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
    with replacing(run.out / "result.json") as temporary:
        temporary.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    return scores


def run_all(run: Run, journal: Journal) -> None:
    """The model first, then the folds: whoever stops in between has the model."""
    journal.tell(
        "start",
        recipe=run.recipe.name,
        epoch=run.epoch,
        device=str(run.device),
        values=run.values,
        folds=run.folds,
    )
    ending = fit(run, journal)
    scores = finish(run, ending)
    if run.folds and ending != "stopped":
        validated = cross_validate(run, journal)
        if validated is not None:
            finish(run, ending, validated)
    journal.tell("done", ending=ending, epochs=run.epoch, test={each.name: each.ccc for each in scores})


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments and train; exit status 1 with one line on stderr where the user can mend it."""
    parser = argparse.ArgumentParser(description="Train a network of system E on a frozen snapshot.")
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 is one fewer than there are cores")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings")
    args = parser.parse_args(argv)
    # The window must stay responsive beside us: a core to spare.
    torch.set_num_threads(args.threads or max(1, (os.cpu_count() or 2) - 1))
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        recipe = find_recipe(args.recipe)
        values = recipe.values(dict(pair.split("=", 1) for pair in args.settings))
        run = prepare(recipe, values, load_snapshot(args.snapshot), args.out, pick_device(args.device))
        journal = Journal(args.out)
        try:
            run_all(run, journal)
        finally:
            journal.close()
    except UserError as error:
        print(json.dumps({"event": "refused", "what": error.what, "todo": error.todo}), flush=True)  # noqa: T201
        print(f"affectograph: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    # Low priority, for the same reason.
    if hasattr(os, "nice"):
        os.nice(10)
    sys.exit(main())
