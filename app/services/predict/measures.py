"""Measures the tracked faces of a clip that was analysed: head pose, eyes, blinks and movements of the face."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.measures
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.faces import Face
from app.domain.measures import (
    COLUMNS,
    N_POINTS,
    NAMES,
    POSE,
    STORED,
    VERSION,
    ClipMeasures,
    MeasuredTrack,
    TrackMeasures,
    point_steps,
)
from app.errors import UserError
from app.faces.blinks import find_blinks
from app.faces.face_cover import parts_seen
from app.faces.face_measures import measure, relative
from app.faces.head_pose import FIELD_OF_VIEW_DEG, HeadPose, head_pose, head_rotation
from app.faces.mesh import FaceMesh, MeshFinder, MeshFollower
from app.faces.quality import frontality
from app.jobs import Context
from app.services.predict.ahead import DecodeAhead
from app.services.predict.readers import open_reader
from app.services.predict.work import Work
from db.project import Project

MODEL: Final = "face_mesh"
"""Name under which measures are stored: that of the network that finds the points."""
BASELINES: Final = ("median", "none")
LEAST_FACE: Final = 40.0
"""Pixels: of a face that is narrower nothing is measured."""
MOST_TURN_DEG: Final = 44.0
"""Of a face whose measured yaw is larger only the pose is given, because half of its points are hidden. A head that is
turned by 60° is measured so: the network hardly follows beyond (`tests/faces/test_face_cover.py`)."""
MOST_NOD_DEG: Final = 50.0
"""The same for nodding."""
_SHOWS: Final = {"left_eye": "eye_open_left", "right_eye": "eye_open_right", "mouth": "mouth_open"}
"""A measure that tells whether each part of a face was in sight."""


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


def key_of(analysis: ClipAnalysis, finder: MeshFinder, field_of_view_deg: float) -> RunKey:
    """Return the key of the measures of a clip, which holds everything that they depend on.

    Args:
        analysis: The predictions with the clip's tracks.
        finder: The finder of the mesh's points.
        field_of_view_deg: Horizontal field of view of the camera in degrees.
    """
    facts = {
        "version": VERSION,
        "networks": finder.parameters,
        "field_of_view_deg": field_of_view_deg,
        "faces": json.loads(analysis.key.parameters),
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return RunKey(analysis.key.media_sha256, MODEL, finder.parameters[MODEL], text)


def measures_of(
    project: Project | None,
    path: Path,
    analysis: ClipAnalysis,
    ctx: Context,
    *,
    finder: MeshFinder,
    field_of_view_deg: float = FIELD_OF_VIEW_DEG,
    work: Work | None = None,
) -> ClipMeasures:
    """Return the measures of a clip: those that the project stores, or new ones, which it then stores.

    Args:
        project: The project, open for writing; None stores nothing.
        path: The clip.
        analysis: The predictions with the clip's tracks.
        ctx: Receives the progress in frames, and can cancel.
        finder: The finder of the mesh's points.
        field_of_view_deg: Horizontal field of view of the camera in degrees.
        work: Who computes; None for this process.

    Raises:
        UserError: The file cannot be read.
        Cancelled: The user cancelled; nothing is stored.
    """

    def measured() -> ClipMeasures:
        if work is not None:
            return work.measure(path, analysis, ctx)
        return measure_clip(path, analysis, ctx, finder=finder, field_of_view_deg=field_of_view_deg)

    clip = None if project is None else db.clips.by_hash(project, analysis.key.media_sha256)
    if project is None or clip is None:
        return measured()
    known = db.measures.find(project, key_of(analysis, finder, field_of_view_deg))
    if known is not None and _fits(known, analysis):
        return known
    found = measured()
    db.measures.save(project, clip.id, analysis, found)
    return found


def _fits(known: ClipMeasures, analysis: ClipAnalysis) -> bool:
    """Return whether stored measures are of all of the tracks: a clip that was cut off may have been read on."""
    return [(one.track_id, len(one.values)) for one in known.tracks] == [
        (track.track_id, len(track)) for track in analysis.tracks
    ]


def measure_clip(
    path: Path,
    analysis: ClipAnalysis,
    ctx: Context,
    *,
    finder: MeshFinder,
    field_of_view_deg: float = FIELD_OF_VIEW_DEG,
) -> ClipMeasures:
    """Measure every face of a clip, which is decoded once more.

    Args:
        path: The clip.
        analysis: The predictions with the clip's tracks.
        ctx: Receives the progress in frames, and can cancel.
        finder: The finder of the mesh's points.
        field_of_view_deg: Horizontal field of view of the camera in degrees.

    Returns:
        The absolute measures of each track of the analysis, in its order.

    Raises:
        UserError: The file cannot be read.
        Cancelled: The user cancelled.
    """
    follower = MeshFollower(finder)
    rows: dict[int, list[tuple[int, TrackPrediction]]] = {}
    for track in analysis.tracks:
        for row, frame_idx in enumerate(track.frame_idx.tolist()):
            rows.setdefault(frame_idx, []).append((row, track))
    tables = {track.track_id: np.full((len(track), len(STORED)), np.nan, np.float32) for track in analysis.tracks}
    points = {track.track_id: np.zeros((len(track), N_POINTS, 2), np.int16) for track in analysis.tracks}
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
                steps = points[track.track_id]
                if mesh is not None:
                    face = faces[track.track_id]
                    tables[track.track_id][row] = absolute_row(
                        frame.image, face, mesh, analysis.width, analysis.height, field_of_view_deg
                    )
                    steps[row] = point_steps(mesh.points, track.boxes[row])
                elif row:
                    steps[row] = steps[row - 1]
    return ClipMeasures(
        key_of(analysis, finder, field_of_view_deg),
        finder.provider,
        tuple(MeasuredTrack(number, tables[number], points[number]) for number in tables),
    )


def half_hidden(pose: HeadPose, face: Face) -> bool:
    """Return whether a head is turned so far that half of its face is hidden, and only the pose can be measured.

    Args:
        pose: The pose that was measured.
        face: The face that the detector found: beyond 65° its landmarks show a profile better than the mesh does.
    """
    turned = abs(pose.yaw_deg) > MOST_TURN_DEG or abs(pose.pitch_deg) > MOST_NOD_DEG
    return turned or frontality(face.landmarks) == 0


def told(measures: ClipMeasures, analysis: ClipAnalysis, baseline: str | int = "median") -> tuple[TrackMeasures, ...]:
    """Return measures as people read them: with blinks, and with movements relative to a baseline.

    Args:
        measures: The absolute measures.
        analysis: The predictions with the same tracks.
        baseline: See `MeasureWish`.

    Raises:
        UserError: No face is measured in the frame chosen as neutral.
    """
    return tuple(
        _told(track, one.values, baseline) for track, one in zip(analysis.tracks, measures.tracks, strict=True)
    )


def absolute_row(
    rgb: NDArray[np.uint8], face: Face, mesh: FaceMesh, width: int, height: int, field_of_view_deg: float
) -> NDArray[np.float64]:
    """Return the absolute measures of a face in a frame: float64, in the order of `STORED`; NaN for what is hidden.

    Args:
        rgb: The frame, H×W×3 uint8, RGB.
        face: The face that the detector found.
        mesh: Its mesh.
        width: Width of the frame in pixels, as for the pose.
        height: Its height.
        field_of_view_deg: Horizontal field of view of the camera in degrees.
    """
    turn = head_rotation(mesh.points)
    pose = head_pose(mesh.points, width, height, field_of_view_deg, turn)
    values = np.full(len(NAMES), np.nan)
    if not half_hidden(pose, face):
        values = parts_seen(rgb, mesh.points).of(measure(mesh.points, turn))
    return np.array([mesh.presence, pose.yaw_deg, pose.pitch_deg, pose.roll_deg, *values])


def _told(track: TrackPrediction, stored: NDArray[np.float32], baseline: str | int) -> TrackMeasures:
    first = 1 + len(POSE)
    table = np.column_stack([stored.astype(np.float64), np.full(len(track), np.nan)])
    values = table[:, first:-1]
    left, right = (values[:, NAMES.index(name)] for name in ("eye_open_left", "eye_open_right"))
    # One eye tells of blinks where the other is covered.
    opening = np.where(np.isfinite(left), np.where(np.isfinite(right), (left + right) / 2, left), right)
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
    """Return the blinks of each track for the summary, and in how many frames its eyes and mouth were in sight."""
    return {
        str(one.track_id): {
            "measured_frames": int(np.isfinite(one.values[:, 0]).sum()),
            **{f"{part}_frames": int(np.isfinite(one.column(name)).sum()) for part, name in _SHOWS.items()},
            "blinks": one.blinks,
            "eyes_seen_s": round(one.seen_s, 3),
            "blink_rate_per_min": None if one.blink_rate_per_min is None else round(one.blink_rate_per_min, 2),
            "perclos": None if one.perclos is None else round(one.perclos, 4),
        }
        for one in measures
    }
