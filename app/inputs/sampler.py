"""A steady clock in a separate thread, so that samples are taken on time even while the window is busy drawing."""

import time
from collections.abc import Callable
from typing import Final

from app.worker import Worker

PERIOD_S: Final = 0.008
"""125 Hz: as fast as a common mouse reports."""


class Sampler(Worker):
    """Calls `step(now_s)` every eight milliseconds until it is stopped.

    Args:
        step: Called with the monotonic clock in seconds, in the sampler's thread; it must be quick.
        period_s: Seconds between calls.
    """

    def __init__(self, step: Callable[[float], None], period_s: float = PERIOD_S) -> None:
        super().__init__("trace-sampler")
        self._step, self._period_s = step, period_s
        self._begin()

    def stop(self) -> None:
        """Stop the clock and wait for the present call.

        A second call does nothing; `step` itself must not call this.
        """
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
