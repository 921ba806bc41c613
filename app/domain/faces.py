"""Faces as found in frames. Coordinates are pixels of the displayed frame: x right, y down, origin top left."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

UNCERTAIN: Final = 0.35
"""A face below this quality is drawn dashed, and its prediction is called uncertain."""


@dataclass(frozen=True, eq=False)
class Face:
    """One face in one frame.

    Attributes:
        box: float32 [x, y, w, h], pixels of the displayed frame; may reach over its edge.
        landmarks: float32 5×2 (x, y): left eye, right eye, nose, left and right mouth corner, as the viewer sees them.
        score: The detector's confidence, 0–1.
    """

    box: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    score: float


@dataclass(frozen=True, eq=False)
class TrackedFace:
    """A face that belongs to a track.

    Attributes:
        track_id: Stable over a clip, from 1 in order of birth.
        frame_idx: Frame number in presentation order, from 0.
        time_s: Seconds on the clip's PTS axis.
        face: Its place in the frame.
        quality: 0–1, the trustworthiness of a prediction on it (size, sharpness, pose, detector score).
    """

    track_id: int
    frame_idx: int
    time_s: float
    face: Face
    quality: float
