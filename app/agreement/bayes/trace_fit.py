"""What the model of traces says of a panel: the truth of each item, and each rater's gain, offset, lag and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import LEVEL, Band, log_normal_band, normal_band
from app.agreement.bayes.trace_density import TraceDensity, TraceParameters
from app.agreement.bayes.trace_mode import curvature, mode_of
from app.agreement.bayes.trace_sample import ROUNDS, Tell, draw_parameters

Float = NDArray[np.float64]

LEARNT_S: Final = 600.0
"""Seconds of items from which parameters are learnt at most: more say little that is new, and take longer."""
EACH_S: Final = 60.0
"""Seconds that each rater has among them, if there are so many."""
MOST_CONDITIONAL: Final = 100
WITH_VARIANCE: Final = 4
"""Draws given which truths are computed, and so many of them with variances, which depend little on the draw."""


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
        ValueError: There are fewer than two raters.

    Example:
        >>> from app.agreement.bayes.trace_draw import draw_traces
        >>> drawn = draw_traces(np.random.default_rng(1), raters=3, seconds=(40.0,))
        >>> found = fit_traces(drawn.clips, 5.0, rounds=40)
        >>> found.converged, found.truths[0].mean.shape, bool((found.noise.low > 0).all())
        (True, (200,), True)
    """
    if clips[0].shape[0] < 2:
        raise ValueError("two raters are needed")
    rng = np.random.default_rng(seed)
    some = [clips[k] for k in learnt_from(clips, rate_hz, rng)]
    density = TraceDensity(some, rate_hz)
    at, converged = mode_of(density, some, rate_hz, tell)
    draws = draw_parameters(density, at, curvature(density.cost, at), rng, rounds=rounds, tell=tell).points
    each = [density.unfold(one) for one in draws]
    truths, offset = _conditional(TraceDensity(clips, rate_hz), draws, level)
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


def learnt_from(clips: Sequence[Float], rate_hz: float, rng: np.random.Generator) -> list[int]:
    """Return which items parameters are learnt from: `LEARNT_S` by chance, and more where a rater has little.

    Args:
        clips: As for `fit_traces`.
        rate_hz: Samples a second.
        rng: The source of chance.

    Example:
        >>> learnt_from([np.zeros((2, 50))] * 3, 5.0, np.random.default_rng(0))
        [0, 1, 2]
    """
    given = np.array([(~np.isnan(clip)).sum(axis=1) / rate_hz for clip in clips])
    whole, each, kept = 0.0, np.zeros(given.shape[1]), []
    for k in rng.permutation(len(clips)).tolist():
        if whole < LEARNT_S or ((given[k] > 0) & (each < EACH_S)).any():
            kept.append(k)
            each += given[k]
            whole += clips[k].shape[1] / rate_hz
    return sorted(kept)


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
