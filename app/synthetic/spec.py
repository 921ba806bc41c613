"""The contents of the synthetic actor's clips: categories, faces with two meanings, and the share of each effect."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["plain", "ambiguous", "ordered", "brief", "timed", "path"]
CATEGORIES: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear")
"""What the actor plays: FERPlus without contempt, the seven of the papers."""
READINGS: Final[tuple[tuple[dict[str, float], str, str], ...]] = (
    (
        {"brow_inner": 0.7, "brow_outer": 0.6, "lid_raise": 0.7, "jaw_drop": 0.5, "lips_part": 0.6, "mouth_wide": 0.4},
        "happiness", "fear",
    ),
    (
        {"brow_inner": 0.8, "chin_raise": 0.4, "lid_close": 0.3, "lip_press": 0.4, "cheek_raise": 0.4, "smile": 0.25},
        "happiness", "sadness",
    ),
    ({"brow_inner": 0.5, "brow_outer": 0.8, "lid_raise": 0.8, "lips_part": 0.4}, "surprise", "fear"),
)  # fmt: skip
"""Ambiguous faces: what is seen, what it means at a celebration, what it means in a storm."""
MIRRORED: Final = (("happiness", "sadness"), ("happiness", "anger"), ("surprise", "disgust"), ("happiness", "fear"))
"""Ordered clips go from one to the other; the category is where they end."""
PLEASANT: Final = frozenset({"happiness", "surprise"})
SceneEvent = Literal["celebration", "storm"]
"""What bursts into a room for a moment: confetti, or lightning."""


@dataclass(frozen=True)
class ActorSpec:
    """The contents of a set of clips.

    Attributes:
        subjects: Number of subjects, at least 1; each plays all kinds of clips.
        clips_per_subject: Number of clips of each subject.
        seconds: Length of a clip in seconds.
        rate: Frames per second.
        seed: Seed that determines everything random except the subjects.
        cast_seed: Seed that determines the subjects, apart from `seed`, so that the same people can play other clips.
        ambiguous: Share of clips with an ambiguous face.
        ordered: Share of clips in which only the order of frames tells the category.
        masked: Probability that a channel of a clip shows a wrong signal or none, for each channel and clip.
        twitch: Noise of the expression from frame to frame, in units of a full expression.
        strength: Lowest strength of an expression at its apex; the highest is 1.
        hidden: Share of a path clip's time in which the face shows nothing.
        motion: Factor for head movement.
        noise: Standard deviation of the sensor noise in rendered pictures, in grey levels.
        brief: Share of clips whose face shows only two expressions within 16 frames; their order tells the category.
        timed: Share of clips in whose room a pleasant and an unpleasant event follow one another; the face, which fits
            both, coincides with one of them.
        gestures: Strength of the head movements that go with a category, from 0 (none) to 1 (clear).
        uneven: Largest share by which a clip is shorter or longer than `seconds`.
        prior: Relative frequency of each of `CATEGORIES` in plain clips, in any unit; empty for equal frequencies.
    """

    subjects: int = 12
    clips_per_subject: int = 8
    seconds: float = 4.0
    rate: int = 25
    seed: int = 0
    cast_seed: int = 0
    ambiguous: float = 0.25
    ordered: float = 0.25
    masked: float = 0.2
    twitch: float = 0.15
    strength: float = 0.6
    hidden: float = 0.3
    motion: float = 1.0
    noise: float = 4.0
    brief: float = 0.0
    timed: float = 0.0
    gestures: float = 0.0
    uneven: float = 0.0
    prior: tuple[float, ...] = ()
