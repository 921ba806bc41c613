"""What the members of a fusion say of one item, side by side, as it is played in Review."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class VerdictsBeside:
    """The verdicts of a fusion and its members on one item.

    Attributes:
        model: Name of the fusion.
        label: The category of the item, as people judged it.
        classes: Names of the K classes.
        fusion: float32 K, by the fusion.
        members: Name and float32 K of each member; NaN where one says nothing.
    """

    model: str
    label: str
    classes: tuple[str, ...]
    fusion: NDArray[np.float32]
    members: tuple[tuple[str, NDArray[np.float32]], ...]
