"""Decodes frames in a separate thread, a few ahead of the caller."""

import time
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from app.domain.media import Frame
from app.jobs import Context
from app.media.reader import VideoReader
from app.reach import NotAnswering
from app.worker import READ_WAIT_S, Worker

SILENT_S: Final = 60.0
"""How long the taker waits for the next frame before the disk counts as gone."""
_LOOK_S: Final = 0.2
AHEAD: Final = 12
"""Frames decoded ahead; some 75 MB at 1080p."""


class DecodeAhead(Worker):
    """Yields the frames of a clip or a part of it in order. A decoding error is raised in the thread that takes them.

    Use it in a `with` block and iterate over it once; leaving the block ends the thread at any point.

    Args:
        reader: The clip, which only the thread uses until the block is left.
        ctx: Can cancel the waiting for a frame.
        first: The first frame.
        end: The frame behind the last; None for all.

    Attributes:
        decode_s: Seconds spent decoding, in the thread.
        waiting_s: Seconds for which the caller has waited for frames.
    """

    def __init__(self, reader: VideoReader, ctx: Context | None = None, first: int = 0, end: int | None = None) -> None:
        super().__init__("decode-ahead")
        self._ctx = ctx or Context()
        self._reader, self._first, self._stop_at = reader, first, end
        self._ready: deque[Frame] = deque()
        self._over = False
        self._error: BaseException | None = None
        self.decode_s = self.waiting_s = 0.0

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(READ_WAIT_S)

    def __iter__(self) -> Iterator[Frame]:
        while True:
            began_s = time.perf_counter()
            with self._wake:
                self._wait()
                frame = self._ready.popleft() if self._ready else None
                self._wake.notify_all()
            self.waiting_s += time.perf_counter() - began_s
            if frame is None:
                break
            yield frame
        if self._error is not None:
            raise self._error

    def _wait(self) -> None:
        until_s = time.monotonic() + SILENT_S
        while not self._wake.wait_for(lambda: self._ready or self._over, _LOOK_S):
            self._ctx.check()
            if time.monotonic() > until_s:
                name = self._reader.info.path.name
                raise NotAnswering(
                    f"{name} cannot be read any further: its disk or network folder has not answered for a minute.",
                    "Check that it is connected, then try again.",
                )

    def _run(self) -> None:
        try:
            began_s = time.perf_counter()
            for frame in self._reader.frames(self._first, self._stop_at):
                self.decode_s += time.perf_counter() - began_s
                with self._wake:
                    self._wake.wait_for(lambda: self._stop or len(self._ready) < AHEAD)
                    if self._stop:
                        return
                    self._ready.append(frame)
                    self._wake.notify_all()
                began_s = time.perf_counter()
        except BaseException as error:  # noqa: BLE001  # handed over, raised by the taker
            self._error = error
        with self._wake:
            self._over = True
            self._wake.notify_all()
