"""Whole-clip analysis from the window, with progress, time left and cancel. Results are stored in the project."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.domain.analysis import AnalysedPart
from app.domain.project import ClipRecord
from app.services.predict.reanalyse import analyse_clips
from app.ui.core.context import AppContext
from app.ui.look.language import tr


class Analysis(QObject):
    """Starts analyses.

    Args:
        context: The context with jobs, settings and project.

    Signals:
        told: An `AnalysedPart` of a clip that is being analysed.
        ended: An analysis has ended, whether with a result or not.
    """

    told = Signal(object)
    ended = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._parts: list[AnalysedPart] = []

    def parts_of(self, sha256: str) -> list[AnalysedPart]:
        """Return what was told so far of a clip that is being analysed."""
        return [part for part in self._parts if part.media_sha256 == sha256]

    def _pass_on(self, part: AnalysedPart) -> None:
        """Bring a part from the thread that analyses to the window's."""
        self._context.dispatcher(lambda: self._on_part(part))

    def _on_part(self, part: AnalysedPart) -> None:
        if self._parts and self._parts[0].media_sha256 != part.media_sha256:
            self._parts.clear()  # the clip before it is stored
        self._parts.append(part)
        self.told.emit(part)

    def start(self, clips: Sequence[ClipRecord], on_end: Callable[[], None] | None = None) -> None:
        """Analyse clips one after the other; stored results are used.

        Args:
            clips: The clips; those whose file is missing are left out.
            on_end: Called first of all, however the analysis ends.
        """
        self._start(clips, tr("Analysing"), "analyse", analyse_clips, self._pass_on, on_end=on_end)

    def measure(self, clips: Sequence[ClipRecord]) -> None:
        """Measure the faces of clips one after the other, analysing them first where needed."""
        from app.services.predict.clip_measures import measure_clips

        field_of_view_deg = self._context.settings.number("measures.field_of_view")
        self._start(clips, tr("Measuring"), "measure", measure_clips, field_of_view_deg)

    def _start(
        self,
        clips: Sequence[ClipRecord],
        doing: str,
        verb: str,
        work: Callable[..., list[str]],
        *more: object,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        context = self._context
        project = context.project
        present = [clip for clip in clips if not clip.missing]
        if project is None or not present:
            context.notify(tr("There is no clip to {verb}.", verb=verb), tr("Add clips, or find the missing ones."))
            if on_end is not None:
                on_end()
            return
        title = (
            f"{doing} {present[0].name}"
            if len(present) == 1
            else tr("{doing} {present} clips", doing=doing, present=len(present))
        )

        def done(problems: list[str]) -> None:
            if problems:
                context.notify(
                    problems[0],
                    "" if len(problems) == 1 else tr("({problems} more like this.)", problems=len(problems) - 1),
                )

        def end() -> None:
            self._parts.clear()
            if on_end is not None:
                on_end()
            self.ended.emit()

        context.work.start(
            title,
            "infer",
            work,
            project,
            [clip.path for clip in present],
            context.settings.text("analysis.model"),
            context.settings.text("analysis.device"),
            *more,
            on_done=done,
            on_end=end,
            at_once=True,
        )
