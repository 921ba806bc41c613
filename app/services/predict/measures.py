"""Measures the tracked faces of a clip that was analysed: head pose, eyes, blinks and movements of the face."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.faces import Face
from app.domain.measures import TrackMeasures
from app.errors import UserError
from app.faces.blinks import find_blinks
from app.faces.face_measures import NAMES, measure, relative
from app.faces.head_pose import FIELD_OF_VIEW_DEG, head_pose
from app.faces.mesh import FaceMesh, MeshFinder, MeshFollower
from app.jobs import Context
from app.services.predict.ahead import DecodeAhead
from app.services.predict.readers import open_reader

POSE: Final = ("yaw_deg", "pitch_deg", "roll_deg")
COLUMNS: Final = ("mesh", *POSE, *NAMES, "blink")
"""Columns of `TrackMeasures`: the probability of a face, the pose, eyes and movements, and 1 within a blink."""

BASELINES: Final = ("median", "none")
LEAST_FACE: Final = 40.0
"""Pixels: of a face that is narrower nothing is measured."""
MOST_TURN_DEG: Final = 60.0
"""Of a face that is turned further than this only the pose is given: half of its points are hidden."""
MOST_NOD_DEG: Final = 50.0
"""The same for nodding."""


@dataclass(frozen=True)
class MeasureWish:
    """How faces are measured.

    Attributes:
        baseline: The reference of the movements: "median" of the track, "none", or the number of a frame in which the
            face is neutral. Tracks of a single frame have no reference.
        field_of_view_deg: Horizontal field of view of the camera in degrees.
    """

    baseline: str | int = "median"
    field_of_view_deg: float = FIELD_OF_VIEW_DEG


def measure_clip(
    path: Path, analysis: ClipAnalysis, ctx: Context, *, finder: MeshFinder, wish: MeasureWish
) -> tuple[TrackMeasures, ...]:
    """Measure every face of a clip, which is decoded once more.

    Args:
        path: The clip.
        analysis: The predictions with the clip's tracks.
        ctx: Receives the progress in frames, and can cancel.
        finder: The finder of the mesh's points.
        wish: How faces are measured.

    Returns:
        The measures of each track of the analysis, in its order.

    Raises:
        UserError: The file cannot be read, or no face is measured in the frame chosen as neutral.
        Cancelled: The user cancelled.
    """
    follower = MeshFollower(finder)
    rows: dict[int, list[tuple[int, TrackPrediction]]] = {}
    for track in analysis.tracks:
        for row, frame_idx in enumerate(track.frame_idx.tolist()):
            rows.setdefault(frame_idx, []).append((row, track))
    tables = {track.track_id: np.full((len(track), len(COLUMNS)), np.nan) for track in analysis.tracks}
    with open_reader(path, ctx) as reader, DecodeAhead(reader, ctx) as ahead:
        for frame in ahead:
            ctx.progress(frame.frame_idx + 1, len(analysis.times_s), f"measuring {path.name}")
            here = rows.get(frame.frame_idx, [])
            faces = {
                track.track_id: Face(track.boxes[row], track.landmarks[row], float(track.detection[row]))
                for row, track in here
                if min(track.boxes[row][2:]) >= LEAST_FACE
            }
            meshes = follower.step(frame.image, faces)
            for row, track in here:
                mesh = meshes.get(track.track_id)
                if mesh is not None:
                    tables[track.track_id][row, :-1] = _row(mesh, analysis, wish.field_of_view_deg)
    return tuple(_measured(track, tables[track.track_id], wish.baseline) for track in analysis.tracks)


def _row(mesh: FaceMesh, analysis: ClipAnalysis, field_of_view_deg: float) -> NDArray[np.float64]:
    pose = head_pose(mesh.points, analysis.width, analysis.height, field_of_view_deg)
    turned = abs(pose.yaw_deg) > MOST_TURN_DEG or abs(pose.pitch_deg) > MOST_NOD_DEG
    values = np.full(len(NAMES), np.nan) if turned else measure(mesh.points)
    return np.array([mesh.presence, pose.yaw_deg, pose.pitch_deg, pose.roll_deg, *values])


def _measured(track: TrackPrediction, table: NDArray[np.float64], baseline: str | int) -> TrackMeasures:
    first = 1 + len(POSE)
    values = table[:, first:-1]
    opening = values[:, [NAMES.index("eye_open_left"), NAMES.index("eye_open_right")]].mean(axis=1)
    blinks = find_blinks(track.times_s, opening)
    table[:, -1] = np.where(np.isfinite(opening), blinks.closing, np.nan)
    if isinstance(baseline, int):
        neutral = values[np.flatnonzero(track.frame_idx == baseline)]
        if not len(neutral) or not np.isfinite(neutral).all():
            raise UserError(
                f"Frame {baseline} shows no measured face of track {track.track_id}.",
                "Choose a frame in which each face is seen from the front, or the median as baseline.",
            )
        table[:, first:-1] = relative(values, neutral[0])
    elif baseline == "median" and len(track) > 1:
        table[:, first:-1] = relative(values)
    return TrackMeasures(
        track.track_id, COLUMNS, table, len(blinks.blinks), blinks.seen_s, blinks.rate_per_min, blinks.perclos
    )


def parsed_wish(baseline: str, field_of_view_deg: float) -> MeasureWish:
    """Return the wish that a person's words state.

    Args:
        baseline: "median", "none" or the number of a frame.
        field_of_view_deg: Horizontal field of view in degrees.

    Raises:
        UserError: The baseline has another value, or no camera has such a field of view.
    """
    if not 1 <= field_of_view_deg <= 170:
        raise UserError(
            f"A field of view of {field_of_view_deg:g} degrees is not possible.", "Give a number from 1 to 170."
        )
    if baseline in BASELINES:
        return MeasureWish(baseline, field_of_view_deg)
    if baseline.isdecimal():
        return MeasureWish(int(baseline), field_of_view_deg)
    raise UserError(
        f"There is no baseline called {baseline}.", f"Choose {', '.join(BASELINES)} or the number of a frame."
    )


def by_track(measures: Sequence[TrackMeasures]) -> dict[str, dict[str, float | int | None]]:
    """Return the blinks of each track for the summary."""
    return {
        str(one.track_id): {
            "measured_frames": int(np.isfinite(one.values[:, 0]).sum()),
            "blinks": one.blinks,
            "eyes_seen_s": round(one.seen_s, 3),
            "blink_rate_per_min": None if one.blink_rate_per_min is None else round(one.blink_rate_per_min, 2),
            "perclos": None if one.perclos is None else round(one.perclos, 4),
        }
        for one in measures
    }
