"""What is read from each layout, what is said of each fault, and what a folder of another layout gets."""

import numpy as np
import pytest

from app.errors import UserError
from app.interchange.datasets.catalogue import DATASETS, find_dataset
from tests.interchange.datasets.layouts import MAKE, empty, video

FOUND = {
    # name, category, subject, partition, group
    "folders": [
        ("c.mp4", "happy", "S3", "test", ""),
        ("d.mp4", "sad", "S1", "test", ""),
        ("a.mp4", "happy", "S1", "train", ""),
        ("b.mp4", "sad", "S2", "train", ""),
        ("broken.mp4", "sad", "S2", "train", ""),
    ],
    "list": [("a.mp4", "happy", "S1", "train", ""), ("b.mp4", "sad", "S2", "test", "")],
    "afew": [
        ("000046280.avi", "Angry", "", "train", ""),
        ("000046281.avi", "Happy", "", "train", ""),
        ("000046282.avi", "Happy", "", "validation", ""),
    ],
    "mec": [
        ("a.avi", "angry", "", "train", ""),
        ("b.avi", "worried", "", "train", ""),
        ("c.avi", "anxious", "", "validation", ""),
    ],
    "enterface": [
        ("s1_an_1.avi", "anger", "subject 1", "", "1"),
        ("s1_su_2.avi", "surprise", "subject 1", "", "1"),
        ("s2_ha_1.avi", "sadness", "subject 2", "", "2"),
        ("s6_fe_1.avi", "fear", "subject 6", "", "1"),
    ],
    "crema-d": [
        ("1001_DFA_ANG_XX.flv", "anger", "1001", "", ""),
        ("1002_IEO_SAD_LO.flv", "neutral", "1002", "", ""),
        ("1003_IEO_FEA_HI.flv", "fear", "1003", "", ""),
    ],
    "ravdess": [
        ("01-01-03-01-01-01-01.mp4", "happy", "Actor_01", "", ""),
        ("01-01-08-02-01-01-02.mp4", "surprised", "Actor_02", "", ""),
    ],
    "raf-db": [
        ("train_00001_aligned.jpg", "sadness", "", "train", ""),
        ("test_0001.jpg", "happiness", "", "test", ""),
    ],
    "fer2013": [
        ("fer00001.png", "happy", "", "train", ""),
        ("fer00002.png", "angry", "", "validation", ""),
        ("fer00003.png", "neutral", "", "test", ""),
    ],
}
SAID = {
    "folders": ["stray.mp4 does not lie in the folder of a class", "Subject S1 is in several partitions (test, train)"],
    "list": ["line 4: gone.mp4 is missing", "line 5: a.mp4 has no category"],
    "afew": ["Bored is not a class of AFEW", "1 clip of the test partition has no label"],
    "mec": ["e.avi has no label", "“half” is not a clip and its label", "The list of train names gone"],
    "enterface": ["does not name its subject and class", "file name and folder name different classes"],
    "crema-d": ["intro.flv is not named as this data set names its files", "1 clip has no votes"],
    "ravdess": ["01-01-09-02-01-01-02.mp4 is not named as this data set names its files"],
    "raf-db": ["line 3: test_0002.jpg is missing", "line 4: “test_0001.jpg 9” is not a picture and a number"],
    "fer2013": ["line 5: this is not a picture of 48×48", "line 6: this is not a picture of 48×48"],
}


def test_every_data_set_has_a_layout_here():
    assert set(MAKE) == set(FOUND) == set(SAID) == {dataset.name for dataset in DATASETS}


@pytest.mark.parametrize("name", list(MAKE))
def test_clips_have_their_class_subject_partition_and_group(tmp_path, name):
    found = find_dataset(name).read(MAKE[name](tmp_path / name))
    rows = [(clip.path.name, clip.category, clip.subject, clip.part, clip.group) for clip in found.clips]
    assert rows == FOUND[name]
    classes = find_dataset(name).classes
    assert all(clip.category in classes for clip in found.clips if classes)


@pytest.mark.parametrize("name", list(MAKE))
def test_each_fault_is_one_sentence_and_the_rest_goes_on(tmp_path, name):
    found = find_dataset(name).read(MAKE[name](tmp_path / name))
    notes = [*found.notes, *found.missing]
    assert all("missing" in sentence for sentence in found.missing)
    assert not any("is missing" in sentence and ", line " in sentence for sentence in found.notes)
    for said in SAID[name]:
        assert sum(said in note for note in notes) == 1, (said, notes)
    assert len(notes) == len(SAID[name])


@pytest.mark.parametrize("name", [name for name in MAKE if name != "list"])
def test_a_folder_of_another_layout_says_what_was_expected_and_what_is_there(tmp_path, name):
    empty(tmp_path / "odd" / "readme.md")
    (tmp_path / "odd" / "stuff").mkdir()
    with pytest.raises(UserError) as refused:
        find_dataset(name).read(tmp_path / "odd")
    assert find_dataset(name).layout in refused.value.what
    assert "It holds readme.md, stuff/." in refused.value.what
    with pytest.raises(UserError, match="There is no folder"):
        find_dataset(name).read(tmp_path / "nowhere")


def test_votes_of_people_who_saw_and_heard_are_read(tmp_path):
    clips = find_dataset("crema-d").read(MAKE["crema-d"](tmp_path)).clips
    assert clips[0].votes == {"anger": 8, "disgust": 1, "neutral": 1}
    assert clips[2].votes == {}


def test_a_recording_is_taken_once_with_its_sound(tmp_path):
    for modality, grey in (("02", 50), ("01", 40), ("03", 30)):
        video(tmp_path / f"Video_{modality}" / "Actor_01" / f"{modality}-01-03-01-01-01-01.mp4", grey)
    clips = find_dataset("ravdess").read(tmp_path).clips
    assert [clip.path.name for clip in clips] == ["01-01-03-01-01-01-01.mp4"]


def test_pictures_of_a_table_are_its_pixels(tmp_path):
    clips = find_dataset("fer2013").read(MAKE["fer2013"](tmp_path)).clips
    assert clips[0].picture.shape == (48, 48)
    assert np.unique(clips[0].picture).tolist() == [40]


def test_a_list_with_an_unknown_part_is_refused_with_its_line(tmp_path):
    video(tmp_path / "a.mp4")
    (tmp_path / "l.csv").write_text("path,category,part\na.mp4,happy,monday\n")
    with pytest.raises(UserError, match="line 2: the part is “monday”"):
        find_dataset("list").read(tmp_path / "l.csv")


def test_an_unknown_data_set_lists_those_there_are():
    with pytest.raises(UserError) as refused:
        find_dataset("emotic")
    assert all(dataset.name in refused.value.todo for dataset in DATASETS)


def test_a_listed_class_that_the_challenge_does_not_have_is_named(tmp_path):
    MAKE["mec"](tmp_path)
    (tmp_path / "val.txt").write_text("c anxious\ne bored\n")
    found = find_dataset("mec").read(tmp_path)
    assert [note for note in found.notes if "bored" in note] == [
        "e.avi: bored is not a class of MEC; the clip was left out."
    ]
    assert len(found.clips) == 3


def test_a_listed_subject_in_two_parts_is_named_once(tmp_path):
    table = MAKE["list"](tmp_path)
    table.write_text("path,category,subject,part\nclips/a.mp4,happy,S1,train\nclips/b.mp4,sad,S1,test\n")
    found = find_dataset("list").read(table)
    assert [note for note in found.notes if "S1" in note] == [
        "Subject S1 is in several partitions (test, train), so the official partitions are not used for training."
    ]
    assert len(found.clips) == 2
