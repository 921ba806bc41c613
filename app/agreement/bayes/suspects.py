"""Raters who answer against the others, or as if by chance: noticed from few judgements, before anybody counts them.

The effects of the model of raters have no sign of the scale: as they stand, answers of a rater who reads it the wrong
way round look very noisy (`kinds.py` turns them). Both kinds show in how a rater's scores follow the mean of the
others, with an interval that leaves out one item at a time, because scores of one item are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.ordinal_data import OrdinalData
from app.domain.words import figure

Float = NDArray[np.float64]

LEAST_ITEMS: Final = 10
"""Items, judged by others too, below which nothing is said of a rater."""
Z: Final = 2.58
"""Half width of an interval that holds 99 %: many raters are looked at, and a false alarm offends."""
WORTH: Final = 0.2
"""Where raters follow each other less than this, chance cannot be told from them."""


@dataclass(frozen=True)
class Suspect:
    """A rater whose scores do not follow the others'.

    Attributes:
        rater: Code.
        against: Whether the scores go against the others'; else they follow nobody.
        n_items: Items that others judged, too.
        follows: Correlation with the mean of the others within emotions and conditions, −1 to 1.
        low: Lower end of its 99 % interval.
        high: Upper end.
        usual: The median of the correlations of the other raters.
    """

    rater: str
    against: bool
    n_items: int
    follows: float
    low: float
    high: float
    usual: float

    @property
    def short(self) -> str:
        """What it means in a few words, for a profile."""
        return "rates against the others" if self.against else "rates as if by chance"

    @property
    def words(self) -> str:
        """What it means and what to do, in sentences."""
        return f"{self.found} Ask the rater, and look at these answers before they count."

    @property
    def found(self) -> str:
        """What it means, in a sentence."""
        said = f"{figure(self.follows)} [{figure(self.low)}, {figure(self.high)}], usually {figure(self.usual)}"
        why = ": perhaps this rater reads the scale the wrong way round" if self.against else ""
        return f"{self.rater} {self.short}{why} (correlation with the others {said}, {self.n_items} items)."


def suspects_of(data: OrdinalData) -> tuple[Suspect, ...]:
    """Return the raters whose scores go against the others', or follow nobody although raters follow each other.

    Args:
        data: The ratings of at least three raters; of fewer nobody can tell who is wrong.

    Example:
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> suspects_of(draw_study(StudyShape(20, 4, 3, 1), np.random.default_rng(1))[0])
        ()
    """
    n_r = len(data.raters)
    if n_r < 3:
        return ()
    own, others, known = centred(data)
    found = [_follows(data.item[rows], own[rows], others[rows]) for r in range(n_r)
             for rows in [known & (data.rater == r)]]  # fmt: skip
    out = []
    for r, (n_items, value, error) in enumerate(found):
        rest = [one[1] for k, one in enumerate(found) if k != r and one[0] >= LEAST_ITEMS and np.isfinite(one[1])]
        if n_items < LEAST_ITEMS or not np.isfinite(value + error) or not rest:
            continue
        usual, low, high = float(np.median(rest)), value - Z * error, value + Z * error
        if high < 0.0 < usual or (usual > WORTH and low < 0.0 and high < usual):
            low, high = max(low, -1.0), min(high, 1.0)
            out.append(Suspect(data.raters[r], high < 0.0, n_items, value, low, high, usual))
    return tuple(out)


def centred(data: OrdinalData) -> tuple[Float, Float, NDArray[np.bool_]]:
    """Return scores and the means of the other raters, both about the rater's means of emotion and condition.

    Args:
        data: The ratings.

    Returns:
        (n,) float64 scores, (n,) float64 means of the others, and (n,) bool whether anybody else judged the same.

    Example:
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> own, others, known = centred(draw_study(StudyShape(20, 4, 1, 1), np.random.default_rng(1))[0])
        >>> bool(known.all()), round(float(own.sum()), 6)
        (True, 0.0)
    """
    n_e, n_c = len(data.emotions), len(data.conditions)
    group = data.emotion.astype(np.int64) * n_c + data.condition
    cell = data.item.astype(np.int64) * (n_e * n_c) + group
    score = data.points[data.level]
    n = np.bincount(cell)[cell]
    known = n > 1
    others = (np.bincount(cell, score)[cell] - score) / np.maximum(n - 1, 1)
    # A rater's own means, so that a bias or a liking for one emotion is no disagreement about items.
    own_group = data.rater.astype(np.int64) * (n_e * n_c) + group
    weight = np.maximum(np.bincount(own_group, known), 1.0)
    own = score - (np.bincount(own_group, score * known) / weight)[own_group]
    return own, others - (np.bincount(own_group, others * known) / weight)[own_group], known


def _follows(item: NDArray[np.integer], own: Float, others: Float) -> tuple[int, float, float]:
    """Number of items, the correlation of centred scores, and its standard error over items left out."""
    names, at = np.unique(item, return_inverse=True)
    n = names.size
    if n < LEAST_ITEMS:
        return n, float("nan"), float("nan")
    products = np.array([np.bincount(at, a * b, n) for a, b in ((own, others), (own, own), (others, others))])
    whole = products.sum(axis=1)
    left = whole[:, None] - products
    with np.errstate(all="ignore"):
        value = whole[0] / np.sqrt(whole[1] * whole[2])
        each = left[0] / np.sqrt(left[1] * left[2])
        error = np.sqrt((n - 1) / n * ((each - each.mean()) ** 2).sum())
    return n, float(value), float(error)
