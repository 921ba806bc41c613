"""The usual 68 landmarks of aligned crops, by the face mesh: free of licence trouble, and found without an extra."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.head_pose import neutral_face
from app.faces.mesh import FACE_SIDE, MeshFinder
from app.faces.mesh_points import MESH_OF_68, landmarks_5, landmarks_68

Floats = NDArray[np.float32]


class MeshLandmarks68:
    """Finds 68 points in aligned crops.

    Args:
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".

    Raises:
        UserError: A network is missing or damaged, or cannot run on the device.
    """

    def __init__(self, device: str = "cpu") -> None:
        self._finder = MeshFinder(device)

    def find(self, crops: Sequence[NDArray[np.uint8]] | NDArray[np.uint8], five: Floats) -> Floats:
        """Return the points of each crop.

        Args:
            crops: uint8 H×W grey or H×W×3 RGB, faces aligned and filling the crop.
            five: float32 N×10, the detector's landmarks in the crops, −1…1.

        Returns:
            float32 N×136 (x, y of each point in iBUG's order), −1…1 over the crop. Where the network sees no face, they
            are those of the average face at the detector's landmarks.
        """
        rows = np.empty((len(crops), 136), np.float32)
        for row, crop, places in zip(rows, crops, np.asarray(five, np.float32), strict=True):
            rgb = crop if crop.ndim == 3 else cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB)
            large = np.asarray(cv2.resize(rgb, (FACE_SIDE, FACE_SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
            landmarks = ((places.reshape(5, 2) + 1) / 2 * FACE_SIDE - 0.5).astype(np.float32)
            whole = np.array([0, 0, FACE_SIDE, FACE_SIDE], np.float32)
            (mesh,) = self._finder.find(large, [Face(whole, landmarks, 1.0)])
            points = _average(landmarks) if mesh is None else landmarks_68(mesh.points)
            row[...] = ((points + 0.5) / FACE_SIDE * 2 - 1).ravel()
        return rows


def _average(five: Floats) -> Floats:
    """Return the 68 points of the average face, moved, turned and sized so that its five points lie at given ones."""
    face = neutral_face()
    own, goal = (np.asarray(points, np.float64) @ (1, 1j) for points in (landmarks_5(face), five))
    middle = own.mean()
    turn = (np.conj(own - middle) @ (goal - goal.mean())) / (np.conj(own - middle) @ (own - middle))
    placed = (face[list(MESH_OF_68), :2] @ (1, 1j) - middle) * turn + goal.mean()
    return np.column_stack([placed.real, placed.imag]).astype(np.float32)
