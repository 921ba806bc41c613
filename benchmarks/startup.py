"""The time until the window is painted, and until it is usable: the first clip of the last project is shown.

    python -m benchmarks.startup [--repeats 5] [--quick] [--json OUT]

Each start is a new process and is measured from before the interpreter starts. To the first paint, ours is compared
with a bare window of PySide6 and pyqtgraph. To the first picture of a clip, ours opens a project with that clip, and is
compared with a bare window that shows the clip's first frame, which PyAV decodes. The four take turns, so that a busy
machine slows all of them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rows import Row, arguments, show

BARE: Final = """
import sys
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

BARE_CLIP: Final = """
import sys
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
import pyqtgraph as pg
import av
class Window(QMainWindow):
    pass
app = QApplication(sys.argv)
window = Window()
with av.open(sys.argv[1]) as container:
    pixels = next(container.decode(video=0)).to_ndarray(format="bgra")
label = QLabel()
label.setPixmap(QPixmap.fromImage(
    QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB32)))
window.setCentralWidget(label)
window.resize(1440, 900)
"""

OURS: Final = """
import sys
from app.ui.shell.main import make_application, make_window
app = make_application()
window = make_window()
window.resize(1440, 900)
"""

PAINTED: Final = """
import time
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

SHOWN: Final = """
import time
from pathlib import Path
def done():
    print(time.time(), flush=True)
    app.exit(0)
window.show()
window.projects.open(Path(sys.argv[2]))
window.show_screen("review").desk.centre.video.painted.connect(done)
app.exec()
window.close()
"""

STARTS: Final = {
    "bare": BARE + PAINTED,
    "ours": OURS + PAINTED,
    "bare clip": BARE_CLIP + PAINTED,
    "our clip": OURS + SHOWN,
}


def start(code: str, home: Path, *words: Path) -> float:
    """Return the seconds from before the process starts to the moment that it prints."""
    root = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "AFFECTOGRAPH_HOME": str(home), "PYTHONPATH": root}
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    began_s = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return float(done.stdout.split()[-1]) - began_s


def prepare(folder: Path) -> tuple[Path, Path]:
    """Make the demo clip and a project with it; return both paths."""
    from app.services.projects.files import add_clips, create_project
    from app.synthetic.demo_clip import place_demo

    clip, project = place_demo(folder / "demo.mp4").path, folder / "start.affectograph"
    with create_project(project) as made:
        add_clips(made, [clip])
    return clip, project


def main() -> None:
    """Run all starts in turn and print the results."""
    args = arguments(__doc__, repeats=5).parse_args()
    repeats = min(args.repeats, 3) if args.quick else args.repeats
    times: dict[str, list[float]] = {name: [] for name in STARTS}
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        os.environ["AFFECTOGRAPH_HOME"] = str(home)
        paths = prepare(Path(place))
        for code in STARTS.values():  # files come into the cache, byte code is written
            start(code, home, *paths)
        for _ in range(repeats):
            for name, code in STARTS.items():
                times[name].append(start(code, home, *paths))
    rows = [
        Row.of("start to the first paint", times["ours"], "s", times["bare"], "PySide6 and pyqtgraph", most=1.6),
        Row.of("start to the first picture", times["our clip"], "s", times["bare clip"], "PySide6, pyqtgraph and PyAV"),
    ]
    show(rows, f"Starting; medians of {repeats}", args.json)


if __name__ == "__main__":
    main()
