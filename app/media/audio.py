"""Sound on the same time axis as the pictures, sample by sample."""

import math
import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final, Self

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from app import held
from app.errors import UserError
from app.media.source import cannot_open, read_head

_PREROLL_S: Final = 0.3
"""Seconds that are decoded before a sought place: AAC overlaps two frames, MP3 borrows bits from earlier ones, and Opus
needs time to settle."""

_GO_ON_S: Final = 2.0
"""A request that begins at most this many seconds after the last one's end is reached by decoding on, not by
seeking."""

_JITTER_S: Final = 0.003
"""Time stamps that differ by less than this many seconds differ by rounding only (Matroska stores milliseconds)."""

_PAD: Final = 32
"""Filter taps kept on each side when the rate is changed, in periods of the slower rate."""


def audio_stream(container: InputContainer) -> AudioStream | None:
    """Return the sound track to play, None where there is none that can be decoded."""
    for stream in container.streams.audio:
        if stream.codec_context is not None and stream.codec_context.sample_rate:
            return stream
    return None


class AudioReader:
    """Reads the sound of a clip. A sample's time is its stream's presentation time, the axis of `Frame.time_s`.

    Matroska and WebM store milliseconds only. Samples are still placed exactly where all frames of the codec have the
    same length (AAC, MP3, Opus); otherwise a sought place may be off by half a millisecond. Only one thread may use a
    reader at a time.

    Args:
        path: The clip or sound file.

    Attributes:
        rate: Samples per second in the file.
        channels: Channels in the file.
        end_s: End of the sound in seconds as the container states it, for progress bars; 0 where it states none.

    Raises:
        UserError: The file cannot be read, or has no sound.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._head = read_head(self._path)
        self._container, self._stream = self._open()
        self.rate: int = self._stream.rate
        self.channels: int = self._stream.channels
        self.end_s: float = self._stated_end()
        self._time_base = self._stream.time_base or Fraction(1, self.rate)
        self._mix = 0
        self._grid: tuple[int, int] | None = None
        self._forget()
        self._grid = self._find_grid()

    def _open(self) -> tuple[InputContainer, AudioStream]:
        try:
            held.refuse(self._path)
            container = av.open(f"file:{os.path.abspath(self._path)}", "r", metadata_errors="replace")
        except (FFmpegError, OSError, ValueError) as error:
            raise cannot_open(self._path, self._head, error) from error
        stream = audio_stream(container)
        if stream is None:
            container.close()
            raise UserError(f"{self._path.name} has no sound.", "Choose a clip with a sound track.")
        return container, stream

    def _stated_end(self) -> float:
        stream = self._stream
        if stream.duration and stream.time_base:
            return float(((stream.start_time or 0) + stream.duration) * stream.time_base)
        return (self._container.duration or 0) / av.time_base

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and the decoder; a second call does nothing."""
        self._end_chunks()
        self._container.close()

    def read(
        self, start_s: float, duration_s: float, rate: int | None = None, channels: int = 1
    ) -> NDArray[np.float32]:
        """Return a stretch of sound, with silence where the clip has none.

        Args:
            start_s: Beginning on the clip's time axis, seconds; rounded to the nearest sample.
            duration_s: Length, seconds, ≥ 0.
            rate: Samples per second of the result; the file's own by default.
            channels: 1 (mixed down) or 2.

        Returns:
            float32, round(duration × rate) × channels, in [-1, 1] unless the file exceeds it. Sample k is the sound at
            start_s + k / rate.

        Raises:
            ValueError: The number of channels is not 1 or 2, or the duration is negative.
            UserError: The file cannot be read.
        """
        if channels not in (1, 2) or duration_s < 0:
            raise ValueError("one or two channels, and a duration ≥ 0")
        rate = rate or self.rate
        first, count = round(start_s * rate), round(duration_s * rate)
        if rate == self.rate:
            return self._native(first, first + count, channels)
        return self._resampled(first, count, rate, channels)

    def blocks(
        self,
        block_s: float,
        rate: int | None = None,
        channels: int = 1,
        start_s: float = 0.0,
        stop_s: float | None = None,
    ) -> Iterator[tuple[float, NDArray[np.float32]]]:
        """Yield the start time and the samples of consecutive blocks; the last one may be shorter.

        Args:
            block_s: Length of a block, seconds.
            rate: Samples per second of the result; the file's own by default.
            channels: 1 (mixed down) or 2.
            start_s: Beginning of the first block on the clip's time axis, seconds.
            stop_s: End of the last block, seconds; the end of the sound by default.
        """
        rate = rate or self.rate
        size, first = max(round(block_s * rate), 1), round(start_s * rate)
        last = None if stop_s is None else round(stop_s * rate)
        at = first
        while last is None or at < last:
            count = size if last is None else min(size, last - at)
            samples = self.read(at / rate, count / rate, rate, channels)
            if last is None and self._ended and (at + count) / rate >= self._end / self.rate:
                rest = math.ceil(self._end / self.rate * rate) - at
                if rest > 0:
                    yield at / rate, samples[:rest]
                return
            yield at / rate, samples
            at += count

    def _resampled(self, first: int, count: int, rate: int, channels: int) -> NDArray[np.float32]:
        from scipy.signal import resample_poly  # heavy, and needed by few

        ratio = Fraction(rate, self.rate)
        up, down = ratio.numerator, ratio.denominator
        pad = _PAD * math.ceil(max(1 / ratio, Fraction(1)))
        # Begin at a sample that falls on both grids, so that outputs lie on multiples of 1 / rate.
        begin = (math.floor(first / ratio) - pad) // down * down
        end = math.ceil((first + count) / ratio) + pad
        native = self._native(begin, end, channels)
        at = first - begin * up // down
        return np.ascontiguousarray(resample_poly(native, up, down, axis=0)[at : at + count], dtype=np.float32)

    def _find_grid(self) -> tuple[int, int] | None:
        """Return a sample at which a frame ends, and the length of frames, for time stamps coarser than samples."""
        if self._time_base <= Fraction(1, self.rate):
            return None
        chunks = list(islice(self._decode(1), 4))
        lengths = {len(samples) for _, samples in chunks[1:]}
        return (chunks[0][0] + len(chunks[0][1]), lengths.pop()) if len(lengths) == 1 else None

    def _exact(self, at: int, count: int) -> int:
        """Return the place of a frame of `count` samples whose rounded stamp is `at`."""
        if self._grid is None or count != self._grid[1]:
            return at
        origin, length = self._grid
        near = origin + round((at - origin) / length) * length
        return near if abs(near - at) <= _JITTER_S * self.rate else at

    # A buffer of decoded sound at the file's rate covers samples [_begin, _end), counted from time 0.

    def _forget(self) -> None:
        self._end_chunks()
        self._chunks: Iterator[tuple[int, NDArray[np.float32]]] | None = None
        self._buffer: list[NDArray[np.float32]] = []
        self._begin = self._end = 0
        self._ended = False

    def _end_chunks(self) -> None:
        close = getattr(getattr(self, "_chunks", None), "close", None)
        if close is not None:
            close()

    def _native(self, first: int, stop: int, channels: int) -> NDArray[np.float32]:
        """Return samples [first, stop) at the file's rate."""
        reachable = self._begin <= first <= self._end + round(_GO_ON_S * self.rate)
        if self._chunks is None or channels != self._mix or not reachable:
            self._start(first, channels)
        self._fill(stop)
        joined = np.concatenate(self._buffer) if self._buffer else np.empty((0, channels), np.float32)
        out = np.zeros((stop - first, channels), np.float32)
        low, high = max(first, self._begin), min(stop, self._end)
        if low < high:
            out[low - first : high - first] = joined[low - self._begin : high - self._begin]
        keep = max(min(first, self._end) - self.rate, self._begin)  # a second is kept for overlapping requests
        self._buffer, self._begin = [joined[keep - self._begin :].copy()], keep
        return out

    def _start(self, first: int, channels: int) -> None:
        """Bring the decoder to a place before `first`, so that the buffer begins there."""
        self._forget()
        self._mix = channels
        target = first - round(_PREROLL_S * self.rate)
        for from_start in (target <= 0, True):
            if from_start:
                self._end_chunks()
                self._container.close()
                self._container, self._stream = self._open()
            elif not self._seek(target):
                continue
            self._chunks = self._decode(channels)
            head = next(self._chunks, None)
            if head is None:
                self._ended = True
                self._begin = self._end = first
                return
            if from_start or head[0] <= first:
                self._begin = self._end = min(head[0], first) if from_start else head[0]
                self._append(*head)
                break
        if not from_start:  # what was decoded right after the seek is not settled yet
            self._fill(first)
            self._drop_before(first)

    def _seek(self, sample: int) -> bool:
        pts = math.floor(Fraction(sample, self.rate) / self._time_base)
        try:
            self._container.seek(pts, stream=self._stream)
        except (FFmpegError, OSError):
            return False
        return True

    def _drop_before(self, first: int) -> None:
        cut = min(first, self._end) - self._begin
        if cut > 0 and self._buffer:
            self._buffer, self._begin = [np.concatenate(self._buffer)[cut:]], self._begin + cut

    def _fill(self, stop: int) -> None:
        while self._end < stop and not self._ended and self._chunks is not None:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
            else:
                self._append(*chunk)

    def _append(self, at: int, samples: NDArray[np.float32]) -> None:
        gap = at - self._end
        if gap > _JITTER_S * self.rate:
            self._buffer.append(np.zeros((gap, samples.shape[1]), np.float32))
            self._end = at
        elif gap < -_JITTER_S * self.rate:
            samples = samples[-gap:]
        elif not self._buffer:
            self._begin = self._end = at
        self._buffer.append(samples)
        self._end += len(samples)

    def _decode(self, channels: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield place and samples of decoded frames; damaged ones are left out and become silence."""
        # libav folds surround to two channels; to one it would add the two, beyond full scale.
        width = 1 if self.channels == 1 else 2
        mixer = AudioResampler(format="flt", layout="mono" if width == 1 else "stereo", rate=self.rate)
        packets = self._container.demux(self._stream)
        try:
            while True:
                try:
                    packet = next(packets, None)
                    frames = [] if packet is None else packet.decode()
                except (FFmpegError, OSError):
                    frames = []
                    if packet is None:
                        return
                if packet is None:
                    return
                for frame in frames:
                    if frame.pts is None:
                        continue
                    at = self._exact(round(frame.pts * self._time_base * self.rate), frame.samples)
                    frame.pts = None  # the mixer must not pad or drop by stamps of its own
                    for mixed in mixer.resample(frame):
                        samples = np.asarray(mixed.to_ndarray(), dtype=np.float32).reshape(-1, width)
                        yield at, _mixed(samples, channels)
                        at += len(samples)
        finally:
            packets.close()  # type: ignore[attr-defined]  # a generator, which PyAV types as an iterator


def _mixed(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    if samples.shape[1] == channels:
        return samples
    return samples.mean(axis=1, keepdims=True) if channels == 1 else np.repeat(samples, 2, axis=1)
