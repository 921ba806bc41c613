"""The places of faces in clips, which are found and followed once, whatever is cut out of the clip afterwards."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import ClipAnalysis
from app.domain.faces import Face, TrackedFace
from app.domain.project import ItemRecord, TrackGeometry
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector, MtcnnSettings
from app.faces.tracking import FrameFaces, TrackerSettings
from app.jobs import Context
from app.services.labels.faces import PlacedTrack, geometries, matching_track
from app.services.predict.ahead import DecodeAhead
from app.services.predict.kept import clip_folder, digest, read_arrays, write_arrays
from app.services.predict.readers import open_reader
from db.project import Source

VERSION: Final = 1
"""Raise it when the content of a kept file of tracks changes."""


@dataclass(frozen=True, eq=False)
class ClipTracks:
    """The faces that were followed through a clip, in the order of its frames.

    Attributes:
        frame_idx: int32 N.
        times_s: float64 N.
        track_id: int32 N.
        boxes: float32 N×4, x, y, width and height in pixels of the frame.
        landmarks: float32 N×5×2, pixels of the frame.
        score: float32 N, the detector's confidence.
        quality: float32 N, see `app.domain.faces.TrackedFace`.
        key: Hash of everything that these rows depend on.
        sha256: SHA-256 of the clip's bytes.
    """

    frame_idx: NDArray[np.int32]
    times_s: NDArray[np.float64]
    track_id: NDArray[np.int32]
    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    score: NDArray[np.float32]
    quality: NDArray[np.float32]
    key: str
    sha256: str

    def __len__(self) -> int:
        return len(self.frame_idx)

    def face(self, row: int) -> Face:
        """Return the face of a row."""
        return Face(self.boxes[row], self.landmarks[row], float(self.score[row]))

    def rows_in(self, source: Source, item: ItemRecord) -> NDArray[np.int64]:
        """Return the rows of the face that an item is about, within the item's range; see `rows_of_item`."""
        return self.rows_at(place_of_item(source, item), item)

    def rows_at(self, where: TrackGeometry | None, item: ItemRecord) -> NDArray[np.int64]:
        """Return the same rows where the place of the item's face is known; see `place_of_item`."""
        rows = rows_of_face(where, item, self.frame_idx, self.times_s, self.track_id, self.boxes)
        times_s = self.times_s[rows]
        within = np.ones(len(rows), np.bool_)
        if item.start_s is not None:
            within &= times_s >= item.start_s
        if item.end_s is not None:
            within &= times_s <= item.end_s
        return rows[within]


def rows_of_item(
    source: Source,
    item: ItemRecord,
    frame_idx: NDArray[np.int32],
    times_s: NDArray[np.float64],
    track_id: NDArray[np.int32],
    boxes: NDArray[np.float32],
) -> NDArray[np.int64]:
    """Return the rows of the face that an item is about, in time order; empty if these faces do not include it.

    The face is recognised by its place in the picture, as everywhere (`app.services.labels.faces`), because a number
    that another detector or version gave means nothing.

    Args:
        source: The project, or a session of it, that holds the item's target track.
        item: The item.
        frame_idx: int32 N.
        times_s: float64 N.
        track_id: int32 N.
        boxes: float32 N×4.
    """
    return rows_of_face(place_of_item(source, item), item, frame_idx, times_s, track_id, boxes)


def place_of_item(source: Source, item: ItemRecord) -> TrackGeometry | None:
    """Return the places of the face that an item is about; None where no track was chosen."""
    return geometries(source, [item.track_id]).get(item.track_id or 0)


def rows_of_face(
    where: TrackGeometry | None,
    item: ItemRecord,
    frame_idx: NDArray[np.int32],
    times_s: NDArray[np.float64],
    track_id: NDArray[np.int32],
    boxes: NDArray[np.float32],
) -> NDArray[np.int64]:
    """Return the rows of an item's face whose place is known (`place_of_item`); see `rows_of_item`."""
    tracks = []
    for number in np.unique(track_id):
        mine = track_id == number
        tracks.append(PlacedTrack(int(number), frame_idx[mine], times_s[mine], boxes[mine]))
    found = matching_track(tracks, item, where)
    return np.flatnonzero(track_id == found.track_id) if found is not None else np.empty(0, np.int64)


class TrackBank:
    """Finds and follows faces once, and stores their places for later calls.

    Args:
        device: The device for the detector, which is opened with the first new clip.
    """

    def __init__(self, device: str = "auto") -> None:
        self._device = device
        self._settings = TrackerSettings()
        self._search = MtcnnSettings()
        self._detector: MtcnnDetector | None = None

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Everything that the tracks of a clip depend on besides its bytes."""
        return [self._search.parameters, dict(self._settings.parameters)]

    def tracks(
        self, path: Path, sha256: str, ctx: Context, on_seen: Callable[[FrameFaces], None] | None = None
    ) -> ClipTracks:
        """Return the faces of a clip.

        Args:
            path: The clip's file.
            sha256: SHA-256 of its bytes.
            ctx: Receives the progress in frames, and can cancel.
            on_seen: Receives every frame with its faces, in order, while they are found; not called if they are known.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled; nothing incomplete is kept.
        """
        found = self.kept(sha256)
        if found is None:
            for seen in self._search_through(path, sha256, ctx):
                if on_seen is not None:
                    on_seen(seen)
            found = self.kept(sha256)
        if found is None:
            raise RuntimeError("the faces of a clip were not kept")
        return found

    def of_analysis(self, analysis: ClipAnalysis) -> ClipTracks:
        """Return the faces that a prediction run followed, without searching for them again.

        Args:
            analysis: The predictions of the clip. If they come from the same detector and tracker, stored facts about
                its faces are used here, too.
        """
        known = json.loads(analysis.key.parameters)
        same = [{k: v for k, v in known.get("detector", {}).items() if k != "name"}, known.get("tracker")]
        plain: list[Any] = json.loads(json.dumps(self.parameters))
        sha256 = analysis.key.media_sha256
        faces = [
            (track.frame_idx[row], track.track_id, track, row) for track in analysis.tracks for row in range(len(track))
        ]
        faces.sort(key=lambda face: face[:2])
        columns = _columns(
            [
                TrackedFace(
                    number,
                    int(frame),
                    float(track.times_s[row]),
                    Face(track.boxes[row], track.landmarks[row], float(track.detection[row])),
                    float(track.quality[row]),
                )
                for frame, number, track, row in faces
            ]
        )
        key = self._key(sha256) if same == plain else digest([VERSION, sha256, analysis.key.parameters])
        return ClipTracks(**columns, key=key, sha256=sha256)

    def walk(self, path: Path, sha256: str, ctx: Context) -> Iterator[FrameFaces]:
        """Yield the frames of a clip that show faces, with these faces, which are searched for only on the first call.

        Args:
            path: The clip's file.
            sha256: SHA-256 of its bytes.
            ctx: Receives the progress in frames, and can cancel.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled.
        """
        kept = self.kept(sha256)
        if kept is None:
            yield from (seen for seen in self._search_through(path, sha256, ctx) if seen.faces)
            return
        rows = np.arange(len(kept))
        for frame, mine in frames_of(path, kept, rows, ctx):
            faces = tuple(
                TrackedFace(
                    int(kept.track_id[row]),
                    frame.frame_idx,
                    frame.time_s,
                    kept.face(row),
                    float(kept.quality[row]),
                )
                for row in mine
            )
            yield FrameFaces(frame, faces)

    def _search_through(self, path: Path, sha256: str, ctx: Context) -> Iterator[FrameFaces]:
        """Find the faces of a clip, and keep where they are when all frames have been seen."""
        if self._detector is None:
            self._detector = MtcnnDetector(self._device, settings=self._search)
        seen_faces: list[TrackedFace] = []
        with open_reader(path, ctx) as reader, DecodeAhead(reader, ctx) as ahead:
            total = len(reader)
            for seen in track_clip(ahead, self._detector, self._settings, ctx):
                ctx.progress(seen.frame.frame_idx, max(total, 1), f"Finding faces in {path.name}")
                seen_faces += seen.faces
                yield seen
        write_arrays(self.place(sha256), _columns(seen_faces))

    def kept(self, sha256: str) -> ClipTracks | None:
        """Return the faces of a clip if they are kept; None if they must be searched for."""
        arrays = read_arrays(self.place(sha256))
        return None if arrays is None else ClipTracks(**arrays, key=self._key(sha256), sha256=sha256)

    def place(self, sha256: str) -> Path:
        """Return the file that keeps the faces of a clip once they are known."""
        return clip_folder(sha256) / f"tracks-{self._key(sha256)}.npz"

    def _key(self, sha256: str) -> str:
        return digest([VERSION, sha256, self.parameters])


def frames_of(
    path: Path, tracks: ClipTracks, rows: NDArray[np.int64], ctx: Context
) -> Iterator[tuple[Any, NDArray[np.int64]]]:
    """Read the frames of some rows, each once.

    Args:
        path: The clip's file.
        tracks: The faces of the clip.
        rows: Row numbers of these faces, in the order of frames.
        ctx: Can cancel.

    Yields:
        A frame (`app.domain.media.Frame`), and the rows that belong to it.

    Raises:
        UserError: The clip cannot be read.
        Cancelled: The user cancelled.
    """
    if not len(rows):
        return
    numbers = tracks.frame_idx[rows]
    with open_reader(path, ctx) as reader:
        for frame in reader.frames(int(numbers[0]), int(numbers[-1]) + 1):
            ctx.check()
            first, last = np.searchsorted(numbers, [frame.frame_idx, frame.frame_idx + 1])
            if last > first:
                yield frame, rows[first:last]


def _columns(faces: Sequence[TrackedFace]) -> dict[str, NDArray[Any]]:
    n = len(faces)
    return {
        "frame_idx": np.array([each.frame_idx for each in faces], np.int32),
        "times_s": np.array([each.time_s for each in faces], np.float64),
        "track_id": np.array([each.track_id for each in faces], np.int32),
        "boxes": np.array([each.face.box for each in faces], np.float32).reshape(n, 4),
        "landmarks": np.array([each.face.landmarks for each in faces], np.float32).reshape(n, 5, 2),
        "score": np.array([each.face.score for each in faces], np.float32),
        "quality": np.array([each.quality for each in faces], np.float32),
    }
