"""A steady clock in a thread of its own: samples come on time also while the window is busy drawing."""

import time
from collections.abc import Callable
from typing import Final

from app.worker import Worker

PERIOD_S: Final = 0.008
"""125 Hz: as fast as a common mouse reports."""


class Sampler(Worker):
    """Calls `step(now_s)` every eight milliseconds until it is stopped.

    Args:
        step: Gets the monotonic clock; called in the sampler's thread, must be quick.
        period_s: Seconds between calls.
    """

    def __init__(self, step: Callable[[float], None], period_s: float = PERIOD_S) -> None:
        super().__init__("trace-sampler")
        self._step, self._period_s = step, period_s
        self._begin()

    def stop(self) -> None:
        """End it and wait for the call under way. Not from within `step`, and harmless twice."""
        self._end()

    def _run(self) -> None:
        due_s = time.monotonic()
        while not self._stop:
            now_s = time.monotonic()
            self._step(now_s)
            # A late step is not made up for: the next is due a full period after now.
            due_s = max(due_s + self._period_s, time.monotonic())
            with self._wake:
                self._wake.wait_for(lambda: self._stop, max(due_s - time.monotonic(), 0.0005))
