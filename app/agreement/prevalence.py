"""The effect of a condition on disagreement at an unchanged mean rating."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.clusters import Clusters
from app.agreement.estimate import NAN, Estimate
from app.agreement.jackknife import jackknife_interval
from app.agreement.paired import Paired
from app.agreement.resample import gather

Float = NDArray[np.float64]


ESTIMATOR: Final = "condition difference of disagreement adjusted for prevalence"
REFERENCE: Final = (
    "ordinary least squares; delete-one-cluster standard errors, Bell & McCaffrey 2002, MacKinnon, Nielsen & Webb 2023"
)
SINGULAR: Final = 1e-9
"""Share of the determinant below which nothing is left to adjust by without a cluster."""
EXACT: Final = 1e-9
"""Share of the largest difference up to which a residual is rounding."""
FOLLOWS: Final = "the variance of an item follows wholly from its mean, as with the same number of votes for each item"
HOW_TO_READ: Final = (
    "On a scale with two ends within-item variance follows the mean rating, so a shift of the mean alone changes it. "
    "The difference at equal prevalence is what is left at an unchanged mean rating: where only the unadjusted one "
    "stands out, ratings moved and raters need not agree more or less; the difference of alpha is the second check."
)


def prevalence_adjusted(pair: Paired, clusters: Clusters, level: float = 0.95) -> Estimate:
    """Estimate the difference of disagreement at an unchanged mean rating.

    It is the intercept of the regression d = b0 + b1 (m_a - m_b) + b2 (m_a^2 - m_b^2), the first difference of a model
    in which an item's variance is a quadratic of its mean, as it must be on a bounded scale.  Standard errors come from
    leaving out one cluster at a time (CR3), p and interval from Student's t.

    Args:
        pair: item-level quantities in both conditions.
        clusters: what is left out together.
        level: confidence level.

    Returns:
        The intercept in squared points, with p; NaN with a reason where nothing can be adjusted for.

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> from app.agreement.paired import paired_intensity
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> found = prevalence_adjusted(paired_intensity(cells[1], cells[3]), clusters)
        >>> round(found.value, 2), round(found.p_value, 3)
        (0.91, 0.192)
    """
    use = pair.both & (clusters.of_item >= 0)
    result = Estimate(
        NAN, ESTIMATOR, REFERENCE, level=level, n_items=int(use.sum()),
        missing="items with two ratings in both conditions", reason="the category set as a whole has no mean rating",
        plain=plain.DISAGREEMENT_DIFFERENCE, unit=clusters.unit, about=pair.emotion,
    )  # fmt: skip
    if pair.mean is None:
        return result
    d, shift = pair.difference[use], pair.shift[:, use]
    x = np.stack([np.ones_like(d), *shift], axis=1)
    groups, group = np.unique(clusters.of_item[use], return_inverse=True)
    n, p = d.size, x.shape[1]
    result = replace(result, n_units=int(groups.size), n_ratings=int(pair.n[:, use].sum()))
    if n <= p or np.linalg.matrix_rank(x) < p:
        return replace(result, reason="too few items or no change of the mean rating to adjust for")
    products = gather(np.einsum("ni,nj->nij", x, x).reshape(n, -1), group, groups.size).reshape(-1, p, p)
    scores = gather(x * d[:, None], group, groups.size)
    inner, outer = products.sum(axis=0), scores.sum(axis=0)
    fitted = np.linalg.solve(inner, outer)
    if float(np.abs(d).max()) > 0.0 and float(np.abs(d - x @ fitted).max()) <= EXACT * float(np.abs(d).max()):
        return replace(result, reason=FOLLOWS)
    value = float(fitted[0])
    rest = inner - products
    whole = np.linalg.det(rest) > SINGULAR * float(np.linalg.det(inner))
    left = np.full(groups.size, NAN)
    left[whole] = np.linalg.solve(rest[whole], (outer - scores)[whole][:, :, None])[:, 0, 0]
    result = replace(result, value=value, reason="")
    found = jackknife_interval(value, left, level=level)
    if found.reason:
        return replace(result, reason=found.reason)
    # Not scipy.stats, which takes a second to import.
    from scipy.special import stdtr

    return replace(
        result, low=found.low, high=found.high, method=f"t interval of the jackknife over {clusters.unit}s",
        p_value=float(2.0 * stdtr(found.freedom, -abs(value) / found.error)),
    )  # fmt: skip
