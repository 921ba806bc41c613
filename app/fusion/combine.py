"""Weighted sums of the predictions of members, and the rule for members without a prediction for an item.

**A missing member.** A member without a prediction for an item takes no part in it, and the weights of the others are
rescaled, class by class, to sum to one again. If all of the others have the weight 0 for a class, they count the same
for it. An item without any prediction has no verdict.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def rescaled(weights: NDArray[Any]) -> NDArray[Any]:
    """Scale weights so that those of all members sum to one for each class, as Kahou et al. 2015 do.

    Args:
        weights: …×M×K, not negative.

    Returns:
        …×M×K of the same type; where all are 0, every member has the same weight.

    Example:
        >>> rescaled(np.array([[1.0, 0.0], [3.0, 0.0]]))
        array([[0.25, 0.5 ],
               [0.75, 0.5 ]])
    """
    total = weights.sum(axis=-2, keepdims=True)
    equal = 1.0 / weights.shape[-2]
    return np.asarray(np.where(total > 0, weights / np.where(total > 0, total, 1.0), equal), weights.dtype)


def combined(said: Float, weights: Float) -> Float:
    """Return the weighted sum of probabilities, with rows that sum to one.

    Args:
        said: M×N×K; a row of NaN is a member without a prediction for the item.
        weights: M×K, not negative.

    Returns:
        float64 N×K, NaN where no member has a prediction.

    Example:
        The second member has no prediction for the second item, so the first one decides alone:

        >>> said = np.array([[[0.8, 0.2], [0.6, 0.4]], [[0.2, 0.8], [np.nan, np.nan]]])
        >>> combined(said, np.array([[1.0, 1.0], [3.0, 3.0]])).round(3).tolist()
        [[0.35, 0.65], [0.6, 0.4]]
    """
    return shares(summed(said, weights))


def summed(said: Float, weights: Float) -> Float:
    """Return the weighted sum of predictions, with weights rescaled over the members that have one.

    Args:
        said: M×N×K; a row of NaN is a member without a prediction for the item.
        weights: M×K, not negative.

    Returns:
        float64 N×K, NaN where no member has a prediction.
    """
    present: NDArray[np.bool_] = np.asarray(np.isfinite(said).all(axis=2), np.bool_)
    own = np.where(present.T[:, :, None], weights[None], 0.0)  # N×M×K
    total = own.sum(axis=1)
    count = present.sum(axis=0)
    equal = np.where(present.T, 1.0 / np.maximum(count, 1)[:, None], 0.0)
    some = total > 0
    own = np.where(some[:, None, :], own / np.where(some, total, 1.0)[:, None, :], equal[:, :, None])
    found = (own * np.where(present[:, :, None], said, 0.0).transpose(1, 0, 2)).sum(axis=1)
    return np.where(count[:, None] > 0, found, np.nan)


def shares(scores: Float) -> Float:
    """Divide each row by its sum; a row of zeros becomes equal shares.

    Args:
        scores: N×K, not negative; rows of NaN stay.
    """
    total = scores.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total == 0, 1.0 / scores.shape[1], scores / np.where(total == 0, 1.0, total)))
