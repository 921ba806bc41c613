"""What live inference says about a frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face


@dataclass(frozen=True, eq=False)
class LiveFace:
    """One face of a live result.

    Attributes:
        track_id: One person's in one clip; who is not known again after a seek gets a number that was not used before.
        face: Box and landmarks in pixels of the displayed frame.
        quality: 0–1; where it is low the prediction is to be shown as uncertain.
        probabilities: float32 K over `classes`, causally smoothed.
        classes: Names of the K classes.
        valence: −1…1, causally smoothed.
        arousal: −1…1, causally smoothed.
    """

    track_id: int
    face: Face
    quality: float
    probabilities: NDArray[np.float32]
    classes: tuple[str, ...]
    valence: float
    arousal: float


@dataclass(frozen=True, eq=False)
class LiveResult:
    """What was seen in one submitted frame.

    Attributes:
        sequence: The submitter's number; a result older than the newest shown is to be dropped.
        frame_idx: Frame number in the clip.
        time_s: PTS time in seconds.
        faces: The faces, ordered by track id.
    """

    sequence: int
    frame_idx: int
    time_s: float
    faces: tuple[LiveFace, ...]
