"""Shows the facts about the frame on screen and the clip at the review desk: faces, values, categories, speed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from app.domain.media import Frame
from app.ui.look.language import tr
from app.ui.parts.categories.said import Band
from app.ui.parts.player.live import LiveFeed
from app.ui.parts.player.player import Player
from app.ui.parts.player.video import VideoWidget
from app.ui.parts.timeline.view import TimelineView
from app.ui.screens.review.side import SidePanel
from app.ui.screens.review.state import ReviewState, within


class Facts:
    """Shows the facts that the state holds on the picture, the panels and the curves.

    Args:
        state: The data of the clip.
        player: Plays the clip.
        live: Predicts while the clip plays.
        video: The picture, over which faces are drawn.
        side: The panels at the right.
        timeline: The curves below the picture.
    """

    def __init__(
        self,
        state: ReviewState,
        player: Player,
        live: LiveFeed,
        video: VideoWidget,
        side: SidePanel,
        timeline: TimelineView,
    ) -> None:
        self._state, self._player, self._live = state, player, live
        self._video, self._side, self._timeline = video, side, timeline
        self._said: NDArray[np.float32] | None = None
        self._note = ""

    def show_frame(self, *, blind: bool) -> None:
        """Show the overlay and the values of the frame on screen.

        Args:
            blind: Whether somebody is tracing without seeing any prediction.
        """
        frame = self._player.frame
        if frame is None or blind:
            self._video.show_faces((), 0)
            self._side.now.show_face(None, tr("Hidden while you record.") if blind else "")
            self._side.show_measures(None, there=self._state.measures is not None)
            return
        faces = self._state.faces(frame.frame_idx, frame.time_s)
        active = self._state.track_id
        self._video.show_faces(faces, active)
        chosen = next((face for face in faces if face.track_id == active), None)
        self._side.now.show_face(chosen, self._why_no_face(frame, some=bool(faces)))
        measures = self._state.measures
        self._side.show_measures(
            None if measures is None else measures.at(active, frame.frame_idx), there=measures is not None
        )

    def _why_no_face(self, frame: Frame, *, some: bool) -> str:
        """Return what stands in place of a face's numbers."""
        if self._state.analysis is None and not self._state.known(frame.frame_idx):
            if not self._live.on:
                what = tr("This frame was not predicted yet.") if self._state.played_share else tr("Not analysed yet.")
                return tr("{what}\nCtrl+Enter analyses the whole clip, Ctrl+P predicts live.", what=what)
            if self._state.live_pending(frame.time_s):
                return tr("Predicting …")
        if some:
            return tr("The chosen face is not in this frame.\nClick on another to choose it.")
        return tr("No face in this frame.")

    def show_category(self, *, blind: bool, reading: bool = False) -> None:
        """Show the category of the item beside the votes, and its values over time; nothing while recording blind.

        Args:
            blind: Whether somebody is tracing without seeing any prediction.
            reading: Whether the clip is still being read, see `SidePanel.show_category`.
        """
        said = None if blind else self._state.category
        self._said, self._note = (None, "") if said is None else (said.probabilities, said.note)
        self._side.show_category(said, reading=reading)
        self._timeline.set_categories(Band() if blind else self._state.band)
        self._timeline.set_attention(Band() if blind else self._state.attention)

    def renew_category(self, *, blind: bool) -> None:
        """Show the category again where another verdict is due: a live answer came, or the playhead moved."""
        said = None if blind else self._state.category
        if said is not None and (said.probabilities is not self._said or said.note != self._note):
            self.show_category(blind=blind)

    def show_histogram(self) -> None:
        """Show how often each value was annotated and predicted."""
        annotation, prediction = self._state.annotation, self._state.prediction
        self._side.histogram.show_values(
            annotation.values if annotation is not None else None,
            within(prediction, self._state.item) if prediction is not None else None,
            tr("Nothing annotated or predicted yet.\nPress R to record a trace, Ctrl+Enter to analyse."),
        )

    def clear_status(self, window: QWidget) -> None:
        """Empty the window's status line: its figures are of this screen only."""
        status = getattr(window, "status", None)
        if status is not None:
            status.set_live()

    def show_status(self, window: QWidget) -> None:
        """Show in the window's status line which model predicts, how fast, and how many frames were left out."""
        status = getattr(window, "status", None)
        if status is None:
            return
        live = self._live.status()
        dropped = self._player.dropped if self._player.is_open else None
        if live is not None:
            per_s = live.fps if live.fps > 0 or self._player.playing else None
            latency_ms, slowed = live.latency_ms or None, self._live.slowed
            status.set_live(live.provider, latency_ms, per_s, dropped, live.dropped, slowed=slowed)
        else:
            provider = self._state.analysis.provider if self._state.analysis is not None else ""
            words = provider.removesuffix("ExecutionProvider")
            status.set_live(tr("{words} (stored)", words=words) if words else "", None, None, dropped)
