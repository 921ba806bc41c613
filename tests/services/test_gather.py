"""Faces of a clip are cut out and predicted in a thread beside the tracker."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.domain.faces import Face, TrackedFace
from app.domain.media import Frame
from app.domain.smoothing import SmoothingSettings
from app.errors import Cancelled
from app.faces.quality import quality_score
from app.faces.tracking import FrameFaces
from app.inference.face_frame import FramePredictions
from app.services.predict.gather import BATCH, WAITING, Gather, tracks_of

POINTS = np.array([[30, 30], [50, 30], [40, 42], [32, 52], [48, 52]], np.float32)
PICTURE = np.random.default_rng(0).integers(0, 256, (80, 80, 3), dtype=np.uint8)


def seen(track, frame, quality=math.nan):
    return TrackedFace(track, frame, frame / 25, Face(np.array([20, 15, 40, 50], np.float32), POINTS, 0.99), quality)


def frame_faces(frame, tracks=(1,), quality=math.nan):
    faces = tuple(seen(track, frame, quality) for track in tracks)
    return FrameFaces(Frame(frame_idx=frame, pts=frame, time_s=frame / 25, image=PICTURE), faces)


def answer(rows):
    return FramePredictions(np.full((rows, 8), 0.125, np.float32), None, np.zeros((rows, 2), np.float32), None)


class Model:
    """A pipeline whose model notes its batches, waits for a gate, or fails."""

    def __init__(self, gate=None, fails_at=None):
        self.batches, self.gate, self.fails_at = [], gate, fails_at

    def crops(self, _frame, faces):
        return [face.frame_idx for face in faces]

    def predict(self, crops, faces, _memory):
        assert crops == [face.frame_idx for face in faces]
        if self.gate is not None:
            self.gate.wait()
        if self.fails_at == len(self.batches):
            raise RuntimeError("no model")
        self.batches.append(len(crops))
        return answer(len(crops))


@pytest.fixture
def pool():
    with ThreadPoolExecutor(1) as made:
        yield made


def test_faces_are_judged_beside_the_tracker_as_in_it(pool):
    gather = Gather(Model(), pool, {"predict": 0.0})
    for number in range(40):
        gather.add(frame_faces(number, (1, 2), quality=math.nan if number % 3 else 0.25))
    gather.flush()
    one, two = gather.tracks(SmoothingSettings())
    alone = np.float32(quality_score(PICTURE, seen(1, 0).face))
    assert one.quality.tolist() == two.quality.tolist() == [alone if n % 3 else 0.25 for n in range(40)]
    assert one.frame_idx.tolist() == list(range(40))


def test_the_same_faces_are_always_cut_into_the_same_batches(pool):
    model = Model()
    gather = Gather(model, pool, {"predict": 0.0})
    for number in range(25):
        gather.add(frame_faces(number, (1, 2, 3)))
    gather.flush()
    assert model.batches == [BATCH] * 4 + [75 - 4 * BATCH]
    faces, answers = gather.fresh()
    assert len(faces) == sum(len(one.valence_arousal) for one in answers) == 75
    assert gather.fresh() == ([], [])


def test_an_error_of_the_model_reaches_whoever_adds(pool):
    gather = Gather(Model(fails_at=0), pool, {"predict": 0.0})

    def add_all():
        for number in range(1000):
            gather.add(frame_faces(number))

    with pytest.raises(RuntimeError, match="no model"):
        add_all()
    with pytest.raises(RuntimeError, match="no model"):
        gather.flush()


def test_only_some_frames_are_held_and_waiting_can_be_cancelled(pool):
    gate = threading.Event()
    gather = Gather(Model(gate), pool, {"predict": 0.0})

    def stop():
        raise Cancelled

    added = []

    def add_all():
        for number in range(1000):
            gather.add(frame_faces(number), stop)
            added.append(number)

    with pytest.raises(Cancelled):
        add_all()
    gate.set()
    assert len(added) <= WAITING + BATCH
    gather.flush()


def test_faces_are_sorted_into_tracks_in_one_pass():
    faces = [seen(track, frame, 0.5) for frame in range(6) for track in (7, 2) if (track + frame) % 2]
    affect = np.linspace(-1, 1, 2 * len(faces), dtype=np.float32).reshape(-1, 2)
    said = FramePredictions(np.full((len(faces), 8), 0.125, np.float32), None, affect, None)
    tracks = tracks_of(faces, [said], SmoothingSettings())
    assert [track.track_id for track in tracks] == [2, 7]
    for track in tracks:
        rows = [i for i, face in enumerate(faces) if face.track_id == track.track_id]
        assert track.frame_idx.tolist() == [faces[i].frame_idx for i in rows]
        np.testing.assert_array_equal(track.valence_arousal, affect[rows])
    assert tracks_of([], [], SmoothingSettings()) == ()
