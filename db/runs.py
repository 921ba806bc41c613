"""Prediction runs. Each clip, model and set of parameters has one, which is never computed again."""

import hashlib
import json

import numpy as np
from sqlalchemy import ColumnElement, delete, exists, func, select, true
from sqlalchemy.orm import Session, undefer

from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.project import RunRecord
from db import tracks
from db.blobs import pack, unpack
from db.project import Project, Source, reading
from db.schema import FacePerson, FaceTrack, Item, MeasureTrack, Run, RunTrack, Span


def key_hash(key: RunKey) -> str:
    """Return an unambiguous SHA-256 over the four parts of a key."""
    parts = [key.media_sha256, key.model, key.model_sha256, key.parameters]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _record(row: Run) -> RunRecord:
    return RunRecord(
        id=row.id,
        clip_id=row.clip_id,
        key=RunKey(row.media_sha256, row.model, row.model_sha256, row.parameters),
        provider=row.provider,
        complete=row.complete,
        note=row.note,
        n_frames=row.n_frames,
        n_tracks=row.n_tracks,
        frames_with_face=row.frames_with_face,
        created_at=row.created_at,
    )


def save(project: Project, clip_id: int, analysis: ClipAnalysis) -> RunRecord:
    """Store a run with its tracks and series, as a whole or not at all.

    A stored run with the same key stays as it is, unless it was stopped half-way and covers less of the clip than the
    new one. Then it is replaced.

    Args:
        project: The open project.
        clip_id: Number of the clip that it was made on.
        analysis: The predictions.

    Raises:
        ValueError: They are of a part of the clip, which nothing that reads runs could tell from a whole one.
    """
    if analysis.stretch is not None:
        raise ValueError("predictions of a part of a clip are not stored")
    key = key_hash(analysis.key)
    # Compressing takes most of the time and needs no transaction.
    prepared = [(tracks.packed(track), _series(track)) for track in analysis.tracks]
    times = pack(analysis.times_s.astype(np.float64, copy=False))
    with project.write() as session:
        old = session.scalar(select(Run).where(Run.key_sha256 == key))
        if old is not None:
            if old.complete or (not analysis.complete and old.n_frames >= len(analysis.times_s)):
                return _record(old)
            session.execute(delete(Run).where(Run.id == old.id))
            session.expunge(old)
        row = Run(
            clip_id=clip_id,
            key_sha256=key,
            media_sha256=analysis.key.media_sha256,
            model=analysis.key.model,
            model_sha256=analysis.key.model_sha256,
            parameters=analysis.key.parameters,
            provider=analysis.provider,
            complete=analysis.complete,
            note=analysis.note,
            width=analysis.width,
            height=analysis.height,
            n_frames=len(analysis.times_s),
            n_tracks=len(analysis.tracks),
            frames_with_face=analysis.frames_with_face,
            seconds={name: float(value) for name, value in analysis.seconds.items()},
            times_s=times,
            lost_idx=pack(analysis.lost_idx.astype(np.int32, copy=False)) if len(analysis.lost_idx) else None,
        )
        session.add(row)
        session.flush()
        for track, series in prepared:
            series.run_id, series.track_id = row.id, tracks.stored(session, clip_id, track)
            session.add(series)
        session.flush()
        if old is not None:
            _drop_unused_tracks(session, clip_id)
        return _record(row)


def _drop_unused_tracks(session: Session, clip_id: int) -> None:
    """Delete tracks that only the replaced run had, unless an item, a person, a verdict or measures refer to them."""
    session.execute(
        delete(FaceTrack).where(
            FaceTrack.clip_id == clip_id,
            ~exists().where(RunTrack.track_id == FaceTrack.id),
            ~exists().where(Item.track_id == FaceTrack.id),
            ~exists().where(FacePerson.track_id == FaceTrack.id),
            ~exists().where(Span.track_id == FaceTrack.id),
            ~exists().where(MeasureTrack.track_id == FaceTrack.id),
        )
    )


def _series(track: TrackPrediction) -> RunTrack:
    return RunTrack(
        classes=list(track.classes),
        probabilities=pack(track.probabilities.astype(np.float32, copy=False)),
        valence_arousal=pack(track.valence_arousal.astype(np.float32, copy=False)),
        smooth=pack(track.smooth.astype(np.float32, copy=False)),
    )


def find(source: Source, key: RunKey) -> ClipAnalysis | None:
    """Return the stored result for a key, whichever clip holds it; None if it was never computed."""
    return _load(source, Run.key_sha256 == key_hash(key))


def load(source: Source, run_id: int) -> ClipAnalysis:
    """Return a run by its number.

    Raises:
        KeyError: The run does not exist.
        BlobError: The run's bytes are damaged.
    """
    found = _load(source, Run.id == run_id)
    if found is None:
        raise KeyError(f"no run {run_id}")
    return found


def _load(source: Source, condition: ColumnElement[bool]) -> ClipAnalysis | None:
    with reading(source) as session:
        row = session.scalar(select(Run).where(condition).options(undefer(Run.times_s), undefer(Run.lost_idx)))
        if row is None:
            return None
        query = (
            select(RunTrack, FaceTrack)
            .join(FaceTrack, RunTrack.track_id == FaceTrack.id)
            .where(RunTrack.run_id == row.id)
            .order_by(FaceTrack.track_no)
        )
        parts = session.execute(query).all()
    return ClipAnalysis(
        key=RunKey(row.media_sha256, row.model, row.model_sha256, row.parameters),
        provider=row.provider,
        times_s=unpack(row.times_s),
        width=row.width,
        height=row.height,
        tracks=tuple(_prediction(series, track) for series, track in parts),
        complete=row.complete,
        note=row.note,
        seconds=dict(row.seconds),
        lost_idx=np.empty(0, np.int32) if row.lost_idx is None else unpack(row.lost_idx),
    )


def _prediction(series: RunTrack, track: FaceTrack) -> TrackPrediction:
    return TrackPrediction(
        track_id=track.track_no,
        **tracks.columns(track),
        probabilities=unpack(series.probabilities),
        valence_arousal=unpack(series.valence_arousal),
        smooth=unpack(series.smooth),
        classes=tuple(series.classes),
    )


def for_clip(source: Source, clip_id: int) -> list[RunRecord]:
    """Return the runs of a clip, newest first, without their series."""
    query = select(Run).where(Run.clip_id == clip_id).order_by(Run.id.desc())
    with reading(source) as session:
        return [_record(row) for row in session.scalars(query)]


def newest(source: Source, *, model: str | None = None) -> dict[int, RunRecord]:
    """Return the newest run of each clip, by clip.

    Args:
        source: The project, or a session of it, to read from.
        model: Name of the model to keep to; None for all.
    """
    chosen = true() if model is None else Run.model == model
    latest = select(func.max(Run.id)).where(chosen).group_by(Run.clip_id)
    with reading(source) as session:
        return {row.clip_id: _record(row) for row in session.scalars(select(Run).where(Run.id.in_(latest)))}


def count(source: Source) -> int:
    """Return how many runs are stored."""
    with reading(source) as session:
        return session.scalar(select(func.count()).select_from(Run)) or 0
