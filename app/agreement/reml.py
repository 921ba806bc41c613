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
START: Final = 1.0


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


def _criterion(ratios: Float, t: _Totals) -> tuple[float, float]:
    """(-2 log restricted likelihood up to a constant, residual sum of squares) at given ratios."""
    items, raters = float(ratios[0]) ** 2, float(ratios[1]) ** 2
    shrink = items / (1.0 + items * t.size)
    keep = 1.0 - shrink * t.size
    # Products with the inverse of I + items Z Z', where Z says which item a rating belongs to.
    yy = t.squares - float(shrink @ t.square)
    ones_y, ones = float(keep @ t.total), float((keep * t.size) @ t.items)
    raters_y = t.sums - shrink @ t.by_rater
    raters_ones = t.count - (shrink * t.size) @ t.joint.diagonal(axis1=1, axis2=2)
    inner = np.diag(t.count) - np.tensordot(shrink, t.joint, 1)
    lower = np.linalg.cholesky(np.eye(t.count.size) + raters * inner)
    half_y = np.linalg.solve(lower, raters_y)
    half_ones = np.linalg.solve(lower, raters_ones)
    yy -= raters * float(half_y @ half_y)
    ones_y -= raters * float(half_ones @ half_y)
    ones -= raters * float(half_ones @ half_ones)
    rest = yy - ones_y**2 / ones
    size = float(t.items @ np.log1p(items * t.size)) + 2.0 * float(np.log(lower.diagonal()).sum())
    return size + float(np.log(ones)) + (t.n - 1) * float(np.log(max(rest, 1e-300))), rest


def components(matrix: Float, *, start: tuple[float, float] | None = None) -> Components | None:
    """Variance components of an items x raters table.

    Args:
        matrix: (items, raters) float64 with NaN for missing.
        start: ratios of an earlier fit to a similar table; a few steps are enough then.

    Returns:
        The components; None where there is nothing to estimate: fewer than two items or raters, too few ratings, all
        ratings equal, more than `MOST_RATERS` raters, or no rest after items and raters.

    Example:
        >>> table = np.array([[9.0, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> found = components(table)
        >>> round(found.item, 3), round(found.rater, 3), round(found.error, 3), round(found.agreement, 3)
        (2.556, 5.244, 1.019, 0.29)
    """
    from scipy.optimize import minimize

    there = ~np.isnan(matrix)
    matrix = matrix[:, there.any(axis=0)][there.any(axis=1)]
    n, (items, raters) = int(there.sum()), matrix.shape
    if items < 2 or not 2 <= raters <= MOST_RATERS or n <= items or n < raters + 2:
        return None
    if np.nanmax(matrix) == np.nanmin(matrix):
        return None
    totals = _totals(matrix)

    def criterion(ratios: Float) -> float:
        # Where no rest is left, the ratios grow without end, until the sums lose all their digits.
        if float(np.abs(ratios).max()) > 2 * MOST_RATIO:
            return float("inf")
        return _criterion(np.abs(ratios), totals)[0]

    first = np.array(start) if start is not None else np.array([START, START / 2])
    # Nelder & Mead's simplex needs no derivative where a ratio is zero; a second start from its end makes sure.
    simplex = first[None, :] + np.array([[0.0, 0.0], [0.3, 0.0], [0.0, 0.3]]) * (1.0 if start is None else 0.2)
    close = 1e-7 if start is None else 1e-4
    for _ in range(2):
        found = minimize(
            criterion, simplex[0], method="Nelder-Mead",
            options={"initial_simplex": simplex, "xatol": close, "fatol": close / 100, "maxiter": 2_000},
        )  # fmt: skip
        if start is not None:
            break
        simplex = np.abs(found.x)[None, :] + np.array([[0.0, 0.0], [0.05, 0.0], [0.0, 0.05]])
    ratios = np.abs(np.asarray(found.x, dtype=np.float64))
    rest = _criterion(ratios, totals)[1]
    error = rest / (n - 1)
    if not error > 1e-12 * totals.squares / n or float(ratios.max()) > MOST_RATIO:
        return None
    item, rater = (float(r) ** 2 * error for r in ratios)
    return Components(item, rater, error, (float(ratios[0]), float(ratios[1])))
