"""Pooling of the frames of an item into one vector of fixed length."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def k_average(frames: NDArray[np.floating[Any]], bins: int) -> Float:
    """Average consecutive frames in bins of equal length and keep the order of the bins.

    Source: Kahou et al. 2015, section 2.3. Items with fewer frames than bins repeat frames locally until there is one
    for each bin.

    Args:
        frames: T×D, at least one frame.
        bins: k, the number of bins.

    Returns:
        k·D values, the first bin first.

    Raises:
        ValueError: There is no frame.
    """
    count = len(frames)
    if count == 0:
        raise ValueError("an item without a frame has no bins")
    if count < bins:
        frames = frames[np.arange(bins) * count // bins]
        count = bins
    edges = np.arange(bins + 1) * count // bins
    sums = np.add.reduceat(frames.astype(np.float64), edges[:-1], axis=0)
    means: Float = (sums / np.diff(edges)[:, None]).ravel()
    return means


def normalised(frames: NDArray[np.floating[Any]]) -> Float:
    """Take the signed square root of each value, then scale each frame to length one.

    Source: Xu et al. 2017, section 3.1. A frame of zeros stays zero.

    Args:
        frames: T×D.
    """
    rooted = np.sign(frames) * np.sqrt(np.abs(frames.astype(np.float64)))
    length = np.linalg.norm(rooted, axis=1, keepdims=True)
    unit: Float = rooted / np.where(length > 0, length, 1.0)
    return unit


def moments(frames: NDArray[np.floating[Any]], *, variance: bool = True) -> Float:
    """Return the mean over the frames of `normalised` features, followed by the variance.

    Source: Xu et al. 2017, section 3.1. The variance divides by the number of frames.

    Args:
        frames: T×D, at least one frame.
        variance: Whether the variance is added.

    Returns:
        2·D values, or D.

    Raises:
        ValueError: There is no frame.
    """
    if len(frames) == 0:
        raise ValueError("an item without a frame has no moments")
    unit = normalised(frames)
    mean: Float = unit.mean(axis=0)
    return np.concatenate([mean, unit.var(axis=0)]) if variance else mean


def log_probabilities(probabilities: NDArray[np.floating[Any]]) -> Float:
    """Return the frame model's outputs before the softmax, up to a constant for each frame: log p minus its mean.

    Args:
        probabilities: T×P, rows sum to one; values below 1e-6 count as 1e-6.
    """
    logs = np.log(np.maximum(probabilities.astype(np.float64), 1e-6))
    centred: Float = logs - logs.mean(axis=1, keepdims=True)
    return centred
