"""Intraclass correlations in closed form with F-based intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
from app.domain.words import many

Float = NDArray[np.float64]

MCGRAW = "McGraw & Wong 1996, Psychological Methods 1:30; Shrout & Fleiss 1979"
UNBALANCED = "Donner 1986; interval Thomas & Hultquist 1978"
COMPLETE = "items with any missing rating left out (complete cases)"


@dataclass(frozen=True)
class IccSet:
    """The six coefficients of one items x raters table, named after McGraw & Wong.

    Attributes:
        one_way: ICC(1,1), each item may have its own raters; unequal numbers allowed.
        one_way_mean: ICC(1,k) of the mean of the (harmonic mean number of) ratings.
        agreement: ICC(A,1), the same raters judge all items, offsets count as error.
        agreement_mean: ICC(A,k).
        consistency: ICC(C,1), rater offsets do not count.
        consistency_mean: ICC(C,k), identical to Cronbach's alpha with raters as items.
        mean_ratings: the k that one_way_mean stands for.
    """

    one_way: Estimate
    one_way_mean: Estimate
    agreement: Estimate
    agreement_mean: Estimate
    consistency: Estimate
    consistency_mean: Estimate
    mean_ratings: float

    def all(self) -> tuple[Estimate, ...]:
        """The six estimates in order."""
        return (
            self.one_way,
            self.one_way_mean,
            self.agreement,
            self.agreement_mean,
            self.consistency,
            self.consistency_mean,
        )


def icc(matrix: Float, *, level: float = 0.95) -> IccSet:
    """All six intraclass correlations.

    Args:
        matrix: (items, raters) float64 with NaN for missing.
        level: confidence level of the intervals.

    Returns:
        Estimates; one-way uses every item with two ratings or more, the two-way ones complete items only.
    """
    single, mean, k_mean = _one_way(matrix, level)
    two_way = _two_way(matrix[~np.isnan(matrix).any(axis=1)], level)
    return IccSet(single, mean, *two_way, mean_ratings=k_mean)


def _step_up(r: float, k: float) -> float:
    """Spearman-Brown: reliability of a mean of k ratings."""
    below = 1.0 + (k - 1.0) * r
    return k * r / below if below != 0 else NAN


def _one_way(matrix: Float, level: float) -> tuple[Estimate, Estimate, float]:
    from scipy.special import fdtri

    rows = matrix[(~np.isnan(matrix)).sum(axis=1) >= 2]
    m = (~np.isnan(rows)).sum(axis=1).astype(np.float64)
    u, n = rows.shape[0], float(m.sum())
    raters = int((~np.isnan(rows)).any(axis=0).sum())
    balanced = u > 0 and bool((m == m[0]).all())
    base = {
        "plain": plain.ICC,
        "reference": MCGRAW if balanced else UNBALANCED,
        "level": level,
        "n_items": u,
        "n_raters": raters,
        "n_ratings": int(n),
        "missing": "items with fewer than two ratings left out, unequal numbers allowed",
    }
    names = ("ICC(1,1), one-way random effects, single rating", "ICC(1,k), one-way random effects, mean rating")
    reason = "fewer than two items with two ratings" if u < 2 else ""
    if not reason and np.nanmax(rows) == np.nanmin(rows):
        reason = "all ratings are equal"
    if reason:
        undefined = [Estimate(NAN, name, reason=reason, **base) for name in names]
        return undefined[0], undefined[1], NAN
    means = np.nansum(rows, axis=1) / m
    grand = float(np.nansum(rows)) / n
    msb = float((m * (means - grand) ** 2).sum()) / (u - 1)
    df_w = n - u
    msw = float(np.nansum((rows - means[:, None]) ** 2)) / df_w
    k0 = (n - float((m * m).sum()) / n) / (u - 1)
    harmonic = u / float((1.0 / m).sum())
    r = (msb - msw) / (msb + (k0 - 1.0) * msw)
    # Thomas & Hultquist: unweighted means and the harmonic number; on balanced data this is the exact F interval.
    f_value = harmonic * float(means.var(ddof=1)) / msw if msw > 0 else np.inf
    tail = 1.0 - (1.0 - level) / 2.0
    ends = [f_value / float(fdtri(u - 1, df_w, tail)), f_value * float(fdtri(df_w, u - 1, tail))]
    low, high = [(e - 1.0) / (e + harmonic - 1.0) if np.isfinite(e) else 1.0 for e in ends]
    how = "F distribution" if balanced else "F distribution, harmonic mean number of ratings"
    single = Estimate(r, names[0], low=low, high=high, method=how, **base)
    mean = Estimate(
        _step_up(r, harmonic), names[1], low=_step_up(low, harmonic), high=_step_up(high, harmonic), method=how, **base
    )
    return single, mean, harmonic


def _two_way(full: Float, level: float) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    n, k = full.shape
    names = (
        "ICC(A,1), two-way, absolute agreement, single rating",
        "ICC(A,k), two-way, absolute agreement, mean rating",
        "ICC(C,1), two-way, consistency, single rating",
        "ICC(C,k), two-way, consistency, mean rating",
    )
    base = {
        "plain": plain.ICC,
        "reference": MCGRAW,
        "level": level,
        "n_items": n,
        "n_raters": k,
        "n_ratings": n * k,
        "missing": COMPLETE,
    }
    reason = ""
    if n < 2 or k < 2:
        reason = f"{many(n, 'complete item')} of {many(k, 'rater')}, two of each are needed"
    elif np.ptp(full) == 0:
        reason = "all ratings are equal"
    if reason:
        a, b, c, d = (Estimate(NAN, name, reason=reason, **base) for name in names)
        return a, b, c, d
    grand = full.mean()
    rows, cols = full.mean(axis=1), full.mean(axis=0)
    msr = k * float(((rows - grand) ** 2).sum()) / (n - 1)
    msc = n * float(((cols - grand) ** 2).sum()) / (k - 1)
    mse = float(((full - rows[:, None] - cols[None, :] + grand) ** 2).sum()) / ((n - 1) * (k - 1))
    agreement = _ratio(msr - mse, msr + (k - 1) * mse + k * (msc - mse) / n)
    consistency = _ratio(msr - mse, msr + (k - 1) * mse)
    low_a, high_a = _agreement_interval(msr, msc, mse, n, k, agreement, level)
    low_c, high_c = _consistency_interval(msr, mse, n, k, level)
    how = "F distribution"

    def make(name: str, value: float, low: float, high: float) -> Estimate:
        why = "" if not np.isnan(value) else "no variance between items or raters is left to compare"
        return Estimate(value, name, low=low, high=high, method=how, reason=why, **base)

    return (
        make(names[0], agreement, low_a, high_a),
        make(names[1], _step_up(agreement, k), _step_up(low_a, k), _step_up(high_a, k)),
        make(names[2], consistency, low_c, high_c),
        make(names[3], _step_up(consistency, k), _step_up(low_c, k), _step_up(high_c, k)),
    )


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else NAN


def _agreement_interval(
    msr: float, msc: float, mse: float, n: int, k: int, r: float, level: float
) -> tuple[float, float]:
    """McGraw & Wong 1996, table 7: Satterthwaite degrees of freedom."""
    from scipy.special import fdtri

    if np.isnan(r):
        return NAN, NAN
    if r >= 1.0:
        return 1.0, 1.0
    a = k * r / (n * (1.0 - r))
    b = 1.0 + k * r * (n - 1) / (n * (1.0 - r))
    below = (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    if below <= 0:
        return NAN, NAN
    v = (a * msc + b * mse) ** 2 / below
    tail = 1.0 - (1.0 - level) / 2.0
    rest = k * msc + (k * n - k - n) * mse
    f_low, f_high = float(fdtri(n - 1, v, tail)), float(fdtri(v, n - 1, tail))
    return n * (msr - f_low * mse) / (f_low * rest + n * msr), n * (f_high * msr - mse) / (rest + n * f_high * msr)


def _consistency_interval(msr: float, mse: float, n: int, k: int, level: float) -> tuple[float, float]:
    from scipy.special import fdtri

    if mse <= 0:
        return (1.0, 1.0) if msr > 0 else (NAN, NAN)
    tail = 1.0 - (1.0 - level) / 2.0
    df = (n - 1) * (k - 1)
    low = msr / mse / float(fdtri(n - 1, df, tail))
    high = msr / mse * float(fdtri(df, n - 1, tail))
    return (low - 1.0) / (low + k - 1.0), (high - 1.0) / (high + k - 1.0)
