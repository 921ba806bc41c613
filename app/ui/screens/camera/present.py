"""What a camera shows at this moment: picture with overlay, plane with trail, numbers and curves of one face."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes
from app.ui.core.context import AppContext
from app.ui.parts.plane.now import NowWidget
from app.ui.parts.plane.plane import PlaneWidget, Trail
from app.ui.parts.player.overlay import OverlayFace, OverlayParts, overlay_faces
from app.ui.parts.player.video import VideoWidget
from app.ui.screens.camera.history import History
from app.ui.screens.camera.session import CameraSession
from app.ui.screens.camera.strip import SPAN_S, LiveStrip

if TYPE_CHECKING:
    from app.services.predict.camera import CameraShot
    from app.services.predict.live import LiveResult

KEPT_S: Final = 60.0
GONE_S: Final = 5.0
"""Seconds out of sight after which somebody else is followed."""


class CameraPresent(QObject):
    """Four views of one camera, which follow one of the faces. Whoever owns them lays them out.

    Args:
        context: The context with theme and settings.
        parent: The owner.

    Attributes:
        session: The camera, from start to stop.
        history: Valence and arousal of the followed face over the last minute.
        result: The newest answer of the model; None before the first one.
        width: Width of the picture in pixels; 0 without one.
        seen_s: Time of the picture in which the followed face was last seen; −∞ if none was seen.
        video: The picture with the faces.
        plane: The plane with the trail of the last seconds.
        now: The numbers of this moment.
        strip: The curves of the last half minute.
        followed: Emitted with each answer: the followed face as the models found it, or None.
    """

    followed = Signal(object)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.session = CameraSession(context, self)
        self.history = History(KEPT_S)
        self.result: LiveResult | None = None
        self.width = 0
        self.seen_s = -np.inf
        self._track = 0
        self._now_s = 0.0
        self.video = VideoWidget(context.theme)
        self.plane = PlaneWidget(context.theme)
        self.now = NowWidget(context.theme)
        self.strip = LiveStrip(context.theme)
        self.session.shot_taken.connect(self._on_shot)
        self.session.live.answered.connect(self._on_answer)
        self.video.face_clicked.connect(self.choose)
        context.changed.connect(self._on_changed)
        self._on_settings()

    def choose(self, track_id: int) -> None:
        """Follow a face."""
        if track_id != self._track:
            self._track = track_id
            self.history.clear()

    def clear(self) -> None:
        """Forget the picture, the faces and their past."""
        self.result, self.width, self.seen_s = None, 0, -np.inf
        self.history.clear()
        self.video.show_frame(None)
        self.video.show_faces((), 0)
        self.now.show_face(None, "")

    def refresh(self) -> None:
        """Draw the trail and the curves up to this moment."""
        span_s = self._context.settings.number("plane.trail_s")
        self.plane.show_trails(Trail(*self.history.since(self._now_s, span_s)), None, span_s)
        self.strip.show_values(*self.history.since(self._now_s, SPAN_S))

    def _on_shot(self, shot: "CameraShot") -> None:
        self.width = shot.shown.image.shape[1]
        self._now_s = shot.frame.time_s
        self.video.show_frame(shot.shown)

    def _on_answer(self, result: "LiveResult") -> None:
        self.result = result
        faces = overlay_faces(result.faces)
        if any(face.track_id == self._track for face in faces):
            self.seen_s = result.time_s
        elif faces and not 0 <= result.time_s - self.seen_s <= GONE_S:
            self.seen_s = result.time_s
            self.choose(max(faces, key=lambda face: float(face.box[2] * face.box[3])).track_id)
        mine = next((face for face in faces if face.track_id == self._track), None)
        valence, arousal = (mine.valence, mine.arousal) if mine is not None else (np.nan, np.nan)
        self.history.add(result.time_s, valence, arousal)
        if self.session.choice is not None and self.session.choice.mirrored:
            faces = tuple(mirrored(face, self.width) for face in faces)
        self.video.show_faces(faces, self._track)
        self.now.show_face(mine)
        self.followed.emit(next((face for face in result.faces if face.track_id == self._track), None))

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("settings"):
            self._on_settings()

    def _on_settings(self) -> None:
        settings = self._context.settings
        parts = OverlayParts(
            settings.flag("player.box"), settings.flag("player.landmarks"), settings.flag("player.bars")
        )
        self.video.set_overlay(True, parts)


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
