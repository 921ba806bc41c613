"""The clock by which a clip plays. If there is sound, the clock follows the samples that are really played."""

import time
from collections.abc import Callable
from typing import Final, Protocol

JUMP_S: Final = 0.25
"""Distance in seconds above which the clock jumps to the sound. Below it, the clock is led there so gently that no
frame is dropped."""
SLEW: Final = 0.08
STALL_S: Final = 0.6
"""Seconds after which sound that does not move, as on a sleeping device, is ignored, and time goes on without it."""


class SoundPosition(Protocol):
    """Something that knows how far the sound has played."""

    def played_s(self) -> float | None:
        """Return the media time that is heard now; None while there is no sound."""


class Clock:
    """Media time, which stands still or runs at a speed from the place that was last set.

    Args:
        now: Function that returns monotonic seconds; tests replace it.
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
        """Media seconds per second; a negative speed runs backwards."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Set the speed from now on."""
        self.set(self.time_s())
        self._speed = speed

    def set_sound(self, sound: SoundPosition | None, offset_s: float = 0.0) -> None:
        """Follow this sound at speed 1.

        Args:
            sound: The position of the sound; None runs without sound.
            offset_s: Seconds by which the sound is heard later than the device says.
        """
        self.set(self.time_s())
        self._sound, self._offset_s = sound, offset_s

    def start(self) -> None:
        """Start the clock."""
        self.set(self._base_s)
        self._running = True

    def stop(self) -> None:
        """Stop the clock at the present time."""
        self.set(self.time_s())
        self._running = False

    def set(self, time_s: float) -> None:
        """Set the time, from which a running clock continues."""
        self._base_s = time_s
        self._since_s = self._now()
        self._last_sound_s = None
        self._moved_at_s = self._since_s

    def time_s(self) -> float:
        """Return the present media time."""
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
