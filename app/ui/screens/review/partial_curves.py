"""The curves of a clip that is being analysed, which grow until its analysis is stored."""

from typing import Final

import numpy as np

from app.domain.analysis import AnalysedPart
from app.ui.parts.timeline.curves import Prediction, Times, empty_prediction

FACES: Final = 7
"""Number of further faces whose curves are drawn besides those of the chosen one."""


class PartialCurves:
    """What was predicted so far, with a curve for each face.

    Args:
        times_s: float64 F, the clip's frame axis.

    Attributes:
        ended: Whether the analysis has ended; the next reading of the project then takes the place of these curves.
        model: Name of the model that predicts; empty before its first answer.
    """

    def __init__(self, times_s: Times) -> None:
        self._times_s = times_s
        self._curves: dict[int, Prediction] = {}
        self._counts: dict[int, int] = {}
        self.ended = False
        self.model = ""

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of the faces, ascending."""
        return tuple(sorted(self._curves))

    @property
    def largest(self) -> int:
        """The number of the face that was seen in most frames; 0 without any."""
        return max(self._counts, key=lambda number: self._counts[number], default=0)

    def of(self, track_id: int) -> Prediction:
        """Return the curve of a face."""
        return self._curves[track_id]

    def others(self, track_id: int) -> tuple[Prediction, ...]:
        """Return the curves of the other faces, those seen longest first, at most `FACES`."""
        found = sorted((number for number in self._curves if number != track_id), key=lambda n: -self._counts[n])
        return tuple(self._curves[number] for number in found[:FACES])

    def take(self, part: AnalysedPart) -> None:
        """Write the faces of a part into their curves."""
        self.ended, self.model = False, part.model
        for track_id in np.unique(part.track_ids).tolist():
            rows = np.flatnonzero((part.track_ids == track_id) & (part.frame_idx < len(self._times_s)))
            if not len(rows):
                continue
            curve = self._curves.get(track_id)
            if curve is None:
                curve = self._curves[track_id] = empty_prediction(self._times_s, part.classes, live=True)
            at = part.frame_idx[rows]
            curve.values[at] = part.valence_arousal[rows]
            if part.probabilities.shape[1] == curve.probabilities.shape[1]:
                curve.probabilities[at] = part.probabilities[rows]
            curve.written.append((int(at.min()), int(at.max()) + 1))
            self._counts[track_id] = self._counts.get(track_id, 0) + len(rows)

    def forget(self) -> None:
        """Forget everything: the stored predictions take its place, or the analysis was stopped."""
        self._curves, self._counts, self.ended, self.model = {}, {}, False, ""
