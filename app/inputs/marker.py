"""The marker that a rater moves over the plane or along an axis, by position or by speed. Pure arithmetic."""

import math
from dataclasses import dataclass
from typing import Final

DEAD_ZONE: Final = 0.12
"""Share of a stick's travel in which it counts as released. Worn sticks rest up to a tenth off the middle."""
SPEED: Final = 0.9
"""Units of the plane per second at full deflection. The way from the middle to the edge takes a little over a
second."""


@dataclass
class Marker:
    """The position of the marker.

    Attributes:
        valence: −1…1.
        arousal: −1…1.
        axes: Which of the two may move: (True, True) on the plane, one of them on an axis.
    """

    valence: float = 0.0
    arousal: float = 0.0
    axes: tuple[bool, bool] = (True, True)

    def place(self, valence: float, arousal: float) -> None:
        """Put the marker at a position. Values outside −1…1 are cut off; an axis that is not traced stays at 0."""
        self.valence = _clipped(valence) if self.axes[0] else 0.0
        self.arousal = _clipped(arousal) if self.axes[1] else 0.0

    def push(self, x: float, y: float, elapsed_s: float, speed: float = SPEED) -> None:
        """Move the marker by a deflection.

        Args:
            x: Deflection to the right, −1…1.
            y: Deflection upwards, −1…1.
            elapsed_s: Time for which it was pushed, in seconds.
            speed: Units of the plane per second at full deflection.
        """
        self.place(self.valence + x * speed * elapsed_s, self.arousal + y * speed * elapsed_s)

    def sample(self) -> tuple[float, float]:
        """Return (valence, arousal) as they are stored; NaN for an axis that is not traced."""
        return (
            self.valence if self.axes[0] else math.nan,
            self.arousal if self.axes[1] else math.nan,
        )


def without_dead_zone(x: float, y: float, zone: float = DEAD_ZONE) -> tuple[float, float]:
    """Return a stick's deflection without the dead zone, so that it starts from 0 at the zone's edge.

    Args:
        x: Raw, −1…1.
        y: Raw, −1…1.
        zone: Radius that counts as released.
    """
    radius = math.hypot(x, y)
    if radius <= zone:
        return 0.0, 0.0
    factor = min((radius - zone) / (1 - zone), 1.0) / radius
    return x * factor, y * factor


def disc_to_square(x: float, y: float) -> tuple[float, float]:
    """Spread a stick's round range over the square plane, so that its corners can be reached.

    Args:
        x: −1…1 within the unit circle.
        y: The same.
    """
    longest = max(abs(x), abs(y))
    if longest == 0:
        return 0.0, 0.0
    factor = math.hypot(x, y) / longest
    return _clipped(x * factor), _clipped(y * factor)


def _clipped(value: float) -> float:
    return min(max(value, -1.0), 1.0)
