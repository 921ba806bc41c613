"""What live inference found while a clip was played: perhaps only some of its frames, in any order, for every face."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import RunKey, TrackPrediction
from app.domain.live import LiveFace
from app.domain.smoothing import SmoothingSettings, smooth_track


@dataclass(frozen=True, eq=False)
class Played:
    """The live predictions of a clip. Row i of every array but `looked_idx` belongs to one face in one frame.

    Attributes:
        looked_idx: int32 M, ascending, the frames that were predicted, with or without a face.
        frame_idx: int32 N, ascending, each one of `looked_idx`.
        face_no: int32 N, number of the face, from 1; a person has one number in a clip.
        times_s: float64 N, seconds on the clip's PTS axis.
        boxes: float32 N×4 [x, y, w, h], pixels of the displayed frame.
        landmarks: float32 N×5×2, pixels of the displayed frame.
        detection: float32 N, 0–1.
        quality: float32 N, 0–1.
        probabilities: float32 N×K over `classes`, rows sum to 1; N×0 if the model gives none.
        valence_arousal: float32 N×2 in −1…1, raw per frame.
        classes: Names of the K columns.
    """

    looked_idx: NDArray[np.int32]
    frame_idx: NDArray[np.int32]
    face_no: NDArray[np.int32]
    times_s: NDArray[np.float64]
    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    detection: NDArray[np.float32]
    quality: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    valence_arousal: NDArray[np.float32]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.frame_idx)

    def rows(self, kept: NDArray[np.bool_], looked: NDArray[np.bool_]) -> "Played":
        """Return some rows and some of the frames that were predicted.

        Args:
            kept: bool N.
            looked: bool M.
        """
        return _made(self.looked_idx[looked], [column[kept] for column in _columns(self)], self.classes)

    def between(self, first_idx: int, end_idx: int) -> "Played":
        """Return what is known of the frames from one to another, which is not included."""
        inside = (self.frame_idx >= first_idx) & (self.frame_idx < end_idx)
        return self.rows(inside, (self.looked_idx >= first_idx) & (self.looked_idx < end_idx))


_ROWS = tuple(one.name for one in fields(Played) if one.name not in ("looked_idx", "classes"))
"""The arrays with a row for each face in each frame, in the order of the record."""


def _columns(played: Played) -> list[NDArray[Any]]:
    return [getattr(played, name) for name in _ROWS]


def _made(looked_idx: NDArray[np.int32], columns: Sequence[NDArray[Any]], classes: tuple[str, ...]) -> Played:
    return Played(looked_idx=looked_idx, classes=classes, **dict(zip(_ROWS, columns, strict=True)))


def joined(first: Played, second: Played) -> Played:
    """Return what two plays found together; of a frame that both predicted, the first one's answer stays."""
    looked = np.union1d(first.looked_idx, second.looked_idx).astype(np.int32)
    second = second.rows(~np.isin(second.frame_idx, first.looked_idx), np.zeros(len(second.looked_idx), bool))
    parts = [one for one in (first, second) if len(one)] or [first]  # without a face, K is not known
    columns = [np.concatenate(same) for same in zip(*map(_columns, parts), strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return _made(looked, [column[order] for column in columns], parts[0].classes)


def of_answers(answers: Sequence[tuple[int, float, Sequence[LiveFace]]]) -> Played:
    """Return live answers as columns.

    Args:
        answers: For each frame its number, its time in seconds and its faces, which have raw values (`LiveFace.raw`)
            and the numbers that they are to keep. Frames may come in any order; of one that comes twice, the last
            counts.
    """
    by_frame = {frame_idx: (time_s, faces) for frame_idx, time_s, faces in answers}
    rows = [(idx, time_s, face) for idx, (time_s, faces) in sorted(by_frame.items()) for face in faces]
    known = [(idx, time_s, face, face.raw) for idx, time_s, face in rows if face.raw is not None]
    count = len(known)
    raw = np.array([values for *_, values in known], np.float32).reshape(count, -1 if count else 2)
    return Played(
        looked_idx=np.array(sorted(by_frame), np.int32),
        frame_idx=np.array([idx for idx, *_ in known], np.int32),
        face_no=np.array([face.track_id for _, _, face, _ in known], np.int32),
        times_s=np.array([time_s for _, time_s, _, _ in known], np.float64),
        boxes=np.array([face.face.box for _, _, face, _ in known], np.float32).reshape(count, 4),
        landmarks=np.array([face.face.landmarks for _, _, face, _ in known], np.float32).reshape(count, 5, 2),
        detection=np.array([face.face.score for _, _, face, _ in known], np.float32),
        quality=np.array([face.quality for _, _, face, _ in known], np.float32),
        probabilities=raw[:, 2:],
        valence_arousal=raw[:, :2],
        classes=known[0][2].classes if known else (),
    )


@dataclass(frozen=True, eq=False)
class PlayedClip:
    """The stored live predictions of a clip by one model.

    Attributes:
        key: Everything that they depend on; its parameters are those of live inference.
        provider: The execution provider that ran.
        looked_idx: int32 M, ascending, the frames that were predicted, with or without a face.
        tracks: One for each face, by number, smoothed without lag over what is known.
    """

    key: RunKey
    provider: str
    looked_idx: NDArray[np.int32]
    tracks: tuple[TrackPrediction, ...]


def played_clip(key: RunKey, provider: str, played: Played) -> PlayedClip:
    """Sort what was found into tracks and smooth them as the model's card says."""
    settings = SmoothingSettings(**json.loads(key.parameters).get("smoothing", {}))
    tracks = []
    for number in np.unique(played.face_no).tolist():
        one = played.rows(played.face_no == number, np.zeros(len(played.looked_idx), bool))
        smooth = smooth_track(one.times_s, one.valence_arousal, settings)
        tracks.append(
            TrackPrediction(
                number, one.frame_idx, one.times_s, one.boxes, one.landmarks, one.detection, one.quality,
                one.probabilities, one.valence_arousal, smooth, one.classes,
            )
        )  # fmt: skip
    return PlayedClip(key, provider, played.looked_idx, tuple(tracks))
