"""The calibration clip: a patch that changes at known times, to measure how fast a rater's hand follows.

The screen draws it (no file is needed): the target value holds between onsets. The rater follows it with the marker;
the reaction lag is the median time from an onset to the answering movement.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import db.raters
from app.agreement.traces import reaction_lag
from app.domain.balance import shuffled, ticket
from app.domain.traces import TraceSamples
from db.project import Project

ONSETS = 8
"""How often the target changes."""


@dataclass(frozen=True, eq=False)
class CalibrationPath:
    """What the calibration clip shows.

    Attributes:
        onsets_s: float64 K, seconds from its start at which the target jumps.
        values: float64 (K+1)×2, valence and arousal before the first onset and after each.
        duration_s: Length of the clip.
    """

    onsets_s: NDArray[np.float64]
    values: NDArray[np.float64]
    duration_s: float

    def at(self, time_s: float) -> tuple[float, float]:
        """Where the target is."""
        row = int(np.searchsorted(self.onsets_s, time_s, side="right"))
        return float(self.values[row, 0]), float(self.values[row, 1])


def calibration_path(seed: int) -> CalibrationPath:
    """Jumps between corners of the plane, 2.5 to 4 s apart so that none can be foreseen.

    Args:
        seed: Another one for each time a rater is calibrated.
    """
    rng = random.Random(ticket(seed, "calibration"))
    waits = [2.5 + 1.5 * rng.random() for _ in range(ONSETS)]
    corners = [(-0.6, -0.6), (-0.6, 0.6), (0.6, -0.6), (0.6, 0.6)]
    path = [(0.0, 0.0)]
    for _ in range(ONSETS):
        # Both dimensions change every time, so that either can be measured alone.
        free = [c for c in corners if path[-1] == (0.0, 0.0) or (c[0] != path[-1][0] and c[1] != path[-1][1])]
        path.append(shuffled(free, rng)[0])
    onsets = np.cumsum(waits)
    return CalibrationPath(onsets, np.array(path), float(onsets[-1]) + 3.0)


@dataclass(frozen=True)
class Lag:
    """A rater's reaction lag.

    Attributes:
        lag_s: Seconds; None where it could not be measured.
        answered: Share of the onsets that were answered, 0–1.
        why_not: One sentence where it could not be measured.
    """

    lag_s: float | None
    answered: float
    why_not: str


def measure_lag(path: CalibrationPath, samples: TraceSamples) -> Lag:
    """The reaction lag in a trace of the calibration clip, of the dimension that answered more onsets.

    Args:
        path: What was shown; its time 0 is that of the samples.
        samples: What the rater gave.
    """
    found = [
        reaction_lag(samples.times_s, samples.values[:, axis].astype(np.float64), path.onsets_s) for axis in (0, 1)
    ]
    best = max(found, key=lambda lag: (lag.accepted, lag.peak))
    return Lag(float(best.lag_s) if best.accepted else None, float(best.peak), best.reason)


def keep_lag(project: Project, rater: str, lag: Lag) -> None:
    """Keep a measured lag with the rater; one that could not be measured changes nothing.

    Raises:
        KeyError: There is no such rater.
    """
    found = db.raters.by_code(project, rater)
    if found is None:
        raise KeyError(f"no rater {rater}")
    if lag.lag_s is not None:
        db.raters.set_lag(project, found.id, lag.lag_s)
