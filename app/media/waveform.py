"""The least and greatest sample of short stretches of sound, in levels from fine to coarse, for drawing a waveform."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.jobs import Context
from app.media.audio import AudioReader

_BIN: Final = 512
"""Number of samples in a bin of the finest level."""

_BLOCK_BINS: Final = 1024


@dataclass(frozen=True, eq=False)
class Waveform:
    """A clip's loudness as a pyramid, in which drawing any part costs the same.

    Attributes:
        start_s: Beginning of the first bin on the clip's time axis, in seconds.
        bin_s: Seconds per bin of the finest level.
        levels: float32 arrays, bins × 2 (least, greatest), all channels mixed, in [-1, 1]; each level has half as
            many bins as the one before.
    """

    start_s: float
    bin_s: float
    levels: tuple[NDArray[np.float32], ...]

    @property
    def end_s(self) -> float:
        """End of the sound in seconds, rounded up to a whole bin."""
        return self.start_s + self.bin_s * len(self.levels[0])

    def peaks(self, start_s: float, stop_s: float, bins: int) -> NDArray[np.float32]:
        """Return the least and greatest sample of equal parts of [start_s, stop_s).

        Returns:
            float32, bins × 2; zeros where there is no sound.

        Raises:
            ValueError: There is no bin, or the end does not lie after the start.
        """
        if bins < 1 or stop_s <= start_s:
            raise ValueError("at least one bin, and an end after the start")
        width_s = (stop_s - start_s) / bins
        depth = min(max(int(np.log2(max(width_s / self.bin_s, 1.0))), 0), len(self.levels) - 1)
        level, step_s = self.levels[depth], self.bin_s * 2**depth
        edges = (start_s - self.start_s + width_s * np.arange(bins + 1)) / step_s
        first = np.floor(edges[:-1] + 1e-9).astype(np.int64)
        stop = np.maximum(np.ceil(edges[1:] - 1e-9).astype(np.int64), first + 1)
        out = np.zeros((bins, 2), np.float32)
        low, high = np.clip(first, 0, len(level)), np.clip(stop, 0, len(level))
        for nth in np.flatnonzero(low < high):
            part = level[low[nth] : high[nth]]
            out[nth] = part[:, 0].min(), part[:, 1].max()
        return out


def build_waveform(path: Path | str, ctx: Context | None = None) -> Waveform:
    """Read the whole sound of a clip once.

    Raises:
        UserError: The clip has no sound, or cannot be read.
        Cancelled: The user cancelled.
    """
    ctx, parts = ctx or Context(), []
    with AudioReader(path) as reader:
        block_s, total_s = _BIN * _BLOCK_BINS / reader.rate, reader.end_s
        for at_s, samples in reader.blocks(block_s):
            ctx.progress(min(at_s, total_s), max(total_s, at_s), f"Reading the sound of {Path(path).name}")
            padded = np.pad(samples[:, 0], (0, -len(samples) % _BIN)).reshape(-1, _BIN)
            parts.append(np.stack([padded.min(axis=1), padded.max(axis=1)], axis=1))
        bin_s = _BIN / reader.rate
    levels = [np.concatenate(parts) if parts else np.zeros((1, 2), np.float32)]
    while len(levels[-1]) > 1:
        levels.append(_halved(levels[-1]))
    return Waveform(0.0, bin_s, tuple(levels))


def _halved(level: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(level) % 2:
        level = np.concatenate([level, level[-1:]])
    pairs = level.reshape(-1, 2, 2)
    return np.stack([pairs[:, :, 0].min(axis=1), pairs[:, :, 1].max(axis=1)], axis=1)
