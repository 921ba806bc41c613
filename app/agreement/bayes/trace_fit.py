"""What the model of traces says of a panel: the truth of each item, and each rater's gain, offset, lag and noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.agreement.bayes.band import LEVEL, Band, log_normal_band, normal_band
from app.agreement.bayes.trace_density import MOST_LAG_S, TraceDensity, TraceParameters
from app.agreement.bayes.trace_sample import ROUNDS, Tell, draw_parameters

Float = NDArray[np.float64]

LEAST_S: Final = 20.0
"""Seconds that a rater must have traced."""
LEAST_MOVE: Final = 0.005
"""Standard deviation, in units of the axis, below which a rater does not follow anything."""
MOST_CONDITIONAL: Final = 100
WITH_VARIANCE: Final = 4
"""Draws given which truths are computed, and so many of them with variances, which depend little on the draw."""
STEPS: Final = 200
_STEP: Final = 1e-3


@dataclass(frozen=True, eq=False)
class TraceModel:
    """What is known of traces in one condition and one dimension.

    Attributes:
        truths: Each item's truth, (n,) float64 at the samples of its grid, with the panel's mean lag.
        gain: (raters,) float64 over the panel's geometric mean.
        offset: (raters,) float64 what a rater adds, less the panel's mean.
        lag_s: (raters,) float64 seconds behind the panel's mean.
        noise: (raters,) float64 standard deviations.
        values: The parameters at the mode.
        converged: Whether the search for the mode ended as it should.
        level: Probability within an interval.
        seed: Of the draws.
    """

    truths: tuple[Band, ...]
    gain: Band
    offset: Band
    lag_s: Band
    noise: Band
    values: TraceParameters
    converged: bool
    level: float
    seed: int


def fit_traces(
    clips: Sequence[Float], rate_hz: float, *, level: float = LEVEL, seed: int = 0, tell: Tell | None = None,
    rounds: int = ROUNDS,
) -> TraceModel:  # fmt: skip
    """Fit the model to the traces of a panel.

    Parameters are drawn from their posterior, beginning at its mode; given each of some draws, truths and offsets are
    normal.

    Args:
        clips: (raters, n) float64 of each item on an even grid, NaN for missing; the raters are the same in all.
        rate_hz: Samples a second.
        level: Probability within an interval.
        seed: Of the draws.
        tell: Receives (step, cost) and may raise to end the fit.
        rounds: Draws of the parameters.

    Raises:
        ValueError: There are fewer than two raters, or one has traced less than `LEAST_S` or never moves.

    Example:
        >>> from app.agreement.bayes.trace_draw import draw_traces
        >>> drawn = draw_traces(np.random.default_rng(1), raters=3, seconds=(40.0,))
        >>> found = fit_traces(drawn.clips, 5.0, rounds=40)
        >>> found.converged, found.truths[0].mean.shape, bool((found.noise.low > 0).all())
        (True, (200,), True)
    """
    if clips[0].shape[0] < 2:
        raise ValueError("two raters are needed")
    if not enough(clips, rate_hz).all():
        raise ValueError(f"a rater has traced less than {LEAST_S:g} s, or never moves")
    density = TraceDensity(clips, rate_hz)
    at, converged = _mode(density, clips, rate_hz, tell)
    rng = np.random.default_rng(seed)
    draws = draw_parameters(density, at, _covariance(density.cost, at), rng, rounds=rounds, tell=tell).points
    each = [density.unfold(one) for one in draws]
    truths, offset = _conditional(density, draws, level)
    return TraceModel(
        truths, _logs([one.gain for one in each], level), offset, _drawn([one.lag_s for one in each], level),
        _logs([one.noise for one in each], level), density.unfold(at), converged, level, seed,
    )  # fmt: skip


def _drawn(values: Sequence[Float], level: float) -> Band:
    """Mean and quantiles of draws."""
    drawn = np.array(values)
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return Band(drawn.mean(axis=0), drawn.std(axis=0), low, high)


def _logs(values: Sequence[Float], level: float) -> Band:
    """The band of draws whose logarithm is nearly normal."""
    drawn = np.log(np.array(values))
    return log_normal_band(drawn.mean(axis=0), drawn.var(axis=0), level)


def enough(clips: Sequence[Float], rate_hz: float) -> NDArray[np.bool_]:
    """Whether each rater has traced long enough and moves: (raters,) bool.

    Args:
        clips: As for `fit_traces`.
        rate_hz: Samples a second.

    Example:
        >>> enough([np.array([[0.0, 0.5] * 60, [0.1] * 120])], 5.0)
        array([ True, False])
    """
    whole = np.concatenate(clips, axis=1)
    n = (~np.isnan(whole)).sum(axis=1)
    moves = np.array([np.nanstd(row) > LEAST_MOVE if k else False for row, k in zip(whole, n, strict=True)])
    return (n >= LEAST_S * rate_hz) & moves


def _mode(density: TraceDensity, clips: Sequence[Float], rate_hz: float, tell: Tell | None) -> tuple[Float, bool]:
    """Find the mode: from lags by cross-correlation, then with each rater's lag tried on a grid."""
    steps = 0

    def ended(at: Float) -> None:
        nonlocal steps
        steps += 1
        if tell is not None:
            tell(steps, density.cost(at))

    def descend(at: Float) -> tuple[Float, float, bool]:
        found = minimize(density.cost, at, jac=lambda x: _gradient(density.cost, x), method="L-BFGS-B",
                         callback=ended, options={"maxiter": STEPS, "ftol": 1e-8, "gtol": 1e-3})  # fmt: skip
        return found.x, float(found.fun), bool(found.success)

    start = density.start(start_lags(clips, rate_hz))
    start[3] = np.log(0.5 * float(np.median([np.nanstd(row) for row in np.concatenate(clips, axis=1)])))
    at, cost, good = descend(start)
    moved = _tried(density, at, cost)
    if moved is not None:
        other = descend(moved)
        if other[1] < cost:
            at, cost, good = other
    return at, good


def _tried(density: TraceDensity, at: Float, cost: float) -> Float | None:
    """Return parameters with one rater's lag elsewhere if that is better: a start may lie beside another peak."""
    best = None
    for r in range(density.n_raters):
        away = density.basis.T @ (np.arange(density.n_raters) == r)
        for move in np.arange(-3.0, 3.01, 0.5):
            there = at.copy()
            there[density.lags] += move * away
            value = density.cost(there)
            if value < cost - 0.01:
                best, cost = there, value
    return best


def start_lags(clips: Sequence[Float], rate_hz: float) -> Float:
    """Return lags at which raters correlate most with the mean of the others, (raters,) float64 with the mean 0.

    Args:
        clips: As for `fit_traces`.
        rate_hz: Samples a second.

    Example:
        >>> wave = np.sin(np.arange(220) / 8)
        >>> start_lags([np.stack([wave[10:210], wave[:200]])], 5.0)
        array([-1.,  1.])
    """
    n_r, reach = clips[0].shape[0], int(MOST_LAG_S * 0.8 * rate_hz)
    lags = np.zeros(n_r, dtype=np.int64)
    for _ in range(3):
        for r in range(n_r):
            others = [k for k in range(n_r) if k != r]
            sums = np.zeros((2 * reach + 1, 3))
            for clip in clips:
                rest = np.array([_moved(clip[k] - np.nanmean(clip[k]), int(-lags[k]))
                                 for k in others if not np.isnan(clip[k]).all()])  # fmt: skip
                if not len(rest) or np.isnan(clip[r]).all():
                    continue
                mean, own = _mean(rest), clip[r] - np.nanmean(clip[r])
                for row, lag in enumerate(range(-reach, reach + 1)):
                    sums[row] += _products(_moved(own, -lag), mean)
            with np.errstate(all="ignore"):
                peaks = np.nan_to_num(sums[:, 0] / np.sqrt(sums[:, 1] * sums[:, 2]), nan=-1.0)
            lags[r] = int(np.argmax(peaks)) - reach
    out: Float = lags / rate_hz
    return out - out.mean()


def _mean(rows: Float) -> Float:
    known = ~np.isnan(rows)
    n = known.sum(axis=0)
    out: Float = np.where(n > 0, np.where(known, rows, 0.0).sum(axis=0) / np.maximum(n, 1), np.nan)
    return out


def _moved(row: Float, by: int) -> Float:
    out = np.full(row.size, np.nan)
    if by >= 0:
        out[by:] = row[: row.size - by]
    else:
        out[:by] = row[-by:]
    return out


def _products(a: Float, b: Float) -> Float:
    both = ~np.isnan(a) & ~np.isnan(b)
    x, y = a[both], b[both]
    return np.array([x @ y, x @ x, y @ y])


def _gradient(cost: Callable[[Float], float], at: Float) -> Float:
    out = np.empty(at.size)
    for k in range(at.size):
        step = np.zeros(at.size)
        step[k] = _STEP
        out[k] = (cost(at + step) - cost(at - step)) / (2.0 * _STEP)
    return out


def _covariance(cost: Callable[[Float], float], at: Float) -> Float:
    """Inverse of the second differences; directions that are not curved as they should are as wide as their priors."""
    n = at.size
    step = 10.0 * _STEP
    curved = np.empty((n, n))
    for k in range(n):
        move = np.zeros(n)
        move[k] = step
        curved[k] = (_gradient(cost, at + move) - _gradient(cost, at - move)) / (2.0 * step)
    values, vectors = np.linalg.eigh((curved + curved.T) / 2.0)
    out: Float = (vectors / np.maximum(values, 1.0)) @ vectors.T
    return out


def _conditional(density: TraceDensity, draws: Float, level: float) -> tuple[tuple[Band, ...], Band]:
    """Truths and offsets over draws of the parameters: the mean of variances, and the variance of means."""
    some = draws[np.linspace(0, len(draws) - 1, min(MOST_CONDITIONAL, len(draws))).astype(int)]
    known = [density.known(one) for one in some]
    wide = [density.known(one, with_variance=True) for one in some[:: max(len(some) // WITH_VARIANCE, 1)]]
    truths = []
    for i in range(len(known[0].truths)):
        means = np.array([one.truths[i] for one in known])
        own = np.mean([one.variances[i] for one in wide], axis=0)
        truths.append(normal_band(means.mean(axis=0), own + means.var(axis=0), level))
    offsets = np.array([one.offset for one in known])
    cov = np.mean([np.diag(one.offset_cov) for one in known], axis=0)
    return tuple(truths), normal_band(offsets.mean(axis=0), cov + offsets.var(axis=0), level)
