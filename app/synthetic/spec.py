"""What the synthetic actor plays: categories, faces of two meanings, and the shares of everything in a set of clips."""

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
    """What a set of clips is made of.

    Attributes:
        subjects: How many subjects, ≥ 1; each plays all kinds of clips.
        clips_per_subject: Clips a subject.
        seconds: Length of a clip.
        rate: Frames per second.
        seed: Decides everything random.
        cast_seed: Decides who the subjects are, apart from `seed`, so that the same people can play other clips.
        ambiguous: Share of clips with an ambiguous face.
        ordered: Share of clips where only order tells.
        masked: Chance that one channel shows nothing or something else, per channel and clip.
        twitch: Frame-to-frame noise of the expression, in units of a full expression.
        strength: Least strength of an expression at its apex; the most is 1.
        hidden: Share of the time of a path clip in which the face shows nothing.
        motion: Factor on head movement.
        noise: Standard deviation of sensor noise in rendered pictures, grey levels.
        brief: Share of clips whose face shows nothing but two expressions within 16 frames; the order tells.
        timed: Share of clips in whose room something pleasant and something unpleasant happens one after the other; the
            face, which fits both, goes with one of them.
        gestures: Strength of head movements that go with a category; 0 has none, 1 are plain ones.
        uneven: Clips are up to this share shorter or longer than `seconds`.
        prior: How often each of `CATEGORIES` is drawn in plain clips, in any units; empty draws all alike.
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
