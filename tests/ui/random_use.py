"""Random use of the real window, file dialogs included: commands, keys, buttons, drops, projects opened and closed.

`python -m tests.ui.random_use MINUTES SEED` runs it for a long time; the tests drive a short form. What is chosen
follows from the seed; what the window does with it depends on the machine's pace, too.
"""

import faulthandler
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)

from app.ui.shell.window import MainWindow

LEFT_OUT = {"app.quit", "help.open_log", "project.open_demo", "camera.open", "view.toggle_full_screen"}
"""Commands that end the run, leave the program, or take minutes."""
LEFT_ALONE = ("Train", "Start", "Install", "Download", "Open the", "Try the", "Demo", "Camera", "Quit")
"""Words with which buttons begin that do the same."""
DIGITS = [getattr(Qt.Key, f"Key_{n}") for n in range(10)]
KEYS = [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down,
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_X, Qt.Key.Key_R, *DIGITS]  # fmt: skip
NAMES = ["", "new", "mine.svg", "mine.toml", "lab.affectograph", "clip00.mp4", "pipe.mp4", "broken.mp4", "folder",
         "x" * 300, "öäü ж.html", "..", "a/b/c.svg", "mine.html", "lab", "second.affectograph"]  # fmt: skip
TICK_MS = 40


class RandomUser:
    """Somebody who presses everything.

    Args:
        window: A real window.
        folder: Holds the files that are chosen and dropped.
        seed: Of all choices.

    Attributes:
        bugs: Traces that the crash dialog would have shown.
        done: How often each kind of thing was done.
    """

    def __init__(self, window: MainWindow, folder: Path, seed: int) -> None:
        self.window, self.folder, self.rng = window, folder, random.Random(seed)
        self.bugs: list[str] = []
        self.done: Counter[str] = Counter()
        window.context.faults.on_bug = self.bugs.append
        window.context.store.setValue("files/folder", str(folder))
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)
        self._timer.start(TICK_MS)

    def step(self) -> None:
        """Do one thing, unless a dialog stands in front of the window: nobody could do it then."""
        if QApplication.activeModalWidget() is not None:
            self.done["behind a dialog"] += 1
            return
        acts = [self._command, self._command, self._screen, self._key, self._key, self._click, self._click, self._drop,
                self._project]  # fmt: skip
        act = self.rng.choice(acts)
        self.done[act.__name__.lstrip("_")] += 1
        try:
            act()
        except Exception as error:  # noqa: BLE001 — Qt hands what a slot raises to the same place
            self.window.context.fail(error)

    def stop(self) -> None:
        """Answer no more dialogs."""
        self._timer.stop()

    def _command(self) -> None:
        commands = self.window.context.commands
        able = sorted(c.id for c in commands.all() if c.id not in LEFT_OUT and commands.enabled(c.id))
        if able:
            commands.run(self.rng.choice(able))

    def _screen(self) -> None:
        names = sorted(set(self.window.screens) - {"camera"})
        self.window.show_screen(self.rng.choice(names))

    def _key(self) -> None:
        handle = self.window.windowHandle()
        if handle is not None:
            QTest.keyClick(handle, self.rng.choice(KEYS))

    def _click(self) -> None:
        self._press(self.window)

    def _press(self, inside: QWidget) -> None:
        buttons = [
            button
            for button in inside.findChildren(QAbstractButton)
            if button.isVisible() and button.isEnabled() and not button.text().startswith(LEFT_ALONE)
        ]
        if buttons:
            self.rng.choice(buttons).click()

    def _drop(self) -> None:
        self.window.projects.take_files([str(self.folder / self.rng.choice(NAMES[3:9]))])

    def _project(self) -> None:
        name = self.rng.choice(["lab.affectograph", "second.affectograph", "broken.mp4", ""])
        self.window.projects.open(self.folder / name) if name else self.window.projects.close()

    def _look(self) -> None:
        # An answer may open a dialog that waits for the next answer. A timer does not fire while its own slot runs.
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            QTimer.singleShot(0, self._timer, self._answer)

    def _answer(self) -> None:
        """Something modal stands: do with it what comes to mind."""
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            self.done["menu"] += 1
            able = [
                a for a in popup.actions() if a.isEnabled() and not a.text().replace("&", "").startswith(LEFT_ALONE)
            ]
            popup.close()
            if able and self.rng.random() < 0.5:
                self.rng.choice(able).trigger()
            return
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or not dialog.isVisible():
            return
        self.done[type(dialog).__name__] += 1
        if isinstance(dialog, QFileDialog):
            self._choose(dialog)
        elif isinstance(dialog, QMessageBox):
            self.rng.choice(dialog.buttons()).click()
        elif self.rng.random() < 0.3:
            dialog.reject()
        else:
            self._press(dialog)

    def _choose(self, dialog: QFileDialog) -> None:
        field, box = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QDialogButtonBox, "buttonBox")
        if self.rng.random() < 0.25 or field is None or box is None:
            dialog.reject()
            return
        field.setText(self.rng.choice(NAMES))
        for kind in (QDialogButtonBox.StandardButton.Save, QDialogButtonBox.StandardButton.Open):
            button = box.button(kind)
            if button is not None and button.isEnabled():
                button.click()
                return
        dialog.reject()


def furnish(folder: Path, projects: list[Path]) -> None:
    """Lay out what is chosen and dropped: clips, projects, files of somebody's, and what is none of it."""
    (folder / "folder").mkdir()
    for name, project in zip(("lab", "second"), projects, strict=True):
        shutil.copy(project, folder / f"{name}.affectograph")
    for name in ("mine.svg", "mine.toml", "mine.html"):
        (folder / name).write_text("mine", "utf-8")
    (folder / "broken.mp4").write_bytes(b"no clip" * 100)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.mp4")


def use(user: RandomUser, *, seconds: float = 1e9, steps: int = 1 << 60, pause_s: float = 0.02) -> int:
    """Let somebody use the window until the time or the steps are over; how many steps were done."""
    until_s, done = time.monotonic() + seconds, 0
    while time.monotonic() < until_s and done < steps and not user.bugs:
        user.step()
        done += 1
        rest_s = time.monotonic() + user.rng.choice([pause_s, pause_s, 10 * pause_s])
        while time.monotonic() < rest_s:
            QCoreApplication.processEvents()
            time.sleep(0.002)
    return done


def close(window: MainWindow, limit_s: float = 60.0) -> float:
    """Close the window; how long it took. Prints all stacks and ends the process where it hangs."""
    faulthandler.dump_traceback_later(limit_s, exit=True)
    began_s = time.monotonic()
    window.close()
    faulthandler.cancel_dump_traceback_later()
    return time.monotonic() - began_s


def main() -> int:
    """Use windows at random for some minutes, one after the other."""
    minutes, seed = float(sys.argv[1]), int(sys.argv[2])
    os.environ["AFFECTOGRAPH_HOME"] = os.environ["HOME"] = tempfile.mkdtemp(prefix="random-home-")
    os.environ["https_proxy"] = os.environ["http_proxy"] = "http://127.0.0.1:9"
    from app.settings import Settings
    from app.ui.shell.main import make_application, make_window
    from tests.ui.annotate.builder import build

    application = make_application()
    QDesktopServices.openUrl = lambda *_: True  # type: ignore[method-assign,assignment]
    end_s, total, bugs = time.monotonic() + 60 * minutes, Counter[str](), 0
    while time.monotonic() < end_s:
        folder = Path(tempfile.mkdtemp(prefix="random-use-"))
        projects = [build(folder / "made", clips=3, frames=30, name=name) for name in ("first", "other")]
        furnish(folder, projects)
        window = make_window(Settings(), remember=False)
        window.show()
        user = RandomUser(window, folder, seed)
        faulthandler.dump_traceback_later(420, exit=True)
        steps = use(user, seconds=min(240.0, max(end_s - time.monotonic(), 5.0)))
        user.stop()
        took_s = close(window)
        window.context.faults.remove()
        window.deleteLater()
        application.processEvents()
        total += user.done
        bugs += len(user.bugs)
        print(f"seed {seed}: {steps} steps, {len(user.bugs)} crash dialogs, closed in {took_s:.1f} s, "
              f"{threading.active_count()} threads", flush=True)  # fmt: skip
        for trace in user.bugs:
            print(trace, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        seed += 1
    print(dict(total))
    return 1 if bugs else 0


if __name__ == "__main__":
    sys.exit(main())
