"""F intervals of intraclass correlations, for those who ask for them: they hold their level for normal scores."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN

Float = NDArray[np.float64]

MCGRAW: Final = "McGraw & Wong 1996, Psychological Methods 1:30; Shrout & Fleiss 1979"
UNBALANCED: Final = "Donner 1986"


def one_way_ends(rows: Float, harmonic: float, level: float) -> tuple[float, float]:
    """Compute the interval of ICC(1,1) by Thomas & Hultquist 1978, which is exact on balanced tables.

    Args:
        rows: (items, raters) float64 with NaN for missing, two ratings an item or more.
        harmonic: harmonic mean number of ratings of an item.
        level: confidence level.

    Example:
        >>> table = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> [round(end, 3) for end in one_way_ends(table, 4.0, 0.95)]
        [-0.133, 0.723]
    """
    from scipy.special import fdtri

    m = (~np.isnan(rows)).sum(axis=1)
    u, n = rows.shape[0], int(m.sum())
    means = np.nansum(rows, axis=1) / m
    msw = float(np.nansum((rows - means[:, None]) ** 2)) / (n - u)
    f_value = harmonic * float(means.var(ddof=1)) / msw if msw > 0 else np.inf
    tail = 1.0 - (1.0 - level) / 2.0
    ends = [f_value / float(fdtri(u - 1, n - u, tail)), f_value * float(fdtri(n - u, u - 1, tail))]
    low, high = [(e - 1.0) / (e + harmonic - 1.0) if np.isfinite(e) else 1.0 for e in ends]
    return low, high


def agreement_ends(msr: float, msc: float, mse: float, n: int, k: int, r: float, level: float) -> tuple[float, float]:
    """Compute the interval of ICC(A,1) by McGraw & Wong 1996, table 7, with Satterthwaite degrees of freedom.

    Args:
        msr: mean square between items.
        msc: mean square between raters.
        mse: mean square of the rest.
        n: items.
        k: raters.
        r: the coefficient.
        level: confidence level.

    Example:
        >>> [round(end, 3) for end in agreement_ends(11.242, 32.486, 1.019, 6, 4, 0.29, 0.95)]
        [0.019, 0.761]
    """
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


def consistency_ends(msr: float, mse: float, n: int, k: int, level: float) -> tuple[float, float]:
    """Compute the interval of ICC(C,1) by McGraw & Wong 1996, table 7.

    Args:
        msr: mean square between items.
        mse: mean square of the rest.
        n: items.
        k: raters.
        level: confidence level.

    Example:
        >>> [round(end, 3) for end in consistency_ends(11.242, 1.019, 6, 4, 0.95)]
        [0.343, 0.946]
    """
    from scipy.special import fdtri

    if mse <= 0:
        return (1.0, 1.0) if msr > 0 else (NAN, NAN)
    tail = 1.0 - (1.0 - level) / 2.0
    df = (n - 1) * (k - 1)
    low = msr / mse / float(fdtri(n - 1, df, tail))
    high = msr / mse * float(fdtri(df, n - 1, tail))
    return (low - 1.0) / (low + k - 1.0), (high - 1.0) / (high + k - 1.0)
