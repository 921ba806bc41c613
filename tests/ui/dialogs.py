"""Answering the window's real dialogs while they stand, as a person does: a name is typed, a button is pressed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QWidget

from app.ui.shell.window import MainWindow
from tests.ui.waiting import idle

POLL_MS = 20


class Answers:
    """Answers modal dialogs in turn, each once it is shown.

    Args:
        window: Owner of the timer.
        acts: What is done to each dialog that comes, in order.

    Attributes:
        left: What has not been done yet.
        read: The text of each message box that was answered.
    """

    def __init__(self, window: QWidget, *acts: Callable[[QWidget], str]) -> None:
        self.left = list(acts)
        self.read: list[str] = []
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)
        self._timer.start(POLL_MS)

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isVisible() or not self.left:
            return
        act = self.left.pop(0)
        if not self.left:
            self._timer.stop()
        said = act(dialog)
        if said:
            self.read.append(said)


def save_as(name: str) -> Callable[[QWidget], str]:
    """Type a name into a dialog that asks where to save, and press its button."""

    def act(dialog: QWidget) -> str:
        assert isinstance(dialog, QFileDialog), dialog
        dialog.findChild(QLineEdit, "fileNameEdit").setText(name)
        dialog.findChild(QDialogButtonBox, "buttonBox").button(QDialogButtonBox.StandardButton.Save).click()
        return ""

    return act


def give_up(dialog: QWidget) -> str:
    """Leave a dialog."""
    assert isinstance(dialog, QFileDialog), dialog
    dialog.reject()
    return ""


def press(button: str) -> Callable[[QWidget], str]:
    """Press a button of a message box; its words are kept."""

    def act(dialog: QWidget) -> str:
        assert isinstance(dialog, QMessageBox), dialog
        said = f"{dialog.text()} {dialog.informativeText()}"
        next(one for one in dialog.buttons() if one.text().replace("&", "") == button).click()
        return said

    return act


def over(window: MainWindow, folder: Path, command: Callable[[], object], name: str, answer: str) -> str:
    """Run a command that saves, over a file of somebody's; what is in the file then, and what the question said."""
    (folder / name).write_text("mine")
    window.context.ask_file.begin_beside(folder / name)
    answers = Answers(window, save_as(name), press(answer), *([] if answer == "Replace" else [give_up]))
    command()
    idle(window.context)
    assert answers.left == []
    assert window.banner.text() == ""
    assert window.passing.text() == "" or "Saved" in window.passing.text()
    assert name in answers.read[0]
    return (folder / name).read_text(encoding="utf-8", errors="replace")
