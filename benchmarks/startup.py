"""The time to the first painted window: ours against a bare window of PySide6 and pyqtgraph.

Each start is a new process and is measured from before the interpreter starts to the end of the first paint. The two
take turns, so that a busy machine slows both. The program prints medians and their ratio as JSON.

    python benchmarks/startup.py [--runs N]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
class Window(QMainWindow):
    pass
app = QApplication(sys.argv)
window = Window()
plot = pg.PlotWidget()
plot.plot([0, 1, 2], [0, 1, 0])
window.setCentralWidget(plot)
window.resize(1440, 900)
"""

OURS = """
import sys, time
from app.ui.shell.main import make_application, make_window
app = make_application()
window = make_window()
window.resize(1440, 900)
"""

TAIL = """
from PySide6.QtCore import QEvent, QObject, QTimer
class Watch(QObject):
    seen = False
    def eventFilter(self, watched, event):
        # Any part of the window: one that is covered by its central widget is never painted itself.
        if not self.seen and event.type() == QEvent.Type.Paint and watched.isWidgetType():
            self.seen = True
            QTimer.singleShot(0, self.done)
        return False
    def done(self):
        print(time.time(), flush=True)
        app.removeEventFilter(self)
        app.exit(0)
watch = Watch()
app.installEventFilter(watch)
window.show()
app.exec()
window.close()
"""


def start(code: str, home: str) -> float:
    """Return the seconds from before the process starts to the end of its first paint."""
    environment = {**os.environ, "AFFECTOGRAPH_HOME": home, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    began_s = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code + TAIL], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return float(done.stdout.split()[-1]) - began_s


def main() -> None:
    """Run both windows in turn and print medians and their ratio as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=11, help="number of starts of each window (11)")
    args = parser.parse_args()
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    with tempfile.TemporaryDirectory() as home:
        for code in (BARE, OURS):  # files come into the cache, byte code is written
            start(code, home)
        for _ in range(args.runs):
            times["bare"].append(start(BARE, home))
            times["ours"].append(start(OURS, home))
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratios = [ours / bare for ours, bare in zip(times["ours"], times["bare"], strict=True)]
    print(
        json.dumps(
            {
                "bare_s": round(medians["bare"], 3),
                "ours_s": round(medians["ours"], 3),
                "ratio": round(medians["ours"] / medians["bare"], 3),
                "ratio_of_pairs": round(statistics.median(ratios), 3),
                "runs": args.runs,
                "wanted": "ratio <= 1.6",
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
