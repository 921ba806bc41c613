"""Keeps the live predictions of the clip on the review desk: what was played once is not predicted again."""

import time
from collections import deque
from typing import TYPE_CHECKING, Final

from app.domain.live import LiveFace, LiveModel, LiveResult
from app.domain.project import ClipRecord
from app.faces.tracking import LIVE
from app.ui.core.context import AppContext

if TYPE_CHECKING:
    from app.services.projects.files import Project

EVERY_S: Final = 20.0
"""Seconds of play after which what was predicted is written: so much is lost if the program is killed."""
LEAST: Final = 10
"""With fewer answers, a pause writes nothing yet: somebody steps through the clip."""
EMPTY: Final = LIVE.known_after
"""A frame counts as one without a face if the faces are still missing so many answers later. Until then one may be on
its way: it is told only after some hits, and searched for only now and then."""
GAP_S: Final = 1.0
"""Answers that are further apart say nothing about each other."""


class PlayKeeper:
    """Collects live answers and writes them into the project, some seconds of play at a time.

    Args:
        context: The project and the thread that writes.
    """

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._forget(None, None)

    def _forget(self, project: "Project | None", clip: ClipRecord | None) -> None:
        self._project, self._clip = project, clip
        self._model: LiveModel | None = None
        self._answers: list[tuple[int, float, tuple[LiveFace, ...]]] = []
        self._empty: deque[tuple[int, float]] = deque()
        self._last_s = float("nan")
        self._written_s = time.monotonic()

    def set_clip(self, clip: ClipRecord | None) -> None:
        """Write what is left of the clip before, and collect for another one."""
        self.write()
        self._forget(self._context.project, clip)

    def take(self, result: LiveResult, faces: tuple[LiveFace, ...]) -> None:
        """Take a live answer.

        Args:
            result: The answer.
            faces: Its faces, by the numbers that they have in this clip.
        """
        if result.model is None or self._clip is None or self._project is None or self._project.read_only:
            return
        if result.model != self._model:
            self.write()
            self._model = result.model
        if not abs(result.time_s - self._last_s) <= GAP_S:
            self._empty.clear()
        self._last_s = result.time_s
        if faces:
            self._empty.clear()
            self._answers.append((result.frame_idx, result.time_s, faces))
        else:
            self._empty.append((result.frame_idx, result.time_s))
            if len(self._empty) > EMPTY:
                self._answers.append((*self._empty.popleft(), ()))
        if time.monotonic() - self._written_s >= EVERY_S:
            self.write()

    def pause(self) -> None:
        """The clip stands still: write what was collected, unless it is hardly anything."""
        if len(self._answers) >= LEAST:
            self.write()

    def write(self) -> None:
        """Write what was collected."""
        answers, self._answers = self._answers, []
        self._written_s = time.monotonic()
        project, clip, model = self._project, self._clip, self._model
        if not answers or project is None or clip is None or model is None:
            return

        def keep(_: object) -> None:
            from app.domain.played import of_answers
            from app.services.predict.played import keep_played

            keep_played(project, clip, model, of_answers(answers))

        # The project may not be the open one any more; it is closed on the same thread, behind this.
        self._context.jobs.start("db", keep, on_error=self._on_error)

    def _on_error(self, error: Exception) -> None:
        """Tell once that nothing can be kept; the clip plays on."""
        self._forget(None, None)
        self._context.fail(error)
