"""A dialog that is closed before what it reads has come, or that is opened and closed by any command."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog

from app.ui.core.while_there import while_there
from tests.ui.random_use import LEFT_OUT
from tests.ui.waiting import idle, settle


def close_and_delete() -> bool:
    """Close every dialog and delete those that are deleted when closed, before anything else happens."""
    found = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]
    for dialog in reversed(found):
        dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return bool(found)


@pytest.mark.slow
def test_every_command_may_be_followed_by_closing_its_dialog_at_once(desk, window, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    bugs: list[str] = []
    window.context.faults.on_bug = bugs.append
    # Some commands wait for the answer to their dialog.
    waiting = QTimer(window)
    waiting.timeout.connect(lambda: QApplication.activeModalWidget() and QApplication.activeModalWidget().reject())
    commands, opened = window.context.commands, []
    for command in commands.all():
        if command.id in LEFT_OUT or not (command.title.endswith("…") or command.menu == "Help"):
            continue
        waiting.start(20)
        if commands.run(command.id):
            waiting.stop()
            if close_and_delete():
                opened.append(command.id)
            idle(window.context)
            assert bugs == [], command.id
    assert {"people.open", "clips.table", "app.open_settings", "app.open_palette", "export.open"} <= set(opened)


class Receiver(QObject):
    """Shows what it is told."""

    told = Signal(str)

    @while_there
    def show(self, words: str) -> None:
        self.told.emit(words)


def test_what_arrives_for_a_deleted_object_is_not_shown(qapp):
    receiver, told = Receiver(), []
    receiver.told.connect(told.append)
    receiver.show("there")
    receiver.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    receiver.show("gone")
    settle(seconds=0.01)
    assert told == ["there"]
