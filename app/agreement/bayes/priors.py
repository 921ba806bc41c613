"""What the model of raters assumes before it has seen a judgement."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

FIXED: Final[dict[str, tuple[float, float]]] = {
    "level": (0.0, 4.0),
    "context": (0.0, 2.0),
    "gap": (0.2, 0.8),
}
"""Mean and standard deviation of the effects that are not pooled: the level of an emotion, what a condition adds to all
emotions, and the logarithm of the distance between two thresholds."""

SPREADS: Final[dict[str, tuple[float, float]]] = {
    "item": (1.8, 0.5),
    "item_condition": (0.6, 0.5),
    "context_emotion": (0.4, 0.5),
    "subject": (0.5, 0.5),
    "clip": (0.5, 0.5),
    "bias": (0.5, 0.5),
    "bias_emotion": (0.3, 0.5),
    "drift": (0.3, 0.5),
    "use": (0.25, 0.5),
    "noise": (0.3, 0.5),
}
"""Median of the standard deviation of each kind of pooled effect, and the standard deviation of its logarithm.

The unit is the raters' noise, the geometric mean of the scales of their logistic distributions (a scale of 1 is a
standard deviation of 1.81); of drift it is this unit an hour.
"""


def draw_spread(kind: str, rng: np.random.Generator) -> float:
    """Draw the standard deviation of a kind of effect from its prior.

    Args:
        kind: A key of `SPREADS`.
        rng: The source of chance.

    Example:
        >>> 0.05 < draw_spread("bias", np.random.default_rng(0)) < 5.0
        True
    """
    median, sd = SPREADS[kind]
    return float(median * np.exp(sd * rng.normal()))
