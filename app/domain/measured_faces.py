"""The measured faces of a clip as they are drawn: curves over its frames, and the measures of a face in one frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.measures import COLUMNS, ClipMeasures, MeasuredTrack, TrackMeasures

TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "yaw_deg": ("Yaw", "°"),
    "pitch_deg": ("Pitch", "°"),
    "roll_deg": ("Roll", "°"),
    "eye_open_left": ("Left eye open", ""),
    "eye_open_right": ("Right eye open", ""),
    "iris_x_left": ("Left iris x", ""),
    "iris_y_left": ("Left iris y", ""),
    "iris_x_right": ("Right iris x", ""),
    "iris_y_right": ("Right iris y", ""),
    "brow_raise_inner": ("Inner brow raise", ""),
    "brow_raise_outer": ("Outer brow raise", ""),
    "brow_lower": ("Brow lowering", ""),
    "lid_raise": ("Lid raise", ""),
    "cheek_raise": ("Cheek raise", ""),
    "nose_wrinkle": ("Nose wrinkle", ""),
    "corner_pull": ("Corner pull", ""),
    "corner_depress": ("Corner depression", ""),
    "lip_stretch": ("Lip stretch", ""),
    "lip_press": ("Lip press", ""),
    "mouth_open": ("Mouth open", ""),
    "jaw_drop": ("Jaw drop", ""),
    "pucker": ("Pucker", ""),
    "asymmetry": ("Asymmetry", ""),
    "blink": ("Blink", ""),
}
"""Measure → its name on screens and its unit. Measures without a unit are shares of the distance between the eyes or of
the eye's width; a blink is 0 or 1."""


def title_of(name: str) -> tuple[str, str]:
    """Return the name of a measure on screens and its unit; other programs' columns are shown as they are called.

    Example:
        >>> title_of("yaw_deg"), title_of("OpenFace AU12_r")
        (('Yaw', '°'), ('OpenFace AU12_r', ''))
    """
    return TITLES.get(name, (name, ""))


@dataclass(frozen=True, eq=False)
class MeasuredFace:
    """The measures of one face in one frame.

    Attributes:
        values: float64 len(COLUMNS); NaN where nothing was measured.
        points: float32 478×2, pixels of the frame; None where there is no mesh or it was not read.
    """

    values: NDArray[np.float64]
    points: NDArray[np.float32] | None

    def value(self, name: str) -> float:
        """Return one measure; NaN where it was not measured."""
        return float(self.values[COLUMNS.index(name)])

    @property
    def pose_deg(self) -> tuple[float, float, float] | None:
        """Yaw, pitch and roll; None where they were not measured."""
        pose = tuple(self.value(name) for name in ("yaw_deg", "pitch_deg", "roll_deg"))
        return (pose[0], pose[1], pose[2]) if all(np.isfinite(pose)) else None


class MeasuredFaces:
    """The measures of the faces of a clip.

    Args:
        analysis: The predictions with the tracks.
        stored: The stored measures of these tracks.
        told: The same as people read them.
    """

    def __init__(self, analysis: ClipAnalysis, stored: ClipMeasures, told: Sequence[TrackMeasures]) -> None:
        self._faces: dict[int, tuple[TrackPrediction, MeasuredTrack, TrackMeasures]] = {
            track.track_id: (track, one, read)
            for track, one, read in zip(analysis.tracks, stored.tracks, told, strict=True)
        }

    def told(self, track_id: int) -> TrackMeasures | None:
        """Return the measures of a face; None if it has none."""
        return self._faces[track_id][2] if track_id in self._faces else None

    def at(self, track_id: int, frame_idx: int) -> MeasuredFace | None:
        """Return the measures of a face in a frame; None where it is not seen."""
        if track_id not in self._faces:
            return None
        track, stored, told = self._faces[track_id]
        row = int(np.searchsorted(track.frame_idx, frame_idx))
        if row >= len(track) or track.frame_idx[row] != frame_idx:
            return None
        return MeasuredFace(told.values[row], stored.points_of(row, track.boxes[row]))

    def curve(self, track_id: int, name: str, n_frames: int) -> NDArray[np.float32]:
        """Return one measure of a face over the frames of the clip, float32 n_frames; NaN where it was not measured."""
        curve = np.full(n_frames, np.nan, np.float32)
        if track_id in self._faces:
            track, _, told = self._faces[track_id]
            rows = track.frame_idx[track.frame_idx < n_frames]
            curve[rows] = told.column(name)[: len(rows)]
        return curve
