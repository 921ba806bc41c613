"""The difference of a chance-corrected coefficient between two conditions, on the items that both have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.clusters import Clusters
from app.agreement.design import Design
from app.agreement.estimate import NAN, Estimate
from app.agreement.intervals import with_interval
from app.agreement.rater_spread import TOO_FEW_RATERS, RaterSpread
from app.agreement.settings import AgreementSettings

Float = NDArray[np.float64]

ROUNDING: Final = 1e-12
PAIRED: Final = "items with two ratings in both conditions"
APART: Final = "no item has two ratings in both conditions, so each condition has its own items"


@dataclass(frozen=True, eq=False)
class Side:
    """One condition of a difference.

    Attributes:
        alpha: the coefficient of all its items, for names and reasons.
        value: the coefficient of the items compared, NaN where undefined.
        draws: (rows,) the same without each cluster, or of each resample.
        present: (clusters,) which clusters have an item compared.
        telling: clusters from which the coefficient could vary.
        n_ratings: ratings of the items compared.
    """

    alpha: Estimate
    value: float
    draws: Float
    present: NDArray[np.bool_]
    telling: int
    n_ratings: int


def delta_alpha(
    sides: tuple[Side, Side], n_common: int, about: str, clusters: Clusters, settings: AgreementSettings, *,
    design: Design | None = None, spread: RaterSpread | None = None,
) -> Estimate:  # fmt: skip
    """Subtract the coefficient in b from the coefficient in a, and give the difference an interval.

    Args:
        sides: both conditions, the first minus the second.
        n_common: items with two ratings in both; with none the difference is unpaired and is called so.
        about: what is compared.
        clusters: what is resampled together.
        settings: how intervals are made.
        design: who judged in which condition.
        spread: variance from the choice of raters, where the design asks for it.

    Returns:
        The difference; NaN with a reason where one of the two has no value on the items compared.

    Example:
        >>> def side(value, without_each):
        ...     return Side(Estimate(value, "alpha", ""), value, without_each, np.full(10, True), 10, 30)
        >>> clusters = Clusters("item", np.arange(10), 10)
        >>> first, second = side(0.8, 0.8 + 0.01 * np.arange(-5, 5)), side(0.6, np.full(10, 0.6))
        >>> found = delta_alpha((first, second), 10, "happy", clusters, AgreementSettings(unit="item"))
        >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
        (0.2, 0.01, 0.39)
    """
    a, b = sides
    gap = a.value - b.value
    how = "paired items" if n_common else f"unpaired, {a.alpha.n_items} and {b.alpha.n_items} items"
    reason = ""
    if np.isnan(gap):
        reason = a.alpha.reason if not a.alpha.defined else b.alpha.reason if not b.alpha.defined else ""
        reason = reason or "only one value occurs on the items that both conditions have"
    estimate = Estimate(
        value=NAN if np.isnan(gap) else 0.0 if abs(gap) <= ROUNDING else gap,
        estimator=f"difference of {a.alpha.estimator}, {how}",
        reference=a.alpha.reference,
        n_items=n_common or a.alpha.n_items + b.alpha.n_items,
        n_raters=max(a.alpha.n_raters, b.alpha.n_raters),
        n_ratings=a.n_ratings + b.n_ratings,
        missing=PAIRED if n_common else APART,
        reason=reason,
        about=about,
        plain=plain.ALPHA_DIFFERENCE,
        scope="" if design is None else design.scope,
    )
    if spread is not None and np.isnan(spread.variance) and estimate.defined:
        return replace(estimate, reason=TOO_FEW_RATERS)
    more = (0.0, np.inf) if spread is None else (spread.variance, spread.freedom)
    return with_interval(
        estimate, a.draws - b.draws, clusters, settings, scale="coefficients", present=a.present | b.present,
        telling=max(a.telling, b.telling), more_variance=more[0], more_freedom=more[1],
    )  # fmt: skip
