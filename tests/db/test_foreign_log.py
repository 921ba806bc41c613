"""A log that lies beside a file of which it is none is put aside; a project's own log is kept, however it was left."""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import UserError
from app.services.projects.files import open_project
from db import check, files, foreign_log, raters, settings
from db.project import Project

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there"),
]
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import os, sys
from db import engine, project, raters
end = sys.argv[2]
if end == "not noted in the file":
    engine.copy_log = lambda writer: False
opened = project.Project.open(sys.argv[1])
for number in range(12):
    raters.add(opened, f"C{number:02d}")
if end == "closing":
    engine.checkpoint = lambda writer: os._exit(9)
    opened.close()
elif end == "waits":
    print("ready", flush=True)
    sys.stdin.readline()
os._exit(9)
"""
WRITTEN = [f"C{number:02d}" for number in range(12)]


def killed(path, end="killed"):
    """Another process adds raters and ends in the middle, with all of them in the log."""
    command = [sys.executable, "-c", WRITER, str(path), end]
    ended = subprocess.run(command, cwd=ROOT, env=os.environ, check=False)
    assert ended.returncode == 9
    assert files.beside(path)[0].stat().st_size > 0


def codes(path, **how):
    with Project.open(path, **how) as project:
        return [one.code for one in raters.every(project)]


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(path):
    return sorted(one.name.replace(path.stem, "") for one in path.parent.iterdir())


@pytest.fixture
def path(tmp_path, empty_project):
    folder = tmp_path / "lab"
    folder.mkdir()
    return Path(shutil.copyfile(empty_project, folder / "study.affectograph"))


@pytest.fixture
def other(tmp_path, empty_project):
    """Another project, with raters and settings of its own."""
    path = Path(shutil.copyfile(empty_project, tmp_path / "other.affectograph"))
    with Project.open(path) as project:
        for number in range(30):
            raters.add(project, f"B{number:02d}")
            settings.put(project, f"key{number}", "x" * 300)
    return path


def test_a_file_that_took_the_place_of_an_open_project_stays_as_it_is(path, other, caplog):
    command = [sys.executable, "-c", WRITER, str(path), "waits"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline().strip() == "ready"
        before = hash_of(other)
        os.replace(other, path)
        with pytest.raises(UserError, match="another program opened the project, and that program still runs"):
            Project.open(path)
        assert hash_of(path) == before
        child.kill()
    with open_project(path) as project:
        assert [one.code for one in raters.every(project)] == [f"B{number:02d}" for number in range(30)]
        assert project.foreign_log.commits >= 12
        assert "the log beside it (the file that ends in -wal) belongs to the other file" in caplog.text
        assert project.foreign_log.kept.name in caplog.text
        assert check.problems(project) == check.incomplete(project)
    assert hash_of(path) == before
    (kept,) = set(path.parent.iterdir()) - {path}
    assert foreign_log.KEPT in kept.name
    with open_project(path) as project:  # it is told once, for the project has lost nothing
        assert check.problems(project) == []


def test_reading_alone_does_not_let_it_in_either(path, other):
    killed(path)
    before = hash_of(other)
    os.replace(other, path)
    assert codes(path, read_only=True)[0] == "B00"
    assert hash_of(path) == before


def test_a_copy_of_another_open_project_is_none_of_it_either(path, other):
    killed(other)
    copy = path.with_name("copy")
    shutil.copyfile(other, copy)
    killed(path)
    os.replace(copy, path)
    with Project.open(path) as project:
        assert project.foreign_log is not None
        assert project.copied_since is not None
        assert raters.every(project)[0].code == "B00"


def test_a_backup_of_an_old_version_in_its_place_is_upgraded_without_it(path):
    killed(path)
    old = ROOT / "tests/data/projects/0.1/sound.affectograph.gz"
    new = path.with_name("new")
    new.write_bytes(gzip.decompress(old.read_bytes()))
    os.replace(new, path)
    with Project.open(path) as project:
        assert project.foreign_log is not None
        assert not {one.code for one in raters.every(project)} & set(WRITTEN)


@pytest.mark.parametrize("end", ["killed", "not noted in the file", "closing"])
def test_a_log_of_its_own_is_believed(path, end):
    killed(path, end)
    assert foreign_log.look(path) is None
    assert codes(path) == WRITTEN
    assert names(path) == [".affectograph"]


def test_a_log_that_was_copied_in_part_is_believed(path):
    killed(path, "closing")
    log = files.beside(path)[0]
    pages = foreign_log._pages(log)  # noqa: SLF001
    written, data = bytearray(path.read_bytes()), log.read_bytes()
    written.extend(bytes(max(0, max(pages.last) * pages.size - len(written))))
    for page, place in sorted(pages.last.items())[:-1]:  # in SQLite's own order, without the last one
        written[(page - 1) * pages.size : page * pages.size] = data[place : place + pages.size]
    path.write_bytes(written)
    with Project.open(path) as project:
        assert project.foreign_log is None
        assert [one.code for one in raters.every(project)] == WRITTEN
        assert check.problems(project) == []


def test_a_project_that_was_moved_with_its_log_is_believed(path):
    killed(path)
    there = path.parent / "there.affectograph"
    for ending in ("", "-wal"):
        shutil.copyfile(f"{path}{ending}", f"{there}{ending}")
        os.unlink(f"{path}{ending}")
    with pytest.raises(foreign_log.Doubtful):
        foreign_log.look(there, trial=False)
    assert foreign_log.look(there) is None
    assert codes(there) == WRITTEN
