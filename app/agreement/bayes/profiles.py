"""Raters' profiles in points and in words, from the model of raters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import LEVEL
from app.agreement.bayes.cumulative import sigmoid
from app.agreement.bayes.fit import Fit
from app.agreement.bayes.posterior import expected_points, raters_of, truths_of, typical_cuts
from app.agreement.bayes.suspects import suspects_of
from app.agreement.bayes.tired import tired_of

Float = NDArray[np.float64]

RARELY: Final = 0.6
"""A rater who gives a score less often than this share of what is usual gives it rarely; one over it is often."""
WORTH: Final = 0.02
"""Shares of ratings below this are not spoken of."""


@dataclass(frozen=True, eq=False)
class Profile:
    """A rater as the model sees him or her.

    Attributes:
        rater: code.
        n_ratings: number of ratings.
        bias: points that the rater gives more than a typical one, mean over the judged items: (mean, low, high).
        noise: noise over the typical one: (mean, low, high).
        drift: points that are added in an hour of a session: (mean, low, high); NaN without times.
        use: (levels,) share of each score that the rater would give of all judged items.
        usual: (levels,) the same of a typical rater with the same bias.
        words: the profile in a sentence.
    """

    rater: str
    n_ratings: int
    bias: tuple[float, float, float]
    noise: tuple[float, float, float]
    drift: tuple[float, float, float]
    use: Float
    usual: Float
    words: str


def profiles_of(fit: Fit, level: float = LEVEL) -> tuple[Profile, ...]:
    """Describe every rater.

    Args:
        fit: A fit of the model.
        level: Probability within an interval.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> found = profiles_of(fit(draw_study(StudyShape(20, 3, 1, 1), np.random.default_rng(1))[0]))
        >>> [one.rater for one in found], float(found[0].use.sum().round(6))
        (['R1', 'R2', 'R3'], 1.0)
    """
    columns = fit.columns
    data, points = columns.data, columns.data.points
    raters, latent = raters_of(fit, level), truths_of(fit, level).latent.mean
    cuts = typical_cuts(fit)
    judged = np.zeros(latent.size, dtype=bool)
    judged[columns.cell] = True
    truth = latent.ravel()[judged]
    emotion = np.repeat(columns.unit_emotion, columns.n_conditions)[judged]
    base = expected_points(truth, cuts, points)
    per_unit = float((expected_points(truth + 0.5, cuts, points) - expected_points(truth - 0.5, cuts, points)).mean())
    suspects = {one.rater: one.short for one in tired_of(data)}
    suspects |= {one.rater: one.short for one in suspects_of(data)} | dict(data.allowed)
    out = []
    for r, code in enumerate(data.raters):
        shift = float((expected_points(truth + raters.bias.mean[r][emotion], cuts, points) - base).mean())
        around = (float(raters.mean_bias.low[r]), float(raters.mean_bias.mean[r]), float(raters.mean_bias.high[r]))
        bias = (shift, shift + per_unit * (around[0] - around[1]), shift + per_unit * (around[2] - around[1]))
        drift = tuple(float(end[r]) * per_unit for end in (raters.drift.mean, raters.drift.low, raters.drift.high))
        noise = tuple(float(end[r]) for end in (raters.noise.mean, raters.noise.low, raters.noise.high))
        moved = truth + raters.bias.mean[r][emotion]
        use = _shares(moved, raters.thresholds.mean[r], float(raters.noise.mean[r]))
        usual = _shares(moved, cuts, 1.0)
        n = int((data.rater == r).sum())
        known = drift if data.timed else (np.nan, np.nan, np.nan)
        words = _words(
            bias,
            (noise[0], noise[1], noise[2]),
            (known[0], known[1], known[2]),
            use,
            usual,
            points,
            suspects.get(code, ""),
        )
        out.append(Profile(code, n, bias, (noise[0], noise[1], noise[2]), (known[0], known[1], known[2]), use, usual,
                           words))  # fmt: skip
    return tuple(out)


def _shares(truth: Float, cuts: Float, noise: float) -> Float:
    below = sigmoid((cuts[None] - truth[:, None]) / noise)
    whole = np.concatenate([np.zeros((truth.size, 1)), below, np.ones((truth.size, 1))], axis=1)
    out: Float = np.diff(whole, axis=1).mean(axis=0)
    return out


def _words(
    bias: tuple[float, float, float], noise: tuple[float, float, float], drift: tuple[float, float, float],
    use: Float, usual: Float, points: Float, suspect: str,
) -> str:  # fmt: skip
    said = [suspect] if suspect else []
    if bias[1] > 0 or bias[2] < 0:
        said.append(f"rates {abs(bias[0]):.2f} points {'higher' if bias[0] > 0 else 'lower'} than the panel")
    said += [f"uses {scores} {how}" for how in ("rarely", "often") if (scores := _scores(use, usual, points, how))]
    if noise[1] > 1.0 or noise[2] < 1.0:
        said.append(f"is {noise[0]:.1f} times as noisy as the panel" if noise[0] > 1 else
                    f"is steadier than the panel (noise {noise[0]:.1f})")  # fmt: skip
    if drift[1] > 0 or drift[2] < 0:
        said.append(f"drifts {'up' if drift[0] > 0 else 'down'} {abs(drift[0]):.2f} points an hour")
    if not said:
        return "Like the panel."
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _scores(use: Float, usual: Float, points: Float, how: str) -> str:
    """Scores that are used rarely or often, neighbours as a range."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = use / usual
    picked = (ratio < RARELY) & (usual > WORTH) if how == "rarely" else (ratio > 1.0 / RARELY) & (use > WORTH)
    runs: list[list[int]] = []
    for k in np.flatnonzero(picked).tolist():
        if runs and runs[-1][-1] == k - 1:
            runs[-1].append(k)
        else:
            runs.append([k])
    names = [f"{points[run[0]]:g}" + (f"–{points[run[-1]]:g}" if len(run) > 1 else "") for run in runs]
    return " and ".join(names)
