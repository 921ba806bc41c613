"""Opens a clip for looking at it: its first picture at once, its frames when it is read through, a check at last."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.media import Frame
from app.jobs import Context, Job
from app.ui.core.context import AppContext
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.media.frame_index import FrameIndex
    from app.media.reader import VideoReader
    from app.services.predict.readers import OpenedClip


class Opening(QObject):
    """Opens one clip at a time; a newer one replaces it.

    Args:
        context: The context with jobs and errors.

    Signals:
        first_picture: The first picture of a clip that is still being read through.
    """

    first_picture = Signal(object)
    _came = Signal(object, object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._check: Job | None = None
        self._waits_for = object()
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)

    def start(
        self, path: Path, memory_bytes: int, taken: Callable[["VideoReader"], None], other: Callable[[], None]
    ) -> None:
        """Open a clip.

        Args:
            path: The clip.
            memory_bytes: Greatest number of bytes of decoded frames that its reader holds.
            taken: Called with the reader.
            other: Called later if the clip's frames turn out to be others than its packets say.
        """
        self.cancel()

        def done(opened: "OpenedClip") -> None:
            self._job = None
            taken(opened.reader)
            if not opened.checked:
                self._look_again(path, opened.reader.index, other)

        sent_by = self._waits_for = object()

        def show_first(frame: Frame) -> None:
            self._came.emit(sent_by, frame)

        self._job = self._context.work.start(
            tr("Opening the clip"), "clips", _open, path, memory_bytes, show_first, replace="player.open", on_done=done
        )

    def cancel(self) -> None:
        """Open or check nothing any more."""
        for job in (self._job, self._check):
            if job is not None:
                job.cancel()
        self._job = self._check = None

    def _on_came(self, sent_by: object, frame: Frame) -> None:
        if self._job is not None and sent_by is self._waits_for:
            self.first_picture.emit(frame)

    def _look_again(self, path: Path, index: "FrameIndex", other: Callable[[], None]) -> None:
        """Check the index by decoding, behind everything else."""

        def done(full: "FrameIndex") -> None:
            self._check = None
            if not full.same_as(index):
                other()

        # Whatever keeps the check from its end also shows while the clip plays.
        self._check = self._context.jobs.start("behind", _full, path, on_done=done, on_error=lambda _error: None)


def _open(ctx: Context, path: Path, memory_bytes: int, on_picture: Callable[[Frame], None]) -> "OpenedClip":
    from app.services.predict.readers import open_at_once

    return open_at_once(path, ctx, memory_bytes, on_picture)


def _full(ctx: Context, path: Path) -> "FrameIndex":
    from app.services.predict.readers import full_index

    return full_index(path, ctx)
