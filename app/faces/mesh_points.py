"""Names of points of the face mesh: the usual 68, the five of a detector, the lids, brows and mouth among the 478.

Left and right are the viewer's, as everywhere in this program; MediaPipe's own documents name them by the person.
"""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.float32, np.float64)

N_MESH: Final = 468
N_POINTS: Final = 478
"""Numbers of the mesh's points, then of the irises: centre and four edge points of the left one (468…472) and of the
right one (473…477)."""

LEFT_IRIS: Final = 468
RIGHT_IRIS: Final = 473

_JAW: Final = (127, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 356)
_BROWS: Final = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
_NOSE: Final = (168, 6, 195, 4, 75, 97, 2, 326, 305)
_EYES: Final = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
_LIPS: Final = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87)

MESH_OF_68: Final = _JAW + _BROWS + _NOSE + _EYES + _LIPS
"""The mesh's point nearest to each of the 68 in iBUG's order. Those of the jaw are only near: the mesh follows the
outline of the face as it is seen."""

BROWS: Final = (
    *(70, 63, 105, 66, 107, 46, 53, 52, 65, 55, 156, 35, 124, 193),
    *(300, 293, 334, 296, 336, 276, 283, 282, 295, 285, 383, 265, 353, 417),
)
"""Both brows, upper and lower edge."""

OUTLINE: Final = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152),
    *(148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
"""The outline of the face, clockwise from the middle of the forehead."""

LEFT_LIDS: Final = (33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173)
RIGHT_LIDS: Final = (263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398)
"""Each eye from its outer to its inner corner along the lower lid, then along the upper one; the order in which the eye
network gives its first 16 points."""


PARTS_OF_68: Final = {
    "jaw": range(17),
    "left_brow": range(17, 22),
    "right_brow": range(22, 27),
    "nose_bridge": range(27, 31),
    "nose_base": range(31, 36),
    "left_eye": range(36, 42),
    "right_eye": range(42, 48),
    "outer_lips": range(48, 60),
    "inner_lips": range(60, 68),
}
"""The parts of the face among the 68."""

FIVE: Final = {
    "left_eye": (33, 133),
    "right_eye": (362, 263),
    "nose": (1,),
    "left_mouth_corner": (61,),
    "right_mouth_corner": (291,),
}
"""Each of a detector's five landmarks as the points of the mesh whose middle it is."""


def landmarks_68(points: NDArray[Number]) -> NDArray[Number]:
    """Return the usual 68 landmarks.

    Args:
        points: …×478×3, or the mesh's 468 points alone.

    Returns:
        …×68×2 (x, y), iBUG's order.
    """
    return points[..., MESH_OF_68, :2]


def landmarks_5(points: NDArray[Number]) -> NDArray[Number]:
    """Return the five landmarks of a detector: middle of each eye, tip of the nose, corners of the mouth.

    Args:
        points: …×478×3, or the mesh's 468 points alone.

    Returns:
        …×5×2 (x, y): left eye, right eye, nose, left and right mouth corner, as the viewer sees them.
    """
    return np.stack([points[..., places, :2].mean(axis=-2) for places in FIVE.values()], axis=-2)


CONTOURS: Final = (
    (*OUTLINE, OUTLINE[0]),
    *(tuple(edge) for edge in ((70, 63, 105, 66, 107), (46, 53, 52, 65, 55), (336, 296, 334, 293, 300))),
    (285, 295, 282, 283, 276),
    (168, 6, 195, 4),
    (75, 97, 2, 326, 305),
    *((*lids[:9], *reversed(lids[9:]), lids[0]) for lids in (LEFT_LIDS, RIGHT_LIDS)),
    (*_LIPS[:12], _LIPS[0]),
    (*_LIPS[12:], _LIPS[12]),
)
"""The lines of a face to draw, each as points to be joined: outline, brows, nose, lids and lips."""
