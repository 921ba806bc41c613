"""The desk of Review, which puts clips, player, timeline and plane together and passes their signals on."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.domain.changes import Changes
from app.domain.live import LiveResult
from app.domain.media import Frame
from app.services.predict.clip_curves import MeasureView, clip_curves, note_predictions
from app.services.projects.clip_rows import ClipRow
from app.ui.core.context import AppContext, ClipPlace
from app.ui.core.whose import NAMED, Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.clips.analysis import Analysis
from app.ui.parts.clips.chooser import ClipChooser
from app.ui.parts.clips.panel import ClipPanel
from app.ui.parts.player.live import LiveFeed
from app.ui.parts.player.overlay import OverlayParts
from app.ui.parts.player.player import Player
from app.ui.parts.recording.controller import Recording
from app.ui.parts.timeline.view import TimelineView
from app.ui.parts.widgets.basic import column
from app.ui.screens.review.facts import Facts
from app.ui.screens.review.film import Film
from app.ui.screens.review.growing import Growing
from app.ui.screens.review.keeper import PlayKeeper
from app.ui.screens.review.measures import MeasureChoice
from app.ui.screens.review.note_desk import NoteDesk
from app.ui.screens.review.origin import CurveOrigin
from app.ui.screens.review.panels import PlayerPanel
from app.ui.screens.review.playlist import PlayListBar
from app.ui.screens.review.side import SidePanel
from app.ui.screens.review.sound import SoundShape
from app.ui.screens.review.state import ReviewState

if TYPE_CHECKING:
    from app.domain.project import ItemRecord

HIDDEN = tr("Curves are hidden while you record, so that they do not lead you.")
OVERLAY: Final = ("box", "landmarks", "bars", "mesh", "dots", "contours", "axes")
"""The settings `player.…` that choose the parts of the overlay, in the order of `OverlayParts`."""
NARROW: Final = 1060
"""Width, at 100 % text, below which the clips are a line over the picture instead of a list beside it."""


class ReviewScreen(QWidget):
    """Clips and picture, the timeline below them, and the plane and the frame's numbers at the right.

    Args:
        context: What all screens share.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.state = ReviewState(self)
        self.player = Player(context, self)
        self.live = LiveFeed(context, self)
        self.live.known = self.state.known
        self.keeper = PlayKeeper(context)
        self.recording = Recording(context, self.player, self)
        self.analysis = Analysis(context, self)
        self.growing = Growing(context, self.analysis, self.state, self._reload, self)
        self.clips = ClipPanel(context)
        self.centre = PlayerPanel(context, self.player, ClipChooser(self.clips))
        self.list_bar = PlayListBar(context, self.player, partial(self._on_requested, play=True))
        self.centre.put_below_head(self.list_bar)
        self.side = SidePanel(context)
        self.timeline = TimelineView(context)
        self.origin = CurveOrigin(context, self.timeline)
        self.sound = SoundShape(context, self.timeline.overview)
        self.film = Film(context, self.player, self.timeline.film, self)
        self.notes = NoteDesk(context, self.player, self.timeline, self.side, self)
        self.measures = MeasureChoice(context, self.state, self.timeline, self)
        self.facts = Facts(self.state, self.player, self.live, self.centre.video, self.side, self.timeline)
        self._when_open: Callable[[], None] | None = None
        self._overlay = True
        self._stale = False
        self._build()
        self._connect()
        self._on_setting_changed()
        self.clips.reload()

    # Putting together

    def _build(self) -> None:
        above = QSplitter(Qt.Orientation.Horizontal)
        above.setObjectName("review.above")
        above.addWidget(self.clips)
        above.addWidget(self.centre)
        above.setStretchFactor(1, 1)
        above.setSizes([270, 750])
        left = QSplitter(Qt.Orientation.Vertical)
        left.setObjectName("review.left")
        left.addWidget(above)
        left.addWidget(self.timeline)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 2)
        left.setSizes([500, 340])
        self.whole = QSplitter(Qt.Orientation.Horizontal)
        self.whole.setObjectName("review.whole")
        self.whole.addWidget(left)
        self.whole.addWidget(self.side)
        self.whole.setStretchFactor(0, 1)
        self.whole.setSizes([1030, 330])
        self._splitters = (above, left, self.whole)
        for splitter in self._splitters:
            splitter.setHandleWidth(SPACE_S)
            splitter.setChildrenCollapsible(False)
            kept = self.context.store.value(splitter.objectName())
            if isinstance(kept, QByteArray):
                splitter.restoreState(kept)
        self.setLayout(column(self.whole))

    def _connect(self) -> None:
        context, state, player = self.context, self.state, self.player
        context.project_changed.connect(self._on_project)
        context.theme.changed.connect(self._fit)
        context.changed.connect(self._on_changed)
        context.clip_requested.connect(self._on_requested)
        context.list_requested.connect(self.list_bar.show_list)
        context.playback_requested.connect(self._on_playback_requested)
        context.ticker.ticked.connect(self._on_tick)
        self.clips.chosen.connect(self._on_clip)
        self.clips.known.connect(lambda count: self.centre.show_nothing(count == 0))
        player.opened.connect(self._on_opened)
        player.opening.first_picture.connect(self.centre.video.show_frame)
        player.frame_shown.connect(self._on_frame)
        player.watch(self.centre.video.painted)
        player.state_changed.connect(self._on_player)
        self.live.answered.connect(self._on_live)
        self.live.gave_up.connect(lambda: context.commands.set_checked("analysis.toggle_live", False))
        state.prediction_changed.connect(self._on_prediction)
        state.annotations_changed.connect(self._on_annotations)
        state.item_opened.connect(self._on_item)
        self.timeline.sought.connect(self._on_sought)
        self.timeline.annotation_chosen.connect(state.choose_annotation)
        self.centre.video.face_clicked.connect(state.choose_track)
        self.centre.video.clicked.connect(lambda: context.commands.run("player.toggle_play"))
        self.centre.video.double_clicked.connect(lambda: context.commands.run("view.toggle_full_screen"))
        self.side.plane.pointed.connect(self.recording.point)
        self.recording.phase_changed.connect(self._on_recording)
        self.recording.counted.connect(self._on_counted)
        self.recording.saved.connect(self._on_saved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the list of clips in a narrow window, so that the picture keeps a useful size."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW * self.context.theme.scale
        self.clips.setVisible(not narrow)
        self.centre.set_choosing(narrow)

    # What the window tells

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: those of the clip, which its gold standards mix."""
        row = self.state.row
        if row is None:
            return NAMED
        from app.services.consent.gate import answers_may_leave

        return Whose(lambda project: answers_may_leave(project, row.clip.id))

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        self.timeline.refresh()
        if self._stale:
            self._load()

    def screen_hidden(self) -> None:
        """Pause when another screen takes its place."""
        self.player.pause()
        self.keeper.write()
        self.facts.clear_status(self.window())

    def close_screen(self) -> None:
        """Stop everything when the window closes."""
        for splitter in self._splitters:
            self.context.store.setValue(splitter.objectName(), splitter.saveState())
        self.notes.close()
        self.recording.close()
        self.live.stop()
        self.keeper.write()
        self.player.close()
        self.context.ticker.stop(self)

    # Project and clip

    def _on_project(self) -> None:
        """Clear the screen, since everything on it belongs to another project."""
        self._when_open = None
        if self.recording.active:
            self.recording.close()
            self._on_recording()
        self._on_clip(None)
        self.facts.show_status(self.window())

    def _on_requested(self, place: ClipPlace, play: bool = False) -> None:
        row = self.state.row
        if row is not None and place.clip_id == row.clip.id and self.player.is_open:
            self._go_to(place, play)
        else:
            self._when_open = partial(self._go_to, place, play)
            self.clips.select(place.clip_id)

    def _go_to(self, place: ClipPlace, play: bool) -> None:
        self.state.beside = place.beside
        if place.beside is not None:
            self.side.members.setChecked(True)
        self.player.seek(place.time_s)
        if play:
            self.player.play()
        if place.item_id is not None:
            self.state.open_item(place.item_id, place.condition)
        elif self.state.item is not None:
            self.state.item = None
            self.timeline.zoom_all()

    def _on_item(self, item: "ItemRecord") -> None:
        """The part of the clip that an item is about is in view."""
        start_s, end_s = self.player.range_s
        self.timeline.show_range(
            start_s if item.start_s is None else item.start_s, end_s if item.end_s is None else item.end_s
        )

    def _on_playback_requested(self) -> None:
        if self.state.row is not None and self.player.is_open:
            self.player.play()
        else:
            self._when_open = self.player.play
            self.clips.select_first()

    def _on_clip(self, row: ClipRow | None) -> None:
        before = self.state.row
        if row is not None and before is not None and row.clip == before.clip:
            return
        if self.recording.active:
            self.recording.discard()
        self.live.reset()
        self.keeper.set_clip(row.clip if row is not None else None)
        self.player.close_clip()
        self.state.set_clip(row)
        self.centre.show_clip(row)
        self.sound.set_clip(None)
        self.list_bar.take_clip(row.clip.id if row is not None else None)
        self.context.commands.set_condition("clip", False)
        self.timeline.clear()
        self.side.clear()
        self.notes.set_clip(row.clip if row is not None else None)
        self.origin.show_state(self.state, hidden=False)
        self.facts.show_frame(blind=self._blind)
        self.facts.show_histogram()
        there = row is not None and not row.clip.missing
        self._show_category()
        if row is not None and there:
            self.player.open(row.clip.path)
            self._load()

    def _load(self) -> None:
        row = self.state.row
        if row is not None:
            self._stale = False
            self.context.query(
                clip_curves,
                row.clip,
                self.context.settings.text("analysis.model"),
                self.live.on,
                MeasureView(self.context.settings.text("measures.baseline"), self.context.settings.flag("player.mesh")),
                on_done=self.state.set_stored,
                replace="review.stored",
            )

    def _reload(self) -> None:
        """Read the clip's curves again, now or when the screen is shown."""
        self._stale = True
        if self.isVisible():
            self._load()

    def _on_opened(self) -> None:
        self.context.commands.set_condition("clip", True)
        self.timeline.set_clip(*self.player.range_s)
        self.sound.set_clip(self.state.row.clip if self.state.row is not None else None)
        self.notes.refresh()
        self.state.set_times(self.player.times_s)
        self.growing.catch_up()
        if self._when_open is not None:
            act, self._when_open = self._when_open, None
            act()
            self._show_category()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("run", "trace", "gold", "model"):
            self._reload()
        if changes.touches("settings"):
            self._on_setting_changed()

    def _on_setting_changed(self) -> None:
        settings = self.context.settings
        self.state.set_smooth(settings.flag("analysis.smooth"))
        self._show_other_faces()
        self.context.commands.set_checked("timeline.toggle_faces", settings.flag("timeline.all_faces"))
        parts = OverlayParts(*(settings.flag(f"player.{part}") for part in OVERLAY))
        self.context.commands.set_checked("view.toggle_mesh", parts.mesh)
        self.centre.video.set_overlay(self._overlay and not self._blind, parts)
        seen = (settings.text("measures.baseline"), parts.mesh)
        if seen != getattr(self, "_measures_seen", seen):
            self._load()
        self._measures_seen = seen
        self.measures.show(blind=self._blind)
        wish = (settings.text("analysis.model"), settings.text("analysis.device"))
        if wish != getattr(self, "_model_wish", wish):
            self.live.stop()
            self._load()
        self._model_wish = wish
        self.set_live(settings.flag("analysis.live"))

    # Predictions

    def set_live(self, on: bool) -> None:
        """Switch predictions while the clip plays on or off."""
        on = on and not self._blind
        if on != self.live.on:
            self.live.set_on(on)
            self.keeper.write()
            self.state.set_live(on)
            if not on:
                self._reload()  # faces that are predicted from now on are found among those that were
            frame = self.player.frame
            if on and frame is not None:
                self.live.submit(frame)
            if on and self.state.row is not None:
                self.context.query(note_predictions, self.state.row.clip.id, on_done=lambda _: None)
        self.context.commands.set_checked("analysis.toggle_live", on)

    def set_overlay(self, on: bool) -> None:
        """Switch the overlay on or off."""
        self._overlay = on
        self.context.commands.set_checked("view.toggle_overlay", on)
        self._on_setting_changed()

    @property
    def overlay(self) -> bool:
        """Whether anything is drawn over the picture."""
        return self._overlay

    @property
    def _blind(self) -> bool:
        return self.recording.active and self.recording.blind

    def _on_live(self, result: LiveResult) -> None:
        self.keeper.take(result, self.state.take_live(result))
        self.facts.show_frame(blind=self._blind)
        self.facts.renew_category(blind=self._blind)
        if self.state.stored is None:
            self.context.ticker.start(self)

    def _show_other_faces(self) -> None:
        on = self.context.settings.flag("timeline.all_faces") and not self._blind
        self.timeline.set_other_faces(self.state.others if on else ())

    def _on_prediction(self) -> None:
        self.origin.show_state(self.state, hidden=self._blind)
        if not self._blind:
            self.timeline.set_prediction(self.state.prediction)
            self.measures.show(blind=self._blind)
            self._show_other_faces()
            self.facts.show_frame(blind=self._blind)
            self.facts.show_histogram()
            self._show_category()

    def _show_category(self) -> None:
        """Show the category; while the clip or a place in it is on its way, the card waits for it where it is."""
        on_its_way = self.state.reading or self._when_open is not None
        self.facts.show_category(blind=self._blind, reading=on_its_way)

    def _on_annotations(self) -> None:
        if not self._blind:
            self.timeline.set_annotations(self.state.annotations, self.state.chosen)
            self.facts.show_histogram()

    # Playing

    def _on_frame(self, frame: Frame) -> None:
        self.centre.video.show_frame(frame)
        if not self._blind:
            self.live.submit(frame, playing=self.player.playing, late=self.player.late)
        self.facts.show_frame(blind=self._blind)
        self.state.now_s = frame.time_s
        if self.state.live_on:
            self.facts.renew_category(blind=self._blind)
        self.context.ticker.start(self)

    def _on_player(self) -> None:
        if not self.player.is_open:
            self.centre.video.show_frame(None)
        self.state.playing = self.player.playing
        if not self.player.playing:
            self.keeper.pause()
        self.facts.renew_category(blind=self._blind)
        self.context.ticker.start(self)

    def _on_sought(self, time_s: float) -> None:
        if not self.recording.active:
            self.player.scrub(time_s)

    def _on_tick(self) -> None:
        """Thirty times a second while something moves: playhead, trails, growing curves, numbers."""
        frame = self.player.frame
        state = self.state
        if frame is not None:
            playing = self.player.playing
            follow = playing and self.context.settings.flag("timeline.follow")
            self.timeline.set_position(frame.time_s, follow=follow, seeking=not playing)
            self.side.show_trails(state, frame, recording=self.recording.active, blind=self._blind)
        if self.live.on and state.stored is None and self.centre.due(4):
            self.timeline.set_prediction(state.live)
            self.facts.show_histogram()
        self.timeline.on_tick()
        self.facts.show_status(self.window())
        if not self.player.playing:
            self.context.ticker.stop(self)

    # Recording

    def toggle_recording(self) -> None:
        """Begin a recording, or end it and keep the trace."""
        if self.recording.active:
            self.recording.stop()
        elif self.state.row is not None:
            self.recording.start(self.state.row.clip.id, self.state.traced_item, self.state.track)

    def _on_recording(self) -> None:
        active = self.recording.active
        blind = self._blind
        self.centre.show_recording(self.recording)
        self.clips.setEnabled(not active)
        self.side.plane.set_recording(active)
        self.side.set_covered(blind)
        self.notes.set_hidden(active)
        self.timeline.set_hidden(HIDDEN if blind else "")
        self.origin.show_state(self.state, hidden=blind)
        if blind:
            self.timeline.set_prediction(None)
            self.measures.show(blind=True)
            self.timeline.set_other_faces(())
            self.timeline.set_annotations((), "")
            self._show_category()
        self._on_setting_changed()
        if not active:
            self.centre.video.set_message("")
            self.side.plane.set_message("")
            self._on_prediction()
            self._on_annotations()
        self.facts.show_frame(blind=self._blind)

    def _on_counted(self, left: int) -> None:
        self.side.plane.set_message(str(left) if left else "")

    def _on_saved(self, record: object) -> None:
        if record is None:
            self.context.notify(tr("The trace was discarded."), "", "ok")
            return
        self.state.choose_annotation(str(record.id))  # type: ignore[attr-defined]
        self.context.notify(tr("The trace was saved."), tr("It is drawn dashed against the prediction."), "ok")
