"""Continuous valence–arousal traces as a person gave them: raw events, never resampled in place."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.holding import zero_order_hold

DIMENSIONS: Final = ("valence", "arousal")
"""Names of the two columns of a trace."""
Dimensions = Literal["both", "valence", "arousal"]
COLUMNS: Final[dict[str, tuple[int, ...]]] = {"both": (0, 1), "valence": (0,), "arousal": (1,)}
"""Dimensions of a trace or a prediction → its columns."""


@dataclass(frozen=True, eq=False)
class TraceSamples:
    """Raw samples of one trace; each holds until the next (zero-order hold).

    Attributes:
        times_s: float64 N, seconds on the clip's PTS axis of the frame on screen, not decreasing.
        values: float32 N×2 (valence, arousal) in −1…1; NaN marks a pause or a dimension that was not traced.
        monotonic_s: float64 N, the recording machine's monotonic clock.
        device: "mouse", "keyboard", "gamepad" or "simulated".
    """

    times_s: NDArray[np.float64]
    values: NDArray[np.float32]
    monotonic_s: NDArray[np.float64]
    device: str

    def __len__(self) -> int:
        return len(self.times_s)

    def resampled(self, at_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """Look up the value held at each time by `app.domain.holding`: float32 len(at_s)×2, NaN before and after."""
        return zero_order_hold(self.times_s, self.values, at_s).astype(np.float32)
