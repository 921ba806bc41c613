"""Simulations that check the intervals of the condition effect and the rate of false positives.

Simulated raters judge the same items in two conditions on the clipped 0-5 scale. For some emotions the context lowers
the raters' noise; for others nothing changes. The true effect on each emotion comes from brute force: the same raters
judge millions of items. Each repetition draws items, runs the report as a user would, and checks whether the interval
of the difference covers the truth and whether any emotion without an effect is significant.

    python benchmarks/coverage_condition.py                       # 1,000 repetitions, about five minutes on one core
    python benchmarks/coverage_condition.py --resume study.jsonl  # writes each repetition; continues a stopped run
    python benchmarks/coverage_condition.py --repetitions 100

Targets: 93-97 % coverage pooled over emotions, 92-98 % for each, family-wise false positives in at most 7 %.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement.alpha import alpha_counts, level_counts
from app.agreement.report import AgreementReport, agreement_report
from app.agreement.settings import AgreementSettings
from app.agreement.variance import item_moments
from app.domain.emotions import RATED
from app.domain.ratings import Factor, Items, RatingTable

Float = NDArray[np.float64]
CONDITIONS = ("face_only", "full_context")
LEVELS = np.arange(6.0)
TRUTH_ITEMS = 1_000_000


@dataclass(frozen=True)
class World:
    """A population of items and a fixed panel of raters.

    Attributes:
        prevalence: (emotions,) shares of items that show each emotion.
        noise: (2, emotions) standard deviations of a rater's answer in each condition.
        bias: (raters,) constant offsets of the raters.
        missing: Share of answers that are missing.
    """

    prevalence: Float
    noise: Float
    bias: Float
    missing: float = 0.05


def default_world(n_raters: int = 5, seed: int = 11) -> World:
    """Return a world of nine emotions with an effect in every other one."""
    rng = np.random.default_rng(seed)
    face = np.full(len(RATED), 1.1)
    effect = np.where(np.arange(len(RATED)) % 2 == 0, np.linspace(0.2, 0.5, len(RATED)), 0.0)
    return World(np.linspace(0.25, 0.7, len(RATED)), np.stack([face, face - effect]), rng.normal(0, 0.4, n_raters))


def draw_scores(world: World, n_items: int, rng: np.random.Generator) -> Float:
    """Return (items, emotions, raters, 2) scores on the clipped scale, NaN where missing."""
    n_emotions, n_raters = world.prevalence.size, world.bias.size
    shows = rng.random((n_items, n_emotions)) < world.prevalence
    latent = np.where(shows, rng.uniform(0.5, 4.5, (n_items, n_emotions)), 0.0)
    noise = rng.normal(size=(n_items, n_emotions, n_raters, 2)) * world.noise.T[None, :, None, :]
    answer = latent[:, :, None, None] + world.bias[None, None, :, None] + noise
    scores: Float = np.clip(np.rint(answer), 0.0, 5.0)
    scores[rng.random(scores.shape) < world.missing] = np.nan
    return scores


def as_table(scores: Float) -> RatingTable:
    """Turn an array of scores into a table in long form."""
    item, emotion, rater, condition = (a.ravel() for a in np.indices(scores.shape, dtype=np.int32))
    n_items, _, n_raters, _ = scores.shape
    return RatingTable(
        items=Items.of_clips([f"item {i}" for i in range(n_items)]),
        item=item,
        condition=Factor(condition, CONDITIONS),
        rater=Factor(rater, tuple(f"R{k}" for k in range(n_raters))),
        emotion=Factor(emotion, RATED),
        score=scores.ravel(),
        pass_no=np.ones(item.size, dtype=np.int32),
        scale=(0.0, 5.0),
        simulated=True,
    )


def truth(world: World, *, n_items: int = TRUTH_ITEMS, seed: int = 99) -> tuple[Float, Float]:
    """Return the true differences of disagreement and of ordinal alpha, (emotions,) each, by brute force."""
    n_emotions = world.prevalence.size
    variance, items = np.zeros((2, n_emotions)), np.zeros((2, n_emotions))
    patterns: list[dict[bytes, list[float]]] = [{} for _ in range(2 * n_emotions)]
    rng = np.random.default_rng(seed)
    block = min(50_000, n_items)
    for _ in range(0, n_items, block):
        scores = draw_scores(world, block, rng)
        for c in range(2):
            for e in range(n_emotions):
                values, item = scores[:, e, :, c].ravel(), np.repeat(np.arange(block), scores.shape[2])
                moments = item_moments(values, item, block)
                variance[c, e] += moments.sample[moments.pairable].sum()
                items[c, e] += moments.pairable.sum()
                known = ~np.isnan(values)
                counts = level_counts(values[known], item[known], block, LEVELS)
                rows, repeat = np.unique(counts, axis=0, return_counts=True)
                store = patterns[c * n_emotions + e]
                for row, n in zip(rows, repeat, strict=True):
                    store.setdefault(row.tobytes(), [0.0])[0] += float(n)
    mean = variance / items
    alpha = np.array([_alpha_of_patterns(p) for p in patterns]).reshape(2, n_emotions)
    exact = np.where(world.noise[0] == world.noise[1], 0.0, 1.0)
    return (mean[0] - mean[1]) * exact + 0.0, (alpha[0] - alpha[1]) * exact + 0.0


def _alpha_of_patterns(patterns: dict[bytes, list[float]]) -> float:
    """Return the ordinal alpha of count patterns and their frequencies, scaled down to save memory."""
    from app.agreement.alpha import alpha_from_sums, pair_mass, paired_counts

    rows = np.array([np.frombuffer(k) for k in patterns])
    weight = np.array([v[0] for v in patterns.values()])
    if weight.max() == 1.0:
        return alpha_counts(rows, LEVELS, "ordinal")
    return float(alpha_from_sums(weight @ pair_mass(rows), weight @ paired_counts(rows), LEVELS, "ordinal"))


@dataclass(frozen=True)
class Outcome:
    """The result of one repetition, with one value per emotion.

    Attributes:
        covered: Whether the interval of the difference covers the truth.
        covered_alpha: Whether the interval of the difference of alpha does.
        significant: Whether the adjusted p is at most 0.05.
    """

    covered: list[bool]
    covered_alpha: list[bool]
    significant: list[bool]


@dataclass(frozen=True)
class Study:
    """The results of all repetitions.

    Attributes:
        covered: (repetitions, emotions) whether the interval of the difference covers the truth.
        covered_alpha: (repetitions, emotions) whether the interval of the difference of alpha does.
        false_positive: (repetitions,) whether any emotion without an effect has an adjusted p of at most 0.05.
        power: (emotions,) shares of repetitions with an adjusted p of at most 0.05.
    """

    covered: NDArray[np.bool_]
    covered_alpha: NDArray[np.bool_]
    false_positive: NDArray[np.bool_]
    power: Float


def one_repetition(
    world: World, true: tuple[Float, Float], k: int, *, n_items: int, replicates: int, seed: int
) -> Outcome:
    """Draw one study, analyse it as a user would, and check what its intervals cover."""
    rng = np.random.default_rng([seed, k])
    table = as_table(draw_scores(world, n_items, rng))
    report = agreement_report(table, None, AgreementSettings(unit="item", replicates=replicates, seed=k))
    return Outcome(
        covered=_holds(report, true[0], alpha=False),
        covered_alpha=_holds(report, true[1], alpha=True),
        significant=[bool(p.p_adjusted <= 0.05) for p in report.pairs],
    )


def repeat_study(
    world: World,
    true: tuple[Float, Float],
    *,
    repetitions: int,
    n_items: int,
    replicates: int,
    seed: int = 1,
    record: Record | None = None,
) -> Study:
    """Draw, analyse and check many studies; those in the record are not run again."""
    done = record.outcomes if record is not None else {}
    outcomes = []
    for k in range(repetitions):
        outcome = done.get(k)
        if outcome is None:
            outcome = one_repetition(world, true, k, n_items=n_items, replicates=replicates, seed=seed)
            if record is not None:
                record.add(k, outcome)
        outcomes.append(outcome)
        if (k + 1) % 100 == 0:
            print(f"  {k + 1} repetitions", file=sys.stderr, flush=True)
    null = world.noise[0] == world.noise[1]
    called = np.array([o.significant for o in outcomes])
    return Study(
        covered=np.array([o.covered for o in outcomes]),
        covered_alpha=np.array([o.covered_alpha for o in outcomes]),
        false_positive=np.any(called[:, null], axis=1),
        power=called.mean(axis=0),
    )


class Record:
    """Repetitions in the lines of a file, with which a stopped study continues.

    The first lines hold the settings and the truth; a file with other settings is refused.
    """

    def __init__(self, path: Path, settings: dict[str, Any]) -> None:
        self.path = path
        self.outcomes: dict[int, Outcome] = {}
        self.truth: tuple[Float, Float] | None = None
        lines = path.read_text().splitlines() if path.exists() else []
        if not lines:
            path.write_text(json.dumps({"settings": settings}) + "\n")
            return
        if json.loads(lines[0])["settings"] != settings:
            raise SystemExit(f"{path} holds a study with other settings; choose another file or remove it")
        # A line without its end was cut off by whatever stopped the run.
        whole = path.read_text().rpartition("\n")[0].splitlines()[1:]
        path.write_text("\n".join([lines[0], *whole, ""]))
        for line in map(json.loads, whole):
            if "truth" in line:
                self.truth = (np.array(line["truth"][0]), np.array(line["truth"][1]))
            else:
                self.outcomes[line.pop("k")] = Outcome(**line)

    def _write(self, line: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def add(self, k: int, outcome: Outcome) -> None:
        """Append one repetition."""
        self.outcomes[k] = outcome
        self._write({"k": k, **asdict(outcome)})

    def set_truth(self, true: tuple[Float, Float]) -> None:
        """Write the truth as the first line."""
        self.truth = true
        self._write({"truth": [true[0].tolist(), true[1].tolist()]})


def _holds(report: AgreementReport, true: Float, *, alpha: bool) -> list[bool]:
    found = [p.delta_alpha if alpha else p.difference for p in report.pairs]
    return [bool(e.low <= t <= e.high) for e, t in zip(found, true, strict=True)]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the study and print it; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--bootstrap", type=int, default=1000)
    parser.add_argument("--truth-items", type=int, default=TRUTH_ITEMS, help="items that the truth is counted on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", type=Path, help="file of finished repetitions: written to, and read if it exists")
    args = parser.parse_args(argv)
    started, cpu = time.perf_counter(), time.process_time()
    world = default_world()
    record = None
    if args.resume is not None:
        settings = {"items": args.items, "bootstrap": args.bootstrap, "seed": args.seed}
        if args.truth_items != TRUTH_ITEMS:
            settings["truth_items"] = args.truth_items
        record = Record(args.resume, settings)
    true = record.truth if record is not None and record.truth is not None else truth(world, n_items=args.truth_items)
    if record is not None and record.truth is None:
        record.set_truth(true)
    study = repeat_study(
        world,
        true,
        repetitions=args.repetitions,
        n_items=args.items,
        replicates=args.bootstrap,
        seed=args.seed,
        record=record,
    )
    return _print(args, study, true, f"{time.perf_counter() - started:.0f} s, {time.process_time() - cpu:.0f} s CPU")


def _print(args: argparse.Namespace, study: Study, true: tuple[Float, Float], took: str) -> int:
    """Print the study; return 1 if a target is missed."""
    print(f"{args.repetitions} repetitions, {args.items} items, 5 raters, B = {args.bootstrap}, 5 % missing")
    print(f"{'emotion':<10}{'truth':>9}{'coverage':>10}{'power':>8}{'d.alpha':>10}{'coverage':>10}")
    for e, name in enumerate(RATED):
        print(
            f"{name:<10}{true[0][e]:>9.4f}{study.covered[:, e].mean():>10.1%}{study.power[e]:>8.1%}"
            f"{true[1][e]:>10.4f}{study.covered_alpha[:, e].mean():>10.1%}"
        )
    pooled, each = float(study.covered.mean()), study.covered.mean(axis=0)
    family = float(study.false_positive.mean())
    print(
        f"pooled coverage of the difference {pooled:.2%} (wanted 93-97 %), "
        f"of delta alpha {study.covered_alpha.mean():.2%}"
    )
    print(f"per emotion {each.min():.1%} to {each.max():.1%} (wanted 92-98 %)")
    print(f"family-wise false positives {family:.1%} (wanted at most 7 %)")
    print(took)
    good = 0.93 <= pooled <= 0.97 and each.min() >= 0.92 and each.max() <= 0.98 and family <= 0.07
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
