"""Sound, which a separate thread decodes and the window's thread pushes to the device. It is muted unless speed is 1.

QtMultimedia is imported when the first clip with sound is played. If it or a device is missing, the clip plays without
sound by the monotonic clock.
"""

import logging
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.ui.core.faults import loading_libraries
from app.worker import READ_WAIT_S, Worker

if TYPE_CHECKING:
    from app.media.audio import AudioReader

log = logging.getLogger(__name__)

RATE: Final = 48_000
CHANNELS: Final = 2
FRAME_BYTES: Final = 4 * CHANNELS
BLOCK_S: Final = 0.1
AHEAD: Final = 6
"""Number of blocks that are decoded ahead."""
BUFFER_S: Final = 0.3


class AudioFeed(Worker):
    """Decodes sound ahead of the playhead. Each call returns at once.

    Args:
        path: The clip.
    """

    def __init__(self, path: Path) -> None:
        super().__init__("audio-feed")
        self._path = path
        self._blocks: deque[bytes] = deque()
        self._next_s: float | None = None
        self._generation = 0
        self._begin()

    def seek(self, time_s: float) -> None:
        """Continue from this time, and drop what was decoded before."""
        with self._wake:
            self._blocks.clear()
            self._generation += 1
            self._next_s = time_s
            self._wake.notify()

    def rest(self) -> None:
        """Stop decoding until the next `seek`."""
        with self._wake:
            self._blocks.clear()
            self._generation += 1
            self._next_s = None

    def take(self, most: int) -> bytes:
        """Return the ready bytes of float32 stereo at 48 kHz, `most` at most."""
        parts: list[bytes] = []
        room = most - most % FRAME_BYTES
        with self._wake:
            while self._blocks and room > 0:
                block = self._blocks.popleft()
                if len(block) > room:
                    self._blocks.appendleft(block[room:])
                    block = block[:room]
                parts.append(block)
                room -= len(block)
            self._wake.notify()
        return b"".join(parts)

    def leave(self) -> None:
        """Ask the thread to end, without waiting for it."""
        self._halt()

    def close(self) -> None:
        """Stop the thread and wait for it."""
        self._end(READ_WAIT_S)

    def _run(self) -> None:
        from app.media.audio import AudioReader

        try:
            reader = AudioReader(self._path)
        except UserError as error:
            log.info("no sound: %s", error)
            return
        try:
            while self._one(reader):
                pass
        except Exception:  # a clip without sound still plays
            log.exception("the sound of %s stopped", self._path)
        finally:
            reader.close()

    def _one(self, reader: "AudioReader") -> bool:
        with self._wake:
            self._wake.wait_for(lambda: self._stop or (self._next_s is not None and len(self._blocks) < AHEAD))
            if self._stop or self._next_s is None:
                return not self._stop
            at_s, generation = self._next_s, self._generation
        block = reader.read(at_s, BLOCK_S, RATE, CHANNELS)
        data = np.ascontiguousarray(block, np.float32).tobytes()
        with self._wake:
            if generation == self._generation:
                self._blocks.append(data)
                self._next_s = at_s + BLOCK_S
        return True


class Source(Protocol):
    """A source of sound for a speaker."""

    def take(self, most: int) -> bytes:
        """Return the ready bytes of float32 stereo at 48 kHz, `most` at most."""


class Samples:
    """Sound that is in memory as a whole, for a speaker.

    Args:
        samples: float32 N×2 at 48 kHz, −1…1.
    """

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._data = np.ascontiguousarray(samples, np.float32).tobytes()
        self._at = 0

    def take(self, most: int) -> bytes:
        """Return the next bytes, `most` at most, each once."""
        part = self._data[self._at : self._at + most - most % FRAME_BYTES]
        self._at += len(part)
        return part


def make_sink() -> Any:
    """Return a sink of the sound device for float32 stereo at 48 kHz; None without a device that takes it."""
    try:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices
    except ImportError as error:
        log.info("no sound: %s", error)
        return None
    with loading_libraries():
        output = QMediaDevices.defaultAudioOutput()
    if output.isNull():
        log.info("no sound: there is no output device")
        return None
    wanted = QAudioFormat()
    wanted.setSampleRate(RATE)
    wanted.setChannelCount(CHANNELS)
    wanted.setSampleFormat(QAudioFormat.SampleFormat.Float)
    if not output.isFormatSupported(wanted):
        log.info("no sound: the device does not take 48 kHz stereo")
        return None
    return QAudioSink(output, wanted)


class Speaker:
    """The sound device. Without one, `open` is False and everything else does nothing.

    Args:
        volume: 0–1.
    """

    def __init__(self, volume: float) -> None:
        self._device: Any = None
        self._base_s = 0.0
        self._volume = volume
        self._sink: Any = make_sink()
        if self._sink is not None:
            self._sink.setBufferSize(round(BUFFER_S * RATE) * FRAME_BYTES)
            self._sink.setVolume(volume)

    @property
    def open(self) -> bool:
        """Whether there is a device."""
        return self._sink is not None

    def set_volume(self, volume: float) -> None:
        """Set the volume: 0 is silent, 1 is full."""
        self._volume = volume
        if self._sink is not None:
            self._sink.setVolume(volume)

    def start(self, time_s: float) -> None:
        """Begin to play at a media time what is pushed from now on."""
        if self._sink is None:
            return
        self._sink.reset()
        self._base_s = time_s
        self._device = self._sink.start()

    def stop(self) -> None:
        """Stop the sound at once."""
        if self._sink is not None and self._device is not None:
            self._sink.reset()
            self._device = None

    def push(self, feed: Source) -> None:
        """Pass on as much sound as the device has room for."""
        if self._sink is None or self._device is None:
            return
        room = self._sink.bytesFree()
        if room > 0:
            data = feed.take(room)
            if data:
                self._device.write(data)

    def played_s(self) -> float | None:
        """Return the media time that is heard now; None while there is no sound."""
        if self._sink is None or self._device is None:
            return None
        written_s = self._sink.processedUSecs() / 1e6
        waiting_s = max(self._sink.bufferSize() - self._sink.bytesFree(), 0) / (RATE * FRAME_BYTES)
        heard_s = written_s - waiting_s
        return self._base_s + heard_s if heard_s > 0 else None

    def close(self) -> None:
        """Release the device."""
        self.stop()
        if self._sink is not None:
            self._sink.deleteLater()
            self._sink = None
