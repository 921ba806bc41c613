"""The emotion vocabularies in use and how they relate. Their order must not change: it is that of array columns."""

from typing import Final

FERPLUS: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""Eight classes of FERPlus (Barsoum et al. 2016): the `expression` output and the columns of exported predictions."""

FER: Final = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""Seven classes of FER2013 (Goodfellow et al. 2013): the `fer` output."""

RATED: Final = ("angry", "disgust", "happy", "sad", "surprise", "fear", "neutral", "contempt", "confused")
"""Nine emotions rated 0–5 by people (Sun et al. 2018, III-A): the default of a study."""

FERPLUS_TO_RATED: Final[dict[str, str]] = {
    "neutral": "neutral",
    "happiness": "happy",
    "surprise": "surprise",
    "sadness": "sad",
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "contempt": "contempt",
}
"""Model class → the rated emotion that it is compared with. `confused` has no class and so no prediction."""
