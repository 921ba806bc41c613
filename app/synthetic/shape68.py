"""The 68 landmarks that other tools use, in the order of iBUG 300-W, known exactly on a rendered face."""

import numpy as np
from numpy.typing import NDArray

from app.synthetic.landmarks import Points, landmarks
from app.synthetic.parameters import Parameters
from app.synthetic.slits import Opening, eye_openings, mouth_opening
from app.synthetic.view import FacePlace

_PAIRS = (
    (0, 16), (1, 15), (2, 14), (3, 13), (4, 12), (5, 11), (6, 10), (7, 9), (17, 26), (18, 25), (19, 24), (20, 23),
    (21, 22), (31, 35), (32, 34), (36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46), (48, 54), (49, 53),
    (50, 52), (55, 59), (56, 58), (60, 64), (61, 63), (65, 67),
)  # fmt: skip
"""Points that change places when a face is mirrored."""


def _along(points: Points, shares: tuple[float, ...]) -> Points:
    """Return the points that lie at the given shares of an outline's length."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.array(shares) * length[-1]
    return np.column_stack([np.interp(at, length, points[:, 0]), np.interp(at, length, points[:, 1])])


def _edge(opening: Opening, upper: bool, first: float, last: float, shares: tuple[float, ...]) -> Points:
    """Return points on a moved edge of an opening, at the given shares of its width."""
    slit = opening.slit
    x = first + (last - first) * np.array(shares)
    edge, move = (slit.upper, opening.upper) if upper else (slit.lower, opening.lower)
    return np.column_stack([x, np.interp(x, slit.x0 + np.arange(len(edge)), edge + move)])


def _unposed(row: Parameters) -> NDArray[np.float32]:
    """Return all 68 points after the openings and before skin field and pose, float32 68×2 in portrait units."""
    marks = landmarks()
    fifths = (0.0, 0.25, 0.5, 0.75, 1.0)
    parts = [marks["jaw"], _along(marks["brow_r"], fifths), _along(marks["brow_l"], fifths)]
    parts += [marks["nose_bridge"], marks["nose_base"]]
    for opening, side in zip(eye_openings(row), ("r", "l"), strict=True):
        first, last = marks[f"eye_{side}_upper"][0, 0], marks[f"eye_{side}_upper"][-1, 0]
        parts.append(_edge(opening, True, first, last, (0.0, 0.33, 0.67, 1.0)))
        parts.append(_edge(opening, False, first, last, (0.67, 0.33)))
    upper, lower = marks["mouth_upper_outer"], marks["mouth_lower_outer"]
    parts.append(_along(upper, (0.0, 0.17, 0.37, 0.5, 0.63, 0.83, 1.0)))
    parts.append(_along(lower, (0.82, 0.65, 0.5, 0.35, 0.18)))
    mouth = mouth_opening(row)
    first, last = marks["mouth_upper_inner"][0, 0], marks["mouth_upper_inner"][-1, 0]
    parts.append(_edge(mouth, True, first, last, (0.05, 0.35, 0.5, 0.65, 0.95)))
    parts.append(_edge(mouth, False, first, last, (0.65, 0.5, 0.35)))
    return np.vstack(parts).astype(np.float32)


def landmarks68(place: FacePlace, row: Parameters) -> NDArray[np.float32]:
    """Return where the 68 points lie in the picture of a row of parameters.

    Returns:
        float32 68×2 (x, y) in output pixels, numbered as iBUG does: the jaw runs from the viewer's left to right.
    """
    pixels = place.moved(_unposed(row), row)
    if place.who.flipped:
        swap = np.arange(68)
        for a, b in _PAIRS:
            swap[[a, b]] = b, a
        pixels = pixels[swap]
    return pixels
