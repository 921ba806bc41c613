"""A player that plays one item, which is the judged part of a clip, once from its beginning to its end."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.ui.look.language import tr
from app.ui.parts.player.player import Player

if TYPE_CHECKING:
    from app.jobs import Context, Job
    from app.media.reader import VideoReader

_BEFORE_END_S = 1e-6
"""An item ends before the frame that begins at its end."""


class ItemPlayer(Player):
    """Plays from `start_s` to `end_s` and stops there."""

    _from_s: float | None = None
    _to_s: float | None = None
    _job: "Job | None" = None

    def close(self) -> None:
        """Stop threads and timers for good."""
        if self._job is not None:
            self._job.cancel()
        super().close()

    def open_item(
        self,
        path: Path,
        start_s: float | None,
        end_s: float | None,
        then: Callable[[], None],
        failed: Callable[[Exception], None],
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """Open a clip for one of its parts.

        Args:
            path: The clip.
            start_s: Beginning of the item in seconds; None for the clip's first frame.
            end_s: End of the item in seconds; None for the clip's end.
            then: Called when it is open; its first frame follows.
            failed: Called with the reason if it cannot be opened.
            prepare: Loads what showing the item needs besides, in the thread that opens the clip.
        """
        self.close_clip()
        if self._job is not None:
            self._job.cancel()

        def done(reader: "VideoReader") -> None:
            self._job = None
            self._from_s, self._to_s = start_s, end_s
            self._take(reader, None)
            self.seek(self.item_range_s[0])
            then()

        self._job = self._context.work.start(
            tr("Opening the clip"),
            "clips",
            _open,
            path,
            self.memory_bytes,
            prepare,
            replace="annotate.open",
            on_done=done,
            on_error=failed,
        )

    @property
    def item_range_s(self) -> tuple[float, float]:
        """Beginning and end of the item in seconds on the clip's PTS axis."""
        start_s, end_s = self.range_s
        if self._from_s is not None:
            start_s = max(start_s, self._from_s)
        if self._to_s is not None:
            end_s = min(end_s, self._to_s)
        return start_s, max(end_s, start_s)

    @property
    def sounding(self) -> bool:
        """Whether sound is playing now."""
        return self._sound.sounding

    def _bounds(self) -> tuple[float, float]:
        start_s, end_s = self.item_range_s
        return start_s, end_s - _BEFORE_END_S if self._to_s is not None else end_s


def _open(ctx: "Context", path: Path, memory_bytes: int, prepare: Callable[[], None] | None) -> "VideoReader":
    from app.services.predict.readers import open_reader

    if prepare is not None:
        prepare()
    return open_reader(path, ctx, memory_bytes)
