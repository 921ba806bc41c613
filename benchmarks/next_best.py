"""Judgements that the model of raters asks for, against balanced random dealing of the same number.

    python -m benchmarks.next_best [--seeds 20] [--items 40] [--raters 8] [--emotions 3] [--aim items] [--share 0.2]
                                   [--clicker] [--json OUT]

Each seed draws a study: what items show, and raters with biases, thresholds and noise whose spreads come from the
model's priors (not from the votes of real people). Two raters judge every item in both conditions. From then on one
arm gives every item one more rater in each round, least busy raters first; the other asks for what helps most, in
batches, with a share dealt at random. Both keep the rule that nobody sees a bare face after its context. Printed are
the mean width of 90 % intervals, how many truths they hold, and how many judgements the asking arm needs for the width
that the random one has at the end. With --clicker, the first rater answers at random.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.agreement.bayes.asked_rules import RuledBatch, Rules
from app.agreement.bayes.fit import Fit, FitSettings, fit
from app.agreement.bayes.next_best import Aim, Candidates, Outlook
from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.posterior import expected_points, raters_of, truths_of
from app.agreement.bayes.simulate import Planted, StudyShape, draw_study
from app.agreement.bayes.thresholds import thresholds

Bool = NDArray[np.bool_]
FIRST_ROUNDS, ROUNDS = 2, 5


@dataclass(frozen=True)
class Point:
    """What is known after so many judgements.

    Attributes:
        judgements: Their number.
        width: Mean width of intervals, in points.
        held: Share of truths that they hold.
        suspect: Whether the first rater's noise is told from the panel's.
        of_first: Judgements of the first rater.
    """

    judgements: int
    width: float
    held: float
    suspect: bool
    of_first: int


class Study:
    """A drawn study of which ratings are uncovered one after the other."""

    def __init__(self, shape: StudyShape, seed: int, clicker: bool) -> None:
        self.shape, self.rng = shape, np.random.default_rng(seed)
        self.data, self.planted = draw_study(shape, self.rng)
        if clicker:
            self.data = _with_clicker(self.data, self.rng)
        self.key = self.key_of(self.data.item, self.data.condition, self.data.rater)

    def key_of(
        self, item: NDArray[np.int64], condition: NDArray[np.int64], rater: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The number of a judgement."""
        return (item * 2 + condition) * self.shape.raters + rater

    def rounds(self) -> list[NDArray[np.int64]]:
        """Judgements of balanced random dealing, by round: every item gets one more rater for both conditions."""
        load, out = np.zeros(self.shape.raters), []
        had = np.zeros((self.shape.items, self.shape.raters), np.bool_)
        for _ in range(ROUNDS):
            keys = []
            for item in self.rng.permutation(self.shape.items):
                order = np.lexsort((self.rng.random(self.shape.raters), load, had[item]))
                rater = int(order[0])
                had[item, rater] = True
                load[rater] += 1
                keys += [(item * 2 + c) * self.shape.raters + rater for c in (0, 1)]
            out.append(np.array(keys))
        return out

    def fitted(self, shown: Bool, before: Fit | None) -> Fit:
        """Fit the model to what is uncovered."""
        return fit(self.data.where(shown[self.key]), FitSettings(start=before))

    def point(self, shown: Bool, done: Fit, aim: Aim) -> Point:
        """Compare what is known with what was planted."""
        truths, planted = truths_of(done), self.planted
        typical = thresholds(*_typical(done), planted.thresholds.shape[1])[0]
        if aim.what == "context":
            band, truth = truths.by_emotion, _context(done, planted, typical)
        else:
            units = (done.columns.unit_item, done.columns.unit_emotion)
            band, truth = truths.points, expected_points(planted.truth[units], typical, done.columns.data.points)
        noise = raters_of(done).noise
        return Point(
            int(shown.sum()), float(band.width.mean()), float(band.holds(truth).mean()), bool(noise.low[0] > 1.0),
            int(shown.reshape(-1, self.shape.raters)[:, 0].sum()),
        )  # fmt: skip


def _typical(done: Fit) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from app.agreement.bayes.pass_over import gaps_of

    gap, use = gaps_of(done.columns, done.effects)
    return gap, np.zeros_like(use[:1])


def _context(done: Fit, planted: Planted, cuts: NDArray[np.float64]) -> NDArray[np.float64]:
    points = expected_points(planted.truth, cuts, done.columns.data.points)
    out: NDArray[np.float64] = (points[:, :, 1:] - points[:, :, :1]).mean(axis=0)
    return out


def _with_clicker(data: OrdinalData, rng: np.random.Generator) -> OrdinalData:
    from dataclasses import replace

    level = np.where(data.rater == 0, rng.integers(0, data.points.size, data.level.size), data.level)
    return replace(data, level=level)


def random_arm(study: Study, aim: Aim) -> list[Point]:
    """Deal at random, balanced."""
    shown, before, out = np.zeros(study.shape.items * 2 * study.shape.raters, np.bool_), None, []
    for number, keys in enumerate(study.rounds(), 1):
        shown[keys] = True
        if number >= FIRST_ROUNDS:
            before = study.fitted(shown, before)
            out.append(study.point(shown, before, aim))
    return out


def asking_arm(study: Study, aim: Aim, share: float, batch: int) -> list[Point]:
    """Begin with the same rounds, then ask for what helps most."""
    n_r, n_i = study.shape.raters, study.shape.items
    shown = np.zeros(n_i * 2 * n_r, np.bool_)
    for keys in study.rounds()[:FIRST_ROUNDS]:
        shown[keys] = True
    done = study.fitted(shown, None)
    out = [study.point(shown, done, aim)]
    while int(shown.sum()) < ROUNDS * n_i * 2:
        keys = np.flatnonzero(~shown)
        of = Candidates(keys // (2 * n_r), keys // n_r % 2, keys % n_r)
        have = np.flatnonzero(shown & (np.arange(shown.size) // n_r % 2 == 1))
        seen = {(int(k // (2 * n_r)), int(k % n_r)) for k in have}
        most = np.full(n_r, -(-batch // n_r) + 2)
        rules = Rules(np.arange(n_i), np.array([False, True]), seen, False, "within", {}, np.full(n_r, -1), most)
        allowed, outlook = RuledBatch(of, rules), Outlook(done, aim)
        chosen = []
        for _ in range(round(share * batch)):
            if not allowed.now().any():
                break
            which = int(study.rng.choice(np.flatnonzero(allowed.now())))
            allowed.chosen(which)
            outlook.add(int(of.item[which]), int(of.condition[which]), int(of.rater[which]))
            chosen.append(which)
        chosen += [which for which, _ in outlook.choose(of, batch - len(chosen), allowed)]
        if not chosen:
            break
        shown[keys[chosen]] = True
        done = study.fitted(shown, done)
        out.append(study.point(shown, done, aim))
    return out


def needed(points: Sequence[Point], width: float) -> float:
    """Judgements until intervals are so narrow, between batches in proportion; NaN where they never are."""
    for before, after in pairwise(points):
        if after.width <= width:
            if before.width <= width:
                return float(before.judgements)
            share = (before.width - width) / (before.width - after.width)
            return before.judgements + share * (after.judgements - before.judgements)
    return float("nan")


def main(argv: Sequence[str] | None = None) -> int:
    """Run all seeds and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--raters", type=int, default=8)
    parser.add_argument("--emotions", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--aim", choices=("items", "context"), default="items")
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--clicker", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    shape = StudyShape(args.items, args.raters, args.emotions, 2, hours=0.0)
    aim, rows, shares = Aim(args.aim), list[tuple[list[Point], list[Point]]](), list[float]()
    started = time.process_time()
    for seed in range(args.seeds):
        random = random_arm(Study(shape, seed, args.clicker), aim)
        asking = asking_arm(Study(shape, seed, args.clicker), aim, args.share, args.batch)
        end = random[-1]
        shares.append(needed(asking, end.width) / end.judgements)
        rows.append((random, asking))
        told = (
            f"seed {seed}: at {end.judgements} judgements width {end.width:.3f} at random, {asking[-1].width:.3f} "
            f"asked; held {end.held:.3f}, {asking[-1].held:.3f}; the same width with {100 * shares[-1]:.0f} % of them"
        )
        suspect = next((p.of_first for p in asking if p.suspect), None)
        print(told + (f"; first rater told apart after {suspect} judgements" if args.clicker else ""), flush=True)
    ends = [(random[-1], asking[-1]) for random, asking in rows]
    known = [share for share in shares if share == share]
    for name, at in (("random", 0), ("asked", 1)):
        width, held = (float(np.mean([getattr(end[at], key) for end in ends])) for key in ("width", "held"))
        print(f"{name}: mean width {width:.3f}, held {held:.3f}")
    if known:
        print(
            f"the same width with {100 * np.mean(known):.0f} % of the judgements on average (from "
            f"{100 * min(known):.0f} % to {100 * max(known):.0f} %), reached in {len(known)} of {len(shares)} studies; "
            f"{time.process_time() - started:.0f} s of processor time"
        )
    if args.json is not None:
        runs = [
            {"random": [asdict(p) for p in random], "asking": [asdict(p) for p in asking]} for random, asking in rows
        ]
        args.json.write_text(json.dumps(runs, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
