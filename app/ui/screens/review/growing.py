"""Brings the curves of a clip to the review desk while the clip is being analysed."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.domain.analysis import AnalysedPart
from app.services.predict.clip_curves import note_predictions
from app.ui.core.context import AppContext
from app.ui.parts.clips.analysis import Analysis
from app.ui.screens.review.state import ReviewState


class Growing(QObject):
    """Passes on what an analysis tells of the clip on screen.

    Args:
        context: The context with the project, in which it is noted that predictions are shown.
        analysis: The analyses that are started at the desk.
        state: The state of the desk.
        reload: Called when an analysis has ended, so that what is stored takes the place of what was told.
    """

    def __init__(
        self, context: AppContext, analysis: Analysis, state: ReviewState, reload: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._analysis, self._state, self._reload = context, analysis, state, reload
        analysis.told.connect(self._on_part)
        analysis.ended.connect(self._on_ended)

    def catch_up(self) -> None:
        """Take what was told of the clip before it was opened."""
        row = self._state.row
        for part in self._analysis.parts_of(row.clip.sha256) if row is not None else ():
            self._on_part(part)

    def _on_part(self, part: AnalysedPart) -> None:
        row = self._state.row
        if row is None or row.clip.sha256 != part.media_sha256 or not len(self._state.times_s):
            return

        def noted(_: object) -> None:
            now = self._state.row
            if now is not None and now.clip.id == row.clip.id:
                self._state.take_part(part)

        # Nothing is drawn before it is noted that it is shown.
        self._context.query(note_predictions, row.clip.id, on_done=noted)

    def _on_ended(self) -> None:
        self._state.end_parts()
        self._reload()
