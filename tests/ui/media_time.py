"""The time by which clips play in tests of the window.

It passes only as far as the window looks at it, and a test may let it stand and put it forward by hand. On a machine
that gives the window no turn for a second, no clip ends meanwhile that a test is in the middle of.
"""

import time
from typing import Final

MOST_S: Final = 0.016
"""How much passes between two looks at most: two polls of the player."""


class MediaTime:
    """Seconds for `Clock`."""

    def __init__(self) -> None:
        self._s = 0.0
        self._looked_s = time.perf_counter()
        self._stands = False

    def __call__(self) -> float:
        now_s = time.perf_counter()
        if not self._stands:
            self._s += min(now_s - self._looked_s, MOST_S)
        self._looked_s = now_s
        return self._s

    def stand(self) -> None:
        """Let no time pass but by `put_forward`."""
        self()
        self._stands = True

    def go_on(self) -> None:
        """Let time pass again."""
        self()
        self._stands = False

    def put_forward(self, seconds: float) -> None:
        """Let so much time have passed."""
        self._s += seconds
