"""Whole-clip analysis from the window, with progress, time left and cancel. Results are stored in the project."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from app.domain.project import ClipRecord
from app.services.predict.reanalyse import analyse_clips
from app.ui.core.context import AppContext


class Analysis(QObject):
    """Starts analyses.

    Args:
        context: The context with jobs, settings and project.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def start(self, clips: Sequence[ClipRecord], on_end: Callable[[], None] | None = None) -> None:
        """Analyse clips one after the other; stored results are used.

        Args:
            clips: The clips; those whose file is missing are left out.
            on_end: Called first of all, however the analysis ends.
        """
        context = self._context
        project = context.project
        present = [clip for clip in clips if not clip.missing]
        if project is None or not present:
            context.notify("There is no clip to analyse.", "Add clips, or find the missing ones.")
            if on_end is not None:
                on_end()
            return
        title = f"Analysing {present[0].name}" if len(present) == 1 else f"Analysing {len(present)} clips"

        def done(problems: list[str]) -> None:
            if problems:
                context.notify(problems[0], "" if len(problems) == 1 else f"({len(problems) - 1} more like this.)")

        context.work.start(
            title,
            "infer",
            analyse_clips,
            project,
            [clip.path for clip in present],
            context.settings.text("analysis.model"),
            context.settings.text("analysis.device"),
            on_done=done,
            on_end=on_end,
        )
