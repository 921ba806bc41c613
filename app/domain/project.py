"""The contents of a project as frozen records. Rows of the database never leave `db`; these records do.

Moments (`*_at`) are float64 seconds since the epoch, UTC; `*_s` are seconds on the clip's PTS axis.
"""

from dataclasses import dataclass, fields
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import RunKey
from app.domain.holding import zero_order_hold
from app.domain.media import MediaInfo
from app.domain.runs import from_runs
from app.domain.traces import DIMENSIONS, Dimensions

Role = Literal["rater", "reviewer", "owner"]
TraceStatus = Literal["recording", "finished", "abandoned", "interrupted"]
ENDED: Final = frozenset({"finished", "abandoned"})
"""States of a trace that was ended by the rater, with all its samples."""
ModelOrigin = Literal["shipped", "user", "project", "trained"]
TrainingStatus = Literal["queued", "running", "finished", "stopped", "cancelled", "failed", "interrupted"]
GoldKind = Literal["trace", "intensity", "category"]


@dataclass(frozen=True)
class SubjectRecord:
    """The person seen in clips, known by a code."""

    id: int
    uid: str
    code: str
    note: str = ""


@dataclass(frozen=True)
class ClipRecord(MediaInfo):
    """A video or image of the project: the facts of a probe, with `path` as the place where the file was last seen.

    Attributes:
        id: Number in this project.
        uid: Name that is the same on all machines.
        name: Unique in the project: the file's name, with a suffix where two are equal.
        missing: Whether the file is not at `path` now.
        sha256: SHA-256 of the file's bytes; this is the clip, the path is only where it lies.
        size_bytes: Size in bytes of the file.
        subject: Code of the person seen, empty where not known.
        added_at: When it was added.
        removed: Taken out of the lists; labels that depend on it stay.
    """

    id: int
    uid: str
    name: str
    missing: bool
    sha256: str
    size_bytes: int
    subject: str
    added_at: float
    removed: bool

    @property
    def info(self) -> MediaInfo:
        """The facts that a probe of the file gives, without those of the project."""
        return MediaInfo(**{part.name: getattr(self, part.name) for part in fields(MediaInfo)})


@dataclass(frozen=True)
class TrackRecord:
    """A stored face track, without its geometry.

    Attributes:
        id: Its number in this project, what an item's target refers to.
        clip_id: Number of the clip.
        track_no: `track_id` within the clip, from 1.
        sha256: SHA-256 of the geometry.
        first_s: Time of its first frame.
        last_s: Time of its last frame.
        n_frames: Frames in which the face is seen.
    """

    id: int
    clip_id: int
    track_no: int
    sha256: str
    first_s: float
    last_s: float
    n_frames: int


@dataclass(frozen=True, eq=False)
class TrackGeometry:
    """Where a face is; row i of every array belongs to the same frame. Pixels of the displayed frame.

    Attributes:
        track: The track.
        frame_idx: int32 N, ascending.
        times_s: float64 N.
        boxes: float32 N×4 [x, y, w, h].
        landmarks: float32 N×5×2.
        detection: float32 N, 0–1.
        quality: float32 N, 0–1.
    """

    track: TrackRecord
    frame_idx: NDArray[np.int32]
    times_s: NDArray[np.float64]
    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    detection: NDArray[np.float32]
    quality: NDArray[np.float32]


@dataclass(frozen=True)
class ItemRecord:
    """What is judged.

    Attributes:
        id: Number in this project.
        uid: Name that is the same on all machines.
        name: Unique in the project.
        clip_id: Number of the clip.
        clip: The clip's name.
        clip_sha256: The clip's bytes.
        subject: Code of the person seen: of its face, if somebody decided whose it is, else of its clip; empty where
            not known.
        start_s: Where it begins, None for the clip's beginning.
        end_s: Where it ends, None for the clip's end.
        track_id: The target's face track (`TrackRecord.id`), None where none was chosen.
        track_no: The same as `track_id` within the clip.
        target: A target marked by hand, `{"time_s": …, "box": [x, y, w, h]}`, empty without.
        note: Free text.
        position: Order in lists.
        removed: Taken out of the lists; labels that depend on it stay.
    """

    id: int
    uid: str
    name: str
    clip_id: int
    clip: str
    clip_sha256: str
    subject: str
    start_s: float | None
    end_s: float | None
    track_id: int | None
    track_no: int | None
    target: dict[str, Any]
    note: str
    position: int
    removed: bool


@dataclass(frozen=True)
class RaterRecord:
    """A rater, known by a code. The name is stored apart and read by a call of its own.

    Attributes:
        simulated: Made by the program; marked for ever.
        simulation: What it was simulated with.
        has_pin: Whether a PIN is asked for.
        lag_s: Reaction lag from the calibration clip, None where not measured.
    """

    id: int
    uid: str
    code: str
    role: Role
    simulated: bool
    simulation: dict[str, Any]
    has_pin: bool
    lag_s: float | None
    active: bool
    created_at: float


@dataclass(frozen=True)
class RunRecord:
    """A stored prediction run, without its series."""

    id: int
    clip_id: int
    key: RunKey
    provider: str
    complete: bool
    note: str
    n_frames: int
    n_tracks: int
    frames_with_face: int
    created_at: float


@dataclass(frozen=True)
class TraceStart:
    """The facts that are known before a trace is recorded.

    Attributes:
        item_id: Number of the item that is judged.
        rater_id: Number of the rater.
        condition: How it is shown.
        blinded: Whether neither predictions nor other curves are in sight.
        device: mouse, keyboard, gamepad or simulated.
        study_id: The study's version, None outside a study.
        study_version: Number of the version.
        pass_no: 1 for the first time.
        dimensions: "both" at once, or the one that this presentation traces.
        calibration: Whether this is the calibration clip.
        track_sha256: The target's track; None takes the item's.
        uid: The uid that another machine gave; None makes a new one.
    """

    item_id: int
    rater_id: int
    condition: str
    blinded: bool
    device: str
    study_id: int | None = None
    study_version: int | None = None
    pass_no: int = 1
    dimensions: Dimensions = "both"
    calibration: bool = False
    track_sha256: str | None = None
    uid: str | None = None


@dataclass(frozen=True)
class TraceRecord:
    """A stored trace, without its samples.

    Attributes:
        revision: 1 for the first trace of its key; a repeated one gets the next number and older ones stay.
        status: `interrupted` where the program died while recording; what was flushed is there.
        quality: Flags such as late start, gaps, idle, saturation.
        practice: Whether it was given on a practice clip or an attention check.
        declined: Whether the rater said afterwards that the item cannot be judged.
    """

    id: int
    uid: str
    study_id: int | None
    study_version: int | None
    item_id: int
    rater_id: int
    rater: str
    simulated: bool
    condition: str
    pass_no: int
    revision: int
    dimensions: Dimensions
    blinded: bool
    calibration: bool
    device: str
    status: TraceStatus
    media_sha256: str
    track_sha256: str | None
    quality: dict[str, Any]
    note: str
    n_samples: int
    started_at: float
    finished_at: float | None
    practice: bool
    declined: bool


@dataclass(frozen=True)
class ModelRecord:
    """A model as the project knows it."""

    id: int
    name: str
    sha256: str
    card: str
    origin: ModelOrigin
    added_at: float


@dataclass(frozen=True)
class TrainingRecord:
    """One training: its input, its progress and its result."""

    id: int
    uid: str
    recipe: str
    parameters: dict[str, Any]
    snapshot_sha256: str
    snapshot: dict[str, Any]
    seed: int
    status: TrainingStatus
    folder: str
    metrics: dict[str, Any]
    note: str
    model: ModelRecord | None
    created_at: float
    started_at: float | None
    finished_at: float | None


@dataclass(frozen=True)
class PromotionRecord:
    """A change of the model in use.

    Attributes:
        role: What the model is used for, such as "frame".
        model: The model in use since then; None is the shipped default.
        replaced: The model in use before.
        comparison: Comparison of the old model with the new one, with intervals.
    """

    id: int
    role: str
    action: Literal["promote", "rollback"]
    model: ModelRecord | None
    replaced: ModelRecord | None
    training_run_id: int | None
    comparison: dict[str, Any]
    actor: str
    at: float


@dataclass(frozen=True, eq=False)
class GoldRecord:
    """A gold standard with the recipe that made it.

    Attributes:
        sources: uids of the traces or answers it was made of.
        value: Emotion → value for intensities, category → share for categories.
        times_s: float64 N, of traces; None otherwise.
        values: float32 N×2 (valence, arousal), of traces; None otherwise.
        chosen: Whether training and display use this one.
    """

    id: int
    uid: str
    item_id: int
    study_id: int | None
    condition: str
    kind: GoldKind
    name: str
    recipe: dict[str, Any]
    sources: tuple[str, ...]
    value: dict[str, Any]
    times_s: NDArray[np.float64] | None
    values: NDArray[np.float32] | None
    chosen: bool
    actor: str
    created_at: float

    def resampled(self, at_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """Look up the value held at each time by `app.domain.holding`.

        Args:
            at_s: (m,) float64 seconds on the clip's PTS axis.

        Returns:
            float32 m×2 (valence, arousal), NaN where the gold standard has no value or is not one of traces.
        """
        if self.times_s is None or self.values is None:
            return np.full((len(at_s), 2), np.nan, np.float32)
        return zero_order_hold(self.times_s, self.values, at_s).astype(np.float32)

    def raters_behind(self) -> NDArray[np.int64] | None:
        """Return how many raters stand behind each value of a gold standard of traces.

        Returns:
            int64 N×2 (valence, arousal), 0 where the value is NaN; None where the recipe does not say, as those stored
            by version 0.1 and those that come with the demo do not.
        """
        runs = self.recipe.get("n")
        if self.times_s is None or not runs:
            return None
        return np.stack([from_runs(runs[name], len(self.times_s)) for name in DIMENSIONS], axis=1)


@dataclass(frozen=True)
class AuditRecord:
    """Who did what and when."""

    id: int
    at: float
    actor: str
    action: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something wrong with a project.

    Attributes:
        what: One sentence on what is wrong.
        todo: One sentence on what to do, in the words of the window.
        damage: True where stored data are broken or lost; False where only a file has moved.
        command: The same as `todo` in the words of the command line; empty where that fits both.
    """

    what: str
    todo: str
    damage: bool = True
    command: str = ""
