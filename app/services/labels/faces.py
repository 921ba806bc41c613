"""The traces and gold standards of a clip, each with the predicted face that it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

import db.gold
import db.items
import db.traces
import db.tracks
from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.project import GoldRecord, ItemRecord, TraceRecord, TrackGeometry
from app.domain.traces import TraceSamples
from app.faces.boxes import corners, overlap_in_pairs
from app.services.labels.tables import current_traces
from db.project import Project, Source

LEAST_OVERLAP: Final = 0.3
"""Mean intersection over union, on the frames that both have, from which two tracks show the same face."""
NEAR_S: Final = 0.2
"""A box that was marked by hand is looked for in frames at most this far from its time."""
NO_FACE: Final = 0
"""Marks a face that the predictions do not have; tracks are numbered from 1."""


@dataclass(frozen=True)
class FaceItem:
    """An item and its face.

    Attributes:
        item: The item.
        face: `TrackPrediction.track_id` of the face that it is about; `NO_FACE` if the predictions do not have it.
    """

    item: ItemRecord
    face: int


@dataclass(frozen=True, eq=False)
class FaceTrace:
    """A trace with its item.

    Attributes:
        item: The item that was traced.
        face: The face that was shown to the rater, as in `FaceItem`.
        trace: The trace.
        samples: Its samples.
        counts: Whether it counts by `app.domain.trace_rules`.
    """

    item: ItemRecord
    face: int
    trace: TraceRecord
    samples: TraceSamples
    counts: bool


@dataclass(frozen=True, eq=False)
class FaceLabels:
    """All traces of a clip.

    Attributes:
        items: The clip's items in their order.
        traces: Every kept trace, oldest first within an item.
        golds: Gold standards of traces with their item.
    """

    items: tuple[FaceItem, ...] = ()
    traces: tuple[FaceTrace, ...] = ()
    golds: tuple[tuple[FaceItem, GoldRecord], ...] = ()


def labels_of_clip(project: Project, clip_id: int, analysis: ClipAnalysis | None) -> FaceLabels:
    """Read the traces and gold standards of a clip, each with its face.

    Args:
        project: The open project.
        clip_id: Number of the clip.
        analysis: The predictions whose faces are meant; without predictions every face is `NO_FACE`.
    """
    with project.read() as session:
        records = db.items.every(session, clip_id=clip_id)
        counting = {trace.id for trace in current_traces(session)}
        found = {item.id: db.traces.for_item(session, item.id) for item in records}
        shown = {trace.track_sha256 for pairs in found.values() for trace, _ in pairs if trace.track_sha256}
        tracks = {sha256: db.tracks.by_geometry(session, clip_id, sha256) for sha256 in shown}
        where = geometries(session, [*(item.track_id for item in records), *tracks.values()])
        golds = {item.id: db.gold.for_item(session, item.id) for item in records}
    faces = {item.id: _number(analysis, item, where.get(item.track_id or 0)) for item in records}
    traces = []
    for item in records:
        for trace, samples in found[item.id]:
            # The item may have got another target since: what was shown is what was judged.
            place = where.get(tracks.get(trace.track_sha256 or "") or 0)
            face = faces[item.id] if place is None else _number(analysis, item, place)
            traces.append(FaceTrace(item, face, trace, samples, trace.id in counting))
    items = tuple(FaceItem(item, faces[item.id]) for item in records)
    kept = tuple((one, gold) for one in items for gold in golds[one.item.id] if gold.kind == "trace")
    return FaceLabels(items, tuple(traces), kept)


def geometries(source: Source, track_ids: list[int | None]) -> Mapping[int, TrackGeometry]:
    """Return the geometries of tracks by the track's number, for the tracks that the project has."""
    wanted = sorted({number for number in track_ids if number is not None})
    return {one.track.id: one for one in db.tracks.geometry(source, wanted)} if wanted else {}


def face_of(source: Source, analysis: ClipAnalysis, item: ItemRecord) -> TrackPrediction | None:
    """Find the predictions of the face that an item is about; see `matching_track`."""
    return matching_track(analysis.tracks, item, geometries(source, [item.track_id]).get(item.track_id or 0))


class Placed(Protocol):
    """A followed face with its places in the picture: predictions, or faces kept for training."""

    @property
    def track_id(self) -> int:
        """Number of the face."""

    @property
    def frame_idx(self) -> NDArray[np.int32]:
        """Frame numbers: (n,) int32, ascending."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Times of the frames: (n,) float64 seconds."""

    @property
    def boxes(self) -> NDArray[np.float32]:
        """Boxes: (n, 4) float32 x, y, width and height in pixels."""

    def __len__(self) -> int: ...


@dataclass(frozen=True, eq=False)
class PlacedTrack:
    """A followed face without predictions; see `Placed`."""

    track_id: int
    frame_idx: NDArray[np.int32]
    times_s: NDArray[np.float64]
    boxes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.frame_idx)


T = TypeVar("T", bound=Placed)


def matching_track(tracks: Sequence[T], item: ItemRecord, where: TrackGeometry | None) -> T | None:
    """Find the predictions of the face that an item is about.

    A track is recognised by its place in the picture and not by its number, because another detector or another
    version may number the faces of a clip in another way.

    Args:
        tracks: Faces of the item's clip.
        item: The item.
        where: Geometry of the target track; None where no track was chosen.

    Returns:
        The track of the target face, or None where the predictions do not have that face. An item without any target
        is about the face that is seen in most frames.
    """
    if where is not None:
        return _most_alike(tracks, where)
    if item.target:
        return _under(tracks, item.target)
    return max(tracks, key=len) if tracks else None


def _number(analysis: ClipAnalysis | None, item: ItemRecord, where: TrackGeometry | None) -> int:
    track = matching_track(analysis.tracks, item, where) if analysis is not None else None
    return NO_FACE if track is None else track.track_id


def _most_alike(tracks: Sequence[T], where: TrackGeometry) -> T | None:
    best, found = 0.0, None
    for track in tracks:
        _, ours, theirs = np.intersect1d(track.frame_idx, where.frame_idx, return_indices=True)
        if not len(ours):
            continue
        shared = overlap_in_pairs(corners(track.boxes[ours]), corners(where.boxes[theirs]))
        if float(shared.mean()) >= LEAST_OVERLAP and float(shared.sum()) > best:
            best, found = float(shared.sum()), track
    return found


def _under(tracks: Sequence[T], target: dict[str, Any]) -> T | None:
    time_s, box = float(target["time_s"]), corners(np.asarray(target["box"], np.float32))
    best, found = LEAST_OVERLAP, None
    for track in tracks:
        row = int(np.argmin(np.abs(track.times_s - time_s))) if len(track) else -1
        if row < 0 or abs(float(track.times_s[row]) - time_s) > NEAR_S:
            continue
        shared = float(overlap_in_pairs(corners(track.boxes[row]), box)[0])
        if shared >= best:
            best, found = shared, track
    return found
