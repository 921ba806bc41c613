"""Eyes and facial measures from the face mesh: geometry of the frontalised face, no Action Units.

All lengths are in units of the distance between the eyes' middles, after the turn of the head is undone; `lid_raise` is
a share of the eye's width, and `brow_lower` of the nose's length. Left and right are the viewer's. A measure grows with
the movement that names it.
"""

from dataclasses import dataclass
from functools import cache
from math import dist, hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.measures import EYES, NAMES
from app.faces.head_pose import DEPTH, head_rotation
from app.faces.mesh_points import LEFT_IRIS, RIGHT_IRIS

Doubles = NDArray[np.float64]

_GROUPS: Final = {
    "eye": ((33, 133), (362, 263)),
    "outer_corner": ((33,), (263,)),
    "inner_corner": ((133,), (362,)),
    "iris": ((LEFT_IRIS,), (RIGHT_IRIS,)),
    "bridge": ((168, 6),) * 2,
    "inner_brow": ((107, 55), (336, 285)),
    "outer_brow": ((70, 63), (300, 293)),
    "upper_lid": ((160, 159, 158), (387, 386, 385)),
    "lower_lid": ((144, 145, 153), (373, 374, 380)),
    "cheek": ((50, 101, 118), (280, 330, 347)),
    "nostril": ((64, 98, 129), (294, 327, 358)),
    "corner": ((61,), (291,)),
    "upper_lip": ((37, 0, 267),) * 2,
    "upper_inner": ((82, 13, 312),) * 2,
    "lower_inner": ((87, 14, 317),) * 2,
    "lower_lip": ((84, 17, 314),) * 2,
    "nose_base": ((2,),) * 2,
    "chin": ((148, 152, 377),) * 2,
}
"""Parts of the face as points whose mean is their place, on the left and on the right; both alike on the midline."""
_ROWS: Final = {name: i for i, name in enumerate(_GROUPS)}
_SIDED: Final = ("inner_brow", "outer_brow", "upper_lid", "cheek", "nostril", "corner")
"""The parts whose heights `asymmetry` compares."""


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


@cache
def _means() -> tuple[NDArray[np.intp], Doubles]:
    """Return the points that are read, U of them, and the float64 2G×U matrix that averages them to the parts' places.

    Its rows are the left places in the order of `_GROUPS`, then the right ones.
    """
    places = [sides[side] for side in (0, 1) for sides in _GROUPS.values()]
    used = sorted({point for place in places for point in place})
    matrix = np.zeros((len(places), len(used)))
    for row, place in zip(matrix, places, strict=True):
        row[[used.index(point) for point in place]] = 1 / len(place)
    return np.array(used, np.intp), matrix


def _frontal_places(points: NDArray[np.floating], turn: Doubles | None) -> Doubles:
    """Return where the parts of the face are after frontalisation: float64 2×G×3. Turning and averaging commute."""
    used, means = _means()
    mesh = np.asarray(points, np.float64)
    turn = head_rotation(mesh) if turn is None else turn
    places = ((means @ mesh[used]) @ (np.array([[1.0], [1.0], [DEPTH]]) * turn)).reshape(2, len(_GROUPS), 3)
    left, right = places[:, _ROWS["eye"]]
    unit = max(float(np.linalg.norm(right - left)), 1e-9)
    return np.asarray((places - (left + right) / 2) / unit, np.float64)


def measure(points: NDArray[np.floating], turn: Doubles | None = None) -> Doubles:
    """Return the absolute values of all measures of one mesh.

    Args:
        points: 478×3, pixels of the frame.
        turn: Its `head_rotation`, if it is known.

    Returns:
        float64, in the order of `NAMES`.
    """
    face = _frontal_places(points, turn)
    values: dict[str, float] = {}
    for side, sign, places in (("left", 1, face[0]), ("right", -1, face[1])):
        values[f"eye_open_{side}"], values[f"iris_x_{side}"], values[f"iris_y_{side}"] = _eye(places, sign)
    values["lid_raise"] = (values["eye_open_left"] + values["eye_open_right"]) / 2
    values |= _movements(face)
    return np.array([values[name] for name in NAMES])


def _eye(places: Doubles, sign: int) -> tuple[float, float, float]:
    """Return the opening of an eye and the place of its iris.

    Args:
        places: float64 G×3, the parts on the eye's side.
        sign: 1 for the left eye, whose outer corner is its left one, −1 for the right one.
    """
    (ox, oy), (ix, iy), (ux, uy), (lx, ly), (px, py) = (
        places[_ROWS[name], :2].tolist() for name in ("outer_corner", "inner_corner", "upper_lid", "lower_lid", "iris")
    )
    width = max(hypot(ix - ox, iy - oy), 1e-9)
    across, down = sign * (ix - ox) / width, sign * (iy - oy) / width
    opening = max(0.0, (ly - uy) * across - (lx - ux) * down) / width
    x, y = px - (ox + ix) / 2, py - (oy + iy) / 2
    return opening, 2 * (x * across + y * down) / width, 2 * (y * across - x * down) / width


def _movements(face: Doubles) -> dict[str, float]:
    place = {name: face[:, row] for name, row in _ROWS.items()}
    sides = dict(zip(_GROUPS, zip(*(-face[:, :, 1]).tolist(), strict=True), strict=True))
    height = {name: (left + right) / 2 for name, (left, right) in sides.items()}
    lip, width = (height["upper_lip"] + height["lower_lip"]) / 2, dist(*place["corner"].tolist())
    mouth_open = height["upper_inner"] - height["lower_inner"]
    forward = (place["upper_lip"][0, 2] + place["lower_lip"][0, 2]) / 2 - place["corner"][:, 2].mean()
    # The bridge lies as far back as the brows, so that an error in the nod moves both alike.
    brow, nose = height["inner_brow"] - height["bridge"], height["bridge"] - height["nose_base"]
    return {
        "brow_raise_inner": brow,
        "brow_raise_outer": height["outer_brow"],
        "brow_lower": -brow / max(nose, 0.1),
        "cheek_raise": (height["cheek"] + height["lower_lid"]) / 2,
        "nose_wrinkle": -nose,
        "corner_pull": width + height["corner"] - height["nose_base"],
        "corner_depress": lip - height["corner"],
        "lip_stretch": width,
        "lip_press": mouth_open - (height["upper_lip"] - height["lower_lip"]),
        "mouth_open": mouth_open,
        "jaw_drop": height["nose_base"] - (height["chin"] + height["lower_lip"]) / 2,
        "pucker": -width - float(forward),
        "asymmetry": sum(abs(sides[name][0] - sides[name][1]) for name in _SIDED) / len(_SIDED),
    }


def relative(values: Doubles, neutral: Doubles | None = None) -> Doubles:
    """Turn absolute movements into movements relative to the person's neutral face.

    Args:
        values: float64 N×len(NAMES), absolute; NaN where a frame has none, or hides a part of the face.
        neutral: float64 len(NAMES), the measures of a neutral face of this person; None takes the median of each
            measure over the frames, which is right if the face is neutral most of the time.

    Returns:
        float64 of the same shape; the columns of `EYES` stay as they are.
    """
    result = values.copy()
    first = len(EYES)
    if neutral is None:
        seen = np.isfinite(values)
        neutral = np.array(
            [np.median(column[ok]) if ok.any() else 0.0 for column, ok in zip(values.T, seen.T, strict=True)]
        )
    result[:, first:] -= neutral[first:]
    return result
