"""Cuts faces out of frames in the way that a model needs: one similarity transform, one resampling."""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.inference.geometry import CropGeometry

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_MOST_SHRINK: Final = 1.5
"""A picture that is reduced by more than this factor is averaged first, because bilinear sampling would skip pixels."""


def crop_matrix(face: Face, geometry: CropGeometry) -> Matrix:
    """Return the affine map from pixels of the frame to pixels of the crop.

    Args:
        face: Box and landmarks, pixels of the frame.
        geometry: The geometry of the model's crops.

    Returns:
        float64 2×3; `crop = matrix @ [x, y, 1]`. For "eyes" and "box" a similarity.
    """
    if geometry.method == "eyes":
        return _by_eyes(np.asarray(face.landmarks, np.float64), geometry)
    x, y, w, h = (float(value) for value in face.box)
    grown = (w * (1 + geometry.margin), h * (1 + geometry.margin))
    if geometry.method == "box":
        grown = (max(grown), max(grown))
    centre = (x + w / 2, y + h / 2 + geometry.shift_y * grown[1])
    zoom_x, zoom_y = geometry.size / max(grown[0], 1e-3), geometry.size / max(grown[1], 1e-3)
    half = geometry.size / 2
    return np.array([[zoom_x, 0, half - zoom_x * centre[0]], [0, zoom_y, half - zoom_y * centre[1]]])


def _by_eyes(landmarks: Matrix, geometry: CropGeometry) -> Matrix:
    left, right = landmarks[0], landmarks[1]
    eyes, mouth = (left + right) / 2, (landmarks[3] + landmarks[4]) / 2
    across = right - left
    length = max(float(np.hypot(*across)), float(np.hypot(*(mouth - eyes))), 1e-3)
    angle = np.arctan2(across[1], across[0]) if np.hypot(*across) > 1e-3 else 0.0
    zoom = geometry.scale * geometry.size / length
    cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    # Pixel centres lie at whole numbers: the middle of the crop is half a pixel before size/2.
    target = np.array([geometry.size / 2 - 0.5, geometry.eye_y * geometry.size - 0.5])
    return np.concatenate([turn, (target - turn @ eyes)[:, None]], axis=1)


def aligned_crop(rgb: Image, face: Face, geometry: CropGeometry) -> Image:
    """Cut out one face.

    Args:
        rgb: H×W×3 uint8, RGB.
        face: The face, in pixels of that frame.
        geometry: The geometry of the model's crops.

    Returns:
        uint8 size×size (grey) or size×size×3 (RGB); outside the frame, its edge is repeated.
    """
    crop = resample(rgb, crop_matrix(face, geometry), geometry.size)
    if geometry.grey:
        crop = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return np.asarray(crop, np.uint8)


def resample(rgb: Image, matrix: Matrix, size: int, outside: int | None = None) -> cv2.typing.MatLike:
    """Draw a part of a picture as a square, and average where it is reduced.

    Args:
        rgb: H×W×3 uint8.
        matrix: float64 2×3, from pixels of the picture to pixels of the square; centres at whole numbers.
        size: Side of the square in pixels.
        outside: Grey value outside the picture; None repeats the picture's edge.

    Returns:
        size×size×3 uint8.
    """
    shrink = 1 / max(float(np.hypot(matrix[0, 0], matrix[1, 0])), float(np.hypot(matrix[0, 1], matrix[1, 1])), 1e-6)
    fold = math.ceil(shrink) if shrink > _MOST_SHRINK else 1
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    # No sample may lie further than a pixel from the next: sample `fold` times finer, then average blocks.
    finer = fold * matrix
    finer[:, 2] += (fold - 1) / 2
    side = size * fold
    drawn = cv2.warpAffine(
        rgb, finer, (side, side), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=(outside or 0,) * 3
    )
    return drawn if fold == 1 else cv2.resize(drawn, (size, size), interpolation=cv2.INTER_AREA)
