"""A copy that lacks its log is opened, and the window says what may be missing."""

import subprocess
import sys

from db import raters
from db.project import Project
from tests.ui.waiting import settle

COPY = "import shutil, sys; shutil.copy(*sys.argv[1:])"


def test_the_window_tells_that_a_log_is_missing_and_goes_on(window, tmp_path):
    original, copy = tmp_path / "open.affectograph", tmp_path / "copy.affectograph"
    with Project.create(original) as project:
        raters.add(project, "R01")
        subprocess.run([sys.executable, "-c", COPY, str(original), str(copy)], check=True)
    window.projects.open(copy)
    settle(lambda: window.context.project is not None)
    settle(lambda: "without its log" in window.banner.text())
    assert "affectograph backup" in window.banner.text()
    window.projects.open(original)
    settle(lambda: window.context.project is not None and window.context.project.path == original)
    assert "without its log" not in window.banner.text()
