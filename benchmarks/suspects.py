"""What one rater who turns the scale round or answers by chance costs, and after how many judgements it is noticed.

    python -m benchmarks.suspects [--seeds 20] [--items 30] [--raters 8] [--emotions 3]

Each seed draws a study of one condition in which every rater judges every item within an hour. One rater is then
spoiled: the scale is turned round, answers are chance, or the noise grows fourfold from the first to the last minute.
Printed are the judgements after which this rater is named, other raters who are named by mistake, and what is known of
the items from the sound study, with the spoiled rater (as the model allows for such raters, and counted as the answers
stand), and without: the mean width of 90 % intervals and the root of the mean squared error, both in units of the
latent scale, and the share of truths that the intervals hold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.agreement.bayes.fit import FitSettings, fit
from app.agreement.bayes.kinds import allow_for
from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.posterior import truths_of
from app.agreement.bayes.simulate import TYPICAL, Planted, StudyShape, draw_study
from app.agreement.bayes.suspects import LEAST_ITEMS, suspects_of
from app.agreement.bayes.tired import tired_of

WAYS: Final = ("inverted", "chance", "tired")
TIRED: Final = 4.0
"""Noise at the end of the hour over that at its beginning."""


def spoiled(data: OrdinalData, planted: Planted, way: str, rng: np.random.Generator) -> OrdinalData:
    """Let the first rater turn the scale round, answer by chance, or tire."""
    mine, top = data.rater == 0, len(data.points) - 1
    level = data.level.copy()
    if way == "tired":
        truth = planted.truth[data.item[mine], data.emotion[mine], data.condition[mine]]
        noise = planted.noise[0] * TIRED ** (data.hours[mine] + 0.5)
        value = truth + planted.bias[0, data.emotion[mine]] + planted.drift[0] * data.hours[mine]
        value += noise * rng.logistic(size=value.size)
        level[mine] = (value[:, None] > planted.thresholds[0]).sum(axis=1)
        return replace(data, level=level)
    level[mine] = top - level[mine] if way == "inverted" else rng.integers(0, top + 1, int(mine.sum()))
    return replace(data, level=level)


def without_first(data: OrdinalData) -> OrdinalData:
    """Leave the first rater out."""
    rest = data.where(data.rater > 0)
    return replace(rest, rater=rest.rater - 1, raters=rest.raters[1:])


def named(data: OrdinalData) -> set[str]:
    """Return who is named as against the others, by chance or tired."""
    return {one.rater for one in suspects_of(data)} | {one.rater for one in tired_of(data)}


def noticed_after(data: OrdinalData) -> int | None:
    """Return the number of the first rater's judgements, in the order of items, after which he or she is named."""
    for n in range(LEAST_ITEMS, len(data.items) + 1):
        seen = data.where((data.rater > 0) | (data.item < n))
        if data.raters[0] in named(seen):
            return n
    return None


def ever_named(data: OrdinalData) -> tuple[int, int]:
    """Return how many raters are named at any look, after each item from the tenth on: as suspects, and as tired."""
    suspects: set[str] = set()
    tired: set[str] = set()
    for n in range(LEAST_ITEMS, len(data.items) + 1):
        seen = data.where(data.item < n)
        suspects |= {one.rater for one in suspects_of(seen)}
        tired |= {one.rater for one in tired_of(seen)}
    return len(suspects), len(tired)


def known(data: OrdinalData, planted: Planted, *, allowed: bool = True) -> tuple[float, float, float]:
    """Return mean width, error and coverage of what the model says of the items, allowing for suspects or not."""
    band = truths_of(fit(allow_for(data) if allowed else data, FitSettings())).latent
    truth = planted.truth.reshape(band.mean.shape)
    error = (band.mean - band.mean.mean()) - (truth - truth.mean())
    return float(band.width.mean()), float(np.sqrt((error**2).mean())), float(band.holds(truth).mean())


def main(argv: Sequence[str] | None = None) -> int:
    """Run all seeds and print what was noticed and what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("seeds", 20), ("items", 30), ("raters", 8), ("emotions", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    args = parser.parse_args(argv)
    shape = StudyShape(args.items, args.raters, args.emotions, 1)
    cost: dict[str, list[tuple[float, float, float]]] = {}
    after: dict[str, list[int | None]] = {way: [] for way in WAYS}
    mistaken = 0
    looked = np.zeros(2, dtype=np.int64)
    for seed in range(args.seeds):
        data, planted = draw_study(shape, np.random.default_rng(seed), TYPICAL)
        cost.setdefault("sound", []).append(known(data, planted))
        looked += ever_named(data)
        mistaken += len(named(data))
        for way in WAYS:
            bad = spoiled(data, planted, way, np.random.default_rng(seed))
            after[way].append(noticed_after(bad))
            mistaken += len(named(bad) - {data.raters[0]})
            cost.setdefault(f"with {way}", []).append(known(bad, planted))
            cost.setdefault(f"with {way}, as given", []).append(known(bad, planted, allowed=False))
        cost.setdefault("without", []).append(known(without_first(data), planted))
    for way, found in after.items():
        times = sorted(n for n in found if n is not None)
        median = (
            f", half of them after {times[len(times) // 2]} judgements, the last after {times[-1]}" if times else ""
        )
        print(f"{way}: named in {len(times)} of {args.seeds} studies{median}")
    print(f"named by mistake: {mistaken} raters in {4 * args.seeds} studies")
    print(
        f"sound raters who are named at any look: {looked[0]} as suspects and {looked[1]} as tired, of "
        f"{args.seeds * args.raters}"
    )
    for name, values in cost.items():
        width, error, held = np.mean(values, axis=0)
        print(f"{name}: width {width:.3f}, error {error:.3f}, held {held:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
