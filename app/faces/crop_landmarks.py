"""Landmarks as a sequence model reads them: their positions within the face's crop."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.alignment import crop_matrix
from app.inference.geometry import CropGeometry


def crop_landmarks(faces: Sequence[Face], geometry: CropGeometry) -> NDArray[np.float32]:
    """Return the five landmarks of each face relative to its crop.

    Args:
        faces: The faces, in pixels of the frame.
        geometry: How the crops are cut.

    Returns:
        float32 N×10 (x, y of each point in order): −1 at the crop's left or top edge, 1 at its right or bottom edge;
        points outside the crop lie beyond.
    """
    rows = np.empty((len(faces), 10), np.float32)
    for row, face in zip(rows, faces, strict=True):
        matrix = crop_matrix(face, geometry)
        points = np.asarray(face.landmarks, np.float64) @ matrix[:, :2].T + matrix[:, 2]
        row[...] = ((points + 0.5) / geometry.size * 2 - 1).ravel()
    return rows
