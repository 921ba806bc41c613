"""Thresholds of raters from the logarithms of their gaps.

The thresholds of a rater lie around 0: a rater who is stricter in general has a bias, and one who uses the ends of the
scale rarely has wide gaps there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def steps(n_thresholds: int) -> Float:
    """Return what each gap adds to each threshold.

    Args:
        n_thresholds: Number of thresholds, the levels less one.

    Returns:
        (thresholds, gaps) float64; each column sums to 0.

    Example:
        >>> steps(3).round(2)
        array([[-0.67, -0.33],
               [ 0.33, -0.33],
               [ 0.33,  0.67]])
    """
    k = np.arange(n_thresholds)
    up = (k[:, None] > k[None, : max(n_thresholds - 1, 0)]).astype(np.float64)
    out: Float = up - up.mean(axis=0)
    return out


def thresholds(gap: Float, use: Float, n_thresholds: int) -> Float:
    """Return the thresholds of each rater.

    Args:
        gap: (gaps,) float64 logarithm of the typical gaps.
        use: (raters, gaps) float64 what each rater adds to them.
        n_thresholds: Number of thresholds.

    Returns:
        (raters, thresholds) float64, rising, with mean 0.

    Example:
        >>> thresholds(np.zeros(1), np.array([[0.0], [np.log(2.0)]]), 2)
        array([[-0.5,  0.5],
               [-1. ,  1. ]])
    """
    out: Float = np.exp(gap + use) @ steps(n_thresholds).T
    return out


def threshold_slopes(gap: Float, use: Float, n_thresholds: int) -> Float:
    """Return the derivatives of each rater's thresholds by his or her log gaps.

    Returns:
        (raters, thresholds, gaps) float64.

    Example:
        >>> threshold_slopes(np.zeros(1), np.zeros((1, 1)), 2)
        array([[[-0.5],
                [ 0.5]]])
    """
    out: Float = np.exp(gap + use)[:, None, :] * steps(n_thresholds)[None]
    return out
