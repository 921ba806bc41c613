"""Known paths through the plane of valence and arousal over time: the truth behind clips that the program renders."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class AffectPath:
    """Exactly known valence and arousal over time.

    Attributes:
        times_s: float64 N, seconds, ascending.
        valence: float64 N in −1…1.
        arousal: float64 N in −1…1.
    """

    times_s: NDArray[np.float64]
    valence: NDArray[np.float64]
    arousal: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def values(self) -> NDArray[np.float32]:
        """Return valence and arousal as columns, float32 N×2."""
        return np.column_stack([self.valence, self.arousal]).astype(np.float32)

    def at(self, times_s: NDArray[np.float64]) -> "AffectPath":
        """Return the same path at other times: linear between its points, constant beyond its ends."""
        valence = np.interp(times_s, self.times_s, self.valence)
        arousal = np.interp(times_s, self.times_s, self.arousal)
        return AffectPath(np.asarray(times_s, np.float64), valence, arousal)


DEMO_STATIONS: Final = (
    (0.0, 0.0), (0.75, 0.45), (0.6, -0.5), (-0.6, -0.45), (-0.65, 0.6), (0.15, 0.8), (0.8, 0.5), (0.05, 0.0),
)  # fmt: skip
"""Where the demo's face goes, one after the other: rest, joy, calm, sadness, anger, surprise, joy, rest."""


def through(
    stations: NDArray[np.float64], times_s: NDArray[np.float64], hold: float = 0.4, wobble: float = 0.0, seed: int = 0
) -> AffectPath:
    """Return a smooth path that rests at each station and glides to the next.

    Args:
        stations: float64 K×2 (valence, arousal), visited in equal shares of the time.
        times_s: float64 N, ascending.
        hold: Share of each station's time during which the path rests there, 0–1.
        wobble: Standard deviation of a slow wandering around the path.
        seed: Seed for the wandering.

    Returns:
        The path at `times_s`, with all values within −1…1.
    """
    stations = np.asarray(stations, np.float64)
    start, span = float(times_s[0]), float(max(times_s[-1] - times_s[0], 1e-9))
    place = (times_s - start) / span * (len(stations) - 1)
    left = np.clip(np.floor(place).astype(np.intp), 0, len(stations) - 2)
    t = np.clip((place - left - hold / 2) / max(1 - hold, 1e-9), 0, 1)
    glide = t**3 * (t * (6 * t - 15) + 10)
    way = stations[left] + (stations[left + 1] - stations[left]) * glide[:, None]
    if wobble > 0:
        rng = np.random.default_rng([seed, 11])
        for column in range(2):
            way[:, column] += wobble * ornstein_uhlenbeck(times_s, 1.0, 1.2, rng)
    way = np.clip(way, -1, 1)
    return AffectPath(np.asarray(times_s, np.float64), way[:, 0].copy(), way[:, 1].copy())


def ornstein_uhlenbeck(
    times_s: NDArray[np.float64], spread: float, relax_s: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return exact samples of a stationary Ornstein–Uhlenbeck process, which is noise that returns to its mean of 0.

    Args:
        times_s: float64 N, ascending, any steps.
        spread: Standard deviation of the process.
        relax_s: Seconds after which the correlation has fallen to 1/e.
        rng: Source of randomness.

    Returns:
        float64 N.
    """
    shocks = rng.standard_normal(len(times_s))
    out = np.empty(len(times_s))
    if not len(times_s):
        return out
    keep = np.exp(-np.diff(times_s) / relax_s)
    fresh = np.sqrt(np.maximum(1 - keep**2, 0))
    level = out[0] = shocks[0]
    for i in range(1, len(out)):
        level = keep[i - 1] * level + fresh[i - 1] * shocks[i]
        out[i] = level
    return spread * out


def demo_path(times_s: NDArray[np.float64], seed: int = 0) -> AffectPath:
    """Return the demo clip's path through all four quadrants, with a little wandering."""
    return through(np.array(DEMO_STATIONS), times_s, hold=0.45, wobble=0.035, seed=seed)


def random_path(times_s: NDArray[np.float64], seed: int, station_s: float = 3.0) -> AffectPath:
    """Return a path through random stations, one about every `station_s` seconds; neighbours differ in quadrant."""
    rng = np.random.default_rng([seed, 12])
    count = max(2, round(float(times_s[-1] - times_s[0]) / station_s) + 1)
    stations = np.zeros((count, 2))
    quadrant = int(rng.integers(4))
    for i in range(count):
        quadrant = (quadrant + int(rng.integers(1, 4))) % 4
        signs = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)][quadrant])
        stations[i] = signs * rng.uniform((0.3, 0.25), (0.85, 0.8))
    return through(stations, times_s, hold=0.3, wobble=0.05, seed=seed)
