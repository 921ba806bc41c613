"""Estimates the time that the remaining tasks will take from the time of the last judgements. No Qt."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from statistics import median
from typing import Final

from app.domain.judging_time import TRACE_MORE_S
from app.domain.study import TaskKind
from app.domain.study_records import Waiting
from app.ui.look.language import tr

FEWEST: Final = 3
"""Number of judgements before an estimate is shown, because the first ones are slow."""


class Pace:
    """Measures the time of a rater's judgements for each kind separately, because a trace takes as long as its clip.

    Args:
        now: Function that returns monotonic seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began_s: float | None = None
        self._kind: TaskKind = "rating"
        self._took_s: dict[TaskKind, deque[float]] = defaultdict(lambda: deque(maxlen=20))

    def begin(self, kind: TaskKind = "rating") -> None:
        """Start the clock, because a task is shown."""
        self._began_s, self._kind = self._now(), kind

    def stop(self) -> None:
        """Stop the clock without counting the task, because of a pause."""
        self._began_s = None

    def done(self) -> None:
        """Count the task, because it was judged."""
        if self._began_s is not None:
            self._took_s[self._kind].append(self._now() - self._began_s)
        self._began_s = None

    def words(self, left: Mapping[TaskKind, Waiting]) -> str:
        """Return the time that the rest will take, in words; empty while it is unknown.

        Args:
            left: The remaining tasks of each kind, including the one on the screen.
        """
        seconds = [self._seconds(kind, waiting) for kind, waiting in left.items() if waiting.count > 0]
        known = [value for value in seconds if value is not None]
        if sum(map(len, self._took_s.values())) < FEWEST or not known or len(known) < len(seconds):
            return ""
        minutes = sum(known) / 60
        if minutes < 1:
            return tr("less than a minute left")
        whole = round(minutes) if minutes < 10 else 5 * round(minutes / 5)
        return (
            tr("about {whole} min left", whole=whole)
            if whole < 90
            else tr("about {minutes} h left", minutes=f"{minutes / 60:.1f}")
        )

    def _seconds(self, kind: TaskKind, waiting: Waiting) -> float | None:
        """Return how long all of one kind will take; None where nothing tells."""
        if self._took_s[kind]:
            return median(self._took_s[kind]) * waiting.count
        return None if kind == "rating" else waiting.clips_s + TRACE_MORE_S * waiting.count
