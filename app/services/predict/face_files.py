"""Writes the measured faces of a clip for programs that read files of OpenFace or py-feat."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.measures import POSE, STORED, ClipMeasures, MeasuredTrack
from app.faces.head_pose import HeadPose, head_position
from app.faces.mesh_points import MESH_OF_68
from app.interchange.face_series import EMOTIONS, FaceSeries, write_openface, write_pyfeat

ENDINGS: Final = {"openface": ".openface.csv", "pyfeat": ".pyfeat.csv"}
"""Layout → ending of its file."""


def write_faces(
    layout: str, path: Path, clip: str, analysis: ClipAnalysis, measures: ClipMeasures, field_of_view_deg: float
) -> None:
    """Write the measured faces of a clip.

    Args:
        layout: A key of `ENDINGS`.
        path: The file, which is replaced as a whole.
        clip: Name of the clip.
        analysis: The predictions.
        measures: The measures of the same tracks, with their points.
        field_of_view_deg: Horizontal field of view of the camera in degrees.

    Raises:
        UserError: The file cannot be written.
    """
    faces = [
        _series(track, measured, analysis, field_of_view_deg)
        for track, measured in zip(analysis.tracks, measures.tracks, strict=True)
    ]
    if layout == "openface":
        write_openface(path, analysis.times_s, faces)
    else:
        write_pyfeat(path, clip, analysis.times_s, faces)


def _series(
    track: TrackPrediction, measured: MeasuredTrack, analysis: ClipAnalysis, field_of_view_deg: float
) -> FaceSeries:
    n = len(track)
    values = measured.values.astype(np.float64)
    yaw, pitch, roll = (values[:, STORED.index(name)] for name in POSE)
    pose = np.column_stack([pitch, yaw, roll])
    landmarks, places = np.full((n, len(MESH_OF_68), 2), np.nan), np.full((n, 3), np.nan)
    for row in range(n):
        points = measured.points_of(row, track.boxes[row])
        if points is None:
            continue
        landmarks[row] = points[list(MESH_OF_68)]
        turned = HeadPose(float(yaw[row]), float(pitch[row]), float(roll[row]))
        places[row] = head_position(points, turned, analysis.width, analysis.height, field_of_view_deg)
    return FaceSeries(
        track.track_id,
        track.frame_idx,
        track.times_s,
        track.boxes,
        track.detection,
        values[:, STORED.index("mesh")],
        places,
        pose,
        landmarks,
        _emotions(track),
    )


def _emotions(track: TrackPrediction) -> NDArray[np.float64]:
    found = np.full((len(track), len(EMOTIONS)), np.nan)
    if track.probabilities.size:
        for column, name in enumerate(EMOTIONS):
            if name in track.classes:
                found[:, column] = track.probabilities[:, track.classes.index(name)]
    return found
