"""The live predictions of the last seconds, for the plane's trail and the curves."""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

GAP_S: Final = 1.0
"""Answers that are more than this many seconds apart are not joined."""


class History:
    """Valence and arousal of one face over the last seconds.

    Args:
        span_s: Seconds for which an answer is kept.
    """

    def __init__(self, span_s: float) -> None:
        self.span_s = span_s
        self._rows: deque[tuple[float, float, float]] = deque()

    def clear(self) -> None:
        """Forget everything, because of another face or camera."""
        self._rows.clear()

    def add(self, time_s: float, valence: float, arousal: float) -> None:
        """Keep an answer; NaN says that the face was not seen.

        Args:
            time_s: Time on the camera's clock in seconds, not before the last one.
            valence: −1…1 or NaN.
            arousal: −1…1 or NaN.
        """
        if self._rows and time_s - self._rows[-1][0] > GAP_S:
            self._rows.append((time_s, np.nan, np.nan))
        self._rows.append((time_s, valence, arousal))
        while self._rows and time_s - self._rows[0][0] > self.span_s:
            self._rows.popleft()

    def since(self, now_s: float, span_s: float) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return the answers of the last seconds.

        Args:
            now_s: The present time on the camera's clock in seconds.
            span_s: Number of seconds to look back.

        Returns:
            The seconds before now, float64 N, descending; and the values, float32 N×2 (valence, arousal).
        """
        rows = np.array(self._rows, np.float64).reshape(-1, 3)
        ages = now_s - rows[:, 0]
        near = ages <= span_s
        return np.maximum(ages[near], 0.0), rows[near, 1:].astype(np.float32)
