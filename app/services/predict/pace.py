"""How many frames a second are predicted live, so that playing does not suffer from it."""

from typing import Final

STEP_S: Final = 0.05
"""The first pause between two predictions where playing falls behind; each further one is four times as long."""

SHARE: Final = 10
"""Where playing falls behind, a pause is so many times as long as a prediction takes, at least."""

MOST_S: Final = 5.0
"""Longest pause: one prediction in five seconds is made on any machine."""

CALM_S: Final = 1.0
"""After so many seconds of smooth playing, or the pause if that is longer, the pause is halved."""


class Pace:
    """Chooses the frames that are predicted: all of them, or fewer after playing fell behind."""

    def __init__(self) -> None:
        self._pause_s = 0.0
        self._last_s = self._changed_s = float("-inf")

    @property
    def slowed(self) -> bool:
        """Whether frames are left out so that the clip plays smoothly."""
        return self._pause_s > 0

    def reset(self) -> None:
        """Predict all frames again, because another clip follows or the clip stands still."""
        self._pause_s = 0.0

    def takes(self, now_s: float, *, late: bool, cost_s: float = 0.0) -> bool:
        """Return whether a frame on screen is to be predicted.

        Args:
            now_s: Seconds of a clock that never runs back.
            late: Whether the clip shows its frames later than it should.
            cost_s: How long a prediction takes.
        """
        if late and now_s - self._changed_s >= self._pause_s:
            self._pause_s = min(max(4 * self._pause_s, STEP_S, SHARE * cost_s), MOST_S)
            self._changed_s = now_s
        elif not late and self._pause_s > 0 and now_s - self._changed_s >= max(CALM_S, self._pause_s):
            self._pause_s = self._pause_s / 2 if self._pause_s > STEP_S else 0.0
            self._changed_s = now_s
        if now_s - self._last_s < self._pause_s:
            return False
        self._last_s = now_s
        return True
