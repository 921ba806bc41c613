"""Which pixels a face covers, from its mesh: to the edge of the jaw, of turned and tilted heads, too.

The mesh is a surface of triangles. What it covers in the picture is the face as the camera sees it, whichever way the
head is turned: neither background beside a profile nor a cut chin. The mesh ends in the middle of the forehead; a strip
that leans back as a forehead does carries on to the average hairline.
"""

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.face_outline import TOP
from app.faces.head_pose import neutral_face, rigid_points
from app.faces.mesh_points import N_MESH, OUTLINE

Doubles = NDArray[np.float64]

FADE: Final = 0.025
"""Width of the fade within the edge as a share of the face's longer side. A hard edge would draw the eye."""
_FINE: Final = 4
"""Fractions of a pixel that OpenCV draws, as a power of two."""
_UPPER: Final = (127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356)
"""The outline over the forehead from the left temple to the right one."""
_LEAN: Final = 0.5
"""How far the forehead above the mesh runs back for each centimetre upwards."""
_FOLDED: Final = 0.12
"""How far the sides of the face are unfolded for each centimetre of depth before neighbours are joined."""


@cache
def surface() -> NDArray[np.intp]:
    """Return the triangles of the face: numbers of points, T×3, of the mesh's points and then those of the hairline.

    The triangles of the mesh join neighbours of the neutral face as seen from the front (Delaunay 1934).
    """
    from scipy.spatial import Delaunay

    face = neutral_face()
    flat = face[:, :2] * (1 + _FOLDED * (face[:, 2:] - face[:, 2].min()))
    triangles = np.asarray(Delaunay(flat).simplices, np.intp)
    ring = flat[list(OUTLINE)].astype(np.float32)
    inside = [cv2.pointPolygonTest(ring, (float(x), float(y)), False) >= 0 for x, y in flat[triangles].mean(axis=1)]
    strip = []
    for i in range(len(_UPPER) - 1):
        left, right = N_MESH + i, N_MESH + i + 1
        strip += [(_UPPER[i], _UPPER[i + 1], left), (left, right, _UPPER[i + 1])]
    return np.concatenate([triangles[np.array(inside)], np.array(strip, np.intp)])


@cache
def _to_hairline() -> Doubles:
    """Return the steps from the outline over the forehead to the hairline, centimetres of the neutral face: 3×15."""
    face = neutral_face()
    eyes, mouth = face[[33, 133, 362, 263], 1].mean(), face[[61, 291], 1].mean()
    missing = max(TOP * (mouth - eyes) - (eyes - face[10, 1]), 0.0)
    x = face[list(_UPPER), 0]
    up = missing * np.sqrt(np.maximum(1 - (x / np.abs(x).max()) ** 2, 0))
    return np.stack([np.zeros_like(up), -up, _LEAN * up])


@cache
def _camera_of() -> Doubles:
    """Return the matrix that finds the camera of a mesh: 4×R, the rigid points of the neutral face inverted."""
    shape = neutral_face()[rigid_points()]
    return np.linalg.pinv(np.column_stack([shape, np.ones(len(shape))]))


def corners_of(points: NDArray[np.floating]) -> Doubles:
    """Return the corners of `surface` in a picture: float64 483×2, the mesh's points and the hairline's.

    Args:
        points: 468×2 or more, the mesh in pixels of the picture.
    """
    mesh = np.asarray(points, np.float64)[:N_MESH, :2]
    # Far from the camera a head is seen as if all of it were equally far: the picture is linear in the head's axes.
    camera = _camera_of() @ mesh[rigid_points()]
    return np.concatenate([mesh, mesh[list(_UPPER)] + _to_hairline().T @ camera[:3]])


def covered(points: NDArray[np.floating], height: int, width: int) -> NDArray[np.bool_]:
    """Return which pixels of a picture a face covers: bool H×W.

    Args:
        points: 468×2 or more, the mesh in pixels of the picture, centres at whole numbers.
        height: Height of the picture.
        width: Width of the picture.
    """
    canvas = np.zeros((height, width), np.uint8)
    for triangle in np.rint(corners_of(points) * (1 << _FINE)).astype(np.int32)[surface()]:
        cv2.fillConvexPoly(canvas, triangle, 1, shift=_FINE)
    return canvas > 0


def face_share(points: NDArray[np.floating], height: int, width: int) -> NDArray[np.float32]:
    """Return how much of each pixel is shown where only a face is shown.

    It is 1 within the face, fades towards the face's edge, and is 0 on every pixel that the face does not cover.

    Args:
        points: 468×2 or more, the mesh in pixels of the picture, centres at whole numbers.
        height: Height of the picture.
        width: Width of the picture.

    Returns:
        float32 H×W, 0–1.
    """
    inside = covered(points, height, width)
    side = float(np.ptp(np.asarray(points, np.float64)[:N_MESH, :2], axis=0).max())
    # What lies beyond the picture is grey, too, so that its border is an edge.
    framed = np.pad(inside.astype(np.uint8), 1)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    return np.asarray(np.clip((depth - 1) / max(FADE * side, 1.0), 0, 1), np.float32)
