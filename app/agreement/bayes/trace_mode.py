"""The mode of the density of traces: where the search begins, how it descends, and how the density curves there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.agreement.bayes.trace_density import MOST_LAG_S, TraceDensity

Float = NDArray[np.float64]
Tell = Callable[[int, float], None]

STEPS: Final = 200
DOUBT: Final = 0.01
"""What a lag of 1 s takes from a correlation where the search begins; with its square."""
_STEP: Final = 1e-3


def mode_of(
    density: TraceDensity, clips: Sequence[Float], rate_hz: float, tell: Tell | None = None
) -> tuple[Float, bool]:
    """Find the mode: from lags by cross-correlation, then with each rater's lag tried on a grid.

    Args:
        density: The density of the clips.
        clips: (raters, n) float64 of each item.
        rate_hz: Samples a second.
        tell: Receives (step, cost).

    Returns:
        The parameters, and whether the search ended as it should.

    Example:
        >>> from app.agreement.bayes.trace_draw import draw_traces
        >>> clips = draw_traces(np.random.default_rng(0), raters=2, seconds=(20.0,)).clips
        >>> mode_of(TraceDensity(clips, 5.0), clips, 5.0)[1]
        True
    """
    steps = 0

    def ended(at: Float) -> None:
        nonlocal steps
        steps += 1
        if tell is not None:
            tell(steps, density.cost(at))

    def descend(at: Float) -> tuple[Float, float, bool]:
        found = minimize(  # type: ignore[call-overload]
            density.cost, at, jac=lambda x: gradient(density.cost, x), method="L-BFGS-B", callback=ended,
            options={"maxiter": STEPS, "ftol": 1e-8, "gtol": 1e-3},
        )  # fmt: skip
        return found.x, float(found.fun), bool(found.success)

    start = density.start(start_lags(clips, rate_hz))
    moves = [np.nanstd(row) for row in np.concatenate(clips, axis=1) if not np.isnan(row).all()]
    start[3] = np.log(max(0.5 * float(np.median(moves)), 0.02))
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
        for move in np.arange(-4.0, 4.01, 0.2):
            there = at.copy()
            there[density.lags] += move * away
            value = density.cost(there)
            if value < cost - 0.01:
                best, cost = there, value
    return best


def start_lags(clips: Sequence[Float], rate_hz: float) -> Float:
    """Return lags at which raters correlate most with the mean of the others, (raters,) float64 with the mean 0.

    Args:
        clips: (raters, n) float64 of each item on an even grid, NaN for missing.
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
            # Of peaks that are alike, as of a wave, the one with the smallest lag.
            lags[r] = int(np.argmax(peaks - DOUBT * (np.arange(-reach, reach + 1) / rate_hz) ** 2)) - reach
    out: Float = (lags - lags.mean()) / rate_hz
    return out


def _mean(rows: Float) -> Float:
    known = ~np.isnan(rows)
    n = known.sum(axis=0)
    out: Float = np.where(n > 0, np.where(known, rows, 0.0).sum(axis=0) / np.maximum(n, 1), np.nan)
    return out


def _moved(row: Float, by: int) -> Float:
    out = np.full(row.size, np.nan)
    n = max(row.size - abs(by), 0)  # a clip may be shorter than the lags that are tried
    if n and by >= 0:
        out[by:] = row[:n]
    elif n:
        out[:n] = row[-by:]
    return out


def _products(a: Float, b: Float) -> Float:
    both = ~np.isnan(a) & ~np.isnan(b)
    x, y = a[both], b[both]
    return np.array([x @ y, x @ x, y @ y])


def gradient(cost: Callable[[Float], float], at: Float) -> Float:
    """Return first differences.

    Args:
        cost: The function.
        at: (size,) float64 where.

    Example:
        >>> gradient(lambda x: float(x @ x), np.ones(2)).round(4)
        array([2., 2.])
    """
    out = np.empty(at.size)
    for k in range(at.size):
        step = np.zeros(at.size)
        step[k] = _STEP
        out[k] = (cost(at + step) - cost(at - step)) / (2.0 * _STEP)
    return out


def curvature(cost: Callable[[Float], float], at: Float) -> Float:
    """Return the inverse of the second differences; directions that hardly curve count as wide as 1.

    Args:
        cost: A function with a minimum.
        at: (size,) float64 where it is.

    Example:
        >>> curvature(lambda x: float(8.0 * x @ x), np.zeros(1)).round(4)
        array([[0.0625]])
    """
    n = at.size
    step = 10.0 * _STEP
    curved = np.empty((n, n))
    for k in range(n):
        move = np.zeros(n)
        move[k] = step
        curved[k] = (gradient(cost, at + move) - gradient(cost, at - move)) / (2.0 * step)
    values, vectors = np.linalg.eigh((curved + curved.T) / 2.0)
    out: Float = (vectors / np.maximum(values, 1.0)) @ vectors.T
    return out
