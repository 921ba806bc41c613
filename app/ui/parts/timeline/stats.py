"""CCC, MSE and Pearson's r of prediction against annotation, over the visible part and the whole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import moments


@dataclass(frozen=True)
class Fit:
    """The comparison of two curves.

    Attributes:
        n: Number of time points that both have.
        ccc: Lin's concordance (moments with divisor n); NaN where undefined.
        mse: Mean squared error; NaN with fewer than two common points.
        pearson: Correlation; NaN where undefined.
    """

    n: int
    ccc: float
    mse: float
    pearson: float


def fit(predicted: NDArray[np.floating], annotated: NDArray[np.floating]) -> Fit:
    """Compare two series of equal length; pairs with NaN are left out."""
    found = moments(predicted, annotated)
    return Fit(found.n, found.ccc, found.mse if found.n > 1 else float("nan"), found.pearson)


def in_window(times_s: NDArray[np.float64], start_s: float, end_s: float) -> slice:
    """Return the part of an ascending time axis from start to end, both included."""
    return slice(int(np.searchsorted(times_s, start_s, "left")), int(np.searchsorted(times_s, end_s, "right")))
