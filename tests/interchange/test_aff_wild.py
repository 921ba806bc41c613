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


def test_thousands_become_ones_and_two_columns_are_equally_long(tmp_path):
    video = file(tmp_path / "videos" / "105.MP4")
    first_layout(tmp_path, "105", "500\n-1000\n", "0\n1000\n")
    file(tmp_path / "videos" / "106.mp4")
    first_layout(tmp_path, "106", "500\n-1000\n250\n", "0\n1000\n")
    (clip,), notes = read_aff_wild(tmp_path)
    assert (clip.video, clip.name, clip.side) == (video, "105", "")
    assert notes == [
        "annotations/train/valence/106.txt was left out: it has 3 values of valence and 2 of arousal.",
    ]
    np.testing.assert_array_equal(clip.values, np.float32([[0.5, 0], [-1, 1]]))
    assert clip.values.dtype == np.float32


def test_a_frame_without_both_labels_has_none(tmp_path):
    file(tmp_path / "v.avi")
    file(tmp_path / "v.txt", "valence,arousal\n0.5,-0.5\n-5,-5\n0.1,-5\nNA,0\n-1,1\n")
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
    assert notes == [
        "annotations/train/valence/c.txt was left out: line 1 of arousal is “not a number”, not a number.",
        "b.txt was left out: b.txt has no video.",
        "broken.txt was left out: broken.txt, line 2: arousal is “zero”, not a number.",
    ]


def test_equal_names_in_two_folders_keep_their_own_labels(tmp_path):
    for batch, value in (("batch1", 0.1), ("batch2", 0.9)):
        file(tmp_path / "videos" / batch / "7.mp4")
        file(tmp_path / "labels" / batch / "7.txt", f"valence,arousal\n{value},0\n")
    file(tmp_path / "elsewhere" / "7.txt", "valence,arousal\n0,0\n")
    clips, notes = read_aff_wild(tmp_path)
    assert [(clip.video.parent.name, round(float(clip.values[0, 0]), 6)) for clip in clips] == [
        ("batch1", 0.1),
        ("batch2", 0.9),
    ]
    assert notes == [
        "elsewhere/7.txt was left out: videos/batch1/7.mp4 and videos/batch2/7.mp4 have the same name, and nothing "
        "says which of them it belongs to."
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0.3;0.1", "line 3: valence is “0.3;0.1”, not a number."),
        ("1.01,0.1", "line 3: valence is 1.01, outside −1 to 1."),
        ("33,0.1", "line 3: valence is 33, outside −1 to 1."),
        ("0.1,1_0", "line 3: arousal is “1_0”, not a number."),
    ],
)
def test_a_file_with_a_bad_line_is_left_out_with_its_place(tmp_path, line, said):
    for name in "ab":
        file(tmp_path / f"{name}.mp4")
    file(tmp_path / "a.txt", "valence,arousal\n0.5,0\n0.5,0\n")
    file(tmp_path / "b.txt", f"valence,arousal\n0.5,0\n{line}\n")
    (clip,), (note,) = read_aff_wild(tmp_path)
    assert clip.name == "a"
    assert said in note


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_labels_come_in_any_dress_of_a_table(tmp_path, encoding):
    file(tmp_path / "a.mp4")
    (tmp_path / "a.txt").write_bytes("arousal;valence\r\n0,25;-0,5\r\n".encode(encoding))
    (clip,), _ = read_aff_wild(tmp_path)
    np.testing.assert_array_equal(clip.values, np.float32([[-0.5, 0.25]]))


def test_a_folder_without_a_pair_says_what_is_missing(tmp_path):
    file(tmp_path / "b.txt", "valence,arousal\n0,0\n")
    with pytest.raises(UserError, match="no annotated videos") as refused:
        read_aff_wild(tmp_path)
    assert refused.value.todo == "b.txt was left out: b.txt has no video."
    with pytest.raises(UserError, match="no folder"):
        read_aff_wild(tmp_path / "nowhere")
