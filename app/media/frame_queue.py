"""The frames that are ready to be shown, the one that is shown, and the count of those that nobody saw."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from app.domain.media import Frame

Way = Literal["asked", "on", "back"]
"""Why a frame is shown at once: a person asked for it, or the clock jumped to it on its way forwards or backwards."""


@dataclass(frozen=True)
class Ready:
    """A frame that waits to be shown.

    Attributes:
        lap: How often the loop had begun again when it was decoded.
        frame: The frame.
        at_once: Whether a seek asked for it, or it lies on the way there. It is then shown whatever the clock says.
        way: Why it is shown at once. What the clock passed on its way counts as dropped, what a person passed does not.
    """

    lap: int
    frame: Frame
    at_once: bool
    way: Way = "asked"


class FrameQueue:
    """A queue without a lock, for which its owner is responsible.

    Attributes:
        current: The frame that is shown; None before the first.
        dropped: Number of frames between those that were taken one after the other by the clock.
        loop: First and last frame of the loop; None without one.
    """

    def __init__(self) -> None:
        self._ready: deque[Ready] = deque()
        self._lap = 0
        self.current: Frame | None = None
        self.dropped = 0
        self.loop: tuple[int, int] | None = None

    def __len__(self) -> int:
        return len(self._ready)

    @property
    def asked(self) -> bool:
        """Whether the next frame is one that a seek asked for."""
        return bool(self._ready) and self._ready[0].at_once

    def clear(self) -> None:
        """Forget what waits, and count laps from 0."""
        self._ready.clear()
        self._lap = 0

    def put(self, ready: Ready) -> None:
        """Let a frame wait behind the others."""
        self._ready.append(ready)

    def take(self, time_s: float, lap: int, *, each: bool = False) -> None:
        """Make the newest frame that is due the current one, and count those that were passed.

        Args:
            time_s: The clock.
            lap: How often the clock has begun the loop again.
            each: Whether to take only the next one that is due, because all of them are late and none is to be lost.
        """
        passed = 0
        while self._ready:
            head = self._ready[0]
            due = head.lap < lap or (head.lap == lap and self._is_due(head.frame, time_s))
            if not due and not head.at_once:
                break
            self._ready.popleft()
            passed = 0 if head.at_once and head.way == "asked" else passed + self._distance(head)
            self.current, self._lap = head.frame, head.lap
            if each and not head.at_once:
                break
        self.dropped += max(passed - 1, 0)

    def _distance(self, head: Ready) -> int:
        """Return how many frames a frame lies from the current one, in the direction and on the way of the clock."""
        if self.current is None:
            return 0
        distance = head.frame.frame_idx - self.current.frame_idx
        if head.way == "back":
            distance = -distance
        if self.loop is None:
            return distance
        rounds = int(distance < 0) if head.at_once else head.lap - self._lap
        return distance + rounds * (self.loop[1] - self.loop[0] + 1)

    def _is_due(self, frame: Frame, time_s: float) -> bool:
        """Return whether a clock at this time shows the frame.

        Where the clock stands on a time that several frames share, the one that was stepped to stays.
        """
        stands = self.current is not None and self.current.time_s == time_s
        return frame.time_s <= time_s and not (stands and frame.time_s == time_s)
