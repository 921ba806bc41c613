"""Counts how many events occur per second."""

from collections import deque
from typing import Final

SPAN_S: Final = 2.0
"""The rate is that of so many seconds before the present."""

_LEAST_S: Final = 0.5
"""A shorter stretch gives no rate: two events of a busy machine may lie a millisecond apart."""


class Rate:
    """Counts events and returns their number per second. It has no lock, for which its owner is responsible."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, int]] = deque()

    def add(self, now_s: float, number: int) -> None:
        """Note an event.

        Args:
            now_s: Time of the event, in seconds of a clock that never runs back.
            number: Its number in the sequence; skipped numbers count as events.
        """
        self._events.append((now_s, number))
        self._forget(now_s)

    def per_s(self, now_s: float) -> float:
        """Return the events per second over the last two seconds; 0.0 until half a second has passed."""
        self._forget(now_s)
        if len(self._events) < 2:
            return 0.0
        (first_s, first), (last_s, last) = self._events[0], self._events[-1]
        return (last - first) / (last_s - first_s) if last_s - first_s >= _LEAST_S else 0.0

    def _forget(self, now_s: float) -> None:
        while self._events and now_s - self._events[0][0] > SPAN_S:
            self._events.popleft()
