"""What the review screen shows, apart from how: clip, predictions, annotations, chosen face. Views listen to it."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.domain.analysis import ClipAnalysis
from app.services.projects.clip_rows import ClipRow
from app.ui.parts.player.overlay import OverlayFace, overlay_faces
from app.ui.parts.timeline.curves import (
    Annotation,
    Prediction,
    bridge,
    empty_prediction,
    faces_at,
    from_track,
    longest_track,
    mean_of,
)

if TYPE_CHECKING:
    from app.domain.project import GoldRecord, TraceRecord
    from app.domain.traces import TraceSamples
    from app.services.predict.clip_curves import ClipCurves
    from app.services.predict.live import LiveResult

FRESH_S: Final = 1.0
"""A live answer further from the frame on screen than this is not drawn."""


class ReviewState(QObject):
    """The truth behind the review screen."""

    clip_changed = Signal()
    prediction_changed = Signal()
    annotations_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row: ClipRow | None = None
        self.times_s: NDArray[np.float64] = np.zeros(0)
        self.analysis: ClipAnalysis | None = None
        self.stored: Prediction | None = None
        self.live: Prediction | None = None
        self.live_on = False
        self.live_result: LiveResult | None = None
        self.track_id = 0
        self.in_use = ""
        self.current = True
        self.annotations: tuple[Annotation, ...] = ()
        self.chosen = ""
        self.smooth = True
        self._traces: tuple[tuple[TraceRecord, TraceSamples], ...] = ()
        self._golds: tuple[GoldRecord, ...] = ()
        self._counting: frozenset[int] = frozenset()
        self._wanted = ""
        self._live_idx = -1

    def set_clip(self, row: ClipRow | None) -> None:
        """Another clip: nothing is known of it yet."""
        self.row = row
        self.times_s = np.zeros(0)
        self.analysis, self.stored, self.live, self.live_result = None, None, None, None
        self.track_id, self._traces, self._golds = 0, (), ()
        self.annotations, self.chosen, self._wanted = (), "", ""
        self.clip_changed.emit()

    def set_times(self, times_s: NDArray[np.float64]) -> None:
        """The clip was opened: this is its frame axis."""
        self.times_s = times_s
        self.live = empty_prediction(times_s, live=True)
        self._live_idx = -1
        self._spread()

    def set_stored(self, stored: "ClipCurves") -> None:
        """Predictions and traces were read from the project."""
        if self.row is None or stored.clip_id != self.row.clip.id:
            return
        self.analysis, self._traces, self._golds = stored.analysis, stored.traces, stored.golds
        self._counting = stored.counting
        self.in_use, self.current = stored.in_use, stored.current
        if stored.analysis is not None and self.track_id not in {t.track_id for t in stored.analysis.tracks}:
            self.track_id = longest_track(stored.analysis)
        self._spread()

    def set_smooth(self, smooth: bool) -> None:
        """Show smoothed predictions or raw ones."""
        if smooth != self.smooth:
            self.smooth = smooth
            self._spread()

    def set_live(self, on: bool) -> None:
        """Prefer live answers over stored predictions for the frame on screen."""
        self.live_on = on
        self.live_result = None
        self.prediction_changed.emit()

    def take_live(self, result: "LiveResult") -> None:
        """A live answer came."""
        live = self.live
        self.live_result = result
        if live is None or not 0 <= result.frame_idx < len(live.times_s):
            return
        face = self._live_face()
        before, self._live_idx = self._live_idx, -1 if face is None else result.frame_idx
        if face is None:
            return
        if face.classes != live.classes:
            self.live = live = empty_prediction(self.times_s, face.classes, live=True)
        bridge(live.times_s, live.values, before, result.frame_idx, np.array([face.valence, face.arousal]))
        if len(face.probabilities) == live.probabilities.shape[1]:
            bridge(live.times_s, live.probabilities, before, result.frame_idx, face.probabilities)

    def choose_track(self, track_id: int) -> None:
        """Show another face's curves."""
        if track_id != self.track_id:
            self.track_id = track_id
            if self.stored is None:
                self.live = empty_prediction(self.times_s, live=True)
                self._live_idx = -1
            self._spread()

    def next_track(self) -> None:
        """Show the next face's curves."""
        if self.analysis is not None and self.analysis.tracks:
            ids = [track.track_id for track in self.analysis.tracks]
        else:
            ids = [face.track_id for face in self.live_result.faces] if self.live_result is not None else []
        if ids:
            at = ids.index(self.track_id) if self.track_id in ids else -1
            self.choose_track(ids[(at + 1) % len(ids)])

    def choose_annotation(self, key: str) -> None:
        """Compare with another annotation."""
        self._wanted = self.chosen = key
        self.annotations_changed.emit()

    def live_pending(self, time_s: float) -> bool:
        """Whether the live answer for about this time is still to come."""
        return self.live_on and (self.live_result is None or abs(self.live_result.time_s - time_s) > FRESH_S)

    @property
    def prediction(self) -> Prediction | None:
        """What the timeline draws: the stored run, or what has been predicted live."""
        if self.stored is not None:
            return self.stored
        return self.live

    @property
    def annotation(self) -> Annotation | None:
        """The annotation compared with."""
        return next((a for a in self.annotations if a.key == self.chosen), None)

    def faces(self, frame_idx: int, time_s: float) -> tuple[OverlayFace, ...]:
        """The faces to draw over a frame."""
        result = self.live_result
        if self.live_on and result is not None and abs(result.time_s - time_s) <= FRESH_S:
            return overlay_faces(result.faces)
        if self.analysis is not None:
            return faces_at(self.analysis, frame_idx, smooth=self.smooth)
        return ()

    def active(self, faces: tuple[OverlayFace, ...]) -> int:
        """Which of these faces is the chosen one; the largest where the chosen one is not there."""
        if not faces:
            return self.track_id
        if any(face.track_id == self.track_id for face in faces):
            return self.track_id
        if self.analysis is not None and not self.live_on:
            return self.track_id
        return max(faces, key=lambda face: float(face.box[2] * face.box[3])).track_id

    def values_for_trail(self, window: slice) -> NDArray[np.float32]:
        """Predicted values of some frames: live ones where there are any, else stored ones."""
        if self.live_on and self.live is not None:
            live = self.live.values[window]
            return live if self.stored is None else np.where(np.isnan(live), self.stored.values[window], live)
        if self.stored is not None:
            return self.stored.values[window]
        return self.live.values[window] if self.live is not None else np.zeros((0, 2), np.float32)

    def _live_face(self) -> "OverlayFace | None":
        result = self.live_result
        if result is None or not result.faces:
            return None
        faces = self.faces(result.frame_idx, result.time_s) if self.live_on else ()
        wanted = self.active(faces)
        return next((face for face in faces if face.track_id == wanted), None)

    def _spread(self) -> None:
        """Put everything on the frame axis, once that is known."""
        if not len(self.times_s):
            return
        track = None
        if self.analysis is not None:
            track = next((t for t in self.analysis.tracks if t.track_id == self.track_id), None)
        self.stored = from_track(self.times_s, track, smooth=self.smooth) if track is not None else None
        made = [
            Annotation(
                str(record.id),
                record.rater + (f" · {record.revision}" if record.revision > 1 else ""),
                samples.resampled(self.times_s),
                _note(record, counts=record.id in self._counting),
            )
            for record, samples in self._traces
        ]
        people = [one for one, (record, _) in zip(made, self._traces, strict=True) if record.id in self._counting]
        golds = [
            Annotation(f"gold {gold.id}", gold.name, gold.resampled(self.times_s), "gold standard")
            for gold in self._golds
            if gold.times_s is not None
        ]
        self.annotations = (*((mean_of(people),) if len(people) > 1 else ()), *made, *golds)
        keys = [a.key for a in self.annotations]
        self.chosen = self._wanted if self._wanted in keys else keys[0] if keys else ""
        self.prediction_changed.emit()
        self.annotations_changed.emit()


def _note(record: "TraceRecord", *, counts: bool) -> str:
    said = [] if counts else ["does not count"]
    if record.simulated:
        said.append("simulated")
    elif not record.blinded:
        said.append("unblinded")
    return ", ".join(said)
