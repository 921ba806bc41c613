from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from app.domain.faces import Face
from app.errors import Cancelled
from app.faces.boxes import corners, overlap
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import FaceTracker, TrackerSettings
from app.jobs import Context
from app.media.reader import VideoReader

from .pictures import FACE_BOX, as_frames, empty, other_person, portrait, shifted


@pytest.fixture(scope="module")
def detector():
    return MtcnnDetector("cpu")


@dataclass
class Scripted:
    """A detector whose answers are written down: what is tested is the tracker."""

    boxes: dict[int, list[tuple[float, float, float]]]
    steady: bool = True
    frame: int = -1
    numbers: dict[int, int] = field(default_factory=dict)
    detections: list[int] = field(default_factory=list)
    parameters: dict = field(default_factory=dict)

    def of(self, rgb):
        """Which frame a picture is: the tracker may go back to earlier ones."""
        return self.numbers.get(id(rgb), self.frame)

    def faces(self, rgb):
        shape = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.78], [0.65, 0.78]])
        return [
            Face(np.array([x, y, s, s], np.float32), (shape * s + (x, y)).astype(np.float32), 0.99)
            for x, y, s in self.boxes.get(self.of(rgb), [])
        ]

    def detect(self, rgb):
        self.detections.append(self.of(rgb))
        return self.faces(rgb)

    def refine(self, rgb, boxes):
        here = self.faces(rgb)
        out = []
        for box in boxes:
            shared = [float(overlap(corners(np.asarray(box)), corners(f.box))[0, 0]) for f in here]
            best = int(np.argmax(shared)) if shared else -1
            out.append(here[best] if self.steady and here and shared[best] > 0.3 else None)
        return out


def run(script, frames, settings=None):
    tracker_frames = []

    def feed():
        for frame in frames:
            own = replace(frame, image=frame.image.copy())
            script.numbers[id(own.image)] = frame.frame_idx
            yield own

    for each in track_clip(feed(), script, settings):
        tracker_frames.append([(seen.track_id, seen.frame_idx) for seen in each.faces])
    return tracker_frames


def still(n, picture=None):
    return as_frames([portrait() if picture is None else picture] * n)


def ids(tracked):
    return [sorted(track for track, _ in faces) for faces in tracked]


def test_every_frame_comes_once_in_order_and_a_birth_is_back_dated():
    tracked = run(Scripted({i: [(100, 50, 80)] for i in range(2, 9)}), still(12))
    assert len(tracked) == 12
    assert ids(tracked) == [[], [], *[[1]] * 7, [], [], []]
    assert all(idx == place for place, faces in enumerate(tracked) for _, idx in faces)


def test_two_hits_are_no_track():
    assert ids(run(Scripted({4: [(100, 50, 80)], 5: [(100, 50, 80)]}), still(10))) == [[]] * 10


def test_false_hits_one_after_another_do_not_hold_frames_back():
    hits = {i: [(20 + 90 * (i % 4), 40, 60)] for i in range(40)}
    script = Scripted(hits)
    tracker = FaceTracker(script)
    for frame in still(40):
        script.frame = frame.frame_idx
        assert tracker.step(frame) == []
        assert tracker.certain_before_idx is not None
        assert frame.frame_idx - tracker.certain_before_idx < 3


def test_a_picture_needs_no_third_hit():
    assert ids(run(Scripted({0: [(100, 50, 80), (220, 50, 80)]}), still(1))) == [[1, 2]]


def test_numbers_follow_birth_and_then_the_place_from_the_left():
    both = [(250, 50, 70), (40, 50, 70)]
    tracked = run(Scripted({i: both if i < 20 else [*both, (150, 60, 60)] for i in range(40)}), still(40))
    assert tracked[0] == [(1, 0), (2, 0)]
    assert ids(tracked)[-1] == [1, 2, 3]


def test_crossing_faces_keep_their_numbers():
    boxes = {i: [(20 + 6 * i, 40, 60), (320 - 6 * i, 110, 60)] for i in range(50)}
    tracked = run(Scripted(boxes), still(50))
    assert ids(tracked) == [[1, 2]] * 50


def test_full_detection_is_rare_while_the_face_is_in_sight():
    script = Scripted({i: [(100, 50, 80)] for i in range(60)})
    run(script, still(60), TrackerSettings(detect_every=10))
    assert len(script.detections) <= 3 + 6


def test_what_the_cheap_look_loses_full_detection_finds():
    script = Scripted({i: [(100, 50, 80)] for i in range(20)}, steady=False)
    assert ids(run(script, still(20))) == [[1]] * 20
    assert script.detections == list(range(20))


def test_a_short_gap_is_the_same_track_without_rows_in_the_gap():
    boxes = {i: [(100, 50, 80)] for i in range(30) if not 10 <= i < 15}
    tracked = run(Scripted(boxes), still(30))
    assert ids(tracked) == [[1]] * 10 + [[]] * 5 + [[1]] * 15


def test_update_gives_only_this_frame():
    script = Scripted({i: [(100, 50, 80)] for i in range(6)})
    tracker = FaceTracker(script)
    seen = []
    for frame in still(6):
        script.frame = frame.frame_idx
        seen.append([face.frame_idx for face in tracker.update(frame)])
    assert seen == [[], [], [2], [3], [4], [5]]


def test_cancelling():
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        list(track_clip(still(3), Scripted({}), ctx=ctx))


def test_a_moving_face_is_one_track(detector):
    pictures = [shifted(portrait(), 3 * i - 30, i) for i in range(24)]
    tracked = list(track_clip(as_frames(pictures), detector))
    assert [[seen.track_id for seen in each.faces] for each in tracked] == [[1]] * 24
    for i, each in enumerate(tracked):
        true_box = (FACE_BOX + np.array([3 * i - 30, i, 0, 0])).astype(np.float32)
        assert float(overlap(corners(each.faces[0].face.box), corners(true_box))[0, 0]) > 0.7


def test_who_leaves_and_comes_back_is_known_again_and_somebody_else_is_not(detector):
    away = [empty()] * 16
    pictures = [portrait()] * 8 + away + [shifted(portrait(), 60)] * 8 + away + [other_person()] * 8
    assert detector.detect(other_person())
    numbers = [[seen.track_id for seen in each.faces] for each in track_clip(as_frames(pictures), detector)]
    assert numbers == [[1]] * 8 + [[]] * 16 + [[1]] * 8 + [[]] * 16 + [[2]] * 8


def test_a_cut_to_somebody_else_at_the_same_place_is_another_track(detector):
    pictures = [portrait()] * 8 + [other_person()] * 8 + [portrait()] * 8
    numbers = [[seen.track_id for seen in each.faces] for each in track_clip(as_frames(pictures), detector)]
    assert numbers == [[1]] * 8 + [[2]] * 8 + [[1]] * 8


def test_it_is_deterministic(detector):
    pictures = [shifted(portrait(), 4 * i) for i in range(10)]
    first, second = (
        [
            (s.track_id, s.frame_idx, *s.face.box)
            for each in track_clip(as_frames(pictures), detector)
            for s in each.faces
        ]
        for _ in range(2)
    )
    assert first == second


@pytest.mark.slow
def test_real_clip_has_one_track_in_nearly_every_frame(detector, shared):
    with VideoReader(shared / "media" / "WolfgangLanger_Pexels.mp4") as reader:
        tracked = list(track_clip(reader.frames(), detector))
    numbers = [[seen.track_id for seen in each.faces] for each in tracked]
    assert len(numbers) == 472
    assert {track for faces in numbers for track in faces} == {1}
    assert sum(bool(faces) for faces in numbers) >= 0.99 * 472


@pytest.mark.slow
def test_real_track_ends_where_the_face_does(detector, shared):
    with VideoReader(shared / "media" / "face_noface.mov") as reader:
        numbers = [[seen.track_id for seen in each.faces] for each in track_clip(reader.frames(), detector)]
    ends = max(place for place, faces in enumerate(numbers) if faces)
    assert {track for faces in numbers for track in faces} == {1}
    assert 69 <= ends <= 73  # the cut to the cartoon lies between frames 71 and 72


@pytest.mark.slow
def test_real_clip_without_a_face_has_no_track(detector, shared):
    with VideoReader(shared / "media" / "no_face.mp4") as reader:
        assert not any(each.faces for each in track_clip(reader.frames(), detector))


@pytest.mark.slow
def test_five_people_keep_their_numbers_while_the_camera_pans_away_and_back(detector, shared):
    picture = cv2.cvtColor(cv2.imread(str(shared / "media" / "multi_face.jpg")), cv2.COLOR_BGR2RGB)
    people = np.array([face.box[:2] + face.box[2:] / 2 for face in detector.detect(picture)])
    there = np.linspace(0, 580, 60)
    corner = [np.array([x, 100 + 60 * np.sin(i / 9)]) for i, x in enumerate([*there, *there[::-1]])]
    views = [cv2.warpAffine(picture, np.column_stack([np.eye(2), -at]), (420, 360)) for at in corner]
    numbers = {}
    for at, each in zip(corner, track_clip(as_frames(views), detector), strict=True):
        inside = (people - at > 60).all(axis=1) & (people - at < (360, 300)).all(axis=1)
        seen_here = set()
        for seen in each.faces:
            centre = seen.face.box[:2] + seen.face.box[2:] / 2 + at
            person = int(np.linalg.norm(people - centre, axis=1).argmin())
            numbers.setdefault(person, set()).add(seen.track_id)
            seen_here.add(person)
        assert set(np.flatnonzero(inside)) <= seen_here
    assert sorted(numbers) == [0, 1, 2, 3, 4]
    assert all(len(own) == 1 for own in numbers.values())


def test_a_still_picture_through_the_clip_path(detector, tmp_path):
    path = tmp_path / "portrait.png"
    cv2.imwrite(str(path), cv2.cvtColor(portrait(), cv2.COLOR_RGB2BGR))
    with VideoReader(path) as reader:
        (each,) = track_clip(reader.frames(), detector)
    assert [seen.track_id for seen in each.faces] == [1]
    assert 0.7 < each.faces[0].quality <= 1
