"""The state of the Review screen: clip, predictions, annotations and chosen face. Views listen to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.domain.analysis import AnalysedPart, ClipAnalysis, TrackPrediction
from app.services.labels.faces import FaceLabels
from app.services.projects.clip_rows import ClipRow
from app.ui.parts.categories.said import Band, CategorySaid
from app.ui.parts.player.overlay import OverlayFace, overlay_faces
from app.ui.parts.timeline.curves import Annotation, Prediction, faces_at, from_track, longest_track
from app.ui.screens.review.annotations import annotations_of
from app.ui.screens.review.categories import (
    LiveVerdicts,
    attention_of,
    band_of,
    live_attention,
    said_beside,
    said_of_item,
)
from app.ui.screens.review.live_curves import LiveCurves
from app.ui.screens.review.partial_curves import FACES, PartialCurves

if TYPE_CHECKING:
    from app.domain.foreign_measures import ForeignColumn
    from app.domain.live import LiveFace, LiveResult
    from app.domain.measured_faces import MeasuredFaces
    from app.domain.played import PlayedClip
    from app.domain.project import ItemRecord
    from app.domain.verdicts_beside import VerdictsBeside
    from app.services.predict.clip_categories import ClipCategories
    from app.services.predict.clip_curves import ClipCurves

FRESH_S: Final = 1.0
"""A live answer that is more than this many seconds from the frame on screen is not drawn."""

ANSWERS: Final = 5000
"""Number of the last live answers that are kept, to be drawn on the very frame when it is shown again."""


class ReviewState(QObject):
    """The state behind the Review screen.

    Attributes:
        track_id: Number of the chosen face; 0 for none.
        item: The item that was opened; None if only a face was chosen.
        chosen: Key of the annotation that the prediction is compared with, which always belongs to the chosen face.
    """

    clip_changed = Signal()
    prediction_changed = Signal()
    annotations_changed = Signal()
    item_opened = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row: ClipRow | None = None
        self.in_use = ""
        self.current = True
        self.live_on = False
        self.smooth = True
        self._forget()

    def _forget(self) -> None:
        self.times_s: NDArray[np.float64] = np.zeros(0)
        self.analysis: ClipAnalysis | None = None
        self.stored: Prediction | None = None
        self.others: tuple[Prediction, ...] = ()
        self.partial: PartialCurves | None = None
        self.live_result: LiveResult | None = None
        self._answers: dict[int, LiveResult] = {}
        self.track_id = 0
        self.item: ItemRecord | None = None
        self.annotations: tuple[Annotation, ...] = ()
        self.chosen = ""
        self.categories: ClipCategories | None = None
        self.measures: MeasuredFaces | None = None
        self.played: PlayedClip | None = None
        self.foreign: Mapping[str, ForeignColumn] = {}
        self.verdicts = LiveVerdicts()
        self.beside: VerdictsBeside | None = None
        self.now_s = 0.0
        self.playing = False
        self._curves: LiveCurves | None = None
        self._labels: FaceLabels | None = None
        self._wanted: Annotation | None = None
        self._wanted_key = ""
        self._place: tuple[int, str] | None = None

    def set_clip(self, row: ClipRow | None) -> None:
        """Set another clip, of which nothing is known yet."""
        self.row = row
        self._forget()
        self.clip_changed.emit()

    def set_times(self, times_s: NDArray[np.float64]) -> None:
        """Set the frame axis of the clip, which was opened."""
        self.times_s = times_s
        self._curves = LiveCurves(times_s)
        self.partial = PartialCurves(times_s)
        self._take_played()
        self._spread()

    def set_stored(self, stored: "ClipCurves") -> None:
        """Set the predictions and traces that were read from the project."""
        if self.row is None or stored.clip_id != self.row.clip.id:
            return
        self.analysis, self._labels = stored.analysis, stored.labels
        if self.partial is not None and (stored.analysis is not None or self.partial.ended):
            self.partial.forget()
        if stored.in_use != self.in_use:
            self._forget_live()  # another model's
        self.in_use, self.current, self.played = stored.in_use, stored.current, stored.played
        self.categories = stored.categories
        self.measures, self.foreign = stored.measures, stored.foreign
        known = {track.track_id for track in stored.analysis.tracks} if stored.analysis is not None else set()
        if self.item is not None:
            self.track_id = self._face_of(self.item.id)
        elif stored.analysis is not None and self.track_id not in known:
            self.track_id = longest_track(stored.analysis.tracks)
        self._take_played()
        self._go_to_place()
        self._spread()

    def _forget_live(self) -> None:
        self._answers.clear()
        self.live_result = None
        if self._curves is not None:
            self._curves = LiveCurves(self.times_s)

    def _take_played(self) -> None:
        """Continue the curves of earlier plays, unless they number the frames in another way."""
        played, times_s = self.played, self.times_s
        if played is None or self._curves is None:
            return
        for track in played.tracks:
            here = times_s[np.minimum(track.frame_idx, len(times_s) - 1)]
            if not np.allclose(here, track.times_s, rtol=0.0, atol=1e-3):
                self.played = None
                return
        self._curves.fill(played)
        if not self.track_id:
            self.track_id = longest_track(played.tracks)

    def open_item(self, item_id: int, condition: str = "") -> None:
        """Show the face of an item of this clip and its traces, now or as soon as they are read.

        Args:
            item_id: Number of the item.
            condition: The viewing condition whose traces are wanted; empty for the first.
        """
        self._place = (item_id, condition)
        if self._labels is not None:
            self._go_to_place()
            self._spread()

    def _go_to_place(self) -> None:
        if self._place is None or self._labels is None:
            return
        (item_id, condition), self._place = self._place, None
        found = next((one for one in self._labels.items if one.item.id == item_id), None)
        if found is not None:
            self.item, self.track_id = found.item, found.face
            self._wanted = Annotation("", "", np.zeros((0, 2), np.float32), item_id=item_id, condition=condition)
            self._wanted_key = ""
            self.item_opened.emit(found.item)

    def _face_of(self, item_id: int) -> int:
        items = self._labels.items if self._labels is not None else ()
        return next((one.face for one in items if one.item.id == item_id), self.track_id)

    def set_smooth(self, smooth: bool) -> None:
        """Choose smoothed predictions or raw ones."""
        if smooth != self.smooth:
            self.smooth = smooth
            self._spread()

    def set_live(self, on: bool) -> None:
        """Prefer live answers over stored predictions for the frame on screen."""
        self.live_on = on
        self.live_result = None
        self._answers.clear()
        if self._curves is not None:
            self._curves.begin()
        self.prediction_changed.emit()

    def take_live(self, result: "LiveResult") -> "tuple[LiveFace, ...]":
        """Take a live answer, continue the curve of each of its faces, and return them by the numbers shown."""
        self.live_result = result
        self._answers[result.frame_idx] = result
        while len(self._answers) > ANSWERS:
            del self._answers[next(iter(self._answers))]
        if self._curves is None:
            return ()
        faces = self._named(self._curves, result)
        self._curves.take(faces, result.frame_idx)
        self.verdicts.take(faces)
        if not self.track_id and faces:
            # Nobody is chosen yet: the largest is, and stays so until another is chosen.
            self.track_id = max(faces, key=lambda one: float(one.face.box[2] * one.face.box[3])).track_id
            self.prediction_changed.emit()
        return faces

    def _named(self, curves: LiveCurves, result: "LiveResult") -> "tuple[LiveFace, ...]":
        if self.analysis is not None:
            return curves.named(result, self.analysis.tracks)
        return curves.named(result, self.played.tracks if self.played is not None else (), whole=False)

    def known(self, frame_idx: int) -> bool:
        """Return whether the model in use has predicted a frame already, so that it need not do so live."""
        if self.categories is not None and self.categories.verdicts is None:
            return False  # live verdicts need every frame
        if self.analysis is not None and self.current:
            return frame_idx < len(self.analysis.times_s) and frame_idx not in self.analysis.lost_idx
        answer = self._answers.get(frame_idx)
        if answer is not None and answer.faces:
            return True
        if self.played is None:
            return False
        at = int(np.searchsorted(self.played.looked_idx, frame_idx))
        return at < len(self.played.looked_idx) and int(self.played.looked_idx[at]) == frame_idx

    @property
    def played_share(self) -> float:
        """The share of the frames, 0–1, that live play has predicted where no whole analysis is stored."""
        return self._curves.share if self._curves is not None and self.analysis is None else 0.0

    def take_part(self, part: AnalysedPart) -> None:
        """Continue the curves of a clip that is being analysed; those of an earlier analysis stay in its place."""
        if self.partial is None or self.analysis is not None:
            return
        self.partial.take(part)
        if not self.track_id:
            self.track_id = self.partial.largest
        if self.others != (others := self.partial.others(self.track_id)):
            self.others = others
        self.prediction_changed.emit()

    def end_parts(self) -> None:
        """Note that the analysis has ended: what is read next takes the place of what was told."""
        if self.partial is not None:
            self.partial.ended = True

    def choose_track(self, track_id: int) -> None:
        """Show another face's curves, and what people traced of that face."""
        if track_id != self.track_id:
            self.track_id, self.item, self.beside = track_id, None, None
            self._spread()

    def next_track(self) -> None:
        """Show the next face's curves."""
        if self.analysis is not None and self.analysis.tracks:
            ids = [track.track_id for track in self.analysis.tracks]
        elif self.partial is not None and self.partial.ids:
            ids = list(self.partial.ids)
        else:
            ids = list(self._curves.ids) if self._curves is not None else []
        if ids:
            at = ids.index(self.track_id) if self.track_id in ids else -1
            self.choose_track(ids[(at + 1) % len(ids)])

    def choose_annotation(self, key: str) -> None:
        """Compare with another annotation. One that is still being read is chosen when it is ready."""
        self._wanted_key = key
        found = next((one for one in self.annotations if one.key == key), None)
        if found is not None:
            self.chosen, self._wanted = key, found
        self.annotations_changed.emit()

    def live_pending(self, time_s: float) -> bool:
        """Return whether the live answer for about this time is still to come."""
        return self.live_on and (self.live_result is None or abs(self.live_result.time_s - time_s) > FRESH_S)

    @property
    def reading(self) -> bool:
        """Whether what is stored of the clip is still being read from the project."""
        return self.row is not None and not self.row.clip.missing and self._labels is None

    @property
    def category(self) -> CategorySaid | None:
        """The category of the last seconds of the chosen face while it plays, else that of the item.

        An item without a stored verdict shows the last seconds also where the clip stands still. An item that is played
        with the verdicts of a fusion's members shows these.
        """
        if self.beside is not None:
            return said_beside(self.beside, self.categories, self.item)
        why = self.live_result.no_category if self.live_on and self.live_result is not None else ""
        whole = said_of_item(self.categories, self.analysis, self.track_id, self.traced_item, None, why)
        live = self.verdicts.at(self.track_id, self.now_s) if self.live_on else None
        if live is None or (whole is not None and whole.probabilities is not None and not self.playing):
            return whole
        return said_of_item(self.categories, self.analysis, self.track_id, self.traced_item, live)

    @property
    def band(self) -> Band:
        """The verdicts on the last seconds of the chosen face over time."""
        return band_of(self.categories, self.track_id, self.verdicts.band(self.track_id) if self.live_on else None)

    @property
    def attention(self) -> Band:
        """The moments that counted for the verdict that is shown; empty if the model weighs none.

        While the clip plays live that is the newest verdict on the last seconds, as in `category`.
        """
        stored = attention_of(self.categories, self.analysis, self.track_id, self.item)
        live = self.verdicts.at(self.track_id, self.now_s) if self.live_on and self.beside is None else None
        if live is None or (len(stored.times_s) and not self.playing):
            return stored
        return live_attention(live)

    @property
    def live(self) -> Prediction | None:
        """The live predictions of the chosen face; None before the clip is open."""
        return None if self._curves is None else self._curves.of(self.track_id)

    @property
    def prediction(self) -> Prediction | None:
        """The predictions that the timeline draws: the stored run, one that is being made, or live ones."""
        if self.stored is not None:
            return self.stored
        if self.partial is not None and self.track_id in self.partial.ids:
            return self.partial.of(self.track_id)
        return self.live

    @property
    def annotation(self) -> Annotation | None:
        """The annotation that the prediction is compared with."""
        return next((a for a in self.annotations if a.key == self.chosen), None)

    @property
    def track(self) -> TrackPrediction | None:
        """The stored predictions of the chosen face."""
        tracks = self.analysis.tracks if self.analysis is not None else ()
        return next((track for track in tracks if track.track_id == self.track_id), None)

    @property
    def traced_item(self) -> "ItemRecord | None":
        """The item of a trace that is recorded now: the opened one, or else the chosen face over the whole clip.

        It is None if the project has no such item yet.
        """
        if self.item is not None:
            return self.item
        items = self._labels.items if self._labels is not None else ()
        whole = [one for one in items if one.item.start_s is None and one.item.end_s is None]
        # Where no face is known, only an item without a target is about what is seen.
        mine = [one for one in whole if (one.face == self.track_id if self.track else one.item.track_id is None)]
        return mine[0].item if mine else None

    def faces(self, frame_idx: int, time_s: float) -> tuple[OverlayFace, ...]:
        """Return the faces to draw over a frame: its own live answer if there is one, else the newest if close."""
        result = self._answers.get(frame_idx)
        if result is None and not self.known(frame_idx):
            result = self.live_result
        if result is not None and not result.faces and self.analysis is not None and self.current:
            result = None  # the analysis also follows faces back from later frames
        if self.live_on and result is not None and self._curves is not None and abs(result.time_s - time_s) <= FRESH_S:
            return self._measured(overlay_faces(self._named(self._curves, result)), frame_idx)
        if self.played is not None and (self.analysis is None or self.live_on):
            found = faces_at(self.played.tracks, frame_idx, smooth=self.smooth)
            if found or self.analysis is None:
                return found
        if self.analysis is not None:
            return self._measured(faces_at(self.analysis.tracks, frame_idx, smooth=self.smooth), frame_idx)
        return ()

    def _measured(self, faces: tuple[OverlayFace, ...], frame_idx: int) -> tuple[OverlayFace, ...]:
        """Return faces with their measures in a frame."""
        if self.measures is None:
            return faces
        return tuple(replace(face, measured=self.measures.at(face.track_id, frame_idx)) for face in faces)

    def values_for_trail(self, window: slice) -> NDArray[np.float32]:
        """Return the predicted values of some frames: live ones if there are any, otherwise stored ones."""
        if self.live_on and self.live is not None:
            live = self.live.values[window]
            return live if self.stored is None else np.where(np.isnan(live), self.stored.values[window], live)
        if self.stored is not None:
            return self.stored.values[window]
        return self.live.values[window] if self.live is not None else np.zeros((0, 2), np.float32)

    def _spread(self) -> None:
        """Put everything on the frame axis, once that is known."""
        if not len(self.times_s):
            return
        track = self.track
        self.stored = from_track(self.times_s, track, smooth=self.smooth) if track is not None else None
        self.others = self._other_faces()
        # Without stored predictions no face is known to be an item's: what was traced is listed for all of them.
        face = 0 if self.analysis is None else self.track_id
        labels = self._labels or FaceLabels()
        self.annotations = annotations_of(labels, face, self.times_s)
        self.chosen = self._pick()
        self.prediction_changed.emit()
        self.annotations_changed.emit()

    def _other_faces(self) -> tuple[Prediction, ...]:
        """Return the predictions of the other faces, those seen longest first, at most `FACES`."""
        if self.analysis is None:
            if self.partial is not None and self.partial.ids:
                return self.partial.others(self.track_id)
            return self._curves.others(self.track_id, FACES) if self._curves is not None else ()
        tracks = sorted(self.analysis.tracks, key=len, reverse=True)
        others = [track for track in tracks if track.track_id != self.track_id][:FACES]
        return tuple(from_track(self.times_s, track, smooth=self.smooth) for track in others)

    def _pick(self) -> str:
        """The annotation asked for; else one of the same item and condition, by the same rater; else the first."""
        if any(one.key == self._wanted_key for one in self.annotations):
            return self._wanted_key
        want = self._wanted

        def rank(one: Annotation) -> tuple[bool, bool, bool, bool]:
            if want is None:
                return (False, False, False, False)
            alike = one.title == want.title if want.title else one.mean
            here = one.item_id == want.item_id if self.item is not None else False
            return (here, one.condition == want.condition, alike, one.mean == want.mean)

        return max(self.annotations, key=rank).key if self.annotations else ""


def within(prediction: Prediction, item: "ItemRecord | None") -> NDArray[np.float32]:
    """Return predicted values over the range of an item, float32 F×2; those of the whole clip without an item."""
    start_s = -np.inf if item is None or item.start_s is None else item.start_s
    end_s = np.inf if item is None or item.end_s is None else item.end_s
    return prediction.values[(prediction.times_s >= start_s) & (prediction.times_s <= end_s)]
