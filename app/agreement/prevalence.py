"""The effect of a condition on disagreement at an unchanged mean rating."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.clusters import Clusters
from app.agreement.estimate import NAN, Estimate
from app.agreement.paired import Paired
from app.agreement.resample import gather

Float = NDArray[np.float64]


def prevalence_adjusted(pair: Paired, clusters: Clusters, level: float = 0.95) -> Estimate:
    """Difference of disagreement at an unchanged mean rating.

    Intercept of the regression d = b0 + b1 (m_a - m_b) + b2 (m_a^2 - m_b^2), the first difference of a model in which
    an item's variance is a quadratic of its mean, as it must be on a bounded scale.  Standard errors are
    robust to clusters (Liang & Zeger 1986, with the correction G / (G-1) (n-1) / (n-3)).
    """
    use = pair.both & (clusters.of_item >= 0)
    base = {
        "estimator": "condition difference of disagreement adjusted for prevalence",
        "reference": "ordinary least squares, cluster-robust standard errors, Liang & Zeger 1986",
        "missing": "items with two ratings in both conditions",
        "method": f"t distribution, standard errors robust to {clusters.unit}s",
    }
    result = Estimate(
        NAN, base["estimator"], base["reference"], level=level, n_items=int(use.sum()), method=base["method"],
        missing=base["missing"], reason="the category set as a whole has no mean rating",
        plain=plain.DISAGREEMENT_DIFFERENCE,
    )  # fmt: skip
    if pair.mean is None:
        return result
    d, shift = pair.difference[use], pair.shift[:, use]
    x = np.stack([np.ones_like(d), *shift], axis=1)
    groups, group = np.unique(clusters.of_item[use], return_inverse=True)
    g, n, p = groups.size, d.size, x.shape[1]
    if n <= p or g < 3 or np.linalg.matrix_rank(x) < p:
        return replace(result, reason="too few items or no change of the mean rating to adjust for")
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ d
    score = gather(x * (d - x @ beta)[:, None], group, g)
    cover = bread @ (score.T @ score) @ bread * (g / (g - 1) * (n - 1) / (n - p))
    # Not scipy.stats, which takes a second to import.
    from scipy.special import stdtr, stdtrit

    error = float(np.sqrt(max(float(cover[0, 0]), 0.0)))
    half = float(stdtrit(g - 1, 0.5 + level / 2.0)) * error
    p_value = float(2.0 * stdtr(g - 1, -abs(float(beta[0])) / error)) if error > 0 else NAN
    return replace(
        result, value=float(beta[0]), low=float(beta[0]) - half, high=float(beta[0]) + half, reason="", p_value=p_value
    )
