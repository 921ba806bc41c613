"""The whole model's log density and its gradient, with nothing integrated out, for checks by sampling.

Coordinates are standard normal under the prior: effects, an item's own truth, and logarithms of spreads, each in units
of its prior.  The likelihood depends on them through the effects, so that the spreads have no boundary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.columns import Columns
from app.agreement.bayes.cumulative import log_probability, mean_slopes
from app.agreement.bayes.pass_over import cuts_of, raw_gradient
from app.agreement.bayes.priors import FIXED, SPREADS

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Unfolded:
    """A point in the model's own terms.

    Attributes:
        effects: (effects,) float64.
        own: (units, conditions) float64 what is an item's own.
        spreads: (pooled kinds + emotions + 1,) float64 standard deviations: of effects, of items, of item_condition.
    """

    effects: Float
    own: Float
    spreads: Float


class Joint:
    """Log density of the model for ratings.

    Args:
        columns: The ratings and the layout of the effects.

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> joint = Joint(columns_of(draw_study(StudyShape(4, 3), np.random.default_rng(0))[0]))
        >>> value, gradient = joint(np.zeros(joint.size))
        >>> value < 0.0, gradient.shape == (joint.size,)
        (True, True)
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        n_u, n_c = columns.n_units, columns.n_conditions
        kinds = [*columns.pooled, *["item"] * len(columns.data.emotions), "item_condition"]
        self._centre = np.log([SPREADS[kind][0] for kind in kinds])
        self._scale = np.array([SPREADS[kind][1] for kind in kinds])
        self._parts = np.cumsum([columns.size, n_u, n_u * n_c]).astype(np.int64)
        self.size = int(self._parts[-1]) + len(kinds)

    def unfold(self, point: Float) -> Unfolded:
        """Return a point in the model's own terms.

        Args:
            point: (size,) float64 coordinates.
        """
        columns = self.columns
        z, item, condition, log = np.split(point, self._parts)
        spreads = np.exp(self._centre + self._scale * log)
        own_sd = spreads[len(columns.pooled) : -1][columns.unit_emotion]
        several = float(columns.n_conditions > 1)
        own = (own_sd * item)[:, None] + several * spreads[-1] * condition.reshape(columns.n_units, -1)
        return Unfolded(self._effects(z, spreads), own, spreads)

    def _effects(self, z: Float, spreads: Float) -> Float:
        out = np.empty(z.size)
        for kind, at in self.columns.where.items():
            if kind in FIXED:
                out[at] = FIXED[kind][0] + FIXED[kind][1] * z[at]
            else:
                out[at] = spreads[self.columns.pooled.index(kind)] * z[at]
        at = self.columns.where["noise"]
        out[at] -= out[at].mean()
        return out

    def __call__(self, point: Float) -> tuple[float, Float]:
        """Return the log density and its gradient.

        Args:
            point: (size,) float64 coordinates.
        """
        columns, here = self.columns, self.unfold(point)
        cuts = cuts_of(columns, here.effects)
        truth = here.own.reshape(-1, 1)
        value = float(log_probability(cuts, truth[columns.cell, 0]).sum()) - 0.5 * float(point @ point)
        slopes = mean_slopes(cuts, columns.cell, truth, np.ones_like(truth))
        by_effect = raw_gradient(columns, here.effects, slopes)
        by_own = np.bincount(columns.cell, slopes.shift, truth.size).reshape(here.own.shape).astype(np.float64)
        return value, self._back(point, here, by_effect, by_own) - point

    def _back(self, point: Float, here: Unfolded, by_effect: Float, by_own: Float) -> Float:
        """Gradient by the coordinates from that by effects and truths."""
        columns = self.columns
        z, item, condition, _ = np.split(point, self._parts)
        at = columns.where["noise"]
        by_effect = by_effect.copy()
        by_effect[at] -= by_effect[at].mean()
        by_z, by_log = np.empty(z.size), np.zeros(here.spreads.size)
        for kind, part in columns.where.items():
            if kind in FIXED:
                by_z[part] = FIXED[kind][1] * by_effect[part]
            else:
                k = columns.pooled.index(kind)
                by_z[part] = here.spreads[k] * by_effect[part]
                by_log[k] = float(by_z[part] @ z[part])
        first = len(columns.pooled)
        own_sd = here.spreads[first:-1][columns.unit_emotion]
        by_item = own_sd * by_own.sum(axis=1)
        np.add.at(by_log, first + columns.unit_emotion, by_item * item)
        several = float(columns.n_conditions > 1)
        by_condition = several * here.spreads[-1] * by_own
        by_log[-1] = float(by_condition.ravel() @ condition)
        return np.concatenate([by_z, by_item, by_condition.ravel(), self._scale * by_log])
