"""Measures of faces. Each clip, set of faces and set of parameters has one run of them, which is not computed again."""

import json
from collections.abc import Sequence

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.measures import STORED, VERSION, ClipMeasures, MeasuredTrack
from db import tracks
from db.blobs import MAX_BYTES, pack, unpack
from db.project import Project, Source, reading
from db.runs import key_hash
from db.schema import FaceTrack, MeasureRun, MeasureTrack


def save(project: Project, clip_id: int, analysis: ClipAnalysis, measures: ClipMeasures) -> None:
    """Store the measures of a clip, as a whole or not at all; those with the same key are replaced.

    Args:
        project: The project, open for writing.
        clip_id: Number of the clip.
        analysis: The predictions whose face tracks were measured.
        measures: The measures.
    """
    geometry = {track.track_id: tracks.packed(track) for track in analysis.tracks}
    rows = [(_packed(one), geometry[one.track_id]) for one in measures.tracks]
    key = key_hash(measures.key)
    with project.write() as session:
        session.execute(delete(MeasureRun).where(MeasureRun.key_sha256 == key))
        run = MeasureRun(
            clip_id=clip_id,
            key_sha256=key,
            media_sha256=measures.key.media_sha256,
            model=measures.key.model,
            model_sha256=measures.key.model_sha256,
            parameters=measures.key.parameters,
            provider=measures.provider,
            names=list(STORED),
            n_tracks=len(rows),
        )
        session.add(run)
        session.flush()
        for row, track in rows:
            row.measure_run_id, row.track_id = run.id, tracks.stored(session, clip_id, track)
            session.add(row)


def _packed(track: MeasuredTrack) -> MeasureTrack:
    points = track.points
    if points is not None and points.nbytes > MAX_BYTES:
        points = None
    if points is not None and len(points):
        # A face moves little from frame to frame: differences take half the room. Sums of int16 wrap back exactly.
        points = np.diff(points, axis=0, prepend=np.zeros_like(points[:1]))
    return MeasureTrack(
        values=pack(track.values.astype(np.float32, copy=False)), points=None if points is None else pack(points)
    )


def find(source: Source, key: RunKey) -> ClipMeasures | None:
    """Return the stored measures of a key; None if there are none.

    Raises:
        BlobError: The bytes of the measures are damaged.
    """
    with reading(source) as session:
        run = session.scalar(select(MeasureRun).where(MeasureRun.key_sha256 == key_hash(key)))
        return None if run is None else _load(session, run, points=True)


def newest(source: Source, clip_id: int, analysis: ClipAnalysis, *, points: bool = True) -> ClipMeasures | None:
    """Return the newest measures of a clip whose faces are those of its predictions; None if there are none.

    Measures of another version of the program's measures (`app.domain.measures.VERSION`) do not count, because their
    columns mean something else.

    Args:
        source: The project, or a session of it.
        clip_id: Number of the clip.
        analysis: The predictions.
        points: Whether to read the points of the meshes, too.

    Raises:
        BlobError: The bytes of the measures are damaged.
    """
    wanted = [(track.track_id, tracks.geometry_hash(track)) for track in analysis.tracks]
    with reading(source) as session:
        for run in session.scalars(
            select(MeasureRun).where(MeasureRun.clip_id == clip_id).order_by(MeasureRun.id.desc())
        ):
            if _is_current(run) and _faces(session, run) == wanted:
                return _load(session, run, points=points)
    return None


def _is_current(run: MeasureRun) -> bool:
    return list(run.names) == list(STORED) and json.loads(run.parameters).get("version") == VERSION


def _faces(session: Session, run: MeasureRun) -> list[tuple[int, str]]:
    query = (
        select(FaceTrack.track_no, FaceTrack.sha256)
        .join(MeasureTrack, MeasureTrack.track_id == FaceTrack.id)
        .where(MeasureTrack.measure_run_id == run.id)
        .order_by(FaceTrack.track_no)
    )
    return [(number, sha256) for number, sha256 in session.execute(query)]


def clips_measured(source: Source) -> set[int]:
    """Return the numbers of the clips that have measures of the current version."""
    with reading(source) as session:
        return {run.clip_id for run in session.scalars(select(MeasureRun)) if _is_current(run)}


def _load(session: Session, run: MeasureRun, *, points: bool) -> ClipMeasures:
    query = (
        select(MeasureTrack, FaceTrack.track_no)
        .join(FaceTrack, MeasureTrack.track_id == FaceTrack.id)
        .where(MeasureTrack.measure_run_id == run.id)
        .order_by(FaceTrack.track_no)
    )
    if points:
        query = query.options(undefer(MeasureTrack.points))
    found: Sequence[tuple[MeasureTrack, int]] = [(row, number) for row, number in session.execute(query)]
    return ClipMeasures(
        RunKey(run.media_sha256, run.model, run.model_sha256, run.parameters),
        run.provider,
        tuple(_track(row, number, points) for row, number in found),
    )


def _track(row: MeasureTrack, number: int, points: bool) -> MeasuredTrack:
    steps = None
    if points and row.points is not None:
        steps = np.cumsum(unpack(row.points), axis=0, dtype=np.int16)
    return MeasuredTrack(number, unpack(row.values), steps)
