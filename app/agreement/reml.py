"""Variance components of items and raters from incomplete tables, by restricted maximum likelihood.

The model is score = mean + item + rater + error with independent normal effects (Bates et al. 2015 write it
`score ~ 1 + (1 | item) + (1 | rater)`).  Every rating counts, whoever gave it.  The likelihood is profiled over mean
and error and formed from item totals: items leave a diagonal block, so that a step costs as much as a few small
matrices of raters, whatever the number of items (Henderson's equations with the items absorbed; Searle, Casella &
McCulloch 1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

REFERENCE: Final = "REML, Patterson & Thompson 1971; model of Bates et al. 2015, J. Stat. Software 67(1)"
MOST_RATIO: Final = 1e4
"""A standard deviation so many times that of the rest means that there is no rest."""

MOST_RATERS: Final = 300
"""With more raters a step costs seconds; such tables have a one-way design."""
STENCIL: Final = np.array([[0.0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]])
WIDTH: Final = 1e-3
"""Width of a difference: it balances the digits that a difference loses with the curvature that it leaves out."""
COARSE: Final = np.array([0.0, 0.1, 0.3, 0.7, 1.2, 2.0, 3.5, 6.0])
"""Where the search begins: log(1 + variance x ratings) of items and of raters."""
NEWTON_STEPS: Final = 30
CLOSE: Final = 1e-6
"""A step as short as this ends the search."""


@dataclass(frozen=True)
class Components:
    """Variance components.

    Attributes:
        item: variance between items.
        rater: variance between raters (their offsets).
        error: what is left.
        ratios: (2,) standard deviations of items and raters over that of the error.
    """

    item: float
    rater: float
    error: float
    ratios: tuple[float, float]

    @property
    def agreement(self) -> float:
        """Share of the variance of one rating that lies between items, offsets of raters counted as error."""
        return self.item / (self.item + self.rater + self.error)

    @property
    def consistency(self) -> float:
        """The same with offsets of raters left out."""
        return self.item / (self.item + self.error)


@dataclass(frozen=True, eq=False)
class _Totals:
    """What the likelihood needs of a table; items are grouped by their number of ratings.

    Attributes:
        n: number of ratings.
        size: (v,) distinct numbers of ratings of an item.
        items: (v,) items of that size.
        total: (v,) sum of their totals.
        square: (v,) sum of their squared totals.
        by_rater: (v, raters) for each rater the sum of the totals of the items rated.
        joint: (v, raters, raters) how often two raters rated the same item.
        count: (raters,) ratings of each rater.
        sums: (raters,) sum of the ratings of each rater.
        squares: sum of all squared ratings.
    """

    n: int
    size: Float
    items: Float
    total: Float
    square: Float
    by_rater: Float
    joint: Float
    count: Float
    sums: Float
    squares: float


def _totals(matrix: Float) -> _Totals:
    there = ~np.isnan(matrix)
    y = np.where(there, matrix - matrix[there].mean(), 0.0)
    m, s = there.sum(axis=1), y.sum(axis=1)
    sizes = np.unique(m[m > 0])
    groups = [m == size for size in sizes]
    seen = there.astype(np.float64)
    return _Totals(
        n=int(there.sum()),
        size=sizes.astype(np.float64),
        items=np.array([g.sum() for g in groups], dtype=np.float64),
        total=np.array([s[g].sum() for g in groups]),
        square=np.array([(s[g] ** 2).sum() for g in groups]),
        by_rater=np.stack([s[g] @ seen[g] for g in groups]),
        joint=np.stack([seen[g].T @ seen[g] for g in groups]),
        count=seen.sum(axis=0),
        sums=y.sum(axis=0),
        squares=float((y**2).sum()),
    )


def _criterion(variances: Float, t: _Totals) -> tuple[Float, Float]:
    """Criterion and residual sum of squares at several variances of items and raters over that of the error.

    Args:
        variances: (k, 2) variances of items and of raters.
        t: what the likelihood needs of the table.

    Returns:
        (k,) -2 log restricted likelihood up to a constant; (k,) residual sum of squares.

    Raises:
        LinAlgError: A negative variance is too large for a likelihood.
    """
    items, raters = variances.T
    grown = 1.0 + items[:, None] * t.size
    shrink = items[:, None] / grown
    # Products with the inverse of I + items Z Z', where Z says which item a rating belongs to.
    yy = t.squares - shrink @ t.square
    ones_y, ones = (1.0 / grown) @ t.total, (t.size / grown) @ t.items
    raters_y = t.sums - shrink @ t.by_rater
    raters_ones = t.count - (shrink * t.size) @ t.joint.diagonal(axis1=1, axis2=2)
    inner = np.diag(t.count) - np.tensordot(shrink, t.joint, 1)
    lower = np.linalg.cholesky(np.eye(t.count.size) + raters[:, None, None] * inner)
    half = np.linalg.solve(lower, np.stack([raters_y, raters_ones], axis=-1))
    half_y, half_ones = half[..., 0], half[..., 1]
    yy = yy - raters * (half_y**2).sum(-1)
    ones_y = ones_y - raters * (half_ones * half_y).sum(-1)
    ones = ones - raters * (half_ones**2).sum(-1)
    rest = yy - ones_y**2 / ones
    size = np.log(grown) @ t.items + 2.0 * np.log(lower.diagonal(axis1=1, axis2=2)).sum(-1)
    return size + np.log(ones) + (t.n - 1) * np.log(np.maximum(rest, 1e-300)), rest


def _near(start: tuple[float, float] | None, t: _Totals) -> Float | None:
    """The (2,) ratios of least criterion by Newton's steps, from a similar table's or from anywhere; None on failure.

    The steps are taken in u = log(1 + variance x ratings), in which the criterion is smooth at zero and nearly a
    parabola further on. A u that would be negative stays zero.
    """
    scale = np.array([t.n / t.items.sum(), t.n / t.count.size])
    if start is None:
        corners = np.stack(np.meshgrid(COARSE, COARSE), axis=-1).reshape(-1, 2)
        u = corners[_criterion(np.expm1(corners) / scale, t)[0].argmin()]
    else:
        u = np.log1p(np.square(np.array(start)) * scale)
        u[u < 1e-9] = 0.0
    for _ in range(NEWTON_STEPS):
        value, slope, bend = _expansion(u, scale, t)
        free = (u > 0.0) | (slope < 0.0)
        if not free.any() or _ratios(u, scale).max() > MOST_RATIO:
            return _ratios(u, scale)
        sizes, ways = np.linalg.eigh(bend[np.ix_(free, free)])
        if np.abs(sizes).min() < 1e-9 * abs(value):
            return None
        step = np.zeros(2)
        step[free] = ways @ ((ways.T @ slope[free]) / np.abs(sizes))
        step /= max(1.0, float(np.abs(step).max()))
        tried = np.maximum(u - step * np.array([[1.0], [0.5], [0.25], [0.125]]), 0.0)
        reached = _criterion(np.expm1(tried) / scale, t)[0]
        best = int(reached.argmin())
        if reached[best] > value + 1e-12 * abs(value):
            return None
        was, u = u, tried[best]
        if np.abs(u - was).max() < CLOSE and not ((u == 0.0) & (was > 0.0)).any():
            return _ratios(u, scale)
    return None


def _ratios(u: Float, scale: Float) -> Float:
    return np.sqrt(np.expm1(u) / scale)


def _expansion(u: Float, scale: Float, t: _Totals) -> tuple[float, Float, Float]:
    """The criterion at (2,) values of u, its (2,) slope and (2, 2) second derivatives, by central differences."""
    f = _criterion(np.expm1(u + WIDTH * STENCIL) / scale, t)[0]
    slope = np.array([f[1] - f[2], f[3] - f[4]]) / (2.0 * WIDTH)
    own = np.array([f[1] - 2.0 * f[0] + f[2], f[3] - 2.0 * f[0] + f[4]]) / WIDTH**2
    both = (f[5] - f[6] - f[7] + f[8]) / (4.0 * WIDTH**2)
    return float(f[0]), slope, np.array([[own[0], both], [both, own[1]]])


def _searched(t: _Totals) -> Float:
    """Return the (2,) ratios of least criterion, wherever they are."""
    from scipy.optimize import minimize

    def criterion(ratios: Float) -> float:
        # Where no rest is left, the ratios grow without end, until the sums lose all their digits.
        if float(np.abs(ratios).max()) > 2 * MOST_RATIO:
            return float("inf")
        return float(_criterion(np.square(ratios)[None, :], t)[0][0])

    # Nelder & Mead's simplex needs no derivative where a ratio is zero; a second start from its end makes sure.
    simplex = np.array([1.0, 0.5]) + np.array([[0.0, 0.0], [0.3, 0.0], [0.0, 0.3]])
    for _ in range(2):
        found = minimize(
            criterion, simplex[0], method="Nelder-Mead",
            options={"initial_simplex": simplex, "xatol": 1e-7, "fatol": 1e-9, "maxiter": 2_000},
        )  # fmt: skip
        simplex = np.abs(found.x) + np.array([[0.0, 0.0], [0.05, 0.0], [0.0, 0.05]])
    return np.abs(np.asarray(found.x, dtype=np.float64))


def components(matrix: Float, *, start: tuple[float, float] | None = None) -> Components | None:
    """Variance components of an items x raters table.

    Args:
        matrix: (items, raters) float64 with NaN for missing.
        start: The ratios of a fit to a similar table, from which a few steps are enough.

    Returns:
        The components; None where there is nothing to estimate: fewer than two items or raters, too few ratings, all
        ratings equal, more than `MOST_RATERS` raters, or no rest after items and raters.

    Example:
        >>> table = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> found = components(table)
        >>> round(found.item, 3), round(found.rater, 3), round(found.error, 3), round(found.agreement, 3)
        (2.556, 5.244, 1.019, 0.29)
    """
    there = ~np.isnan(matrix)
    matrix = matrix[:, there.any(axis=0)][there.any(axis=1)]
    n, (items, raters) = int(there.sum()), matrix.shape
    if items < 2 or not 2 <= raters <= MOST_RATERS or n <= items or n < raters + 2:
        return None
    if np.nanmax(matrix) == np.nanmin(matrix):
        return None
    totals = _totals(matrix)
    ratios = _near(start, totals)
    if ratios is None:
        ratios = _searched(totals)
    rest = float(_criterion(np.square(ratios)[None, :], totals)[1][0])
    error = rest / (n - 1)
    if not error > 1e-12 * totals.squares / n or float(ratios.max()) > MOST_RATIO:
        return None
    item, rater = (float(r) ** 2 * error for r in ratios)
    return Components(item, rater, error, (float(ratios[0]), float(ratios[1])))
