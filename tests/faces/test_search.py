"""A clip without a face is searched in every third frame, and nothing that searching every frame finds is lost."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.faces import Face
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import FaceTracker, TrackerSettings
from app.media.reader import VideoReader

from .pictures import as_frames, empty, other_person, portrait, shifted

SHAPE = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.78], [0.65, 0.78]])


def every_frame(frames, detector, chosen=None):
    """Tracks with a search in every frame: what `track_clip` must equal."""
    tracker = FaceTracker(detector, chosen)
    faces = {}
    for frame in frames:
        faces[frame.frame_idx] = []
        for seen in tracker.step(frame):
            faces[seen.frame_idx].append(seen)
    for seen in tracker.finish():
        faces[seen.frame_idx].append(seen)
    return [plain(sorted(part, key=lambda seen: seen.track_id)) for part in faces.values()]


def in_strides(frames, detector, chosen=None):
    return [plain(each.faces) for each in track_clip(frames, detector, chosen)]


def plain(faces):
    return [(f.track_id, f.frame_idx, f.time_s, f.quality, f.face.box.tolist(), f.face.score) for f in faces]


@dataclass
class Written:
    """A detector whose answers are written down for each frame, found by the frame's own picture."""

    places: dict[bytes, list[float]]
    searched: list[bytes] = field(default_factory=list)
    parameters: dict = field(default_factory=dict)

    def faces(self, rgb):
        return [
            Face(np.array([x, 40, 60, 60], np.float32), (SHAPE * 60 + (x, 40)).astype(np.float32), 0.99)
            for x in self.places[rgb[0, :4].tobytes()]
        ]

    def detect(self, rgb):
        self.searched.append(rgb[0, :4].tobytes())
        return self.faces(rgb)

    def refine(self, rgb, boxes):
        here = self.faces(rgb)
        return [next((f for f in here if abs(f.box[0] - box[0]) < 30), None) for box in boxes]


def written(places):
    """Frames that carry their number, and the detector that finds faces at the places given for each."""
    frames = [*as_frames([empty(110, 330) for _ in places])]
    for frame in frames:
        frame.image[0, :4] = frame.frame_idx // 256, frame.frame_idx % 256, 0
    return frames, {frame.image[0, :4].tobytes(): where for frame, where in zip(frames, places, strict=True)}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.lists(st.sampled_from([30.0, 150.0, 260.0]), max_size=2, unique=True)),
        min_size=1,
        max_size=10,
    )
)
def test_what_comes_and_goes_is_found_as_if_every_frame_were_searched(stretches):
    places = [where for length, where in stretches for _ in range(length)]
    frames, script = written(places)
    quick = TrackerSettings(lost_after_s=0.1)
    assert in_strides(frames, Written(script), quick) == every_frame(frames, Written(script), quick)


def test_a_third_of_the_frames_is_searched():
    frames, script = written([[]] * 91)
    detector = Written(script)
    assert in_strides(frames, detector) == [[]] * 91
    assert len(detector.searched) == 1 + 30


def test_the_first_appearance_is_found_by_going_back():
    for begin in range(10, 16):
        frames, script = written([[]] * begin + [[150.0]] * 8)
        found = [bool(faces) for faces in in_strides(frames, Written(script))]
        assert found == [False] * begin + [True] * 8


def test_settings_that_search_less_are_kept():
    frames, script = written([[]] * 40)
    detector = Written(script)
    in_strides(frames, detector, TrackerSettings(search_every=10))
    assert len(detector.searched) <= 5


def test_real_faces_are_found_alike():
    detector = MtcnnDetector("cpu")
    nobody, somebody, other = [empty()] * 7, [shifted(portrait(), 2 * i) for i in range(6)], [other_person()] * 5
    frames = [*as_frames([*nobody, *somebody, *nobody, *other, empty()])]
    assert in_strides(frames, detector) == every_frame(frames, detector)


@pytest.mark.slow
def test_real_clips_are_found_alike(shared):
    detector = MtcnnDetector("cpu")
    for name in ("face_noface.mov", "no_face.mp4"):
        with VideoReader(shared / "media" / name) as reader:
            frames = [frame for frame in reader.frames() if frame.frame_idx < 150]
        assert in_strides(frames, detector) == every_frame(frames, detector), name
