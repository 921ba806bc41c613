"""Somebody plays, seeks, drags, changes speed, clip, screen and theme at random in the real window.

`python -m tests.ui.random_playing MINUTES SEED` does so for a long time; a test does so briefly. Every picture carries
its number as a barcode. Each picture shown must be the frame that the player says it is, and after each burst of
actions the frame that was asked for last must stand on the screen. What is done follows from the seed; what the window
does with it depends on the machine's pace, too.
"""

import faulthandler
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.services.projects.files import add_clips, create_project
from app.ui.parts.player.loop import Loop
from app.ui.parts.player.player import ROUNDING_S, SPEEDS
from app.ui.shell.window import MainWindow
from tests.media.clips import number_in, write_clip
from tests.ui.waiting import settle

SCREENS = ("agreement", "train", "models", "answers")


def furnish(folder: Path, frames: int = 600) -> Path:
    """Make a project with clips of all kinds: long and short groups of pictures, a variable rate, single pictures."""
    stamps = [at * 33 + at % 7 for at in range(frames)]
    paths = [
        write_clip(folder / "long.mp4", frames, gop=250, b_frames=3, rate=60),
        write_clip(folder / "short.mp4", frames, gop=12, b_frames=2),
        write_clip(folder / "variable.mkv", frames, gop=100, pts=stamps, time_base=Fraction(1, 1000)),
        write_clip(folder / "single.avi", frames // 2, codec="mjpeg"),
    ]
    with create_project(folder / "playing.affectograph") as project:
        add_clips(project, paths)
    return folder / "playing.affectograph"


class Viewer:
    """Does one thing after the other.

    Args:
        window: A real window with the project of `furnish` open.
        seed: Of all choices.

    Attributes:
        done: How often each thing was done.
        shown: Number of pictures that were shown.
        wrong: What was not as it should be, in words.
    """

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.rng = window, random.Random(seed)
        self.desk = window.show_screen("review").desk
        self.done: Counter[str] = Counter()
        self.shown, self.wrong = 0, []
        window.context.faults.on_bug = self.wrong.append
        self.desk.player.frame_shown.connect(self._on_frame)

    def _on_frame(self, frame) -> None:
        self.shown += 1
        if number_in(frame.image) != frame.frame_idx:
            self.wrong.append(f"the picture {number_in(frame.image)} was shown as frame {frame.frame_idx}")

    def burst(self, pause_s: float = 0.05) -> None:
        """Do some things, then ask for a frame and look whether it comes."""
        player = self.desk.player
        for _ in range(self.rng.randrange(1, 7)):
            act = self.rng.choice(
                (self.play, self.seek, self.drag, self.speed, self.step, self.loop, self.clip, self.screen, self.theme,
                 self.back)
            )  # fmt: skip
            self.done[act.__name__] += 1
            act()
            settle(seconds=self.rng.choice((0.0, pause_s, 5 * pause_s)) or 0.001)
        self.window.show_screen("review")
        settle(lambda: player.is_open and player.frame is not None, what="the clip")
        if self.rng.random() < 0.5:
            player.pause()
        player.set_loop(Loop())
        player.pause()
        wanted = self.rng.randrange(len(player.times_s))
        player.seek(float(player.times_s[wanted]))
        settle(lambda: player.frame_idx == wanted, what=f"frame {wanted} of {player.info}")
        pixels = self.desk.centre.video.has_picture and player.frame.image
        if number_in(pixels) != wanted:
            self.wrong.append(f"asked for {wanted}, got the picture {number_in(pixels)}")

    def _anywhere(self) -> float:
        start_s, end_s = self.desk.player.range_s
        return self.rng.uniform(start_s - 0.5, end_s + 0.5)

    def play(self) -> None:
        """Play or pause."""
        self.desk.player.toggle()

    def seek(self) -> None:
        """Seek."""
        self.desk.player.seek(self._anywhere() + ROUNDING_S)

    def drag(self) -> None:
        """Drag the bar, with or without a rest on the way."""
        bar = self.desk.centre.transport.bar
        at = self.rng.uniform(7, max(bar.width() - 7, 8))
        self._mouse(QEvent.Type.MouseButtonPress, at)
        for _ in range(self.rng.randrange(1, 12)):
            at = min(max(at + self.rng.uniform(-60, 90), 0), bar.width())
            self._mouse(QEvent.Type.MouseMove, at)
            settle(seconds=self.rng.choice((0.001, 0.016)))
        self._mouse(QEvent.Type.MouseButtonRelease, at)

    def _mouse(self, kind: QEvent.Type, x: float) -> None:
        bar, none, left = self.desk.centre.transport.bar, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        at = QPointF(x, bar.height() / 2)
        event = QMouseEvent(kind, at, bar.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(bar, event)

    def speed(self) -> None:
        """Play at another speed, at times backwards."""
        self.desk.player.set_speed(self.rng.choice((*SPEEDS, -1.0, -2.0)))

    def back(self) -> None:
        """Run backwards or forwards, as J and L do."""
        self.desk.player.shuttle(self.rng.choice((-1, 1)))

    def step(self) -> None:
        """Step."""
        self.desk.player.step(self.rng.choice((-1, 1, -10, 10)))

    def loop(self) -> None:
        """Play a part again and again, or no longer."""
        a_s, b_s = sorted((self._anywhere(), self._anywhere()))
        self.desk.player.set_loop(Loop(self.rng.random() < 0.7, a_s, b_s))

    def clip(self) -> None:
        """Choose another clip."""
        self.desk.clips.move(self.rng.choice((-2, -1, 1, 2)))

    def screen(self) -> None:
        """Show another screen, or this one."""
        self.window.show_screen(self.rng.choice((*SCREENS, "review", "review")))

    def theme(self) -> None:
        """Change between light and dark."""
        self.window.context.settings.set("appearance.theme", self.rng.choice(("light", "dark")))


def main() -> int:
    """Use one window for some minutes."""
    minutes, seed = float(sys.argv[1]), int(sys.argv[2])
    os.environ["AFFECTOGRAPH_HOME"] = tempfile.mkdtemp(prefix="random-home-")
    from app.settings import Settings
    from app.ui.shell.main import make_application, make_window

    faulthandler.enable()
    make_application()
    settings = Settings()
    settings.set("analysis.live", False)
    settings.set("player.memory_mb", 64)
    project = furnish(Path(tempfile.mkdtemp(prefix="random-playing-")))
    window = make_window(settings, remember=False)
    window.show()
    window.projects.open(project)
    settle(lambda: window.context.project is not None)
    viewer, process = Viewer(window, seed), psutil.Process()
    settle(lambda: viewer.desk.player.frame is not None)
    began_s, sizes, bursts = time.monotonic(), [], 0
    while (now_s := time.monotonic() - began_s) < 60 * minutes and not viewer.wrong:
        faulthandler.dump_traceback_later(300, exit=True)
        viewer.burst()
        bursts += 1
        if now_s > 60 * len(sizes):
            sizes.append(process.memory_info().rss >> 20)
            print(f"{now_s / 60:.1f} min, {bursts} bursts, {viewer.shown} pictures, {sizes[-1]} MB, "
                  f"{threading.active_count()} threads", flush=True)  # fmt: skip
    faulthandler.dump_traceback_later(120, exit=True)
    window.close()
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print(f"seed {seed}: {bursts} bursts, {viewer.shown} pictures, {len(viewer.wrong)} wrong, "
          f"threads left {left}, MB {sizes}, {dict(viewer.done)}", flush=True)  # fmt: skip
    for each in viewer.wrong:
        print(each, flush=True)
    window.context.faults.remove()
    return 1 if viewer.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
