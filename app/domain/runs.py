"""Stores long columns of whole numbers that seldom change as runs, short enough to be read in a recipe."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def to_runs(column: NDArray[np.int64]) -> list[list[int]]:
    """Return [row, number] for each row at which a new number begins.

    Args:
        column: (n,) whole numbers.
    """
    if not len(column):
        return []
    begins = np.concatenate([[0], np.flatnonzero(np.diff(column)) + 1])
    return [[int(row), int(column[row])] for row in begins]


def from_runs(runs: Sequence[Sequence[int]], n: int) -> NDArray[np.int64]:
    """Return the (n,) int64 column that `to_runs` was given; 0 before the first run.

    Args:
        runs: [row, number] pairs, rows ascending.
        n: Length of the column.
    """
    column = np.zeros(n, np.int64)
    for row, number in runs:
        column[row:] = number
    return column
