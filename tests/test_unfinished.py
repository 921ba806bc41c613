"""What a killed program left half-written goes with the next file that is written there, and nothing else does."""

import os
import signal
import subprocess
import sys
import time

import pytest

from app.files import replacing
from app.paths import data_dir
from app.results import result
from app.unfinished import NOTES

KILLED = """
import os, signal, sys
from pathlib import Path
from app.results import result
with result(Path(sys.argv[1], "intensities.csv")) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def notes():
    return list((data_dir() / NOTES).iterdir())


def kill_while_writing(folder):
    done = subprocess.run([sys.executable, "-c", KILLED, folder], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    return {path for path in folder.iterdir() if path.name.startswith(".intensities-")}


@pytest.mark.process
def test_the_next_result_in_the_folder_deletes_what_a_killed_program_left(tmp_path):
    out, other = tmp_path / "out", tmp_path / "other"
    own = {out / ".intensities-0123456789ab.csv", out / ".mine.csv"}
    out.mkdir()
    for path in own:
        path.write_text("of the user's")
    (left,) = kill_while_writing(out) - own
    assert left.read_text() == "half"
    assert len(notes()) == 1
    with result(other / "elsewhere.csv") as temporary:
        temporary.write_text("1")
    assert left.exists()
    with result(out / "answers.csv") as temporary:
        assert not left.exists()
        temporary.write_text("1")
    assert set(out.iterdir()) == own | {out / "answers.csv", out / ".affectograph-results.json"}
    assert notes() == []


@pytest.mark.process
def test_a_link_or_folder_that_has_the_name_since_stays(tmp_path):
    (left,) = kill_while_writing(tmp_path)
    left.unlink()
    left.symlink_to(tmp_path / "precious")
    (tmp_path / "precious").write_text("kept")
    with replacing(tmp_path / "a.csv") as temporary:
        temporary.write_text("1")
    assert left.is_symlink()
    assert (tmp_path / "precious").read_text() == "kept"


def test_what_a_living_program_writes_stays(tmp_path):
    with replacing(tmp_path / "a.csv") as first:
        first.write_text("a")
        with replacing(tmp_path / "b.csv") as second:
            second.write_text("b")
            assert len(notes()) == 2
        assert first.exists()
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "b.csv"]
    assert notes() == []


def test_a_note_without_a_name_goes_after_a_while(tmp_path):
    folder = data_dir() / NOTES
    folder.mkdir(exist_ok=True)
    (folder / "new").touch()
    (folder / "old").touch()
    os.utime(folder / "old", (time.time() - 3600, time.time() - 3600))
    with replacing(tmp_path / "a.csv") as temporary:
        temporary.write_text("a")
    assert [path.name for path in notes()] == ["new"]


def test_files_are_written_where_the_data_folder_cannot_be(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    with replacing(tmp_path / "a.csv") as temporary:
        temporary.write_text("a")
    assert (tmp_path / "a.csv").read_text() == "a"
