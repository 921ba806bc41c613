"""The places where the skin parts: mouth and eyes. Each has two edges over x, with another layer between them.

A dense field cannot open a mouth, because it would smear teeth into lips. The edges therefore move first, along the
columns of the portrait and in closed form. Skin beside an edge follows it, less and less up to a distance of `reach`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.landmarks import landmarks
from app.synthetic.parameters import INDEX, Parameters

Curve = NDArray[np.float32]
_MARGIN: Final = 8
"""How many columns beyond its corners a slit is tabulated for."""


@dataclass(frozen=True, eq=False)
class Slit:
    """One opening at rest in the photograph; its curves have one value per portrait unit from `x0`.

    Attributes:
        x0: The first column, portrait units.
        upper: float32 N, y of the upper edge.
        lower: float32 N, y of the lower edge; it equals `upper` at and beyond the corners.
        profile: float32 N, 1 in the middle, 0 at the corners and beyond.
        reach_up: How far above the upper edge the skin follows it, in portrait units.
        reach_down: How far below the lower edge the skin follows it, in portrait units.
    """

    x0: float
    upper: Curve
    lower: Curve
    profile: Curve
    reach_up: float
    reach_down: float

    @property
    def gap(self) -> Curve:
        """Return the distance between the edges in the photograph, float32 N ≥ 0."""
        return self.lower - self.upper


@dataclass(frozen=True, eq=False)
class Opening:
    """The movement of both edges of a slit in one frame.

    Attributes:
        slit: The opening at rest.
        upper: float32 N, displacement of the upper edge, positive down.
        lower: float32 N, displacement of the lower edge, positive down.
    """

    slit: Slit
    upper: Curve
    lower: Curve


def _curve(points: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.interp(x, points[:, 0], points[:, 1])


def _slit(upper: str, lower: str, reach_up: float, reach_down: float) -> Slit:
    marks = landmarks()
    first, last = marks[upper][0, 0], marks[upper][-1, 0]
    x = np.arange(np.floor(first) - _MARGIN, np.ceil(last) + _MARGIN + 1)
    up, low = _curve(marks[upper], x), _curve(marks[lower], x)
    t = (2 * x - first - last) / (last - first)
    profile = np.clip(1 - t**2, 0, None) ** 0.75
    low = np.maximum(low, up)
    return Slit(
        float(x[0]), up.astype(np.float32), low.astype(np.float32), profile.astype(np.float32), reach_up, reach_down
    )


@cache
def slits() -> tuple[Slit, Slit, Slit]:
    """Return the slits of the mouth, of the eye on the picture's left, and of the eye on its right."""
    return (
        _slit("mouth_upper_inner", "mouth_lower_inner", 11.0, 24.0),
        _slit("eye_r_upper", "eye_r_lower", 7.5, 8.0),
        _slit("eye_l_upper", "eye_l_lower", 7.0, 8.0),
    )


def _ordered(slit: Slit, upper: Curve, lower: Curve) -> Opening:
    """Return the opening with edges that may touch but do not cross: where they would, both stop half-way."""
    crossing = np.maximum(slit.upper + upper - slit.lower - lower, 0)
    # An edge that moved by its whole reach would press the skin beside it to nothing.
    up = np.clip(upper - crossing / 2, -0.8 * slit.reach_up, None)
    low = np.clip(lower + crossing / 2, None, 0.8 * slit.reach_down)
    return Opening(slit, up.astype(np.float32), low.astype(np.float32))


def mouth_opening(row: Parameters) -> Opening:
    """Return the mouth's edges for one row of parameters; `lips_part` = 1 gives the parted lips of the photograph."""
    slit = slits()[0]
    part, jaw, press = row[INDEX["lips_part"]], row[INDEX["jaw_drop"]], row[INDEX["lip_press"]]
    raised = row[INDEX["upper_lip"]] + 0.5 * row[INDEX["nose_wrinkle"]]
    closing = slit.gap * (1 - part)
    upper = 0.55 * closing - slit.profile * (1.6 * jaw + 1.2 * part * raised)
    lower = -0.45 * closing + slit.profile * (8.5 * jaw)
    return _ordered(slit, upper - 0.4 * press * slit.profile, lower - 0.4 * press * slit.profile)


def eye_openings(row: Parameters, ease: float = 0.0) -> tuple[Opening, Opening]:
    """Return the edges of both eyes for one row of parameters, that on the picture's left first.

    Args:
        row: float32 (P,), the parameters.
        ease: How much lower the lower lids hang than in the smiling photograph, in portrait units.
    """
    close, wide, tight = row[INDEX["lid_close"]], row[INDEX["lid_raise"]], row[INDEX["lid_tight"]]
    tight = tight + 0.6 * row[INDEX["cheek_raise"]]
    out = []
    for slit in slits()[1:]:
        lower = slit.profile * (ease - 1.5 * tight + 0.5 * wide)
        upper = slit.profile * (-2.3 * wide + 0.4 * tight)
        gap = slit.gap + lower - upper
        out.append(_ordered(slit, upper + 0.9 * close * gap, lower - 0.1 * close * gap))
    return out[0], out[1]


def unparted(
    opening: Opening, x: NDArray[np.float32], y: NDArray[np.float32], pixel: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return where skin at (x, y) lies in the photograph before an opening, and how much of each pixel is not skin.

    Args:
        opening: The moved edges.
        x: float32 H×W, x in the portrait's frame after the opening.
        y: float32 H×W, y in the portrait's frame after the opening.
        pixel: Size of an output pixel in portrait units; edges are softened over one pixel.

    Returns:
        y in the photograph (x does not change), how much the layer behind covers (0–1), and the depth below the upper
        edge, each H×W.
    """
    slit = opening.slit
    # All four curves are read at once, linearly between columns; beyond its ends a slit stays as at its ends.
    curves = np.stack([slit.upper, slit.lower, opening.upper, opening.lower], axis=-1)[None]
    column = x - np.float32(slit.x0)
    read = cv2.remap(curves, column, np.zeros_like(column), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    edge_up, edge_low, move_up, move_low = (np.ascontiguousarray(read[..., i], np.float32) for i in range(4))
    above = edge_up + move_up - y
    below = y - edge_low - move_low
    source_above = edge_up - above * slit.reach_up / np.maximum(slit.reach_up + move_up, 0.5)
    source_below = edge_low + below * slit.reach_down / np.maximum(slit.reach_down - move_low, 0.5)
    upper_side = above >= below
    source = np.where(
        upper_side,
        np.where(above < slit.reach_up + move_up, source_above, y),
        np.where(below < slit.reach_down - move_low, source_below, y),
    )
    # Inside the opening the skin layer shows its nearest edge, so that softened edge pixels mix with lip and lid.
    source = np.where(upper_side, np.minimum(source, edge_up), np.maximum(source, edge_low))
    width = np.float32(pixel)
    cover = np.clip(-above / width + 0.5, 0, 1) * np.clip(-below / width + 0.5, 0, 1)
    cover *= np.clip((edge_low + move_low - edge_up - move_up) / (0.6 * width), 0, 1)
    return source.astype(np.float32), cover.astype(np.float32), -above
