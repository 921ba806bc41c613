"""Raters who tire: their answers part from the others' more and more in the course of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.agreement.bayes.cumulative import sigmoid
from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.suspects import LEAST_ITEMS, Float
from app.domain.words import figure

Int = NDArray[np.int64]

NAMED: Final = 2.2
"""Signed root of the likelihood ratio from which on somebody is named: at one look, one in seventy sound raters is."""
HALF_WIDTH: Final = 1.96
"""Half the width of the interval of a growth, in standard errors."""
GROWTH_SD: Final = 1.5
"""Prior standard deviation of the growth of a log noise in an hour."""
SLOPE: Final = (1.3, 0.6)
LOG_GAP: Final = (-0.2, 0.6)
FIRST_CUT: Final = (-1.5, 2.0)
GROUP_SD: Final = 0.8
"""Means and standard deviations of the weak priors of what a rater makes of the others' mean."""


@dataclass(frozen=True)
class Tired:
    """A rater whose answers part from the others' more and more.

    Attributes:
        rater: Code.
        n_items: Items that others judged, too.
        grows: How many times as large the noise is at the end of the session as at its beginning.
        low: Lower end of its 95 % interval, which is above 1 for everybody who is named.
        high: Upper end.
    """

    rater: str
    n_items: int
    grows: float
    low: float
    high: float

    @property
    def short(self) -> str:
        """What it means in a few words, for a profile."""
        return "parts from the others more and more in a session"

    @property
    def words(self) -> str:
        """What it means and what to do, in sentences."""
        said = f"{figure(self.grows)} times [{figure(self.low)}, {figure(self.high)}]"
        return (
            f"{self.rater} {self.short}, as raters who tire do (from the first to the last answer noise grows {said}, "
            f"{self.n_items} items). Plan shorter sessions or breaks."
        )


def tired_of(data: OrdinalData) -> tuple[Tired, ...]:
    """Return the raters whose noise grows in the course of a session.

    A rater's score is taken as a latent value that is cut by thresholds of the rater's own (a cumulative logit model):
    a multiple of the logit of the others' mean, with a shift for each emotion and condition. Its noise is constant, or
    grows or falls as an exponential of the time. Both are fitted with weak priors, and the signed root of the
    likelihood ratio, nearly standard normal for sound raters, says which is the case.

    Args:
        data: The ratings; nothing is said where times are unknown.

    Example:
        >>> from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
        >>> tired_of(draw_study(StudyShape(20, 4, 3, 1), np.random.default_rng(1), TYPICAL)[0])
        ()
    """
    if not data.timed or len(data.raters) < 3:
        return ()
    others, known, group = _others(data)
    out = []
    for r, code in enumerate(data.raters):
        rows = known & (data.rater == r)
        items = np.unique(data.item[rows]).size
        hours = data.hours[rows]
        if items < LEAST_ITEMS or np.ptp(hours) == 0.0 or np.ptp(data.level[rows]) == 0:
            continue
        growth, root = growth_of(data.level[rows], others[rows], group[rows], hours - hours.mean(), len(data.points))
        if root > NAMED:
            span, error = float(np.ptp(hours)), growth / root
            ends = [float(np.exp((growth + sign * HALF_WIDTH * error) * span)) for sign in (0, -1, 1)]
            out.append(Tired(code, items, ends[0], ends[1], ends[2]))
    return tuple(out)


def _others(data: OrdinalData) -> tuple[Float, NDArray[np.bool_], Int]:
    """Logits of the others' means in the scale, whether there are others, and the group: emotion and condition."""
    n_c, top = len(data.conditions), len(data.points) - 1
    group = data.emotion.astype(np.int64) * n_c + data.condition
    cell = data.item.astype(np.int64) * (len(data.emotions) * n_c) + group
    n = np.bincount(cell)[cell]
    mean = (np.bincount(cell, data.level)[cell] - data.level) / np.maximum(n - 1, 1)
    share = (mean + 0.4) / (top + 0.8)
    return np.log(share / (1.0 - share)), n > 1, group


def growth_of(level: Int, others: Float, group: Int, hours: Float, levels: int) -> tuple[float, float]:
    """Return by how much a rater's log noise grows in an hour, and the signed root of the likelihood ratio.

    Args:
        level: (n,) int64 the rater's answers as levels.
        others: (n,) float64 the logit of the others' mean.
        group: (n,) int64 emotion and condition.
        hours: (n,) float64 times about their mean.
        levels: Number of levels of the scale.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> x, hours = rng.normal(size=400), rng.uniform(-0.5, 0.5, 400)
        >>> answer = np.clip(np.rint(2.5 + x + np.exp(1.4 * hours) * rng.normal(size=400)), 0, 5).astype(np.int64)
        >>> growth, root = growth_of(answer, x, np.zeros(400, np.int64), hours, 6)
        >>> 0.9 < growth < 1.9, root > 4.0
        (True, True)
    """
    shift = np.eye(int(group.max()) + 1)[group]
    fit = _Regression(level, np.column_stack([others, shift[:, shift.any(axis=0)][:, 1:]]), hours, levels)
    still = minimize(fit.without_growth, fit.start[1:], jac=True, method="L-BFGS-B")
    found = minimize(fit.cost, np.concatenate([[0.0], still.x]), jac=True, method="L-BFGS-B")
    growth = float(found.x[0])
    return growth, float(np.sign(growth) * np.sqrt(max(2.0 * (still.fun - found.fun), 0.0)))


class _Regression:
    """The penalised cost of a cumulative logit model whose noise grows, with its gradient.

    Parameters are the growth, the first threshold, log distances of thresholds, and one weight for each column.
    """

    def __init__(self, level: Int, columns: Float, hours: Float, levels: int) -> None:
        self._level, self._columns, self._hours, self._cuts = level, columns, hours, levels - 1
        n = columns.shape[1]
        gaps = self._cuts - 1
        mean = [0.0, FIRST_CUT[0], *[LOG_GAP[0]] * gaps, SLOPE[0], *[0.0] * (n - 1)]
        spread = [GROWTH_SD, FIRST_CUT[1], *[LOG_GAP[1]] * gaps, SLOPE[1], *[GROUP_SD] * (n - 1)]
        self.start, self._spread = np.array(mean), np.array(spread)

    def without_growth(self, values: Float) -> tuple[float, Float]:
        """Return cost and gradient with constant noise."""
        cost, gradient = self.cost(np.concatenate([[0.0], values]))
        return cost, gradient[1:]

    def cost(self, values: Float) -> tuple[float, Float]:
        """Return cost and gradient."""
        k, level = self._cuts, self._level
        gaps, weights = np.exp(values[2 : 1 + k]), values[1 + k :]
        cuts = values[1] + np.concatenate([[0.0], np.cumsum(gaps)])
        noise = np.exp(np.clip(values[0] * self._hours, -5.0, 5.0))
        ends = np.concatenate([[-1e3], cuts, [1e3]])
        value = self._columns @ weights
        upper, lower = (ends[level + 1] - value) / noise, (ends[level] - value) / noise
        over, under = sigmoid(upper), sigmoid(lower)
        chance = np.maximum(over - under, 1e-9)
        by_upper, by_lower = over * (1.0 - over) / chance, under * (1.0 - under) / chance
        of_ends = np.bincount(level + 1, by_upper / noise, k + 2) - np.bincount(level, by_lower / noise, k + 2)
        of_cuts = of_ends[1:-1]
        after = np.cumsum(of_cuts[::-1])[::-1]
        of_value = -(by_upper - by_lower) / noise
        of_growth = -(self._hours * (by_upper * upper - by_lower * lower)).sum()
        apart = (values - self.start) / self._spread
        gradient = np.concatenate([[of_growth, after[0]], after[1:] * gaps, self._columns.T @ of_value])
        return float(-np.log(chance).sum() + 0.5 * apart @ apart), apart / self._spread - gradient
