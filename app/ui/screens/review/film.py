"""The pictures under the time axis of the review desk, made in the background while nothing plays."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.parts.player.player import Player
from app.ui.parts.timeline.film import Cell, FilmStrip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.domain.media import Frame
    from app.jobs import Context, Job

MEMORY_BYTES = 64 << 20
"""Memory for decoded frames on the way to a picture."""


class Film(QObject):
    """Makes the pictures that the strip lacks, behind everything that somebody waits for.

    Args:
        context: The lanes of background work.
        player: While it plays, none are made: they would take its cores.
        strip: Shows the pictures.
    """

    _made = Signal(object, object, object)

    def __init__(self, context: AppContext, player: Player, strip: FilmStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._player, self._strip = context, player, strip
        self._job: Job | None = None
        self._wish = object()
        self._moving = False
        strip.wanted.connect(self._make)
        player.opened.connect(self._on_opened)
        player.state_changed.connect(self._on_player)
        self._made.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def _on_opened(self) -> None:
        info = self._player.info
        moves = info is not None and info.kind == "video" and len(self._player.times_s) > 1
        aspect = info.width / max(info.height, 1) if info is not None and moves else 0.0
        self._strip.set_clip(*self._player.range_s, aspect)

    def _on_player(self) -> None:
        if not self._player.is_open:
            self._stop()
            self._strip.set_clip(0.0, 0.0, 0.0)
        elif self._player.playing != self._moving:
            self._moving = self._player.playing
            self._strip.ask()

    def _stop(self) -> None:
        self._wish = object()
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _make(self, cells: "Sequence[Cell]") -> None:
        self._stop()
        info = self._player.info
        if info is None or not cells or self._player.playing:
            return
        times_s = self._player.times_s
        at_s = [cell.middle_s(float(times_s[0])) for cell in cells]
        frames_idx = (np.searchsorted(times_s, at_s, side="right") - 1).clip(0).tolist()
        size = self._strip.picture_size()

        wish = self._wish = object()

        def work(ctx: "Context") -> None:
            for cell, picture in _pictures(info.path, list(zip(cells, frames_idx, strict=True)), size, ctx):
                self._made.emit(wish, cell, picture)

        def failed(error: Exception) -> None:
            for cell in cells if wish is self._wish else ():
                self._strip.put(cell, None)
            if not isinstance(error, UserError):  # a clip that cannot be read is told of where it is played
                self._context.fail(error)

        self._job = self._context.jobs.start("behind", work, on_error=failed)

    def _take(self, wish: object, cell: Cell, picture: QImage | None) -> None:
        if wish is self._wish:
            self._strip.put(cell, picture)


def _pictures(
    path: "Path", wanted: "Sequence[tuple[Cell, int]]", size: QSize, ctx: "Context"
) -> "Iterator[tuple[Cell, QImage | None]]":
    """Yield the small picture of each frame by its number; None for one that does not decode."""
    from app.services.predict.readers import open_reader

    with open_reader(path, ctx, MEMORY_BYTES) as reader:
        for cell, frame_idx in wanted:
            ctx.check()
            try:
                frame = reader.frame(min(frame_idx, len(reader) - 1), "bgra", ctx)
            except UserError:
                yield cell, None
            else:
                yield cell, _small(frame, size)


def _small(frame: "Frame", size: QSize) -> QImage:
    height, width, _ = frame.image.shape
    whole = QImage(frame.image.data, width, height, frame.image.strides[0], QImage.Format.Format_RGB32)
    kept, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return whole.scaled(size, kept, smooth)
