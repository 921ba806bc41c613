"""The sound of the clip on the review desk, drawn in the bar under the timeline once it was read in the background."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from app.domain.project import ClipRecord
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.parts.timeline.overview import OverviewBar

if TYPE_CHECKING:
    from app.jobs import Context, Job
    from app.media.waveform import Waveform

HELD: Final = 8
"""Number of clips whose waveforms stay in memory; one of three hours takes 16 MB."""


class SoundShape:
    """Reads the sound of a clip behind everything that somebody waits for, and hands it to the bar.

    Args:
        context: The lanes of background work.
        bar: Draws it.
    """

    def __init__(self, context: AppContext, bar: OverviewBar) -> None:
        self._context, self._bar = context, bar
        self._held: OrderedDict[str, Waveform] = OrderedDict()
        self._job: Job | None = None

    def set_clip(self, clip: ClipRecord | None) -> None:
        """Show the sound of another clip as soon as it was read; None for no clip."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        held = self._held.get(clip.sha256) if clip is not None else None
        self._bar.set_sound(held)
        if clip is None or held is not None or not clip.has_audio or clip.missing:
            return

        def read(ctx: "Context") -> "Waveform":
            from app.media.waveform import build_waveform

            return build_waveform(clip.path, ctx)

        def done(shape: "Waveform") -> None:
            self._held[clip.sha256] = shape
            while len(self._held) > HELD:
                self._held.popitem(last=False)
            if self._job is job:
                self._job = None
                self._bar.set_sound(shape)

        def failed(error: Exception) -> None:
            if self._job is job:
                self._job = None
            if not isinstance(error, UserError):  # sound that cannot be read is told of where it is played
                self._context.fail(error)

        job = self._job = self._context.jobs.start("behind", read, on_done=done, on_error=failed)
