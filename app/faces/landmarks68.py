"""The 68 landmarks of dlib's predictor, an optional extra: `pip install 'affectograph[landmarks]'`.

The predictor's file comes with the package `face_recognition_models`; it was trained on iBUG 300-W, whose licence
allows research but no commercial use. The program says so to everybody who trains on these landmarks and to readers of
the card.

It reads the aligned crop, not the frame: whole clips, live video and training then get the same points.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.extras import how_to_add

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

NAME: Final = "dlib68"
MESH: Final = "mesh68"
FIVE: Final = "mtcnn5"
KINDS: Final = (FIVE, MESH, NAME)
"""The landmarks that a sequence model may read."""
LICENCE: Final = (
    "dlib's 68 landmarks were trained on iBUG 300-W: research use only, no commercial use without Imperial College's "
    "permission."
)
_SIDE: Final = 144
"""Crops are enlarged to this side in pixels, because the predictor compares pixels that lie apart."""
_FILE: Final = "models/shape_predictor_68_face_landmarks.dat"


def predictor_file() -> Path | None:
    """Return the path of the predictor's file without importing anything; None where the extra is not installed."""
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or importlib.util.find_spec("dlib") is None:
        return None
    file = Path((spec.submodule_search_locations or [""])[0]) / _FILE
    return file if file.is_file() else None


class Landmarks68:
    """Finds 68 points in aligned crops.

    Raises:
        UserError: The extra is not installed.
    """

    def __init__(self) -> None:
        file = predictor_file()
        if file is None:
            raise UserError(
                "The 68 landmarks need dlib, which is not installed.",
                f"{how_to_add('landmarks')}. {LICENCE}",
            )
        import dlib

        self._predictor: Any = dlib.shape_predictor(str(file))
        self._whole: Any = dlib.rectangle

    def find(self, crops: Sequence[NDArray[np.uint8]] | NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the points of each crop.

        Args:
            crops: uint8 H×W grey or H×W×3 RGB, faces aligned and filling the crop.

        Returns:
            float32 N×136 (x, y of each point in iBUG's order), −1…1 over the crop.
        """
        rows = np.empty((len(crops), 136), np.float32)
        margin = _SIDE // 12
        rectangle = self._whole(margin, 2 * margin, _SIDE - margin, _SIDE - 1)
        for row, crop in zip(rows, crops, strict=True):
            grey = crop if crop.ndim == 2 else cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
            large = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)
            shape = self._predictor(np.ascontiguousarray(large), rectangle)
            points = np.array([(shape.part(i).x, shape.part(i).y) for i in range(68)], np.float32)
            row[...] = ((points + 0.5) / _SIDE * 2 - 1).ravel()
        return rows


class _Finder(Protocol):
    def __call__(self, crops: Sequence[Image] | Image, five: Floats) -> Floats: ...


class PointReader:
    """The landmarks that a sequence model reads: MTCNN's five, which are already known, or 68 found in the crop.

    Args:
        points: "mtcnn5", "mesh68" (by the face mesh) or "dlib68".

    Raises:
        UserError: dlib's points are asked for but the extra is not installed, a network of the mesh is missing, or
            `points` has another value.
    """

    def __init__(self, points: str) -> None:
        if points not in KINDS:
            raise UserError(f"No landmarks are called {points}.", f"Choose {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
        self._find: _Finder | None = None
        if points == NAME:
            predictor = Landmarks68()
            self._find = lambda crops, five: predictor.find(crops)
        elif points == MESH:
            # Imported only here, because its networks need ONNX Runtime, which takes long to load.
            from app.faces.mesh_landmarks import MeshLandmarks68

            self._find = MeshLandmarks68().find

    def read(self, crops: Sequence[Image] | Image, five: Floats) -> Floats:
        """Return the landmarks of N crops.

        Args:
            crops: N crops, uint8 H×W grey or H×W×3 RGB.
            five: float32 N×10, MTCNN's landmarks in the crops, −1…1.

        Returns:
            float32: `five` itself, or N×136.
        """
        return five if self._find is None else self._find(crops, five)
