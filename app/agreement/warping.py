"""Dynamic time warping and the barycentre of traces (Petitjean et al. 2011): an option, not the default.

A barycentre takes the time line of its first series, so it hides lag rather than estimating it, and warps real
disagreement away; estimate and remove lags first (docs/statistics.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def warping_path(x: Float, y: Float, window: int) -> tuple[float, NDArray[np.int64]]:
    """Find the best alignment of two series under squared differences and a Sakoe-Chiba band.

    Args:
        x: (n,) float64 without NaN.
        y: (m,) float64 without NaN.
        window: largest |i - j| in samples, at least 1; widened to |n - m|.

    Returns:
        (cost, path): root of the summed squared differences, and (steps, 2) index pairs from (0, 0) to (n-1, m-1).

    Example:
        >>> cost, path = warping_path(np.array([0.0, 1, 2, 2]), np.array([0.0, 0, 1, 2]), 2)
        >>> cost, path.tolist()
        (0.0, [[0, 0], [0, 1], [1, 2], [2, 3], [3, 3]])
    """
    n, m = x.size, y.size
    if not n or not m:
        raise ValueError("series must not be empty")
    band = max(int(window), abs(n - m), 1)
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0.0
    # Cells of one anti-diagonal do not depend on each other.
    for d in range(2, n + m + 1):
        low, high = max(1, d - m, (d - band + 1) // 2), min(n, d - 1, (d + band) // 2)
        if low > high:
            continue
        row = np.arange(low, high + 1)
        col = d - row
        best = np.minimum(np.minimum(total[row - 1, col], total[row, col - 1]), total[row - 1, col - 1])
        total[row, col] = (x[row - 1] - y[col - 1]) ** 2 + best
    path = []
    i, j = n, m
    while i > 0 and j > 0:
        path.append((i - 1, j - 1))
        steps = (total[i - 1, j - 1], total[i - 1, j], total[i, j - 1])
        step = int(np.argmin(steps))
        i, j = (i - 1, j - 1) if step == 0 else (i - 1, j) if step == 1 else (i, j - 1)
    return float(np.sqrt(total[n, m])), np.array(path[::-1], dtype=np.int64)


def barycentre(series: Float, window: int, *, iterations: int = 10, tolerance: float = 1e-6) -> Float:
    """Compute the DTW barycentre of traces of equal length.

    Args:
        series: (raters, n) float64 without NaN.
        window: Sakoe-Chiba band in samples; always bounded, an unbounded path pairs distant moments.
        iterations: most rounds of averaging.
        tolerance: stops when no sample moves by more.

    Returns:
        (n,) float64, started from the series closest to all others under the same band.

    Example:
        >>> barycentre(np.array([[0.0, 1, 2, 1, 0], [0, 1, 2, 1, 0], [0, 1, 2, 1, 0]]), 2)
        array([0., 1., 2., 1., 0.])
    """
    raters, n = series.shape
    if raters == 1:
        return np.array(series[0], dtype=np.float64)
    cost = np.zeros((raters, raters))
    for a in range(raters):
        for b in range(a + 1, raters):
            cost[a, b] = cost[b, a] = warping_path(series[a], series[b], window)[0]
    centre: Float = np.array(series[int(cost.sum(axis=1).argmin())], dtype=np.float64)
    for _ in range(iterations):
        total, count = np.zeros(n), np.zeros(n)
        for row in series:
            path = warping_path(centre, row, window)[1]
            np.add.at(total, path[:, 0], row[path[:, 1]])
            np.add.at(count, path[:, 0], 1.0)
        moved: Float = total / count
        change = float(np.abs(moved - centre).max())
        centre = moved
        if change <= tolerance:
            break
    return centre
