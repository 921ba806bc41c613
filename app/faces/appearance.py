"""A face's looks as a short vector: enough to tell the people of one clip apart, not to recognise anybody."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.alignment import aligned_crop
from app.inference.geometry import CropGeometry

_SIDE: Final = 32
# Wider than the face: hair, ears and collar differ between people and stay while an expression changes.
_VIEW: Final = CropGeometry(size=_SIDE, grey=False, scale=0.26, eye_y=0.45)


def describe(rgb: NDArray[np.uint8], face: Face) -> NDArray[np.float32]:
    """Describe the looks of a face in a frame.

    Args:
        rgb: H×W×3 uint8, RGB.
        face: The face, in pixels of that frame.

    Returns:
        float32 vector; the dot product of two vectors is their likeness in −1…1, which is 1 for the same picture.
    """
    crop = cv2.GaussianBlur(aligned_crop(rgb, face, _VIEW), (0, 0), 1.2).astype(np.float32)
    grey = crop.mean(axis=2)
    colour = crop / (crop.sum(axis=2, keepdims=True) + 12)
    small = cv2.resize(colour, (8, 8), interpolation=cv2.INTER_AREA)
    parts = [_unit(grey), _unit(small[..., 0]), _unit(small[..., 2])]
    return np.concatenate(parts) * np.float32(np.sqrt(1 / len(parts)))


def _unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    flat = values.ravel() - values.mean()
    return np.asarray(flat / (np.linalg.norm(flat) + 1e-6), np.float32)
