"""Curves given to the wrong items, for controls in which nothing can be learned."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def mixed_up(values: Sequence[NDArray[Any]], lengths: Sequence[int], rng: np.random.Generator) -> list[NDArray[Any]]:
    """Give every item the curve of another one, from another place in time, so that nothing true is left in it.

    Args:
        values: The curve of each item, frames×columns, at least one frame each.
        lengths: The number of frames that each item has.
        rng: What draws the order, the places, and whether a curve runs backwards.

    Returns:
        A curve of its length for each item; curves that are too short are repeated.
    """
    order = rng.permutation(len(values))
    mixed = []
    for length, other in zip(lengths, order, strict=True):
        curve = values[int(other)]
        rows = np.resize(np.roll(curve, int(rng.integers(len(curve))), axis=0), (length, curve.shape[1]))
        mixed.append(rows[:: int(rng.choice([-1, 1]))].copy())
    return mixed
