"""A trace under Review whose project is lost while it is recorded."""

import subprocess
import sys

import pytest

import db.traces
from app.services.projects import rescue_files
from db.project import Project
from db.upgrades import backup
from tests.lost import HARM
from tests.ui.test_recording import record
from tests.ui.waiting import settle

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")


@pytest.mark.parametrize("way", ["told", "closed"])
def test_a_recording_is_kept_when_its_project_is_lost(desk, window, media_time, project_path, tmp_path, way):
    copy = tmp_path / "backup.affectograph"
    record(desk, media_time)
    backup(project_path, copy)
    HARM["deleted"](project_path)
    if way == "told":
        settle(lambda: "rescue file" in window.banner.text(), what="the word")
        assert desk.recording.phase == "idle"
    window.close()
    assert window.context.project is None
    (file,) = rescue_files.pending()
    (entry,) = file.entries
    assert len(entry.samples) >= 20
    assert entry.study is None
    words = [sys.executable, "-m", "app", "project", "rescue"]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert f"trace of {len(entry.samples)} samples" in listed
    stored = subprocess.run([*words, str(file.path), "--into", str(copy)], capture_output=True, text=True, check=False)
    assert (stored.returncode, stored.stderr) == (0, "")
    assert "stored" in stored.stdout
    assert rescue_files.pending() == []
    with Project.open(copy) as project:
        (trace,) = [one for one in db.traces.every(project, usable_only=False) if one.uid == entry.uid]
        assert trace.n_samples == len(entry.samples)
        assert trace.status == ("finished" if entry.confirmed else "interrupted")
