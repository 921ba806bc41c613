"""The sound around each frame: a log-mel spectrum, and functionals of this program's own over the last second.

Kahou et al. 2015, who classify sound, use openSMILE's IS10 set, whose licence allows research only; these numbers are
not that set, and may be used freely.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.streams.stream import Rows, Sound, StreamSpec

VERSION: Final = 1
RATE: Final = 16_000
WINDOW_S: Final = 0.025
HOP_S: Final = 0.01
SPAN_S: Final = 1.0
"""Functionals cover this many seconds up to the frame."""
BANDS: Final = 40
LOW_HZ: Final = 60.0
HIGH_HZ: Final = 7600.0
PITCH_HZ: Final = (70.0, 400.0)
CONTOURS: Final = ("level", "pitch", "voiced", "centroid", "spread", "flux")
FUNCTIONALS: Final = ("mean", "deviation", "slope", "low", "high")
COLUMNS: Final = 2 * BANDS + len(CONTOURS) * len(FUNCTIONALS)
_NEARLY: Final = 0.85
Float = NDArray[np.float64]


class AudioFunctionals:
    """Mean and deviation of 40 log-mel bands, and functionals of level, pitch, voicing, and shape of the spectrum.

    Args:
        name: Name of the stream.
        rate_hz: Rows that are computed per second.
    """

    def __init__(self, name: str, rate_hz: float = 10.0) -> None:
        geometry: dict[str, Any] = {
            "of": "sound", "rate": RATE, "window_s": WINDOW_S, "hop_s": HOP_S, "span_s": SPAN_S, "bands": BANDS,
            "low_hz": LOW_HZ, "high_hz": HIGH_HZ, "pitch_hz": list(PITCH_HZ),
        }  # fmt: skip
        self.spec = StreamSpec(name, VERSION, COLUMNS, geometry=geometry, rate_hz=rate_hz)

    def heard(self, sound: Sound, times_s: NDArray[np.float64]) -> Rows:
        """Return one row for each of N times in seconds: float32 N×columns."""
        if not len(times_s):
            return np.zeros((0, COLUMNS), np.float32)
        start_s = float(times_s[0]) - SPAN_S
        samples = np.asarray(sound.read(start_s, float(times_s[-1]) - start_s, RATE), np.float64).reshape(-1)
        logs, contours = _contours(samples)
        ends = np.round((times_s - start_s) / HOP_S).astype(np.int64)
        span = round(SPAN_S / HOP_S)
        out = np.zeros((len(times_s), COLUMNS))
        for row, end in zip(out, np.clip(ends, 1, len(logs)), strict=True):
            first = max(0, end - span)
            bands, lines = logs[first:end], contours[first:end]
            row[...] = np.concatenate([bands.mean(axis=0), bands.std(axis=0), _functionals(lines).ravel()])
        return out.astype(np.float32)


def _contours(samples: Float) -> tuple[Float, Float]:
    """Log-mel spectrum F×BANDS and contours F×6 of consecutive windows; at least one."""
    window, hop = round(WINDOW_S * RATE), round(HOP_S * RATE)
    if len(samples) < window:
        samples = np.pad(samples, (0, window - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[::hop]
    size = 512
    power = np.abs(np.fft.rfft(frames * np.hanning(window), size)) ** 2
    hertz: Float = np.asarray(np.fft.rfftfreq(size, 1 / RATE), np.float64)
    logs = np.log(power @ mel_filters(hertz).T + 1e-6)
    total = power.sum(axis=1) + 1e-9
    share = power / total[:, None]
    centroid = share @ hertz
    spread = np.sqrt(np.maximum(share @ hertz**2 - centroid**2, 0.0))
    root = np.sqrt(share)
    flux = np.r_[0.0, np.linalg.norm(np.diff(root, axis=0), axis=1)]
    level = np.log(np.sqrt((frames**2).mean(axis=1)) + 1e-4)
    pitch, voiced = _pitch(frames)
    return logs, np.column_stack([level, pitch, voiced, centroid / 1000, spread / 1000, flux])


def _pitch(frames: Float) -> tuple[Float, Float]:
    """Pitch in octaves above 100 Hz, zero without a voice, and the height of the autocorrelation's peak, 0–1.

    Source: Rabiner 1977, "On the use of autocorrelation analysis for pitch detection". A window of 25 ms holds two
    periods from 80 Hz on.
    """
    size = 2 * frames.shape[1]
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, size)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2, size)[:, : frames.shape[1]]
    # The overlap of a window with itself grows shorter with the lag.
    likeness /= np.arange(frames.shape[1], 0, -1)
    first, last = int(RATE / PITCH_HZ[1]), min(int(RATE / PITCH_HZ[0]), frames.shape[1] - 1)
    part = likeness[:, first:last] / np.maximum(likeness[:, :1], 1e-9)
    # Every multiple of a period is a peak too: the first one that is nearly the highest counts.
    around = np.pad(part, ((0, 0), (1, 1)), constant_values=-1.0)
    peak = (part >= around[:, :-2]) & (part >= around[:, 2:]) & (part >= _NEARLY * part.max(axis=1, keepdims=True))
    lag = peak.argmax(axis=1) + first
    height = np.clip(part.max(axis=1), 0.0, 1.0)
    loud = likeness[:, 0] > 1e-6
    voiced = np.where(loud, height, 0.0)
    octaves = np.log2(RATE / lag / 100.0)
    return np.where(voiced > 0.5, octaves, 0.0), voiced


def mel_filters(hertz: Float, bands: int = BANDS) -> Float:
    """Return triangular filters of equal width on the mel scale (O'Shaughnessy 1987), bands×frequencies.

    The rows sum to one.
    """

    def mel(frequency: Float | float) -> Float:
        return np.asarray(2595 * np.log10(1 + np.asarray(frequency) / 700))

    edges = 700 * (10 ** (np.linspace(mel(LOW_HZ), mel(HIGH_HZ), bands + 2) / 2595) - 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    filters = np.maximum(np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)), 0.0)
    # Low bands may be narrower than the step of the spectrum: they take the nearest frequency.
    nearest = np.abs(hertz[None] - middle).argmin(axis=1)
    empty = filters.sum(axis=1) <= 0
    filters[np.flatnonzero(empty), nearest[empty]] = 1.0
    return np.asarray(filters / filters.sum(axis=1, keepdims=True))


def _functionals(contours: Float) -> Float:
    """Return the mean, deviation, slope a second, and tenth and ninetieth percentile of each contour: 6×5."""
    n = len(contours)
    t = (np.arange(n) - (n - 1) / 2) * HOP_S
    centred = contours - contours.mean(axis=0)
    slope = t @ centred / max(float(t @ t), 1e-9)
    low, high = np.percentile(contours, (10, 90), axis=0)
    return np.column_stack([contours.mean(axis=0), contours.std(axis=0), slope, low, high])
