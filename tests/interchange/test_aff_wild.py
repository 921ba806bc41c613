"""The folders of Aff-Wild and Aff-Wild2, made here with empty files in place of the videos, which are not opened."""

import numpy as np
import pytest

from app.errors import UserError
from app.interchange.aff_wild import read_aff_wild


def file(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def first_layout(folder, name, valence, arousal):
    file(folder / "annotations" / "train" / "valence" / f"{name}.txt", valence)
    file(folder / "annotations" / "train" / "arousal" / f"{name}.txt", arousal)


def test_the_shorter_of_two_columns_decides_and_thousands_become_ones(tmp_path):
    video = file(tmp_path / "videos" / "105.MP4")
    first_layout(tmp_path, "105", "500\n-1000\n250\n", "0\n1000\n")
    (clip,), notes = read_aff_wild(tmp_path)
    assert (clip.video, clip.name, clip.side, notes) == (video, "105", "", [])
    np.testing.assert_array_equal(clip.values, np.float32([[0.5, 0], [-1, 1]]))
    assert clip.values.dtype == np.float32


def test_a_frame_without_both_labels_has_none(tmp_path):
    file(tmp_path / "v.avi")
    file(tmp_path / "v.txt", "valence,arousal\n0.5,-0.5\n-5,-5\n0.1,-5\n1.2,0\n-1,1\n")
    (clip,), _ = read_aff_wild(tmp_path)
    np.testing.assert_array_equal(clip.values[[0, 4]], np.float32([[0.5, -0.5], [-1, 1]]))
    assert np.isnan(clip.values[1:4]).all()


def test_two_people_of_one_video_are_told_apart_and_a_name_of_its_own_comes_first(tmp_path):
    both, own = file(tmp_path / "10-60.mp4"), file(tmp_path / "7_left.mp4")
    for name in ("10-60_left", "10-60_right", "7_left"):
        file(tmp_path / "labels" / f"{name}.txt", "Valence, Arousal\n0,0\n")
    clips, _ = read_aff_wild(tmp_path)
    assert [(clip.name, clip.side, clip.video) for clip in clips] == [
        ("10-60_left", "left", both),
        ("10-60_right", "right", both),
        ("7_left", "left", own),
    ]


def test_other_texts_are_passed_over_and_labels_without_a_video_are_named(tmp_path):
    file(tmp_path / "a.webm")
    file(tmp_path / "a.txt", "valence,arousal\n0,0\n")
    file(tmp_path / "readme.txt", "Please cite us.\n")
    file(tmp_path / "broken.txt", "valence,arousal\n0,zero\n")
    file(tmp_path / "b.txt", "valence,arousal\n0,0\n")
    first_layout(tmp_path, "c", "1\n", "not a number\n")
    clips, notes = read_aff_wild(tmp_path)
    assert [clip.name for clip in clips] == ["a"]
    assert notes == ["b.txt has no video."]


def test_a_folder_without_a_pair_says_what_is_missing(tmp_path):
    file(tmp_path / "b.txt", "valence,arousal\n0,0\n")
    with pytest.raises(UserError, match="no annotated videos") as refused:
        read_aff_wild(tmp_path)
    assert refused.value.todo == "b.txt has no video."
    with pytest.raises(UserError, match="no folder"):
        read_aff_wild(tmp_path / "nowhere")
