"""A voice without words: hummed syllables whose pitch, loudness, tempo and brightness follow affect."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.synthetic.expression import AFFECT

RATE: Final = 16000
"""Samples per second, what speech features are made for."""


def voice(category: str, seconds: float, pitch_hz: float, seed: int, noise: float = 0.01) -> NDArray[np.float32]:
    """Return the sound of a speaker in a mood.

    The effects of affect follow the review of Scherer (2003): arousal raises pitch, loudness, tempo and high
    frequencies; valence widens the range of the pitch and smooths the onsets.

    Args:
        category: One of the FERPlus classes.
        seconds: Length in seconds.
        pitch_hz: The speaker's usual pitch in hertz.
        seed: Seed for tempo, melody and noise.
        noise: Standard deviation of the background noise.

    Returns:
        float32 N in −1…1, mono samples at `RATE`.
    """
    rng = np.random.default_rng([seed, 71])
    valence, arousal = AFFECT[category]
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    tempo = (3.0 + 2.2 * arousal) * rng.uniform(0.85, 1.15)
    phase = np.cumsum(np.full(count, tempo / RATE) * (1 + 0.1 * np.sin(2 * np.pi * 0.4 * t + rng.uniform(0, 6))))
    beat = phase % 1
    attack = 0.12 + 0.1 * max(valence, 0.0)
    syllable = np.clip(beat / attack, 0, 1) * np.clip((0.8 - beat) / 0.35, 0, 1)
    melody = rng.standard_normal(int(phase[-1]) + 2)[phase.astype(np.intp)]
    fall = -0.12 * (t / max(seconds, 1e-6)) * (1.0 if valence < 0 else -0.3)
    span = 0.06 + 0.05 * max(arousal, 0.0) + 0.05 * max(valence, 0.0)
    pitch = pitch_hz * np.exp(0.3 * arousal + span * melody + fall)
    turn = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = np.zeros(count)
    slope = 1.9 - 0.7 * arousal
    formants = ((620.0, 130.0), (1250.0 + 250.0 * valence, 180.0), (2600.0, 260.0))
    for harmonic in range(1, 24):
        at = pitch * harmonic
        gain = sum(1 / (1 + ((at - centre) / width) ** 2) for centre, width in formants)
        sound += gain * harmonic**-slope * np.sin(harmonic * turn + rng.uniform(0, 2 * np.pi)) * (at < 0.45 * RATE)
    loud = 0.25 * np.exp(0.7 * arousal)
    sound = sound / max(float(np.abs(sound).max()), 1e-9) * syllable * loud
    return np.asarray(np.clip(sound + rng.normal(0, noise, count), -1, 1), np.float32)
