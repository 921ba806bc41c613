"""Two programs on one project: neither loses what it wrote, nor is told that the file is broken."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import held
from app.errors import UserError
from db import engine as engines
from db import files, raters, upgrades
from db.project import Project

ROOT = Path(__file__).resolve().parents[2]
ADD = """
import sys
from db import raters
from db.project import Project

with Project.open(sys.argv[1]) as project:
    raters.add(project, sys.argv[2])
"""
HOLD = """
import sys
from db import raters
from db.project import Project

with Project.open(sys.argv[1]) as project, project.write() as session:
    raters.add(session, "other")
    print("writing", flush=True)
    sys.stdin.readline()
"""


def another(program, *words):
    """Run a program of its own to its end."""
    subprocess.run([sys.executable, "-c", program, *map(str, words)], cwd=ROOT, check=True)


@contextmanager
def held_by_another(path):
    """While a program of its own holds a write on the project: until it is told to end, or the block is left."""
    words = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "writing\n"
        try:
            yield lambda: writer.communicate("end\n")
            if writer.poll() is None:
                writer.communicate("end\n")
            assert writer.returncode == 0
        finally:
            writer.kill()


def codes(project):
    return [rater.code for rater in raters.every(project)]


@pytest.mark.parametrize("look", ["open", "backup", "header"])
def test_looking_again_in_one_process_leaves_its_locks_alone(project, tmp_path, look):
    """Without them the other program, closing, takes itself for the last and deletes the log under this one."""
    raters.add(project, "A1")
    if look == "open":
        Project.open(project.path, read_only=True).close()
    elif look == "backup":
        upgrades.backup(project.path, tmp_path / "copy.affectograph")
    else:
        files.check_header(project.path)
    another(ADD, project.path, "B1")
    raters.add(project, "A2")
    another(ADD, project.path, "B2")
    assert codes(project) == ["A1", "A2", "B1", "B2"]
    project.close()
    with Project.open(project.path) as again:
        assert codes(again) == ["A1", "A2", "B1", "B2"]


def test_a_closed_project_is_looked_at_again(project):
    with held.nobody_connects(project.path) as free:
        assert not free
    project.close()
    with held.nobody_connects(project.path) as free:
        assert free
    project.path.write_bytes(b"no project any more" * 10)
    with pytest.raises(UserError, match="not a project"):
        Project.open(project.path)


def test_a_long_write_of_another_program_is_waited_for(project):
    ends = threading.Event()

    def end():
        ends.set()
        release()

    with held_by_another(project.path) as release:
        later = threading.Timer(6.0, end)
        later.start()
        raters.add(project, "patient")
        assert ends.is_set()
        later.join()
    assert codes(project) == ["other", "patient"]


def test_one_that_lasts_too_long_is_named_and_loses_nothing(project, monkeypatch):
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_S", 0.2)
    with Project.open(project.path) as hasty:
        with (
            held_by_another(project.path),
            pytest.raises(UserError, match="Another program is writing to this project") as caught,
        ):
            raters.add(hasty, "hasty")
        assert "The file is undamaged" in caught.value.todo
        raters.add(hasty, "later")
        assert codes(hasty) == ["later", "other"]
