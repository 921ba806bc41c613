"""The camera screen: picture with overlay, plane with trail, numbers and curves, all of the present moment."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.domain.changes import Changes
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.look.tokens import SPACE_M, SPACE_S, TEXT_SMALL
from app.ui.parts.plane.measures import MeasuresWidget
from app.ui.parts.plane.now import NowWidget
from app.ui.parts.plane.plane import PlaneWidget, Trail
from app.ui.parts.player.overlay import OverlayFace, OverlayParts, overlay_faces
from app.ui.parts.player.video import VideoWidget
from app.ui.parts.widgets.basic import Card, ElidedLabel, column, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.screens.camera.bar import CameraBar
from app.ui.screens.camera.history import History
from app.ui.screens.camera.session import CameraSession
from app.ui.screens.camera.strip import SPAN_S, LiveStrip

if TYPE_CHECKING:
    from app.services.predict.camera import CameraShot
    from app.services.predict.live import LiveResult

KEPT_S = 60.0
NOBODY = "No face in sight."
NOT_MEASURED = "This face is not measured: it is too small, or its mesh is not found."
GONE_S = 5.0
"""Seconds out of sight after which somebody else is followed."""
NO_CAMERA = (
    "Connect one and look again. On Linux your account must be in the group “video”; on macOS and Windows the privacy "
    "settings must allow it. A clip can take its place meanwhile."
)


class CameraScreen(QWidget):
    """The screen that shows one camera while it is open. Leaving it releases the camera.

    Args:
        context: What all screens share.

    Attributes:
        stage: The stack that shows the picture, or one of the three states without a picture.
        switched_off: The state in which nobody has asked for the camera yet.
        no_camera: The state in which no camera was found.
        lost: The state in which the camera failed, with the reason.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.session = CameraSession(context, self)
        self.history = History(KEPT_S)
        self.result: LiveResult | None = None
        self._track = 0
        self._seen_s = -np.inf
        self._width = 0
        self._now_s = 0.0
        self._wanted = False
        self.bar = CameraBar(context)
        self.video = VideoWidget(context.theme)
        self.plane = PlaneWidget(context.theme)
        self.now = NowWidget(context.theme)
        self.measures = MeasuresWidget(context.theme)
        self.strip = LiveStrip(context.theme)
        self.facts = ElidedLabel()
        self._build()
        self._bind()
        self._on_settings()
        self._on_state()
        self.bar.look()

    # Putting together

    def _build(self) -> None:
        context = self.context
        start = ("Start the camera", lambda: context.commands.run("camera.toggle"))
        again = ("Look again", self.bar.look)
        clip = ("Use a clip…", self.bar.ask_clip)
        self.switched_off = EmptyState(context.theme, "camera", "The camera is off", "", (start, clip))
        self.no_camera = EmptyState(context.theme, "camera", "No camera was found", NO_CAMERA, (again, clip))
        self.lost = EmptyState(
            context.theme,
            "warning",
            "The camera was lost",
            "",
            (("Try again", lambda: context.commands.run("camera.toggle")), again),
        )
        self.stage = QStackedWidget()
        for part in (self.video, self.switched_off, self.no_camera, self.lost):
            self.stage.addWidget(part)
        self.facts.setFont(context.theme.font(TEXT_SMALL, figures=True))
        context.theme.changed.connect(lambda: self.facts.setFont(context.theme.font(TEXT_SMALL, figures=True)))
        line = row(self.facts)
        line.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        picture = Card("", 0)
        picture.body.setSpacing(0)
        picture.body.addWidget(self.bar)
        picture.body.addWidget(self.stage, 1)
        picture.body.addLayout(line)
        curves = Card("Last half minute")
        curves.body.addWidget(self.strip, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(picture)
        left.addWidget(curves)
        left.setStretchFactor(0, 1)
        left.setSizes([620, 190])
        plane = Card("Valence–arousal plane")
        plane.body.addWidget(self.plane, 1)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.now, "Expression")
        self.tabs.addTab(self.measures, "Measures")
        self.tabs.setTabToolTip(1, "Head pose, eyes and movements, relative to the face's last half minute")
        self.tabs.currentChanged.connect(lambda at: self.session.live.set_measuring(at == 1))
        numbers = Card("This moment")
        numbers.body.addWidget(self.tabs, 1)
        side = QWidget()
        box = column(plane, numbers, spacing=SPACE_S)
        box.setStretch(0, 6)
        box.setStretch(1, 5)
        side.setLayout(box)
        side.setMinimumWidth(290)
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(left)
        whole.addWidget(side)
        whole.setStretchFactor(0, 1)
        whole.setSizes([1030, 330])
        for splitter in (left, whole):
            splitter.setHandleWidth(SPACE_S)
            splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)

    def _bind(self) -> None:
        context, session = self.context, self.session
        context.commands.bind("camera.toggle", self.toggle)
        context.commands.bind("camera.record", self._on_record)
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self._on_project)
        context.ticker.ticked.connect(self._on_tick)
        self.bar.found.connect(self._on_found)
        self.bar.changed.connect(self._on_choice)
        session.shot_taken.connect(self._on_shot)
        session.state_changed.connect(self._on_state)
        session.live.answered.connect(self._on_answer)
        self.video.face_clicked.connect(self.choose)

    # What the window tells

    def screen_shown(self) -> None:
        """Show the present state when the screen becomes visible; the camera stays off until it is asked for."""
        self._on_state()

    def screen_hidden(self) -> None:
        """Release the camera and keep a recording when another screen takes its place."""
        self._wanted = False
        if self.session.state != "off":
            self.session.stop()

    def close_screen(self) -> None:
        """Stop when the window closes; a recording still becomes a clip of the project."""
        self.context.ticker.stop(self)
        self.session.close()

    # Start, stop, record

    def toggle(self) -> None:
        """Start the chosen camera, or stop it."""
        if self.session.state in ("opening", "on"):
            self._wanted = False
            self.session.stop()
            return
        choice = self.bar.choice
        if choice is not None:
            self.session.start(choice)
        else:  # the list is still being made, or is empty: start as soon as there is one
            self._wanted = True
            self.bar.look()

    def choose(self, track_id: int) -> None:
        """Follow a face."""
        if track_id != self._track:
            self._track = track_id
            self.history.clear()

    def _on_choice(self) -> None:
        """Another camera or size: a running one is changed at once; a clip chosen in its place begins."""
        choice = self.bar.choice
        if choice is not None and (self.session.state in ("opening", "on") or choice.api == "file"):
            self.session.start(choice)

    def _on_found(self, count: int) -> None:
        if count and self._wanted and self.bar.choice is not None:
            self._wanted = False
            self.session.start(self.bar.choice)
        elif not count:
            self._wanted = False
        self._on_state()

    def _on_record(self) -> None:
        if self.session.recording_s is not None:
            self.session.stop_recording()
        else:
            self.session.record()

    def _on_project(self) -> None:
        if self.session.recording_s is not None:
            self.session.stop_recording()
        self._on_state()

    # Pictures and answers

    def _on_shot(self, shot: "CameraShot") -> None:
        self._width = shot.shown.image.shape[1]
        self._now_s = shot.frame.time_s
        self.video.show_frame(shot.shown)

    def _on_answer(self, result: "LiveResult") -> None:
        self.result = result
        faces = overlay_faces(result.faces)
        if any(face.track_id == self._track for face in faces):
            self._seen_s = result.time_s
        elif faces and not 0 <= result.time_s - self._seen_s <= GONE_S:
            self._seen_s = result.time_s
            self.choose(max(faces, key=lambda face: float(face.box[2] * face.box[3])).track_id)
        mine = next((face for face in faces if face.track_id == self._track), None)
        valence, arousal = (mine.valence, mine.arousal) if mine is not None else (np.nan, np.nan)
        self.history.add(result.time_s, valence, arousal)
        if self.session.choice is not None and self.session.choice.mirrored:
            faces = tuple(mirrored(face, self._width) for face in faces)
        self.video.show_faces(faces, self._track)
        self.now.show_face(mine)
        measured = next((face.measured for face in result.faces if face.track_id == self._track), None)
        self.measures.show_face(measured, NOT_MEASURED if mine is not None else NOBODY)

    def _on_tick(self) -> None:
        if self.session.state != "on":
            return
        span_s = self.context.settings.number("plane.trail_s")
        self.plane.show_trails(Trail(*self.history.since(self._now_s, span_s)), None, span_s)
        self.strip.show_values(*self.history.since(self._now_s, SPAN_S))
        self._show_status()
        self.bar.show_state(True, self.session.recording_s)

    def _show_status(self) -> None:
        camera, live = self.session.status, self.session.live.status()
        words = []
        if camera is not None and camera.fps:
            words.append(f"{camera.fps:.0f} pictures/s")
            words.append(f"shown after {camera.shown_ms:.0f} ms{_skipped(camera.skipped)}")
        if live is not None and live.fps:
            words.append(f"predicted after {live.latency_ms:.0f} ms{_skipped(live.dropped)}")
        if self._width:
            words.append(f"{self._width} × {self.video.picture_size().height()}")
        self.facts.set_text(" · ".join(words))
        status = getattr(self.window(), "status", None)
        if status is not None and live is not None and camera is not None:
            status.set_live(live.provider, live.latency_ms, live.fps, camera.skipped, live.dropped)

    # How it looks

    def _on_state(self) -> None:
        session = self.session
        state = session.state
        on = state in ("opening", "on")
        if state == "opening":
            self.result, self._width = None, 0
            self.history.clear()
            self.video.show_frame(None)
            self.video.show_faces((), 0)
            self.facts.set_text(f"Opening {session.choice.camera.label} …" if session.choice is not None else "")
        elif not on:
            self.facts.set_text("")
            status = getattr(self.window(), "status", None)
            if status is not None:
                status.set_live()
        self.video.set_message("Opening the camera …" if state == "opening" else "")
        if on:
            self.stage.setCurrentWidget(self.video)
            self.context.ticker.start(self)
        else:
            self.context.ticker.stop(self)
            self._show_rest(state)
        said = NOBODY if on else "The camera is off."
        self.now.show_face(None, said)
        self.measures.show_face(None, said)
        self.bar.show_state(on, session.recording_s)

    def _show_rest(self, state: str) -> None:
        choice = self.bar.choice
        error = self.session.error
        if state == "lost" and isinstance(error, UserError):
            self.lost.text.setText(f"{error.what} {error.todo}")
            self.stage.setCurrentWidget(self.lost)
        elif choice is None:
            self.stage.setCurrentWidget(self.no_camera)
        else:
            self.switched_off.text.setText(f"{choice.camera.label} is on only while this screen is shown.")
            self.stage.setCurrentWidget(self.switched_off)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("settings"):
            self._on_settings()

    def _on_settings(self) -> None:
        settings = self.context.settings
        parts = OverlayParts(
            settings.flag("player.box"), settings.flag("player.landmarks"), settings.flag("player.bars")
        )
        self.video.set_overlay(True, parts)


def _skipped(count: int) -> str:
    return f" ({count} skipped)" if count else ""


def mirrored(face: OverlayFace, width: int) -> OverlayFace:
    """Return a face at its place in the mirrored picture.

    Args:
        face: The face, in pixels of the picture as it came.
        width: Width of the picture in pixels.
    """
    box, landmarks = face.box.copy(), face.landmarks.copy()
    box[0] = width - box[0] - box[2]
    if landmarks.size:
        landmarks[:, 0] = width - landmarks[:, 0]
    return replace(face, box=box, landmarks=landmarks)
