"""Measured faces in the layouts of OpenFace and py-feat: pose, 68 landmarks, and for py-feat expressions.

Neither file has Action Units, because none are measured; OpenFace's has no gaze, because the direction of the eyes is
not calibrated. Cells are empty where nothing was measured. Sources: the page "Output Format" of OpenFace's wiki, and
files of both programs, with which the signs of the angles were compared.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.results import result

Doubles = NDArray[np.float64]

N_LANDMARKS: Final = 68
_POSE: Final = ("pose_Tx", "pose_Ty", "pose_Tz", "pose_Rx", "pose_Ry", "pose_Rz")
_XY: Final = tuple(f"{axis}_{i}" for axis in "xy" for i in range(N_LANDMARKS))
EMOTIONS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""py-feat's columns of expressions, in its order."""
OPENFACE: Final = ("frame", "face_id", "timestamp", "confidence", "success", *_POSE, *_XY)
PYFEAT: Final = (
    *("FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore"),
    *_XY,
    *("Pitch", "Roll", "Yaw"),
    *EMOTIONS,
    *("input", "frame"),
)


@dataclass(frozen=True, eq=False)
class FaceSeries:
    """One measured face along its frames; NaN where nothing was measured.

    Attributes:
        face_id: Number of the face.
        frame_idx: int32 N, ascending.
        times_s: float64 N.
        boxes: N×4, x, y, width and height in pixels of the displayed frame.
        detection: N, the detector's confidence, 0–1.
        presence: float64 N, the mesh network's confidence, 0–1.
        position_mm: float64 N×3, the head's place before the camera: x to the viewer's right, y down, z away.
        pose_deg: float64 N×3, pitch, yaw and roll in OpenFace's convention.
        landmarks: float64 N×68×2, pixels of the displayed frame, iBUG's order.
        emotions: float64 N×7 over `EMOTIONS`, 0–1.
    """

    face_id: int
    frame_idx: NDArray[np.int32]
    times_s: Doubles
    boxes: NDArray[np.floating]
    detection: NDArray[np.floating]
    presence: Doubles
    position_mm: Doubles
    pose_deg: Doubles
    landmarks: Doubles
    emotions: Doubles


def write_openface(path: Path, times_s: Doubles, faces: Sequence[FaceSeries]) -> None:
    """Write faces as OpenFace does: frames from 1, angles in radians, places in millimetres.

    A frame without a face has one row whose `success` is 0.

    Args:
        path: The file, which is replaced as a whole.
        times_s: float64 F, the time of every frame.
        faces: The faces.

    Raises:
        UserError: The file cannot be written.
    """
    with result(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OPENFACE)
        for frame_idx, here in _by_frame(len(times_s), faces):
            begin = [frame_idx + 1]
            time = f"{times_s[frame_idx]:.6f}"
            if not here:
                writer.writerow([*begin, 0, time, 0, 0, *[""] * (len(OPENFACE) - 5)])
            for face, row in here:
                presence = float(face.presence[row])
                seen = np.isfinite(presence)
                numbers = [
                    *face.position_mm[row],
                    *np.deg2rad(face.pose_deg[row]),
                    *face.landmarks[row].T.reshape(-1),
                ]
                confidence = f"{presence:.4f}" if seen else "0"
                writer.writerow([*begin, face.face_id, time, confidence, int(seen), *(_text(n, 4) for n in numbers)])


def write_pyfeat(path: Path, clip: str, times_s: Doubles, faces: Sequence[FaceSeries]) -> None:
    """Write faces as py-feat does: frames from 0, angles in degrees, and pitch positive upwards.

    py-feat has no contempt, so that the expressions of a model that knows it do not add up to 1.

    Args:
        path: The file, which is replaced as a whole.
        clip: Name of the clip, for the column `input`.
        times_s: float64 F, the time of every frame.
        faces: The faces.

    Raises:
        UserError: The file cannot be written.
    """
    with result(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PYFEAT)
        for frame_idx, here in _by_frame(len(times_s), faces):
            if not here:
                writer.writerow([*[""] * 4, 0, *[""] * (len(PYFEAT) - 7), clip, frame_idx])
            for face, row in here:
                pitch, yaw, roll = face.pose_deg[row]
                numbers = [*face.landmarks[row].T.reshape(-1), -pitch, roll, yaw, *face.emotions[row]]
                box = [*(_text(n, 2) for n in face.boxes[row]), _text(float(face.detection[row]), 6)]
                writer.writerow([*box, *(_text(n, 4) for n in numbers), clip, frame_idx])


def _by_frame(n_frames: int, faces: Sequence[FaceSeries]) -> list[tuple[int, list[tuple[FaceSeries, int]]]]:
    """Return for each frame the faces in it with their rows."""
    found: list[tuple[int, list[tuple[FaceSeries, int]]]] = [(frame_idx, []) for frame_idx in range(n_frames)]
    for face in faces:
        for row, frame_idx in enumerate(face.frame_idx.tolist()):
            if frame_idx < n_frames:
                found[frame_idx][1].append((face, row))
    return found


def _text(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else ""
