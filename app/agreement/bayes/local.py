"""What is known of each item's truth while the raters are held fixed: expectation propagation over conditions.

The truths of an item and emotion in all conditions have a normal prior in common.  The ratings of one condition depend
on one truth only, so that their effect is a factor of one dimension whose moments are summed on a grid; the factors of
the conditions are made consistent with each other as by Minka (2001).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]

REACH: Final = 4.8
NODES: Final = 17
AT_EDGE: Final = 0.003
OFFSETS: Final = np.linspace(-REACH, REACH, NODES)


@dataclass(frozen=True, eq=False)
class Local:
    """Posterior of what is an item's own, beyond what its emotion, condition and group add.

    Attributes:
        mean: (units, conditions) float64.
        cov: (units, conditions, conditions) float64.
        site_precision: (units, conditions) float64 what the ratings of a condition tell.
        site_shift: (units, conditions) float64.
        centre: (units, conditions) float64 middle of each cell's grid.
        step: (units, conditions) float64 its scale.
        weights: (cells, nodes) float64 probabilities on the grid; each row sums to 1.
    """

    mean: Float
    cov: Float
    site_precision: Float
    site_shift: Float
    centre: Float
    step: Float
    weights: Float

    @property
    def nodes(self) -> Float:
        """(cells, nodes) the grid of each cell."""
        return self.centre.reshape(-1, 1) + self.step.reshape(-1, 1) * OFFSETS


def own_cov(item: Float, item_condition: float, n_conditions: int) -> Float:
    """Prior covariance of an item's truths in all conditions, for each emotion.

    Args:
        item: (emotions,) float64 standard deviation of items.
        item_condition: Standard deviation of what a condition changes in one item.
        n_conditions: Number of conditions.

    Returns:
        (emotions, conditions, conditions) float64.

    Example:
        >>> own_cov(np.array([2.0]), 1.0, 2)[0].tolist()
        [[5.0, 4.0], [4.0, 5.0]]
    """
    one = np.ones((n_conditions, n_conditions))
    own = item_condition**2 * np.eye(n_conditions) if n_conditions > 1 else np.zeros((1, 1))
    out: Float = np.asarray(item)[:, None, None] ** 2 * one + own
    return out


def inverse(matrix: Float) -> Float:
    """Return the inverse of one matrix or of a stack of them.

    Example:
        >>> inverse(np.array([[2.0]]))
        array([[0.5]])
    """
    out: Float = np.linalg.inv(matrix).astype(np.float64, copy=False)
    return out


def start(prior_cov: Float) -> Local:
    """Return what is known before any rating.

    Args:
        prior_cov: (units, conditions, conditions) float64.

    Example:
        >>> start(own_cov(np.array([2.0]), 1.0, 1)).cov.tolist()
        [[[4.0]]]
    """
    mean = np.zeros(prior_cov.shape[:2])
    sd = np.sqrt(np.einsum("ucc->uc", prior_cov))
    grid = np.exp(-0.5 * np.tile(OFFSETS, (mean.size, 1)) ** 2)
    weights = grid / grid.sum(axis=1, keepdims=True)
    return Local(mean, prior_cov, np.zeros_like(mean), np.zeros_like(mean), mean, sd, weights)


def propagate(before: Local, prior_cov: Float, log_likelihood: Float, rounds: int = 4) -> Local:
    """Make the factors of the conditions consistent, on the grid of `before`.

    Args:
        before: What was known; its grid is the one of the likelihood.
        prior_cov: (units, conditions, conditions) float64.
        log_likelihood: (cells, nodes) float64 of each cell's ratings at the grid's nodes; zeros where there are none.
        rounds: How often the factors are renewed.

    Returns:
        The posterior, with weights on the old grid and a new grid around the posterior.

    Example:
        >>> prior = own_cov(np.array([1.0]), 1.0, 1)
        >>> flat = start(prior)
        >>> told = propagate(flat, prior, -0.5 * (flat.nodes - 1.0) ** 2)
        >>> told.mean.round(3), told.cov.round(3)
        (array([[0.5]]), array([[[0.5]]]))
    """
    told = (np.ptp(log_likelihood, axis=1) > 0).reshape(before.mean.shape)
    nodes = before.nodes
    precision = inverse(prior_cov)
    now, weights = before, before.weights
    eye = np.eye(prior_cov.shape[1])
    cov, mean = _posterior(precision, now.site_precision, now.site_shift, eye)
    for _ in range(rounds if prior_cov.shape[1] > 1 else 1):
        variance = np.einsum("ucc->uc", cov)
        cavity_precision = np.maximum(1.0 / variance - now.site_precision, 1e-6)
        cavity_mean = (mean / variance - now.site_shift) / cavity_precision
        away = nodes - cavity_mean.reshape(-1, 1)
        log_weight = log_likelihood - 0.5 * away**2 * cavity_precision.reshape(-1, 1)
        log_weight -= log_weight.max(axis=1, keepdims=True)
        weights = np.exp(log_weight)
        weights /= weights.sum(axis=1, keepdims=True)
        tilted = (weights * nodes).sum(axis=1)
        spread = (weights * (nodes - tilted[:, None]) ** 2).sum(axis=1).reshape(mean.shape)
        tilted = tilted.reshape(mean.shape)
        spread = np.maximum(spread, 1e-8)
        site_precision = np.where(told, np.maximum(1.0 / spread - cavity_precision, 1e-6), 0.0)
        site_shift = np.where(told, tilted * (site_precision + cavity_precision) - cavity_mean * cavity_precision, 0.0)
        now = replace(now, site_precision=site_precision, site_shift=site_shift)
        cov, mean = _posterior(precision, site_precision, site_shift, eye)
    return replace(now, mean=mean, cov=cov, weights=weights)


def regrid(local: Local) -> Local:
    """Return the same knowledge with grids around it, for the next likelihood.

    Where the edge of a grid holds some of the probability the next grid is wider.

    Example:
        >>> regrid(start(own_cov(np.array([2.0]), 1.0, 1))).step.tolist()
        [[2.0]]
    """
    at_edge = local.weights[:, [0, 1, -2, -1]].sum(axis=1).reshape(local.mean.shape)
    step = np.sqrt(np.einsum("ucc->uc", local.cov))
    return replace(local, centre=local.mean, step=np.where(at_edge > AT_EDGE, 2.5 * step, step))


def _posterior(precision: Float, site_precision: Float, site_shift: Float, eye: Float) -> tuple[Float, Float]:
    cov = inverse(precision + site_precision[:, :, None] * eye)
    mean: Float = np.einsum("ucd,ud->uc", cov, site_shift)
    return cov, mean
