"""A project whose log is missing or broken is opened, and the window says what may be missing."""

import subprocess
import sys
from pathlib import Path

from db import raters
from db.project import Project
from tests.ui.waiting import settle

ROOT = Path(__file__).resolve().parents[2]
COPY = "import shutil, sys; shutil.copy(*sys.argv[1:])"


def test_the_window_tells_that_a_log_is_missing_and_goes_on(window, tmp_path):
    original, copy = tmp_path / "open.affectograph", tmp_path / "copy.affectograph"
    with Project.create(original) as project:
        raters.add(project, "R01")
        subprocess.run([sys.executable, "-c", COPY, str(original), str(copy)], check=True)
    window.projects.open(copy)
    settle(lambda: window.context.project is not None)
    settle(lambda: "without its log" in window.banner.text())
    assert "close the project before its file is copied" in window.banner.text()
    window.projects.open(original)
    settle(lambda: window.context.project is not None and window.context.project.path == original)
    assert "without its log" not in window.banner.text()


WRITE = """
import os, sys
from db import raters
from db.project import Project
raters.add(Project.open(sys.argv[1]), "R01")
os._exit(9)
"""


def test_the_window_tells_that_a_log_is_broken_and_goes_on(window, tmp_path):
    path = tmp_path / "crashed.affectograph"
    Project.create(path).close()
    ended = subprocess.run([sys.executable, "-c", WRITE, str(path)], cwd=ROOT, check=False)
    assert ended.returncode == 9
    log = path.with_name(path.name + "-wal")
    data = bytearray(log.read_bytes())
    data[-100] ^= 1
    log.write_bytes(data)
    window.projects.open(path)
    settle(lambda: window.context.project is not None)
    settle(lambda: "could not be read" in window.banner.text())
    (kept,) = tmp_path.glob("crashed.broken-log-*")
    assert kept.name in window.banner.text()
    assert kept.read_bytes() == data
