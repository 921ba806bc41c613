"""Fits the model of raters: steps for the effects of all ratings, with the truths of the items integrated out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.columns import Columns, columns_of
from app.agreement.bayes.local import Local, inverse, own_cov, propagate, regrid, start
from app.agreement.bayes.mixing import Mixing
from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.pass_over import Equations, cuts_of, equations, grid_likelihood
from app.agreement.bayes.priors import SPREADS
from app.agreement.bayes.spreads import SpreadStep, own_step, pooled_step

Float = NDArray[np.float64]

CAREFUL: Final = 4
"""First steps, which are shorter than Newton's and never overshoot."""
STILL: Final = 2e-3
LONGEST: Final = 1.0
NEAR: Final = 0.3
"""Largest change from which on steps are mixed."""
MOST_STEPS: Final = 80


@dataclass(frozen=True, eq=False)
class Fit:
    """What is known after all ratings.

    Attributes:
        columns: layout of the effects.
        effects: (effects,) float64 posterior mode with the truths integrated out.
        cov: (effects, effects) float64 their covariance while the spreads are held fixed.
        local: what is known of each item's own truth while the effects are held fixed.
        equations: those of the last step.
        spreads: standard deviation of each pooled kind of effect.
        item: (emotions,) float64 standard deviation of items.
        item_condition: standard deviation of what a condition changes in one item.
        pooled: last step of the spreads of effects.
        own: last step of those of items.
        steps: number of steps.
        converged: whether the last step changed next to nothing.
    """

    columns: Columns
    effects: Float
    cov: Float
    local: Local
    equations: Equations
    spreads: dict[str, float]
    item: Float
    item_condition: float
    pooled: SpreadStep
    own: SpreadStep
    steps: int
    converged: bool


@dataclass(frozen=True)
class FitSettings:
    """How a fit is made.

    Attributes:
        most_steps: it ends after so many steps although it still moves.
        still: largest change of an effect or of the logarithm of a spread at which it ends.
        tell: receives (step, largest change).
        start: a fit of nearly the same ratings to begin from.
    """

    most_steps: int = MOST_STEPS
    still: float = STILL
    tell: Callable[[int, float], None] | None = None
    start: Fit | None = field(default=None, repr=False)


def fit(data: OrdinalData, settings: FitSettings | None = None) -> Fit:
    """Fit the model to ratings.

    Args:
        data: The ratings.
        settings: How; the usual way if None.

    Example:
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> data, planted = draw_study(StudyShape(40, 6, 1, 1, hours=0.0), np.random.default_rng(1))
        >>> found = fit(data)
        >>> truth = found.local.mean[:, 0]
        >>> found.converged, bool(np.corrcoef(truth, planted.truth[:, 0, 0])[0, 1] > 0.8)
        (True, True)
    """
    how = settings or FitSettings()
    columns = columns_of(data)
    state = _State(columns, how.start)
    change = np.inf
    mixing = Mixing()
    for step in range(1, how.most_steps + 1):
        before = state.vector
        change = state.step(careful=step <= CAREFUL and how.start is None)
        if how.tell is not None:
            how.tell(step, change)
        if step > CAREFUL and change < how.still:
            break
        if step > CAREFUL and change < NEAR:
            state.vector = mixing.next(before, state.vector)
    return state.fit(step, change < how.still)


class _State:
    """Where a fit stands."""

    def __init__(self, columns: Columns, before: Fit | None) -> None:
        self.columns = columns
        n_e, n_c = len(columns.data.emotions), columns.n_conditions
        fits = before is not None and before.columns.where == columns.where
        if before is not None and fits:
            self.effects = before.effects.copy()
            self.spreads = dict(before.spreads)
            self.item, self.item_condition = before.item.copy(), before.item_condition
        else:
            self.effects = columns.start()
            self.spreads = {kind: SPREADS[kind][0] for kind in columns.pooled}
            self.item, self.item_condition = np.full(n_e, SPREADS["item"][0]), SPREADS["item_condition"][0]
        self.local = start(own_cov(self.item, self.item_condition, n_c)[columns.unit_emotion])
        self.cov: Float = np.zeros((columns.size, columns.size))
        self.equations: Equations | None = None
        self.pooled: SpreadStep | None = None
        self.own: SpreadStep | None = None

    @property
    def vector(self) -> Float:
        """All effects, and the logarithms of all spreads."""
        own = np.append(self.item, self.item_condition)
        return np.concatenate([self.effects, np.log([*self.spreads.values(), *own])])

    @vector.setter
    def vector(self, values: Float) -> None:
        n, m = self.effects.size, len(self.spreads)
        self._move(values[:n] - self.effects)
        spreads = np.exp(values[n:])
        self.spreads = {kind: float(v) for kind, v in zip(self.spreads, spreads, strict=False)}
        self.item, self.item_condition = spreads[m:-1], float(spreads[-1])

    def step(self, *, careful: bool) -> float:
        """Renew all that is known once; return the largest change."""
        columns = self.columns
        prior_cov = own_cov(self.item, self.item_condition, columns.n_conditions)[columns.unit_emotion]
        cuts = cuts_of(columns, self.effects)
        grid = regrid(self.local)
        self.local = propagate(grid, prior_cov, grid_likelihood(columns, cuts, grid))
        found = self.equations = equations(columns, self.effects, cuts, self.local)
        mean, precision = columns.prior(self.spreads)
        gradient = found.gradient - precision @ (self.effects - mean)
        complete = found.complete + precision
        hessian = complete if careful else complete - found.missing
        try:
            np.linalg.cholesky(hessian)
        except np.linalg.LinAlgError:
            hessian = complete
        self.cov = inverse(hessian)
        move = self.cov @ gradient
        longest = float(np.abs(move).max(initial=0.0))
        self._move(move * min(1.0, LONGEST / max(longest, 1e-12)))
        return max(longest, self._renew_spreads())

    def _move(self, by: Float) -> None:
        """Move the effects, and the grids of the truths with them."""
        self.effects = self.effects + by
        if self.equations is not None:
            mean = self.local.mean.copy()
            for part, mixed in self.equations.blocks(self.columns.n_conditions):
                mean[part] -= np.einsum("ucd,ud->uc", self.local.cov[part], mixed @ by)
            self.local = replace(self.local, mean=mean)

    def _renew_spreads(self) -> float:
        columns = self.columns
        changed = 0.0
        if columns.pooled:
            self.pooled = pooled_step(columns, self.effects, self.cov, self.spreads)
            self.spreads = {a: float(np.exp(v)) for a, v in zip(columns.pooled, self.pooled.log, strict=True)}
            changed = self.pooled.change
        assert self.equations is not None
        own = own_step(
            columns.data.emotions, columns.unit_emotion, self.local.mean, self.local.cov,
            added_by_effects(self.equations, self.local, self.cov), self.item, self.item_condition,
        )  # fmt: skip
        n_e = len(columns.data.emotions)
        self.own = own
        self.item = np.exp(own.log[:n_e])
        if columns.n_conditions > 1:
            self.item_condition = float(np.exp(own.log[n_e]))
        return max(changed, own.change)

    def fit(self, steps: int, converged: bool) -> Fit:
        """The result."""
        assert self.equations is not None
        assert self.own is not None
        assert self.pooled is not None
        return Fit(
            self.columns, self.effects, self.cov, self.local, self.equations, self.spreads, self.item,
            self.item_condition, self.pooled, self.own, steps, converged,
        )  # fmt: skip


def added_by_effects(found: Equations, local: Local, cov: Float) -> Float:
    """Return what the uncertainty of the effects adds to the covariance of each item's own truths.

    Returns:
        (units, conditions, conditions) float64.

    Example:
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> done = fit(draw_study(StudyShape(6, 3, 1, 1), np.random.default_rng(1))[0])
        >>> bool((added_by_effects(done.equations, done.local, done.cov) >= 0).all())
        True
    """
    out = np.empty_like(local.cov)
    for part, mixed in found.blocks(local.mean.shape[1]):
        moved = local.cov[part] @ mixed
        out[part] = np.einsum("ucg,udg->ucd", moved @ cov, moved)
    return out
