"""The predictions of a model for a clip: columns on the clip's time axis for each face track."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FERPLUS


@dataclass(frozen=True, eq=False)
class TrackPrediction:
    """Predictions along one face track; row i of every array belongs to the same frame.

    Attributes:
        track_id: From 1, in order of the track's birth.
        frame_idx: int32 N, ascending; a frame in which the face is not seen has no row.
        times_s: float64 N, seconds on the clip's PTS axis.
        boxes: float32 N×4 [x, y, w, h], pixels of the displayed frame.
        landmarks: float32 N×5×2, pixels of the displayed frame.
        detection: float32 N, 0–1.
        quality: float32 N, 0–1.
        probabilities: float32 N×K over `classes`, rows sum to 1; N×0 if the model gives none.
        valence_arousal: float32 N×2 in −1…1, raw per frame.
        smooth: float32 N×2 in −1…1, smoothed along the track (zero phase).
        classes: Names of the K columns.
    """

    track_id: int
    frame_idx: NDArray[np.int32]
    times_s: NDArray[np.float64]
    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    detection: NDArray[np.float32]
    quality: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    valence_arousal: NDArray[np.float32]
    smooth: NDArray[np.float32]
    classes: tuple[str, ...] = FERPLUS

    def __len__(self) -> int:
        return len(self.frame_idx)


@dataclass(frozen=True, eq=False)
class AnalysedPart:
    """Predictions of some faces of a clip that is still being analysed; row i of every array belongs to one face.

    Attributes:
        media_sha256: Hash of the clip's bytes.
        model: Name of the model card.
        frame_idx: int32 N, ascending.
        track_ids: int32 N, `track_id` of each face.
        probabilities: float32 N×K over `classes`; N×0 if the model gives none.
        valence_arousal: float32 N×2 in −1…1, raw per frame.
        classes: Names of the K columns.
    """

    media_sha256: str
    model: str
    frame_idx: NDArray[np.int32]
    track_ids: NDArray[np.int32]
    probabilities: NDArray[np.float32]
    valence_arousal: NDArray[np.float32]
    classes: tuple[str, ...] = FERPLUS


@dataclass(frozen=True)
class RunKey:
    """Everything that a prediction depends on: equal keys mean equal predictions, which are never computed again.

    Attributes:
        media_sha256: Hash of the clip's bytes.
        model: Name of the model card.
        model_sha256: Hash of the model file.
        parameters: Everything else that changes the numbers (detector, schedule, smoothing), as canonical JSON.
    """

    media_sha256: str
    model: str
    model_sha256: str
    parameters: str


@dataclass(frozen=True, eq=False)
class ClipAnalysis:
    """The result of one prediction run over one clip.

    Attributes:
        key: Everything that it depends on.
        provider: The execution provider that really ran, e.g. "CPUExecutionProvider".
        times_s: float64 F, the PTS time of every frame of the clip's index, so that entry i belongs to frame i; with or
            without a face, and also for frames that did not decode.
        lost_idx: int32 L, ascending, the frames among them that did not decode and were not seen by the model.
        width: Pixels of the displayed frame.
        height: Pixels of the displayed frame.
        tracks: One per face track, by track_id.
        complete: False if the file is cut off or the run was stopped.
        note: A sentence for the user; empty if there is nothing to report.
        seconds: Wall seconds per stage (decode, detect, infer, total).
        stretch: The first frame that was looked at and the one behind the last; None for the whole clip. Predictions of
            a part of a clip are never stored.
    """

    key: RunKey
    provider: str
    times_s: NDArray[np.float64]
    width: int
    height: int
    tracks: tuple[TrackPrediction, ...]
    complete: bool = True
    note: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    lost_idx: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    stretch: tuple[int, int] | None = None

    @property
    def looked_at(self) -> range:
        """The numbers of the frames that were looked at."""
        return range(*(self.stretch or (0, len(self.times_s))))

    @property
    def frames_with_face(self) -> int:
        """Number of frames with at least one face."""
        if not self.tracks:
            return 0
        return int(np.unique(np.concatenate([t.frame_idx for t in self.tracks])).size)
