"""Somebody presses everything for a while: no crash dialog, and the window closes. Its long form is a command."""

import threading

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMessageBox, QPushButton

from tests.ui.annotate.builder import build
from tests.ui.random_use import RandomUser, furnish, use
from tests.ui.waiting import settle


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


class Asks(QDialog):
    """A dialog that asks in a second one before it closes, however it is closed."""

    def done(self, result: int) -> None:
        box = QMessageBox(QMessageBox.Icon.Question, "Second", "Close the first?", parent=self)
        box.addButton("Close it", QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        super().done(result)


def test_a_dialog_that_a_dialog_opens_is_answered_too(window, tmp_path):
    user = RandomUser(window, tmp_path, seed=1)
    dialog = Asks(window)
    QHBoxLayout(dialog).addWidget(button := QPushButton("Close"))
    button.clicked.connect(dialog.accept)
    dialog.open()
    settle(lambda: not dialog.isVisible(), what="an answer to the second dialog")
    assert user.done["QMessageBox"] == 1
    assert user.done["Asks"] == 1
    user.stop()


def test_nothing_is_done_behind_a_dialog(window, tmp_path):
    user = RandomUser(window, tmp_path, seed=1)
    user.stop()
    dialog = QDialog(window)
    dialog.open()
    for _ in range(20):
        user.step()
    assert dict(user.done) == {"behind a dialog": 20}
    dialog.reject()
