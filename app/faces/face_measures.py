"""Eyes and facial measures from the face mesh: geometry of the frontalised face, no Action Units.

All lengths are in units of the distance between the eyes' middles, after the turn of the head is undone. Left and right
are the viewer's. A measure grows with the movement that names it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.measures import EYES, NAMES
from app.faces.head_pose import frontalised
from app.faces.mesh_points import LEFT_IRIS, LEFT_LIDS, RIGHT_IRIS, RIGHT_LIDS

Doubles = NDArray[np.float64]

_INNER_BROW: Final = ((107, 55), (336, 285))
_OUTER_BROW: Final = ((70, 63), (300, 293))
_BROW: Final = ((52, 65, 55, 66, 107), (282, 295, 285, 296, 336))
_UPPER_LID: Final = ((160, 159, 158), (387, 386, 385))
_LOWER_LID: Final = ((144, 145, 153), (373, 374, 380))
_CHEEK: Final = ((50, 101, 118), (280, 330, 347))
_NOSTRIL: Final = ((64, 98, 129), (294, 327, 358))
_CORNER: Final = (61, 291)
_UPPER_LIP, _UPPER_INNER, _LOWER_INNER, _LOWER_LIP = (37, 0, 267), (82, 13, 312), (87, 14, 317), (84, 17, 314)
_NOSE_BASE, _CHIN = 2, (148, 152, 377)


@dataclass(frozen=True, eq=False)
class Measures:
    """Measures of one face over frames.

    Attributes:
        names: Names of the columns.
        values: float64 N×len(names).
    """

    names: tuple[str, ...]
    values: Doubles

    def column(self, name: str) -> Doubles:
        """Return the values of one measure: float64 N."""
        return self.values[:, self.names.index(name)]


def measure(points: NDArray[np.floating]) -> Doubles:
    """Return the absolute values of all measures of one mesh.

    Args:
        points: 478×3, pixels of the frame.

    Returns:
        float64, in the order of `NAMES`.
    """
    face = frontalised(points)
    eyes = [_eye(face, LEFT_LIDS, _UPPER_LID[0], _LOWER_LID[0], LEFT_IRIS)]
    eyes.append(_eye(face, RIGHT_LIDS, _UPPER_LID[1], _LOWER_LID[1], RIGHT_IRIS))
    values = {
        "eye_open_left": eyes[0][0],
        "eye_open_right": eyes[1][0],
        **dict(zip(("iris_x_left", "iris_y_left"), eyes[0][1], strict=True)),
        **dict(zip(("iris_x_right", "iris_y_right"), eyes[1][1], strict=True)),
        **_movements(face),
    }
    return np.array([values[name] for name in NAMES])


def _height(face: Doubles, places: tuple[int, ...]) -> float:
    """Return how far above the line of the eyes points lie on average."""
    return -float(face[list(places), 1].mean())


def _both(face: Doubles, places: tuple[tuple[int, ...], tuple[int, ...]]) -> float:
    return (_height(face, places[0]) + _height(face, places[1])) / 2


def _eye(
    face: Doubles, lids: tuple[int, ...], upper: tuple[int, ...], lower: tuple[int, ...], iris: int
) -> tuple[float, Doubles]:
    outer, inner = face[lids[0], :2], face[lids[8], :2]
    left, right = (outer, inner) if outer[0] < inner[0] else (inner, outer)
    across = right - left
    width = max(float(np.hypot(*across)), 1e-9)
    across /= width
    gap = (face[list(lower), :2] - face[list(upper), :2]).mean(axis=0)
    opening = max(0.0, float(gap @ (-across[1], across[0]))) / width
    offset = face[iris, :2] - (left + right) / 2
    place = np.array([offset @ across, offset @ (-across[1], across[0])]) / (width / 2)
    return opening, place


def _movements(face: Doubles) -> dict[str, float]:
    lid_gap = _both(face, _UPPER_LID) - _both(face, _LOWER_LID)
    width = float(np.linalg.norm(face[_CORNER[1]] - face[_CORNER[0]]))
    corners_up = _both(face, ((_CORNER[0],), (_CORNER[1],)))
    upper, lower = _height(face, _UPPER_LIP), _height(face, _LOWER_LIP)
    mouth_open = _height(face, _UPPER_INNER) - _height(face, _LOWER_INNER)
    red = upper - lower - mouth_open
    brows_apart = float(
        np.linalg.norm(face[list(_INNER_BROW[1])].mean(axis=0) - face[list(_INNER_BROW[0])].mean(axis=0))
    )
    lips = face[[*_UPPER_LIP, *_LOWER_LIP], 2].mean() - face[list(_CORNER), 2].mean()
    sides = (_INNER_BROW, _OUTER_BROW, _UPPER_LID, _CHEEK, _NOSTRIL, ((_CORNER[0],), (_CORNER[1],)))
    return {
        "brow_raise_inner": _both(face, _INNER_BROW),
        "brow_raise_outer": _both(face, _OUTER_BROW),
        "brow_lower": -(_both(face, _BROW) + brows_apart) / 2,
        "lid_raise": lid_gap,
        "cheek_raise": _both(face, _CHEEK),
        "nose_wrinkle": _both(face, _NOSTRIL),
        "corner_pull": width / 2 + corners_up - (upper + lower) / 2,
        "corner_depress": (upper + lower) / 2 - corners_up,
        "lip_stretch": width,
        "lip_press": -red,
        "mouth_open": mouth_open,
        "jaw_drop": _height(face, (_NOSE_BASE,)) - (_height(face, _CHIN) + lower) / 2,
        "pucker": -width - float(lips),
        "asymmetry": float(np.mean([abs(_height(face, a) - _height(face, b)) for a, b in sides])),
    }


def relative(values: Doubles, neutral: Doubles | None = None) -> Doubles:
    """Turn absolute movements into movements relative to the person's neutral face.

    Args:
        values: float64 N×len(NAMES), absolute; NaN where a frame has none.
        neutral: float64 len(NAMES), the measures of a neutral face of this person; None takes the median of each
            measure over the frames, which is right if the face is neutral most of the time.

    Returns:
        float64 of the same shape; the columns of `EYES` stay as they are.
    """
    result = values.copy()
    first = len(EYES)
    if neutral is None:
        seen = np.isfinite(values).all(axis=1)
        if not seen.any():
            return result
        neutral = np.asarray(np.median(values[seen], axis=0))
    result[:, first:] -= neutral[first:]
    return result
