"""Learning from votes with a bad rater: shares by the model of raters against plain shares of the votes.

    python -m benchmarks.soft_targets [--seeds 5] [--subjects 18] [--clips 16] [--bad chance]

Each seed lets the synthetic actor play clips with one category each; five simulated raters give votes, each on about
half of the clips, and one of them is bad: answers by chance, or names a wrong category for each right one. A softmax
layer on the landmarks of the face (mean and spread over the clip, relative to the subject's mean) learns the shares of
the votes, the shares that people see by the model of raters, the shares of the votes without the bad rater, and the
true shares, on two thirds of the subjects. Printed are, on the other third, the unweighted average recall of the true
category and the cross-entropy against the true shares, with the difference that the model of raters makes: its mean
over seeds with a 95 % interval by Student's t.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, stdtrit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.agreement.bayes.votes import Votes, fit_votes
from app.synthetic.actor import ActorClip, act
from app.synthetic.raters import ConditionEffect, SimulatedRater, simulate_categories
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import face_crops

Float = NDArray[np.float64]
Int = NDArray[np.int64]

RATERS: Final = 5
GIVEN: Final = 0.5
RIDGES: Final = (0.02, 0.1, 0.3, 1.0)
"""Each arm takes the one that does best on its own targets of every third of the subjects that it learns from."""
ARMS: Final = ("plain shares", "model of raters", "without the bad rater", "true shares")


def features(clips: Sequence[ActorClip]) -> Float:
    """Return mean and spread of the landmarks of each clip, relative to the subject's means: (clips, 272) float64."""
    rows = []
    for clip in clips:
        _, landmarks = face_crops(clip, 64, step=5)
        rows.append(np.concatenate([landmarks.mean(axis=0).ravel(), landmarks.std(axis=0).ravel()]))
    table = np.array(rows, dtype=np.float64)
    for subject in {clip.subject.code for clip in clips}:
        own = np.array([clip.subject.code == subject for clip in clips])
        table[own] -= table[own].mean(axis=0)
    return np.asarray(table / table.std(axis=0).clip(1e-6))


def votes_of(truth: Float, bad: str, seed: int) -> tuple[Int, Int, Int]:
    """Return item, rater and category of each vote; the first rater is the bad one."""
    rng = np.random.default_rng([seed, 5])
    every = []
    for r in range(RATERS):
        rater = SimulatedRater(f"R{r + 1}", score_noise=1.0, careless=1.0 if r == 0 and bad == "chance" else 0.0)
        said = simulate_categories(truth, rater, ConditionEffect("full_context"), seed).astype(np.int64)
        if r == 0 and bad == "wrong":
            said = rng.permutation(truth.shape[1])[said]
        items = np.flatnonzero(rng.random(len(truth)) < GIVEN)
        every.append(np.stack([items, np.full(items.size, r), said[items]]))
    item, rater_of, category = np.concatenate(every, axis=1)
    return item, rater_of, category


def shares_of(item: Int, category: Int, shape: tuple[int, int]) -> Float:
    """Return the share of each category in the votes on each item; NaN where there are none."""
    count = np.zeros(shape)
    np.add.at(count, (item, category), 1.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(count / count.sum(axis=1, keepdims=True))


def learnt(x: Float, shares: Float, ridge: float) -> Float:
    """Fit a softmax layer to shares: (features + 1, categories) float64."""
    wide, n_c = np.column_stack([x, np.ones(len(x))]), shares.shape[1]

    def cost(flat: Float) -> tuple[float, Float]:
        weights = flat.reshape(-1, n_c)
        log = log_softmax(wide @ weights, axis=1)
        gradient = wide.T @ (np.exp(log) - shares) / len(x) + ridge * weights
        return float(-(shares * log).sum() / len(x) + 0.5 * ridge * (weights**2).sum()), gradient.ravel()

    found = minimize(cost, np.zeros(wide.shape[1] * n_c), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x).reshape(-1, n_c)


def says(x: Float, weights: Float) -> Float:
    """Return log probabilities of categories: (n, categories) float64."""
    return np.asarray(log_softmax(np.column_stack([x, np.ones(len(x))]) @ weights, axis=1))


def chosen(x: Float, shares: Float, aside: NDArray[np.bool_]) -> Float:
    """Fit a softmax layer with the ridge that does best on the part aside."""
    costs = [-(shares[aside] * says(x[aside], learnt(x[~aside], shares[~aside], ridge))).sum() for ridge in RIDGES]
    return learnt(x, shares, RIDGES[int(np.argmin(costs))])


def one_seed(seed: int, subjects: int, clips: int, bad: str) -> dict[str, tuple[float, float]]:
    """Return recall and cross-entropy on subjects held out, of each arm."""
    played = act(ActorSpec(subjects, clips, seconds=1.6, seed=seed, cast_seed=seed, ordered=0.0, masked=0.0))
    x = features(played)
    names = sorted({name for clip in played for name in clip.shares()})
    truth = np.array([[clip.shares().get(name, 0.0) for name in names] for clip in played])
    truth /= truth.sum(axis=1, keepdims=True)
    category = np.array([names.index(clip.category) for clip in played])
    codes = sorted({clip.subject.code for clip in played})
    subject = np.array([codes.index(clip.subject.code) for clip in played])
    held = subject % 3 == 2
    item, rater, said = votes_of(truth, bad, seed)
    votes = Votes(item, rater, said, len(played), RATERS, len(names))
    sound = rater > 0
    made = {
        "plain shares": shares_of(item, said, truth.shape), "model of raters": fit_votes(votes, seed).shares,
        "without the bad rater": shares_of(item[sound], said[sound], truth.shape), "true shares": truth,
    }  # fmt: skip
    out = {}
    voted = np.isfinite(made["plain shares"]).all(axis=1)
    for name, shares in made.items():
        use = ~held & voted & np.isfinite(shares).all(axis=1)
        log = says(x[held], chosen(x[use], shares[use], subject[use] % 4 == 0))
        right = log.argmax(axis=1) == category[held]
        recall = np.mean([right[category[held] == c].mean() for c in np.unique(category[held])])
        out[name] = (float(recall), float(-(truth[held] * log).sum(axis=1).mean()))
    return out


def interval(values: Float) -> str:
    """Return a mean with its 95 % interval."""
    half = float(stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0
    return f"{values.mean():+.3f} ± {half:.3f}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run all seeds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("seeds", 5), ("subjects", 18), ("clips", 16)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--bad", choices=("chance", "wrong"), default="chance")
    args = parser.parse_args(argv)
    found = [one_seed(seed, args.subjects, args.clips, args.bad) for seed in range(args.seeds)]
    print("| learnt from | recall | cross-entropy | recall less that of plain shares | cross-entropy less |")
    print("| --- | ---: | ---: | --- | --- |")
    table = {name: np.array([one[name] for one in found]) for name in ARMS}
    for name, values in table.items():
        less = values - table[ARMS[0]]
        apart = "| |" if name == ARMS[0] else f"{interval(less[:, 0])} | {interval(less[:, 1])} |"
        print(f"| {name} | {values[:, 0].mean():.3f} | {values[:, 1].mean():.3f} | {apart}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
