"""The live predictions of a clip: a curve for each face, and the assignment of live faces to known ones."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from app.domain.analysis import TrackPrediction
from app.domain.live import LiveFace, LiveResult
from app.domain.played import PlayedClip
from app.faces.boxes import corners, overlap
from app.ui.parts.player.overlay import OverlayFace, overlay_faces
from app.ui.parts.timeline.curves import BRIDGE_S, Prediction, Times, bridge, bridged, empty_prediction

SAME_FACE: Final = 0.3
"""Least IoU of a live face with a stored one at which they are taken for the same face."""


class LiveCurves:
    """The curves of all live faces of one clip. Each face has its own, and no face continues another one's curve.

    Args:
        times_s: float64 F, the clip's frame axis.
    """

    def __init__(self, times_s: Times) -> None:
        self.times_s = times_s
        self._curves: dict[int, Prediction] = {}
        self._last_idx: dict[int, int] = {}
        self._shown_as: dict[int, int] = {}
        self._looked = np.zeros(len(times_s), bool)

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of the faces, ascending."""
        return tuple(sorted(self._curves))

    @property
    def share(self) -> float:
        """The share of the clip's frames that were predicted, in this play or in an earlier one, 0–1."""
        return float(self._looked.mean()) if len(self._looked) else 0.0

    def of(self, track_id: int) -> Prediction:
        """Return the curve of a face; empty while there are no predictions of it."""
        return self._curves.get(track_id) or empty_prediction(self.times_s, live=True)

    def others(self, track_id: int, most: int) -> tuple[Prediction, ...]:
        """Return the curves of other faces, those seen longest first."""
        found = [one for number, one in self._curves.items() if number != track_id]
        return tuple(sorted(found, key=lambda one: -np.isfinite(one.values[:, 0]).sum())[:most])

    def fill(self, played: PlayedClip) -> None:
        """Take what is stored of earlier plays, where nothing is known yet."""
        self._looked[played.looked_idx] = True
        for track in played.tracks:
            values = bridged(self.times_s, track.frame_idx, played.looked_idx, track.smooth)
            shares = bridged(self.times_s, track.frame_idx, played.looked_idx, track.probabilities)
            curve = self._curves.get(track.track_id)
            if curve is None or curve.classes != track.classes:
                self._curves[track.track_id] = Prediction(self.times_s, values, shares, track.classes, live=True)
                continue
            unknown = np.isnan(curve.values[:, 0])
            curve.values[unknown], curve.probabilities[unknown] = values[unknown], shares[unknown]
            curve.written.append((0, len(self.times_s)))

    def begin(self) -> None:
        """Begin anew with the numbers of live faces: another run of the analyser counts from one again."""
        self._shown_as.clear()
        self._last_idx.clear()

    def named(
        self, result: LiveResult, stored: Sequence[TrackPrediction], *, whole: bool = True
    ) -> tuple[LiveFace, ...]:
        """Return the faces of a live answer by the numbers that the window shows.

        Args:
            result: The result of the live analyser.
            stored: Predictions of the clip, whose faces have their own numbers. A live face in the place of one of them
                gets its number.
            whole: Whether they come from a whole analysis. If not, they have other frames than the answer, and a live
                face is compared only when it is new.
        """
        taken: set[int] = set()
        named = []
        for face in result.faces:
            known = self._shown_as.get(face.track_id, 0)
            number = 0 if known and not whole else _in_place_of(stored, face, result, 0.0 if whole else BRIDGE_S)
            number = number if number and number not in taken else known or self._unused(stored)
            self._shown_as[face.track_id] = number
            taken.add(number)
            named.append(replace(face, track_id=number))
        return tuple(named)

    def _unused(self, stored: Sequence[TrackPrediction]) -> int:
        used = {*self._curves, *self._shown_as.values(), *(track.track_id for track in stored)}
        return max(used, default=0) + 1

    def take(self, faces: tuple[LiveFace, ...], frame_idx: int) -> None:
        """Write the faces of a frame into their curves.

        Args:
            faces: The faces, as `named` returns them.
            frame_idx: Number of the frame in which they were seen.
        """
        if not 0 <= frame_idx < len(self.times_s):
            return
        self._looked[frame_idx] |= bool(faces)
        there = {face.track_id for face in faces}
        self._last_idx = {number: idx for number, idx in self._last_idx.items() if number in there}
        for face in overlay_faces(faces):
            self._write(face, frame_idx)

    def _write(self, face: OverlayFace, frame_idx: int) -> None:
        curve = self._curves.get(face.track_id)
        if curve is None or curve.classes != face.classes:
            curve = self._curves[face.track_id] = empty_prediction(self.times_s, face.classes, live=True)
            self._last_idx.pop(face.track_id, None)
        before = self._last_idx.get(face.track_id, -1)
        self._last_idx[face.track_id] = frame_idx
        first = bridge(curve.times_s, curve.values, before, frame_idx, np.array([face.valence, face.arousal]))
        if len(face.probabilities) == curve.probabilities.shape[1]:
            bridge(curve.times_s, curve.probabilities, before, frame_idx, face.probabilities)
        curve.written.append((first, frame_idx + 1))


def _in_place_of(stored: Sequence[TrackPrediction], face: LiveFace, result: LiveResult, within_s: float) -> int:
    """Return the stored track that is where a live face is, in its frame or so many seconds from it; 0 for none."""
    best, found = SAME_FACE, 0
    for track in stored:
        row = _row_of(track, result, within_s)
        if row is not None:
            shared = float(overlap(corners(track.boxes[row]), corners(face.face.box))[0, 0])
            if shared >= best:
                best, found = shared, track.track_id
    return found


def _row_of(track: TrackPrediction, result: LiveResult, within_s: float) -> int | None:
    """Return the row of a track that is nearest to an answer in time; None if it is too far."""
    if not len(track):
        return None
    row = int(np.searchsorted(track.frame_idx, result.frame_idx))
    near = [at for at in (row - 1, row) if 0 <= at < len(track)]
    best = min(near, key=lambda at: abs(int(track.frame_idx[at]) - result.frame_idx))
    if track.frame_idx[best] == result.frame_idx or abs(track.times_s[best] - result.time_s) < within_s:
        return best
    return None
