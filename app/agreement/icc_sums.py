"""Mean squares of one-way and two-way tables from sums over units, so that leaving a unit out is a subtraction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN

Float = NDArray[np.float64]


def step_up(r: Float | float, k: Float | float) -> Float:
    """Spearman-Brown: reliability of a mean of k ratings; NaN where the denominator is not positive.

    Args:
        r: reliability of one rating.
        k: number of ratings.

    Example:
        >>> float(step_up(0.5, 2.0).round(4))
        0.6667
    """
    r, k = np.asarray(r, dtype=np.float64), np.asarray(k, dtype=np.float64)
    below = 1.0 + (k - 1.0) * r
    return np.where(below > 0, k * r / np.where(below > 0, below, 1.0), NAN)


def _ratio(above: Float, below: Float) -> Float:
    ok = below > 1e-300
    return np.where(ok, above / np.where(ok, below, 1.0), NAN)


def _per_unit(columns: Float, cluster: NDArray[np.integer]) -> Float:
    """(units, p) sums of the columns of each unit."""
    units, place = np.unique(cluster, return_inverse=True)
    out = np.zeros((units.size, columns.shape[1]))
    np.add.at(out, place, columns)
    return out


def one_way_sums(rows: Float, cluster: NDArray[np.integer]) -> Float:
    """Compute the (units, 7) sums that `OneWay` reads.

    Args:
        rows: (items, raters) float64 with NaN for missing, two ratings an item or more.
        cluster: (items,) unit of each item.

    Example:
        >>> table = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> round(float(OneWay(one_way_sums(table, np.arange(6)).sum(axis=0)).single), 3)
        0.166
    """
    there = ~np.isnan(rows)
    m = there.sum(axis=1).astype(np.float64)
    y = np.where(there, rows - np.nanmean(rows), 0.0)
    s = y.sum(axis=1)
    columns = np.stack([np.ones_like(m), m, m * m, 1.0 / m, s * s / m, s, (y**2).sum(axis=1)], axis=1)
    return _per_unit(columns, cluster)


class OneWay:
    """One-way coefficients from sums.

    Args:
        sums: (..., 7) as `one_way_sums` gives them.

    Attributes:
        single: (...) ICC(1,1) with the mean number of ratings of Donner 1986.
        mean: (...) ICC(1,k), k the harmonic mean number of ratings.
        harmonic: (...) that k.
    """

    def __init__(self, sums: Float) -> None:
        u, n, mm, inverse, between, total, square = np.moveaxis(sums, -1, 0)
        msb = _ratio(between - total**2 / np.maximum(n, 1.0), u - 1.0)
        within = np.maximum(square - between, 0.0)
        msw = _ratio(np.where(within <= 1e-13 * np.maximum(square, 1e-300), 0.0, within), n - u)
        k0 = _ratio(n - mm / np.maximum(n, 1.0), u - 1.0)
        self.harmonic = _ratio(u, inverse)
        self.single = _ratio(msb - msw, msb + (k0 - 1.0) * msw)
        self.mean = step_up(self.single, self.harmonic)


def two_way_sums(full: Float, cluster: NDArray[np.integer]) -> Float:
    """Compute the (units, 3 + raters) sums that `TwoWay` reads.

    Args:
        full: (items, raters) float64 without NaN.
        cluster: (items,) unit of each item.

    Example:
        >>> table = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> found = TwoWay(two_way_sums(table, np.arange(6)).sum(axis=0), 4)
        >>> round(float(found.agreement), 3), round(float(found.consistency), 3)
        (0.29, 0.715)
    """
    y = full - full.mean()
    s = y.sum(axis=1)
    head = np.stack([np.ones_like(s), s * s, (y**2).sum(axis=1)], axis=1)
    return _per_unit(np.concatenate([head, y], axis=1), cluster)


class TwoWay:
    """Two-way mean squares and coefficients from sums.

    Args:
        sums: (..., 3 + k) as `two_way_sums` gives them.
        k: number of raters.

    Attributes:
        msr: (...) mean square between items.
        msc: (...) between raters.
        mse: (...) of the rest.
        agreement: (...) ICC(A,1).
        consistency: (...) ICC(C,1).
    """

    def __init__(self, sums: Float, k: int) -> None:
        n, between, square, columns = sums[..., 0], sums[..., 1], sums[..., 2], sums[..., 3:]
        some = np.maximum(n, 1.0)
        middle = columns.sum(axis=-1) ** 2 / (some * k)
        raters = (columns**2).sum(axis=-1) / some
        rest = np.maximum(square - between / k - raters + middle, 0.0)
        rest = np.where(rest <= 1e-13 * np.maximum(square, 1e-300), 0.0, rest)
        self.msr = _ratio(np.maximum(between / k - middle, 0.0), n - 1.0)
        self.msc = np.maximum(raters - middle, 0.0) / (k - 1.0)
        self.mse = _ratio(rest, (n - 1.0) * (k - 1.0))
        self.agreement = _ratio(self.msr - self.mse, self.msr + (k - 1.0) * self.mse + k * (self.msc - self.mse) / some)
        self.consistency = _ratio(self.msr - self.mse, self.msr + (k - 1.0) * self.mse)
