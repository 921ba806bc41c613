"""How long what is left will take, from what the last judgements took. No Qt."""

import time
from collections import deque
from collections.abc import Callable
from statistics import median
from typing import Final

FEWEST: Final = 3
"""Judgements before anything is said: the first ones are slow."""


class Pace:
    """Takes the time of a rater's judgements.

    Args:
        now: Monotonic seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began_s: float | None = None
        self._took_s: deque[float] = deque(maxlen=20)

    def begin(self) -> None:
        """Something is put on the screen."""
        self._began_s = self._now()

    def stop(self) -> None:
        """A pause: this one does not count."""
        self._began_s = None

    def done(self) -> None:
        """It was judged."""
        if self._began_s is not None:
            self._took_s.append(self._now() - self._began_s)
        self._began_s = None

    def words(self, left: int) -> str:
        """How long so many more will take; empty while that cannot be said.

        Args:
            left: Judgements that are left, the one on the screen too.
        """
        if len(self._took_s) < FEWEST or left <= 0:
            return ""
        minutes = median(self._took_s) * left / 60
        if minutes < 1:
            return "less than a minute left"
        whole = round(minutes) if minutes < 10 else 5 * round(minutes / 5)
        return f"about {whole} min left" if whole < 90 else f"about {minutes / 60:.1f} h left"
