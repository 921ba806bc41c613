"""How differently members err: without that, a fusion has nothing to gain.

Source: Kuncheva and Whitaker 2003, "Measures of diversity in classifier ensembles", Machine Learning 51, 181–207.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.fusion.table import MemberTable

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Diversity:
    """Pairs of members on the items for which both have a prediction.

    Attributes:
        members: Names of the M members.
        q: float64 M×M, Yule's Q statistic: 1 if both are right and wrong on the same items, 0 if they err
            independently, −1 if one is right where the other is wrong; NaN where it is not defined.
        disagreement: float64 M×M, the share of items on which one is right and the other is wrong.
        error_correlation: float64 M×M, correlation of being wrong; NaN where a member is always or never wrong.
        n: int64 M×M, items that were compared.
    """

    members: tuple[str, ...]
    q: Float
    disagreement: Float
    error_correlation: Float
    n: NDArray[np.int64]


def diversity(table: MemberTable) -> Diversity:
    """Compare every pair of members on the labelled items of a table."""
    m = len(table.members)
    right = np.where(np.isfinite(table.said).all(axis=2), table.said.argmax(axis=2) == table.label, 0)
    use = table.present & table.labelled
    q, apart, correlation = (np.full((m, m), np.nan) for _ in range(3))
    count = np.zeros((m, m), np.int64)
    for i in range(m):
        for j in range(m):
            both = use[i] & use[j]
            count[i, j] = both.sum()
            a, b = right[i][both].astype(bool), right[j][both].astype(bool)
            q[i, j], apart[i, j], correlation[i, j] = pair(a, b)
    return Diversity(table.members, q, apart, correlation, count)


def pair(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return Q statistic, disagreement and correlation of errors of two members.

    Args:
        a: Whether the first one is right, for each item.
        b: Whether the second one is.

    Example:
        Both are right twice and wrong once, each alone is right once: Q = (2·1 − 1·1)/(2·1 + 1·1).

        >>> a = np.array([True, True, False, True, False])
        >>> b = np.array([True, True, False, False, True])
        >>> [round(value, 4) for value in pair(a, b)]
        [0.3333, 0.4, 0.1667]
    """
    if not len(a):
        return float("nan"), float("nan"), float("nan")
    n11, n00 = float((a & b).sum()), float((~a & ~b).sum())
    n10, n01 = float((a & ~b).sum()), float((~a & b).sum())
    below = n11 * n00 + n10 * n01
    q = (n11 * n00 - n10 * n01) / below if below > 0 else float("nan")
    spread = np.sqrt((n11 + n10) * (n01 + n00) * (n11 + n01) * (n10 + n00))
    correlation = (n11 * n00 - n10 * n01) / spread if spread > 0 else float("nan")
    return q, (n10 + n01) / len(a), float(correlation)
