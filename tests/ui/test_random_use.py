"""Somebody presses everything for a while: no crash dialog, and the window closes. Its long form is a command."""

import threading

import pytest
from PySide6.QtGui import QDesktopServices

from tests.ui.annotate.builder import build
from tests.ui.random_use import RandomUser, furnish, use


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_no_crash_dialog_and_no_hang_at_closing(window, tmp_path, monkeypatch, seed):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    folder = tmp_path / "files"
    folder.mkdir()
    projects = [build(folder / "made", clips=2, frames=15, name=name) for name in ("first", "other")]
    furnish(folder, projects)
    user = RandomUser(window, folder, seed)
    assert use(user, steps=60, pause_s=0.01) == 60 or user.bugs
    user.stop()
    window.close()
    assert not window.isVisible()
    assert user.bugs == []
    assert user.done["QFileDialog"] + user.done["command"] > 5
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane-")]
    for name in ("mine.svg", "mine.toml", "mine.html"):
        assert (folder / name).stat().st_size > 0
