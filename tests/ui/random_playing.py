"""Somebody plays, seeks, drags, analyses, changes speed, model, clip, screen and theme at random in the real window.

`python -m tests.ui.random_playing MINUTES SEED` does so for a long time; a test does so briefly. Every picture carries
its number as a barcode. Each picture shown must be the frame that the player says it is, and after each burst of
actions the frame that was asked for last must stand on the screen. Now and then everything is brought to rest: then
no more threads and timers may run than at the first such rest, and predictions are deleted, to be made again. From the
fifth minute on the memory must stay flat.
What is done follows from the seed; what the window does with it depends on the machine's pace, too.
"""

import ctypes
import faulthandler
import gc
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import psutil
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid
from sqlalchemy import delete

from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clips, create_project
from app.ui.parts.player.loop import Loop
from app.ui.parts.player.player import ROUNDING_S, SPEEDS
from app.ui.shell.window import MainWindow
from db.project import Project
from db.schema import PlayedPart, Run, RunTrack
from tests.faces.pictures import portrait
from tests.leaks import classes_of
from tests.media.clips import CELL, number_in, picture, write_clip
from tests.ui.waiting import idle, settle

SCREENS = ("agreement", "train", "models", "answers")
MODELS = ("", "resnet10")
REST_EVERY = 25
"""Number of bursts between two rests."""
KEPT = ("model-deadlines", "lane-", "jobs-vigil", "reach")
"""How the names of threads begin that a window keeps from the first need to its end, or has for a moment."""
FLAT_MB = 40
"""Megabytes by which the memory at the last third of the rests may exceed that at the first third, medians, from the
fifth minute on: pictures and answers that are kept come and go."""


def furnish(folder: Path, frames: int = 600) -> Path:
    """Make a project with clips of all kinds: long and short groups of pictures, a variable rate, single pictures."""
    stamps = [at * 33 + at % 7 for at in range(frames)]
    paths = [
        write_clip(folder / "long.mp4", frames, gop=250, b_frames=3, rate=60),
        write_clip(folder / "short.mp4", frames, gop=12, b_frames=2),
        write_clip(folder / "variable.mkv", frames, gop=100, pts=stamps, time_base=Fraction(1, 1000)),
        write_clip(folder / "single.avi", frames // 2, codec="mjpeg"),
        write_faces(folder / "faces.mp4", frames // 2),
    ]
    with create_project(folder / "playing.affectograph") as project:
        add_clips(project, paths)
    return folder / "playing.affectograph"


def write_faces(path: Path, frames: int) -> Path:
    """Write a clip of two people who move, one of whom comes and goes, with the number in every picture."""
    big, small = portrait(), cv2.resize(portrait(), (200, 112), interpolation=cv2.INTER_AREA)
    with ClipWriter(path, 640, 240, rate=30, encoding=Encoding(gop=60, b_frames=2)) as writer:
        for number in range(frames):
            image = np.full((240, 640, 3), 110, np.uint8)
            x = int(20 + 15 * np.sin(number / 20))
            image[CELL - 1 :, x : x + 400] = big[: 240 - CELL + 1]
            if number // 45 % 2:
                image[100:212, 430:630] = small
            code = picture(number)[:CELL]
            image[:CELL, : code.shape[1]] = code
            writer.write(image)
    return path


def forget(project: Project) -> None:
    """Delete all predictions, so that clips are predicted again, live and as a whole."""
    with project.write() as session:
        for table in (RunTrack, Run, PlayedPart):
            session.execute(delete(table))


def trimmed_mb() -> int:
    """Megabytes of the process once the allocator has given back what nothing holds, where it can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    return psutil.Process().memory_info().rss >> 20


class Viewer:
    """Does one thing after the other.

    Args:
        window: A real window with the project of `furnish` open.
        seed: Of all choices.

    Attributes:
        done: How often each thing was done.
        answers: Number of live answers that came.
        sizes: When everything was at rest, and the megabytes that the process then held.
        shown: Number of pictures that were shown.
        wrong: What was not as it should be, in words.
    """

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.rng = window, random.Random(seed)
        self.desk = window.show_screen("review").desk
        self.done: Counter[str] = Counter()
        self.shown, self.answers, self.wrong = 0, 0, []
        self.sizes: list[tuple[float, int]] = []
        self._threads: list[str] | None = None
        self._timers = 0
        window.context.faults.on_bug = self.wrong.append
        self.desk.player.frame_shown.connect(self._on_frame)
        self.desk.live.answered.connect(self._on_answer)

    def _on_answer(self, result) -> None:
        self.answers += 1
        times_s = self.desk.player.times_s
        if result.frame_idx >= len(times_s) or abs(times_s[result.frame_idx] - result.time_s) > ROUNDING_S:
            self.wrong.append(f"an answer of frame {result.frame_idx} at {result.time_s} s is of another clip")

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
                 self.back, self.model, self.analyse, self.stop_analysis, self.live, self.face)
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

    def rest(self) -> None:
        """Bring everything to rest, and look whether more threads and timers run than at the first rest."""
        context = self.window.context
        self.desk.player.pause()
        context.settings.set("analysis.live", False)
        context.work.cancel_all()
        idle(context)
        settle(seconds=1.0)
        gc.collect()
        threads = sorted(each.name for each in threading.enumerate() if not each.name.startswith(KEPT))
        kinds = classes_of(QTimer)
        timers = [each for each in gc.get_objects() if type(each) in kinds and isValid(each) and each.isActive()]
        if self._threads is None:
            self._threads, self._timers = threads, len(timers)
        if len(threads) > len(self._threads):
            self.wrong.append(f"threads left: {threads}, at first {self._threads}")
        if len(timers) > self._timers:
            self.wrong.append(f"timers left: {[str(each.parent()) for each in timers]}")
        context.write(forget)
        idle(context)
        gc.collect()
        self.sizes.append((time.monotonic(), trimmed_mb()))

    def model(self) -> None:
        """Choose another model."""
        self.window.context.settings.set("analysis.model", self.rng.choice(MODELS))

    def analyse(self) -> None:
        """Analyse the clip, or all of them."""
        many = self.rng.random() < 0.2
        self.window.context.commands.run("analysis.analyse_all" if many else "analysis.analyse_clip")

    def stop_analysis(self) -> None:
        """Stop whatever is analysed."""
        self.window.context.work.cancel_all()

    def live(self) -> None:
        """Switch live predictions on or off."""
        self.window.context.commands.run("analysis.toggle_live")

    def face(self) -> None:
        """Choose the next face."""
        self.window.context.commands.run("analysis.next_face")

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
        if bursts % REST_EVERY == 0:
            viewer.rest()
        if now_s > 60 * len(sizes):
            sizes.append(process.memory_info().rss >> 20)
            print(f"{now_s / 60:.1f} min, {bursts} bursts, {viewer.shown} pictures, {viewer.answers} answers, "
                  f"{sizes[-1]} MB, "
                  f"{threading.active_count()} threads", flush=True)  # fmt: skip
    settled = [mb for at_s, mb in viewer.sizes if at_s - began_s > 300]
    first, last = settled[: len(settled) // 3], settled[-(len(settled) // 3) :]
    if first and statistics.median(last) - statistics.median(first) > FLAT_MB:
        viewer.wrong.append(f"the memory grew after the fifth minute: at the rests {settled} MB")
    viewer.rest()
    faulthandler.dump_traceback_later(120, exit=True)
    window.close()
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print(f"seed {seed}: {bursts} bursts, {viewer.shown} pictures, {viewer.answers} answers, "
          f"{len(viewer.wrong)} wrong, "
          f"threads left {left}, MB {sizes}, at rests {[mb for _, mb in viewer.sizes]}, "
          f"{dict(viewer.done)}", flush=True)  # fmt: skip
    for each in viewer.wrong:
        print(each, flush=True)
    window.context.faults.remove()
    return 1 if viewer.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
