"""Face tracks. Each geometry of a clip is stored once, however many models ran on it."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.analysis import TrackPrediction
from app.domain.project import TrackGeometry, TrackRecord
from db.blobs import pack, unpack
from db.project import Source, reading
from db.schema import FaceTrack, Run, RunTrack

_COLUMNS: Final = {
    "frame_idx": "<i4", "times_s": "<f8", "boxes": "<f4", "landmarks": "<f4", "detection": "<f4", "quality": "<f4",
}  # fmt: skip
"""The arrays of a track and how they are stored, in the order in which they are hashed."""


def record(row: FaceTrack) -> TrackRecord:
    """Return the record of a row."""
    return TrackRecord(row.id, row.clip_id, row.track_no, row.sha256, row.first_s, row.last_s, row.n_frames)


def packed(track: TrackPrediction) -> FaceTrack:
    """Make a row without its clip from the geometry of a prediction. This is slow, so call it outside transactions."""
    arrays = _arrays(track)
    return FaceTrack(
        sha256=_hash(arrays),
        track_no=track.track_id,
        first_s=float(track.times_s[0]) if len(track) else 0.0,
        last_s=float(track.times_s[-1]) if len(track) else 0.0,
        n_frames=len(track),
        **{name: pack(array) for name, array in arrays.items()},
    )


def geometry_hash(track: TrackPrediction) -> str:
    """Return the hash of a track's geometry, under which it is stored."""
    return _hash(_arrays(track))


def _arrays(track: TrackPrediction) -> dict[str, NDArray[Any]]:
    return {name: np.asarray(getattr(track, name), dtype) for name, dtype in _COLUMNS.items()}


def _hash(arrays: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for array in arrays.values():
        digest.update(array.tobytes())
    return digest.hexdigest()


def columns(row: FaceTrack) -> dict[str, NDArray[Any]]:
    """Return the arrays of a track, unpacked, by the names that records of tracks and of predictions share."""
    return {name: unpack(getattr(row, name)) for name in _COLUMNS}


def of_clip(source: Source, clip_id: int) -> list[TrackRecord]:
    """Return the face tracks of a clip as its newest run found them, ordered by number."""
    newest = select(Run.id).where(Run.clip_id == clip_id).order_by(Run.id.desc()).limit(1).scalar_subquery()
    query = (
        select(FaceTrack)
        .join(RunTrack, RunTrack.track_id == FaceTrack.id)
        .where(RunTrack.run_id == newest)
        .order_by(FaceTrack.track_no)
    )
    with reading(source) as session:
        return [record(row) for row in session.scalars(query)]


def numbers_of_clip(source: Source, clip_id: int) -> list[int]:
    """Return the numbers of all face tracks of a clip, of any run, ascending.

    A rater's view of the project has them, too.
    """
    with reading(source) as session:
        return list(session.scalars(select(FaceTrack.id).where(FaceTrack.clip_id == clip_id).order_by(FaceTrack.id)))


def geometry(source: Source, track_ids: Sequence[int]) -> list[TrackGeometry]:
    """Return the geometry of some tracks, in the order of the given numbers; unknown ones are left out."""
    with reading(source) as session:
        rows = {row.id: row for row in session.scalars(select(FaceTrack).where(FaceTrack.id.in_(track_ids)))}
    return [
        TrackGeometry(track=record(row), **columns(row))
        for row in (rows[number] for number in track_ids if number in rows)
    ]


def by_geometry(source: Source, clip_id: int, sha256: str) -> int | None:
    """Return the number of the clip's face track whose geometry has this hash; None if there is none any more."""
    with reading(source) as session:
        return session.scalar(select(FaceTrack.id).where(FaceTrack.clip_id == clip_id, FaceTrack.sha256 == sha256))


def stored(session: Session, clip_id: int, track: FaceTrack) -> int:
    """Return the number of a clip's track, which is stored unless one of the same geometry exists.

    Args:
        session: Open for writing.
        clip_id: Number of the clip in which it was found.
        track: A new row, as `packed` makes it.
    """
    same = select(FaceTrack.id).where(
        FaceTrack.clip_id == clip_id, FaceTrack.sha256 == track.sha256, FaceTrack.track_no == track.track_no
    )
    known = session.scalar(same)
    if known is not None:
        return known
    track.clip_id = clip_id
    session.add(track)
    session.flush()
    return track.id
