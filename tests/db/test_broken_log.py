"""A log that a crash left and that was damaged after it is noticed, kept and told; a whole one is not."""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from app.errors import UserError
from app.services.projects.files import open_project
from db import broken_log, check, files, raters
from db.project import Project

pytestmark = pytest.mark.process
WRITER = """
import os, sys
from app.services.projects.files import open_project
from db import raters

project = open_project(sys.argv[1])
for number in range(5):
    raters.add(project, f"R{number}")
os._exit(9)
"""


@pytest.fixture
def crashed(project):
    """A project whose last program ended in the middle, with five commits in its log."""
    project.close()
    ended = subprocess.run(
        [sys.executable, "-c", WRITER, str(project.path)],
        cwd=Path(__file__).resolve().parents[2], env=os.environ, check=False,
    )  # fmt: skip
    assert ended.returncode == 9
    return project.path


def flip(log, place, bit=3):
    data = bytearray(log.read_bytes())
    data[place] ^= 1 << bit
    log.write_bytes(data)


def codes(path, **how):
    with Project.open(path, **how) as project:
        return [one.code for one in raters.every(project)]


def test_every_flipped_bit_is_noticed_and_a_whole_or_cut_log_is_not(tmp_path):
    path, log = tmp_path / "x.db", tmp_path / "x.db-wal"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (a)")
        for commits in (5, 5, 2):  # what follows the newest part of a log is an old part
            connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            for _ in range(commits):
                with connection:
                    connection.execute("INSERT INTO t VALUES (zeroblob(2000))")
        whole = log.read_bytes()
    log.write_bytes(whole)
    assert broken_log.unreadable_commits(log) == 0
    frame = 4096 + 24
    newest = 32 + frame * next(i for i in range(1, 1000) if whole[40 + i * frame : 48 + i * frame] != whole[16:24])
    assert newest < len(whole)
    rng = random.Random(3)
    for place in [*range(32), *range(32, 56), *(rng.randrange(newest) for _ in range(200))]:
        data = bytearray(whole)
        data[place] ^= 1 << rng.randrange(8)
        log.write_bytes(data)
        assert broken_log.unreadable_commits(log) > 0
    for _ in range(50):
        data = bytearray(whole)
        data[rng.randrange(newest, len(whole))] ^= 1
        log.write_bytes(data)
        assert broken_log.unreadable_commits(log) == 0
    for size in (0, 20, 32, 32 + 24, newest - 1, newest - frame):
        log.write_bytes(whole[:size])
        assert broken_log.unreadable_commits(log) == 0


def test_a_log_that_is_whole_is_read_and_nothing_is_told(crashed):
    assert broken_log.look(crashed) is None
    assert codes(crashed, read_only=True) == [f"R{number}" for number in range(5)]
    with Project.open(crashed) as project:
        assert check.problems(project) == []


@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_log_is_told_and_kept(crashed, read_only):
    log = files.beside(crashed)[0]
    flip(log, log.stat().st_size // 2)
    damaged = log.read_bytes()
    with Project.open(crashed, read_only=read_only) as project:
        assert 0 < len(raters.every(project)) < 5
        (problem,) = check.problems(project)
        assert problem.damage
        assert "The log of this project (the file that ends in -wal) was damaged" in problem.what
        kept = project.broken_log.kept
        assert kept.name in problem.what
    assert kept.read_bytes() == damaged
    assert kept.stat().st_mode & 0o777 == crashed.stat().st_mode & 0o777
    with Project.open(crashed) as again:
        assert again.broken_log is None
        (problem,) = check.problems(again)
        assert (problem.damage, kept.name in problem.what) == (False, True)


def test_a_second_damaged_log_takes_no_place(crashed):
    log = files.beside(crashed)[0]
    flip(log, 40)
    first = broken_log.look(crashed).kept
    content = first.read_bytes()
    flip(log, 50)
    second = broken_log.look(crashed).kept
    assert first != second
    assert first.read_bytes() == content != second.read_bytes()


@pytest.mark.parametrize("words", [["project", "info"], ["agreement"], ["study", "show"]])
def test_commands_that_print_numbers_refuse_once(crashed, capsys, words):
    log = files.beside(crashed)[0]
    flip(log, log.stat().st_size - 10)
    assert main([*words, str(crashed)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "1 save at its end could not be read" in told.err
    assert "do this again" in told.err
    assert main(["project", "info", str(crashed)]) == 0
    assert main(["project", "check", "--quick", str(crashed)]) == 0
    assert "could not be read" in capsys.readouterr().out


def test_a_log_that_cannot_be_read_is_not_left_out(crashed, monkeypatch):
    monkeypatch.setattr(files, "can_write", lambda path: False)
    with pytest.raises(UserError, match="what was saved last is in its log"):
        open_project(crashed, read_only=True)
    monkeypatch.undo()
    assert len(codes(crashed, read_only=True)) == 5


def test_the_log_of_a_project_that_is_open_here_is_left_to_sqlite(project):
    raters.add(project, "R01")
    assert files.beside(project.path)[0].stat().st_size
    assert broken_log.look(project.path) is None
    assert codes(project.path) == ["R01"]
