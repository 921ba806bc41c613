"""Whether eyes and mouth are in sight: a hand, a mask or dark glasses show none of the edges of lids and lips.

The network of the mesh gives points for what it cannot see as surely as for what it sees. Where lids and lips are, the
picture changes much within a few pixels; a cover is smooth. A hand has edges of its own, between its fingers, and may
not be noticed.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.measures import NAMES
from app.faces.alignment import resample
from app.faces.mesh_points import LEFT_LIDS, N_MESH, OUTLINE, RIGHT_LIDS

LEAST_DETAIL_EYE: Final = 0.08
"""An eye with less detail than this is covered. Chosen on pictures of bare faces: see docs/measures.md."""
LEAST_DETAIL_MOUTH: Final = 0.05
"""The same for the mouth."""
_SIDE: Final = 96
_EYES_APART: Final = 33.0
"""Pixels between the middles of the eyes in the crop that is looked at."""
_BLUR: Final = 1.1
"""Standard deviation in pixels of the blur that hides noise."""
_GROWN: Final = 5
"""Eyes and mouth are grown by a square of this side in pixels, so that their edges lie within."""
_LIPS: Final = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181)
_RINGS: Final = (
    (*LEFT_LIDS[:9], *reversed(LEFT_LIDS[9:])),
    (*RIGHT_LIDS[:9], *reversed(RIGHT_LIDS[9:])),
    _LIPS,
)


_HIDDEN_WITH: Final = {
    "left_eye": ("eye_open_left", "iris_x_left", "iris_y_left", "lid_raise", "cheek_raise", "asymmetry"),
    "right_eye": ("eye_open_right", "iris_x_right", "iris_y_right", "lid_raise", "cheek_raise", "asymmetry"),
    "mouth": (
        *("corner_pull", "corner_depress", "lip_stretch", "lip_press", "mouth_open", "jaw_drop", "pucker"),
        "asymmetry",
    ),
}
"""The measures that need each part."""


@dataclass(frozen=True)
class PartsSeen:
    """What of a face is in sight.

    Attributes:
        left_eye: Whether the eye on the viewer's left is.
        right_eye: Whether the other eye is.
        mouth: Whether the mouth is.
    """

    left_eye: bool
    right_eye: bool
    mouth: bool

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the measures of a face without those that need a part that is not in sight.

        Args:
            values: float64, in the order of `NAMES`.

        Returns:
            A copy, with NaN in their place.
        """
        kept = values.copy()
        for part, names in _HIDDEN_WITH.items():
            if not getattr(self, part):
                kept[[NAMES.index(name) for name in names]] = np.nan
        return kept


def detail_of_parts(rgb: NDArray[np.uint8], points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how much detail left eye, right eye and mouth show.

    Args:
        rgb: H×W×3 uint8, RGB.
        points: 468×2 or more, the mesh in pixels of the picture.

    Returns:
        float64 3: the mean change of brightness from pixel to pixel within the part, of a crop in which the eyes lie 33
        pixels apart, in units of the standard deviation of brightness over the face; 0 where the face has none.
    """
    mesh = np.asarray(points, np.float64)[:N_MESH, :2]
    left, right = mesh[[33, 133]].mean(axis=0), mesh[[362, 263]].mean(axis=0)
    across = (right - left) * (_EYES_APART / max(float((right - left) @ (right - left)), 1e-9))
    turn = np.array([across, (-across[1], across[0])])
    shift = (_SIDE / 2, 0.4 * _SIDE) - turn @ (left + right) / 2
    crop = resample(rgb, np.column_stack([turn, shift]), _SIDE)
    grey = cv2.GaussianBlur(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), _BLUR)
    change = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 8
    placed = np.rint(mesh @ turn.T + shift).astype(np.int32)
    contrast = float(grey[_within(placed, OUTLINE)].std())
    if contrast < 1:
        return np.zeros(3)
    grown = np.ones((_GROWN, _GROWN), np.uint8)
    parts = (change[cv2.dilate(_within(placed, ring).astype(np.uint8), grown) > 0] for ring in _RINGS)
    return np.array([float(part.mean()) / contrast if part.size else 0.0 for part in parts])


def parts_seen(rgb: NDArray[np.uint8], points: NDArray[np.floating]) -> PartsSeen:
    """Return which parts of a face are in sight.

    Args:
        rgb: H×W×3 uint8, RGB.
        points: 468×2 or more, the mesh in pixels of the picture.
    """
    least = (LEAST_DETAIL_EYE, LEAST_DETAIL_EYE, LEAST_DETAIL_MOUTH)
    return PartsSeen(
        *(bool(detail >= limit) for detail, limit in zip(detail_of_parts(rgb, points), least, strict=True))
    )


def _within(points: NDArray[np.int32], ring: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.fillPoly(mask, [points[list(ring)]], 1)
    return mask > 0
