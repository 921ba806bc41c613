"""What a bootstrap draws again together, and sums of columns over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.agreement.resample import Unit
from app.domain.ratings import Items
from app.errors import UserError

Float = NDArray[np.float64]
Statistics = dict[str, Float]


@dataclass(frozen=True, eq=False)
class Clusters:
    """What is resampled together.

    Attributes:
        unit: item, clip or subject.
        of_item: (items,) int64, cluster of each item.
        count: number of clusters.
    """

    unit: Unit
    of_item: NDArray[np.int64]
    count: int


def clusters_of(items: Items, used: NDArray[np.bool_], unit: Unit) -> Clusters:
    """Assign the items that take part to clusters; the others get cluster -1.

    Args:
        items: all items.
        used: (items,) which of them have data.
        unit: what to resample; items without a subject count as subjects of their own clip.

    Raises:
        UserError: resampling by subject when no item names its subject.

    Example:
        >>> from app.agreement.example import ratings
        >>> items = ratings().items
        >>> clusters_of(items, np.arange(8) < 5, "clip").of_item
        array([ 0,  1,  2,  3,  4, -1, -1, -1])
    """
    label: NDArray[np.int64] = np.arange(len(items)) if unit == "item" else items.clip.codes.astype(np.int64)
    if unit == "subject":
        subject = items.subject.codes.astype(np.int64)
        if not bool((subject[used] >= 0).any()):
            raise UserError(
                "The labels do not name the subject of any clip.",
                "Add a subject column (or name the subjects in the project), or resample by item or clip.",
            )
        label = np.where(subject >= 0, subject, len(items.subject.names) + label)
    of_item = np.full(len(items), -1, dtype=np.int64)
    kept, codes = np.unique(label[used], return_inverse=True)
    of_item[used] = codes
    return Clusters(unit, of_item, int(kept.size))


def over(above: Float, below: Float) -> Float:
    """Quotient, NaN where the divisor is zero.

    Example:
        >>> over(np.array([1.0, 1.0]), np.array([2.0, 0.0]))
        array([0.5, nan])
    """
    ok = below > 0
    return np.where(ok, above / np.where(ok, below, 1.0), NAN)
