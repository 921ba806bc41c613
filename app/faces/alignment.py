"""Cuts faces out of frames the way a model wants them: one similarity transform, one resampling."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.inference.geometry import CropGeometry

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_MOST_SHRINK = 2.0
"""Beyond this reduction a picture is averaged first: bilinear sampling would skip pixels and flicker."""


def crop_matrix(face: Face, geometry: CropGeometry) -> Matrix:
    """The affine map from pixels of the frame to pixels of the crop.

    Args:
        face: Box and landmarks, pixels of the frame.
        geometry: What the model wants.

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
    """Cuts one face.

    Args:
        rgb: H×W×3 uint8, RGB.
        face: Pixels of that frame.
        geometry: What the model wants.

    Returns:
        uint8 size×size (grey) or size×size×3 (RGB); what lies outside the frame repeats its edge.
    """
    matrix = crop_matrix(face, geometry)
    shrink = 1 / max(float(np.hypot(matrix[0, 0], matrix[1, 0])), 1e-6)
    fold = int(shrink / _MOST_SHRINK) + 1 if shrink > _MOST_SHRINK else 1
    size = geometry.size
    if fold > 1:
        # Sample `fold` times finer, then average blocks.
        scaled = np.diag([fold, fold]) @ matrix
        scaled[:, 2] += (fold - 1) / 2
        fine = _sample(rgb, scaled, size * fold)
        crop = cv2.resize(fine, (size, size), interpolation=cv2.INTER_AREA)
    else:
        crop = _sample(rgb, matrix, size)
    if geometry.grey:
        crop = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return np.asarray(crop, np.uint8)


def _sample(rgb: Image, matrix: Matrix, size: int) -> cv2.typing.MatLike:
    return cv2.warpAffine(rgb, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def aligned_crops(rgb: Image, faces: Sequence[Face], geometry: CropGeometry) -> Image:
    """Cuts several faces of one frame: N×size×size (grey) or N×size×size×3 (RGB) uint8."""
    shape = (geometry.size, geometry.size) if geometry.grey else (geometry.size, geometry.size, 3)
    crops = np.empty((len(faces), *shape), np.uint8)
    for row, face in zip(crops, faces, strict=True):
        row[...] = aligned_crop(rgb, face, geometry)
    return crops
