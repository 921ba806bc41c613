"""Hamiltonian Monte Carlo (Neal 2011) for checks of faster inference on small data; not used for results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Density = Callable[[Float], tuple[float, Float]]

TARGET: Final = 0.8
PATH: Final = 1.6
"""Length of a path, in units of the prior: about a quarter of a turn of a standard normal."""
MOST_LEAPS: Final = 64


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws from a density.

    Attributes:
        points: (draws, size) float64.
        accepted: share of paths that were accepted after the warm-up.
        step: length of a leap.
    """

    points: Float
    accepted: float
    step: float


def sample(density: Density, start: Float, rng: np.random.Generator, *, warm_up: int = 300, draws: int = 700) -> Draws:
    """Draw from a density whose coordinates have about equal scales.

    The length of a leap is adapted during the warm-up to an acceptance of 0.8 (dual averaging; Hoffman & Gelman
    2014), and scales are learned in its middle.

    Args:
        density: Returns log density and gradient.
        start: (size,) float64 where to begin.
        rng: The source of chance.
        warm_up: Paths that are thrown away.
        draws: Paths that are kept.

    Example:
        >>> found = sample(lambda x: (-0.5 * float(x @ x), -x), np.zeros(3), np.random.default_rng(1))
        >>> bool(np.abs(found.points.std(axis=0) - 1.0).max() < 0.2), found.accepted > 0.6
        (True, True)
    """
    point = start.copy()
    value, gradient = density(point)
    scale = np.ones(point.size)
    adapt = _Adapt(0.1)
    kept: list[Float] = []
    seen: list[Float] = []
    taken = 0
    for k in range(warm_up + draws):
        if k == warm_up // 2 and len(seen) > 20:
            scale = np.maximum(np.std(seen, axis=0), 1e-3)
            adapt = _Adapt(adapt.step)
        step = adapt.step if k < warm_up else adapt.settled
        leaps = int(np.clip(round(rng.uniform(0.6, 1.4) * PATH / step), 1, MOST_LEAPS))
        momentum = rng.normal(size=point.size)
        with np.errstate(all="ignore"):  # a path that leaves all bounds ends there
            new, new_value, new_gradient, ended = _path(density, point, value, gradient, momentum, step, scale, leaps)
        energy = new_value - 0.5 * float(ended @ ended) - value + 0.5 * float(momentum @ momentum)
        chance = float(np.exp(min(energy, 0.0))) if np.isfinite(energy) else 0.0
        if rng.random() < chance:
            point, value, gradient = new, new_value, new_gradient
            taken += int(k >= warm_up)
        if k < warm_up:
            adapt.tell(chance)
            if k > warm_up // 5:
                seen.append(point)
        else:
            kept.append(point)
    return Draws(np.array(kept), taken / max(draws, 1), adapt.settled)


def _path(
    density: Density,
    point: Float,
    value: float,
    gradient: Float,
    momentum: Float,
    step: float,
    scale: Float,
    leaps: int,
) -> tuple[Float, float, Float, Float]:
    moving = momentum + 0.5 * step * scale * gradient
    for leap in range(leaps):
        point = point + step * scale * moving
        value, gradient = density(point)
        if not np.isfinite(value):
            return point, -np.inf, gradient, moving
        moving = moving + (0.5 if leap == leaps - 1 else 1.0) * step * scale * gradient
    return point, value, gradient, moving


class _Adapt:
    """Adapts the length of a leap to the wanted acceptance."""

    def __init__(self, step: float) -> None:
        self.step = self.settled = step
        self._centre, self._gap, self._log, self._k = np.log(10.0 * step), 0.0, np.log(step), 0

    def tell(self, chance: float) -> None:
        """Take in the chance of acceptance of one path."""
        self._k += 1
        share = 1.0 / (self._k + 10.0)
        self._gap = (1.0 - share) * self._gap + share * (TARGET - chance)
        now = self._centre - np.sqrt(self._k) / 0.05 * self._gap
        weight = self._k**-0.75
        self._log = weight * now + (1.0 - weight) * self._log
        self.step, self.settled = float(np.exp(np.clip(now, -8.0, 1.0))), float(np.exp(self._log))
