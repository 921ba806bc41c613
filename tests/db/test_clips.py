"""Clips are their bytes; paths may move, names stay apart."""

import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import UserError
from db import clips, items, paths
from db.project import Project

from .build import media_info


def test_a_clip_comes_back_as_it_was_probed(project, tmp_path):
    info = media_info(tmp_path / "Über uns.mp4")
    clip = clips.add(project, info, "b" * 64, subject=" S07 ")
    assert clip.info == info
    assert (clip.name, clip.subject, clip.sha256, clip.missing) == ("Über uns.mp4", "S07", "b" * 64, False)
    assert clips.every(project) == [clip]
    assert clips.get(project, clip.id) == clips.by_hash(project, "b" * 64) == clips.by_name(project, clip.name) == clip
    assert clips.some(project, [clip.id, clip.id + 1]) == {clip.id: clip}
    assert clips.count(project) == 1


def test_an_image_has_no_clock(project, tmp_path):
    info = media_info(tmp_path / "a.png", kind="image", time_base=None, average_rate=None, n_frames=1, duration_s=0.0)
    assert clips.add(project, info, "b" * 64).info == info


def test_each_clip_has_one_item_that_is_the_whole_clip(project, clip):
    (item,) = items.every(project)
    assert (item.clip_id, item.clip, item.clip_sha256, item.subject) == (clip.id, clip.name, clip.sha256, "S01")
    assert (item.start_s, item.end_s, item.track_id) == (None, None, None)


def test_the_same_bytes_are_one_clip(project, clip, tmp_path):
    again = clips.add(project, media_info(tmp_path / "copy.mp4"), clip.sha256)
    assert again == clip
    assert len(items.every(project)) == 1


def test_equal_names_get_a_number(project, clip, tmp_path):
    second = clips.add(project, media_info(tmp_path / "b" / "ANNA.mp4"), "b" * 64)
    third = clips.add(project, media_info(tmp_path / "c" / "anna.mp4"), "c" * 64)
    assert (second.name, third.name) == ("ANNA-2.mp4", "anna-3.mp4")


def test_project_and_clips_move_together(tmp_path):
    home = tmp_path / "here"
    home.mkdir()
    outside = media_info(tmp_path / "elsewhere" / "far.mp4")
    with Project.create(home / "p") as project:
        clips.add(project, media_info(home / "media" / "é" / "near.mp4"), "a" * 64)
        clips.add(project, outside, "b" * 64)
    shutil.move(home, tmp_path / "there")
    with Project.open(tmp_path / "there" / "p.affectograph") as project:
        near, far = clips.every(project)
        assert near.path == tmp_path / "there" / "media" / "é" / "near.mp4"
        assert far.path == outside.path
        assert not near.missing
        assert not far.missing


def test_a_file_that_is_gone_is_missing_and_is_found_again(project, clip, tmp_path):
    moved = tmp_path / "moved.mp4"
    clip.path.rename(moved)
    assert clips.get(project, clip.id).missing
    with pytest.raises(UserError, match="content differs"):
        clips.relink(project, clip.id, moved, "f" * 64)
    assert clips.relink(project, clip.id, moved, clip.sha256) == replace(clip, path=moved)


def test_accents_written_by_another_system_are_found(tmp_path):
    (tmp_path / unicodedata.normalize("NFD", "café.mp4")).write_text("x")
    ((path, found),) = paths.located([unicodedata.normalize("NFC", "café.mp4")], tmp_path)
    assert found
    assert path.exists()


def test_a_name_that_is_no_text_is_kept_and_shown_in_letters(project, tmp_path):
    info = media_info(tmp_path / "bad\udcff.mp4")
    added = clips.add(project, info, "b" * 64)
    assert (added.path, added.missing, added.name) == (info.path, False, r"bad\xFF.mp4")
    assert clips.every(project) == [added]


def test_a_path_from_windows_is_missing_not_wrong():
    assert paths.located(["D:/clips/a.mp4"], Path("/nowhere")) == [(Path("D:/clips/a.mp4"), False)]


def test_subjects_are_those_of_clips_in_the_list(project, clip, tmp_path):
    clips.add(project, media_info(tmp_path / "b.mp4"), "b" * 64, subject="S00")
    clips.add(project, media_info(tmp_path / "c.mp4"), "c" * 64, subject="S01")
    assert [subject.code for subject in clips.subjects(project)] == ["S00", "S01"]


def test_items_of_a_range_and_a_target(project, clip):
    item = items.add(project, clip.id, start_s=1.5, end_s=3.0, target={"time_s": 1.5, "box": [1, 2, 30, 40]})
    assert item.name == "anna-2.mp4"
    assert item.position == 2
    assert items.by_uid(project, item.uid) == items.by_name(project, item.name) == items.get(project, item.id) == item
    with pytest.raises(UserError, match="before it begins"):
        items.add(project, clip.id, start_s=3.0, end_s=3.0)
    with pytest.raises(KeyError):
        items.get(project, 99)
