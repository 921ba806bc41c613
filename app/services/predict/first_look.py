"""Cuts the pictures of streams while the faces of a clip are being found, so that its frames are decoded once.

This works as long as the clip shows one face and its pictures fit into memory; otherwise a second pass cuts them, as
in clips whose faces are already known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.item_frames import slot
from app.domain.project import ItemRecord
from app.faces.tracking import FrameFaces
from app.services.predict.kept import digest
from app.services.predict.tracks import ClipTracks
from app.streams.stream import Pictures, PictureSource, PictureStream, Seen, Stream

MOST_BYTES: Final = 64 * 2**20
"""Pictures of an item that are held at most."""


def source_key(stream: PictureStream) -> str:
    """Return the name of the pictures that a stream reads; streams with the same name share them."""
    return digest([stream.source.geometry, stream.spec.rate_hz])


@dataclass(eq=False)
class _Cut:
    """The pictures of one source so far."""

    source: PictureSource
    rate_hz: float
    pictures: list[Pictures] = field(default_factory=list)
    slot: int = 0


class FirstLook:
    """The pictures that were cut for an item while the faces of its clip were found.

    Args:
        streams: The streams to read.
        item: The item; only frames within its range count.
    """

    def __init__(self, streams: Sequence[Stream], item: ItemRecord) -> None:
        self._item = item
        self._cuts = {
            source_key(stream): _Cut(stream.source, stream.spec.rate_hz)
            for stream in streams
            if isinstance(stream, PictureStream)
        }
        self._frame_idx: list[int] = []
        self._first_s = 0.0
        self._track: int | None = None
        self._bytes = 0
        self._given_up = not self._cuts

    def take(self, seen: FrameFaces) -> None:
        """Cut the pictures of a frame that are due; frames come in order."""
        if self._given_up or not seen.faces:
            return
        (face, *more) = seen.faces
        if more or face.track_id != (self._track if self._track is not None else face.track_id):
            self._give_up()
            return
        self._track = face.track_id
        start_s, end_s, now_s = self._item.start_s, self._item.end_s, face.time_s
        if (start_s is not None and now_s < start_s) or (end_s is not None and now_s > end_s):
            return
        first = not self._frame_idx
        self._first_s = now_s if first else self._first_s
        self._frame_idx.append(face.frame_idx)
        for cut in self._cuts.values():
            here = int(slot(np.float64(now_s), self._first_s, cut.rate_hz)) if cut.rate_hz > 0 else 0
            if first or cut.rate_hz <= 0 or here > cut.slot:
                picture = cut.source.cut(Seen(seen.frame.image, face.face))
                cut.pictures.append(picture)
                cut.slot = here
                self._bytes += picture.nbytes
        if self._bytes > MOST_BYTES:
            self._give_up()

    def pictures(self, stream: PictureStream, tracks: ClipTracks, rows: NDArray[np.int64]) -> list[Pictures] | None:
        """Return the pictures of those of the rows that are due; None if they were not cut, or not for these rows."""
        same = len(self._frame_idx) == len(rows) and (tracks.frame_idx[rows] == self._frame_idx).all()
        if self._given_up or not same or (tracks.track_id[rows] != self._track).any():
            return None
        return self._cuts[source_key(stream)].pictures

    def _give_up(self) -> None:
        self._given_up = True
        self._cuts.clear()
