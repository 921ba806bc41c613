"""The claims about categories on synthetic people: `python -m app.learning.clip.claims --out FILE.json`.

Every variant is trained with several seeds and tested on people that no variant has seen; nothing is tuned on them.
Finished trainings are kept, so that a run that was stopped continues where it was. `--minutes` stops it on purpose.
"""

import argparse
import contextlib
import hashlib
import io
import json
import math
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from app.agreement.category_prediction import human_ceiling
from app.domain.recipes import find_recipe
from app.errors import UserError
from app.files import replacing, sha256_of
from app.inference.cards import find_model
from app.jobs import Context
from app.learning.clip.claims_data import CONDITIONS, PIXELS, SPEC, CategoryClaims, kept_data, read_data
from app.learning.clip.claims_specs import SPECS, CategoryClaim, CategoryVariant, Spec
from app.learning.clip.joined import as_read
from app.learning.clip.train import FoldedClip
from app.learning.process import claims_program, program
from app.learning.process.code_version import files_version
from app.learning.process.journal import Journal
from app.learning.process.verdict import judge_shares

Trained = dict[int, NDArray[np.float32]]
"""Mapping from seed to the probabilities of the held-out clips; NaN elsewhere."""


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return a short hash of the files that affect a training's numbers; a change of any of them trains again."""
    places = [f"app/learning/clip/{name}.py" for name in ("joined", "run", "second", "solved", "task", "train")]
    pages = ("kahou", "miyoshi", "own", "sun", "xu")
    domain = [f"app/domain/{page}_recipes.py" for page in pages]
    domain += [f"app/domain/{name}.py" for name in ("recipe_parameters", "item_data", "item_frames")]
    rooms = ("app/learning/blocks", "app/learning/clip/base", "app/learning/clip/members", "app/learning/process")
    return files_version(*places, *rooms, *domain)


def _key(variant: CategoryVariant, seed: int, epochs: int | None, side: int) -> str:
    shown = variant.streams if side == PIXELS else f"{variant.streams} {side}"
    facts = [variant.recipe, shown, variant.condition, dict(variant.values), seed, epochs, code_version()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def train_one(variant: CategoryVariant, seed: int, data: CategoryClaims, epochs: int | None) -> NDArray[np.float32]:
    """Train once and return the probabilities of the held-out clips: float32 N×K, NaN elsewhere.

    Clips without a label are predicted, too.
    """
    recipe = find_recipe(variant.recipe)
    given = dict(variant.values) | {"seed": seed}
    if epochs and "epochs" in given:
        given["epochs"] = epochs
    items = as_read(recipe, data.items(variant.streams, variant.condition))
    split = data.split(seed)
    # Who is tested is tested on every condition's labels: no label may decide which clips are predicted.
    held = np.isin(items.subject, split.test)
    unlabelled = held & ~items.labelled
    target = items.target.copy()
    target[unlabelled] = 1.0 / target.shape[1]
    items = replace(items, target=target)
    with tempfile.TemporaryDirectory(prefix="affectograph-claims-") as place:
        journal = Journal(Path(place))
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                folded = FoldedClip(recipe, recipe.values(given), items, Path(place), torch.device("cpu"))
                model, _ = folded.model(split, journal)
        finally:
            journal.close()
    return model.predicted


def in_order(spec: Spec, seeds: Sequence[int]) -> list[tuple[CategoryVariant, int]]:
    """Return all trainings of a system, claim by claim, so that a run that is stopped leaves whole claims.

    Claims that should hold come first, and variants of no claim last.
    """
    names: dict[str, None] = {}
    for claim in sorted(spec.claims, key=lambda claim: not claim.provable):
        for _, name, _ in claim.terms:
            names |= dict.fromkeys(spec.mixtures.get(name, (name,)))
    own = {variant.name: variant for variant in spec.variants}
    return [(own[name], seed) for name in dict.fromkeys([*names, *own]) for seed in seeds]


def run_claims(
    data_file: Path,
    seeds: Sequence[int],
    ctx: Context,
    *,
    system: str = "categories",
    epochs: int | None = None,
    minutes: float = math.inf,
) -> dict[str, Any]:
    """Train every variant with every seed; earlier trainings are read from their files.

    Args:
        data_file: The file that `kept_data` returns; finished trainings are kept beside it.
        seeds: Seeds of the trainings.
        ctx: Receives the progress, with the time that is left.
        system: A key of `SPECS`.
        epochs: A smaller number of epochs, for a quick look.
        minutes: Number of minutes after which no training begins; claims that are trained by then are judged.

    Raises:
        UserError: The minutes were over before the trainings of any claim were done.
    """
    spec = SPECS[system]
    data = read_data(data_file).smaller(spec.side)
    place = data_file.with_suffix("")
    place.mkdir(exist_ok=True)
    variants = spec.variants
    wanted = in_order(spec, seeds)
    results: dict[str, Trained] = {variant.name: {} for variant in variants}
    began_s, fresh = time.monotonic(), 0
    for done, (variant, seed) in enumerate(wanted):
        kept = place / f"{_key(variant, seed, epochs, spec.side)}.npy"
        if not kept.is_file():
            spent_s = time.monotonic() - began_s
            if spent_s > 60 * minutes:
                continue  # those that are kept are read
            left = f", about {spent_s / fresh * (len(wanted) - done) / 60:.0f} minutes left" if fresh else ""
            ctx.progress(done, len(wanted), f"{variant.name}, seed {seed}{left}")
            found = train_one(variant, seed, data, epochs)
            with replacing(kept) as temporary, temporary.open("wb") as file:
                np.save(file, found)
            fresh += 1
        results[variant.name][seed] = np.load(kept, allow_pickle=False)
    done = sum(len(found) for found in results.values())
    whole = {name: found for name, found in results.items() if len(found) == len(seeds)}
    if done < len(wanted) and not any(_trained(claim, spec, whole) for claim in spec.claims):
        raise UserError(f"{done} of {len(wanted)} trainings are done.", "Run the same command again to continue.")
    return table_of(whole, data, seeds, system, left=len(wanted) - done)


def _trained(claim: CategoryClaim, spec: Spec, whole: Mapping[str, Trained]) -> bool:
    return all(name in whole for _, row, _ in claim.terms for name in spec.mixtures.get(row, (row,)))


def _counts(
    predicted: Trained, seeds: Sequence[int], data: CategoryClaims, condition: str, kind: str
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Return, per seed and held-out subject, the items that were right and those with a label."""
    label = data.label(condition)
    held = data.split(0).test
    rows = (label >= 0) & np.isin(data.subject, held)
    if kind:
        rows &= np.array([each == kind for each in data.kind])
    place = {subject: n for n, subject in enumerate(held)}
    who = np.array([place[int(subject)] for subject in data.subject[rows]], np.int64)
    asked = np.bincount(who, minlength=len(held)).astype(np.float64)
    right = [
        np.bincount(who, weights=predicted[seed][rows].argmax(axis=1) == label[rows], minlength=len(held))
        for seed in seeds
    ]
    return [each.astype(np.float64) for each in right], [asked for _ in seeds]


def table_of(
    results: Mapping[str, Trained],
    data: CategoryClaims,
    seeds: Sequence[int],
    system: str = "categories",
    *,
    left: int = 0,
) -> dict[str, Any]:
    """Return the accuracies, the table of conditions, the people's own scores and the verdicts in plain values.

    Args:
        results: The variants that are trained with every seed.
        data: The people.
        seeds: Seeds of the trainings.
        system: A key of `SPECS`.
        left: Number of trainings that are not done; claims that need them are named under `open`.
    """
    card, spec = find_model(None), SPECS[system]
    ready = [claim for claim in spec.claims if _trained(claim, spec, results)]
    results = dict(results)
    for name, weights in spec.mixtures.items():
        if not all(each in results for each in weights):
            continue
        results[name] = {
            seed: np.sum([weight * results[each][seed] for each, weight in weights.items()], axis=0).astype(np.float32)
            for seed in seeds
        }
    accuracy = {
        name: {condition: _share(*_counts(found, seeds, data, condition, "")) for condition in CONDITIONS}
        for name, found in results.items()
    }
    held = np.isin(data.subject, data.split(0).test)
    people = {}
    for condition in CONDITIONS:
        ceiling = human_ceiling(data.said[condition][held], len(data.classes), data.subject[held])
        people[condition] = {
            "accuracy": ceiling.accuracy.value,
            "interval": [ceiling.accuracy.low, ceiling.accuracy.high],
            "votes_entropy": ceiling.votes_entropy,
        }
    return {
        "of": "categories",
        "variants": accuracy,
        "claims": [_judged(claim, results, data, seeds) for claim in ready],
        "open": [claim.text for claim in spec.claims if claim not in ready],
        "left": left,
        "people": people,
        "subjects": {part: len(names) for part, names in vars(data.split(0)).items()},
        "clips": int(held.sum()),
        "scale": spec.scale,
        "seeds": list(seeds),
        "code": code_version(),
        "frame_model": {"name": card.name, "version": card.version, "sha256": sha256_of(card.path())},
    }


def _share(right: Sequence[NDArray[np.float64]], asked: Sequence[NDArray[np.float64]]) -> float:
    return float(np.mean([r.sum() / a.sum() for r, a in zip(right, asked, strict=True)]))


def _judged(
    claim: CategoryClaim, results: Mapping[str, Trained], data: CategoryClaims, seeds: Sequence[int]
) -> dict[str, Any]:
    terms, ours = [], []
    for weight, name, condition in claim.terms:
        counts = _counts(results[name], seeds, data, condition, claim.kind)
        terms.append((weight, *counts))
        ours.append(_share(*counts))
    found = judge_shares(terms)
    return {
        "claim": claim.text,
        "ours": ours,
        **found.as_dict(),
        "provable": claim.provable,
        "why": claim.why,
    }


def _claim(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    ctx = claims_program.progress()
    people = args.subjects or SPECS[args.system].people
    data = kept_data(ctx, args.work, replace(SPEC, subjects=people))
    found = run_claims(data, range(args.seeds), ctx, system=args.system, epochs=args.epochs, minutes=args.minutes)
    claims_program.write(found, args.out)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the claims and return the exit status.

    Progress goes to standard output as JSON lines, the result to the file.
    """
    parser = claims_program.arguments(
        "app.learning.clip.claims", "Claims about categories on synthetic people.", SPEC.subjects
    )
    parser.set_defaults(subjects=None)  # as many as the system's claims ask for
    parser.add_argument("--system", choices=sorted(SPECS), default="categories", help="whose claims are tested")
    parser.add_argument("--jobs", type=int, default=1, help="trainings run one after the other")
    parser.add_argument(
        "--minutes",
        type=float,
        default=math.inf,
        help="begin no training after this many minutes, and judge what is trained",
    )
    return program.run(parser, _claim, argv)


if __name__ == "__main__":
    sys.exit(main())
