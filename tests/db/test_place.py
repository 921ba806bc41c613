"""What is confirmed goes into the file that others find under the project's name, or is not confirmed."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import held
from app.errors import ProjectLost, UserError
from db import check, raters
from db.project import Project

from .test_two_processes import ADD, another, codes


def wal(path):
    return path.with_name(path.name + "-wal")


def shm(path):
    return path.with_name(path.name + "-shm")


def replace(path):
    shutil.copy(path.with_name("other.affectograph"), path.with_name("z"))
    os.replace(path.with_name("z"), path)


HARM = {
    "deleted": Path.unlink,
    "renamed": lambda path: path.rename(path.with_name("q.affectograph")),
    "folder renamed": lambda path: path.parent.rename(path.parent.with_name("elsewhere")),
    "replaced": replace,
    "cut off": lambda path: os.truncate(path, 8192),
    "log deleted": lambda path: wal(path).unlink(),
    "log replaced": lambda path: subprocess.run(["sh", "-c", 'rm "$0" && touch "$0"', wal(path)], check=True),
    "index deleted": lambda path: shm(path).unlink(),
}


@pytest.fixture
def other(project, tmp_path):
    folder = tmp_path / "projects"
    folder.mkdir()
    Project.create(folder / "other.affectograph").close()
    with Project.create(folder / "p.affectograph") as one:
        yield one


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
@pytest.mark.parametrize("harm", HARM)
def test_nothing_is_confirmed_once_project_or_log_are_gone(other, harm):
    raters.add(other, "before")
    HARM[harm](other.path)
    for code in ("after", "again"):
        with pytest.raises(ProjectLost, match="while it was open"):
            raters.add(other, code)
    with pytest.raises(ProjectLost):
        other.check_place()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
def test_a_project_that_is_put_back_goes_on_once_it_is_opened_again(other):
    raters.add(other, "before")
    aside = other.path.with_name("aside")
    other.path.rename(aside)
    with pytest.raises(ProjectLost):
        raters.add(other, "meanwhile")
    aside.rename(other.path)
    with pytest.raises(ProjectLost, match="until it is opened again"):
        other.check_place()
    with pytest.raises(ProjectLost):
        raters.add(other, "still lost")
    path = other.path
    other.close()
    with Project.open(path) as again:
        raters.add(again, "after")
        assert codes(again) == ["after", "before"]
        assert check.problems(again) == []


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES])
def test_a_disk_that_does_not_answer_is_no_loss(other, monkeypatch, number):
    raters.add(other, "before")
    real, name = os.stat, str(other.path)

    def stat(path, *args, **options):
        if str(path).startswith(name):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, *args, **options)

    monkeypatch.setattr(os, "stat", stat)
    with pytest.raises(UserError, match="cannot be reached") as told:
        raters.add(other, "meanwhile")
    assert not isinstance(told.value, ProjectLost)
    assert isinstance(other.look(), UserError)
    monkeypatch.undo()
    assert other.lost is None
    assert other.look() is None
    raters.add(other, "after")
    assert codes(other) == ["after", "before"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
def test_one_that_was_renamed_is_whole_after_closing(other):
    raters.add(other, "before")
    moved = other.path.with_name("q.affectograph")
    other.path.rename(moved)
    other.close()
    with Project.open(moved) as again:
        assert codes(again) == ["before"]


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="locks are dropped on POSIX systems")
def test_dropped_locks_and_a_second_program_cost_nothing_that_was_confirmed(other):
    """The defence in depth, for whatever opens files in a way nobody has thought of."""
    raters.add(other, "before")
    os.close(open_unseen(other.path))
    another(ADD, other.path, "second")
    assert not wal(other.path).exists()
    with pytest.raises(ProjectLost, match="log"):
        raters.add(other, "after")
    path = other.path
    other.close()
    with Project.open(path) as again:
        assert codes(again) == ["before", "second"]


def open_unseen(path):
    """Open a file as a library in C does."""
    import ctypes

    return ctypes.CDLL(None).open(os.fsencode(path), os.O_RDONLY)


def locks_on(path):
    number = f":{path.stat().st_ino} "
    # Without the line's number, which other programs' locks shift.
    return [line.split(":", 1)[1] for line in Path("/proc/locks").read_text().splitlines() if number in line]


WAYS = {
    "open": lambda path: path.open("rb"),
    "os.open": lambda path: os.open(path, os.O_RDONLY),
    "bytes": lambda path: os.open(os.fsencode(path), os.O_RDONLY),
    "read": Path.read_bytes,
    "write": lambda path: path.write_text("x"),
    "copy": lambda path: shutil.copy(path, path.with_name("copy")),
    "copy over": lambda path: shutil.copy(path.with_name("other.affectograph"), path),
    "numpy": lambda path: __import__("numpy").load(path),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_open_project_and_its_log_are_opened_by_nothing_else(other, way):
    raters.add(other, "before")
    (other.path.parent / "link").symlink_to(other.path)
    os.link(other.path, other.path.parent / "hard")
    before = locks_on(other.path) if Path("/proc/locks").exists() else []
    names = ["p.affectograph", "p.affectograph-wal", "p.affectograph-shm", "link", "hard"]
    for name in names:
        with pytest.raises(UserError, match="is a project that is open in this program"):
            WAYS[way](other.path.with_name(name))
    if before:
        assert locks_on(other.path) == before
    another(ADD, other.path, "second")
    raters.add(other, "after")
    assert codes(other) == ["after", "before", "second"]
    path = other.path
    other.close()
    assert path.read_bytes()  # closed, it is a file like others


def test_nothing_else_is_refused(other, tmp_path):
    (tmp_path / "p.affectograph-wal").write_text("not a log")
    assert (tmp_path / "p.affectograph-wal").read_text()
    with pytest.raises(FileNotFoundError):
        (tmp_path / "missing").read_bytes()
    assert not held.is_held(tmp_path / "a\0b")
