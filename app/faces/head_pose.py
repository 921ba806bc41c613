"""Head pose from the face mesh: yaw, pitch and roll in degrees, in OpenFace's convention.

Axes: x to the viewer's right, y down, z away from the camera. The rotation is R = Rx(pitch) · Ry(yaw) · Rz(roll), as
OpenFace has it (Baltrušaitis, Zadeh, Lim and Morency 2018). Pitch is positive when the head looks down, yaw when it
turns to the person's own right (the nose moves to the viewer's left), roll when it tilts clockwise as the viewer sees
it. All are zero when the face looks along the camera's axis and stands upright as MediaPipe's canonical face does.
"""

import csv
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.faces.mesh_points import BROWS, LEFT_LIDS, N_MESH, RIGHT_LIDS
from app.paths import SHIPPED_MODELS

Doubles = NDArray[np.float64]

FIELD_OF_VIEW_DEG: Final = 65.2
"""Horizontal field of view in degrees where none is known. OpenFace assumes it (a focal length of 500 for a width of
640)."""

DEPTH: Final = 1.45
"""Factor by which the mesh's depth is stretched first, because the network's depth changes too little in a turn.
The value is the one with which a drawn face of known yaw is measured right (`tests/faces/test_head_pose.py`)."""
UPWARD: Final = 1.12
"""Factor for a pitch upwards, of which the network shows too little. Least squares over eight drawn faces at 10 to 30
degrees (`tests/faces/drawn_pose.py`); the face of `tests/faces/test_head_pose.py` is none of them."""
_RIGID_ABOVE: Final = 1.2
"""Centimetres below the neutral face's origin (near the tip of the nose). The upper lip begins lower."""


@dataclass(frozen=True)
class HeadPose:
    """The angles of a head in degrees.

    Attributes:
        yaw_deg: Positive where the person turns to their own right.
        pitch_deg: Positive where the head looks down.
        roll_deg: Positive clockwise as the viewer sees it.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@cache
def neutral_face() -> Doubles:
    """Return the average face: float64 468×3, read-only, with x right, y down and z away.

    Source: `models_onnx/face_mesh/neutral.csv`.
    """
    with (SHIPPED_MODELS / "face_mesh" / "neutral.csv").open(encoding="utf-8", newline="") as file:
        points = np.array([[row["x"], row["y"], row["z"]] for row in csv.DictReader(file)], np.float64)
    points.setflags(write=False)
    return points


@cache
def mirror_points() -> NDArray[np.intp]:
    """Return for each of the 468 points the number of the point that takes its place in a mirror image."""
    with (SHIPPED_MODELS / "face_mesh" / "neutral.csv").open(encoding="utf-8", newline="") as file:
        mirror = np.array([row["mirror"] for row in csv.DictReader(file)], np.intp)
    mirror.setflags(write=False)
    return mirror


@cache
def rigid_points() -> NDArray[np.intp]:
    """Return the points that hardly move with the face's muscles: those above the upper lip, without lids and brows."""
    moving = {*LEFT_LIDS, *RIGHT_LIDS, *BROWS}
    rows = [i for i, y in enumerate(neutral_face()[:, 1].tolist()) if y < _RIGID_ABOVE and i not in moving]
    return np.array(rows, np.intp)


@cache
def _rigid_shape() -> tuple[NDArray[np.intp], Doubles]:
    """Return the rigid points of the neutral face, and their places around their middle: float64 3×N."""
    rigid = rigid_points()
    shape = neutral_face()[rigid]
    return rigid, np.ascontiguousarray((shape - shape.mean(axis=0)).T)


def head_rotation(points: NDArray[np.floating]) -> Doubles:
    """Return the rotation of the head as seen from the camera.

    Args:
        points: 478×3 or 468×3, a mesh in pixels of the frame.

    Returns:
        float64 3×3, from the neutral face's axes to the camera's, for a camera that points at the face.
    """
    rigid, shape = _rigid_shape()
    # Umeyama 1991. The mesh need not be moved to its middle, because the shape is.
    u, _, vt = np.linalg.svd((shape @ np.asarray(points[rigid], np.float64)).T * [[1.0], [1.0], [DEPTH]])
    u[:, 2] *= np.sign(np.linalg.det(u @ vt))
    rotation: Doubles = u @ vt
    return rotation


def frontalised(points: NDArray[np.floating], turn: Doubles | None = None) -> Doubles:
    """Return the mesh turned to the front, in units of the distance between the eyes' middles.

    Args:
        points: 478×3 or 468×3, a mesh in pixels of the frame.
        turn: Its `head_rotation`, if it is known.

    Returns:
        float64 of the same shape, x right, y down, z away; the origin is the middle between the eyes.
    """
    mesh = np.asarray(points, np.float64)
    turned: Doubles = mesh * (1, 1, DEPTH) @ (head_rotation(mesh) if turn is None else turn)
    left, right = turned[[33, 133]].mean(axis=0), turned[[362, 263]].mean(axis=0)
    unit = max(float(np.linalg.norm(right - left)), 1e-9)
    return np.asarray((turned - (left + right) / 2) / unit, np.float64)


def head_pose(
    points: NDArray[np.floating],
    width: int,
    height: int,
    field_of_view_deg: float = FIELD_OF_VIEW_DEG,
    turn: Doubles | None = None,
) -> HeadPose:
    """Return the head pose relative to the camera's axis.

    Args:
        points: 478×3 or 468×3, a mesh in pixels of the frame.
        width: Width of the frame in pixels.
        height: Height of the frame in pixels.
        field_of_view_deg: Horizontal field of view of the camera. A face beside the middle of the picture that looks
            straight ahead shows the camera its side; the field of view says how much of it.
        turn: Its `head_rotation`, if it is known.

    Returns:
        The angles.
    """
    mesh = np.asarray(points, np.float64)
    focal = width / 2 / np.tan(np.deg2rad(field_of_view_deg) / 2)
    x, y = mesh[:N_MESH, :2].mean(axis=0) - ((width - 1) / 2, (height - 1) / 2)
    seen = euler(head_rotation(mesh) if turn is None else turn)
    if seen.pitch_deg < 0:
        seen = replace(seen, pitch_deg=UPWARD * seen.pitch_deg)
    return euler(_towards(np.array([x, y, focal])) @ rotation(seen))


def head_position(
    points: NDArray[np.floating],
    pose: HeadPose,
    width: int,
    height: int,
    field_of_view_deg: float = FIELD_OF_VIEW_DEG,
) -> Doubles:
    """Return the place of a head before the camera in millimetres, for a head of average size.

    Args:
        points: 468×2 or more, a mesh in pixels of the frame.
        pose: Its pose relative to the camera's axis, as `head_pose` gives it.
        width: Width of the frame in pixels.
        height: Height of the frame in pixels.
        field_of_view_deg: Horizontal field of view of the camera.

    Returns:
        float64 3: x to the viewer's right, y down, z away from the camera, which is the origin. The place is that of
        the neutral face's origin, behind the tip of the nose.
    """
    focal = width / 2 / np.tan(np.deg2rad(field_of_view_deg) / 2)
    flat = np.asarray(points, np.float64)[:N_MESH, :2] - ((width - 1) / 2, (height - 1) / 2)
    seen = _towards(np.array([*flat.mean(axis=0), focal])).T @ rotation(pose)
    shape = (neutral_face() @ seen.T)[:, :2]
    rigid = rigid_points()
    ours, theirs = shape[rigid] - shape[rigid].mean(axis=0), flat[rigid] - flat[rigid].mean(axis=0)
    scale = max(float((ours * theirs).sum() / (ours * ours).sum()), 1e-9)  # pixels per centimetre
    x, y = flat[rigid].mean(axis=0) - scale * shape[rigid].mean(axis=0)
    return np.array([x, y, focal]) * (10 / scale)


def rotation(pose: HeadPose) -> Doubles:
    """Return the rotation matrix of a head pose: float64 3×3."""
    (cx, cy, cz), (sx, sy, sz) = (
        f(np.deg2rad([pose.pitch_deg, pose.yaw_deg, pose.roll_deg])) for f in (np.cos, np.sin)
    )
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1.0]])
    matrix: Doubles = about_x @ about_y @ about_z
    return matrix


def euler(matrix: Doubles) -> HeadPose:
    """Return the head pose of a rotation matrix, float64 3×3."""
    yaw = np.arcsin(np.clip(matrix[0, 2], -1, 1))
    pitch, roll = np.arctan2(-matrix[1, 2], matrix[2, 2]), np.arctan2(-matrix[0, 1], matrix[0, 0])
    return HeadPose(*(float(np.rad2deg(value)) for value in (yaw, pitch, roll)))


def _towards(ray: Doubles) -> Doubles:
    """Return the shortest rotation from the camera's axis to a ray, float64 3×3."""
    z = ray / np.linalg.norm(ray)
    axis = np.array([-z[1], z[0], 0.0])
    cross = np.array([[0, 0, axis[1]], [0, 0, -axis[0]], [-axis[1], axis[0], 0]])
    matrix: Doubles = np.eye(3) + cross + cross @ cross / (1 + z[2])
    return matrix
