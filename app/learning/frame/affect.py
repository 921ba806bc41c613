"""Valence and arousal of the eight expressions, from published coordinates of emotion words."""

from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.emotions import FERPLUS

WORDS: Final[dict[str, tuple[float, float]]] = {
    "neutral": (0.0, 0.0),
    "happiness": (0.81, 0.51),
    "surprise": (0.40, 0.67),
    "sadness": (-0.63, -0.27),
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "contempt": (-0.555, 0.47),
}
"""(valence, arousal) in −1..1.

The six basic emotions are the mean pleasure and arousal ratings of the words happy, surprised, sad, angry, disgusted
and fearful in Russell and Mehrabian 1977, "Evidence for a three-factor theory of emotions", Journal of Research in
Personality 11(3), 273–294, table of 151 terms. Neutral is the origin of their scales. Contempt is not one of the terms
used here: it is our assumption, the mean of anger and disgust, its neighbours in the hostile triad (Izard 1977).
"""


def coordinates() -> npt.NDArray[np.float32]:
    """Rows in the order of `FERPLUS`, columns valence and arousal: 8×2 float32, −1..1."""
    return np.array([WORDS[name] for name in FERPLUS], dtype=np.float32)


def valence_arousal(expression: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Expected coordinates under a distribution over `FERPLUS`: N×8 probabilities → N×2, −1..1."""
    return (expression @ coordinates()).astype(np.float32)
