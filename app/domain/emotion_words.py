"""Emotion words: how rated emotions and recognised classes are written, and where they lie on the affect plane.

Raters judge what a person shows with an adjective ("Afraid"). A model names the expression by a noun ("fear").
Files hold names, never words: `fear` is `fear` in every language (docs/glossary.md).
"""

from typing import Final

COORDINATES: Final[dict[str, tuple[float, float]]] = {
    "neutral": (0.0, 0.0),
    "happiness": (0.81, 0.51),
    "surprise": (0.40, 0.67),
    "sadness": (-0.63, -0.27),
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "contempt": (-0.555, 0.47),
}
"""(valence, arousal) in −1…1 of each FERPlus class.

The six basic emotions are the mean pleasure and arousal ratings of the words happy, surprised, sad, angry, disgusted
and fearful in Russell and Mehrabian 1977, "Evidence for a three-factor theory of emotions", Journal of Research in
Personality 11(3), 273–294, table of 151 terms. Neutral is the origin of their scales. Contempt is not one of the terms
used here: it is our assumption, the mean of anger and disgust, its neighbours in the hostile triad (Izard 1977).
"""

RATED_WORDS: Final[dict[str, str]] = {
    "angry": "Angry",
    "disgust": "Disgusted",
    "happy": "Happy",
    "sad": "Sad",
    "surprise": "Surprised",
    "fear": "Afraid",
    "neutral": "Neutral",
    "contempt": "Contemptuous",
    "confused": "Confused",
}
"""English word of each rated emotion (`app.domain.emotions.RATED`), as raters read it in the default study."""


def rated_word(name: str) -> str:
    """Write a rated emotion as screens and figures show it. A name that only one study has stands for itself.

    Args:
        name: Name as files hold it: "fear", "mixed_feelings".

    Returns:
        "Afraid", "Mixed feelings".
    """
    return RATED_WORDS.get(name) or name.replace("_", " ").capitalize()


def rated_rank(name: str) -> tuple[int, str]:
    """Return the place of a rated emotion in the order of Sun et al. 2018, by which screens and reports list them.

    Args:
        name: Name as files hold it; names that only one study has come last, in alphabetical order.
    """
    return (list(RATED_WORDS).index(name) if name in RATED_WORDS else len(RATED_WORDS), name)


def class_word(name: str) -> str:
    """Write a class of a model: its name, such as "fear", with spaces for underscores."""
    return name.replace("_", " ")
