"""Where emotion words lie on the plane of valence and arousal: the one table that model, actor and demo share."""

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
