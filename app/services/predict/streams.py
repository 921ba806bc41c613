"""The streams of items, which are read once from the clip and kept in files that are mapped into memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.item_frames import due
from app.domain.project import ItemRecord, TrackGeometry
from app.errors import UserError
from app.files import DAMAGED_ARRAYS, replacing
from app.jobs import Context
from app.services.predict.first_look import FirstLook, source_key
from app.services.predict.kept import clip_folder, digest
from app.services.predict.tracks import ClipTracks, TrackBank, frames_of, place_of_item
from app.streams.stream import Pictures, PictureStream, Seen, SoundStream, Stored, Stream, held
from db.project import Source

VERSION: Final = 1
"""Raise it when the way from clip to rows changes for all streams."""
AT_ONCE: Final = 512
"""Pictures that are held in memory at a time."""


@dataclass(frozen=True, eq=False)
class ItemStreams:
    """The rows of the streams for an item, at the frames that show its face within its range.

    Attributes:
        times_s: float64 T, time of each frame on the clip's axis; T may be 0.
        rows: For each stream T×columns in its own type, mapped from its file.
    """

    times_s: NDArray[np.float64]
    rows: tuple[Stored, ...]


class StreamBank:
    """Reads the streams of items and keeps them under the hash of clip, face, range and specification.

    All streams of an item that are not kept are read in one pass over its frames, and streams that cut the same picture
    share it.

    Args:
        streams: The streams to read.
        device: The device for the detector.
        tracks: The bank of face tracks; None makes one.
    """

    def __init__(self, streams: Sequence[Stream], device: str = "auto", tracks: TrackBank | None = None) -> None:
        self.streams = tuple(streams)
        self._tracks = tracks or TrackBank(device)

    def read(self, source: Source, item: ItemRecord, path: Path, sha256: str, ctx: Context) -> ItemStreams:
        """Return the rows of an item.

        Args:
            source: The project, or a session of it, that holds the item's target face.
            item: The item.
            path: The clip's file.
            sha256: SHA-256 of the clip's bytes.
            ctx: Receives the progress, and can cancel.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled; nothing incomplete is kept.
        """
        return self._read(place_of_item(source, item), item, path, sha256, ctx)[0]

    def keep(self, where: TrackGeometry | None, item: ItemRecord, path: Path, sha256: str, ctx: Context) -> list[Path]:
        """Read and keep the rows of an item without its project, and return the files that hold them and its faces.

        Args:
            where: The place of the item's face (`place_of_item`).
            item: The item.
            path: The clip's file.
            sha256: SHA-256 of the clip's bytes.
            ctx: Receives the progress, and can cancel.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled; nothing incomplete is kept.
        """
        _, places = self._read(where, item, path, sha256, ctx)
        return [self._tracks.place(sha256), *places]

    def kept(self, where: TrackGeometry | None, item: ItemRecord, sha256: str) -> bool:
        """Return whether all rows of an item are kept already; see `keep`."""
        tracks = self._tracks.kept(sha256)
        if tracks is None:
            return False
        rows = tracks.rows_at(where, item)
        return not len(rows) or all(self._place(tracks, rows, stream).is_file() for stream in self.streams)

    def facts(self) -> str:
        """Return everything that the rows depend on besides clip and face, as canonical JSON."""
        return json.dumps([self._tracks.parameters, [s.spec.facts() for s in self.streams]], sort_keys=True)

    def _read(
        self, where: TrackGeometry | None, item: ItemRecord, path: Path, sha256: str, ctx: Context
    ) -> tuple[ItemStreams, list[Path]]:
        first = FirstLook(self.streams, item)
        tracks = self._tracks.tracks(path, sha256, ctx, first.take)
        rows = tracks.rows_at(where, item)
        found = self.read_rows(path, tracks, rows, ctx, first)
        return found, [self._place(tracks, rows, stream) for stream in self.streams] if len(rows) else []

    def read_rows(
        self, path: Path, tracks: ClipTracks, rows: NDArray[np.int64], ctx: Context, first: FirstLook | None = None
    ) -> ItemStreams:
        """Return the rows of one face over a part of its track.

        Args:
            path: The clip's file.
            tracks: The faces of the clip.
            rows: Row numbers of one face among these, in time order.
            ctx: Receives the progress, and can cancel.
            first: The pictures that were cut while the faces were found; None if there are none.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled; nothing incomplete is kept.
        """
        if not len(rows):
            empty = tuple(np.zeros((0, s.spec.columns), s.spec.dtype) for s in self.streams)
            return ItemStreams(np.zeros(0), empty)
        places = [self._place(tracks, rows, stream) for stream in self.streams]
        found = [_mapped(place, stream, len(rows)) for place, stream in zip(places, self.streams, strict=True)]
        missing = [number for number, each in enumerate(found) if each is None]
        if missing:
            wanted = [(self.streams[n], places[n]) for n in missing]
            self._compute(wanted, path, tracks, rows, ctx, first)
            for number in missing:
                found[number] = _mapped(places[number], self.streams[number], len(rows))
        ready = tuple(each for each in found if each is not None)
        if len(ready) < len(found):
            raise RuntimeError("a stream was not kept")
        return ItemStreams(tracks.times_s[rows], ready)

    def _place(self, tracks: ClipTracks, rows: NDArray[np.int64], stream: Stream) -> Path:
        # Which frames show the face says the track and the range together.
        facts = [VERSION, tracks.key, int(tracks.track_id[rows[0]]), len(rows)]
        ends = [int(tracks.frame_idx[rows[0]]), int(tracks.frame_idx[rows[-1]])]
        name = digest([*facts, *ends, stream.spec.facts()])
        return clip_folder(tracks.sha256) / "streams" / f"{name}.npy"

    def _compute(
        self,
        wanted: Sequence[tuple[Stream, Path]],
        path: Path,
        tracks: ClipTracks,
        rows: NDArray[np.int64],
        ctx: Context,
        first: FirstLook | None,
    ) -> None:
        times_s = tracks.times_s[rows]
        made: dict[int, Stored] = {}
        shared: dict[str, Reading] = {}
        for number, (stream, _) in enumerate(wanted):
            when = due(times_s, stream.spec.rate_hz)
            if isinstance(stream, PictureStream):
                key = source_key(stream)
                shared.setdefault(key, Reading(stream, when, times_s)).streams.append((number, stream))
            else:
                made[number] = held(_heard(stream, path, times_s[when]), when, len(rows))
        unread = [reading for reading in shared.values() if not reading.cut_already(first, tracks, rows)]
        if unread:
            place = {int(row): n for n, row in enumerate(rows)}
            for frame, mine in frames_of(path, tracks, rows, ctx):
                seen = Seen(frame.image, tracks.face(int(mine[0])))
                for reading in unread:
                    reading.take(place[int(mine[0])], seen)
        for reading in shared.values():
            made |= reading.end()
        for number, (_, target) in enumerate(wanted):
            if len(made[number]) != len(rows):
                raise UserError(f"{path.name} has frames that cannot be read again.", "Repair the clip, or convert it.")
            _keep(target, made[number], wanted[number][0])


class Reading:
    """Passes the pictures of one source through the streams that read it, some hundreds at a time."""

    def __init__(self, stream: PictureStream, when: NDArray[np.int64], times_s: NDArray[np.float64]) -> None:
        self.source, self.when, self.times_s = stream.source, when, times_s
        self.streams: list[tuple[int, PictureStream]] = []
        self._wanted = set(when.tolist())
        self._pictures: list[Pictures] = []
        self._old = 0
        self._done = 0
        self._rows: dict[int, list[Stored]] = {}

    def take(self, place: int, seen: Seen) -> None:
        """Read a frame, which is number `place` of the item."""
        if place in self._wanted:
            self._put(self.source.cut(seen))

    def cut_already(self, first: FirstLook | None, tracks: ClipTracks, rows: NDArray[np.int64]) -> bool:
        """Take the pictures that were cut while the faces were found; return whether there were any."""
        stream = self.streams[0][1]
        pictures = first.pictures(stream, tracks, rows) if first is not None else None
        for picture in pictures or ():
            self._put(picture)
        return pictures is not None

    def _put(self, picture: Pictures) -> None:
        self._pictures.append(picture)
        if len(self._pictures) - self._old >= AT_ONCE:
            self._flush()

    def end(self) -> dict[int, Stored]:
        """Return the rows of all frames of the item by the number of the stream."""
        if len(self._pictures) > self._old:
            self._flush()
        if self._done < len(self.when):  # frames did not decode a second time
            return {number: np.zeros((0, 0), np.float32) for number, _ in self.streams}
        count = len(self.times_s)
        return {number: held(np.concatenate(parts), self.when, count) for number, parts in self._rows.items()}

    def _flush(self) -> None:
        pictures = np.stack(self._pictures)
        times_s = self.times_s[self.when[self._done - self._old : self._done + len(pictures) - self._old]]
        reach = max(stream.reach for _, stream in self.streams)
        for number, stream in self.streams:
            made = stream.rows(pictures, times_s)[self._old :]
            self._rows.setdefault(number, []).append(np.asarray(made, stream.spec.dtype))
        self._done += len(pictures) - self._old
        self._pictures = self._pictures[len(self._pictures) - min(reach, len(self._pictures)) :]
        self._old = len(self._pictures)


def _heard(stream: SoundStream, path: Path, times_s: NDArray[np.float64]) -> Stored:
    from app.media.audio import AudioReader

    with AudioReader(path) as sound:
        return stream.heard(sound, times_s)


def _keep(place: Path, rows: Stored, stream: Stream) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as temporary, temporary.open("wb") as file:
        np.save(file, np.ascontiguousarray(rows, stream.spec.dtype))


def _mapped(place: Path, stream: Stream, count: int) -> Stored | None:
    """Return the rows in a file; None where it is missing or damaged, so that they are computed again."""
    try:
        rows: NDArray[Any] = np.load(place, mmap_mode="r", allow_pickle=False)
    except DAMAGED_ARRAYS:
        return None
    return rows if rows.shape == (count, stream.spec.columns) and rows.dtype == stream.spec.dtype else None
