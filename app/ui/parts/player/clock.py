"""The clock a clip plays by. Sound leads where there is any: the clock follows the samples really played."""

import time
from collections.abc import Callable
from typing import Final, Protocol

JUMP_S: Final = 0.25
"""Further off than this the clock jumps to the sound; below it is led there so gently that no frame is dropped."""
SLEW: Final = 0.08
STALL_S: Final = 0.6
"""Sound that does not move for so long is no clock (a sleeping device): time goes on without it."""


class SoundPosition(Protocol):
    """Something that knows how far the sound has played."""

    def played_s(self) -> float | None:
        """Media time now heard, None while nothing sounds."""


class Clock:
    """Media time: stands, or runs at a speed from the place last set.

    Args:
        now: Monotonic seconds; replaced in tests.
    """

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._base_s = 0.0
        self._since_s = 0.0
        self._speed = 1.0
        self._running = False
        self._sound: SoundPosition | None = None
        self._offset_s = 0.0
        self._last_sound_s: float | None = None
        self._moved_at_s = 0.0

    @property
    def running(self) -> bool:
        """Whether time passes."""
        return self._running

    @property
    def speed(self) -> float:
        """Media seconds a second; negative runs backwards."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Run at another speed from here on."""
        self.set(self.time_s())
        self._speed = speed

    def set_sound(self, sound: SoundPosition | None, offset_s: float = 0.0) -> None:
        """Follow this sound at speed 1.

        Args:
            sound: None runs free.
            offset_s: How much later than the device says the sound is heard.
        """
        self.set(self.time_s())
        self._sound, self._offset_s = sound, offset_s

    def start(self) -> None:
        """Let time pass."""
        self.set(self._base_s)
        self._running = True

    def stop(self) -> None:
        """Stand still here."""
        self.set(self.time_s())
        self._running = False

    def set(self, time_s: float) -> None:
        """Go to a place; running goes on from there."""
        self._base_s = time_s
        self._since_s = self._now()
        self._last_sound_s = None
        self._moved_at_s = self._since_s

    def time_s(self) -> float:
        """Media time now."""
        if not self._running:
            return self._base_s
        now = self._now()
        free_s = self._base_s + (now - self._since_s) * self._speed
        heard_s = self._sound.played_s() if self._sound is not None and self._speed == 1.0 else None
        if heard_s is None:
            return free_s
        heard_s -= self._offset_s
        if heard_s != self._last_sound_s:
            self._last_sound_s, self._moved_at_s = heard_s, now
        elif now - self._moved_at_s > STALL_S:
            return free_s
        gap_s = heard_s - free_s
        led_s = heard_s if abs(gap_s) > JUMP_S else free_s + SLEW * gap_s
        self._base_s, self._since_s = led_s, now
        return led_s
