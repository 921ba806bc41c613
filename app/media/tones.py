"""Makes a few short tones with uneven pauses, for a listener to count."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

PITCH_HZ: Final = 660.0
TONE_S: Final = 0.16
PAUSES_S: Final = (0.22, 0.7)
"""Shortest and longest pause between two tones. They vary, so that nobody can guess the number from the time."""
LEVEL: Final = 0.25
FADE_S: Final = 0.012


def count_tones(count: int, rate: int, seed: int | None = None) -> NDArray[np.float32]:
    """Make the sound.

    Args:
        count: Number of tones.
        rate: Samples per second.
        seed: Seed of the pauses; None takes the machine's own randomness.

    Returns:
        float32 N×2, with equal channels, within ±0.25; it begins and ends with a pause.
    """
    rng = np.random.default_rng(seed)
    t = np.arange(round(TONE_S * rate)) / rate
    edge = np.clip(np.minimum(t, TONE_S - t) / FADE_S, 0, 1)
    tone = LEVEL * edge * np.sin(2 * np.pi * PITCH_HZ * t)
    pauses = rng.uniform(*PAUSES_S, count + 1)
    parts = []
    for pause in pauses[:-1]:
        parts += [np.zeros(round(pause * rate)), tone]
    parts.append(np.zeros(round(pauses[-1] * rate)))
    mono = np.concatenate(parts).astype(np.float32)
    return np.column_stack([mono, mono])
