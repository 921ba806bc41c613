"""Intervals from leaving out one unit at a time: what holds with five units as well as with five thousand.

A statistic is computed again without each unit (subject, clip or item); how far these values lie apart gives its
standard error (Tukey 1958; Efron & Tibshirani 1993, chapter 11), and Student's t its interval.  Two refinements make it
cover where units are few or most of them hold nothing: the interval is formed on a scale on which the statistic is
nearly symmetric, and the degrees of freedom follow from the kurtosis of the values (Satterthwaite's match of the
variance of a variance), so that a result carried by three of two hundred clips does not pass for one of two hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.domain.words import many

Float = NDArray[np.float64]
Scale = Literal["plain", "share", "root", "root_below_one", "angle", "fisher", "coefficients", "variances"]

MIN_UNITS: Final = 5
"""With fewer units no interval holds what it promises."""
MIN_TELLING: Final = 10
"""Where fewer than half of the units hold another rating than the most frequent one, so many are needed: with five to
nine such units of sixty, intervals held the truth in as few as 78 % (benchmarks/coverage.py, designs `rare`)."""
MOST_GROUPS: Final = 200
LEAST_FREEDOM: Final = 2.0
KURTOSIS_FROM: Final = 10
FLAT: Final = 1e-12


def _root(v: Float) -> Float:
    # The root would make a rounding residue of 1e-16 one of 1e-8.
    return np.sqrt(np.where(v <= FLAT, 0.0, v))


def _square(z: Float) -> Float:
    return np.maximum(z, 0.0) ** 2


_SCALES: Final[dict[Scale, tuple[Callable[[Float], Float], Callable[[Float], Float]]]] = {
    "plain": (lambda v: v, lambda z: z),
    "variances": (lambda v: v, lambda z: z),
    "share": (lambda v: v, lambda z: np.clip(z, -1.0, 1.0)),
    "coefficients": (lambda v: v, lambda z: np.clip(z, -2.0, 2.0)),
    "root": (_root, _square),
    "root_below_one": (lambda v: -_root(1.0 - v), lambda z: np.maximum(1.0 - _square(-z), -1.0)),
    "angle": (
        lambda v: np.arcsin(_root(np.minimum(v, 1.0))),
        lambda z: np.sin(np.clip(z, 0.0, np.pi / 2)) ** 2,
    ),
    "fisher": (lambda v: np.arctanh(np.clip(v, -1 + 1e-15, 1 - 1e-15)), np.tanh),
}
_ENDS: Final[dict[Scale, tuple[float, float]]] = {
    "share": (-1.0, 1.0), "coefficients": (-2.0, 2.0), "root_below_one": (-1.0, 1.0), "angle": (0.0, 1.0),
    "fisher": (-1.0, 1.0),
}  # fmt: skip
"""The smallest and the largest value of each scale that has any."""
DIGIT: Final = 1e-3
"""So near to both ends, an interval is printed as the whole scale."""
POLE: Final = 1.0 - 1e-12
"""A coefficient beyond it has no value on Fisher's z scale."""
_RUNS_HIGH: Final = frozenset({"root_below_one", "coefficients"})
"""Of chance-corrected coefficients, which are ratios, the jackknife's variance runs high with few units (Efron & Stein
1981); below `KURTOSIS_FROM` units two degrees of freedom make up for it (benchmarks/coverage.py)."""
_OF_VARIANCES: Final = frozenset({"root", "variances"})
SCALE_WORDS: Final[dict[Scale, str]] = {
    "plain": "",
    "variances": "",
    "share": "",
    "coefficients": "",
    "root": ", on the scale of its square root",
    "root_below_one": ", on the scale of the square root of 1 - coefficient",
    "angle": ", on the scale of the arc sine of its root",
    "fisher": ", on Fisher's z scale",
}


@dataclass(frozen=True)
class JackknifeInterval:
    """An interval, or why there is none.

    Attributes:
        low: lower end, NaN if there is none.
        high: upper end, NaN if there is none.
        error: standard error on the scale of the interval.
        freedom: degrees of freedom of Student's t.
        reason: why there is no interval; empty otherwise.
        p_zero: two-sided p of the value 0 by the same t, for differences of coefficients; NaN otherwise.
    """

    low: float
    high: float
    error: float
    freedom: float
    reason: str = ""
    p_zero: float = NAN


def spread(left_out: Float) -> tuple[float, float]:
    """Variance of a statistic and its degrees of freedom, from the values without each unit.

    (n - 1)/n times the sum of squared deviations from their mean; the degrees of freedom are 2n / (kurtosis - 1),
    between 2 and n - 1, where a normal kurtosis of 3 gives n; with fewer than `KURTOSIS_FROM` units, of which no
    kurtosis can be told, they are n - 1.

    Args:
        left_out: (n,) float64, the statistic without each unit, no NaN.

    Returns:
        (variance, degrees of freedom).

    Example:
        >>> values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
        >>> mean_without = (values.sum() - values) / 4
        >>> variance, freedom = spread(mean_without)
        >>> bool(np.isclose(variance, values.var(ddof=1) / 5)), freedom
        (True, 4.0)
    """
    n = left_out.size
    d = left_out - left_out.mean()
    square = float((d**2).sum())
    if square <= 0.0:
        return 0.0, n - 1.0
    if n < KURTOSIS_FROM:
        return (n - 1.0) / n * square, n - 1.0
    kurtosis = n * float((d**4).sum()) / square**2
    freedom = 2.0 * n / (kurtosis - 1.0) if kurtosis > 1.0 else np.inf
    return (n - 1.0) / n * square, float(min(max(freedom, LEAST_FREEDOM), n - 1.0))


def of_coefficient(freedom: float, n: int) -> float:
    """Degrees of freedom of a chance-corrected coefficient or a difference of two.

    Args:
        freedom: those that `spread` gives.
        n: number of units left out.

    Returns:
        n + 1 with fewer than `KURTOSIS_FROM` units, where the variance runs high; else as they are.

    Example:
        >>> of_coefficient(5.0, 6), of_coefficient(9.0, 12)
        (7.0, 9.0)
    """
    return n + 1.0 if n < KURTOSIS_FROM else freedom


def of_variance(freedom: float, n: int) -> float:
    """Degrees of freedom of a mean variance on the scale of its root, or of the difference of two mean variances.

    Student's t with the four degrees of freedom of five units is 1.33 times as wide as what an oracle would give, on
    any scale. For a normal kurtosis of 3 the formula of `spread` gives n: the root of a mean variance is nearly normal,
    and differences of two, which are symmetric with heavy tails, hold more than they promise with n - 1. With n, the
    interval of five units is about 1.2 times as wide as the oracle's (benchmarks/coverage.py, docs/statistics.md).

    Args:
        freedom: those that `spread` gives.
        n: number of units left out.

    Returns:
        n with fewer than `KURTOSIS_FROM` units; else as they are.

    Example:
        >>> of_variance(4.0, 5), of_variance(9.0, 12)
        (5.0, 9.0)
    """
    return float(n) if n < KURTOSIS_FROM else freedom


def too_few_telling(telling: int, count: int, unit: str) -> str:
    """Why units that hold another rating than the most frequent one are too few; empty where they are enough.

    Units that hold nothing else tell nothing of how far a value would vary.  Five of six clips are enough, as clips
    are then like each other; seven of two hundred are not, as chance decides how many of them a study has.

    Args:
        telling: units that hold another rating than the most frequent one.
        count: all units.
        unit: what they are.

    Example:
        >>> too_few_telling(7, 200, "clip")
        'only 7 clips of 200 hold another rating than the most frequent one, 10 are needed for an interval'
        >>> too_few_telling(5, 6, "clip")
        ''
    """
    needed = MIN_TELLING if 2 * telling < count else MIN_UNITS
    if telling >= needed:
        return ""
    return (
        f"only {many(telling, unit)} of {count} hold another rating than the most frequent one, {needed} are needed "
        "for an interval"
    )


def jackknife_interval(
    value: float, left_out: Float, *, level: float = 0.95, scale: Scale = "plain", more_variance: float = 0.0,
    more_freedom: float = np.inf,
) -> JackknifeInterval:  # fmt: skip
    """Student's t interval of a statistic from its values without each unit.

    Args:
        value: the statistic of all units.
        left_out: (n,) float64, the statistic without each unit; NaN where it has no value then.
        level: confidence level.
        scale: plain; share, the same cut at -1 and 1; root of a variance; variances, the difference of two; root of
            one minus a coefficient that ends at 1; coefficients, the difference of two such; angle of a share;
            Fisher's z.
        more_variance: variance from another source of chance, such as the choice of raters, on the plain scale.
        more_freedom: degrees of freedom of that variance.

    Returns:
        The interval, with a reason where there is none.

    Example:
        >>> values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
        >>> found = jackknife_interval(3.0, (values.sum() - values) / 4)
        >>> round(found.low, 4), round(found.high, 4)
        (1.0368, 4.9632)
        >>> jackknife_interval(1.0, np.ones(3)).reason
        'only 3 units to resample, 5 are needed for an interval'
    """
    n = left_out.size
    if n < MIN_UNITS:
        return JackknifeInterval(
            NAN, NAN, NAN, NAN, f"only {n} units to resample, {MIN_UNITS} are needed for an interval"
        )
    if bool(np.isnan(left_out).any()):
        return _none("without one of the units there is no value")
    if scale == "fisher" and bool((np.abs(left_out) > POLE).any() and np.ptp(left_out) > FLAT):
        return _none("without one of the units the value is 1 or -1, where Fisher's z has no end")
    there, back = _SCALES[scale]
    centre = float(there(np.array([value]))[0])
    variance, freedom = spread(there(left_out))
    if scale in _RUNS_HIGH:
        freedom = of_coefficient(freedom, n)
    elif scale in _OF_VARIANCES:
        freedom = of_variance(freedom, n)
    if variance + more_variance <= (FLAT * max(abs(centre), 1.0)) ** 2:
        return JackknifeInterval(
            NAN, NAN, NAN, NAN, "no unit changes the value, so nothing tells how far it would vary"
        )
    if n >= KURTOSIS_FROM and freedom < MIN_UNITS - 1:
        return _none(
            f"as few as {int(freedom) + 1} of the {n} units carry the value, {MIN_UNITS} are needed for an interval"
        )
    if more_variance > 0.0:
        # Satterthwaite: the variance of a sum of two variance estimates.
        joint = variance + more_variance
        freedom = joint**2 / (variance**2 / freedom + more_variance**2 / more_freedom)
        variance = joint
    from scipy.special import stdtr, stdtrit

    error = float(np.sqrt(variance))
    half = float(stdtrit(freedom, 0.5 + level / 2.0)) * error
    low, high = back(np.array([centre - half, centre + half]))
    least, most = _ENDS.get(scale, (-np.inf, np.inf))
    if low <= least + DIGIT and high >= most - DIGIT:
        return _none(f"the interval would hold every value from {least:g} to {most:g}, so these units tell nothing")
    p_zero = 2.0 * float(stdtr(freedom, -abs(centre) / error)) if scale == "coefficients" else NAN
    return JackknifeInterval(float(low), float(high), error, freedom, p_zero=p_zero)


def _none(reason: str) -> JackknifeInterval:
    return JackknifeInterval(NAN, NAN, NAN, NAN, reason)


def groups_of(n_units: int, most: int = MOST_GROUPS) -> NDArray[np.int64]:
    """(n_units,) group of each unit for a statistic that is dear to compute: a group is left out at a time.

    Args:
        n_units: number of units.
        most: largest number of groups; up to it every unit is its own.

    Example:
        >>> groups_of(5, 2)
        array([0, 1, 0, 1, 0])
    """
    return np.arange(n_units, dtype=np.int64) % min(n_units, most)


def left_out_weights(n_units: int, most: int = MOST_GROUPS) -> Float:
    """(groups, n_units) float64 weights, 0 for the units of the group left out and 1 for the others.

    Example:
        >>> left_out_weights(3)
        array([[0., 1., 1.],
               [1., 0., 1.],
               [1., 1., 0.]])
    """
    group = groups_of(n_units, most)
    stays: NDArray[np.bool_] = group[None, :] != np.arange(min(n_units, most))[:, None]
    return stays.astype(np.float64)
