"""The sound of rendered clips: chords that follow valence (minor to major) and arousal (slow and dull to bright)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.synthetic.paths import AffectPath

RATE: Final = 44100
"""Samples per second."""
_ROOT_HZ: Final = 110.0


def pad(path: AffectPath, duration_s: float, seed: int = 0) -> NDArray[np.float32]:
    """Return the sound that follows a path.

    Args:
        path: Valence and arousal over time.
        duration_s: Length in seconds.
        seed: Seed for the phases and for small variations of the sound.

    Returns:
        float32 N×2, stereo samples at `RATE` within −0.5…0.5, which fade in and out.
    """
    rng = np.random.default_rng([seed, 31])
    count = round(duration_s * RATE)
    t = np.arange(count) / RATE
    coarse = path.at(np.arange(0.0, duration_s + 0.05, 0.05))
    valence = np.interp(t, coarse.times_s, coarse.valence)
    arousal = np.interp(t, coarse.times_s, coarse.arousal)
    lively = (arousal + 1) / 2
    out = np.zeros((count, 2))
    # Root, third, fifth, octave, ninth; the third is a crossfade of the minor and the major one.
    major = np.clip(valence * 0.8 + 0.5, 0, 1)
    notes: list[tuple[float, NDArray[np.float64] | float]] = [
        (0.0, 0.9), (3.0, 0.7 * (1 - major)), (4.0, 0.7 * major), (7.0, 0.6), (12.0, 0.35), (14.0, 0.3 * lively),
    ]  # fmt: skip
    for semitone, level in notes:
        pitch = _ROOT_HZ * 2 ** (semitone / 12)
        side = rng.uniform(0.35, 0.65)
        tone = np.zeros(count)
        for partial in (1, 2, 3, 5):
            phase, drift = rng.uniform(0, 2 * np.pi), rng.uniform(-0.25, 0.25)
            bright = lively ** (0.6 * (partial - 1)) / partial**1.6
            tone += bright * np.sin(2 * np.pi * (pitch * partial + drift) * t + phase)
        out += (tone * level)[:, None] * np.array([side, 1 - side])
    # Slow breathing when calm, a quicker pulse when aroused; its phase is integrated so that it never jumps.
    pulse = np.cumsum(0.4 + 2.6 * lively**1.5) / RATE
    swell = 0.75 + (0.1 + 0.15 * lively) * np.sin(2 * np.pi * pulse)
    edge = np.clip(np.minimum(t, duration_s - t) / 0.8, 0, 1)
    out *= (swell * (0.35 + 0.65 * lively) * edge)[:, None]
    return (out * (0.5 / max(1e-9, float(np.abs(out).max())))).astype(np.float32)
