"""Lin's concordance correlation coefficient for series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate

Float = NDArray[np.float64]

LIN = "Lin 1989, Biometrics 45:255, moments with divisor n"
CONSTANT = "both series are constant"
SHORT = "fewer than two time points in common"


@dataclass(frozen=True)
class Moments:
    """Means and central moments of the pairs that two series have in common, from which all measures of a fit follow.

    Attributes:
        n: number of pairs.
        mean_x: mean of x; NaN without pairs.
        mean_y: mean of y; NaN without pairs.
        var_x: variance of x with divisor n.
        var_y: variance of y with divisor n.
        cov: covariance with divisor n.
        mse: mean squared difference of x and y.
        flat_x: whether x is constant.
        flat_y: whether y is constant.
    """

    n: int
    mean_x: float = NAN
    mean_y: float = NAN
    var_x: float = NAN
    var_y: float = NAN
    cov: float = NAN
    mse: float = NAN
    flat_x: bool = True
    flat_y: bool = True

    @property
    def ccc(self) -> float:
        """Lin's CCC; see `app.agreement.ccc.ccc`."""
        if self.n < 2 or (self.flat_x and self.flat_y):
            return NAN
        if self.flat_x or self.flat_y:
            return 0.0
        return 2.0 * self.cov / (self.var_x + self.var_y + (self.mean_x - self.mean_y) ** 2)

    @property
    def pearson(self) -> float:
        """Pearson's correlation; see `app.agreement.ccc.pearson`."""
        below = float(np.sqrt(self.var_x * self.var_y))
        if self.n < 2 or self.flat_x or self.flat_y or not below > 0:
            return NAN
        return float(np.clip(self.cov / below, -1.0, 1.0))


def moments(x: NDArray[np.floating], y: NDArray[np.floating]) -> Moments:
    """Return the moments of the pairs in which neither value is NaN.

    Args:
        x: (n,) of any floating dtype.
        y: (n,) likewise.

    Raises:
        ValueError: The series have different lengths.

    Example:
        >>> moments(np.array([0.0, 1.0, np.nan]), np.array([1.0, 3.0, 5.0])).mse
        2.5
    """
    x, y = _common(x, y)
    if not x.size:
        return Moments(0)
    mean_x, mean_y = float(x.mean()), float(y.mean())
    dx, dy = x - mean_x, y - mean_y
    difference = dx - dy
    return Moments(
        n=x.size,
        mean_x=mean_x,
        mean_y=mean_y,
        var_x=float(dx @ dx) / x.size,
        var_y=float(dy @ dy) / x.size,
        cov=float(dx @ dy) / x.size,
        mse=float(difference @ difference) / x.size + (mean_x - mean_y) ** 2,
        flat_x=bool(np.ptp(x) == 0),
        flat_y=bool(np.ptp(y) == 0),
    )


def ccc(x: Float, y: Float) -> float:
    """Lin's CCC with 1/n moments.

    2 s_xy / (s_x^2 + s_y^2 + (mean_x - mean_y)^2); pairs with NaN are dropped jointly.

    Args:
        x: (n,) float64.
        y: (n,) float64.

    Returns:
        In [-1, 1]; 0 if one series is constant, NaN if both are or fewer than two pairs remain.

    Example:
        >>> round(ccc(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])), 4)
        0.5714
    """
    return moments(x, y).ccc


def pearson(x: Float, y: Float) -> float:
    """Pearson correlation of the common pairs; NaN if either series is constant or fewer than two remain.

    Example:
        >>> round(pearson(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])), 4)
        1.0
    """
    return moments(x, y).pearson


def _common(x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[Float, Float]:
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("two series of the same length are needed")
    both = ~(np.isnan(a) | np.isnan(b))
    return (a, b) if both.all() else (a[both], b[both])


def ccc_estimate(x: Float, y: Float) -> Estimate:
    """`ccc` with its name, numbers and, where it is undefined or degenerate, the reason.

    Example:
        >>> ccc_estimate(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])).estimator
        'concordance correlation coefficient'
    """
    value = ccc(x, y)
    a, b = _common(x, y)
    reason = ""
    if np.isnan(value):
        reason = SHORT if a.size < 2 else CONSTANT
    elif np.ptp(a) == 0 or np.ptp(b) == 0:
        reason = "one series is constant, the coefficient is 0 by its formula"
    return Estimate(
        value=value,
        estimator="concordance correlation coefficient",
        reference=LIN,
        n_items=int(a.size),
        n_raters=2,
        n_ratings=int(2 * a.size),
        missing="time points missing in either series dropped",
        reason=reason,
        plain=plain.CCC,
    )


@dataclass(frozen=True)
class SeriesAgreement:
    """CCC over several videos, both ways of putting them together.

    Attributes:
        pooled: all valid time points of all videos in one coefficient (practice of the Aff-Wild and ABAW challenges).
        per_video: (videos,) CCC of each video, NaN where undefined.
        mean: mean of the defined per-video values.
        median: median of the defined per-video values, NaN if none.
        undefined: number of videos without a defined value.
    """

    pooled: Estimate
    per_video: tuple[float, ...]
    mean: Estimate
    median: float
    undefined: int


def ccc_videos(
    pairs: Sequence[tuple[Float, Float]], *, replicates: int = 1000, seed: int = 0, level: float = 0.95
) -> SeriesAgreement:
    """Compute the pooled and the per-video CCC, with intervals that resample videos and never frames.

    Args:
        pairs: (x, y) of each video, each (n_v,) float64.
        replicates: bootstrap resamples of videos, 0 for none.
        seed: seed of the resampling.
        level: confidence level.

    Example:
        >>> t = np.arange(100) / 10
        >>> found = ccc_videos([(np.sin(t), np.sin(t)), (np.sin(t), 0.5 * np.sin(t))], replicates=0)
        >>> round(found.pooled.value, 2), [round(one, 2) for one in found.per_video]
        (0.92, [1.0, 0.79])
    """
    each = [_common(x, y) for x, y in pairs]
    values = np.array([ccc(x, y) for x, y in each], dtype=np.float64)
    joined = (np.concatenate([e[i] for e in each]) if each else np.empty(0) for i in (0, 1))
    pooled = ccc_estimate(*joined)
    defined = values[~np.isnan(values)]
    how: dict[str, Any] = {
        "level": level,
        "method": "percentile bootstrap over videos",
        "replicates": replicates,
        "seed": seed,
    }
    mean = Estimate(
        value=float(defined.mean()) if defined.size else NAN,
        estimator="concordance correlation coefficient, mean over videos",
        reference=LIN,
        n_items=int(defined.size),
        n_raters=2,
        n_ratings=pooled.n_ratings,
        missing="videos with an undefined coefficient left out and counted",
        reason="" if defined.size else "no video has a defined coefficient",
        plain=plain.CCC,
    )
    if replicates and len(each) >= 2:
        low, high = _pooled_interval(each, replicates, seed, level)
        pooled = replace(pooled, low=low, high=high, **how)
        rng = np.random.default_rng(seed)
        if defined.size >= 2:
            draws = defined[rng.integers(0, defined.size, (replicates, defined.size))].mean(axis=1)
            ends = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
            mean = replace(mean, low=float(ends[0]), high=float(ends[1]), **how)
    return SeriesAgreement(
        pooled,
        tuple(float(v) for v in values),
        mean,
        float(np.median(defined)) if defined.size else NAN,
        int(np.isnan(values).sum()),
    )


def _pooled_interval(
    each: Sequence[tuple[Float, Float]], replicates: int, seed: int, level: float
) -> tuple[float, float]:
    """Percentile interval of the pooled CCC from summed moments of resampled videos."""
    centre = [
        float(np.concatenate([e[i] for e in each]).mean()) if any(e[i].size for e in each) else 0.0 for i in (0, 1)
    ]
    sums = np.array(
        [[x.size, (x - centre[0]).sum(), (y - centre[1]).sum(), ((x - centre[0]) ** 2).sum(),
          ((y - centre[1]) ** 2).sum(), ((x - centre[0]) * (y - centre[1])).sum()] for x, y in each]
    )  # fmt: skip
    weights = np.random.default_rng(seed).multinomial(len(each), np.full(len(each), 1.0 / len(each)), replicates)
    n, sx, sy, sxx, syy, sxy = (weights @ sums).T
    ok = n >= 2
    n = np.where(ok, n, 1.0)
    mx, my = sx / n, sy / n
    below = sxx / n - mx * mx + syy / n - my * my + (mx - my + centre[0] - centre[1]) ** 2
    ok &= below > 0
    values = 2.0 * (sxy / n - mx * my)[ok] / below[ok]
    if values.size < 0.9 * replicates:
        return NAN, NAN
    ends = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(ends[0]), float(ends[1])


def pairwise_ccc(series: Float) -> Float:
    """(raters, raters) CCC of every pair of rows, NaN where undefined.

    Args:
        series: (raters, time) float64 with NaN for missing.

    Example:
        >>> np.round(pairwise_ccc(np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]])), 4)
        array([[1.    , 0.5714],
               [0.5714, 1.    ]])
    """
    k = series.shape[0]
    out = np.full((k, k), NAN)
    for a in range(k):
        for b in range(a, k):
            out[a, b] = out[b, a] = ccc(series[a], series[b])
    return out


def leave_one_out_ccc(series: Float) -> Float:
    """Compute the CCC of each rater with the mean of the others, the ceiling for a prediction: (raters,) float64.

    Args:
        series: (raters, time) float64 with NaN for missing.

    Example:
        >>> t = np.arange(100) / 10
        >>> leave_one_out_ccc(np.stack([np.sin(t), np.sin(t), -np.sin(t)])).round(2)
        array([ 0.  ,  0.  , -0.86])
    """
    return np.array([ccc(series[k], mean_of_others(series, k)) for k in range(series.shape[0])], dtype=np.float64)


def mean_of_others(series: Float, rater: int) -> Float:
    """(time,) mean of all rows but one, NaN where none of them has a value.

    Example:
        >>> mean_of_others(np.array([[0.0, 1.0], [2.0, np.nan], [4.0, 5.0]]), 0)
        array([3., 5.])
    """
    others = np.delete(series, rater, axis=0)
    seen = (~np.isnan(others)).sum(axis=0)
    return np.where(seen > 0, np.nansum(others, axis=0) / np.maximum(seen, 1), np.nan)


def mean_pairwise(matrix: Float) -> float:
    """Return the mean of the defined values above the diagonal, NaN if there are none.

    Example:
        >>> mean_pairwise(np.array([[1.0, 0.4], [0.4, 1.0]]))
        0.4
    """
    upper = matrix[np.triu_indices(matrix.shape[0], 1)]
    upper = upper[~np.isnan(upper)]
    return float(upper.mean()) if upper.size else NAN
