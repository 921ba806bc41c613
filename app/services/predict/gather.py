"""Collects the faces of a clip that is analysed, predicts them in batches in a thread of its own, and sorts them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import TrackPrediction
from app.domain.emotions import FERPLUS
from app.domain.faces import TrackedFace
from app.domain.smoothing import SmoothingSettings, smooth_track
from app.faces.quality import judged
from app.faces.tracking import FrameFaces
from app.inference.face_frame import FramePredictions
from app.inference.face_sequence import TrackState
from app.services.predict.pipeline import FacePipeline

BATCH: Final = 16
"""Number of faces in one run of the frame model."""
WAITING: Final = 12
"""Frames that wait for their crops at most, because each is held in memory; some 75 MB at 1080p."""
_LOOK_S: Final = 0.2


class Gather:
    """Takes the faces of each frame. A thread judges and cuts them out, and sends them to the model in batches.

    One thread does all of this in order: what a track carries is passed on from batch to batch, and the same clip is
    always cut into the same batches.

    Args:
        pipeline: Cuts out faces and predicts them.
        pool: The thread.
        seconds: Receives the time of the predictions as `predict`.

    Attributes:
        waiting_s: Seconds for which `add` has waited because the thread was behind.
    """

    def __init__(self, pipeline: FacePipeline, pool: ThreadPoolExecutor, seconds: dict[str, float]) -> None:
        self._pipeline, self._pool, self._seconds = pipeline, pool, seconds
        self._room = threading.Semaphore(WAITING)
        self._crops: list[Any] = []
        self._cut: list[TrackedFace] = []
        self._memory: dict[int, TrackState] = {}
        self._faces: list[TrackedFace] = []
        self._answers: list[FramePredictions] = []
        self._error: BaseException | None = None
        self._told = self._told_faces = 0
        self.waiting_s = 0.0

    def add(self, each: FrameFaces, check: Callable[[], None] = lambda: None) -> None:
        """Take a frame's final faces. The frame is held until they are cut out.

        Args:
            each: The frame and its faces, of which those without a quality are judged.
            check: Is called now and then while the thread is behind; what it raises ends the waiting.
        """
        if self._error is not None:
            raise self._error
        if not each.faces:
            return
        began_s = time.perf_counter()
        while not self._room.acquire(timeout=_LOOK_S):
            check()
        self.waiting_s += time.perf_counter() - began_s
        self._pool.submit(self._take, each)

    def flush(self) -> None:
        """Predict what is left, and wait for all answers."""
        self._pool.submit(self._rest).result()
        if self._error is not None:
            raise self._error

    def _take(self, each: FrameFaces) -> None:
        try:
            if self._error is None:
                faces = [judged(seen, each.frame.image) for seen in each.faces]
                self._crops += self._pipeline.crops(each.frame, faces)
                self._cut += faces
                while len(self._crops) >= BATCH:
                    self._predict(BATCH)
        except BaseException as error:  # noqa: BLE001  # raised in the thread that adds
            self._error = error
        finally:
            self._room.release()

    def _rest(self) -> None:
        if self._crops and self._error is None:
            self._predict(len(self._crops))

    def _predict(self, count: int) -> None:
        crops, self._crops = self._crops[:count], self._crops[count:]
        faces, self._cut = self._cut[:count], self._cut[count:]
        began_s = time.perf_counter()
        answer = self._pipeline.predict(crops, faces, self._memory)
        self._seconds["predict"] += time.perf_counter() - began_s
        self._faces += faces
        self._answers.append(answer)  # after its faces: whoever sees the answer finds them

    def fresh(self) -> tuple[list[TrackedFace], list[FramePredictions]]:
        """Return the faces that were predicted since the last call, in order, with the answers of the model."""
        answers = self._answers[self._told :]
        self._told += len(answers)
        first, self._told_faces = self._told_faces, self._told_faces + sum(len(one.valence_arousal) for one in answers)
        return self._faces[first : self._told_faces], answers

    def tracks(self, smoothing: SmoothingSettings) -> tuple[TrackPrediction, ...]:
        """Return the predictions of each track, by track id; only after `flush`."""
        return tracks_of(self._faces, self._answers, smoothing)


def tracks_of(
    faces: Sequence[TrackedFace], answers: Sequence[FramePredictions], smoothing: SmoothingSettings
) -> tuple[TrackPrediction, ...]:
    """Sort faces and what a model said of them into tracks, by track id.

    Args:
        faces: All faces of a clip, in time order along each track.
        answers: The model's answers, which together have one row for each face.
        smoothing: How valence and arousal are smoothed along each track.
    """
    if not faces:
        return ()
    probabilities = np.concatenate([answer.probabilities for answer in answers])
    affect = np.concatenate([answer.valence_arousal for answer in answers])
    return tuple(
        _track(track_id, [faces[i] for i in rows], probabilities[rows], affect[rows], smoothing)
        for track_id, rows in _by_track(np.array([face.track_id for face in faces]))
    )


def _by_track(ids: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield each track with the numbers of its faces, ascending."""
    order = np.argsort(ids, kind="stable")
    found, first = np.unique(ids[order], return_index=True)
    yield from zip(found.tolist(), np.split(order, first[1:]), strict=True)


def _track(
    track_id: int,
    faces: list[TrackedFace],
    probabilities: NDArray[np.float32],
    affect: NDArray[np.float32],
    smoothing: SmoothingSettings,
) -> TrackPrediction:
    times_s = np.array([face.time_s for face in faces], np.float64)
    quality = np.array([face.quality for face in faces], np.float32)
    return TrackPrediction(
        track_id=track_id,
        frame_idx=np.array([face.frame_idx for face in faces], np.int32),
        times_s=times_s,
        boxes=np.stack([face.face.box for face in faces]).astype(np.float32),
        landmarks=np.stack([face.face.landmarks for face in faces]).astype(np.float32),
        detection=np.array([face.face.score for face in faces], np.float32),
        quality=quality,
        probabilities=probabilities.astype(np.float32),
        valence_arousal=affect.astype(np.float32),
        smooth=smooth_track(times_s, affect, smoothing),
        classes=FERPLUS if probabilities.shape[1] else (),
    )
