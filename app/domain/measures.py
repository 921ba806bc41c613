"""What is measured on faces besides the models' predictions: head pose, eyes and movements, in columns along tracks."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import RunKey

POSE: Final = ("yaw_deg", "pitch_deg", "roll_deg")
EYES: Final = ("eye_open_left", "eye_open_right", "iris_x_left", "iris_y_left", "iris_x_right", "iris_y_right")
"""Opening of each eye as a share of its width, and where the iris lies in it: -1…1 from corner to corner, x to the
viewer's right, y down. An uncalibrated direction: it is not where the person looks."""
MOVEMENTS: Final = (
    *("brow_raise_inner", "brow_raise_outer", "brow_lower", "lid_raise", "cheek_raise", "nose_wrinkle"),
    *("corner_pull", "corner_depress", "lip_stretch", "lip_press", "mouth_open", "jaw_drop", "pucker", "asymmetry"),
)
"""Movements of the face, which are measured relative to a neutral face."""
NAMES: Final = EYES + MOVEMENTS
STORED: Final = ("mesh", *POSE, *NAMES)
"""Columns of `MeasuredTrack`: the probability of a face, then pose, eyes and absolute movements."""
COLUMNS: Final = (*STORED, "blink")
"""Columns of `TrackMeasures`: as stored, but movements relative to the baseline, and 1 within a blink."""
CURVES: Final = (*POSE, *NAMES, "blink")
"""The columns that are drawn as curves."""

VERSION: Final = 5
"""Raise it when the same faces give other measures: stored measures of other versions are then measured again."""

N_POINTS: Final = 478
"""Number of points of the face mesh, irises included."""
_STEPS: Final = 2048
"""Positions of points are stored in whole steps of this part of the longer side of the face's box."""
_FAR: Final = 16000
"""Points are no more than this many steps from the corner of the box; others are stored at this distance."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TrackMeasures:
    """Measures along one face track; row i belongs to row i of the track's prediction.

    Attributes:
        track_id: The track.
        names: One for each column.
        values: float64 N×len(names); NaN where nothing could be measured.
        blinks: How many blinks were found.
        seen_s: For how many seconds the eyes were seen.
        blink_rate_per_min: None where the eyes were seen for less than a second.
        perclos: Share of the time in which the eyes were closed by 80 % or more; None as above.
    """

    track_id: int
    names: tuple[str, ...]
    values: NDArray[np.float64]
    blinks: int
    seen_s: float
    blink_rate_per_min: float | None
    perclos: float | None

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the values of one measure: float64 N."""
        return self.values[:, self.names.index(name)]


@dataclass(frozen=True, eq=False)
class MeasuredTrack:
    """Absolute measures along one face track, and the points of its mesh; row i belongs to row i of the track.

    Attributes:
        track_id: The track.
        values: float32 N×len(STORED); NaN where nothing could be measured.
        points: int16 N×478×2, see `point_steps`; rows without a mesh repeat the row before. None for a track that is
            too long for the project to store its points.
    """

    track_id: int
    values: Floats
    points: NDArray[np.int16] | None

    def points_of(self, row: int, box: NDArray[np.floating]) -> Floats | None:
        """Return the points of a row in pixels of the frame, float32 478×2; None where there is no mesh.

        Args:
            row: The row.
            box: [x, y, w, h] of the face in that row of the track.
        """
        if self.points is None or not np.isfinite(self.values[row, 0]):
            return None
        return points_in(self.points[row], box)


@dataclass(frozen=True, eq=False)
class ClipMeasures:
    """The measures of all faces of a clip.

    Attributes:
        key: Everything that they depend on.
        provider: Where the networks ran.
        tracks: One for each track of the predictions, in their order.
    """

    key: RunKey
    provider: str
    tracks: tuple[MeasuredTrack, ...]

    def track(self, track_id: int) -> MeasuredTrack | None:
        """Return the measures of a track; None if it was not measured."""
        return next((track for track in self.tracks if track.track_id == track_id), None)


def point_steps(points: NDArray[np.floating], box: NDArray[np.floating]) -> NDArray[np.int16]:
    """Return points as whole steps from the corner of a face's box: int16 478×2.

    A step is 1/2048 of the box's longer side: 0.1 pixels for a face of 200.

    Args:
        points: 478×2 or wider, pixels of the frame.
        box: [x, y, w, h], pixels of the frame.
    """
    side = max(float(box[2]), float(box[3]), 1.0)
    steps = (np.asarray(points, np.float64)[:, :2] - np.asarray(box[:2], np.float64)) * (_STEPS / side)
    return np.clip(np.rint(steps), -_FAR, _FAR).astype(np.int16)


def points_in(steps: NDArray[np.int16], box: NDArray[np.floating]) -> Floats:
    """Return the points, in pixels of the frame, of which `point_steps` made the steps: float32 478×2."""
    side = max(float(box[2]), float(box[3]), 1.0)
    return np.asarray(steps * (side / _STEPS) + np.asarray(box[:2], np.float64), np.float32)
