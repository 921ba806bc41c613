"""Draws of the parameters of the model of traces: lags often have several peaks, which no normal distribution has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from app.agreement.bayes.trace_density import TraceDensity

Float = NDArray[np.float64]
Tell = Callable[[int, float], None]

REACH_S: Final = 3.0
STEP_S: Final = 0.1
"""Each rater's lag is tried this far to both sides of the mode, in these steps, to know where to propose."""
FINE: Final = 20
FLAT: Final = 1.3
"""Proposals for lags are flatter than what was found around the mode, by this power."""
KEEP: Final = 0.3
"""Share of a deviation from the mode that a proposal keeps."""
ROUNDS: Final = 500
WARM_UP: Final = 50


@dataclass(frozen=True, eq=False)
class TraceDraws:
    """Draws of parameters.

    Attributes:
        points: (rounds, size) float64.
        accepted: Shares of proposals that were accepted: of lags, of all else, and of both together.
    """

    points: Float
    accepted: tuple[float, float, float]


def draw_parameters(
    density: TraceDensity, mode: Float, cov: Float, rng: np.random.Generator, *, rounds: int = ROUNDS,
    tell: Tell | None = None,
) -> TraceDraws:  # fmt: skip
    """Draw from the posterior by Metropolis & Hastings, from the mode and its curvature on.

    A round proposes each rater's lag from what the density around the mode says of it (an independence sampler;
    Tierney 1994), twice all other parameters near where they are (Neal 1999), and once everything together.

    Args:
        density: The density.
        mode: (size,) float64 its mode.
        cov: (size, size) float64 the inverse of the curvature there.
        rng: The source of chance.
        rounds: Rounds that are kept.
        tell: Receives (round, cost) and may raise to end it.

    Example:
        >>> from app.agreement.bayes.trace_draw import draw_traces
        >>> clip = draw_traces(np.random.default_rng(0), raters=3, seconds=(30.0,)).clips
        >>> density = TraceDensity(clip, 5.0)
        >>> at = density.start(np.zeros(3))
        >>> draw_parameters(density, at, 0.01 * np.eye(10), np.random.default_rng(1), rounds=5).points.shape
        (5, 10)
    """
    walk = _Walk(density, mode, cov, rng)
    points = np.empty((rounds, mode.size))
    for k in range(-WARM_UP, rounds):
        for r in range(density.n_raters):
            walk.lag(r)
        walk.rest()
        walk.rest()
        walk.both()
        if k >= 0:
            points[k] = walk.at
        if tell is not None:
            tell(k, walk.cost)
    return TraceDraws(points, (walk.share("lag"), walk.share("rest"), walk.share("both")))


class _Walk:
    def __init__(self, density: TraceDensity, mode: Float, cov: Float, rng: np.random.Generator) -> None:
        self._density, self._rng, self._mode = density, rng, mode
        self.at, self.cost = mode.copy(), density.cost(mode)
        rest = np.ones(mode.size, dtype=bool)
        rest[density.lags] = False
        self._rest = np.flatnonzero(rest)
        # Around the mode with lags held: the inverse of the curvature's block.
        own = np.linalg.inv(np.linalg.inv(cov)[np.ix_(self._rest, self._rest)])
        self._factor = np.linalg.cholesky((own + own.T) / 2.0)
        self._whole = np.linalg.cholesky((cov + cov.T) / 2.0 + 1e-12 * np.eye(mode.size)) * 1.6 / np.sqrt(mode.size)
        # Moving one rater moves the others' mean the other way; the truth's time follows.
        self._away = density.basis - density.basis.mean(axis=0)
        self._proposals = [self._around(r) for r in range(density.n_raters)]
        self._tried: dict[str, int] = {}
        self._taken: dict[str, int] = {}

    def share(self, kind: str) -> float:
        """Share of proposals of a kind that were accepted."""
        return self._taken.get(kind, 0) / max(self._tried.get(kind, 0), 1)

    def _moved(self, at: Float, r: int, by: float) -> Float:
        there = at.copy()
        there[self._density.lags] += by * self._away[r]
        return there

    def _apart(self, at: Float, r: int) -> float:
        """A rater's lag less the mode's, with the others where they are."""
        n = self._density.n_raters
        lag = self._density.basis @ (at - self._mode)[self._density.lags]
        return float(lag[r] * n / (n - 1))

    def _around(self, r: int) -> tuple[Float, Float]:
        """Edges of cells and the probability of each, as it is when all else is at the mode."""
        coarse = np.arange(-REACH_S, REACH_S + STEP_S / 2, STEP_S)
        costs = np.array([self._density.cost(self._moved(self._mode, r, by)) for by in coarse])
        edges = np.linspace(-REACH_S, REACH_S, FINE * (coarse.size - 1) + 1)
        middle = (edges[1:] + edges[:-1]) / 2

        log = -CubicSpline(coarse, costs)(middle) / FLAT
        weight = np.exp(np.maximum(log - log.max(), -30.0))
        return edges, 0.98 * weight / weight.sum() + 0.02 / weight.size

    def lag(self, r: int) -> None:
        """Propose a lag of one rater."""
        edges, chance = self._proposals[r]
        width = edges[1] - edges[0]
        now = self._apart(self.at, r)
        here = int((now - edges[0]) // width)
        cell = int(np.searchsorted(np.cumsum(chance), self._rng.random() * (1.0 - 1e-12)))
        if not 0 <= here < chance.size or cell >= chance.size:
            return
        new = edges[cell] + width * self._rng.random()
        self._judge("lag", self._moved(self.at, r, new - now), np.log(chance[here]) - np.log(chance[cell]))

    def rest(self) -> None:
        """Propose everything but lags."""
        there = self.at.copy()
        step = self._factor @ self._rng.normal(size=self._rest.size)
        mode = self._mode[self._rest]
        there[self._rest] = mode + KEEP * (self.at[self._rest] - mode) + np.sqrt(1.0 - KEEP**2) * step
        self._judge("rest", there, self._normal(there) - self._normal(self.at))

    def _normal(self, at: Float) -> float:
        apart = np.linalg.solve(self._factor, (at - self._mode)[self._rest])
        return float(0.5 * apart @ apart)

    def both(self) -> None:
        """Propose everything together."""
        self._judge("both", self.at + self._whole @ self._rng.normal(size=self.at.size), 0.0)

    def _judge(self, kind: str, there: Float, back: float) -> None:
        cost = self._density.cost(there)
        self._tried[kind] = self._tried.get(kind, 0) + 1
        if np.log(self._rng.random()) < self.cost - cost + back:
            self.at, self.cost = there, cost
            self._taken[kind] = self._taken.get(kind, 0) + 1
