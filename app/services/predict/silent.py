"""Reads the streams of clips without sound for fusions, whose members that listen then say nothing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.project import ItemRecord
from app.jobs import Context
from app.services.predict.streams import ItemStreams, StreamBank
from app.services.predict.tracks import ClipTracks, TrackBank
from app.streams.stream import PictureStream, Stored, Stream
from db.project import Source


class HearingBank:
    """A bank of streams that is told whether a clip has sound; without, the rows of sound are zeros and are not kept.

    Args:
        streams: The streams to read.
        device: The device for the detector.
        tracks: The bank of face tracks.
    """

    def __init__(self, streams: Sequence[Stream], device: str, tracks: TrackBank) -> None:
        self._streams = tuple(streams)
        self._looks = [isinstance(stream, PictureStream) for stream in streams]
        seen = [stream for stream, looks in zip(streams, self._looks, strict=True) if looks]
        self._whole = StreamBank(streams, device, tracks)
        self._seen = StreamBank(seen, device, tracks)

    def read(
        self, source: Source, item: ItemRecord, path: Path, sha256: str, ctx: Context, *, sound: bool = True
    ) -> ItemStreams:
        """Return the rows of an item; see `StreamBank.read`. `sound` says whether the clip has sound."""
        bank = self._whole if sound else self._seen
        return self._filled(bank.read(source, item, path, sha256, ctx), sound=sound)

    def read_rows(
        self, path: Path, tracks: ClipTracks, rows: NDArray[np.int64], ctx: Context, *, sound: bool = True
    ) -> ItemStreams:
        """Return the rows of one face; see `StreamBank.read_rows`. `sound` says whether the clip has sound."""
        bank = self._whole if sound else self._seen
        return self._filled(bank.read_rows(path, tracks, rows, ctx), sound=sound)

    def _filled(self, found: ItemStreams, *, sound: bool) -> ItemStreams:
        if sound:
            return found
        read = iter(found.rows)
        rows: list[Stored] = [
            next(read) if looks else np.zeros((len(found.times_s), stream.spec.columns), np.float32)
            for stream, looks in zip(self._streams, self._looks, strict=True)
        ]
        return ItemStreams(found.times_s, tuple(rows))
