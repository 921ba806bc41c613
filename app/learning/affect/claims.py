"""The claims of Kollias et al. 2017 on synthetic people: `python -m app.learning.affect.claims --out FILE.json`.

Every variant is trained with several seeds and tested on subjects that no variant has seen, against what their clips
were made from; nothing is tuned on them. The papers' tables were measured on Aff-Wild, which needs a licence.
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from app.domain.recipes import find_recipe
from app.domain.snapshot import Snapshot
from app.errors import UserError
from app.files import replacing
from app.jobs import Context
from app.learning.affect.claims_data import SPEC, ClaimsData, make_data
from app.learning.affect.fit import fit, predict, take_best
from app.learning.affect.journal import Journal
from app.learning.affect.run import prepare
from app.learning.affect.scores import score


@dataclass(frozen=True)
class Variant:
    """One way of training.

    Attributes:
        name: Short.
        recipe: Name of a recipe.
        values: What differs from the base.
        one_rater: Learns from one rater (another one for each seed) and not from the mean of all.
        paper: CCC of valence and arousal in the paper, where it gives them.
    """

    name: str
    recipe: str
    values: Mapping[str, Any]
    one_rater: bool = False
    paper: tuple[float, float] | None = None


BASE: Final[dict[str, Any]] = {"epochs": 60, "patience": 15, "dropout": 0.3, "learning_rate": 0.002}
VARIANTS: Final = (
    Variant("CNN", "frame_head", {}, paper=(0.46, 0.35)),
    Variant("CNN without landmarks", "frame_head", {"landmarks": "no"}, paper=(0.38, 0.31)),
    Variant("CNN, one annotator", "frame_head", {}, one_rater=True, paper=(0.35, 0.25)),
    Variant("CNN, MSE loss", "frame_head", {"loss": "mse"}),
    Variant("CNN-RNN", "gru_head", {}, paper=(0.57, 0.43)),
    Variant("CNN-RNN, one layer", "gru_head", {"layers": 1}, paper=(0.49, 0.40)),
    Variant("CNN-RNN, LSTM", "gru_head", {"cell": "lstm"}, paper=(0.49, 0.38)),
)


@dataclass(frozen=True)
class Claim:
    """One ordering that the paper reports.

    Attributes:
        text: In words.
        better: Name of the variant that should do better.
        than: Name of the other.
        provable: Whether the actor is made so that it must hold; the others are reported as they fall.
        why: What in the actor speaks for it, or what may speak against it.
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
        "the 68 points are exact, and the features come from a model that was trained for expressions",
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
    Claim("GRU > LSTM", "CNN-RNN", "CNN-RNN, LSTM", False, "nothing in the actor speaks for either"),
    Claim("two layers > one", "CNN-RNN", "CNN-RNN, one layer", False, "the actor's memory is short: one may suffice"),
)


def run_claims(data: ClaimsData, seeds: Sequence[int], tell: Any, epochs: int | None = None) -> dict[str, Any]:
    """Train every variant with every seed.

    Args:
        data: Training data and truth.
        seeds: Of the trainings.
        tell: Called with (done, total, name).
        epochs: Fewer than the base, for tests.

    Returns:
        `variants`: name → per seed (valence, arousal) CCC, medians and the paper's; `claims`: what holds.
    """
    results: dict[str, list[tuple[float, float]]] = {variant.name: [] for variant in VARIANTS}
    total = len(VARIANTS) * len(seeds)
    for variant in VARIANTS:
        for seed in seeds:
            tell(sum(map(len, results.values())), total, variant.name)
            snapshot = data.of_rater(seed) if variant.one_rater else data.snapshot
            results[variant.name].append(_trained(variant, snapshot, data, seed, epochs))
    medians = {name: tuple(float(m) for m in np.median(np.array(found), axis=0)) for name, found in results.items()}
    papers = {variant.name: variant.paper for variant in VARIANTS}
    return {
        "variants": {
            name: {"seeds": results[name], "median": medians[name], "paper": papers[name]} for name in results
        },
        "claims": [_judged(claim, medians, papers) for claim in CLAIMS],
        "subjects": {part: len(names) for part, names in data.snapshot.manifest["split"].items()},
        "frames": len(data.truth),
        "seeds": list(seeds),
    }


def _trained(
    variant: Variant, snapshot: Snapshot, data: ClaimsData, seed: int, epochs: int | None
) -> tuple[float, float]:
    recipe = find_recipe(variant.recipe)
    given = {**BASE, **variant.values, "seed": seed} | ({"epochs": epochs} if epochs else {})
    if recipe.network == "head":
        given["batch"] = 4
    values = recipe.values(given)
    with tempfile.TemporaryDirectory(prefix="affectograph-claims-") as place:
        run = prepare(
            recipe, values, replace(snapshot, sha256=f"{variant.name} {seed}"), Path(place), torch.device("cpu")
        )
        journal = Journal(run.out)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                fit(run, journal)
        finally:
            journal.close()
        take_best(run)
        valence, arousal = score(predict(run, run.split.test), data.truth)
    return valence.ccc, arousal.ccc


def _judged(
    claim: Claim,
    medians: Mapping[str, tuple[float, ...]],
    papers: Mapping[str, tuple[float, float] | None],
) -> dict[str, Any]:
    ours = (float(np.mean(medians[claim.better])), float(np.mean(medians[claim.than])))
    there = papers[claim.better], papers[claim.than]
    return {
        "claim": claim.text,
        "better": claim.better,
        "than": claim.than,
        "ours": ours,
        "paper": None if there[0] is None or there[1] is None else [float(np.mean(each)) for each in there if each],
        "held": bool(ours[0] > ours[1]),
        "provable": claim.provable,
        "why": claim.why,
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the claims; JSON lines of progress on stdout, the result in the file."""
    parser = argparse.ArgumentParser(description="System E's claims on synthetic people.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--subjects", type=int, default=SPEC.subjects)
    args = parser.parse_args(argv)
    torch.set_num_threads(1)

    def tell(done: int, total: int, text: str) -> None:
        print(json.dumps({"event": "progress", "done": done, "total": total, "text": text}), flush=True)  # noqa: T201

    try:
        data = make_data(
            Context(lambda p: tell(int(p.done), int(p.total), p.text)), replace(SPEC, subjects=args.subjects)
        )
        found = run_claims(data, range(args.seeds), tell, args.epochs)
        with replacing(args.out) as temporary:
            temporary.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    except UserError as error:
        print(json.dumps({"event": "refused", "what": error.what, "todo": error.todo}), flush=True)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
