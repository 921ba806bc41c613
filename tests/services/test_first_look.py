"""Streams that are cut while faces are found say the same as those of a second pass, and decode the clip once."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import db.clips
import db.items
from app.domain.faces import Face, TrackedFace
from app.domain.item_frames import due, slot
from app.faces.tracking import FrameFaces
from app.jobs import Context
from app.services.predict import first_look, tracks
from app.services.predict.first_look import FirstLook
from app.services.predict.streams import StreamBank
from app.services.predict.tracks import TrackBank
from app.services.projects.files import add_clips, create_project, open_project
from app.streams import flow
from app.streams.catalogue import open_streams
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip

NAMES = ("face", "face_oval", "context_masked", "flow", "audio", "face_pixels:24", "context_masked_pixels:40@5")


@pytest.fixture(scope="module")
def one_clip(tmp_path_factory):
    place = tmp_path_factory.mktemp("first look")
    (clip,) = act(ActorSpec(subjects=1, clips_per_subject=1, seconds=1.6, rate=8, seed=3))
    with create_project(place / "one.affectograph") as made:
        add_clips(made, [write_clip(clip, place / "clip.mp4", Context())], subject="S1")
    return place / "one.affectograph"


@pytest.fixture
def project(one_clip):
    with open_project(one_clip) as opened:
        yield opened


@pytest.fixture
def opened(monkeypatch):
    """Counts how often a clip is opened for decoding."""
    count = []
    really = tracks.open_reader
    monkeypatch.setattr(tracks, "open_reader", lambda *a: (count.append(a[0]), really(*a))[1])
    return count


def read(project, home, monkeypatch, item, *, known_faces):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(home))
    clip = db.clips.every(project)[0]
    bank = StreamBank(open_streams(NAMES, device="cpu"), "cpu")
    if known_faces:
        TrackBank("cpu").tracks(clip.path, clip.sha256, Context())
    found = bank.read(project, item, clip.path, clip.sha256, Context())
    return found.times_s, [np.array(rows) for rows in found.rows]


@pytest.mark.slow
@pytest.mark.parametrize("part", [(None, None), (0.4, 1.1)])
def test_one_pass_gives_the_rows_of_two_passes(project, tmp_path, monkeypatch, opened, part):
    item = replace(db.items.every(project)[0], start_s=part[0], end_s=part[1])
    times_s, once = read(project, tmp_path / "once", monkeypatch, item, known_faces=False)
    assert len(opened) == 1
    opened.clear()
    again_s, twice = read(project, tmp_path / "twice", monkeypatch, item, known_faces=True)
    assert len(opened) == 2
    assert len(times_s) > 4
    np.testing.assert_array_equal(times_s, again_s)
    for one, two in zip(once, twice, strict=True):
        np.testing.assert_array_equal(one, two)
    opened.clear()
    monkeypatch.setattr(first_look, "MOST_BYTES", 3 * 48 * 48)
    _, small = read(project, tmp_path / "small", monkeypatch, item, known_faces=False)
    assert len(opened) == 2
    for one, two in zip(once, small, strict=True):
        np.testing.assert_array_equal(one, two)


def seen(number, *ids):
    faces = [
        TrackedFace(each, number, number / 10, Face(np.zeros(4, np.float32), np.zeros((5, 2), np.float32), 1.0), 1.0)
        for each in ids
    ]
    return FrameFaces(SimpleNamespace(image=np.zeros((4, 4, 3), np.uint8)), tuple(faces))


def looked(*frames):
    stream = flow.FlowHistograms("flow")
    stream.source = SimpleNamespace(geometry={"size": 4}, cut=lambda each: each.image)
    look = FirstLook([stream], SimpleNamespace(start_s=None, end_s=None))
    for frame in frames:
        look.take(frame)
    ids = [face.track_id for frame in frames for face in frame.faces]
    numbers = [face.frame_idx for frame in frames for face in frame.faces]
    track = SimpleNamespace(frame_idx=np.array(numbers), track_id=np.array(ids))
    return look, lambda rows: look.pictures(stream, track, np.array(rows))


def test_a_second_face_and_other_rows_are_left_to_the_second_pass():
    _, alone = looked(seen(0, 1), seen(1), seen(2, 1))
    assert len(alone([0, 1])) == 2
    assert alone([0]) is None
    _, together = looked(seen(0, 1), seen(1, 1, 2), seen(2, 1))
    assert together([0, 1, 3]) is None
    _, after = looked(seen(0, 1), seen(1, 2))
    assert after([0]) is None


def test_parts_of_time_are_those_in_which_a_stream_computes():
    times_s = np.sort(np.random.default_rng(0).uniform(0, 5, 60))
    parts = slot(times_s, times_s[0], 5.0)
    expected = [0] + [n for n in range(1, 60) if parts[n] > parts[n - 1]]
    assert due(times_s, 5.0).tolist() == expected
