"""What a comparison of two conditions needs of each item, and the differences between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.cells import IntensityCell
from app.agreement.clusters import Clusters
from app.agreement.estimate import NAN
from app.agreement.resample import gather
from app.agreement.variance import vote_disagreement
from app.agreement.vote_cells import CategoryCell, indicator_variance

Float = NDArray[np.float64]

ROUNDING = 1e-12
"""Share of the squared range of the scale below which a difference of variances is rounding.

A variance of scores on a scale of range R is at most R^2 / 2, and double precision leaves some 1e-16 of that.
"""


@dataclass(frozen=True, eq=False)
class Paired:
    """What one comparison needs: item-level quantities in both conditions.

    Attributes:
        emotion: emotion or category; empty for the category set.
        kind: intensity or category.
        variance: (2, items) within-item disagreement in a and b, NaN below two ratings.
        mean: (2, items) mean rating (share of votes), NaN where nobody rated; None where it has no meaning.
        n: (2, items) number of ratings.
        alpha: name of the alpha that is compared.
        span: range of the scale in its own points; differences below `ROUNDING` times its square are zero.
    """

    emotion: str
    kind: str
    variance: Float
    mean: Float | None
    n: Float
    alpha: str
    span: float = 1.0

    @property
    def tolerance(self) -> float:
        """Up to this size a difference of two variances is a rounding residue, in squared points."""
        return ROUNDING * self.span**2

    @property
    def difference(self) -> Float:
        """(items,) variance in a minus variance in b, exactly 0 where only rounding tells them apart, NaN unpaired."""
        gap = self.variance[0] - self.variance[1]
        return np.where(np.abs(gap) <= self.tolerance, 0.0, gap)

    @property
    def shift(self) -> Float:
        """(2, items) change of the mean rating and of its square, exactly 0 where only rounding tells them apart.

        Raises:
            ValueError: the comparison has no mean rating.
        """
        if self.mean is None:
            raise ValueError("the category set as a whole has no mean rating")
        change = np.stack([self.mean[0] - self.mean[1], self.mean[0] ** 2 - self.mean[1] ** 2])
        limit = ROUNDING * np.array([[self.span], [self.span**2]])
        return np.where(np.abs(change) <= limit, 0.0, change)

    @property
    def both(self) -> NDArray[np.bool_]:
        """(items,) items that have two ratings in both conditions."""
        both: NDArray[np.bool_] = ~(np.isnan(self.variance[0]) | np.isnan(self.variance[1]))
        return both


def paired_intensity(a: IntensityCell, b: IntensityCell) -> Paired:
    """Pair one emotion of two cells of the same table.

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> cells, _ = intensity_cells(ratings(), "item")
        >>> pair = paired_intensity(cells[0], cells[2])
        >>> pair.emotion, pair.difference.round(2)
        ('happy', array([0.33, 1.  , 0.  , 1.  , 0.  , 0.  , 0.67, 0.67]))
    """
    return Paired(
        emotion=a.emotion,
        kind="intensity",
        variance=np.stack([a.moments.sample, b.moments.sample]),
        mean=np.stack([a.moments.mean, b.moments.mean]),
        n=np.stack([a.moments.n, b.moments.n]),
        alpha="ordinal",
        span=a.span,
    )


def paired_categories(a: CategoryCell, b: CategoryCell) -> list[Paired]:
    """Pair each category (0/1 indicators), then the set as a whole.

    Example:
        >>> from app.agreement.example import choices
        >>> from app.agreement.vote_cells import category_cells
        >>> cells, _ = category_cells(choices().counts(), "item")
        >>> [pair.emotion or "all" for pair in paired_categories(*cells)]
        ['sad', 'neutral', 'happy', 'all']
    """
    n = np.stack([a.total, b.total])
    each = [indicator_variance(c.votes) for c in (a, b)]
    share = [
        np.where(t[:, None] > 0, c.votes / np.maximum(t, 1.0)[:, None], NAN) for c, t in zip((a, b), n, strict=True)
    ]
    out = [
        Paired(name, "category", np.stack([e[:, i] for e in each]), np.stack([s[:, i] for s in share]), n, "nominal")
        for i, name in enumerate(a.categories)
    ]
    whole = np.stack([vote_disagreement(a.votes), vote_disagreement(b.votes)])
    return [*out, Paired("", "category", whole, None, n, "nominal")]


def difference_columns(pair: Paired, clusters: Clusters) -> Float:
    """Sum the differences and count the paired items of each cluster: (clusters, 2).

    Differences that cancel within a cluster leave a residue of rounding, which is set to zero like that of an item.

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> difference_columns(paired_intensity(cells[0], cells[2]), clusters).sum(axis=0)
        array([3.66666667, 8.        ])
    """
    use = pair.both & (clusters.of_item >= 0)
    d = pair.difference[use]
    out = gather(np.stack([d, np.ones_like(d)], axis=1), clusters.of_item[use], clusters.count)
    residue = np.abs(out[:, 0]) <= pair.tolerance * np.maximum(out[:, 1], 1.0)
    return np.stack([np.where(residue, 0.0, out[:, 0]), out[:, 1]], axis=1)
