"""Whole-clip analysis from the window, with progress, time left and cancel. Results are stored in the project."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.services.predict.reanalyse import analyse_clips
from app.services.projects.clip_rows import ClipRow
from app.ui.core.context import AppContext


class Analysis(QObject):
    """Starts analyses.

    Args:
        context: The context with jobs, settings and project.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def start(self, rows: Sequence[ClipRow]) -> None:
        """Analyse clips one after the other; stored results are used."""
        context = self._context
        project = context.project
        present = [row for row in rows if not row.clip.missing]
        if project is None or not present:
            context.notify("There is no clip to analyse.", "Add clips, or find the missing ones.")
            return
        title = f"Analysing {present[0].clip.name}" if len(present) == 1 else f"Analysing {len(present)} clips"

        def done(problems: list[str]) -> None:
            if problems:
                context.notify(problems[0], "" if len(problems) == 1 else f"({len(problems) - 1} more like this.)")

        context.work.start(
            title,
            "infer",
            analyse_clips,
            project,
            [row.clip.path for row in present],
            context.settings.text("analysis.model"),
            context.settings.text("analysis.device"),
            on_done=done,
        )
