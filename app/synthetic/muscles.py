"""The muscles of the face: which landmarks each parameter moves, and how far, in portrait units at full strength.

The directions and the groups of points that move together follow the action units of the Facial Action Coding System.
The distances were chosen by eye on the rendered portrait.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.synthetic.geometry import MIDLINE_X, Moves, basis_fields, control_points

Array = NDArray[np.float64]


def _group(name: str, *moves: tuple[float, float]) -> Moves:
    """Return displacements of a whole group, one (dx, dy) per point; a single one holds for all points."""
    n = len(control_points()[name])
    return {name: np.array(moves * n if len(moves) == 1 else moves, np.float64)}


def _mirror(name: str, *outwards: tuple[float, float]) -> Moves:
    """Return displacements of a left and right pair of groups.

    The displacements are given from the outside of the face inwards; a positive dx points away from the middle.
    """
    right = np.array(outwards, np.float64) * (-1, 1)
    left = np.array(outwards, np.float64)
    # Outlines on the picture's left are stored from the outside in, those on its right from the inside out.
    return {f"{name}_r": right, f"{name}_l": left if name == "fold" else left[::-1]}


def _sides(name: str, dx: float, dy: float) -> Moves:
    """Return displacements of groups of two points (such as the cheeks); a positive dx points away from the middle."""
    side = np.sign(control_points()[name][:, 0] - MIDLINE_X)
    return {name: np.column_stack([side * dx, np.full(len(side), dy)])}


def _lips(corner: tuple[float, float], upper: tuple[float, float], lower: tuple[float, float]) -> Moves:
    """Return displacements of the outer outlines of both lips; a positive dx points away from the middle.

    `upper` and `lower` move the middle of the lips, `corner` moves both corners.
    """
    moves: Moves = {}
    for name, middle in (("mouth_upper_outer", upper), ("mouth_lower_outer", lower)):
        points = control_points()[name]
        t = (points[:, 0] - MIDLINE_X) / 21.5
        near = np.abs(t) ** 2
        dx = np.sign(t) * np.abs(t) * corner[0] + t * (1 - near) * middle[0]
        moves[name] = np.column_stack([dx, near * corner[1] + (1 - near) * middle[1]])
    return moves


def _half(moves: Moves, side: int) -> Moves:
    """Return only the displacements to the left (−1) or right (1) of the middle, with a soft transition."""
    out: Moves = {}
    for name, move in moves.items():
        t = (control_points()[name][:, 0] - MIDLINE_X) * side / 6.0
        out[name] = move / (1 + np.exp(-t))[:, None]
    return out


@cache
def smile_moves() -> Moves:
    """Return the displacements from a neutral mouth to the smile of the photograph.

    Subtracted from the photograph they give the neutral face.
    """
    moves = _lips((4.8, -8.0), (0.0, -0.6), (0.0, -0.6))
    moves |= _mirror("fold", (0.4, -1.2), (1.4, -2.9), (3.0, -5.2), (4.1, -6.9), (4.5, -7.7))
    moves |= _sides("cheek", 0.8, -2.8) | _sides("under_eye", 0.0, -1.4)
    moves |= _group("nose_base", (-1.2, -0.6), (-0.6, -0.3), (0.0, 0.0), (0.6, -0.3), (1.2, -0.6))
    jaw = np.zeros_like(control_points()["jaw"])
    jaw[2:6] = (-0.8, -0.6)
    jaw[-6:-2] = (0.8, -0.6)
    return moves | {"jaw": jaw}


def _jaw_drop() -> Moves:
    jaw = control_points()["jaw"]
    low = np.clip((jaw[:, 1] - 112) / (177 - 112), 0, 1)
    moves: Moves = {"jaw": np.column_stack([-(jaw[:, 0] - MIDLINE_X) * 0.06 * low, 8.5 * low**2])}
    moves |= _lips((-2.8, 4.2), (0.0, 0.0), (0.0, 3.0))
    moves |= _group("chin_pad", (0.0, 7.6))
    return moves | _mirror("fold", (0.0, 0.2), (-0.4, 0.8), (-1.1, 2.0), (-2.0, 3.2), (-2.5, 3.9))


def _muscles() -> dict[str, Moves]:
    smile = smile_moves()
    skew = {g: m * 0.55 for g, m in _half(smile, 1).items()}
    for group, move in _half(smile, -1).items():
        skew[group] = skew[group] - 0.55 * move
    return {
        "smile": smile,
        "smile_skew": skew,
        "frown": _lips((-0.2, 4.0), (0.0, -1.1), (0.0, -1.1))
        | _mirror("fold", (0.0, 0.2), (0.0, 1.0), (0.0, 2.2), (-0.1, 3.2), (-0.2, 3.8)),
        "mouth_wide": _lips((4.2, 0.8), (0.3, 0.5), (0.3, -0.4))
        | _mirror("fold", (0.0, 0.0), (0.4, 0.1), (1.2, 0.3), (2.2, 0.4), (3.0, 0.6)),
        "lip_press": _lips((0.6, 0.2), (0.0, 2.0), (0.0, -2.6)) | _group("chin_pad", (0.0, -1.4)),
        "upper_lip": _lips((0.4, -0.4), (0.6, -2.6), (0.0, 0.0))
        | _group("nose_base", (-0.8, -1.2), (-0.5, -0.8), (0.0, -0.6), (0.5, -0.8), (0.8, -1.2))
        | _mirror("fold", (0.6, -1.6), (0.6, -1.6), (0.4, -1.2), (0.2, -0.8), (0.0, -0.2)),
        "chin_raise": _group("chin_pad", (0.0, -3.4)) | _lips((-0.3, 0.8), (0.0, -0.8), (0.0, -2.2)),
        "jaw_drop": _jaw_drop(),
        "brow_inner": _mirror("brow", (0.0, 0.2), (0.0, -0.5), (0.0, -1.6), (-0.2, -3.0), (-0.4, -4.0), (-0.6, -4.6))
        | _mirror("crease", (0.0, 0.0), (0.0, -0.7), (0.0, -1.4), (0.0, -2.0))
        | _group("bangs", (0.0, -0.6), (0.0, -1.6), (0.0, -2.4), (0.0, -1.6), (0.0, -0.6)),
        "brow_outer": _mirror("brow", (0.5, -2.8), (0.3, -3.5), (0.2, -3.6), (0.0, -2.8), (0.0, -1.6), (0.0, -0.6))
        | _mirror("crease", (0.0, -1.5), (0.0, -1.7), (0.0, -1.2), (0.0, -0.4))
        | _group("bangs", (0.0, -2.4), (0.0, -1.6), (0.0, -1.0), (0.0, -1.6), (0.0, -2.4)),
        "brow_lower": _mirror("brow", (-0.3, 0.6), (-0.6, 1.6), (-1.0, 2.8), (-1.5, 3.8), (-2.2, 4.6), (-2.8, 5.0))
        | _mirror("crease", (0.0, 0.4), (0.0, 1.0), (-0.2, 1.6), (-0.4, 2.2))
        | _group("bangs", (0.0, 0.4), (0.0, 1.2), (0.0, 1.6), (0.0, 1.2), (0.0, 0.4)),
        "cheek_raise": _sides("cheek", 0.4, -2.6)
        | _sides("under_eye", 0.0, -2.0)
        | _mirror("fold", (0.4, -1.0), (0.4, -1.2), (0.4, -1.0), (0.2, -0.6), (0.0, -0.2)),
        "nose_wrinkle": {"nose_bridge": np.array([(0.0, 0.6), (0.0, -0.8), (0.0, -1.8), (0.0, -2.6)])}
        | _group("nose_base", (-0.9, -2.8), (-0.5, -2.6), (0.0, -2.4), (0.5, -2.6), (0.9, -2.8))
        | _lips((0.0, -0.6), (0.0, -1.8), (0.0, -0.2))
        | _mirror("brow", (0.0, 0.2), (0.0, 0.6), (-0.2, 1.2), (-0.4, 1.8), (-0.8, 2.4), (-1.0, 2.8))
        | _mirror("fold", (0.8, -2.2), (0.6, -1.8), (0.4, -1.0), (0.0, -0.4), (0.0, 0.0)),
    }


@cache
def muscle_basis() -> NDArray[np.float32]:
    """Return one field for each parameter that moves skin, float32 K×rows×columns×2, as `geometry.Fields` holds them.

    The array is shared: do not write to it.
    """
    basis = basis_fields(_muscles())
    basis.flags.writeable = False
    return basis
