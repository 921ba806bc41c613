"""A steady clock in a thread of its own: samples come on time also while the window is busy drawing."""

import threading
import time
from collections.abc import Callable
from typing import Final

PERIOD_S: Final = 0.008
"""125 Hz: as fast as a common mouse reports."""


class Sampler:
    """Calls `step(now_s)` every eight milliseconds until it is stopped.

    Args:
        step: Gets the monotonic clock; called in the sampler's thread, must be quick.
        period_s: Seconds between calls.
    """

    def __init__(self, step: Callable[[float], None], period_s: float = PERIOD_S) -> None:
        self._step, self._period_s = step, period_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trace-sampler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it and wait for the call under way. Not from within `step`, and harmless twice."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        due_s = time.monotonic()
        while not self._end.is_set():
            now_s = time.monotonic()
            self._step(now_s)
            # A late step is not made up for: the next is due a full period after now.
            due_s = max(due_s + self._period_s, time.monotonic())
            self._end.wait(max(due_s - time.monotonic(), 0.0005))
