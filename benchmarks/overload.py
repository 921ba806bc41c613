"""Playing in the real window faster than the machine can decode: how many pictures are painted, and how evenly.

    python -m benchmarks.overload [CLIP] [--seconds 5] [--repeats 3] [--spin 6] [--json OUT]

Without a clip it writes one of 25 s: 1920×1080, 60 frames/s, H.264 with a keyframe every 250 frames and three B-frames.
Each picture carries its number as a barcode, which is read back from the window's own memory after every painting.

There are three cases: 60 frames/s at 4×; 60 frames/s while other processes occupy the cores; and 30 frames/s (half
speed) with live predictions in a window 1920 pixels wide while other processes occupy the cores. The limit is measured
in turn with ours under the same load: PyAV decodes the same frames from the same keyframe with all threads and converts
each for the screen. The limit is never higher than the rate of the clip, nor than the 120 pictures a second at which
the window reads its clock. The program prints medians: pictures painted a second, the limit, their ratio, the longest
time without a new picture, the counter of dropped frames beside the number of frames that are missing on the screen,
and the number of pictures in the wrong order.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, QTimer
from PySide6.QtGui import QImage
from seek import LONG_BITS as BITS

from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clips, create_project
from app.settings import Settings
from app.ui.screens.review.view import ReviewScreen
from app.ui.shell.main import make_window
from app.ui.shell.window import MainWindow

ENCODING = Encoding(gop=250, b_frames=3, quality=21, options=(("x264-params", "b-adapt=0:scenecut=0"),))
LOOKS_PER_S = 120.0
PATIENCE_S = 60.0


def write_clip(path: Path, frames: int, width: int, height: int, rate: int = 60) -> Path:
    """Write a textured picture that moves, with the frame's number in black and white cells along the top."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (height // 6 + 60, width // 6 + 120, 3), dtype=np.uint8)
    wide = cv2.resize(coarse, (width + 480, height + 240), interpolation=cv2.INTER_CUBIC)
    cell = width // BITS
    with ClipWriter(path, width, height, rate=rate, encoding=ENCODING) as writer:
        for number in range(frames):
            x, y = number * 3 % 480, number * 2 % 240
            image = wide[y : y + height, x : x + width].astype(np.uint8)
            bits = np.array([(number >> bit) & 1 for bit in range(BITS)], np.uint8) * 255
            image[:cell, : BITS * cell] = np.repeat(bits, cell)[None, :, None]
            writer.write(image)
    return path


def pump(until: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Let the window work until something holds."""
    end_s = time.monotonic() + patience_s
    while not until():
        if time.monotonic() > end_s:
            raise TimeoutError("the window did not get there")
        QCoreApplication.processEvents()
        time.sleep(0.0005)


def rest(seconds: float) -> None:
    """Let the window work for some time in a real event loop."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class Witness:
    """An observer that reads the number of each picture from what the window has painted.

    Args:
        desk: The screen whose picture is watched.

    Attributes:
        seen: Time and number of each new picture, in seconds of `time.perf_counter`.
    """

    def __init__(self, desk: ReviewScreen) -> None:
        self._desk = desk
        self.seen: list[tuple[float, int]] = []
        desk.centre.video.painted.connect(self._read)

    def _read(self) -> None:
        now_s = time.perf_counter()
        video = self._desk.centre.video
        store = video.window().backingStore()
        painted = store.paintDevice() if store is not None else None
        if not isinstance(painted, QImage):
            raise TypeError("the window does not paint in memory; run with QT_QPA_PLATFORM=xcb or offscreen")
        place, ratio = video.picture_rect(), painted.devicePixelRatio()
        at = video.mapTo(video.window(), QPoint(0, 0))
        cell = video.picture_size().width() // BITS * video.picture_scale
        number = 0
        for bit in range(BITS):
            x, y = at.x() + place.x() + (bit + 0.5) * cell, at.y() + place.y() + 0.5 * cell
            number |= (painted.pixelColor(round(x * ratio), round(y * ratio)).green() > 127) << bit
        self.seen.append((now_s, number))


@contextmanager
def spinning(count: int) -> Iterator[None]:
    """Let the given number of processes occupy the cores."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def plain(path: Path, seconds: float) -> float:
    """Return how many frames a second PyAV decodes and converts from the clip's start."""
    began_s, count, reformatter = time.perf_counter(), 0, VideoReformatter()
    while time.perf_counter() - began_s < seconds:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for frame in container.decode(stream):
                np.asarray(reformatter.reformat(frame, format="bgra", threads=1).to_ndarray())
                count += 1
                if time.perf_counter() - began_s >= seconds:
                    break
    return count / (time.perf_counter() - began_s)


@contextmanager
def open_desk(
    path: Path, folder: Path, width: int = 1440, height: int = 900
) -> Iterator[tuple[MainWindow, ReviewScreen]]:
    """Open the real window on a project with one clip, with its first picture shown."""
    settings = Settings()
    settings.set("analysis.live", False)
    with create_project(folder / "bench.affectograph") as project:
        add_clips(project, [path])
    window = make_window(settings, remember=False)
    window.resize(width, height)
    window.show()
    window.projects.open(folder / "bench.affectograph")
    pump(lambda: window.context.project is not None)
    desk = getattr(window.show_screen("review"), "desk", None)
    if not isinstance(desk, ReviewScreen):
        raise TypeError("Review is not there")
    pump(lambda: desk.player.frame_idx == 0)
    pump(lambda: window.context.jobs.busy == 0)
    try:
        yield window, desk
    finally:
        window.close()
        window.context.faults.remove()


@dataclass(frozen=True)
class Case:
    """A demand on the player.

    Attributes:
        name: Name in the table.
        speed: Speed of playing, 1 for normal speed.
        spin: Whether other processes occupy the cores.
        live: Whether the window predicts live while it plays.
        width: Width of the window in pixels.
    """

    name: str
    speed: float
    spin: bool
    live: bool
    width: int


CASES = (
    Case("60 frames/s at 4x", 4.0, spin=False, live=False, width=1440),
    Case("60 frames/s, cores taken", 1.0, spin=True, live=False, width=1440),
    Case("30 frames/s with live predictions, cores taken", 0.5, spin=True, live=True, width=1920),
)


def play(window: MainWindow, desk: ReviewScreen, witness: Witness, case: Case, seconds: float) -> dict[str, float]:
    """Play from the start and return what was observed."""
    window.resize(case.width, 1080 if case.width > 1440 else 900)
    desk.player.seek(0.0)
    pump(lambda: desk.player.frame_idx == 0)
    desk.set_live(case.live)
    if case.live:
        pump(lambda: (status := desk.live.status()) is not None and status.provider != "starting")
    rest(0.3)
    witness.seen.clear()
    desk.player.set_speed(case.speed)
    desk.player.play()
    began_s = time.perf_counter()
    rest(min(seconds, 0.9 * desk.player.range_s[1] / case.speed))
    desk.player.pause()
    took_s, dropped = time.perf_counter() - began_s, desk.player.dropped
    rest(0.2)
    desk.set_live(False)
    times = [began_s, *(at_s for at_s, _ in witness.seen)]
    numbers = [0, *(number for _, number in witness.seen)]
    steps = np.diff(numbers)
    return {
        "painted_per_s": len(witness.seen) / took_s,
        "longest_gap_s": float(np.diff(times).max(initial=0.0)),
        "dropped": dropped,
        "missing": int(np.maximum(steps - 1, 0).sum()),
        "out_of_order": int((steps < 0).sum()),
    }


def measure(path: Path, folder: Path, seconds: float, repeats: int, spin: int) -> list[dict[str, object]]:
    """Run all cases, in turn with the limit."""
    rows: list[dict[str, object]] = []
    with open_desk(path, folder) as (window, desk):
        witness = Witness(desk)
        for case in CASES:
            ours: list[dict[str, float]] = []
            limits: list[float] = []
            with spinning(spin if case.spin else 0):
                for _ in range(repeats):
                    asked = 60.0 * case.speed
                    limits.append(min(plain(path, seconds), asked, LOOKS_PER_S))
                    ours.append(play(window, desk, witness, case, seconds))
            middle = {key: statistics.median(each[key] for each in ours) for key in ours[0]}
            limit = statistics.median(limits)
            rows.append({"case": case.name, **middle, "limit_per_s": limit, "ratio": middle["painted_per_s"] / limit})
    return rows


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, help="a clip that this program has written")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--spin", type=int, default=6, help="processes that take the cores")
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    parser.add_argument("--keep", type=Path, help="where to write the clip, for the next time")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        path = args.clip or write_clip(args.keep or Path(place) / "clip.mp4", args.frames, *args.size)
        rows = measure(path, Path(place), args.seconds, args.repeats, args.spin)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {args.repeats}; spinning: {args.spin}")
    print("| case | painted/s | limit/s | ratio | longest gap, s | dropped | missing | out of order |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        print(
            f"| {row['case']} | {row['painted_per_s']:.1f} | {row['limit_per_s']:.1f} | {row['ratio']:.2f} | "
            f"{row['longest_gap_s']:.2f} | {row['dropped']:.0f} | {row['missing']:.0f} | {row['out_of_order']:.0f} |"
        )
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
