"""A copy of an open project without its log says so; nothing else does."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from app.services.projects.files import open_project
from app.services.projects.health import backup_project
from db import check, files, presence, raters
from db.project import Project

WRITER = """
import os, sys
from app.services.projects.files import open_project
from db import raters

project = open_project(sys.argv[1])
raters.add(project, "CHILD")
sys.stdout.write("written\\n")
sys.stdout.flush()
sys.stdin.readline()
os._exit(9)
"""

COPY = "import shutil, sys; shutil.copy(*sys.argv[1:])"


def told(path, **how):
    with Project.open(path, **how) as project:
        said = [one.what for one in check.problems(project, thorough=False) if "without its log" in one.what]
        assert bool(said) == (project.copied_since is not None)
        return said


def rows(path):
    """Openings that stand in the file."""
    with closing(sqlite3.connect(path)) as connection:
        return presence.every(connection)


@pytest.fixture
def crashed(project):
    """A project whose last program ended in the middle; its log is there."""
    project.close()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(project.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[2], env=os.environ,
    ) as child:  # fmt: skip
        assert child.stdout.readline() == "written\n"
        child.stdin.write("end\n")
        child.stdin.flush()
        assert child.wait() == 9
    assert files.beside(project.path)[0].exists()
    return project.path


def copy(path, folder, *, log=False):
    folder.mkdir()
    for one in (path, *files.beside(path)) if log else (path,):
        subprocess.run([sys.executable, "-c", COPY, str(one), str(folder)], check=True)  # this program would refuse
    return folder / path.name


@pytest.mark.parametrize("read_only", [True, False])
def test_a_copy_of_an_open_project_says_what_may_be_missing(project, tmp_path, capsys, read_only):
    raters.add(project, "R01")
    path = copy(project.path, tmp_path / "copy")
    assert [one.code for one in raters.every(project)] == ["R01"]
    (said,) = told(path, read_only=read_only)
    assert "answers and traces that were saved after" in said
    assert main(["project", "check", "--quick", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "damage: This file was copied while the project was open" in shown
    assert "`affectograph backup`" in shown


def test_every_command_says_it_once_and_goes_on(project, tmp_path):
    raters.add(project, "R01")
    path = copy(project.path, tmp_path / "copy")
    ended = subprocess.run(
        [sys.executable, "-m", "app", "project", "info", str(path)],
        cwd=Path(__file__).resolve().parents[2], env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0
    assert ended.stderr.count("without its log") == 1
    assert ended.stderr.startswith("affectograph: ")


def test_whoever_goes_on_with_it_finds_it_in_the_check_for_ever(project, tmp_path):
    raters.add(project, "R01")
    path = copy(project.path, tmp_path / "copy")
    with Project.open(path) as copied:
        raters.add(copied, "R02")
    with Project.open(path) as again:
        assert again.copied_since is None
        (problem,) = check.problems(again)
        assert "without its log" in problem.what
        assert not problem.damage


def test_a_closed_project_can_be_copied(project, tmp_path):
    raters.add(project, "R01")
    assert len(rows(project.path)) == 1
    project.close()
    assert rows(project.path) == []
    assert told(copy(project.path, tmp_path / "copy")) == []


def test_an_open_project_that_nobody_wrote_to_can_be_copied(project, tmp_path):
    assert told(copy(project.path, tmp_path / "copy")) == []


def test_after_a_crash_nothing_is_missing(crashed):
    assert told(crashed, read_only=True) == []  # SQLite copies the log into the file and removes it
    assert not files.beside(crashed)[0].exists()
    assert told(crashed) == []
    with open_project(crashed) as project:
        assert [one.code for one in raters.every(project)] == ["CHILD"]
        raters.add(project, "R02")
        assert len(rows(crashed)) == 1  # the dead one's is gone
    assert rows(crashed) == []


def test_after_a_crash_another_program_may_tidy_up(crashed):
    with closing(sqlite3.connect(crashed)) as connection:
        connection.execute("SELECT count(*) FROM rater").fetchone()
    assert not files.beside(crashed)[0].exists()
    assert told(crashed) == []


@pytest.mark.parametrize("read_only", [True, False])
def test_a_copy_with_its_log_is_whole(crashed, tmp_path, read_only):
    path = copy(crashed, tmp_path / "copy", log=True)
    assert told(path, read_only=read_only) == []
    assert told(path, read_only=read_only) == []
    assert rows(path) == []
    assert told(copy(crashed, tmp_path / "alone")) != []


def test_one_of_two_programs_closes(project, tmp_path):
    raters.add(project, "R01")
    with Project.open(project.path) as second:
        raters.add(second, "R02")
        assert len(rows(project.path)) == 2
    assert len(rows(project.path)) == 1
    assert told(project.path, read_only=True) == []
    assert told(copy(project.path, tmp_path / "copy")) != []


def test_a_copy_where_nothing_can_be_written(project, tmp_path, monkeypatch):
    raters.add(project, "R01")
    path = copy(project.path, tmp_path / "copy")
    project.close()
    whole = copy(project.path, tmp_path / "whole")
    monkeypatch.setattr(files, "can_write", lambda path: False)
    assert told(path, read_only=True) != []
    assert told(whole, read_only=True) == []


def test_backups_of_an_open_project_are_whole(project, tmp_path):
    raters.add(project, "R01")
    kept = backup_project(project.path, tmp_path / "kept.affectograph")
    assert rows(kept) == []
    assert told(kept) == []
    assert len(rows(project.path)) == 1


def test_a_reader_that_holds_an_old_state_delays_the_row_only(project, tmp_path):
    with closing(sqlite3.connect(project.path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM rater").fetchone()
        raters.add(project, "R01")
        other.execute("ROLLBACK")
    raters.add(project, "R02")
    assert told(copy(project.path, tmp_path / "copy")) != []
