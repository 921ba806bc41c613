"""How long the window takes to answer: theme, screens, first visits and Analyse, beside their bounds.

    python benchmarks/window_times.py [--rounds 5] [--screens 10] [--cold] [--json OUT]

The demo is open in the real window, and every screen is opened once by its key. Its name stands in its place within
150 ms; how long the screen itself takes follows, once without its code and, in the window as people start it, with the
code loaded ahead (`--cold` leaves that out). Then screens are opened by key again (60 ms), the theme
changes with all of them open (150 ms), and Analyse is pressed (100 ms until something about it is painted). Times run
from the key to the end of the painting that answers it; the median of all rounds stands beside the bound, and the
ratio of the two. Times of an idle machine only mean something. Under Xvfb, set QT_QPA_PLATFORM=xcb.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.jobs import Context
from app.services.demo.project import ensure_demo_project
from app.settings import Settings
from app.ui.screens import load_screen
from app.ui.shell.main import make_application, make_window
from app.ui.shell.window import MainWindow

BOUNDS_MS: Final = {
    "theme": 150.0,
    "screen by key": 60.0,
    "first visit, name": 150.0,
    "first visit, screen": 150.0,
    "analyse": 100.0,
}
PATIENCE_S: Final = 60.0


class Painted(QObject):
    """Notes when a widget, or one inside it, was first painted.

    Args:
        inside: The widget.
    """

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.at_s = 0.0
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the time of the first painting."""
        inside, painted = self._inside, event.type() == QEvent.Type.Paint and not self.at_s
        if painted and isinstance(watched, QWidget) and (watched is inside or inside.isAncestorOf(watched)):
            self.at_s = time.perf_counter()
        return False

    def end(self) -> None:
        """Stop listening."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]


def idle(window: MainWindow) -> None:
    """Let the window run until nothing is under way."""
    end_s = time.monotonic() + PATIENCE_S
    quiet = 0
    while quiet < 20 and time.monotonic() < end_s:
        QCoreApplication.processEvents()
        busy = window.context.jobs.busy or window.context.work.tasks
        quiet = 0 if busy else quiet + 1
        time.sleep(0.005)


def answered_ms(press: Callable[[], object], inside: QWidget) -> float:
    """Return the milliseconds from a press to the first painting in a widget."""
    painted = Painted(inside)
    begin_s = time.perf_counter()
    press()
    while not painted.at_s and time.perf_counter() - begin_s < PATIENCE_S:
        QCoreApplication.processEvents()
    painted.end()
    return 1000 * ((painted.at_s or time.perf_counter()) - begin_s)


def done_ms(press: Callable[[], object]) -> float:
    """Return the milliseconds from a press until all that it caused at once is painted."""
    begin_s = time.perf_counter()
    press()
    QCoreApplication.processEvents()
    return 1000 * (time.perf_counter() - begin_s)


def go(window: MainWindow, screen_id: str) -> None:
    """Press the key of a screen."""
    keys: Any = QKeySequence(window.context.commands.named(f"screens.{screen_id}").keys[0])
    combination = keys[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())


def measure(window: MainWindow, rounds: int, screens: int) -> dict[str, list[float]]:
    """Measure everything; milliseconds by what was done."""
    times: dict[str, list[float]] = {name: [] for name in BOUNDS_MS}
    names = list(window.screens)[1:screens]
    for name in names:
        painted = Painted(window.stack)
        begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
        go(window, name)
        QCoreApplication.processEvents()
        whole_ms, cpu_ms = 1000 * (time.perf_counter() - begin_s), 1000 * (time.process_time() - begin_cpu_s)
        painted.end()
        name_ms = 1000 * (painted.at_s - begin_s)
        told = f"its name {name_ms:5.0f} ms, the screen {whole_ms:5.0f} ms ({cpu_ms:.0f} of processor)"
        print(f"first visit of {name:10} {told}")
        times["first visit, name"].append(name_ms)
        times["first visit, screen"].append(whole_ms)
        idle(window)
    for _ in range(rounds):
        for name in (*names, "review"):
            times["screen by key"].append(done_ms(partial(go, window, name)))
            idle(window)
        times["theme"].append(done_ms(window.context.theme.toggle))
        idle(window)
        time.sleep(0.05 * screens)  # hidden screens are dressed meanwhile
        idle(window)
    go(window, "review")
    idle(window)
    times["analyse"].append(
        answered_ms(
            lambda: QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier), window.status.task
        )
    )
    window.context.work.cancel_all()
    idle(window)
    return times


def run(rounds: int, screens: int, *, cold: bool = False) -> dict[str, dict[str, Any]]:
    """Open the demo and return what was measured, with bounds and ratios."""
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        project = ensure_demo_project(Context(), Path(folder) / "demo" / "demo.affectograph")
        settings = Settings()
        settings.set("analysis.live", False)
        window = make_window(settings, remember=False)
        window.resize(1440, 900)
        window.show()
        window.projects.open(project)
        idle(window)
        window.activateWindow()
        while not window.isActiveWindow():  # keys reach it only then
            QCoreApplication.processEvents()
        if not cold:
            for name in window.screens:
                load_screen(name)
        times = measure(window, rounds, screens)
        window.close()
        window.context.faults.remove()
        window.deleteLater()
    return {
        name: {
            "median_ms": statistics.median(found),
            "most_ms": max(found),
            "bound_ms": BOUNDS_MS[name],
            "ratio": statistics.median(found) / BOUNDS_MS[name],
            "times": len(found),
        }
        for name, found in times.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--screens", type=int, default=10)
    parser.add_argument("--cold", action="store_true", help="first visits without code that was loaded ahead")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    found = run(args.rounds, args.screens, cold=args.cold)
    print(f"{'':20} {'median':>9} {'most':>9} {'bound':>9}  ratio")
    for name, row in found.items():
        ours, most, bound = (f"{row[key]:6.0f} ms" for key in ("median_ms", "most_ms", "bound_ms"))
        print(f"{name:20} {ours} {most} {bound}  {row['ratio']:.2f}")
    if args.json is not None:
        args.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
