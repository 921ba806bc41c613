"""Results of live inference on a frame."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.measured_faces import MeasuredFace


@dataclass(frozen=True, eq=False)
class LiveCategory:
    """A verdict on the last seconds of a face.

    Attributes:
        time_s: When it was given, on the clip's axis.
        seconds: How far back it looks; less than a whole window while the face is new.
        classes: Names of the K categories.
        probabilities: float32 K, sums to one.
        members: Name and probabilities of each member of a fusion that says something live; empty for other models.
        read_s: float64, times of the frames that were read, in order; empty where the model weighs no moments.
        weight: float32, how strongly each of these frames counted; they sum to one.
    """

    time_s: float
    seconds: float
    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    members: tuple[tuple[str, NDArray[np.float32]], ...] = ()
    read_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    weight: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))


@dataclass(frozen=True, eq=False)
class LiveFace:
    """One face of a live result.

    Attributes:
        track_id: Number of one person in one clip; a person who is not recognised after a seek gets an unused number.
        face: Box and landmarks in pixels of the displayed frame.
        quality: 0–1; a prediction of low quality must be shown as uncertain.
        probabilities: float32 K over `classes`, causally smoothed.
        classes: Names of the K classes.
        valence: −1…1, causally smoothed.
        arousal: −1…1, causally smoothed.
        category: The newest verdict on the last seconds; None without a model of categories, or before it speaks.
        measured: Pose, eyes and movements; None while nobody asks for them, or where there is no mesh.
        raw: float32 2+K, valence, arousal and probabilities of this very frame, not smoothed; None if it is unknown.
    """

    track_id: int
    face: Face
    quality: float
    probabilities: NDArray[np.float32]
    classes: tuple[str, ...]
    valence: float
    arousal: float
    category: LiveCategory | None = None
    measured: MeasuredFace | None = None
    raw: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class LiveModel:
    """The model that predicts live, and how: everything but the clip that its predictions depend on.

    Attributes:
        name: Name of the model card.
        sha256: Hash of the model file.
        parameters: Detector, tracking and smoothing of live inference, as canonical JSON.
        provider: The execution provider that really runs.
    """

    name: str
    sha256: str
    parameters: str
    provider: str


@dataclass(frozen=True, eq=False)
class LiveResult:
    """The faces seen in one submitted frame.

    Attributes:
        sequence: The submitter's number; drop a result that is older than the newest one shown.
        frame_idx: Frame number in the clip.
        time_s: PTS time in seconds.
        faces: The faces, ordered by track id.
        no_category: Why the model of categories in use gives no verdicts live; empty where it does, or there is none.
        model: The model that predicted; None if it is unknown, and then the result is not kept.
    """

    sequence: int
    frame_idx: int
    time_s: float
    faces: tuple[LiveFace, ...]
    no_category: str = ""
    model: LiveModel | None = None
