"""Anderson's mixing (1965): finds the fixed point of a step from the last few steps, where single steps creep."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

DEPTH: Final = 5
LONGEST: Final = 1.5


class Mixing:
    """Proposes the next point from where the last steps began and ended.

    Example:
        >>> x, mixing = np.array([8.0, 1.0]), Mixing()
        >>> for _ in range(8):
        ...     x = mixing.next(x, x * [0.99, 0.5])
        >>> bool(np.abs(x).max() < 1e-3)
        True
    """

    def __init__(self) -> None:
        self._points: list[Float] = []
        self._residuals: list[Float] = []

    def next(self, point: Float, stepped: Float) -> Float:
        """Return the next point.

        Args:
            point: (n,) float64 where the step began.
            stepped: (n,) float64 where it ended.
        """
        residual = stepped - point
        if self._residuals and np.linalg.norm(residual) > 2.0 * np.linalg.norm(self._residuals[-1]):
            self._points, self._residuals = [], []
        self._points = [*self._points, point][-DEPTH - 1 :]
        self._residuals = [*self._residuals, residual][-DEPTH - 1 :]
        if len(self._points) < 2:
            return stepped
        moved = np.diff(np.array(self._points), axis=0)
        changed = np.diff(np.array(self._residuals), axis=0)
        gram = changed @ changed.T
        gram += 1e-10 * np.trace(gram) * np.eye(len(gram))
        share = np.linalg.solve(gram, changed @ residual)
        jump = residual - share @ (moved + changed)
        return point + jump * min(1.0, LONGEST / max(float(np.abs(jump).max()), 1e-12))
