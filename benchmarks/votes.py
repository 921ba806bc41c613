"""Predicts votes that were held back: the model of raters for categories beside majority shares and Dawid & Skene.

    python -m benchmarks.votes ../shared/data/fer2013_valid.npz [--items 2000] [--seen 3 5 7] [--seed 0]

The file holds votes of several people an image, an array `ferplus_votes` (images, categories). Some images are drawn,
and for each image so many votes as `--seen` says; the other votes are held back. Printed is the mean log probability of
the votes held back (natural logarithm; larger is better), with a 95 % interval of the difference over images. The file
does not tell who voted, so all votes are those of one rater. A share of 0 has no logarithm: shares, and Dawid & Skene,
are mixed with votes that are spread like all seen votes, by that number of `SMOOTHING` that does best on the votes held
back, which favours them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.agreement.bayes.votes import Votes, fit_votes
from app.agreement.label_gold import dawid_skene

SMOOTHING: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Numbers of votes that are spread like all votes; for Dawid & Skene their hundredths are shares."""
Float = NDArray[np.float64]
Int = NDArray[np.int64]


def split(votes: Int, seen: int, rng: np.random.Generator) -> tuple[Int, Int]:
    """Return the votes that are seen and those that are held back, both (items, categories)."""
    first = np.zeros_like(votes)
    for i, row in enumerate(votes):
        said = np.repeat(np.arange(row.size), row)
        np.add.at(first[i], rng.permutation(said)[:seen], 1)
    return first, votes - first


def predictions(seen: Int, seed: int) -> dict[str, list[Float]]:
    """Return the probabilities (items, categories) of a further vote by each way, of several where one is chosen."""
    item, said = (column.astype(np.int64) for column in np.nonzero(seen))
    times = seen[item, said]
    item, said = np.repeat(item, times), np.repeat(said, times)
    n, k = seen.shape
    rater = np.zeros(item.size, np.int64)
    common = (seen.sum(axis=0) + 0.5) / (seen.sum() + 0.5 * k)
    classes = dawid_skene(item, rater, said, (n, 1, k))
    by_class = classes.posterior @ classes.confusion[0]
    by_class /= by_class.sum(axis=1, keepdims=True)
    fit = fit_votes(Votes(item, rater, said, n, 1, k), seed)
    return {
        "model": [fit.predict(np.arange(n), np.zeros(n, np.int64))],
        "shares": [(seen + a * common) / (seen.sum(axis=1, keepdims=True) + a) for a in SMOOTHING],
        "Dawid & Skene": [(1 - a / 100) * by_class + a / 100 * common for a in SMOOTHING],
    }


def scores(probabilities: Float, held: Int) -> Float:
    """(items,) mean log probability of the votes held back of each item."""
    logs: Float = np.log(np.maximum(probabilities, 1e-12))
    out: Float = (held * logs).sum(axis=1) / held.sum(axis=1)
    return out


def main(argv: Sequence[str] | None = None) -> int:
    """Split, predict and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seen", type=int, nargs="+", default=[3, 5, 7])
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    with np.load(args.file) as file:
        every = file["ferplus_votes"].astype(np.int64)
    every = every[every.sum(axis=1) > max(args.seen)]
    for seen_votes in args.seen:
        rng = np.random.default_rng(args.seed)
        votes = every[rng.permutation(len(every))[: args.items]]
        seen, held = split(votes, seen_votes, rng)
        each = {
            name: max((scores(one, held) for one in several), key=lambda found: float(found.mean()))
            for name, several in predictions(seen, args.seed).items()
        }
        print(f"{seen_votes} votes seen: model {each['model'].mean():.4f}")
        for name in ("shares", "Dawid & Skene"):
            less = each["model"] - each[name]
            half = 1.96 * less.std(ddof=1) / np.sqrt(less.size)
            print(f"  {name} {each[name].mean():.4f}, model better by {less.mean():.4f} ± {half:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
