"""A synthetic subject: the shape of the face, colours, lighting and things worn, all drawn from a seed."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic import layers as make
from app.synthetic.canvas import PORTRAIT_SIZE, Image, Mask, Picture, area_mask, in_bytes, resized
from app.synthetic.geometry import MIDLINE_X, Field, Fields, Moves, control_points, field_of
from app.synthetic.landmarks import Points, landmarks
from app.synthetic.layers import Layers
from app.synthetic.muscles import muscle_basis, smile_moves
from app.synthetic.pose import masks

HAIR: Final[dict[str, tuple[float, float, float]]] = {
    "as photographed": (1.0, 1.0, 1.0),
    "black": (0.28, 0.27, 0.29),
    "dark brown": (0.5, 0.42, 0.36),
    "red": (1.02, 0.62, 0.36),
    "grey": (1.05, 1.12, 1.3),
    "blond": (1.3, 1.18, 0.92),
}
"""Factors on the photograph's hair, RGB."""
SKIN: Final[dict[str, tuple[float, float, float]]] = {
    "as photographed": (1.0, 1.0, 1.0),
    "fair": (1.04, 1.05, 1.07),
    "tan": (0.87, 0.78, 0.68),
    "brown": (0.7, 0.55, 0.43),
    "dark": (0.52, 0.4, 0.32),
}
"""Factors on the photograph's skin, RGB."""


@dataclass(frozen=True)
class Identity:
    """The properties in which subjects differ; the defaults are those of the person in the photograph.

    Attributes:
        code: Name of the subject.
        width: Relative width of the face minus 1, about −0.1…0.1.
        length: Relative length of the lower face minus 1, about −0.08…0.1.
        jaw: Width of the jaw, from narrower (−1) to broader (1).
        eyes_apart: How much further out each eye lies, in portrait units, about −2…2.
        eye_height: How much lower the eyes lie, in portrait units, about −2…2.
        nose_width: Relative width of the nose minus 1, about −0.2…0.3.
        nose_length: How much lower the nose ends, in portrait units, about −3…3.
        mouth_height: How much lower the mouth lies, in portrait units, about −2…2.
        lips: Fullness of the lips, from thinner (−1) to fuller (1).
        brow_height: How much lower the brows lie at rest, in portrait units, about −2…2.
        hair: Factors for the colour of the hair, RGB.
        skin: Factors for the colour of the skin, RGB.
        light: Where the light comes from, from the picture's left (−1) to its right (1).
        contrast: Factor for the contrast of the whole person, about 0.85…1.15.
        glasses: Whether the subject wears glasses.
        beard: Strength of the beard shadow, 0–1.
        suit: Rotation of the suit's hue in degrees.
        flipped: Whether the picture is mirrored.
        grain: Standard deviation of a texture noise that does not change over time, in grey levels.
        seed: Seed for that noise.
    """

    code: str = "portrait"
    width: float = 0.0
    length: float = 0.0
    jaw: float = 0.0
    eyes_apart: float = 0.0
    eye_height: float = 0.0
    nose_width: float = 0.0
    nose_length: float = 0.0
    mouth_height: float = 0.0
    lips: float = 0.0
    brow_height: float = 0.0
    hair: tuple[float, float, float] = field(default=HAIR["as photographed"])
    skin: tuple[float, float, float] = field(default=SKIN["as photographed"])
    light: float = 0.0
    contrast: float = 1.0
    glasses: bool = False
    beard: float = 0.0
    suit: float = 0.0
    flipped: bool = False
    grain: float = 0.0
    seed: int = 0


def identity(number: int, seed: int = 0) -> Identity:
    """Return subject `number` (from 0) of the cast of `seed`; a cast has any number of subjects, all different."""
    rng = np.random.default_rng([seed, number, 7919])
    hair, skin = list(HAIR.values()), list(SKIN.values())

    def spread(half: float) -> float:
        return float(np.clip(rng.normal(0, half / 2), -half, half))

    def tinted(colour: tuple[float, float, float]) -> tuple[float, float, float]:
        r, g, b = (float(c * rng.uniform(0.97, 1.03)) for c in colour)
        return (r, g, b)

    # The first ones walk through all colours, so that a small cast is a mixed one.
    return Identity(
        code=f"actor{number + 1:02d}",
        width=spread(0.1),
        length=spread(0.08),
        jaw=spread(1.0),
        eyes_apart=spread(1.8),
        eye_height=spread(1.6),
        nose_width=spread(0.22),
        nose_length=spread(2.4),
        mouth_height=spread(1.6),
        lips=spread(1.0),
        brow_height=spread(1.4),
        hair=tinted(hair[(number + 1) % len(hair)]),
        skin=tinted(skin[(number * 3 + 1) % len(skin)]),
        light=float(rng.uniform(-1, 1)),
        contrast=float(rng.uniform(0.88, 1.12)),
        glasses=bool(number % 4 == 2),
        beard=float(rng.uniform(0.5, 1.0)) if number % 3 == 1 else 0.0,
        suit=float(rng.uniform(-180, 180)),
        flipped=bool(number % 2),
        grain=float(rng.uniform(1.0, 3.0)),
        seed=int(rng.integers(2**31)),
    )


def _shape(who: Identity) -> Field:
    """Return the field from the photograph to the subject's neutral face."""

    def elsewhere(points: Points) -> Points:
        dx, dy = points[:, 0] - MIDLINE_X, points[:, 1] - 100.0
        near = np.exp(-(((points[:, 0] - MIDLINE_X) / 75) ** 4) - ((points[:, 1] - 95) / 88) ** 4)
        low = np.clip((points[:, 1] - 120) / 55, 0, 1)
        across = who.width + 0.075 * who.jaw * low
        return np.column_stack([dx * across * near, dy * who.length * np.clip(dy / 60, 0, 1) * near])

    marks = control_points()
    moves: Moves = {}

    def add(group: str, move: Points | tuple[float, float]) -> None:
        told = np.broadcast_to(np.asarray(move, np.float64), marks[group].shape)
        moves[group] = moves.get(group, np.zeros_like(marks[group])) + told

    for group, move in smile_moves().items():
        add(group, -move)
    for group in ("crease_r", "crease_l", "eye_corners", "under_eye"):
        side = np.sign(marks[group][:, :1] - MIDLINE_X)
        add(group, np.hstack([side * who.eyes_apart, np.full_like(side, who.eye_height)]))
    for group in ("brow_r", "brow_l"):
        side = np.sign(marks[group][:, :1] - MIDLINE_X)
        add(group, np.hstack([0.7 * side * who.eyes_apart, np.full_like(side, 0.7 * who.eye_height + who.brow_height)]))
    nose = marks["nose_base"]
    add("nose_base", np.column_stack([(nose[:, 0] - MIDLINE_X) * who.nose_width, np.full(len(nose), who.nose_length)]))
    add("nose_bridge", np.outer(np.linspace(0, 1, 4), [0.0, who.nose_length]))
    add("mouth_upper_outer", (0.0, who.mouth_height))
    add("mouth_lower_outer", (0.0, who.mouth_height))
    middle = marks["mouth_upper_outer"][:, 0] - MIDLINE_X
    add("mouth_upper_outer", np.column_stack([0 * middle, -0.9 * who.lips * np.clip(1 - (middle / 20) ** 2, 0, 1)]))
    middle = marks["mouth_lower_outer"][:, 0] - MIDLINE_X
    add("mouth_lower_outer", np.column_stack([0 * middle, 1.2 * who.lips * np.clip(1 - (middle / 20) ** 2, 0, 1)]))
    return field_of(moves, elsewhere)


@lru_cache(maxsize=64)
def fields(who: Identity) -> Fields:
    """Return the fields that move the subject's skin. They are shared: do not write to them."""
    return Fields(_shape(who), muscle_basis())


def _glasses(scale: float) -> Mask:
    """Return the cover of a dark frame of glasses at the eyes of the photograph, float32 H×W in 0–1."""
    factor = 4
    width, height = round(PORTRAIT_SIZE[0] * scale), round(PORTRAIT_SIZE[1] * scale)
    canvas = np.zeros((height * factor, width * factor), np.uint8)

    def at(x: float, y: float) -> tuple[int, int]:
        return round((x + 0.5) * scale * factor), round((y + 0.5) * scale * factor)

    thick = max(1, round(1.5 * scale * factor))
    right, left = landmarks()["iris_r"][0] + (-1.0, 2.5), landmarks()["iris_l"][0] + (1.0, 2.5)
    size = (round(16 * scale * factor), round(11.5 * scale * factor))
    for x, y in (right, left):
        cv2.ellipse(canvas, at(x, y), size, 3, 0, 360, 255, thick, cv2.LINE_AA)
    cv2.line(canvas, at(right[0] + 15.5, right[1] - 3), at(left[0] - 15.5, left[1] - 3), 255, thick, cv2.LINE_AA)
    cv2.line(canvas, at(right[0] - 15.5, right[1] - 3), at(157, 98), 255, thick, cv2.LINE_AA)
    cv2.line(canvas, at(left[0] + 15.5, left[1] - 3), at(247, 102), 255, thick, cv2.LINE_AA)
    small = np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    return small / np.float32(255)


def _beard() -> Mask:
    """Return where a beard grows, float32 225×400 in 0–1."""
    marks = landmarks()
    jaw = marks["jaw"]
    outline = np.vstack(
        [jaw[3:-3], [(234, 146), (222, 136), (211, 133.5), (200, 134.5), (189, 133.5), (180, 136), (166, 146)]]
    )
    lips = np.vstack([marks["mouth_upper_outer"], marks["mouth_lower_outer"][::-1]])
    return area_mask(outline, 2.0, without=lips)


def _painted(who: Identity, rgb: Picture) -> Picture:
    """Return one layer with a subject's colours, beard, light and grain, float32 225×400×3 like `rgb`."""
    person, hair, skin = (masks()[..., i : i + 1] for i in range(3))
    out = rgb.copy()
    out *= 1 + hair * (np.array(who.hair, np.float32) - 1)
    # Highlights are reflections and keep more of their light than the skin around them.
    shine = 0.45 * (out / 255) ** 3
    tone = np.array(who.skin, np.float32)
    out *= 1 + skin * (tone + (1 - tone) * shine - 1)
    if who.beard > 0:
        rng = np.random.default_rng(who.seed)
        stubble = _beard() * (0.75 + 0.25 * rng.standard_normal((225, 400)).astype(np.float32)) * who.beard
        shade = np.array(who.hair, np.float32) * np.float32(64)
        out += (shade - out) * np.clip(stubble * 0.45, 0, 0.7)[..., None]
    if who.suit:
        rest = np.clip(person - hair - skin, 0, 1)
        hsv = np.asarray(cv2.cvtColor(in_bytes(out), cv2.COLOR_RGB2HSV), np.uint8)
        hsv[..., 0] = (hsv[..., 0].astype(np.int32) + round(who.suit / 2)) % 180
        out += (np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.float32) - out) * rest
    across = (np.arange(400, dtype=np.float32) - MIDLINE_X) / 60
    light = 1 + 0.2 * who.light * np.clip(across, -1.2, 1.2)
    out *= 1 + (light[None, :, None] - 1) * person
    out = 110 + (out - 110) * who.contrast
    if who.grain > 0:
        noise = np.random.default_rng(who.seed + 1).standard_normal((225, 400, 1)).astype(np.float32)
        out += noise * who.grain * person
    return np.clip(out, 0, 255).astype(np.float32)


@lru_cache(maxsize=48)
def layers_of(who: Identity, scale: float) -> Layers:
    """Return a subject's layers at `scale` pixels per portrait unit. They are shared: do not write to them."""

    def image(rgb: NDArray[np.float32]) -> Image:
        return in_bytes(resized(rgb, scale))

    # A little inside its outline, so that nothing of the photograph's light background shines around the hair.
    alpha = resized(np.clip((masks()[..., 0] - 0.35) / 0.6, 0, 1), scale)
    alpha8 = in_bytes(alpha * np.float32(255))
    worn = _glasses(scale)[..., None] if who.glasses else None

    def skin(rgb: Picture) -> Image:
        flat = image(_painted(who, rgb)).astype(np.float32)
        if worn is not None:
            flat += (np.array([28, 26, 30], np.float32) - flat) * worn
        return np.dstack([np.clip(flat, 0, 255).astype(np.uint8), alpha8])

    x0, y0, x1, y1 = (round(edge * scale) for edge in make.FACE_BOX)
    lit = Identity(light=who.light, contrast=who.contrast)
    return Layers(
        scale=scale,
        smiling=skin(make.smiling_skin()),
        smooth=skin(make.smooth_skin()),
        furrows=image(np.float32(255) * make.furrows())[y0:y1, x0:x1].copy(),
        eyes=image(_painted(lit, make.eyeballs())),
        mouth=image(_painted(lit, make.mouth_interior())),
        backdrop=image(make.backdrop()),
    )
