"""How affect looks on the synthetic face: prototypes from the literature, and a mapping from valence and arousal.

The action units of the prototypes follow EMFACS by Ekman and Friesen as tabulated by Du, Tao and Martinez (2014,
table 1). Their places on the plane of valence and arousal follow the coordinates of emotion words in Russell and
Mehrabian (1977). The mapping from a point of the plane to a face is a convention of this program; real faces are less
regular.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.emotion_words import COORDINATES
from app.synthetic.parameters import INDEX, Parameters, clipped, parameters

EXPRESSIONS: Final[dict[str, dict[str, float]]] = {
    "neutral": {},
    "happiness": {"smile": 1.0, "lips_part": 0.95, "cheek_raise": 0.7, "lid_tight": 0.1},
    "surprise": {"brow_inner": 0.9, "brow_outer": 1.0, "lid_raise": 0.9, "jaw_drop": 0.9, "lips_part": 0.3},
    "sadness": {
        "frown": 1.0, "brow_inner": 1.0, "brow_lower": 0.25, "chin_raise": 0.5, "lid_close": 0.25, "gaze_y": 0.4,
    },
    "anger": {
        "brow_lower": 1.0, "lid_tight": 0.9, "lip_press": 0.6, "frown": 0.6, "chin_raise": 0.5, "nose_wrinkle": 0.45,
    },
    "disgust": {
        "nose_wrinkle": 1.0, "upper_lip": 1.0, "frown": 0.5, "lid_tight": 0.9, "brow_lower": 0.5, "cheek_raise": 0.4,
    },
    "fear": {
        "brow_inner": 1.0, "brow_outer": 0.4, "brow_lower": 0.5, "lid_raise": 1.0, "mouth_wide": 0.9,
        "lips_part": 0.7, "jaw_drop": 0.35,
    },
    "contempt": {"smile": 0.45, "smile_skew": 1.0, "lid_close": 0.15, "chin_raise": 0.2},
}  # fmt: skip
"""The eight FERPlus classes at full strength; what is not named stays at rest."""

AFFECT: Final = COORDINATES
"""Valence and arousal of an expression at full strength, as the shipped model uses them."""

_PLANE: Final[tuple[tuple[float, float, dict[str, float]], ...]] = (
    (0.0, 0.0, {}),
    (0.8, 0.45, EXPRESSIONS["happiness"]),
    (0.75, 0.95, EXPRESSIONS["happiness"] | {"smile": 1.15, "jaw_drop": 0.35, "brow_outer": 0.4, "lips_part": 1.0}),
    (0.8, 0.0, {"smile": 0.75, "lips_part": 0.5, "cheek_raise": 0.5}),
    (0.65, -0.55, {"smile": 0.55, "cheek_raise": 0.3, "lid_close": 0.35}),
    (0.0, -0.9, {"lid_close": 0.75, "pitch": 6.0}),
    (-0.65, -0.45, EXPRESSIONS["sadness"] | {"pitch": 5.0}),
    (-0.7, 0.0, {"frown": 0.7, "brow_lower": 0.5, "brow_inner": 0.3, "lip_press": 0.3}),
    (-0.65, 0.6, EXPRESSIONS["anger"]),
    (-0.6, 0.95, {
        "brow_lower": 1.0, "lid_tight": 0.6, "lips_part": 0.9, "upper_lip": 0.8, "nose_wrinkle": 0.6, "jaw_drop": 0.6,
    }),
    (0.15, 0.85, EXPRESSIONS["surprise"]),
    (0.0, 0.45, {"brow_inner": 0.4, "brow_outer": 0.5, "lid_raise": 0.4}),
)  # fmt: skip
"""Valence, arousal and the face shown there, from which every other point is interpolated."""

_WIDTH: Final = 0.3


def _prototypes() -> tuple[NDArray[np.float64], Parameters]:
    places = np.array([(v, a) for v, a, _ in _PLANE])
    rows = np.stack([parameters(face) for _, _, face in _PLANE])
    return places, rows


def affect_face(valence: NDArray[np.float64], arousal: NDArray[np.float64]) -> Parameters:
    """Return the faces for points of the plane; each is a smooth blend of the nearest prototypes.

    Args:
        valence: float64 N in −1…1.
        arousal: float64 N in −1…1.

    Returns:
        float32 N×P, continuous in valence and arousal; at (0, 0) it equals the face at rest within a few hundredths.
    """
    places, rows = _prototypes()
    at = np.column_stack([valence, arousal])
    distance2 = ((at[:, None, :] - places[None]) ** 2).sum(-1)
    weights = np.exp(-distance2 / (2 * _WIDTH**2 / 2.2))
    # Between prototypes the nearest two share the weight; far outside, the nearest keeps it.
    weights /= weights.sum(1, keepdims=True)
    return clipped((weights @ rows).astype(np.float32))


def expression_face(name: str, strength: NDArray[np.float64] | float = 1.0) -> Parameters:
    """Return the face of an expression at one or more strengths.

    Args:
        name: One of the FERPlus classes.
        strength: One number or float64 N, from 0 (rest) to 1.

    Returns:
        float32 (P,) for one number, float32 N×P for an array.

    Raises:
        KeyError: If the name is unknown.
    """
    full = parameters(EXPRESSIONS[name])
    return clipped((np.asarray(strength, np.float32)[..., None] * full).astype(np.float32))


def _smooth_noise(times_s: NDArray[np.float64], rng: np.random.Generator, knot_s: float) -> NDArray[np.float64]:
    """Return a wandering curve with a standard deviation of about 1 that changes over `knot_s` seconds."""
    span = float(times_s[-1] - times_s[0]) if len(times_s) else 0.0
    knots = rng.standard_normal(int(span / knot_s) + 4)
    place = (times_s - times_s[0]) / knot_s + 1 if len(times_s) else times_s
    left = np.floor(place).astype(np.intp)
    t = place - left
    a, b, c, d = (knots[np.clip(left + k, 0, len(knots) - 1)] for k in (-1, 0, 1, 2))
    # Uniform cubic B-spline: twice differentiable, so that a head never jerks.
    early = (1 - t) ** 3 * a + (3 * t**3 - 6 * t**2 + 4) * b
    late = (-3 * t**3 + 3 * t**2 + 3 * t + 1) * c + t**3 * d
    return np.asarray((early + late) / 6 * 1.6, np.float64)


def blinks(times_s: NDArray[np.float64], rng: np.random.Generator, every_s: float = 3.5) -> NDArray[np.float64]:
    """Return how far blinks of about a third of a second close the lids, float64 N in 0–1."""
    shut = np.zeros(len(times_s))
    if not len(times_s):
        return shut
    at = float(times_s[0]) + rng.uniform(0.5, every_s)
    while at < times_s[-1]:
        phase = (times_s - at) / 0.09
        shut = np.maximum(shut, np.exp(-(np.where(phase < 0, phase * 1.5, phase * 0.8) ** 2)))
        at += max(0.8, rng.gamma(4.0, every_s / 4.0))
    return shut


def alive(rows: Parameters, times_s: NDArray[np.float64], seed: int, motion: float = 1.0) -> Parameters:
    """Add the movements that every face makes: blinks, a wandering head and glances.

    Args:
        rows: float32 N×P, the parameters of the face in each frame.
        times_s: float64 N, times of the frames in seconds.
        seed: Seed for the movements.
        motion: Factor for the wandering of the head; 1 is a person who sits calmly.

    Returns:
        float32 N×P within the bounds of `PARAMETERS`.
    """
    rng = np.random.default_rng([seed, 101])
    out = rows.copy()
    wander = {"yaw": 4.0, "pitch": 2.2, "roll": 2.2, "shift_x": 1.8, "shift_y": 0.8, "zoom": 0.008}
    for name, size in wander.items():
        out[:, INDEX[name]] += motion * size * _smooth_noise(times_s, rng, 1.6)
    for name, size in (("gaze_x", 0.22), ("gaze_y", 0.12)):
        held = np.round(_smooth_noise(times_s, rng, 1.1) * 1.5) / 1.5
        out[:, INDEX[name]] += size * held - 0.012 * out[:, INDEX["yaw"]] * (name == "gaze_x")
    lids = out[:, INDEX["lid_close"]]
    out[:, INDEX["lid_close"]] = np.maximum(lids, blinks(times_s, rng))
    return clipped(out)
