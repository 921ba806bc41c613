"""The 68 landmarks: dlib's predictor where the extra is installed, and what is said where it is not."""

import numpy as np
import pytest

from app.errors import UserError
from app.faces import landmarks68
from app.faces.landmarks68 import FIVE, LICENCE, NAME, Landmarks68, PointReader, predictor_file
from app.synthetic.actor import ActorSpec, act_paths
from app.synthetic.stage import face_crops

SIDE = 96
installed = pytest.mark.skipif(predictor_file() is None, reason="the extra `landmarks` (dlib) is not installed")


@pytest.fixture(scope="module")
def faces():
    """Aligned crops of a synthetic face, and where its 68 points really are, −1…1 over the crop."""
    spec = ActorSpec(subjects=2, clips_per_subject=1, seconds=1.0, rate=6, seed=5)
    crops, points = zip(*(face_crops(clip, SIDE) for clip in act_paths(spec)), strict=True)
    return np.concatenate(crops), np.concatenate(points) / SIDE * 2 - 1


@installed
def test_the_points_lie_where_the_face_has_them(faces):
    crops, truth = faces
    found = Landmarks68().find(crops).reshape(-1, 68, 2)
    assert found.dtype == np.float32
    eyes = np.linalg.norm(truth[:, 36:42].mean(1) - truth[:, 42:48].mean(1), axis=1)
    # Inner points: the actor's jaw line is a convention of its own.
    apart = np.linalg.norm(found[:, 17:] - truth[:, 17:], axis=2).mean(axis=1) / eyes
    assert np.median(apart) < 0.15
    left_eye, right_eye, mouth = (found[:, part].mean(1) for part in (slice(36, 42), slice(42, 48), slice(48, 68)))
    assert (left_eye[:, 0] < right_eye[:, 0]).all()
    assert (mouth[:, 1] > left_eye[:, 1]).all()


@installed
def test_equal_pixels_give_equal_points_in_grey_and_in_colour(faces):
    crops, _ = faces
    import cv2

    grey = np.stack([cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) for crop in crops[:2]])
    finder = Landmarks68()
    np.testing.assert_array_equal(finder.find(grey), finder.find(crops[:2]))
    np.testing.assert_array_equal(finder.find(grey), Landmarks68().find(grey))


@installed
def test_a_reader_of_68_gives_136_numbers(faces):
    crops, _ = faces
    read = PointReader(NAME).read(crops[:3], np.zeros((3, 10), np.float32))
    assert read.shape == (3, 136)
    assert np.abs(read).max() < 1.5


def test_five_points_pass_through_and_need_no_extra(monkeypatch):
    monkeypatch.setattr(landmarks68, "predictor_file", lambda: None)
    five = np.arange(20, dtype=np.float32).reshape(2, 10)
    assert PointReader(FIVE).read(np.zeros((2, 48, 48), np.uint8), five) is five


def test_without_the_extra_the_command_and_the_licence_are_said(monkeypatch):
    monkeypatch.setattr(landmarks68, "predictor_file", lambda: None)
    with pytest.raises(UserError, match="not installed") as refused:
        PointReader(NAME)
    assert "pip install 'affectograph[landmarks]'" in refused.value.todo
    assert LICENCE in refused.value.todo


def test_without_dlib_its_data_alone_do_not_count(monkeypatch, tmp_path):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "dlib" else real(name))
    assert predictor_file() is None


def test_unknown_points_are_refused():
    with pytest.raises(UserError, match="No landmarks are called"):
        PointReader("twelve")
