"""Valence and arousal of the eight expressions, from published coordinates of emotion words."""

from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.emotion_words import COORDINATES
from app.domain.emotions import FERPLUS

WORDS: Final = COORDINATES
"""(valence, arousal) in −1…1 of each class; the source stands beside the table."""


def coordinates() -> npt.NDArray[np.float32]:
    """Return valence and arousal of each class in the order of `FERPLUS`: float32 8×2, −1…1."""
    return np.array([WORDS[name] for name in FERPLUS], dtype=np.float32)


def valence_arousal(expression: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the expected coordinates under N×8 probabilities over `FERPLUS`: N×2, −1…1."""
    return (expression @ coordinates()).astype(np.float32)
