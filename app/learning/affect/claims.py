"""The claims of Kollias et al. 2017 on synthetic people: `python -m app.learning.affect.claims --out FILE.json`.

Every variant is trained with several seeds and tested on subjects that no variant has seen, and compared with what
their clips were made from; nothing is tuned on them. The papers' tables were measured on Aff-Wild, which needs a
licence. Data and finished trainings are kept in a folder, so that a run that was stopped continues where it was.
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from app.agreement.pooled import moments
from app.domain.recipe import Recipe, Value
from app.domain.recipes import find_recipe
from app.files import replacing, sha256_of
from app.inference.cards import find_model
from app.learning.affect.claims_data import SPEC, ClaimsData, kept_data, read_data
from app.learning.affect.fit import fit, predict
from app.learning.affect.run import prepare
from app.learning.affect.scores import score
from app.learning.affect.sequences import SHARES, Quadrants
from app.learning.affect.verdict import verdict
from app.learning.process import claims_program, program
from app.learning.process.code_version import files_version
from app.learning.process.journal import Journal

Tell = Callable[[int, int, str], None]
Trained = dict[str, Any]
"""`ccc`: of valence and arousal; `sums`: of each held-out subject and dimension, as `moments` returns them; `frames`:
number of frames."""


@dataclass(frozen=True)
class ClaimedVariant:
    """One way of training.

    Attributes:
        name: Short name.
        recipe: Name of a recipe.
        values: The values that differ from the base.
        one_rater: Whether it learns from one rater (another one for each seed) instead of the mean of all.
        paper: CCC of valence and arousal in the paper, if it gives them.
    """

    name: str
    recipe: str
    values: Mapping[str, Any]
    one_rater: bool = False
    paper: tuple[float, float] | None = None


BASE: Final[dict[str, Any]] = {"epochs": 60, "patience": 15, "dropout": 0.3, "learning_rate": 0.002}
VARIANTS: Final = (
    ClaimedVariant("CNN", "frame_head", {}, paper=(0.46, 0.35)),
    ClaimedVariant("CNN without landmarks", "frame_head", {"landmarks": "no"}, paper=(0.38, 0.31)),
    ClaimedVariant("CNN, one annotator", "frame_head", {}, one_rater=True, paper=(0.35, 0.25)),
    ClaimedVariant("CNN, MSE loss", "frame_head", {"loss": "mse"}),
    ClaimedVariant("CNN-RNN", "gru_head", {}, paper=(0.57, 0.43)),
    ClaimedVariant("CNN-RNN, one layer", "gru_head", {"layers": 1}, paper=(0.49, 0.40)),
    ClaimedVariant("CNN-RNN, LSTM", "gru_head", {"cell": "lstm"}, paper=(0.49, 0.38)),
)


@dataclass(frozen=True)
class Claim:
    """An ordering of results that the paper reports.

    Attributes:
        text: The claim in words.
        better: Name of the variant that should do better.
        than: Name of the other.
        provable: Whether the actor is made so that the claim must hold; other claims are only reported.
        why: What in the actor speaks for the claim or against it.
    """

    text: str
    better: str
    than: str
    provable: bool
    why: str


CLAIMS: Final = (
    Claim(
        "CNN-RNN > CNN",
        "CNN-RNN",
        "CNN",
        True,
        "for seconds the actor's face shows nothing while the affect goes on: only what came before tells",
    ),
    Claim(
        "landmarks > none",
        "CNN",
        "CNN without landmarks",
        True,
        "the 68 points are exact; the features of a frame model that finds eyes and mouth by itself may hold the same "
        "already",
    ),
    Claim(
        "mean of raters > one rater",
        "CNN",
        "CNN, one annotator",
        True,
        "bias, scale use and noise of the raters are independent: their mean is nearer to the truth",
    ),
    Claim(
        "CCC loss > MSE loss, in CCC",
        "CNN",
        "CNN, MSE loss",
        True,
        "the squared error draws uncertain predictions to the mean, which the concordance punishes",
    ),
    Claim(
        "GRU > LSTM",
        "CNN-RNN",
        "CNN-RNN, LSTM",
        False,
        "nothing in the actor speaks for either: it asks for a second or two of memory, which both have",
    ),
    Claim("two layers > one", "CNN-RNN", "CNN-RNN, one layer", False, "the actor's memory is short: one may suffice"),
)


@dataclass(frozen=True)
class Training:
    """One training of the table. Equal trainings run only once.

    Attributes:
        variant: Name of a variant.
        seed: Seed of the training.
        epochs: A smaller number of epochs than the base has; None for that of the base.
        quadrants: The shares of the quadrants, see `app.learning.affect.sequences.SHARES`.
    """

    variant: str
    seed: int
    epochs: int | None = None
    quadrants: Quadrants = "paper"

    @property
    def key(self) -> str:
        """Everything on which the numbers depend besides the data."""
        recipe, values = _setting(self)
        return json.dumps([recipe.name, values, _variant(self.variant).one_rater, code_version()], sort_keys=True)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return a short hash of every file that affects a training's numbers; a change of any of them trains again."""
    return files_version("app/learning", "app/domain", "app/agreement/pooled.py", "app/agreement/ccc.py")


def _variant(name: str) -> ClaimedVariant:
    return next(variant for variant in VARIANTS if variant.name == name)


def _setting(training: Training) -> tuple[Recipe, dict[str, Value]]:
    variant = _variant(training.variant)
    recipe = find_recipe(variant.recipe)
    given = {**BASE, **variant.values, "seed": training.seed, "quadrants": training.quadrants}
    if training.epochs:
        given["epochs"] = training.epochs
    if recipe.network == "head":
        given["batch"] = 4
    return recipe, recipe.values(given)


def train_one(training: Training, data: ClaimsData) -> Trained:
    """Train once and return the scores on the held-out subjects against what their clips were made from."""
    recipe, values = _setting(training)
    snapshot = data.of_rater(training.seed) if _variant(training.variant).one_rater else data.snapshot
    snapshot = replace(snapshot, sha256=training.key)
    with tempfile.TemporaryDirectory(prefix="affectograph-claims-") as place:
        run = prepare(recipe, values, snapshot, Path(place), torch.device("cpu"))
        journal = Journal(run.out)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                fit(run, journal)
        finally:
            journal.close()
        run.take_best()
        predicted = predict(run, run.split.test)
        valence, arousal = score(predicted, data.truth)
        sums = [_sums(predicted, data.truth, snapshot.subject == subject) for subject in run.split.test]
    return {"ccc": [valence.ccc, arousal.ccc], "sums": sums, "frames": valence.n}


def _sums(predicted: NDArray[np.float32], truth: NDArray[np.float32], rows: NDArray[np.bool_]) -> list[list[float]]:
    """Per dimension the six sums of one subject from which a pooled CCC follows."""
    out = []
    for column in range(truth.shape[1]):
        known = rows & np.isfinite(predicted[:, column]) & np.isfinite(truth[:, column])
        gold, said = (one[known, column].astype(np.float64) for one in (truth, predicted))
        out.append([float(value) for value in moments(gold, said)])
    return out


_data: ClaimsData | None = None
"""State of a worker process."""


def _begin(path: str) -> None:
    global _data  # a worker reads its data once, not with every training
    torch.set_num_threads(1)
    _data = read_data(Path(path))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    """End a worker whose parent was killed, which would wait for ever."""
    parent.join()
    os._exit(1)


def _work(training: Training) -> Trained:
    if _data is None:
        raise RuntimeError("the worker has no data")
    return train_one(training, _data)


def run_claims(
    data_file: Path,
    seeds: Sequence[int],
    tell: Tell,
    *,
    epochs: int | None = None,
    jobs: int = 1,
    quadrants: Quadrants = "paper",
) -> dict[str, Any]:
    """Train every variant with every seed; earlier trainings are read from their files.

    Args:
        data_file: The file that `kept_data` returns; finished trainings are kept beside it.
        seeds: Seeds of the trainings.
        tell: Called with (done, total, name).
        epochs: A smaller number of epochs, for a quick look.
        jobs: Number of trainings at a time, each with one thread.
        quadrants: The shares of the quadrants in all trainings.

    Returns:
        `variants`: for each name the CCC of valence and arousal per seed, the medians and the paper's numbers.
        `claims`: the verdict on each claim.
    """
    kept = data_file.with_name(data_file.stem.replace("data-", "trained-") + ".json")
    known: dict[str, Trained] = json.loads(kept.read_text("utf-8")) if kept.is_file() else {}
    wanted = [Training(variant.name, seed, epochs, quadrants) for variant in VARIANTS for seed in seeds]
    missing = [training for training in wanted if training.key not in known]
    tell(len(wanted) - len(missing), len(wanted), "Training")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(str(data_file),)) as pool:
        # The slow ones, which stand last, first: no core waits at the end.
        waiting = {pool.submit(_work, training): training for training in reversed(missing)}
        for done, future in enumerate(as_completed(waiting), len(wanted) - len(missing) + 1):
            known[waiting[future].key] = future.result()
            with replacing(kept) as temporary:
                temporary.write_text(json.dumps(known), "utf-8")
            tell(done, len(wanted), waiting[future].variant)
    results = {
        variant.name: [known[training.key] for training in wanted if training.variant == variant.name]
        for variant in VARIANTS
    }
    return _table(results, read_data(data_file), seeds)


def _table(results: Mapping[str, list[Trained]], data: ClaimsData, seeds: Sequence[int]) -> dict[str, Any]:
    scores = {name: [one["ccc"] for one in found] for name, found in results.items()}
    medians = {name: [float(m) for m in np.median(np.array(found), axis=0)] for name, found in scores.items()}
    card = find_model(None)
    return {
        "variants": {
            variant.name: {
                "seeds": scores[variant.name],
                "median": medians[variant.name],
                "paper": None if variant.paper is None else list(variant.paper),
            }
            for variant in VARIANTS
        },
        "claims": [judge(claim, results, medians) for claim in CLAIMS],
        "subjects": {part: len(names) for part, names in data.snapshot.manifest["split"].items()},
        "frames": next(iter(results.values()))[0]["frames"],
        "code": code_version(),
        "seeds": list(seeds),
        "frame_model": {"name": card.name, "version": card.version, "sha256": sha256_of(card.path())},
    }


def judge(claim: Claim, results: Mapping[str, list[Trained]], medians: Mapping[str, list[float]]) -> dict[str, Any]:
    """Say whether a claim held, by `app.learning.affect.verdict`, and what the paper printed.

    Args:
        claim: The claim, which names the better variant and the other one.
        results: The trainings of all seeds, by variant.
        medians: Their medians over the seeds, by variant.

    Returns:
        A row of the report in plain values; the keys are those of `docs/claims.md`.
    """
    ours = [float(np.mean(medians[name])) for name in (claim.better, claim.than)]
    papers = [_variant(name).paper for name in (claim.better, claim.than)]
    better, than = ([np.array(one["sums"]) for one in results[name]] for name in (claim.better, claim.than))
    found = verdict(better, than)
    return {
        "claim": claim.text,
        "better": claim.better,
        "than": claim.than,
        "ours": ours,
        "paper": None if None in papers else [float(np.mean(each)) for each in papers if each],
        "held": found.answer == "held",
        **found.as_dict(),
        "provable": claim.provable,
        "why": claim.why,
    }


def _claim(args: argparse.Namespace) -> None:
    data = kept_data(claims_program.progress(), args.work, replace(SPEC, subjects=args.subjects))
    found = run_claims(
        data,
        range(args.seeds),
        claims_program.tell,
        epochs=args.epochs,
        jobs=max(args.jobs, 1),
        quadrants=args.quadrants,
    )
    claims_program.write(found, args.out)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the claims and return the exit status.

    Progress goes to standard output as JSON lines, the result to the file.
    """
    parser = claims_program.arguments(
        "app.learning.affect.claims", "System E's claims on synthetic people.", SPEC.subjects
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trainings at a time")
    parser.add_argument("--quadrants", choices=sorted(SHARES), default="paper", help="shares of the quadrants")
    return program.run(parser, _claim, argv)


if __name__ == "__main__":
    sys.exit(main())
