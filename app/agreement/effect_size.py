"""Effect sizes of paired differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN

Float = NDArray[np.float64]


TIE = 1e-12
"""Share of the largest difference up to which two differences are the same number."""


def standardised_difference(d: Float) -> float:
    """Cohen's d_z of paired differences (Cohen 1988): their mean over their standard deviation.

    Args:
        d: (n,) paired differences.

    Returns:
        A number without unit; NaN with fewer than two differences or where they do not vary.

    Example:
        >>> round(standardised_difference(np.array([1.0, 2.0, 3.0])), 3)
        2.0
    """
    if d.size < 2 or np.ptp(d) <= TIE * np.abs(d).max():
        return NAN
    return float(d.mean() / d.std(ddof=1))


def rank_biserial(d: Float) -> float:
    """Matched-pairs rank-biserial correlation, (W+ - W-) / (W+ + W-) (Kerby 2014).

    Zero differences are dropped before ranking and equal sizes share their mid-rank.  Two sizes that lie within
    `TIE` of the largest one are equal: thirds and halves of the same fraction differ by rounding only.

    Args:
        d: (n,) paired differences, in which a difference by rounding alone has been set to zero.

    Returns:
        A number in -1...1, positive where the first condition is larger; NaN without any difference.

    Example:
        >>> rank_biserial(np.array([0.0, 0.5, 0.25]))
        1.0
        >>> round(rank_biserial(np.array([0.3, -0.1, 0.1 + 1e-17])), 3)
        0.5
    """
    size = np.abs(d)
    limit = TIE * float(size.max(initial=0.0))
    d, size = d[size > limit], size[size > limit]
    if not d.size:
        return NAN
    order = np.argsort(size, kind="stable")
    group = np.concatenate([[0], np.cumsum(np.diff(size[order]) > limit)])
    repeat = np.bincount(group)
    ranks = (np.cumsum(repeat) - (repeat - 1) / 2.0)[group]
    return float((ranks * np.sign(d[order])).sum() / ranks.sum())
