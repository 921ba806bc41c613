"""Where a person looks on the screen, from eyes and head, after a calibration with places to look at.

The model is linear: the place on the screen is a weighted sum of where the irises lie in the eyes, how far the lids are
open, and how the head is turned. Its weights belong to one person at one place before one camera. How far it is off is
measured at places that no weight was chosen from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.measures import COLUMNS
from app.errors import UserError

Doubles = NDArray[np.float64]

PLACES: Final = (
    *((0.5, 0.5), (0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.5, 0.1), (0.9, 0.5), (0.5, 0.9), (0.1, 0.5)),
    *((0.3, 0.3), (0.7, 0.7), (0.7, 0.3), (0.3, 0.7)),
)
"""Places that the weights are chosen from: x from the left, y from the top, shares of the screen."""
CHECKED: Final = ((0.25, 0.5), (0.5, 0.25), (0.75, 0.5), (0.5, 0.75), (0.2, 0.2), (0.8, 0.8))
"""Places at which the result is checked."""
LEAST_ROWS: Final = 5
"""A place with fewer measured frames than this is left out."""
LEAST_PLACES: Final = 9
"""With fewer places to choose weights from there is no calibration."""
_PENALTY: Final = 0.05
"""Ridge penalty for each place; it keeps predictors that hardly change from getting large weights."""


@dataclass(frozen=True, eq=False)
class GazeCalibration:
    """Weights that turn the measures of one person's face into a place on the screen.

    Attributes:
        middle: float64 5, the mean of each predictor over the places.
        spread: float64 5, its standard deviation.
        weights: float64 6×2; the first row is the place for mean predictors, the others what each adds per spread.
        error: Median distance in x and in y at the places of the check, shares of the screen.
        guess: The same distances if the mean place were always named.
    """

    middle: Doubles
    spread: Doubles
    weights: Doubles
    error: tuple[float, float]
    guess: tuple[float, float]

    def place(self, values: NDArray[np.floating]) -> Doubles:
        """Return the places on the screen of rows of measures: float64 N×2, x from the left and y from the top.

        Places may lie outside 0–1: people also look past the screen. NaN while the eyes are closed or not seen.

        Args:
            values: N×len(COLUMNS), as `MeasuredFace` has them.
        """
        seen = (_predictors(values) - self.middle) / self.spread
        return np.column_stack([np.ones(len(seen)), seen]) @ self.weights


def _predictors(values: NDArray[np.floating]) -> Doubles:
    """Return float64 N×5: irises' x and y, opening of the eyes, yaw and pitch; NaN in rows without open eyes."""
    table = np.asarray(values, np.float64)
    column = {name: table[:, number] for number, name in enumerate(COLUMNS)}
    pairs = [(column[f"{name}_left"] + column[f"{name}_right"]) / 2 for name in ("iris_x", "iris_y", "eye_open")]
    found = np.column_stack([*pairs, column["yaw_deg"], column["pitch_deg"]])
    found[~np.isfinite(found).all(axis=1) | (column["blink"] > 0)] = np.nan
    return found


def _medians(seen: Mapping[tuple[float, float], Sequence[NDArray[np.floating]]]) -> tuple[Doubles, Doubles]:
    """Return the places with enough frames, N×2, and the median predictors at each, N×5."""
    places, rows = [], []
    for place, frames in seen.items():
        found = _predictors(np.array(frames, np.float64).reshape(-1, len(COLUMNS)))
        found = found[np.isfinite(found).all(axis=1)]
        if len(found) >= LEAST_ROWS:
            places.append(place)
            rows.append(np.median(found, axis=0))
    return np.array(places, np.float64).reshape(-1, 2), np.array(rows).reshape(-1, 5)


def calibrate(
    seen: Mapping[tuple[float, float], Sequence[NDArray[np.floating]]],
    checked: Mapping[tuple[float, float], Sequence[NDArray[np.floating]]],
) -> GazeCalibration:
    """Choose the weights of a person, and measure how far they are off.

    Args:
        seen: Place on the screen → the measures of the frames in which the person looked there, each of len(COLUMNS).
        checked: The same for places of which nothing is chosen.

    Raises:
        UserError: Too few places have enough frames, or the places of the check are not told better than by always
            naming the mean place.
    """
    places, rows = _medians(seen)
    goals, others = _medians(checked)
    if len(places) < LEAST_PLACES or len(goals) <= len(checked) // 2:
        raise UserError(
            f"Open eyes were seen at {len(places)} of {len(seen)} points, and at {len(goals)} of {len(checked)} points "
            "of the check.",
            "Let light fall on your face, take off tinted glasses, and calibrate again.",
        )
    middle, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    table = np.column_stack([np.ones(len(rows)), (rows - middle) / spread])
    penalty = np.diag([0.0] + [_PENALTY * len(rows)] * (table.shape[1] - 1))
    weights = np.linalg.solve(table.T @ table + penalty, table.T @ places)
    told = np.abs(np.column_stack([np.ones(len(others)), (others - middle) / spread]) @ weights - goals)
    guessed = np.abs(places.mean(axis=0) - goals)
    if not (told.mean(axis=0) < guessed.mean(axis=0)).all():
        raise UserError(
            "At the points of the check, the place was told no better than by always naming the middle of the screen.",
            "Follow the point with your eyes, hold your head still, and calibrate again.",
        )
    return GazeCalibration(middle, spread, weights, _both(told), _both(guessed))


def _both(distances: Doubles) -> tuple[float, float]:
    x, y = np.median(distances, axis=0)
    return float(x), float(y)
