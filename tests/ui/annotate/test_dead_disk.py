"""Clips on a disk that does not answer any more: answers are saved, the window closes, and both are told."""

import pytest
from PySide6.QtCore import Qt

import db.answers
from app import jobs, reach
from db.project import Project
from tests.dead_disk import dead_disk
from tests.ui.waiting import idle, settle

KEY = Qt.Key


@pytest.fixture
def impatient(monkeypatch):
    """Call it once the disk is dead: what does not answer is given up after a moment then."""

    def begin():
        monkeypatch.setattr(reach, "LOOK_S", 0.3)
        monkeypatch.setattr(jobs, "VIGIL_S", 0.1)
        monkeypatch.setitem(jobs.SILENT_S, "clips", 1.0)
        monkeypatch.setitem(jobs.SILENT_S, "media", 1.0)

    return begin


def closed(window):
    """Close a window while a disk is dead; whoever waited for the disk would never come back."""
    window.close()
    return not window.isVisible()


def test_a_rater_goes_on_while_the_clips_disk_is_dead(desk, make, monkeypatch, impatient):
    path = make(clips=3)
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    desk.until(lambda: desk.screen.rating.presenter.seen_whole, "the end of the clip")
    with dead_disk(monkeypatch, path.parent / "clip") as disk:
        disk.die()
        impatient()
        for digit in "012345012" + "3":
            desk.key(digit)
        desk.key(KEY.Key_Return)
        with Project.open(path, read_only=True) as project:
            settle(lambda: len(db.answers.every(project, 1)) == 1, what="the answer")
        desk.until(lambda: desk.screen.rating.presenter.phase == "unshown", "that the next clip cannot be shown")
        assert disk.asked > 0
        assert closed(desk.window)
    with Project.open(path, read_only=True) as project:
        (one,) = db.answers.every(project, 1)
        assert one.answer.category == "happy"


def test_a_disk_that_dies_while_clips_are_added(desk, make, monkeypatch, impatient):
    path = make(clips=2)
    window = desk.window
    shares = path.parent / "share"
    shares.mkdir()
    (path.parent / "clip00.mp4").rename(shares / "new.mp4")
    desk.open(path)
    with dead_disk(monkeypatch, shares) as disk:
        real = reach.within

        def dies_after_the_first_look(where, look, seconds=None):
            found = real(where, look, seconds)
            if where == shares / "new.mp4":
                disk.die()
                impatient()
            return found

        monkeypatch.setattr("app.media.source.within", dies_after_the_first_look)
        window.projects.add_clips([shares / "new.mp4"])
        settle(lambda: "does not answer" in window.banner.text() or "not answered" in window.banner.text())
        window.projects.add_clips([path.parent / "clip01.mp4"])  # the lane goes on
        idle(window.context)
        assert closed(window)
        assert window.context.left_behind


def test_what_is_dropped_from_a_dead_disk_is_told_by_its_name(desk, make, monkeypatch, impatient):
    path = make(clips=2)
    shares = path.parent / "share"
    shares.mkdir()
    (path.parent / "clip00.mp4").rename(shares / "new.mp4")
    desk.open(path)
    with dead_disk(monkeypatch, shares) as disk:
        disk.die()
        impatient()
        desk.window.projects.take_files([str(shares / "new.mp4")])
        desk.until(lambda: "new.mp4 cannot be reached" in desk.window.banner.text(), "the word")


def test_a_project_whose_disk_is_dead_is_told_and_does_not_keep_the_window(desk, make, monkeypatch, impatient):
    path = make(clips=2)
    desk.open(path)
    idle(desk.window.context)
    project = desk.window.context.opened
    with dead_disk(monkeypatch, path.parent / path.stem) as disk:
        disk.die()
        impatient()
        settle(lambda: "nothing is saved until it does" in desk.window.banner.text(), what="the word")
        assert closed(desk.window)
        assert desk.window.context.left_behind
    project.close()  # in use the process ends here
