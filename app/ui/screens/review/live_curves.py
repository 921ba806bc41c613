"""The live predictions of a clip: a curve for each face, and the assignment of live faces to known ones."""

from dataclasses import replace
from typing import Final

import numpy as np

from app.domain.analysis import ClipAnalysis
from app.domain.live import LiveFace, LiveResult
from app.faces.boxes import corners, overlap
from app.ui.parts.player.overlay import OverlayFace, overlay_faces
from app.ui.parts.timeline.curves import Prediction, Times, bridge, empty_prediction

SAME_FACE: Final = 0.3
"""Least IoU of a live face with a stored one in the same frame at which they are taken for the same face."""


class LiveCurves:
    """The curves of all live faces of one clip. Each face has its own, and no face continues another one's curve.

    Args:
        times_s: float64 F, the clip's frame axis.
    """

    def __init__(self, times_s: Times) -> None:
        self.times_s = times_s
        self._curves: dict[int, Prediction] = {}
        self._last_idx: dict[int, int] = {}
        self._stored_as: dict[int, int] = {}

    def of(self, track_id: int) -> Prediction:
        """Return the curve of a face; empty while there are no predictions of it."""
        return self._curves.get(track_id) or empty_prediction(self.times_s, live=True)

    def named(self, result: LiveResult, analysis: ClipAnalysis | None) -> tuple[LiveFace, ...]:
        """Return the faces of a live answer by the numbers that the window shows.

        Args:
            result: The result of the live analyser.
            analysis: Stored predictions of the clip, whose faces have their own numbers. A live face in the place of
                one of them gets its number.
        """
        if analysis is None:
            return result.faces
        above = max((track.track_id for track in analysis.tracks), default=0)
        for face in result.faces:
            found = _in_place_of(analysis, face, result.frame_idx)
            if found:
                self._stored_as[face.track_id] = found
        return tuple(
            replace(face, track_id=self._stored_as.get(face.track_id, above + face.track_id)) for face in result.faces
        )

    def take(self, faces: tuple[LiveFace, ...], frame_idx: int) -> None:
        """Write the faces of a frame into their curves.

        Args:
            faces: The faces, as `named` returns them.
            frame_idx: Number of the frame in which they were seen.
        """
        if not 0 <= frame_idx < len(self.times_s):
            return
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


def _in_place_of(analysis: ClipAnalysis, face: LiveFace, frame_idx: int) -> int:
    """Return the stored track that is where a live face is; 0 for none."""
    best, found = SAME_FACE, 0
    for track in analysis.tracks:
        row = int(np.searchsorted(track.frame_idx, frame_idx))
        if row < len(track) and track.frame_idx[row] == frame_idx:
            shared = float(overlap(corners(track.boxes[row]), corners(face.face.box))[0, 0])
            if shared >= best:
                best, found = shared, track.track_id
    return found
