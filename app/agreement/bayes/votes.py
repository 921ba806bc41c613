"""The model of raters for categories: what people see in an item, and how each rater departs from the others.

An item in a condition has shares of the categories that people see in it.  It is of one of several types, one for each
category to begin with, each a Dirichlet distribution of such shares.  For each vote a category is seen by the item's
shares, and said as by the rater's confusion matrix.  The rows of the matrices are Dirichlet around a common habit: what
is seen is said, but for a lapse to any category by its frequency; raters with few votes are like the others (partial
pooling).  With shares of 0 and 1 only it is the model of Dawid & Skene (1979), with raters pooled.

The posterior is sampled by Gibbs' steps for what was seen, shares, types and confusions, and Metropolis' steps for the
few parameters of the types and of the habit, all with a seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import LEVEL, Band

Float = NDArray[np.float64]
Int = NDArray[np.int64]

WARM_UP: Final = 400
DRAWS: Final = 800
KEPT: Final = 200
"""Draws of the shares that are kept for intervals."""
TINY: Final = 1e-12
TYPE_PRIOR: Final = (np.log(0.4), np.log(3.0), 0.8)
"""Mean of the logarithm of a type's parameters, of other categories and of its own, and their standard deviation."""
HABIT_PRIOR: Final = ((np.log(12.0), 0.7), (-2.2, 1.0))
"""(mean, standard deviation) of the log of how many votes a row is worth, and of the logit of the lapse."""


@dataclass(frozen=True, eq=False)
class Votes:
    """Votes of a first pass.

    Attributes:
        cell: (n,) int64 item in a condition.
        rater: (n,) int64.
        said: (n,) int64 category.
        n_cells: number of cells.
        n_raters: number of raters.
        n_categories: number of categories.
    """

    cell: Int
    rater: Int
    said: Int
    n_cells: int
    n_raters: int
    n_categories: int


@dataclass(frozen=True, eq=False)
class VoteFit:
    """What is known after the votes.

    Attributes:
        shares: (cells, categories) posterior mean of what people see; rows sum to 1.
        draws: (kept, cells, categories) float32 draws of the shares.
        confusion: (raters, categories, categories) posterior mean of what is said (column) where a category is seen.
        confusion_draws: (kept, raters, categories, categories) float32.
        lapse: common share of votes that do not follow what is seen.
        seed: of the draws.
    """

    shares: Float
    draws: NDArray[np.float32]
    confusion: Float
    confusion_draws: NDArray[np.float32]
    lapse: float
    seed: int

    def predict(self, cell: Int, rater: Int) -> Float:
        """(n, categories) probabilities of what raters say of cells."""
        out: Float = np.einsum("nk,nkj->nj", self.shares[cell], self.confusion[rater])
        return out


def fit_votes(votes: Votes, seed: int = 0, *, warm_up: int = WARM_UP, draws: int = DRAWS) -> VoteFit:
    """Fit the model to votes.

    Args:
        votes: The votes; cells without votes have the shares of an item that nobody has judged.
        seed: Of the draws.
        warm_up: Draws that are thrown away.
        draws: Draws that count.

    Example:
        >>> cell, rater = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
        >>> said = np.array([0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1])
        >>> fit_votes(Votes(cell, rater, said, 4, 3, 2), draws=100).shares.argmax(axis=1)
        array([0, 1, 1, 0])
    """
    chain = _Chain(votes, np.random.default_rng(seed))
    shares, confusion = np.zeros_like(chain.shares), np.zeros_like(chain.confusion)
    kept, kept_confusion, lapse = [], [], 0.0
    every = max(draws // KEPT, 1)
    for k in range(warm_up + draws):
        chain.sweep()
        if k >= warm_up:
            shares += chain.expected_shares() / draws
            confusion += chain.confusion / draws
            lapse += chain.lapse / draws
            if (k - warm_up) % every == 0:
                kept.append(chain.shares.astype(np.float32))
                kept_confusion.append(chain.confusion.astype(np.float32))
    return VoteFit(shares, np.array(kept), confusion, np.array(kept_confusion), lapse, seed)


class _Chain:
    """Where the sampler stands."""

    def __init__(self, votes: Votes, rng: np.random.Generator) -> None:
        self.votes, self.rng = votes, rng
        k = votes.n_categories
        base = np.bincount(votes.said, minlength=k) + 1.0
        self.base: Float = base / base.sum()
        self.habit = np.array([HABIT_PRIOR[0][0], HABIT_PRIOR[1][0]])
        self.log_types: Float = np.full((k, k), TYPE_PRIOR[0]) + (TYPE_PRIOR[1] - TYPE_PRIOR[0]) * np.eye(k)
        self.frequency: Float = self.base.copy()
        self.confusion: Float = np.tile(self._usual(self.habit), (votes.n_raters, 1, 1))
        counts = np.bincount(votes.cell * k + votes.said, minlength=votes.n_cells * k).reshape(-1, k)
        self.shares: Float = (counts + self.base) / (counts.sum(axis=1, keepdims=True) + 1.0)
        self.type: Int = self.shares.argmax(axis=1)
        self.of_cell: Float = counts.astype(np.float64)
        self._type_step, self._habit_step = np.full(k, 0.3), 0.2

    @property
    def lapse(self) -> float:
        """Common share of votes that do not follow what is seen."""
        return float(1.0 / (1.0 + np.exp(-self.habit[1])))

    def _usual(self, habit: Float) -> Float:
        """(categories, categories) habit of a typical rater."""
        lapse = 1.0 / (1.0 + np.exp(-habit[1]))
        k = self.votes.n_categories
        return np.asarray((1.0 - lapse) * np.eye(k) + lapse * self.base, dtype=np.float64)

    def sweep(self) -> None:
        """Draw everything once."""
        v, k = self.votes, self.votes.n_categories
        chance = self.shares[v.cell] * self.confusion[v.rater, :, v.said]
        below = chance.cumsum(axis=1)
        seen = (self.rng.random(v.cell.size)[:, None] * below[:, -1:] > below).sum(axis=1)
        seen = np.minimum(seen, k - 1)
        self.of_cell = np.bincount(v.cell * k + seen, minlength=v.n_cells * k).reshape(-1, k).astype(np.float64)
        place = (v.rater * k + seen) * k + v.said
        of_rater = np.bincount(place, minlength=v.n_raters * k * k).reshape(v.n_raters, k, k)
        self._draw_types()
        self.shares = self._dirichlet(np.exp(self.log_types)[self.type] + self.of_cell)
        self.confusion = self._dirichlet(np.exp(self.habit[0]) * self._usual(self.habit) + of_rater)
        self._move_types()
        self._move_habit()

    def expected_shares(self) -> Float:
        """(cells, categories) mean of the shares given what was seen, which varies less than a draw."""
        raised = np.exp(self.log_types)[self.type] + self.of_cell
        out: Float = raised / raised.sum(axis=1, keepdims=True)
        return out

    def _dirichlet(self, parameters: Float) -> Float:
        drawn = np.maximum(self.rng.standard_gamma(parameters), TINY)
        return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True), dtype=np.float64)

    def _draw_types(self) -> None:
        from scipy.special import gammaln

        types, counts = np.exp(self.log_types), self.of_cell
        n, k = counts.sum(axis=1), types.shape[0]
        log = np.empty((counts.shape[0], k))
        for t in range(k):
            total = types[t].sum()
            log[:, t] = np.log(self.frequency[t]) + gammaln(total) - gammaln(total + n)
            log[:, t] += (gammaln(types[t] + counts) - gammaln(types[t])).sum(axis=1)
        self.type = (log + self.rng.gumbel(size=log.shape)).argmax(axis=1)
        self.frequency = self.rng.dirichlet(np.bincount(self.type, minlength=k) + 1.0)

    def _move_types(self) -> None:
        """Metropolis' steps for the parameters of each type, given the shares of its cells."""
        from scipy.special import gammaln

        k = self.votes.n_categories
        logs = np.log(np.maximum(self.shares, TINY))
        number = np.bincount(self.type, minlength=k).astype(np.float64)
        sums = np.stack([np.bincount(self.type, logs[:, j], k) for j in range(k)], axis=1)
        centre = np.full((k, k), TYPE_PRIOR[0]) + (TYPE_PRIOR[1] - TYPE_PRIOR[0]) * np.eye(k)

        def density(log_types: Float) -> Float:
            a = np.exp(log_types)
            of_shares = number * (gammaln(a.sum(axis=1)) - gammaln(a).sum(axis=1)) + ((a - 1.0) * sums).sum(axis=1)
            out: Float = of_shares - 0.5 * (((log_types - centre) / TYPE_PRIOR[2]) ** 2).sum(axis=1)
            return out

        for _ in range(4):
            to = self.log_types + self._type_step[:, None] * self.rng.normal(size=(k, k))
            taken = np.log(self.rng.random(k)) < density(to) - density(self.log_types)
            self.log_types = np.where(taken[:, None], to, self.log_types)
            self._type_step = np.clip(self._type_step * np.exp(0.05 * (taken - 0.3)), 0.01, 1.0)

    def _move_habit(self) -> None:
        """Metropolis' steps for the common habit, given the confusions."""
        from scipy.special import gammaln

        logs = np.log(np.maximum(self.confusion, TINY)).sum(axis=0)
        n_r = self.votes.n_raters

        def density(habit: Float) -> float:
            a = np.exp(habit[0]) * self._usual(habit)
            of_rows = n_r * (gammaln(a.sum(axis=1)).sum() - gammaln(a).sum()) + ((a - 1.0) * logs).sum()
            away = [(value - mean) / sd for value, (mean, sd) in zip(habit, HABIT_PRIOR, strict=True)]
            return float(of_rows - 0.5 * np.square(away).sum())

        for _ in range(4):
            to = self.habit + self._habit_step * self.rng.normal(size=2)
            taken = np.log(self.rng.random()) < density(to) - density(self.habit)
            self.habit = to if taken else self.habit
            self._habit_step = float(np.clip(self._habit_step * np.exp(0.05 * (taken - 0.3)), 0.01, 1.0))


def share_band(fit: VoteFit, level: float = LEVEL) -> Band:
    """Return the shares with intervals, from their draws.

    Args:
        fit: A fit of the model.
        level: Probability within an interval.

    Example:
        >>> cell, rater = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
        >>> found = fit_votes(Votes(cell, rater, np.repeat([0, 1, 1, 0], 3), 4, 3, 2), draws=100)
        >>> band = share_band(found)
        >>> bool((band.low <= band.high).all()), band.mean.shape
        (True, (4, 2))
    """
    return _band(fit.shares, fit.draws, level)


def confusion_band(fit: VoteFit, level: float = LEVEL) -> Band:
    """Return the raters' confusions with intervals, from their draws.

    Args:
        fit: A fit of the model.
        level: Probability within an interval.

    Example:
        >>> cell, rater = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
        >>> found = fit_votes(Votes(cell, rater, np.repeat([0, 1, 1, 0], 3), 4, 3, 2), draws=100)
        >>> confusion_band(found).mean.shape
        (3, 2, 2)
    """
    return _band(fit.confusion, fit.confusion_draws, level)


def _band(mean: Float, draws: NDArray[np.float32], level: float) -> Band:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail], axis=0).astype(np.float64)
    return Band(mean, draws.std(axis=0).astype(np.float64), low, high)
