"""How far a prediction on a face can be trusted: size, sharpness, pose and the detector's own doubt."""

import math
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face, TrackedFace
from app.faces.alignment import aligned_crop
from app.inference.geometry import CropGeometry

_PROBE: Final = CropGeometry(size=64, grey=True)


@dataclass(frozen=True)
class Quality:
    """The parts of a quality score, each 0–1; one bad part makes the whole score bad.

    Attributes:
        size: From the distance between eyes and mouth in pixels.
        sharpness: From the share of fine detail in the aligned face.
        pose: From how frontal the five landmarks are.
        detection: From the detector's score.
        light: From how much of the face is neither black nor white, and its contrast.
    """

    size: float
    sharpness: float
    pose: float
    detection: float
    light: float

    @property
    def score(self) -> float:
        """Geometric mean, 0–1."""
        parts = np.array([self.size, self.sharpness, self.pose, self.detection, self.light])
        return float(np.exp(np.log(np.maximum(parts, 1e-6)).mean())) if (parts > 0).all() else 0.0


def face_quality(rgb: NDArray[np.uint8], face: Face) -> Quality:
    """Compute the parts of a face's quality.

    Args:
        rgb: H×W×3 uint8, RGB.
        face: The face, in pixels of that frame.
    """
    probe = aligned_crop(rgb, face, _PROBE)
    return Quality(
        size=_size(face),
        sharpness=_sharpness(probe, face),
        pose=frontality(face.landmarks),
        detection=_ramp(face.score, 0.5, 0.95),
        light=_light(probe),
    )


def quality_score(rgb: NDArray[np.uint8], face: Face) -> float:
    """Return the score of `face_quality`, 0–1."""
    return face_quality(rgb, face).score


def judged(seen: TrackedFace, rgb: NDArray[np.uint8]) -> TrackedFace:
    """Return a face with its quality, which is computed where it is NaN.

    Args:
        seen: The face.
        rgb: H×W×3 uint8, RGB, the frame in which it was seen.
    """
    return replace(seen, quality=quality_score(rgb, seen.face)) if math.isnan(seen.quality) else seen


def frontality(landmarks: NDArray[np.float32]) -> float:
    """Return how frontal a face is: 1 for a face that looks into the camera, 0 for a profile.

    In a frontal face the nose lies midway between the eyes and, seen from them, at about 0.55 of the way to the mouth.
    Turning left or right moves it towards one eye; a nod moves it along the way.

    Args:
        landmarks: 5×2, as in `Face`.
    """
    points = np.asarray(landmarks, np.float64)
    eyes, mouth = (points[0] + points[1]) / 2, (points[3] + points[4]) / 2
    across, down = points[1] - points[0], mouth - eyes
    if np.hypot(*across) < 1e-3 or np.hypot(*down) < 1e-3:
        return 0.0
    try:
        sideways, along = np.linalg.solve(np.stack([across, down], axis=1), points[2] - eyes)
    except np.linalg.LinAlgError:
        return 0.0
    turn = 1 - _ramp(abs(sideways), 0.15, 0.6)
    nod = 1 - _ramp(abs(along - 0.55), 0.15, 0.6)
    narrow = _ramp(float(np.hypot(*across) / np.hypot(*down)), 0.3, 0.75)
    return float(min(turn, nod, narrow))


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))


def _eye_mouth(face: Face) -> float:
    points = np.asarray(face.landmarks, np.float64)
    across = np.hypot(*(points[1] - points[0]))
    down = np.hypot(*((points[3] + points[4]) / 2 - (points[0] + points[1]) / 2))
    return float(max(across, down))


def _size(face: Face) -> float:
    # 19 pixels are what the eyes and the mouth of a 48-pixel training face are apart; under 6 nothing can be seen.
    return _ramp(_eye_mouth(face), 6, 19)


def _sharpness(probe: NDArray[np.uint8], face: Face) -> float:
    # A small face is enlarged for the probe and looks soft for that alone, which `size` has judged already: the wanted
    # detail is reduced with it.
    enlarged = max(1.0, _PROBE.scale * _PROBE.size / max(_eye_mouth(face), 1.0))
    picture = probe.astype(np.float32)
    contrast = float(picture.std()) + 8
    detail = float(np.abs(cv2.Laplacian(picture, cv2.CV_32F)).mean()) / contrast * enlarged
    return _ramp(detail, 0.04, 0.28)


def _light(probe: NDArray[np.uint8]) -> float:
    lost = float(((probe <= 8) | (probe >= 250)).mean())
    return min(1 - _ramp(lost, 0.2, 0.8), _ramp(float(probe.std()), 4, 22))
