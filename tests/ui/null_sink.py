"""A sound device that nobody hears: it takes samples at their pace by a given clock, and keeps them."""

from collections.abc import Callable

from app.ui.parts.player.audio import FRAME_BYTES, RATE


class NullSink:
    """Behaves like `QAudioSink` in push mode, as far as `Speaker` uses it.

    Args:
        now: Seconds of the clock by which samples are played.

    Attributes:
        starts: For each start, everything that was written after it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._size = now, 0
        self._running = False
        self._played = 0.0
        self._looked_s = 0.0
        self.starts: list[bytearray] = []

    def setBufferSize(self, size: int) -> None:
        self._size = size

    def setVolume(self, volume: float) -> None:
        pass

    def bufferSize(self) -> int:
        return self._size

    def start(self) -> "NullSink":
        self.starts.append(bytearray())
        self._running, self._played, self._looked_s = True, 0.0, self._now()
        return self

    def reset(self) -> None:
        self._running = False

    def deleteLater(self) -> None:
        self._running = False

    def write(self, data: bytes) -> int:
        self._play()
        self.starts[-1] += data
        return len(data)

    def bytesFree(self) -> int:
        self._play()
        return self._size - (len(self.starts[-1]) - self._played_bytes())

    def processedUSecs(self) -> int:
        return round(1e6 * len(self.starts[-1]) / (RATE * FRAME_BYTES)) if self.starts else 0

    def heard_s(self) -> float:
        """Return the seconds of sound that were played since the last start."""
        self._play()
        return self._played

    def waiting_s(self) -> float:
        """Return the seconds of sound that were written and not yet played."""
        self._play()
        return len(self.starts[-1]) / (RATE * FRAME_BYTES) - self._played if self.starts else 0.0

    def _played_bytes(self) -> int:
        return round(self._played * RATE) * FRAME_BYTES

    def _play(self) -> None:
        """Play what time allows; a device that runs dry stands until it gets more."""
        now_s = self._now()
        if self._running:
            there_s = len(self.starts[-1]) / (RATE * FRAME_BYTES)
            self._played = min(self._played + now_s - self._looked_s, there_s)
        self._looked_s = now_s
