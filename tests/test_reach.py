"""Looks that never come back keep nobody waiting."""

import os
import threading

import pytest

from app import reach
from app.errors import UserError
from app.media.probe import media_hash
from app.media.source import read_head
from app.media.steady import steady
from app.reach import NotAnswering, are_files, exists, is_folder, is_silent, within
from tests.dead_disk import dead_disk
from tests.waiting import until


@pytest.fixture
def folders(tmp_path):
    """Two folders with three files each."""
    for name in ("dead", "well"):
        (tmp_path / name).mkdir()
        for number in range(3):
            (tmp_path / name / f"{number}.mp4").write_bytes(b"x")
    return tmp_path / "dead", tmp_path / "well"


@pytest.fixture
def disk(folders, monkeypatch):
    """A look is given up once it hangs in the dead folder, and no other one, however slow the machine is."""
    with dead_disk(monkeypatch, folders[0]) as made:
        monkeypatch.setattr(
            reach._Look,  # noqa: SLF001 — the threads that look
            "join",
            lambda look, _limit_s: until(lambda: not look.is_alive() or look.ident in made.waiting, "the look"),
        )
        yield made


def test_what_is_found_or_raised_is_handed_over(tmp_path):
    assert within(tmp_path, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(tmp_path, lambda: 1 // 0)
    assert exists(tmp_path)
    assert is_folder(tmp_path)
    assert not exists(tmp_path / "none")
    assert are_files([str(tmp_path), str(tmp_path / "none")]) == set()


def test_a_folder_that_does_not_answer_is_asked_by_one_look_only(folders, disk):
    dead, well = folders
    disk.die()
    with pytest.raises(NotAnswering, match=r"0\.mp4 cannot be reached"):
        within(dead / "0.mp4", lambda: os.stat(dead / "0.mp4"))
    for name in ("1.mp4", "2.mp4"):
        with pytest.raises(NotAnswering):
            within(dead / name, lambda: os.stat(dead / "1.mp4"))
    assert not exists(dead / "1.mp4")
    assert disk.asked == 1, "the others were not even looked for"
    assert within(well, lambda: os.stat(well / "0.mp4")).st_size == 1
    disk.answer()
    until(lambda: exists(dead / "0.mp4"), "the folder")
    assert not is_silent(dead / "1.mp4")


def test_the_rest_of_a_list_is_found_while_one_folder_is_dead(folders, disk):
    dead, well = folders
    names = [str(folder / f"{number}.mp4") for number in range(3) for folder in (well, dead)]
    assert are_files(names) == set(names)
    disk.die()
    assert are_files(names) == {str(well / f"{number}.mp4") for number in range(3)}
    assert disk.asked == 1
    disk.answer()
    until(lambda: are_files(names) == set(names), "all files")


def test_a_network_share_counts_as_a_whole(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "lab:/x /mnt/lab\\040one nfs4 rw 0 0\n/dev/sda1 / ext4 rw 0 0\n//s/c /mnt/lab\\040one/sub cifs rw 0 0\n"
    )
    monkeypatch.setattr(reach, "_MOUNTS", str(mounts))
    monkeypatch.setattr(reach.sys, "platform", "linux")
    assert reach.place_of("/mnt/lab one/a/b/c.mp4") == "/mnt/lab one"
    assert reach.place_of("/mnt/lab one/sub/c.mp4") == "/mnt/lab one/sub"
    assert reach.place_of("/mnt/lab other/a/c.mp4") == "/mnt/lab other/a"


@pytest.mark.parametrize("ask", [read_head, media_hash, lambda path: steady(path).__enter__()])
def test_a_clip_that_does_not_answer_is_a_sentence(folders, disk, ask):
    path = folders[0] / "0.mp4"
    disk.die()
    with pytest.raises(UserError, match=r"0.mp4 cannot be reached.*Check that it is connected"):
        ask(path)


def test_a_guard_within_a_guard_of_the_same_file_is_left_to_the_outer_one(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"x")
    outer = steady(path)
    outer.__enter__()
    with steady(path):
        path.write_bytes(b"longer")
    with pytest.raises(UserError, match="changed while it was being read"):
        outer.__exit__(None, None, None)
    with steady(path):  # guarded anew, and unchanged
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_read_that_is_blocked_in_the_system_is_left_behind(tmp_path):
    path = tmp_path / "clip.mp4"
    os.mkfifo(path)
    with pytest.raises(NotAnswering):
        within(path, path.read_bytes, 0.2)
    assert [one.name for one in threading.enumerate() if one.name == "reach"] == ["reach"]
    os.close(os.open(path, os.O_WRONLY))  # somebody writes at last
    until(lambda: not is_silent(path), "the read")
