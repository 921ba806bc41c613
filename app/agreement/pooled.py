"""Pooled concordance over subjects, with a bootstrap interval that is honest with few of them.

Frames of one person are not independent evidence: subjects are resampled, never frames.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.agreement.resample import bootstrap_sums, percentile_interval

Float = NDArray[np.float64]

REPLICATES: Final = 9999
LEVEL: Final = 0.95
LEAST_SUBJECTS: Final = 4
"""With fewer subjects to draw from, a bootstrap interval means nothing."""


@dataclass(frozen=True)
class PooledCcc:
    """Concordance over the frames of several subjects.

    Attributes:
        ccc: Lin's concordance of all frames together, 1/n moments.
        interval: Expanded percentile interval over subjects; NaN with fewer than `LEAST_SUBJECTS`.
        n_subjects: Subjects with a frame that counts.
    """

    ccc: float
    interval: tuple[float, float]
    n_subjects: int


def moments(gold: Float, *predictions: Float) -> Float:
    """Return sums from which a pooled CCC follows: n, Σg, Σg², then Σp, Σp², Σpg of each prediction.

    Args:
        gold: (n,) float64 without NaN.
        predictions: Each (n,) float64 without NaN.

    Returns:
        (3 + 3 · predictions,) float64; sums of several clips may be added.

    Example:
        >>> moments(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
        array([2., 3., 5., 1., 1., 2.])
    """
    parts = [np.ones_like(gold), gold, gold**2]
    for each in predictions:
        parts += [each, each**2, each * gold]
    return np.array([part.sum() for part in parts])


def ccc_of_moments(sums: Float, which: int = 0) -> Float:
    """Pooled CCC of each row of sums.

    Args:
        sums: (rows, 3 + 3 · predictions), as `moments` gives them.
        which: Which prediction.

    Returns:
        (rows,) in −1…1; NaN where both series are constant.

    Example:
        >>> round(float(ccc_of_moments(moments(np.array([0.0, 1, 2]), np.array([1.0, 2, 3]))[None])[0]), 4)
        0.5714
    """
    n, at = sums[:, 0], 3 + 3 * which
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_g, mean_p = sums[:, 1] / n, sums[:, at] / n
        var_g, var_p = sums[:, 2] / n - mean_g**2, sums[:, at + 1] / n - mean_p**2
        cov = sums[:, at + 2] / n - mean_g * mean_p
        return np.asarray(2 * cov / (var_g + var_p + (mean_g - mean_p) ** 2), np.float64)


def expanded_interval(draws: Float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Compute the expanded percentile interval; plain percentiles are too narrow with few subjects.

    Source: Hesterberg 2015, "What teachers should know about the bootstrap", The American Statistician 69(4), section
    5.3: the quantiles are those at which a t interval of n − 1 degrees of freedom would lie.

    Args:
        draws: (replicates,) statistic of each resample, NaN where it has no value.
        n: Subjects that were drawn from.
        level: Confidence level.

    Returns:
        NaN with fewer than `LEAST_SUBJECTS` subjects.

    Example:
        >>> draws = np.random.default_rng(0).normal(0.5, 0.1, 10_000)
        >>> [round(end, 1) for end in expanded_interval(draws, 30)]
        [0.3, 0.7]
    """
    if n < LEAST_SUBJECTS:
        return NAN, NAN
    from scipy.special import ndtr, stdtrit

    tail = float(ndtr(np.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 - level) / 2)))
    return percentile_interval(draws, 1 - 2 * tail)


def pooled_ccc(gold: Float, prediction: Float, subject: NDArray[np.integer], seed: int = 0) -> PooledCcc:
    """Compute concordance over all frames, with its interval over subjects.

    Args:
        gold: (n,), NaN where there is no label.
        prediction: (n,), NaN where nothing was predicted.
        subject: (n,) number of the subject of each frame.
        seed: Of the bootstrap.

    Example:
        >>> gold = np.tile(np.linspace(-1, 1, 50), 6)
        >>> found = pooled_ccc(gold, 0.5 * gold, np.repeat(np.arange(6), 50))
        >>> round(found.ccc, 2), found.n_subjects
        (0.8, 6)
    """
    known = np.isfinite(gold) & np.isfinite(prediction)
    g, p, who = gold[known].astype(np.float64), prediction[known].astype(np.float64), subject[known]
    rows = [moments(g[who == number], p[who == number]) for number in np.unique(who)]
    if not rows:
        return PooledCcc(NAN, (NAN, NAN), 0)
    sums = np.stack(rows)
    draws = ccc_of_moments(bootstrap_sums(sums, REPLICATES, seed))
    return PooledCcc(
        float(ccc_of_moments(sums.sum(axis=0, keepdims=True))[0]), expanded_interval(draws, len(rows)), len(rows)
    )
